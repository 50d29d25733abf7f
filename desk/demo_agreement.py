"""The demo's agreements: what two sides answered, agreed and signed, on paper where one has no login."""

from django.core.files.base import ContentFile

from desk.agreement import Composition
from desk.pdf import agreement_pdf
from evaluations.models import Question, Wording, give, propose, translate
from evaluations.models.questions import TEN_QUESTIONS
from partnerships.models import Agreement, AgreementDraft, Partnership
from partnerships.models.agreement import Way
from partnerships.vocabulary import How


class Table:
    """Two sides of a partnership in the demo. `days_ago` lets things happen at another time."""

    def __init__(self, story, days_ago):
        self.entry, self.by, self.demo, self.days_ago = story.entry, story.by, story.demo, days_ago
        self.partnership = Partnership.objects.with_sides().get(pk=story.partnership.pk)
        self.ours, self.theirs = self.partnership.parties.all()
        for party in (self.ours, self.theirs):
            party.partnership = self.partnership
        self.speaker = self.entry.get("table", {}).get("speaker", "")
        seated = (seat.person.user for seat in self.theirs.current_seats)
        self.their_user = next(filter(None, seated), self.by)

    def take(self, step) -> float:
        """Let one thing happen, and return how many days ago the last of it was."""
        table = self.entry["table"]
        if step["table"] == "answers":
            return self.answer_and_agree(table)
        if step["table"] == "rewording":
            return self.reword(table["reworded"])
        return self.draw_up_and_sign(**self.entry["agreements"][step["number"] - 1])

    @property
    def said(self) -> dict:
        """How the other side said it, where somebody else enters it."""
        return {"how": How.PHONE, "speaker": self.speaker} if self.speaker else {}

    def question(self, number: int) -> Question:
        return Question.objects.get(set__key=TEN_QUESTIONS, set__district=None, key=f"q{number}")

    def answer_and_agree(self, table) -> float:
        for number, (ours, theirs, agreed) in table["agreed"].items():
            with self.days_ago(table["ago"] - number):
                give(self.question(number), self.ours, ours, by=self.by)
                give(self.question(number), self.theirs, theirs, by=self.their_user, **self.said)
                self.agree(number, agreed)
        if translated := table.get("translated"):
            with self.days_ago(table["ago"] - 12):
                self.translate(**translated)
        return table["ago"] - 12

    def translate(self, *, by, number, text):
        user = self.demo.users[by]
        wording = Wording.objects.of(self.question(number), self.partnership).last()
        proposal = translate(wording, self.ours, text, by=user, seen=0)
        proposal.assent(self.ours, by=user)
        proposal.assent(self.theirs, by=self.their_user, **self.said)

    def agree(self, number: int, text: str):
        question = self.question(number)
        latest = Wording.objects.of(question, self.partnership).last()
        seen = latest.number if latest else 0
        wording = propose(question, self.ours, text, by=self.by, seen=seen)
        wording.assent(self.ours, by=self.by)
        wording.assent(self.theirs, by=self.their_user, **self.said)

    def reword(self, reworded) -> float:
        for number, text in reworded["agreed"].items():
            with self.days_ago(reworded["ago"] - number):
                self.agree(number, text)
        return reworded["ago"] - max(reworded["agreed"])

    def draw_up_and_sign(self, *, ago, rhythm, signed, introductions=None, on_paper=None):
        """What is on paper comes last."""
        draft = AgreementDraft.of(self.partnership)
        draft.rhythm, draft.introductions = rhythm, introductions or {}
        draft.save()
        with self.days_ago(ago):
            body = Composition(self.partnership, draft).body
            seen = self.partnership.agreements.count()
            version = Agreement.objects.draw_up(self.partnership, body, by=self.by, seen=seen)
        for key, day in signed.items():
            self.sign(version, self.demo.users[key], day)
        if on_paper:
            self.sign_on_paper(version, **on_paper)
        return on_paper["ago"] if on_paper else min(signed.values())

    def sign(self, version, user, day):
        party = self.partnership.parties_of(user)[0]
        said = {"name": user.name, "language": user.language, "authority": True}
        with self.days_ago(day):
            version.sign(party, by=user, fingerprint=version.fingerprint, **said)

    def sign_on_paper(self, version, *, name, ago):
        """What was printed stands in for the scan."""
        with self.days_ago(ago):
            version.sign(
                self.theirs,
                by=self.by,
                fingerprint=version.fingerprint,
                way=Way.PAPER,
                name=name,
                signed_on=self.partnership.district.today(),
                scan=ContentFile(agreement_pdf(version, "en"), name="scan.pdf"),
            )

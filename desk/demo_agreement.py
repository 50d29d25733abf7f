"""The demo's agreements: what two sides answered, agreed and signed, on paper where one has no login."""

from django.core.files.base import ContentFile

from desk.agreement import Composition
from desk.pdf import agreement_pdf
from evaluations.models import How, Question, Wording, give, propose, translate
from evaluations.models.questions import TEN_QUESTIONS
from partnerships.models import Agreement, AgreementDraft, Partnership
from partnerships.models.agreement import Way


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

    def tell(self):
        if table := self.entry.get("table"):
            self.answer_and_agree(table)
        first, *later = self.entry.get("agreements", [None])
        if first:
            self.draw_up_and_sign(**first)
        if reworded := self.entry.get("table", {}).get("reworded"):
            self.reword(reworded)
        for one in later:
            self.draw_up_and_sign(**one)

    @property
    def said(self) -> dict:
        """How the other side said it, where somebody else enters it."""
        return {"how": How.PHONE, "speaker": self.speaker} if self.speaker else {}

    def question(self, number: int) -> Question:
        return Question.objects.get(set__key=TEN_QUESTIONS, set__district=None, key=f"q{number}")

    def answer_and_agree(self, table):
        for number, (ours, theirs, agreed) in table["agreed"].items():
            with self.days_ago(table["ago"] - number):
                give(self.question(number), self.ours, ours, by=self.by)
                give(self.question(number), self.theirs, theirs, by=self.their_user, **self.said)
                self.agree(number, agreed)
        translated = dict(table.get("translated", {}))
        by = self.demo.users.get(translated.pop("by", None))
        for number, text in translated.items():
            with self.days_ago(table["ago"] - 12):
                wording = Wording.objects.of(self.question(number), self.partnership).last()
                proposal = translate(wording, self.ours, text, by=by, seen=0)
                proposal.assent(self.ours, by=by)
                proposal.assent(self.theirs, by=self.their_user, **self.said)

    def agree(self, number: int, text: str):
        question = self.question(number)
        latest = Wording.objects.of(question, self.partnership).last()
        seen = latest.number if latest else 0
        wording = propose(question, self.ours, text, by=self.by, seen=seen)
        wording.assent(self.ours, by=self.by)
        wording.assent(self.theirs, by=self.their_user, **self.said)

    def reword(self, reworded):
        for number, text in reworded["agreed"].items():
            with self.days_ago(reworded["ago"] - number):
                self.agree(number, text)

    def draw_up_and_sign(self, *, ago, rhythm, signed, introductions=None, on_paper=None):
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

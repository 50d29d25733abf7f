"""A question that both sides answer, as one reader meets it. What is behind the veil is never read."""

from dataclasses import dataclass, field

from django.db.models import PositiveSmallIntegerField, Prefetch, Value

from evaluations.differences import difference
from evaluations.forms import AnswerForm
from evaluations.models import Answer, Assent, Giving, Question, QuestionSet, Wording
from evaluations.waiting_debriefs import OF_DEBRIEF, OF_VOICES, rows_of_parties
from evaluations.waiting_notes import OF_NOTES, rows_of_notes
from evaluations.waiting_wishes import OF_WISHES, rows_of_wishes
from partnerships.models import Partnership, Party


@dataclass
class Voice:
    """One party and one question: what it has said, as far as the reader may know it."""

    party: Party
    is_mine: bool
    given_at: object = None  # when it last gave its answer; None while it has not
    giving: Giving | None = None  # the answer itself, if the reader may read it
    earlier: Giving | None = None  # what could be read before it was changed
    form: AnswerForm | None = None  # to write, for those who speak for the party
    assent: Assent | None = None  # to the wording that counts
    agreed_before: bool = False  # to a wording that another has replaced

    @property
    def has_given(self) -> bool:
        return self.given_at is not None

    @property
    def is_behind_the_veil(self) -> bool:
        return self.has_given and self.giving is None


@dataclass
class JointQuestion:
    question: Question
    number: int
    voices: list[Voice]
    wording: Wording | None = None
    before: Wording | None = None  # the wording that this one has replaced
    former: list[Voice] = field(default_factory=list)  # of parties that have left the table

    @property
    def is_lifted(self) -> bool:
        """Every party has given its answer, so that all are shown."""
        return all(voice.has_given for voice in self.voices)

    @property
    def is_agreed(self) -> bool:
        return self.wording is not None and all(voice.assent for voice in self.voices)

    @property
    def mine(self) -> list[Voice]:
        return [voice for voice in self.voices if voice.is_mine]

    @property
    def lacking(self) -> list[Voice]:
        """The voices that have yet to answer, or to assent to the wording."""
        if not self.is_lifted:
            return [voice for voice in self.voices if not voice.has_given]
        return [voice for voice in self.voices if self.wording and not voice.assent]

    @property
    def difference(self):
        """How the wording differs from the one before, word by word, as HTML."""
        return difference(self.before.text, self.wording.text)

    @property
    def lacks_only_me(self) -> bool:
        return all(voice.is_mine for voice in self.lacking)

    @property
    def waits_for_me(self) -> bool:
        return any(voice.is_mine for voice in self.lacking)

    @property
    def state(self) -> str:
        if self.is_agreed:
            return "agreed"
        if self.is_lifted:
            return "wording" if self.wording else "ready"
        return "answering"


@dataclass
class JointSheet:
    """A joint question set in one partnership, this cycle, for one reader."""

    set: QuestionSet
    partnership: Partnership
    user: object
    data: object = None
    questions: list[JointQuestion] = field(init=False)

    def __post_init__(self):
        self.parties = list(self.partnership.parties.all())
        for party in self.parties:
            party.partnership = self.partnership
        self.my_parties = self.partnership.parties_of(self.user)
        self.given = self.when_given()
        self.former = self.former_parties()
        self.givings = self.readable_givings()
        self.drafts = self.own_drafts()
        self.wordings = self.last_wordings()
        self.questions = [
            self.joint(question, number) for number, question in enumerate(self.set.asked, 1)
        ]

    @property
    def of_this_cycle(self) -> dict:
        return {"question__set__key": self.set.key, "cycle": self.partnership.cycle}

    def when_given(self) -> dict[tuple[str, int], list]:
        """When each party gave each answer, and nothing of what it said."""
        rows = Giving.objects.filter(
            answer__party__partnership=self.partnership,
            **{f"answer__{name}": value for name, value in self.of_this_cycle.items()},
        ).values_list("answer__question__key", "answer__party", "at", "pk")
        given = {}
        for key, party, at, pk in rows.order_by("pk"):
            given.setdefault((key, party), []).append((at, pk))
        return given

    def former_parties(self) -> list[Party]:
        """Those that gave answers and have left since; what they gave is read like the rest."""
        here = {party.pk for party in self.parties}
        gone = {party for _key, party in self.given} - here
        parties = Party.ever.filter(pk__in=gone).select_related("school", "partner")
        return list(parties) if gone else []

    def is_lifted(self, key: str) -> bool:
        return all((key, party.pk) in self.given for party in self.parties)

    def lifted_at(self, key: str):
        """When the last of them had given an answer for the first time."""
        return max(self.given[key, party.pk][0][1] for party in self.parties)

    def readable_givings(self) -> dict[int, Giving]:
        """The answers that the reader may read: of their own side, and what no veil covers."""
        own = {party.pk for party in self.my_parties}
        readable = [
            pk
            for (key, party), times in self.given.items()
            if party in own or self.is_lifted(key)
            for _at, pk in times
        ]
        return Giving.objects.select_related("by").in_bulk(readable)

    def own_drafts(self) -> dict[tuple[str, int], Answer]:
        rows = Answer.objects.filter(party__in=self.my_parties, **self.of_this_cycle)
        return {
            (answer.question.key, answer.party_id): answer
            for answer in rows.select_related("question", "by")
        }

    def last_wordings(self) -> dict[str, list[Wording]]:
        rows = (
            Wording.objects.filter(partnership=self.partnership, **self.of_this_cycle)
            .select_related("question", "by")
            .prefetch_related(
                Prefetch("assents", Assent.objects.select_related("by")),
                "translations__assents",
            )
        )
        wordings = {}
        for wording in rows:
            wording.partnership = self.partnership
            wordings.setdefault(wording.question.key, []).append(wording)
        return wordings

    def joint(self, question: Question, number: int) -> JointQuestion:
        wordings = (
            self.wordings.get(question.key, []) if self.may_read_wording(question.key) else []
        )
        wording = wordings[-1] if wordings else None
        return JointQuestion(
            question,
            number,
            [self.voice(question, party, wordings) for party in self.parties],
            wording=wording,
            before=wordings[-2] if len(wordings) > 1 else None,
            former=[
                self.voice(question, party, [])
                for party in self.former
                if (question.key, party.pk) in self.given and self.is_lifted(question.key)
            ],
        )

    def may_read_wording(self, key: str) -> bool:
        """Where another party has joined since, only those who have answered read what was agreed."""
        mine = self.my_parties
        have_given = mine and all((key, party.pk) in self.given for party in mine)
        return self.is_lifted(key) or bool(have_given)

    def voice(self, question: Question, party: Party, wordings: list[Wording]) -> Voice:
        times = self.given.get((question.key, party.pk), [])
        is_mine = party in self.my_parties
        assents = wordings[-1].assents.all() if wordings else []
        earlier = [one.party_id for wording in wordings[:-1] for one in wording.assents.all()]
        return Voice(
            party,
            is_mine,
            given_at=times[-1][0] if times else None,
            giving=self.givings.get(times[-1][1]) if times else None,
            earlier=self.earlier_of(question.key, party, times),
            form=self.form_for(question, party) if is_mine else None,
            assent=next((one for one in assents if one.party_id == party.pk), None),
            agreed_before=party.pk in earlier,
        )

    def earlier_of(self, key: str, party: Party, times: list) -> Giving | None:
        """What the others could read before it was changed, if anything was changed since."""
        if not self.is_lifted(key):
            return None
        lifted = self.lifted_at(key)
        seen = [pk for _at, pk in times if pk <= lifted][-1:] + [
            pk for _at, pk in times if pk > lifted
        ]
        return self.givings[seen[-2]] if len(seen) > 1 else None

    def form_for(self, question: Question, party: Party) -> AnswerForm:
        answer = self.drafts.get((question.key, party.pk))
        if answer:
            answer.question = question
        return AnswerForm(
            self.data, question=question, answer=answer, prefix=prefix_of(question, party)
        )

    def find(self, question_pk: int) -> JointQuestion | None:
        return next((one for one in self.questions if one.question.pk == question_pk), None)

    @property
    def spoken_for(self) -> list[Party]:
        """The parties without a login, for which the reader may enter what they said elsewhere."""
        others = [party for party in self.parties if party not in self.my_parties]
        return [party for party in others if party.may_be_spoken_for_by(self.user)]

    @property
    def counts(self) -> dict[str, int]:
        states = [one.state for one in self.questions]
        return {
            "agreed": states.count("agreed"),
            "ready": states.count("ready") + states.count("wording"),
            "mine": sum(one.waits_for_me for one in self.questions),
            "all": len(states),
        }

    @property
    def waited_for(self) -> list[tuple[Party, int]]:
        """The other parties that questions wait for, and how many."""
        counts = [
            (party, len(self.lacking(party)))
            for party in self.parties
            if party not in self.my_parties
        ]
        return [(party, count) for party, count in counts if count]

    def lacking(self, party: Party) -> list[JointQuestion]:
        """The questions to which a party has yet to answer, or to agree."""
        return [one for one in self.questions if any(v.party == party for v in one.lacking)]

    def may_remind(self, party: Party) -> bool:
        """One's own side has said its part of something that another is yet to say."""
        if not self.my_parties or party in self.my_parties or not self.partnership.is_active:
            return False
        return any(not one.waits_for_me for one in self.lacking(party))


def prefix_of(question: Question, party: Party) -> str:
    return f"q{question.pk}p{party.pk}"


class Standing:
    """How far the joint questions of a partnership are, this cycle, and whom they wait for: one query.

    And whom its decision, its debrief and the community's voices wait for.
    """

    def __init__(self, partnership: Partnership):
        self.table = list(partnership.parties.all())
        self.parties = {party.pk for party in self.table}
        self.given: dict[tuple[str, str], set[int]] = {}
        self.wordings: dict[tuple[str, str], dict[int, set[int]]] = {}
        # Its last day, and how many have yet to answer.
        self.debrief: dict[int, tuple[str, int]] = {}
        self.noted: dict[int, int] = {}  # the debrief to whose notes it has yet to agree
        self.unread: dict[int, int] = {}  # voices of the community
        self.wished: set[int] = set()  # who has said what it would like, while they decide
        for set_key, key, party, number in self.rows(partnership):
            if set_key == OF_DEBRIEF:
                self.debrief[party] = key, number
            elif set_key == OF_VOICES:
                self.unread[party] = number
            elif set_key == OF_NOTES:
                self.noted[party] = number
            elif set_key == OF_WISHES:
                self.wished.add(party)
            elif number:
                assented = self.wordings.setdefault((set_key, key), {}).setdefault(number, set())
                assented.add(party)
            else:
                self.given.setdefault((set_key, key), set()).add(party)

    def rows(self, partnership: Partnership):
        given = Giving.objects.filter(
            answer__party__in=self.parties, answer__cycle=partnership.cycle
        ).values_list(
            "answer__question__set__key",
            "answer__question__key",
            "answer__party",
            Value(0, output_field=PositiveSmallIntegerField()),
        )
        wordings = Wording.objects.filter(partnership=partnership, cycle=partnership.cycle)
        assents = wordings.values_list(
            "question__set__key", "question__key", "assents__party", "number"
        )
        others = [
            *rows_of_parties(self.parties, partnership),
            rows_of_notes(self.parties, partnership),
            rows_of_wishes(self.parties, partnership),
        ]
        return given.order_by().union(assents.order_by(), *others).order_by()

    def assented(self, question: tuple[str, str]) -> set[int]:
        """The parties that agree to the wording that counts."""
        numbers = self.wordings[question]
        return numbers[max(numbers)]

    def unanswered(self, set_key: str, party: Party) -> list[tuple[str, str]]:
        """The questions of a set that others have answered and this party has not."""
        begun = [question for question in self.given if question[0] == set_key]
        return [question for question in begun if party.pk not in self.given[question]]

    def unagreed(self, set_key: str, party: Party) -> list[tuple[str, str]]:
        """The wordings of a set that wait for the yes of this party, which can read them."""
        worded = [question for question in self.wordings if question[0] == set_key]
        return [
            question
            for question in worded
            if self.is_lifted(question) and party.pk not in self.assented(question)
        ]

    def to_answer(self, party: Party) -> int:
        """How many questions others have answered and this party has not."""
        return sum(party.pk not in parties for parties in self.given.values())

    def to_agree(self, party: Party) -> int:
        """How many wordings wait for its yes; those that a newcomer has covered again do not."""
        return sum(
            self.is_lifted(question) and party.pk not in self.assented(question)
            for question in self.wordings
        )

    def agreed(self, set_key: str) -> int:
        return sum(
            question[0] == set_key and self.parties <= self.assented(question)
            for question in self.wordings
        )

    def has_begun(self, set_key: str) -> bool:
        return any(question[0] == set_key for question in self.given)

    def is_lifted(self, question: tuple[str, str]) -> bool:
        return self.parties <= self.given.get(question, set())

    def ready(self, set_key: str) -> int:
        """How many questions all have answered and not all have agreed on."""
        return sum(
            question[0] == set_key
            and self.is_lifted(question)
            and not (question in self.wordings and self.parties <= self.assented(question))
            for question in self.given
        )

    def waits_for(self, set_key: str) -> list[tuple[Party, int]]:
        """The parties that have yet to answer what others have, and how many questions."""
        counts = [(party, len(self.unanswered(set_key, party))) for party in self.table]
        return [(party, count) for party, count in counts if count]

"""Whose move is it, among the questions that both sides answer, wishes, debriefs with their notes, and voices.

Only who waits, never what was said. All of it takes one query.
"""

from dataclasses import dataclass, field

from django.db.models import CharField, Exists, F, OuterRef, Value
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, gettext, ngettext

from accounts.templatetags.words import dated, day, own_words
from evaluations.joint import Standing
from evaluations.models import Assent, Giving, Wording
from evaluations.waiting_debriefs import (
    NAMES,
    Told,
    debriefs_of,
    told_of_party,
    voices_unread_by,
)
from evaluations.waiting_notes import (
    noted_by_others,
    notes_of_party,
    notes_page,
    notes_to_agree,
)
from evaluations.waiting_wishes import decide_page, wish_of_party, wished_by_others
from partnerships.models import Partnership, Party
from partnerships.stages import Status
from partnerships.waiting import Kind, Scope, Waiting, label_of

MANY = 1_000  # questions that wait for one reader; there is no telling more apart


def open_questions(scope: Scope, most: int) -> list[Waiting]:
    """Answers that others have given and one's own party has not; wordings that wait for its yes."""
    if scope.partnership:
        return list(of_parties(scope.partnership, scope.standing))
    mine = scope.spoken_for()
    if mine is None:
        return []
    sheets, told = waiting_for(scope, Party.objects.filter(mine))
    found = [sheet.waiting(is_told_to_them=scope.user is not None) for sheet in sheets[: most + 1]]
    return found + [one.waiting() for one in told[: most + 1]]


def of_parties(partnership: Partnership, standing: Standing):
    """The same for each party of one partnership: how many questions wait for it."""
    url = partnership.get_absolute_url()
    for party in partnership.parties.all():
        for kind, count in (
            (Kind.ANSWER, standing.to_answer(party)),
            (Kind.WORDING, standing.to_agree(party)),
        ):
            if count:
                yield Waiting(kind, partnership, url, "", parties=[party], count=count)
        yield from wish_of_party(partnership, party, standing)
        yield from told_of_party(partnership, party, standing)
        yield from notes_of_party(partnership, party, standing)


@dataclass
class Sheet:
    """The questions of one set, in one partnership, that wait for somebody in the same way."""

    kind: Kind
    partnership: Partnership
    key: str
    title: str
    questions: dict[str, tuple[int, int, str]] = field(default_factory=dict)
    said: dict[str, object] = field(default_factory=dict)  # when each party first said its part

    def add(self, key, pk, position, text, party, at):
        self.questions.setdefault(key, (pk, position, text))
        self.said.setdefault(party, at)

    def waiting(self, *, is_told_to_them: bool) -> Waiting:
        first = min(self.said.values())
        return Waiting(
            self.kind,
            self.partnership,
            self.url,
            self.words(is_told_to_them),
            on=first,
            because=self.because(first) if is_told_to_them else self.since(first),
            count=len(self.questions),
        )

    @property
    def url(self) -> str:
        page = reverse("evaluations:joint", args=[self.partnership.pk, self.key])
        pk, _position, _text = next(iter(self.questions.values()))
        return f"{page}#question-{pk}"

    def words(self, _is_told_to_them) -> str:
        _pk, position, text = next(iter(self.questions.values()))
        count = len(self.questions)
        words = {"number": position, "text": text, "count": count, "set": self.title}
        if count == 1:
            title = gettext("Question {number}: {text}")
        elif self.kind == Kind.ANSWER:
            title = ngettext("{count} question of “{set}”", "{count} questions of “{set}”", count)
        else:
            title = ngettext("{count} wording of “{set}”", "{count} wordings of “{set}”", count)
        return format_html(title, **words)

    @property
    def who(self):
        return format_html_join(", ", "{}", ([own_words(name)] for name in self.said))

    def because(self, first):
        told = {
            Kind.ANSWER: ngettext(
                "{who} answered on {day} and waits for you",
                "{who} answered, the first on {day}, and wait for you",
                len(self.said),
            ),
            Kind.WORDING: ngettext(
                "{who} proposed what to agree on {day} and waits for your yes",
                "{who} proposed what to agree, the first on {day}, and wait for your yes",
                len(self.said),
            ),
            Kind.NOTES: ngettext(
                "{who} proposed them on {day} and waits for your yes",
                "{who} proposed them, the first on {day}, and wait for your yes",
                len(self.said),
            ),
            Kind.WISH: ngettext(
                "{who} said what it would like on {day} and waits for you",
                "{who} said what they would like, the first on {day}, and wait for you",
                len(self.said),
            ),
        }
        return format_html(told[self.kind], who=self.who, day=dated(first))

    def since(self, first):
        """The same for whoever is not the one waited for."""
        told = ngettext(
            "{who} has waited since {day}", "{who} have waited since {day}", len(self.said)
        )
        return format_html(told, who=self.who, day=day(first))


class Wished(Sheet):
    """What others would like is said, and read when one's own side has said it too."""

    @property
    def url(self) -> str:
        return decide_page(self.partnership)

    def words(self, is_told_to_them) -> str:
        if is_told_to_them:
            return gettext("Say what your side would like to come next")
        return gettext("Has yet to say what it would like to come next")


class Noted(Sheet):
    """Notes of the conversation about a debrief wait for the yes of one's own side."""

    @property
    def url(self) -> str:
        _pk, number, _text = next(iter(self.questions.values()))
        return notes_page(self.partnership, number)

    def words(self, is_told_to_them) -> str:
        if is_told_to_them:
            return notes_to_agree(len(self.questions))
        return gettext("Has yet to agree to the notes of the conversation")


SHEETS = {Kind.WISH: Wished, Kind.NOTES: Noted}


def waiting_for(scope: Scope, mine) -> tuple[list[Sheet], list[Told]]:
    """Return what waits for these parties, the longest waiting first: one query."""
    sheets, told = {}, []
    others = [
        wished_by_others(mine),
        noted_by_others(mine),
        *debriefs_of(scope),
        voices_unread_by(mine),
    ]
    rows = given_by_others(mine).union(proposed_by_others(mine), *others, all=True).order_by("at")
    for kind, pk, stage, set_key, title, *question in rows[:MANY]:
        # As `only("stage")` would fetch it: the rest is read if somebody asks for it.
        partnership = Partnership.from_db(rows.db, ["id", "stage"], [pk, stage])
        if kind in {Kind.DEBRIEF, Kind.FEEDBACK}:
            told.append(Told(Kind(kind), partnership, set_key, *question))
            continue
        if (kind, pk, set_key) not in sheets:
            sheet = SHEETS.get(kind, Sheet)
            sheets[kind, pk, set_key] = sheet(Kind(kind), partnership, set_key, title)
        sheets[kind, pk, set_key].add(*question)
    return list(sheets.values()), told


def columns(question: str, partnership: str, party: str, *, kind: Kind):
    """What is told of a question that waits: who said something, when, and to what. Never what."""
    language = get_language()
    return {
        "of_kind": Value(kind.value, output_field=CharField()),
        "in_partnership": F(partnership),
        "at_stage": F(f"{partnership}__stage"),
        "set_key": F(f"{question}__set__key"),
        "set_title": F(f"{question}__set__title_{language}"),
        "question_key": F(f"{question}__key"),
        "question_pk": F(question),
        "place": F(f"{question}__position"),
        "asked": F(f"{question}__text_{language}"),
        "of_party": label_of(party),
    }


def given_by_others(mine):
    """Answers given this cycle to questions to which one of `mine` has given none."""
    own = Giving.objects.filter(
        answer__party=OuterRef("pk"),
        answer__cycle=OuterRef(OuterRef("answer__cycle")),
        answer__question__key=OuterRef(OuterRef("answer__question__key")),
        answer__question__set__key=OuterRef(OuterRef("answer__question__set__key")),
    )
    partnership = "answer__party__partnership"
    lacking = mine.filter(~Exists(own), partnership=OuterRef(partnership))
    return (
        Giving.objects.filter(
            Exists(lacking),
            **{
                f"{partnership}__in": mine.order_by().values("partnership"),
                f"{partnership}__status": Status.ACTIVE,
                f"{partnership}__cycle": F("answer__cycle"),
            },
        )
        .order_by()
        .annotate(**columns("answer__question", partnership, "answer__party", kind=Kind.ANSWER))
        .values_list(*NAMES)
    )


def covered():
    """The parties that have not answered the question of a wording yet, so that none can read it."""
    given = Giving.objects.filter(
        answer__party=OuterRef("pk"),
        answer__cycle=OuterRef(OuterRef("cycle")),
        answer__question__key=OuterRef(OuterRef("question__key")),
        answer__question__set__key=OuterRef(OuterRef("question__set__key")),
    )
    return Party.objects.filter(~Exists(given), partnership=OuterRef("partnership"))


def proposed_by_others(mine):
    """The wordings that count and can be read, to which one of `mine` has not assented."""
    own = Assent.objects.filter(party=OuterRef("pk"), wording=OuterRef(OuterRef("pk")))
    lacking = mine.filter(~Exists(own), partnership=OuterRef("partnership"))
    later = Wording.objects.filter(
        partnership=OuterRef("partnership"),
        cycle=OuterRef("cycle"),
        question__key=OuterRef("question__key"),
        question__set__key=OuterRef("question__set__key"),
        number__gt=OuterRef("number"),
    )
    return (
        Wording.objects.filter(
            Exists(lacking),
            ~Exists(later),
            ~Exists(covered()),
            partnership__in=mine.order_by().values("partnership"),
            partnership__status=Status.ACTIVE,
            partnership__cycle=F("cycle"),
        )
        .order_by()
        .annotate(**columns("question", "partnership", "party", kind=Kind.WORDING))
        .values_list(*NAMES)
    )

"""Looking back: debriefs, small wins and thanks, what is public, the community's voices, and notes for a cycle.

As on the pages: of an open debrief only that it is open, of a closed one nobody's name.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from desk.dossier.cells import NOTHING, Column, Place, Words, named, ours, own, row_of
from evaluations.models import THIN, AnswerKind, Comment, Debrief, Feedback, Notes, Reply, Wish
from evaluations.models.questions import in_language
from evaluations.results import Results, Score
from evaluations.wishes import Wishes
from partnerships.models import CycleNote, HandedOn, Release, Thanks, Win
from partnerships.models.history import Record

ENTERED_BY, ENTERED_ON = gettext_lazy("Entered by"), gettext_lazy("Entered on")
DEBRIEF, SIDE = gettext_lazy("Debrief"), gettext_lazy("Side")


def text_of(texts: dict[str, str]) -> Words:
    """What was asked, in the words of that day."""
    text = in_language(texts)
    return ours(text) if all(texts.values()) else own(text)


# Debriefs


def state_of(debrief: Debrief) -> str:
    if debrief.is_closed:
        return pgettext("state of a debrief", "Closed")
    return pgettext("state of a debrief", "Open")


DEBRIEFS = (
    Column(DEBRIEF, 4, lambda one: ours(one)),
    Column(gettext_lazy("What was asked"), Place.UNDER, lambda one: text_of(one.body["title"])),
    Column(gettext_lazy("State"), 3, lambda one: ours(state_of(one))),
    Column(gettext_lazy("Opened on"), 2, lambda one: one.opened_at),
    Column(named(Debrief, "closes_on"), 2, lambda one: one.closes_on),
    Column(gettext_lazy("Closed on"), 2, lambda one: one.closed_at),
    Column(gettext_lazy("Asked"), 1, lambda one: one.asked_count if one.is_closed else None),
    Column(gettext_lazy("Answered"), 1, lambda one: one.given_count if one.is_closed else None),
    Column(named(Debrief, "cycle"), Place.UNDER, lambda one: one.cycle),
)


def debriefs(dossier) -> list[Debrief]:
    counted = dossier.partnership.debriefs.annotate(
        asked_count=Count("responses"),
        given_count=Count("responses", filter=Q(responses__given_at__isnull=False)),
    )
    return list(counted.order_by("number"))


@dataclass(frozen=True)
class Result:
    """What one side said to one question, in numbers."""

    debrief: Debrief
    question: dict
    party: object
    heard: int  # of this side, in all
    score: Score | None = None
    option: str = ""
    chosen: int | None = None

    @property
    def note(self) -> str:
        return _("Fewer than three answers: take care, people can be told apart.")


def number_of(name: str):
    """A number of the score, where the question has one."""
    return lambda one: getattr(one.score, name) if one.score and one.score.count else None


RESULTS = (
    Column(DEBRIEF, Place.HEADING, lambda one: ours(one.debrief)),
    Column(gettext_lazy("Question"), Place.HEADING, lambda one: text_of(one.question["text"])),
    Column(SIDE, 4, lambda one: own(one.party.name)),
    Column(gettext_lazy("Answer"), 3, lambda one: ours(one.option)),
    Column(gettext_lazy("Average"), 1, number_of("shown")),
    Column(gettext_lazy("Lowest"), 1, number_of("low")),
    Column(gettext_lazy("Highest"), 1, number_of("high")),
    Column(gettext_lazy("Answers"), 1, lambda one: one.score.count if one.score else one.chosen),
    Column(gettext_lazy("Cannot say"), 1, lambda one: one.score.cannot_say if one.score else None),
    Column(
        gettext_lazy("Note"),
        Place.UNDER,
        lambda one: 0 < one.heard < THIN and ours(one.note),
    ),
)


def results(dossier) -> Iterator[Result]:
    """Question by question as they were asked; of a choice, how many chose what."""
    for found in dossier.trends.results:
        for question in found.debrief.questions:
            for party in found.parties:
                yield from result_of(found, question, party)


def result_of(found: Results, question: dict, party) -> Iterator[Result]:
    about = (found.debrief, question, party, found.heard(party))
    if question["answer"] == AnswerKind.SCALE:
        yield Result(*about, score=found.score(question, party))
    elif question["answer"] == AnswerKind.CHOICE:
        for option in question["options"]:
            chosen = found.chose(question, option, party)
            yield Result(*about, option=in_language(option["label"]), chosen=chosen)


TEXTS = (
    Column(DEBRIEF, Place.HEADING, lambda one: ours(one[0].debrief)),
    Column(gettext_lazy("Question"), Place.HEADING, lambda one: text_of(one[1]["text"])),
    Column(SIDE, 3, lambda one: own(one[2].name)),
    Column(gettext_lazy("Text"), 9, lambda one: own(one[3])),
)


def texts(dossier) -> Iterator[tuple]:
    """What was written, by side and without names; in an order that tells nothing."""
    for found in dossier.trends.results:
        for question in found.debrief.questions:
            if question["answer"] == AnswerKind.TEXT:
                for party in found.parties:
                    for text in found.written(question, party):
                        yield found, question, party, text


@dataclass(frozen=True)
class Talk:
    """What a side says about the results."""

    debrief: Debrief
    about: Words
    said: Record
    state: str = ""


TALKS = (
    Column(DEBRIEF, Place.HEADING, lambda one: ours(one.debrief)),
    Column(gettext_lazy("About"), 4, lambda one: one.about),
    Column(SIDE, 3, lambda one: own(one.said.party.name)),
    Column(gettext_lazy("What is said"), 7, lambda one: own(one.said.text)),
    Column(gettext_lazy("Day"), 2, lambda one: one.said.day),
    Column(gettext_lazy("State"), Place.UNDER, lambda one: ours(one.state)),
    Column(
        gettext_lazy("Said by"),
        Place.UNDER,
        lambda one: own(one.said.speaker or one.said.by.name),
    ),
)


def talks(dossier) -> Iterator[Talk]:
    """Comments on results, and of the notes of each conversation the last ones."""
    found = {one.pk: one for one in dossier.trends.debriefs}
    comments = with_party(Comment.objects.filter(debrief__in=found))
    all_notes = with_party(Notes.objects.filter(debrief__in=found)).prefetch_related("assents")
    last = {notes.debrief_id: notes for notes in all_notes}
    for debrief in found.values():
        for comment in comments:
            if comment.debrief_id == debrief.pk:
                state = _("This side sees it differently") if comment.disagrees else ""
                yield Talk(debrief, about(debrief, comment.question_key), comment, state)
        if notes := last.get(debrief.pk):
            notes.debrief = debrief
            debrief.partnership = dossier.partnership
            agreed = notes.is_agreed
            state = _("Agreed by all sides") if agreed else _("Proposed, not agreed by all sides")
            yield Talk(debrief, ours(_("Notes of the conversation")), notes, state)


def with_party(rows):
    return rows.select_related("party__school", "party__partner", "by")


def about(debrief: Debrief, key: str) -> Words:
    asked = (one["text"] for one in debrief.questions if one["key"] == key)
    return next(map(text_of, asked), NOTHING)


# Small wins and thanks

WINS = (
    Column(named(Win, "on"), 2, lambda win: win.on),
    Column(named(Win, "text"), 7, lambda win: own(win.text)),
    Column(named(Win, "thanked"), 3, lambda win: own(win.thanked)),
    Column(named(Win, "picture"), 1, lambda win: ours(_("yes") if win.picture else _("no"))),
    Column(named(Win, "picture_alt"), Place.UNDER, lambda win: own(win.picture_alt)),
    Column(named(Win, "cycle"), Place.UNDER, lambda win: win.cycle),
    Column(ENTERED_BY, Place.UNDER, lambda win: own(win.made_by.name)),
    Column(gettext_lazy("Taken back on"), Place.UNDER, lambda win: win.taken_back_at),
)


def wins(dossier) -> list[Win]:
    return list(dossier.partnership.wins.select_related("made_by").order_by("-on", "-pk"))


THANKS = (
    Column(named(Thanks, "name"), 4, lambda one: own(one.name)),
    Column(named(Thanks, "way"), 3, lambda one: ours(one.get_way_display())),
    Column(named(Thanks, "language"), 2, lambda one: ours(one.get_language_display())),
    Column(gettext_lazy("Day"), 2, lambda one: one.at),
    Column(
        gettext_lazy("For the small win"),
        Place.UNDER,
        lambda one: own(one.win.text if one.win else ""),
    ),
    Column(gettext_lazy("Thanked by"), Place.UNDER, lambda one: own(one.by.name)),
)


def its_people(dossier) -> bool:
    """Thanks are private: the district's admins have them in no file either."""
    return dossier.partnership.is_of(dossier.user)


def thanks(dossier) -> list[Thanks]:
    """To whom and how; the words are between those who thank and those who are thanked."""
    return list(dossier.partnership.thanks.select_related("win", "by").order_by("pk"))


# The public page, and what the public says

PUBLIC = (
    Column(gettext_lazy("Part"), 4, lambda one: ours(one.get_part_display())),
    Column(gettext_lazy("About"), 4, lambda one: own(subject_of(one))),
    Column(SIDE, 3, lambda one: own(one.party.name)),
    Column(gettext_lazy("Released by"), 3, lambda one: own(one.by.name)),
    Column(gettext_lazy("Released on"), 2, lambda one: one.at),
    Column(gettext_lazy("Withdrawn on"), Place.UNDER, lambda one: one.withdrawn_at),
    Column(
        gettext_lazy("Withdrawn by"),
        Place.UNDER,
        lambda one: own(one.withdrawn_by.name if one.withdrawn_by else ""),
    ),
    Column(gettext_lazy("Replaced by a newer text on"), Place.UNDER, lambda one: one.replaced_at),
)


def subject_of(release: Release) -> str:
    """The win or the goal that was released, as it was then."""
    return release.said.get("text") or release.said.get("what") or ""


def public(dossier) -> list[Release]:
    """Each release of each side: what is public is what all have released and nobody has withdrawn."""
    found = Release.objects.filter(page__partnership=dossier.partnership)
    return list(with_party(found).select_related("withdrawn_by").order_by("pk"))


def answers_to(voice: Feedback) -> Words:
    """Each answer after the side that gave it, with what it said would become of an idea."""
    return row_of((answer_of(reply) for reply in voice.answers), between=" · ")


def answer_of(reply: Reply) -> Words:
    outcome = ours(reply.get_outcome_display() if reply.outcome else "")
    return row_of([own(reply.party.name), row_of([outcome, own(reply.text)], " – ")], ": ")


VOICES = (
    Column(named(Feedback, "on"), 2, lambda voice: voice.on),
    Column(named(Feedback, "audience"), 2, lambda voice: ours(voice.get_audience_display())),
    Column(gettext_lazy("How it is going, 1 to 5"), 1, lambda voice: voice.going),
    Column(named(Feedback, "change"), 4, lambda voice: own(voice.change)),
    Column(named(Feedback, "idea"), 4, lambda voice: own(voice.idea)),
    Column(
        pgettext_lazy("of an idea", "What became of it"),
        Place.UNDER,
        lambda voice: ours(voice.outcome.get_outcome_display() if voice.outcome else ""),
    ),
    Column(pgettext_lazy("to a voice", "Answers"), Place.UNDER, answers_to),
    Column(named(Feedback, "cycle"), Place.UNDER, lambda voice: voice.cycle),
)


def voices(dossier) -> list[Feedback]:
    """Each once, with all answers. What was set aside, since it hurts or names somebody, is not handed on."""
    found = dossier.partnership.feedback.filter(set_aside_at=None).prefetch_related(
        "replies__party__school", "replies__party__partner", "replies__taken_back"
    )
    return list(found)


NOTES = (
    Column(
        gettext_lazy("Cycle"),
        Place.HEADING,
        lambda one: ours(_("Cycle %(number)s") % {"number": one.cycle}),
    ),
    Column(named(CycleNote, "keep"), 6, lambda one: own(one.keep)),
    Column(named(CycleNote, "change"), 6, lambda one: own(one.change)),
    Column(ENTERED_BY, Place.UNDER, lambda one: own(one.by.name)),
    Column(ENTERED_ON, Place.UNDER, lambda one: one.at),
)


def cycle_notes(dossier) -> list[CycleNote]:
    return list(dossier.partnership.cycle_notes.select_related("by").order_by("cycle"))


WISHES = (
    Column(SIDE, 3, lambda one: own(one.party.name)),
    Column(named(Wish, "what_next"), 3, lambda one: ours(one.get_what_next_display())),
    Column(named(Wish, "because"), 6, lambda one: own(one.because)),
    Column(ENTERED_BY, Place.UNDER, lambda one: own(one.by.name)),
    Column(ENTERED_ON, Place.UNDER, lambda one: one.at),
)


def wishes(dossier) -> list[Wish]:
    """What each side would like in the cycle that runs, as far as the reader may know it."""
    voices = Wishes(dossier.partnership, dossier.user).voices
    said = [voice.wish for voice in voices if voice.wish]
    for wish in said:
        wish.party = next(voice.party for voice in voices if voice.party.pk == wish.party_id)
    return said


HANDED_ON = (
    Column(SIDE, 3, lambda one: own(one.party.name)),
    Column(named(HandedOn, "text"), 9, lambda one: own(one.text)),
    Column(ENTERED_BY, Place.UNDER, lambda one: own(one.by.name)),
    Column(ENTERED_ON, Place.UNDER, lambda one: one.at),
)


def handed_on(dossier) -> list[HandedOn]:
    found = HandedOn.objects.filter(party__partnership=dossier.partnership)
    return list(with_party(found).order_by("party__position", "pk"))

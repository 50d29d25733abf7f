"""Debriefs for tests: opened, and answered with texts that are known when they are met again."""

from datetime import timedelta

from evaluations.answering import fingerprint
from evaluations.models import Debrief, DebriefKind, QuestionSet
from partnerships.models import Partnership


def open_debrief(partnership, *, by, days=14) -> Debrief:
    partnership = fresh(partnership)
    kind = DebriefKind.REGULAR
    return Debrief.objects.open(
        partnership,
        kind,
        question_set=QuestionSet.objects.get(key=kind.set_key, district=None),
        closes_on=partnership.district.today() + timedelta(days=days),
        by=by,
    )


def fresh(partnership) -> Partnership:
    return Partnership.objects.with_sides().get(pk=partnership.pk)


def answers(debrief, text, value=4) -> dict:
    """An answer to every question: `value`, and `text` where words are asked for."""
    return {
        one["key"]: text if one["answer"] == "text" else 1 if one["answer"] == "choice" else value
        for one in debrief.questions
    }


def posted(debrief, text, value=4, *, seen=None) -> dict:
    """The same as the form sends it, from a page that showed `seen` (or nothing yet)."""
    data = {}
    for key, said in answers(debrief, text, value).items():
        data |= {f"{key}-said": said, f"{key}-seen": fingerprint((seen or {}).get(key))}
    return data


def seat_of(partnership, user):
    return next(one for one in fresh(partnership).current_seats if one.person.user == user)


def give(debrief, seat, text, value=4):
    response = debrief.ask(seat)
    response.keep(answers(debrief, text, value))
    response.give()
    return response

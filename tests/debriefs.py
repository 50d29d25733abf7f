"""Debriefs for tests: opened, answered by values, closed."""

from datetime import timedelta

from evaluations.models import Debrief, DebriefKind, QuestionSet
from partnerships.models import Partnership

TEXTS = {"q15": "The Wednesdays.", "q16": "Tell us of exams earlier.", "q18": 1}


def with_sides(partnership) -> Partnership:
    fresh = Partnership.objects.with_sides().get(pk=partnership.pk)
    for party in fresh.parties.all():
        party.partnership = fresh
    return fresh


def answers(debrief, value, **more) -> dict:
    """The same value for every statement, and whatever else is asked."""
    said = {one["key"]: value for one in debrief.statements}
    texts = {one["key"]: "Said." for one in debrief.questions if one["answer"] == "text"}
    choices = {one["key"]: 1 for one in debrief.questions if one["answer"] == "choice"}
    regular = TEXTS if debrief.kind == DebriefKind.REGULAR else {}
    return said | texts | choices | regular | more


def open_debrief(partnership, *, by, kind=DebriefKind.REGULAR, days=14) -> Debrief:
    table = with_sides(partnership)
    return Debrief.objects.open(
        table,
        kind,
        question_set=QuestionSet.objects.get(key=kind.set_key, district=None),
        closes_on=table.district.today() + timedelta(days=days),
        by=by,
    )


def answered(partnership, *said, by, kind=DebriefKind.REGULAR) -> Debrief:
    """A closed debrief. Each of `said` is what one person said, in the order of the seats: a value for
    every statement, or (value, answers by key); None of somebody who did not answer.
    """
    debrief = open_debrief(partnership, by=by, kind=kind)
    for response, one in zip(debrief.responses.all(), said, strict=False):
        if one is None:
            continue
        value, more = one if isinstance(one, tuple) else (one, {})
        response.keep(answers(debrief, value, **more))
        response.give()
    debrief.close(by=by)
    debrief.partnership = with_sides(partnership)
    return debrief

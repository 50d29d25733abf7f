"""Debriefs for tests: answered with texts that are known when they are met again."""

from evaluations.answering import fingerprint
from tests.debriefs import with_sides


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
    return next(one for one in with_sides(partnership).current_seats if one.person.user == user)


def give(debrief, seat, text, value=4):
    response = debrief.ask(seat)
    response.keep(answers(debrief, text, value))
    response.give()
    return response

"""What the others at one table ask of somebody, for whom it is the only one: their first page."""

from dataclasses import dataclass

from evaluations.joint import Standing
from evaluations.models import QuestionSet, SetKind
from partnerships.models import Partnership, Seat


@dataclass
class Asked:
    """A set of questions in which something waits for one's own side."""

    set: QuestionSet
    to_answer: int
    to_agree: int


def asked_of(user, partnership: Partnership) -> list[Asked]:
    """The questions that others have answered, and the wordings that wait for a yes."""
    if not partnership.is_active:
        return []
    standing = Standing(partnership)
    seats = Seat.objects.current().filter(person__user=user, party__partnership=partnership)
    held = set(seats.values_list("party_id", flat=True))
    mine = [party for party in partnership.parties.all() if party.pk in held]
    sets = QuestionSet.objects.for_district(partnership.district_id).filter(kind=SetKind.JOINT)
    asked = []
    for one in sets:
        to_answer = sum(len(standing.unanswered(one.key, party)) for party in mine)
        to_agree = sum(len(standing.unagreed(one.key, party)) for party in mine)
        if to_answer or to_agree:
            asked.append(Asked(one, to_answer, to_agree))
    return asked

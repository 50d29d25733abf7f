"""Who was asked in a debrief, and who has answered. Never what was said."""

from dataclasses import dataclass
from functools import cached_property

from evaluations.models import THIN, Debrief, Response
from partnerships.models import Party, Seat


@dataclass
class Asked:
    """Somebody who is asked."""

    seat: Seat
    response: Response | None = None

    @property
    def has_answered(self) -> bool:
        return self.response is not None and self.response.is_given

    @property
    def has_a_login(self) -> bool:
        return self.seat.person.user_id is not None

    @property
    def has_a_link(self) -> bool:
        return self.response is not None and bool(self.response.token_hash)

    @property
    def needs_a_link(self) -> bool:
        return not (self.has_answered or self.has_a_login)


@dataclass
class OfParty:
    party: Party
    people: list[Asked]

    @property
    def asked(self) -> int:
        return len(self.people)

    @property
    def answered(self) -> int:
        return sum(one.has_answered for one in self.people)

    @property
    def is_thin(self) -> bool:
        return self.asked < THIN

    @property
    def is_thin_so_far(self) -> bool:
        """If it closed now, what few people said would stand there."""
        return 0 < self.answered < THIN


class Turnout:
    """Of one debrief, party by party. Those who left having answered count for their side."""

    def __init__(self, debrief: Debrief):
        self.debrief, self.partnership = debrief, debrief.partnership
        found = debrief.responses.defer("answers").select_related("seat__person", "seat__party")
        self.responses = {response.seat_id: response for response in found}

    @cached_property
    def parties(self) -> list[OfParty]:
        return [of for of in map(self.of, self.everybody_ever) if of.people or not of.party.left_on]

    @property
    def everybody_ever(self) -> list[Party]:
        return [*self.partnership.parties.all(), *self.partnership.former_parties]

    def of(self, party: Party) -> OfParty:
        people = [
            Asked(seat, self.responses.get(seat.pk)) for seat in party.seats_of(self.partnership)
        ]
        return OfParty(party, [one for one in people if self.is_asked(one)])

    def is_asked(self, one: Asked) -> bool:
        if self.debrief.is_closed:
            return one.response is not None
        return one.has_answered or (one.seat.is_current and not one.seat.party.left_on)

    @property
    def people(self) -> list[Asked]:
        return [one for of in self.parties for one in of.people]

    @property
    def still_to_answer(self) -> list[Asked]:
        return [one for one in self.people if not one.has_answered]

    @property
    def without_a_login(self) -> list[Asked]:
        return [one for one in self.people if one.needs_a_link]

    @property
    def is_thin(self) -> bool:
        return any(of.is_thin for of in self.parties)

    @property
    def thin_so_far(self) -> list[Party]:
        return [of.party for of in self.parties if of.is_thin_so_far]

    def own(self, user) -> list[Asked]:
        """What a reader is asked: once per seat."""
        return [
            one for one in self.people if one.seat.person.user_id == user.pk and one.seat.is_current
        ]

"""What the sides would like to come next, as one reader may know it. What is behind the veil is never read."""

from dataclasses import dataclass

from evaluations.models import Wish
from partnerships.models import Partnership, Party


@dataclass
class Voice:
    """One party: what it would like, as far as the reader may know it."""

    party: Party
    is_mine: bool
    said_at: object = None  # when it last said so; None while it has not
    wish: Wish | None = None  # the words, if the reader may read them
    may_be_said: bool = False  # by the reader
    is_lifted: bool = False  # every party has said its own

    @property
    def has_said(self) -> bool:
        return self.said_at is not None


class Wishes:
    """What every party at the table would like, this cycle, for one reader."""

    def __init__(self, partnership: Partnership, user):
        self.partnership, self.user = partnership, user
        self.parties = list(partnership.parties.all())
        for party in self.parties:
            party.partnership = partnership
        self.mine = partnership.parties_of(user)
        self.last = self.last_said()
        readable = self.readable()
        self.voices = [self.voice(party, readable) for party in self.parties]

    def voice(self, party: Party, readable: dict[int, Wish]) -> Voice:
        pk, said_at = self.last.get(party.pk, (None, None))
        is_mine = party in self.mine
        may_be_said = not self.partnership.has_ended and (
            is_mine or party.may_be_spoken_for_by(self.user)
        )
        return Voice(party, is_mine, said_at, readable.get(pk), may_be_said, self.is_lifted)

    def last_said(self) -> dict[int, tuple]:
        """Which wish of each party counts and when it was said, and nothing of what it says."""
        rows = Wish.objects.of_this_cycle(self.partnership).order_by("pk")
        return {party: (pk, at) for party, pk, at in rows.values_list("party", "pk", "at")}

    @property
    def is_lifted(self) -> bool:
        """Every party has said its own, so that all are shown."""
        return all(party.pk in self.last for party in self.parties)

    @property
    def lacks_only_me(self) -> bool:
        return all(voice.has_said or voice.is_mine for voice in self.voices)

    def readable(self) -> dict[int, Wish]:
        """What the reader may read: of their own side, and what no veil covers."""
        own = {party.pk for party in self.mine}
        pks = [pk for party, (pk, _at) in self.last.items() if self.is_lifted or party in own]
        return Wish.objects.select_related("by").in_bulk(pks) if pks else {}

    @property
    def differ(self) -> bool:
        """All have spoken, and not all would like the same."""
        wanted = {voice.wish.what_next for voice in self.voices if voice.wish}
        return self.is_lifted and len(wanted) > 1

"""Give and take, party by party: what each puts in, with sums of like things, and what it gains.

Nothing is added across kinds or units, and nobody is ranked: the parties stand as at the table.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.text import fold
from partnerships.amounts import Amount
from partnerships.models import Contribution, Gain, Partnership, Party
from partnerships.models.contributions import may_write_for
from partnerships.vocabulary import ContributionKind


class Cycles(TextChoices):
    """Of which cycles a page tells."""

    THIS = "this", _("This cycle")
    EARLIER = "earlier", _("Earlier cycles")
    ALL = "all", _("All cycles")


@dataclass(frozen=True)
class Sum:
    """What is promised and given of one kind in one unit."""

    kind: ContributionKind
    promised: Amount
    given: Amount


def sums_of(contributions: Iterable[Contribution]) -> list[Sum]:
    """Add up what can be added: the same kind in the same unit. A sum with an estimate in it is one."""
    groups: dict[tuple[str, str], list[Contribution]] = {}
    for one in contributions:
        groups.setdefault((one.kind, fold(one.unit)), []).append(one)
    found = [summed(rows) for rows in groups.values()]
    order = list(ContributionKind)
    return sorted(
        (one for one in found if one.promised.number or one.given.number),
        key=lambda one: order.index(one.kind),
    )


def summed(rows: list[Contribution]) -> Sum:
    unit, about = rows[0].unit, any(row.is_estimate for row in rows)
    return Sum(
        ContributionKind(rows[0].kind),
        Amount(sum(row.counted_promise for row in rows), unit, about),
        Amount(sum(row.given for row in rows), unit, about),
    )


@dataclass
class Share:
    """One party's part in it."""

    party: Party
    may_write: bool
    contributions: list[Contribution] = field(default_factory=list)
    gains: list[Gain] = field(default_factory=list)

    @cached_property
    def sums(self) -> list[Sum]:
        return sums_of(self.contributions)

    @property
    def standing(self) -> list[Contribution]:
        return self.ordered(one for one in self.contributions if not one.is_taken_back)

    @property
    def taken_back(self) -> list[Contribution]:
        return self.ordered(one for one in self.contributions if one.is_taken_back)

    def ordered(self, contributions) -> list[Contribution]:
        return sorted(contributions, key=lambda one: one.place)

    def sums_in(self, kind: ContributionKind) -> list[Sum]:
        return [one for one in self.sums if one.kind == kind]


class GiveAndTake:
    """What all parties of a partnership put in and gain, for one reader."""

    def __init__(self, partnership: Partnership, cycles: Cycles, user, *, to_print=False):
        self.partnership, self.cycles, self.to_print = partnership, cycles, to_print
        self.shares = [
            Share(party, may_write=self.is_written_here and may_write_for(party, user))
            for party in self.parties()
        ]
        by_party = {share.party.pk: share for share in self.shares}
        for one in self.wanted(partnership.contributions.with_deliveries()):
            one.partnership = partnership
            by_party[one.party_id].contributions.append(one)
        for gain in self.wanted(partnership.gains.standing()):
            by_party[gain.party_id].gains.append(gain)
        self.shares = [share for share in self.shares if self.is_shown(share)]

    @property
    def is_written_here(self) -> bool:
        """What is new belongs to the cycle that runs, and nothing is written on paper."""
        return self.cycles != Cycles.EARLIER and not self.to_print

    def parties(self) -> list[Party]:
        parties = [*self.partnership.parties.all(), *self.partnership.former_parties]
        for party in parties:
            party.partnership = self.partnership
        return parties

    def wanted(self, rows):
        number = self.partnership.cycle
        if self.cycles == Cycles.ALL:
            return rows
        return rows.of_cycle(number) if self.cycles == Cycles.THIS else rows.before_cycle(number)

    def is_shown(self, share: Share) -> bool:
        """Whoever has left is shown where there is something of theirs."""
        return not share.party.left_on or bool(share.contributions or share.gains)

    @property
    def is_empty(self) -> bool:
        return not any(share.contributions or share.gains for share in self.shares)

    @property
    def kinds(self) -> list[tuple[ContributionKind, list[tuple[Share, list[Sum]]]]]:
        """Across the table: for each kind that anybody puts in, what each party does."""
        rows = [
            (kind, [(share, share.sums_in(kind)) for share in self.shares])
            for kind in ContributionKind
        ]
        return [(kind, cells) for kind, cells in rows if any(sums for _share, sums in cells)]

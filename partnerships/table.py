"""Who sits at the table of a partnership: a party joins, a party leaves."""

from django.db import transaction
from django.db.models import Max

from partnerships.events import EventKind
from partnerships.models import Partner, Partnership, Party, PublicPage, School


class TableRefused(Exception):
    """The party cannot leave; the message says why, to the reader."""


@transaction.atomic
def join(partnership: Partnership, organization: School | Partner, *, by) -> Party:
    """Bring a school or a partner to the table; one that was there before gets its place back."""
    Partnership.objects.select_for_update(no_key=True).get(pk=partnership.pk)
    kind = organization._meta.model_name
    ever = Party.ever.filter(partnership=partnership)
    party = ever.filter(**{kind: organization}).first()
    if party and party.left_on is None:
        return party
    if party is None:
        last = ever.aggregate(last=Max("position"))["last"]
        party = Party(partnership=partnership, position=last + 1, **{kind: organization})
    party.left_on = None
    party.save()
    partnership.record(EventKind.PARTY_JOINED, by=by, party=party.name)
    return party


@transaction.atomic
def leave(party: Party, *, reason: str, by):
    """Let a party leave today: its people lose their seats and it is waited for no longer.

    What it said stays. What its people had to do falls to nobody yet. Raises TableRefused.
    """
    partnership = Partnership.objects.select_for_update(no_key=True).get(pk=party.partnership_id)
    now = {one.pk: one for one in partnership.parties.all()}
    if party.pk not in now:
        return
    party = now[party.pk]
    party.partnership = partnership
    if not party.may_leave:
        raise TableRefused
    if page := PublicPage.objects.filter(partnership=partnership).first():
        page.partnership = partnership
        page.let_go(party, by=by)
    partnership.feedback.let_go(by=by)
    today = partnership.district.today()
    for seat in party.current_seats:
        seat.give_up(today, successor=None)
    party.left_on = today
    party.save(update_fields=["left_on"])
    partnership.record(EventKind.PARTY_LEFT, by=by, party=party.name, reason=reason)

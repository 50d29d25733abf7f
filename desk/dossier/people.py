"""What a partnership is, who is and was at its table, and how each side sees the relationship."""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from desk.dossier.cells import Column, Place, named, ours, own
from partnerships.models import LevelView, Partnership, Person, Seat


@dataclass(frozen=True)
class Fact:
    label: str
    value: object


FACTS = (
    Column(gettext_lazy("Subject"), 3, lambda fact: ours(fact.label)),
    Column(gettext_lazy("What is known"), 7, lambda fact: fact.value),
)


def partnership(dossier) -> list[Fact]:
    """Where it stands, since when and what for; and of whom and when this file is."""
    one = dossier.partnership
    return [
        *(Fact(party.side.label, own(party.name)) for party in one.parties.all()),
        Fact(named(Partnership, "district"), own(one.district.name)),
        Fact(named(Partnership, "purpose"), own(one.purpose)),
        Fact(named(Partnership, "status"), ours(one.get_status_display())),
        Fact(named(Partnership, "stage"), ours(one.at_stage.heading)),
        Fact(_("At this stage since"), dossier.moves[-1].at.astimezone(dossier.zone).date()),
        Fact(named(Partnership, "cycle"), one.cycle),
        Fact(_("Started on"), dossier.moves[0].at.astimezone(dossier.zone).date()),
        Fact(named(Partnership, "starts_on"), one.starts_on),
        Fact(named(Partnership, "ends_on"), one.ends_on),
        Fact(_("Kinds of engagement"), ours(", ".join(str(kind) for kind in dossier.engagements))),
        Fact(named(Partnership, "contact_rhythm"), ours(one.get_contact_rhythm_display())),
        Fact(named(Partnership, "coordinator"), own(one.coordinator and one.coordinator.name)),
        Fact(_("This file was made on"), dossier.made_at),
        Fact(_("This file was made for"), own(dossier.user.name)),
    ]


def is_there(seat: Seat) -> bool:
    """At the table now; those of a party that has left are not, whatever their seat says."""
    return seat.is_current and seat.party.left_on is None


# As on the page of the people: how to reach somebody is said of those who are there now.
PEOPLE = (
    Column(gettext_lazy("Side"), Place.HEADING, lambda seat: own(seat.party.name)),
    Column(named(Person, "name"), 3, lambda seat: own(seat.person.name)),
    Column(
        gettext_lazy("Roles"),
        3,
        lambda seat: ours(", ".join(str(role.label) for role in seat.roles)),
    ),
    Column(
        gettext_lazy("At the table"),
        2,
        lambda seat: ours(_("now") if is_there(seat) else _("before")),
    ),
    Column(gettext_lazy("Until"), 2, lambda seat: seat.left_on or seat.party.left_on),
    Column(
        gettext_lazy("Position"),
        Place.UNDER,
        lambda seat: is_there(seat) and own(seat.person.title),
    ),
    Column(
        named(Person, "email"), Place.UNDER, lambda seat: is_there(seat) and own(seat.person.email)
    ),
    Column(
        named(Person, "phone"), Place.UNDER, lambda seat: is_there(seat) and own(seat.person.phone)
    ),
)


def people(dossier) -> list[Seat]:
    """Party by party: who is there, then who was; the parties that have left come last."""
    here = list(dossier.partnership.parties.all())
    return [
        seat
        for party in [*here, *dossier.partnership.former_parties]
        for seat in sorted(
            party.seats_of(dossier.partnership), key=lambda seat: not seat.is_current
        )
    ]


def level(label) -> object:
    return ours(label or _("not said"))


LEVELS = (
    Column(gettext_lazy("Side"), Place.HEADING, lambda view: own(view.party.name)),
    Column(gettext_lazy("Day"), 2, lambda view: view.day),
    Column(named(LevelView, "cycle"), 1, lambda view: view.cycle),
    Column(named(LevelView, "now"), 3, lambda view: level(view.get_now_display())),
    Column(named(LevelView, "wanted"), 3, lambda view: level(view.get_wanted_display())),
    Column(named(LevelView, "note"), Place.UNDER, lambda view: own(view.note)),
    Column(gettext_lazy("Said by"), Place.UNDER, lambda view: own(view.speaker or view.by.name)),
    Column(
        pgettext_lazy("how something was said", "How"),
        Place.UNDER,
        lambda view: ours(capfirst(view.get_how_display())),
    ),
)


def levels(dossier) -> list[LevelView]:
    """All that was ever said of it, party by party, the newest first."""
    views = LevelView.objects.filter(party__partnership=dossier.partnership)
    said = views.select_related("by", "party__school", "party__partner")
    return list(said.order_by("party__position", "party", "-pk"))

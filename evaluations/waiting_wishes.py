"""Whose move is it, before the sides decide: who has yet to say what it would like.

Only who has said it, and when; what was said stays behind the veil. The rows have the columns of
`evaluations.waiting`, with which they make one query.
"""

from django.db.models import Exists, F, OuterRef, PositiveSmallIntegerField, Value
from django.urls import reverse
from django.utils.translation import gettext

from evaluations.models import Wish
from evaluations.waiting_debriefs import NAMES, columns, text
from partnerships.models import Partnership, Party
from partnerships.stages import Stage, Status
from partnerships.waiting import Kind, Waiting, label_of

OF_WISHES = ":wishes"  # where `Standing` has the keys of sets, which are slugs


def number(value: int) -> Value:
    return Value(value, output_field=PositiveSmallIntegerField())


def wished_by_others(mine):
    """What others at the table have said they would like, where one of `mine` has not said its own."""
    own = Wish.objects.filter(party=OuterRef("pk"), cycle=OuterRef(OuterRef("cycle")))
    lacking = mine.filter(~Exists(own), partnership=OuterRef("party__partnership"))
    told = columns(
        Kind.WISH,
        "party__partnership",
        question_pk=F("party"),
        place=number(0),
        of_party=label_of("party"),
    )
    return (
        Wish.objects.filter(
            Exists(lacking),
            party__left_on=None,
            party__partnership__in=mine.order_by().values("partnership"),
            party__partnership__status=Status.ACTIVE,
            party__partnership__stage=Stage.RECOMMIT,
            party__partnership__cycle=F("cycle"),
        )
        .order_by()
        .annotate(**told)
        .values_list(*NAMES)
    )


def rows_of_wishes(parties, partnership: Partnership):
    """The parties that have said what they would like, while they decide; as rows of `Standing`."""
    said = Wish.objects.of_this_cycle(partnership).filter(
        party__in=parties, party__partnership__stage=Stage.RECOMMIT
    )
    return said.order_by().values_list(text(OF_WISHES), text(""), "party", number(0))


def wish_of_party(partnership: Partnership, party: Party, standing):
    """Others have said what they would like, and this party has not."""
    if standing.wished and party.pk not in standing.wished:
        title = gettext("Has yet to say what it would like to come next")
        yield Waiting(Kind.WISH, partnership, decide_page(partnership), title, parties=[party])


def decide_page(partnership: Partnership) -> str:
    return reverse("desk:decide", args=[partnership.pk])

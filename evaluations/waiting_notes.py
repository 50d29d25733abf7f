"""Whose move is it, after a debrief: who has yet to agree to the notes of the conversation.

The rows have the columns of `evaluations.waiting`, with which they make one query.
"""

from django.db.models import CharField, Exists, F, OuterRef, Subquery
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from evaluations.models import Notes, NotesAssent
from evaluations.waiting_debriefs import NAMES, columns, text
from partnerships.models import Partnership, Party
from partnerships.stages import Status
from partnerships.waiting import Kind, Waiting, label_of

OF_NOTES = ":notes"  # where `Standing` has the keys of sets, which are slugs


def last_notes():
    """The last notes about each debrief of the present cycle: those that count."""
    later = Notes.objects.filter(debrief=OuterRef("debrief"), number__gt=OuterRef("number"))
    return Notes.objects.filter(~Exists(later), debrief__cycle=F("debrief__partnership__cycle"))


def noted_by_others(mine):
    """The notes that count, to which one of `mine` has not assented."""
    partnership = "debrief__partnership"
    own = NotesAssent.objects.filter(party=OuterRef("pk"), notes=OuterRef(OuterRef("pk")))
    lacking = mine.filter(~Exists(own), partnership=OuterRef(partnership))
    told = columns(
        Kind.NOTES,
        partnership,
        question_key=Cast("debrief__number", CharField()),
        question_pk=F("pk"),
        place=F("debrief__number"),
        of_party=label_of("party"),
    )
    return (
        last_notes()
        .filter(
            Exists(lacking),
            **{
                f"{partnership}__in": mine.order_by().values("partnership"),
                f"{partnership}__status": Status.ACTIVE,
            },
        )
        .order_by()
        .annotate(**told)
        .values_list(*NAMES)
    )


def rows_of_notes(parties, partnership: Partnership):
    """The parties that have yet to agree to notes, with the number of the debrief; as rows of `Standing`."""
    own = NotesAssent.objects.filter(party=OuterRef(OuterRef("pk")), notes=OuterRef("pk"))
    lacking = last_notes().filter(~Exists(own), debrief__partnership=partnership)
    number = lacking.order_by("-debrief__number").values("debrief__number")[:1]
    parties = Party.objects.filter(pk__in=parties).annotate(number=Subquery(number)).order_by()
    return parties.filter(number__isnull=False).values_list(
        text(OF_NOTES), text(""), "pk", "number"
    )


def notes_of_party(partnership: Partnership, party: Party, standing):
    if number := standing.noted.get(party.pk):
        yield Waiting(
            Kind.NOTES,
            partnership,
            notes_page(partnership, number),
            gettext("Has yet to agree to the notes of the conversation"),
            parties=[party],
        )


def notes_to_agree(count: int) -> str:
    return ngettext(
        "Say whether you agree to the notes of the conversation",
        "Say whether you agree to the notes of {count} conversations",
        count,
    ).format(count=count)


def notes_page(partnership: Partnership, number: int) -> str:
    return reverse("evaluations:debrief_notes", args=[partnership.pk, number])

"""The dates of one partnership, or of all that somebody works in: the month page and the feeds ask here.

What stands on a calendar: days of activities, meetings and visits, items and steps that are due,
goals, the beginning and the planned end. Titles, times and places only: never what was said or
answered, and nothing of the school side's own.
"""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Prefetch, Q, TextChoices, prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from checklists.models import Item
from checklists.waiting import of_seats
from partnerships.models import Activity, Goal, LogEntry, Occurrence, Partnership, Step
from partnerships.models.parties import party_names
from partnerships.stages import Status
from partnerships.vocabulary import ContactKind
from partnerships.waiting import Scope
from partnerships.waiting_steps import of_seats as of_seats_in_steps

IN_PERSON = (ContactKind.MEETING, ContactKind.VISIT)


class EntryKind(TextChoices):
    ACTIVITY = "activity", _("Activity")
    CONTACT = "contact", _("Meeting or visit")
    ITEM = "item", _("Due on the checklist")
    STEP = "step", _("Step due")
    GOAL = "goal", _("Goal due")
    BEGINS = "begins", _("The partnership begins")
    ENDS = "ends", _("Planned until this day")


@dataclass
class Entry:
    """One thing on one day."""

    kind: EntryKind
    key: str  # the same, whenever it is asked for
    partnership: Partnership
    on: date
    title: str  # in the words of whoever wrote it; empty where the kind says all
    url: str
    changed_at: datetime
    revision: int = 0
    begins_at: time | None = None
    ends_at: time | None = None
    place: str = ""
    remark: str = ""  # how it stands, in words
    is_called_off: bool = False

    @property
    def times(self) -> str:
        return "–".join(f"{one:%H:%M}" for one in (self.begins_at, self.ends_at) if one)

    @property
    def order(self):
        return self.on, self.begins_at or time.min, self.kind, self.key


def entries_of_partnership(partnership: Partnership, begin: date, end: date) -> list[Entry]:
    """All dates of one partnership between two days."""
    found = Partnership.objects.filter(pk=partnership.pk)
    return entries(found, begin, end, at_hand={partnership.pk: partnership})


def entries_of_person(user, begin: date, end: date) -> list[Entry]:
    """The dates of all partnerships that somebody works in; of what is due, what they see to."""
    visible = Partnership.objects.visible_to(user).worked_in_by(user)
    return entries(
        visible.exclude(status=Status.ENDED),
        begin,
        end,
        scope=Scope.of_person(user, as_operator=False),
    )


def entries(partnerships, begin, end, *, scope=None, at_hand=None) -> list[Entry]:
    """Six queries and those for the partnerships with their names, however many there are."""
    if at_hand is None:
        at_hand = partnerships.select_related("district").in_bulk()
        prefetch_related_objects(list(at_hand.values()), party_names())
    here = {"partnership__in": list(at_hand)}
    within = {"due_on__gte": begin, "due_on__lte": end}
    found = [
        *days_of_activities(at_hand, begin, end),
        *meetings(at_hand, LogEntry.objects.filter(**here, on__gte=begin, on__lte=end)),
        *due_items(at_hand, Item.objects.running().filter(items_of(scope), **here, **within)),
        *due_steps(at_hand, Step.objects.running().filter(steps_of(scope), **here, **within)),
        *due_goals(at_hand, Goal.objects.open().filter(**here, **within)),
    ]
    found += [
        one
        for partnership in at_hand.values()
        for one in beginning_and_end(partnership)
        if begin <= one.on <= end
    ]
    return sorted(found, key=lambda one: one.order)


def items_of(scope: Scope | None) -> Q:
    """Of what is due, somebody's calendar shows what they see to; a partnership's shows all."""
    return scope.whole_partnerships() | of_seats(scope) if scope else Q()


def steps_of(scope: Scope | None) -> Q:
    return scope.whole_partnerships() | of_seats_in_steps(scope) if scope else Q()


def days_of_activities(at_hand, begin, end):
    inside = Q(planned_on__gte=begin, planned_on__lte=end) | Q(
        moved_to__gte=begin, moved_to__lte=end
    )
    may_fall_inside = Q(on__lte=end) & (Q(until__gte=begin) | Q(until=None, on__gte=begin))
    noted = Occurrence.objects.filter(inside)
    activities = Activity.objects.filter(
        may_fall_inside | Q(pk__in=noted.order_by().values("activity")),
        partnership__in=list(at_hand),
    )
    for activity in activities.prefetch_related(Prefetch("occurrences", noted)):
        activity.partnership = at_hand[activity.partnership_id]
        for day in activity.days(begin, end):
            yield entry_of_day(activity, day)


def entry_of_day(activity: Activity, day) -> Entry:
    changes = [activity.changed_at, *([day.note.at] if day.note else [])]
    return Entry(
        EntryKind.ACTIVITY,
        f"activity-{activity.pk}-{day.planned_on:%Y%m%d}",
        activity.partnership,
        day.on,
        activity.title,
        activity.get_absolute_url(),
        changed_at=max(changes),
        revision=activity.version + (day.note.version if day.note else 0),
        begins_at=activity.begins_at,
        ends_at=activity.ends_at,
        place=activity.place,
        remark="" if day.is_ahead else str(day.state),
        is_called_off=day.is_called_off,
    )


def meetings(at_hand, log):
    for one in log.filter(kind__in=IN_PERSON):
        yield Entry(
            EntryKind.CONTACT,
            f"contact-{one.pk}",
            at_hand[one.partnership_id],
            one.on,
            one.get_kind_display(),
            one.get_absolute_url(),
            changed_at=one.at,
            revision=one.version,
        )


def due_items(at_hand, items):
    for item in items.select_related("template_item"):
        yield Entry(
            EntryKind.ITEM,
            f"item-{item.pk}",
            at_hand[item.partnership_id],
            item.due_on,
            item.text,
            item.get_absolute_url(),
            changed_at=at_hand[item.partnership_id].created_at,
            revision=item.version,
        )


def due_steps(at_hand, steps):
    for step in steps:
        yield Entry(
            EntryKind.STEP,
            f"step-{step.pk}",
            at_hand[step.partnership_id],
            step.due_on,
            step.what,
            step.get_absolute_url(),
            changed_at=step.made_at,
            revision=step.version,
        )


def due_goals(at_hand, goals):
    for goal in goals:
        yield Entry(
            EntryKind.GOAL,
            f"goal-{goal.pk}",
            at_hand[goal.partnership_id],
            goal.due_on,
            goal.what,
            goal.get_absolute_url(),
            changed_at=goal.made_at,
            revision=goal.version,
        )


def beginning_and_end(partnership: Partnership):
    for kind, day in (
        (EntryKind.BEGINS, partnership.starts_on),
        (EntryKind.ENDS, partnership.ends_on),
    ):
        if day:
            yield Entry(
                kind,
                f"{kind}-{partnership.pk}",
                partnership,
                day,
                "",
                partnership.get_absolute_url(),
                changed_at=partnership.created_at,
                revision=partnership.version,
            )

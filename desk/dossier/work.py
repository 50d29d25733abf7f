"""What is to be done and what came of it: checklist, goals, activities, steps, give and take, contact."""

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checklists.models import Item
from desk.dossier.cells import Column, Place, Words, content, named, ours, own, row_of, told
from partnerships.models import (
    Activity,
    Contribution,
    Delivery,
    Gain,
    Goal,
    LogEntry,
    Measurement,
    Occurrence,
    Seat,
    Step,
)
from partnerships.stages import Stage


def cycle_heading(row) -> Words:
    return ours(_("Cycle %(number)s") % {"number": row.cycle})


def holder(seat: Seat | None) -> Words:
    return own(seat.person.name) if seat else own("")


def everyone(seats) -> Words:
    return row_of(own(seat.person.name) for seat in seats)


# The checklist


def state_of(item: Item) -> str:
    if item.is_waiting_for_the_end:
        return _("only when the partnership is ending")
    return item.get_state_display()


CHECKLIST = (
    Column(gettext_lazy("Cycle"), Place.HEADING, cycle_heading),
    Column(named(Item, "stage"), Place.HEADING, lambda item: ours(Stage(item.stage).heading)),
    Column(
        named(Item, "wording"),
        6,
        lambda item: own(item.text) if item.is_own else content(item.text, item.texts),
    ),
    Column(named(Item, "state"), 2, lambda item: ours(state_of(item))),
    Column(named(Item, "owner"), 3, lambda item: holder(item.owner)),
    Column(named(Item, "due_on"), 2, lambda item: item.due_on),
    Column(
        gettext_lazy("Added by yourselves"),
        Place.UNDER,
        lambda item: item.is_own and ours(_("yes")),
    ),
    Column(named(Item, "side"), Place.UNDER, lambda item: ours(item.get_side_display())),
    Column(
        gettext_lazy("Settled by"),
        Place.UNDER,
        lambda item: own(item.settled_by.name if item.settled_by else ""),
    ),
    Column(gettext_lazy("Settled on"), Place.UNDER, lambda item: item.settled_at),
    Column(named(Item, "reason"), Place.UNDER, lambda item: own(item.reason)),
    Column(named(Item, "note"), Place.UNDER, lambda item: own(item.note)),
    Column(named(Item, "evidence_url"), Place.UNDER, lambda item: own(item.evidence_url)),
)


def checklist(dossier) -> list[Item]:
    """All items of all cycles, the present one first, stage by stage."""
    items = dossier.partnership.items.lines()
    return sorted(items, key=lambda item: (-item.cycle, Stage(item.stage).number, item.position))


# Goals


def standing_of(goal: Goal) -> Words:
    if goal.is_open:
        return ours(goal.standing.state.label)
    return ours(_("Retired at the end of cycle %(number)s") % {"number": goal.retired_in})


GOALS = (
    Column(named(Goal, "what"), 5, lambda goal: own(goal.what)),
    Column(gettext_lazy("State"), 2, standing_of),
    Column(named(Goal, "starting_value"), 2, lambda goal: goal.starting_value),
    Column(gettext_lazy("Latest value"), 2, lambda goal: goal.latest and goal.latest.value),
    Column(named(Goal, "target"), 2, lambda goal: goal.target),
    Column(named(Goal, "due_on"), 2, lambda goal: goal.due_on),
    Column(
        gettext_lazy("Latest value on"), Place.UNDER, lambda goal: goal.latest and goal.latest.on
    ),
    Column(gettext_lazy("How it stands"), Place.UNDER, lambda goal: told(goal.standing.sentence)),
    Column(named(Goal, "measure"), Place.UNDER, lambda goal: own(goal.measure)),
    Column(named(Goal, "unit"), Place.UNDER, lambda goal: own(goal.unit)),
    Column(named(Goal, "direction"), Place.UNDER, lambda goal: ours(goal.get_direction_display())),
    Column(named(Goal, "starts_on"), Place.UNDER, lambda goal: goal.starts_on),
    Column(
        gettext_lazy("For whom"),
        Place.UNDER,
        lambda goal: ours(", ".join(str(one.label) for one in goal.for_whom)),
    ),
    Column(named(Goal, "serves"), Place.UNDER, lambda goal: own(goal.serves)),
    Column(named(Goal, "say"), Place.UNDER, lambda goal: own(goal.say)),
    Column(gettext_lazy("Set in cycle"), Place.UNDER, lambda goal: goal.cycle),
    Column(gettext_lazy("Why it was retired"), Place.UNDER, lambda goal: own(goal.retired_because)),
)


def goals(dossier) -> list[Goal]:
    """The goals, each with the measurement that counts last."""
    latest = {}
    for one in dossier.measurements:
        if one.pk not in dossier.corrected and one.value is not None:
            latest[one.goal_id] = one
    for goal in dossier.goals:
        goal.latest = latest.get(goal.pk)
    return dossier.goals


def account_of(row, value) -> Words:
    """How a measurement, or what was given, stands among its corrections."""
    said = []
    if row.corrects_id:
        if value is None:
            said.append(_("takes back an earlier entry"))
        else:
            said.append(_("corrects an earlier entry"))
    if row.was_corrected:
        said.append(_("corrected later; does not count"))
    return ours("; ".join(said) or _("counts"))


MEASUREMENTS = (
    Column(gettext_lazy("Goal"), Place.HEADING, lambda one: own(one.goal.what)),
    Column(named(Measurement, "on"), 2, lambda one: one.on),
    Column(named(Measurement, "value"), 2, lambda one: one.value),
    Column(named(Goal, "unit"), 2, lambda one: own(one.goal.unit)),
    Column(gettext_lazy("State"), 4, lambda one: account_of(one, one.value)),
    Column(named(Measurement, "note"), Place.UNDER, lambda one: own(one.note)),
    Column(
        gettext_lazy("Value before"), Place.UNDER, lambda one: one.corrects and one.corrects.value
    ),
    Column(gettext_lazy("Entered by"), Place.UNDER, lambda one: own(one.by.name)),
    Column(gettext_lazy("Entered on"), Place.UNDER, lambda one: one.at),
)


def measurements(dossier) -> list[Measurement]:
    """All that was ever entered, goal by goal: what was corrected stands beside its correction."""
    place = {goal.pk: number for number, goal in enumerate(dossier.goals)}
    for one in dossier.measurements:
        one.was_corrected = one.pk in dossier.corrected
    return sorted(dossier.measurements, key=lambda one: (place[one.goal_id], one.on, one.pk))


# Activities


ACTIVITIES = (
    Column(named(Activity, "title"), 5, lambda one: own(one.title)),
    Column(named(Activity, "kind"), 3, lambda one: ours(one.get_kind_display())),
    Column(named(Activity, "rhythm"), 2, lambda one: ours(one.get_rhythm_display())),
    Column(named(Activity, "on"), 2, lambda one: one.on),
    Column(named(Activity, "until"), 2, lambda one: one.until),
    Column(named(Activity, "begins_at"), Place.UNDER, lambda one: one.begins_at),
    Column(named(Activity, "ends_at"), Place.UNDER, lambda one: one.ends_at),
    Column(named(Activity, "place"), Place.UNDER, lambda one: own(one.place)),
    Column(named(Activity, "leads"), Place.UNDER, lambda one: everyone(one.leads.all())),
    Column(
        named(Activity, "goals"),
        Place.UNDER,
        lambda one: row_of((own(goal.what) for goal in one.goals.all()), between="; "),
    ),
    Column(named(Activity, "needs"), Place.UNDER, lambda one: own(one.needs)),
    Column(named(Activity, "say"), Place.UNDER, lambda one: own(one.say)),
    Column(named(Activity, "cycle"), Place.UNDER, lambda one: one.cycle),
    Column(gettext_lazy("Called off on"), Place.UNDER, lambda one: one.called_off_at),
    Column(
        gettext_lazy("Why it was called off"), Place.UNDER, lambda one: own(one.called_off_because)
    ),
)


def activities(dossier) -> list[Activity]:
    return list(
        dossier.partnership.activities.prefetch_related("leads__person", "goals").order_by(
            "on", "begins_at", "pk"
        )
    )


DAYS = (
    Column(gettext_lazy("Activity"), Place.HEADING, lambda day: own(day.activity.title)),
    Column(gettext_lazy("Day"), 3, lambda day: day.on),
    Column(named(Occurrence, "state"), 3, lambda day: ours(day.get_state_display())),
    Column(named(Occurrence, "students"), 2, lambda day: day.students),
    Column(named(Occurrence, "teachers"), 2, lambda day: day.teachers),
    Column(named(Occurrence, "employees"), 2, lambda day: day.employees),
    Column(named(Occurrence, "family_members"), 2, lambda day: day.family_members),
    Column(named(Occurrence, "hours"), 2, lambda day: day.hours),
    Column(
        gettext_lazy("Planned for"),
        Place.UNDER,
        lambda day: day.planned_on if day.moved_to else None,
    ),
    Column(named(Occurrence, "how_it_went"), Place.UNDER, lambda day: own(day.how_it_went)),
    Column(gettext_lazy("Entered by"), Place.UNDER, lambda day: own(day.by.name)),
)


def days(dossier) -> list[Occurrence]:
    """The days of which something is noted."""
    noted = Occurrence.objects.filter(activity__partnership=dossier.partnership)
    return list(
        noted.select_related("activity", "by").order_by("activity__on", "activity", "planned_on")
    )


# Steps


STEPS = (
    Column(named(Step, "what"), 6, lambda step: own(step.what)),
    Column(named(Step, "state"), 2, lambda step: ours(step.get_state_display())),
    Column(named(Step, "owner"), 3, lambda step: holder(step.owner)),
    Column(named(Step, "due_on"), 2, lambda step: step.due_on),
    Column(named(Step, "goal"), Place.UNDER, lambda step: own(step.goal and step.goal.what)),
    Column(
        named(Step, "activity"),
        Place.UNDER,
        lambda step: own(step.activity and step.activity.title),
    ),
    Column(
        gettext_lazy("Follows from the contact of"),
        Place.UNDER,
        lambda step: step.follows_from and step.follows_from.on,
    ),
    Column(named(Step, "note"), Place.UNDER, lambda step: own(step.note)),
    Column(named(Step, "reason"), Place.UNDER, lambda step: own(step.reason)),
    Column(
        gettext_lazy("Settled by"),
        Place.UNDER,
        lambda step: own(step.settled_by.name if step.settled_by else ""),
    ),
    Column(gettext_lazy("Settled on"), Place.UNDER, lambda step: step.settled_at),
    Column(named(Step, "cycle"), Place.UNDER, lambda step: step.cycle),
)


def steps(dossier) -> list[Step]:
    found = dossier.partnership.steps.select_related(
        "owner__person", "goal", "activity", "follows_from", "settled_by"
    )
    return list(found.order_by(F("due_on").asc(nulls_last=True), "pk"))


# Give and take


CONTRIBUTIONS = (
    Column(named(Contribution, "party"), Place.HEADING, lambda one: own(one.party.name)),
    Column(named(Contribution, "what"), 5, lambda one: own(one.what)),
    Column(named(Contribution, "kind"), 3, lambda one: ours(one.get_kind_display())),
    Column(named(Contribution, "promised"), 2, lambda one: one.promised),
    Column(gettext_lazy("Given so far"), 2, lambda one: one.given),
    Column(gettext_lazy("State"), Place.UNDER, lambda one: ours(one.standing.label)),
    Column(named(Contribution, "unit"), 2, lambda one: own(one.unit)),
    Column(
        named(Contribution, "is_estimate"),
        Place.UNDER,
        lambda one: one.is_estimate and ours(_("yes")),
    ),
    Column(named(Contribution, "basis"), Place.UNDER, lambda one: own(one.basis)),
    Column(named(Contribution, "due_on"), Place.UNDER, lambda one: one.due_on),
    Column(named(Contribution, "cycle"), Place.UNDER, lambda one: one.cycle),
    Column(gettext_lazy("Taken back on"), Place.UNDER, lambda one: one.taken_back_at),
    Column(
        gettext_lazy("Why it was taken back"), Place.UNDER, lambda one: own(one.taken_back_because)
    ),
)


def contributions(dossier) -> list[Contribution]:
    return dossier.contributions


DELIVERIES = (
    Column(
        named(Contribution, "party"), Place.HEADING, lambda row: own(row.contribution.party.name)
    ),
    Column(gettext_lazy("Contribution"), 5, lambda row: own(row.contribution.what)),
    Column(named(Delivery, "on"), 2, lambda row: row.on),
    Column(named(Delivery, "amount"), 2, lambda row: row.amount),
    Column(named(Contribution, "unit"), 2, lambda row: own(row.contribution.unit)),
    Column(gettext_lazy("State"), 3, lambda row: account_of(row, row.amount)),
    Column(named(Delivery, "note"), Place.UNDER, lambda row: own(row.note)),
    Column(gettext_lazy("Entered by"), Place.UNDER, lambda row: own(row.by.name)),
    Column(gettext_lazy("Entered on"), Place.UNDER, lambda row: row.at),
)


def deliveries(dossier) -> list[Delivery]:
    """All that was ever noted as given, contribution by contribution, with its corrections."""
    found = []
    for contribution in dossier.contributions:
        rows = list(contribution.deliveries.all())
        corrected = {row.corrects_id for row in rows}
        for row in rows:
            row.contribution, row.was_corrected = contribution, row.pk in corrected
        found += rows
    return found


GAINS = (
    Column(named(Gain, "party"), Place.HEADING, lambda gain: own(gain.party.name)),
    Column(named(Gain, "what"), 7, lambda gain: own(gain.what)),
    Column(named(Gain, "cycle"), 1, lambda gain: gain.cycle),
    Column(gettext_lazy("Entered on"), 2, lambda gain: gain.made_at),
    Column(gettext_lazy("Taken back on"), Place.UNDER, lambda one: one.taken_back_at),
    Column(
        gettext_lazy("Why it was taken back"), Place.UNDER, lambda one: own(one.taken_back_because)
    ),
)


def gains(dossier) -> list[Gain]:
    found = dossier.partnership.gains.select_related("party__school", "party__partner")
    return list(found.order_by("party__position", "party", "pk"))


# Contact


LOG = (
    Column(named(LogEntry, "on"), 2, lambda entry: entry.on),
    Column(named(LogEntry, "kind"), 2, lambda entry: ours(entry.get_kind_display())),
    Column(named(LogEntry, "said"), 7, lambda entry: own(entry.said)),
    Column(named(LogEntry, "people"), 3, lambda entry: everyone(entry.people.all())),
    Column(named(LogEntry, "others"), Place.UNDER, lambda entry: own(entry.others)),
    Column(named(LogEntry, "settled"), Place.UNDER, lambda entry: own(entry.settled)),
    Column(
        gettext_lazy("Steps that follow"),
        Place.UNDER,
        lambda entry: row_of((own(step.what) for step in entry.steps.all()), between="; "),
    ),
    Column(gettext_lazy("Entered by"), Place.UNDER, lambda entry: own(entry.by.name)),
)


def log(dossier) -> list[LogEntry]:
    found = dossier.partnership.log.select_related("by")
    return list(found.prefetch_related("people__person", "steps").order_by("-on", "-pk"))

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.joined import joined, parted
from accounts.text import NFCTextField
from accounts.versions import Versioned
from partnerships.events import SCHOOL_SIDE_ONLY, EventKind
from partnerships.models.cycles import CycleNote
from partnerships.models.history import Event, Move
from partnerships.models.log import last_contact
from partnerships.models.parties import Party, party_names
from partnerships.models.people import Seat
from partnerships.models.places import District, School
from partnerships.stages import (
    RECOMMIT_TO,
    STATUS_MOVES,
    MoveKind,
    Stage,
    Status,
    kind_of_move,
)
from partnerships.vocabulary import (
    DISAGREEMENTS_QUESTION,
    ENDING_QUESTION,
    ContactRhythm,
    EngagementKind,
    Side,
)

FEW_WORDS = 3  # a reason shorter than this says too little to whoever reads it next year


class MoveRefused(Exception):
    """The partnership cannot move this way now; the message says why, to the reader."""


class MovedMeanwhile(MoveRefused):
    """Somebody has moved the partnership since the page was drawn."""

    def __init__(self, move: Move):
        super().__init__(move.sentence)
        self.move = move


@dataclass(frozen=True)
class MovePlan:
    """What a move would be and do, for the page that confirms it and for the move itself."""

    kind: MoveKind
    to_stage: Stage
    open_items: int

    @property
    def needs_reason(self) -> bool:
        """On with nothing open needs none; with items open, backwards or skipping does."""
        if self.kind in {MoveKind.NEXT, MoveKind.RECOMMIT}:
            return self.open_items > 0
        return True


def is_reason(text: str) -> bool:
    return len(text.split()) >= FEW_WORDS


def item_counts() -> models.Subquery:
    """How far the checklist of a row is; for a query over partnerships. The items say how that is counted."""
    return Partnership._meta.get_field("items").related_model.objects.counted_here()


class PartnershipQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The one door: every page, fragment, file, export and mail starts here.

        Coordinators see the partnerships of their schools, people with a seat those in which
        they hold one until the day they leave, district admins those of their district.
        """
        if user.is_superuser:
            return self
        # A union, so that the database can walk each index instead of the whole table.
        seats = Seat.objects.current().filter(person__user=user).order_by()
        ways = [seats.values("party__partnership_id")]
        if user.school_ids:
            ways.append(Party.objects.of_schools(user.school_ids))
        if user.district_ids:
            mine = Partnership.objects.filter(district__in=user.district_ids)
            ways.append(mine.order_by().values("pk"))
        return self.filter(pk__in=ways[0].union(*ways[1:]) if ways[1:] else ways[0])

    def worked_in_by(self, user):
        """Those in which a user has a hand themselves: of their schools, or with a seat of theirs."""
        seats = Seat.objects.current().filter(person__user=user).order_by()
        schools = Party.objects.of_schools(user.school_ids)
        return self.filter(pk__in=seats.values("party__partnership_id").union(schools))

    def managed_by(self, user):
        if user.is_superuser:
            return self
        return self.filter(pk__in=Party.objects.of_schools(user.school_ids))

    def with_sides(self):
        """With everybody at the table: three queries, however many rows."""
        began = Move.objects.filter(
            partnership=models.OuterRef("pk"), kind__in=[MoveKind.START, MoveKind.RECOMMIT]
        )
        noted = CycleNote.objects.filter(
            partnership=models.OuterRef("pk"), cycle=models.OuterRef("cycle")
        )
        as_note = JSONObject(keep="keep", change="change", stage="stage", by="by__name")
        return (
            self.select_related("district", "coordinator", "public_page")
            .prefetch_related(
                party_names(),
                models.Prefetch("parties__seats", Seat.objects.select_related("person")),
            )
            .annotate(
                engagement_keys=joined(Engagement.objects.all(), "partnership", "kind"),
                cycle_began_at=models.Subquery(began.order_by("-pk").values("at")[:1]),
                cycle_note=models.Subquery(noted.values(note=as_note)[:1]),
                last_contact_on=last_contact(),
                item_counts=item_counts(),
                some_have_left=models.Exists(
                    Party.ever.filter(partnership=models.OuterRef("pk")).exclude(left_on=None)
                ),
            )
        )

    def with_parties(self):
        """With the names of the parties, for lists: one query, however many rows."""
        return self.prefetch_related(party_names())

    @transaction.atomic
    def start(
        self,
        *,
        school,
        partner,
        by,
        purpose,
        engagements=(),
        level_now="",
        level_wanted="",
        starts_on=None,
        ends_on=None,
    ):
        """Begin a partnership at pre-partnering, with its checklist and whoever starts it as contact."""
        partnership = self.create(
            district=school.district,
            coordinator=by if by.pk and school.coordinators.contains(by) else None,
            purpose=purpose,
            starts_on=starts_on,
            ends_on=ends_on,
        )
        ours = partnership.parties.create(school=school, position=1)
        partnership.parties.create(partner=partner, position=2)
        partnership.set_engagements(engagements)
        partnership.write_move(MoveKind.START, Stage.PRE, by=by)
        partnership.items.make()
        if level_now or level_wanted:
            ours.report_level(now=level_now, wanted=level_wanted, by=by)
        if partnership.coordinator:
            ours.seat_coordinator(by)
        return partnership


class Partnership(Versioned):
    """A school and a partner (or several of each) working together, over one or more cycles."""

    district = models.ForeignKey(
        District, models.PROTECT, related_name="partnerships", verbose_name=_("district")
    )
    coordinator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="coordinated_partnerships",
        verbose_name=_("coordinator in charge"),
    )
    purpose = NFCTextField(_("what it is for"), max_length=2000)
    starts_on = models.DateField(_("begins on"), null=True, blank=True)
    ends_on = models.DateField(_("planned until"), null=True, blank=True)
    contact_rhythm = models.CharField(
        _("how often you are in contact"), max_length=12, choices=ContactRhythm, blank=True
    )
    contact_since = models.DateField(null=True, editable=False)  # the day the rhythm was agreed

    stage = models.CharField(
        _("stage"), max_length=10, choices=Stage, default=Stage.PRE, editable=False
    )
    cycle = models.PositiveSmallIntegerField(_("cycle"), default=1, editable=False)
    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.ACTIVE, editable=False
    )
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)
    active_at = models.DateTimeField(_("last activity"), default=timezone.now, editable=False)

    history = HistoricalRecords(excluded_fields=["version", "active_at"])
    objects = PartnershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("partnership")
        verbose_name_plural = _("partnerships")
        ordering = ["-active_at", "-pk"]
        indexes = [
            models.Index(fields=["district", "status", "stage"]),
            models.Index(fields=["-active_at", "-id"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on=None)
                | models.Q(starts_on=None)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="ends_after_it_begins",
                violation_error_message=_("Enter an end that is not before the beginning."),
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("desk:guide", args=[self.pk])

    # Questions

    @property
    def title(self) -> str:
        return " × ".join(party.label for party in self.parties.all())

    @property
    def full_title(self) -> str:
        """The sides by their full names, for whoever does not know them by the short ones."""
        return " × ".join(party.name for party in self.parties.all())

    @property
    def partner_names(self) -> str:
        return " × ".join(party.label for party in self.parties.all() if party.partner_id)

    @property
    def cycle_name(self) -> str:
        names = {1: _("first cycle"), 2: _("second cycle"), 3: _("third cycle")}
        return names.get(self.cycle) or gettext("cycle %(number)s") % {"number": self.cycle}

    @property
    def opening(self) -> dict[str, str] | None:
        """What this cycle keeps and changes, until it has moved on from the stage at which it began."""
        note = self.cycle_note
        if note and self.at_stage.number <= Stage(note["stage"]).number:
            return note
        return None

    @property
    def at_stage(self) -> Stage:
        return Stage(self.stage)

    @property
    def is_active(self) -> bool:
        return self.status == Status.ACTIVE

    @property
    def is_paused(self) -> bool:
        return self.status == Status.PAUSED

    @property
    def has_ended(self) -> bool:
        return self.status == Status.ENDED

    @property
    def aims(self) -> list[EngagementKind]:
        """The kinds of engagement it aims at, for one fetched `with_sides`."""
        chosen = parted(self.engagement_keys)
        return [kind for kind in EngagementKind if kind in chosen]

    @cached_property
    def last_move(self) -> Move:
        return self.moves.select_related("by").last()

    @cached_property
    def current_seats(self) -> list[Seat]:
        """Everybody at the table now, party by party."""
        seats = [seat for party in self.parties.all() for seat in party.seats_of(self)]
        return [seat for seat in seats if seat.is_current]

    @property
    def seats_by_key(self) -> dict[int, Seat]:
        """Everybody at the table, now or before, of the parties that are at it."""
        return {seat.pk: seat for party in self.parties.all() for seat in party.seats_of(self)}

    def seats_of(self, user) -> list[Seat]:
        return [seat for seat in self.current_seats if seat.person.user_id == user.pk]

    def parties_of(self, user) -> list["Party"]:
        """The parties a user speaks for: where they have a seat, and the schools they coordinate."""
        seated = {seat.party.pk for seat in self.seats_of(user)}
        return [
            party
            for party in self.parties.all()
            if party.pk in seated or (party.school_id and party.school_id in user.school_ids)
        ]

    def sides_of(self, user) -> set[Side]:
        """The sides a user sits on: coordinators on the school's, others where they have a seat."""
        sides = {seat.party.side for seat in self.seats_of(user)}
        return sides | {Side.SCHOOL} if self.can_be_managed_by(user) else sides

    def can_be_managed_by(self, user) -> bool:
        """Coordinators of its school (or schools) start, guide, move and end a partnership."""
        return user.is_superuser or any(
            party.school_id in user.school_ids for party in self.parties.all() if party.school_id
        )

    @property
    def may_be_handed_on(self) -> bool:
        """What is handed on is written until it has ended, or until its closing debrief closes."""
        if not self.has_ended:
            return True
        return self.closing_debrief is not None and self.closing_debrief.is_open

    @cached_property
    def closing_debrief(self):
        """The closing debrief that is open, or that was held in this cycle."""
        of_now = models.Q(closed_at=None) | models.Q(cycle=self.cycle)
        return self.debriefs.closing().filter(of_now).first()

    @property
    def looked_after_by(self) -> list:
        """The coordinator in charge, where there is one; else every coordinator of its school."""
        here = list(self.school_party.school.coordinators.filter(is_active=True))
        return [user for user in here if user.pk == self.coordinator_id] or here

    def is_of(self, user) -> bool:
        """Whether somebody is of its people: they manage it, or have a seat; also when it has ended."""
        return self.can_be_managed_by(user) or bool(self.seats_of(user))

    def can_be_worked_in_by(self, user) -> bool:
        """Its people work in it, until it has ended."""
        return not self.has_ended and self.is_of(user)

    def school_side_is_open_to(self, user) -> bool:
        """Worksheets and the like are read by the school side and its district only."""
        return Side.SCHOOL in self.sides_of(user) or self.district_id in user.district_ids

    def parties_open_to(self, user) -> list["Party"]:
        """The parties whose own papers a user reads: those they speak for, and for the district its schools.

        What a partner keeps to itself is read by nobody else, admins and operators included.
        """
        mine = self.parties_of(user)
        for_district = user.is_superuser or self.district_id in user.district_ids
        return [
            party
            for party in self.parties.all()
            if party in mine or (for_district and party.school_id)
        ]

    def handovers_open_to(self, user) -> list["Party"]:
        """The parties whose handovers a user may reach: of their own side, and of those they write for."""
        open_to = self.parties_open_to(user)
        return [
            party
            for party in self.parties.all()
            if party in open_to or party.may_be_spoken_for_by(user)
        ]

    def events_open_to(self, user):
        """The lines of the timeline that a user may read."""
        events = self.events.open_to(self.parties_open_to(user))
        if self.school_side_is_open_to(user):
            return events
        return events.exclude(kind__in=SCHOOL_SIDE_ONLY)

    def school_side_may_be_written_by(self, user) -> bool:
        return not self.has_ended and Side.SCHOOL in self.sides_of(user)

    @property
    def school_party(self) -> "Party":
        return next(party for party in self.parties.all() if party.school_id)

    @property
    def agreement_in_force(self):
        """The version of the agreement that was last signed by all it names, if there is one."""
        return self.agreements.in_force()

    @property
    def on_ending(self) -> str:
        """What the sides have agreed on changing or ending the partnership."""
        return self.agreed_words(ENDING_QUESTION)

    @property
    def on_disagreements(self) -> str:
        """What the sides have agreed on handling disagreements."""
        return self.agreed_words(DISAGREEMENTS_QUESTION)

    def agreed_words(self, question: str, signed=None) -> str:
        """What the sides have agreed on one of the ten questions: as signed, else as worded.

        `signed` is the agreement in force, where it is at hand.
        """
        signed = signed or self.agreement_in_force
        return (signed.words_on(question) if signed else "") or self.wordings.agreed_words(question)

    @property
    def contact_due_on(self) -> date | None:
        """By when the sides are to be in contact again, by what they agreed; `with_sides` knows the last time."""
        if not (self.contact_rhythm and self.contact_since):
            return None
        since = max(self.contact_since, self.last_contact_on or self.contact_since)
        return since + timedelta(days=ContactRhythm(self.contact_rhythm).days)

    @property
    def contact_is_overdue(self) -> bool:
        """The same of many partnerships is asked by `contact_overdue` of the log."""
        due_on = self.contact_due_on
        return self.is_active and due_on is not None and due_on < self.district.today()

    @property
    def former_parties(self) -> list["Party"]:
        """Who sat at the table before, with their people."""
        if not self.some_have_left:
            return []
        parties = Party.ever.filter(partnership=self).exclude(left_on=None)
        return list(parties.select_related("school", "partner").prefetch_related("seats__person"))

    @property
    def wants_differ(self) -> bool:
        """The parties have said that they want different levels of relationship."""
        return len({party.level_wanted for party in self.parties.all() if party.level_wanted}) > 1

    @cached_property
    def planned_activities(self) -> list:
        """What is not called off, each activity knowing its days and who leads: one query."""
        found = list(self.activities.planned().with_notes().with_leads())
        for activity in found:
            activity.partnership = self
        return found

    @property
    def parties_lacking_people(self) -> list["Party"]:
        """From stage 1 on every party needs a champion and a contact person."""
        if self.stage == Stage.PRE or self.has_ended:
            return []
        return [party for party in self.parties.all() if party.missing_roles]

    @cached_property
    def told_steps(self) -> list:
        """The open steps that have a due date, by it, then those without one that are nobody's."""
        told = models.Q(due_on__isnull=False) | models.Q(owner=None)
        return self.with_people(self.steps.open().filter(told))

    @property
    def dated_steps(self) -> list:
        return [step for step in self.told_steps if step.due_on]

    def with_people(self, steps) -> list:
        """Steps of this partnership, each knowing who does it without another query."""
        found = list(steps)
        for step in found:
            step.partnership, step.owner = self, self.seats_by_key.get(step.owner_id)
        return found

    @cached_property
    def progress_by_stage(self) -> dict:
        """How far the checklist of this cycle is, by stage (a `checklists.progress.Progress` each)."""
        return self.items.of_current_cycle().progress_by("stage")

    @cached_property
    def progress(self):
        """How far it is in all, for one fetched `with_sides`; None while it has no items."""
        return self.items.progress_of(self.item_counts)

    def plan_move(self, stage: Stage) -> MovePlan:
        kind = kind_of_move(self.at_stage, stage)
        return MovePlan(kind, stage, self.items.open_between(self.at_stage, stage).count())

    def plan_recommit(self, stage: Stage) -> MovePlan:
        return MovePlan(MoveKind.RECOMMIT, stage, self.items.open_now().count())

    def plan_status(self, kind: MoveKind) -> MovePlan:
        return MovePlan(kind, self.at_stage, self.items.open_now().count())

    # Actions

    @transaction.atomic
    def move_to(self, stage: Stage, *, by, drawn_for: Move, reason: str = "") -> Move:
        """Go to another stage of this cycle. `drawn_for` is the last move that the person saw.

        Nothing but this and its siblings writes `stage`, `cycle` and `status`. Raises MoveRefused.
        """
        self.lock(drawn_for)
        if not self.is_active:
            raise MoveRefused(_("This partnership is not active. Take it up again first."))
        if stage == self.stage:
            raise MoveRefused(_("This partnership is at that stage already."))
        plan = self.plan_move(stage)
        return self.carry_out(plan, by=by, reason=reason)

    @transaction.atomic
    def recommit(
        self,
        stage: Stage,
        *,
        by,
        drawn_for: Move,
        reason: str = "",
        retired_goals=(),
        retired_because: str = "",
        keep: str = "",
        change: str = "",
    ) -> Move:
        """Begin a new cycle at stage 1 or 2. Items that repeat open anew; the old cycle stays readable.

        Open goals are carried over, but for those whose numbers are among `retired_goals`. What to
        `keep` and to `change` stands on the first page of the new cycle.
        """
        self.lock(drawn_for)
        if not self.is_active or self.stage != Stage.RECOMMIT:
            raise MoveRefused(_("A new cycle begins from stage 5."))
        if stage not in RECOMMIT_TO:
            raise MoveRefused(_("A new cycle begins at stage 1 or 2."))
        plan = self.plan_recommit(stage)
        if plan.needs_reason and not is_reason(reason):
            raise MoveRefused(_("Say in a few words why items stay open."))
        self.cycle += 1
        move = self.carry_out(plan, by=by, reason=reason)
        if keep or change:
            self.cycle_notes.create(
                cycle=self.cycle, stage=stage, keep=keep, change=change, by=by, at=move.at
            )
        self.items.renew()
        self.goals.begin_cycle(retired=retired_goals, because=retired_because, by=by)
        return move

    @transaction.atomic
    def change_status(self, kind: MoveKind, *, by, drawn_for: Move, reason: str) -> Move:
        """Pause, resume or reopen, from any stage. To end, see `end`."""
        self.lock(drawn_for)
        allowed, _new = STATUS_MOVES[kind]
        if self.status not in allowed:
            raise MoveRefused(self.last_move.sentence)
        return self.carry_out(self.plan_status(kind), by=by, reason=reason)

    @transaction.atomic
    def end(
        self,
        *,
        by,
        drawn_for: Move,
        reason: str,
        no_debrief_because: str = "",
        debrief_closes_on: date | None = None,
    ) -> Move:
        """End from any stage; a closing debrief opens, or the checklist says why there is none."""
        move = self.change_status(MoveKind.END, by=by, drawn_for=drawn_for, reason=reason)
        self.items.open_ending(by=by, not_relevant_because=no_debrief_because)
        self.debriefs.settle_ending(
            by=by, closes_on=debrief_closes_on, none_because=no_debrief_because
        )
        return move

    @transaction.atomic
    def reassign(self, *, school: School, coordinator, by):
        """Put the partnership into other hands: another school of the district, another coordinator."""
        ours = self.school_party
        if ours.school != school:
            self.hide_what_is_public_for(ours, by=by)
        ours.school = school
        ours.save(update_fields=["school"])
        self.coordinator = coordinator
        self.save(update_fields=["coordinator"])
        whose = f"{coordinator.name} ({school})" if coordinator else school.name
        self.record(EventKind.REASSIGNED, by=by, coordinator=whose)

    def hide_what_is_public_for(self, party, *, by):
        """Under the name of whoever takes a place over, nothing is public that they have not released."""
        if page := getattr(self, "public_page", None):
            page.let_go(party, by=by)
        self.feedback.hide_for(party, by=by)

    def lock(self, drawn_for: Move):
        """Decide on the row as it is now: two people may press the button at once.

        By `no_key`, as wherever a partnership is locked: whoever only adds to it need not wait.
        """
        locked = Partnership.objects.select_for_update(no_key=True).get(pk=self.pk)
        self.stage, self.cycle, self.status = locked.stage, locked.cycle, locked.status
        self.__dict__.pop("last_move", None)
        if self.last_move != drawn_for:
            raise MovedMeanwhile(self.last_move)

    def carry_out(self, plan: MovePlan, *, by, reason: str) -> Move:
        if plan.needs_reason and not is_reason(reason):
            raise MoveRefused(_("Say why, in a few words."))
        return self.write_move(
            plan.kind, plan.to_stage, by=by, reason=reason, open_items=plan.open_items
        )

    def write_move(self, kind, stage, *, by, reason="", open_items=0) -> Move:
        move = self.moves.create(
            kind=kind,
            from_stage="" if kind == MoveKind.START else self.stage,
            to_stage=stage,
            cycle=self.cycle,
            by=by,
            at=timezone.now(),
            reason=reason,
            open_items=open_items,
        )
        self.stage = stage
        if kind in STATUS_MOVES:
            self.status = STATUS_MOVES[kind][1]
        self.save(update_fields=["stage", "cycle", "status"])
        self.last_move = move
        self.record(EVENT_OF_MOVE[kind], by=by, stage=stage, cycle=str(self.cycle), reason=reason)
        return move

    @transaction.atomic(savepoint=False)
    def record(self, kind: str, *, by, only_for=None, of_document=None, **about) -> Event:
        """Add a line to the timeline; `only_for` one party, where it is nobody else's business."""
        now = timezone.now()
        # Whoever holds the row may wait for what we hold, so we do not wait for them: they note it too.
        free = Partnership.objects.select_for_update(no_key=True, skip_locked=True)
        # Not by save(): this is no change that the admin's history should list.
        Partnership.objects.filter(pk__in=free.filter(pk=self.pk).values("pk")).update(
            active_at=now
        )
        return self.events.create(
            kind=EventKind(kind),
            cycle=self.cycle,
            by=by,
            at=now,
            about=about,
            only_for=only_for,
            of_document=of_document,
        )

    @transaction.atomic
    def set_contact_rhythm(self, rhythm: str, *, by):
        """Note how often the sides have agreed to be in contact; counted from today."""
        self.contact_rhythm = rhythm
        self.contact_since = self.district.today() if rhythm else None
        self.version += 1
        self.save(update_fields=["contact_rhythm", "contact_since", "version"])
        self.record(EventKind.CONTACT_RHYTHM_SET, by=by, rhythm=rhythm)

    def set_engagements(self, kinds):
        self.engagements.exclude(kind__in=kinds).delete()
        for kind in kinds:
            self.engagements.get_or_create(kind=kind)


EVENT_OF_MOVE = {
    MoveKind.START: EventKind.STARTED,
    MoveKind.NEXT: EventKind.MOVED,
    MoveKind.SKIP: EventKind.SKIPPED,
    MoveKind.BACK: EventKind.MOVED_BACK,
    MoveKind.RECOMMIT: EventKind.RECOMMITTED,
    MoveKind.PAUSE: EventKind.PAUSED,
    MoveKind.RESUME: EventKind.RESUMED,
    MoveKind.END: EventKind.ENDED,
    MoveKind.REOPEN: EventKind.REOPENED,
}


class Engagement(models.Model):
    """One kind of engagement that a partnership aims at."""

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="engagements")
    kind = models.CharField(_("kind"), max_length=20, choices=EngagementKind)

    class Meta:
        verbose_name = _("kind of engagement")
        verbose_name_plural = _("kinds of engagement")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "kind"], name="one_engagement_per_kind")
        ]

    def __str__(self):
        return self.get_kind_display()

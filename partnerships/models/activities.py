"""What the sides do together: planned with a date or a rhythm, and afterwards how it went."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.text import NFCCharField, NFCTextField
from accounts.versions import Versioned
from partnerships.models.goals import Goal
from partnerships.models.partnership import Partnership
from partnerships.models.people import Seat
from partnerships.vocabulary import EngagementKind, Rhythm


class ActivityQuerySet(models.QuerySet):
    def planned(self):
        return self.filter(called_off_at=None)

    def without_a_voice(self):
        """Those for which nobody has said how students or families had a say."""
        return self.planned().filter(say="")


class Activity(Versioned):
    """Something the sides do together, once or again and again. Numbers only: no names of students."""

    partnership = models.ForeignKey(
        Partnership, models.PROTECT, related_name="activities", verbose_name=_("partnership")
    )
    cycle = models.PositiveSmallIntegerField(_("cycle"), default=1)
    title = NFCCharField(_("what you do"), max_length=200)
    kind = models.CharField(_("kind of engagement"), max_length=20, choices=EngagementKind)
    rhythm = models.CharField(_("how often"), max_length=12, choices=Rhythm, default=Rhythm.ONCE)
    on = models.DateField(_("date"))  # the first, if it repeats
    until = models.DateField(_("last date"), null=True, blank=True)
    begins_at = models.TimeField(_("from"), null=True, blank=True)
    ends_at = models.TimeField(_("to"), null=True, blank=True)
    place = NFCCharField(_("place"), max_length=200, blank=True)
    needs = NFCTextField(_("what is needed"), max_length=2000, blank=True)
    say = NFCTextField(_("how students and families had a say"), max_length=1000, blank=True)
    leads = models.ManyToManyField(
        Seat, related_name="led_activities", blank=True, verbose_name=_("who leads")
    )
    goals = models.ManyToManyField(
        Goal, related_name="activities", blank=True, verbose_name=_("goals it serves")
    )
    called_off_at = models.DateTimeField(null=True, editable=False)
    called_off_because = NFCTextField(max_length=500, blank=True, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="activities", editable=False
    )

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["on", "begins_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(rhythm=Rhythm.ONCE, until=None)
                | (~Q(rhythm=Rhythm.ONCE) & Q(until__gte=models.F("on"))),
                name="what_repeats_has_a_last_date",
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=models.F("begins_at")),
                name="activity_ends_after_it_begins",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("partnerships:activity", args=[self.partnership_id, self.pk])


class Occurrence(Versioned):
    """One day of an activity that something is noted about: moved, not held, or how it went.

    A day of which nothing is noted has no row; the days follow from the activity's rhythm.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        HELD = "held", _("Took place")
        NOT_HELD = "not-held", _("Did not take place")

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="occurrences")
    planned_on = models.DateField(editable=False)  # by the rhythm
    moved_to = models.DateField(_("moved to"), null=True, blank=True)
    state = models.CharField(_("took place"), max_length=10, choices=State, default=State.PLANNED)
    students = models.PositiveIntegerField(_("students"), null=True, blank=True)
    teachers = models.PositiveIntegerField(_("teachers"), null=True, blank=True)
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    family_members = models.PositiveIntegerField(_("family members"), null=True, blank=True)
    hours = models.DecimalField(_("hours"), max_digits=6, decimal_places=2, null=True, blank=True)
    how_it_went = NFCTextField(_("how it went"), max_length=2000, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="occurrences", editable=False
    )
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("day of an activity")
        verbose_name_plural = _("days of activities")
        ordering = ["planned_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "planned_on"], name="one_occurrence_per_planned_day"
            )
        ]

    def __str__(self):
        return f"{self.activity}, {self.on}"

    @property
    def on(self):
        return self.moved_to or self.planned_on

"""Goals that can be counted, and what was counted.

What a goal's numbers say (reached, on the way, behind, no data) is defined here once; every page,
chart, agreement and export asks `Goal.standing`.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.text import NFCCharField, NFCTextField
from accounts.versions import Versioned
from partnerships.models.history import Record
from partnerships.models.partnership import Partnership
from partnerships.vocabulary import Direction, ForWhom

NUMBER = {"max_digits": 14, "decimal_places": 2}


class GoalQuerySet(models.QuerySet):
    def open(self):
        """Those that are still worked on, in whichever cycle they were set."""
        return self.filter(retired_in=None)

    def of_cycle(self, number: int):
        """Those that counted in a cycle: set by then, and not retired before."""
        return self.filter(Q(retired_in=None) | Q(retired_in__gte=number), cycle__lte=number)

    def without_a_voice(self):
        """Those for which nobody has said how students or families had a say."""
        return self.filter(say="")


class Goal(Versioned):
    """Something both sides want to have reached by a day, with a number that shows it."""

    partnership = models.ForeignKey(
        Partnership, models.PROTECT, related_name="goals", verbose_name=_("partnership")
    )
    cycle = models.PositiveSmallIntegerField(_("cycle"), default=1)  # in which it was set
    what = NFCCharField(_("what you want to reach"), max_length=300)
    for_students = models.BooleanField(ForWhom.STUDENTS.label, default=False)
    for_teachers = models.BooleanField(ForWhom.TEACHERS.label, default=False)
    for_employees = models.BooleanField(ForWhom.EMPLOYEES.label, default=False)
    for_community = models.BooleanField(ForWhom.COMMUNITY.label, default=False)
    measure = NFCCharField(_("what you count"), max_length=200)
    unit = NFCCharField(_("unit"), max_length=40)
    direction = models.CharField(
        _("direction"), max_length=5, choices=Direction, default=Direction.MORE
    )
    starts_on = models.DateField(_("counted from"))  # the day of the starting value
    starting_value = models.DecimalField(_("starting value"), **NUMBER)
    target = models.DecimalField(_("target"), **NUMBER)
    due_on = models.DateField(_("to be reached by"))
    serves = NFCTextField(_("district or school goal it serves"), max_length=500, blank=True)
    say = NFCTextField(_("how students and families had a say"), max_length=1000, blank=True)
    retired_in = models.PositiveSmallIntegerField(null=True, editable=False)  # the last cycle
    retired_because = NFCTextField(max_length=500, blank=True, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="goals", editable=False
    )

    objects = GoalQuerySet.as_manager()

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(direction=Direction.MORE, target__gt=F("starting_value"))
                | Q(direction=Direction.LESS, target__lt=F("starting_value")),
                name="target_lies_ahead_of_the_start",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gt=F("starts_on")), name="goal_is_due_after_its_start"
            ),
        ]

    def __str__(self):
        return self.what

    def get_absolute_url(self):
        return reverse("partnerships:goal", args=[self.partnership_id, self.pk])

    @property
    def for_whom(self) -> list[ForWhom]:
        return [one for one in ForWhom if getattr(self, f"for_{one.value}")]

    @property
    def is_open(self) -> bool:
        return self.retired_in is None


class Measurement(Record):
    """What was counted for a goal on a day. A correction is a row of its own that names the one it corrects.

    A correction without a value takes the measurement back.
    """

    goal = models.ForeignKey(Goal, models.PROTECT, related_name="measurements")
    on = models.DateField(_("date"))
    value = models.DecimalField(_("value"), null=True, **NUMBER)
    note = NFCCharField(_("note"), max_length=500, blank=True)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="corrected_by", editable=False
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="measurements", editable=False
    )
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")
        ordering = ["on", "pk"]

    def __str__(self):
        return f"{self.on}: {self.value}"

import zoneinfo
from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.text import FoldedField, NFCCharField, NFCTextField, fold


def validate_timezone(name):
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            _("Enter a time zone such as America/Los_Angeles or Asia/Ho_Chi_Minh.")
        )


def free_slug(name: str, districts) -> str:
    """Return a name as it can stand in an address, with a number where another has it already."""
    word = slugify(fold(name))[:70].strip("-") or "district"
    number, slug = 1, word
    while districts.filter(slug=slug).exists():
        number += 1
        slug = f"{word}-{number}"
    return slug


class DistrictQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The districts that a user administers, or whose schools they coordinate."""
        if user.is_superuser:
            return self
        return self.filter(
            models.Q(pk__in=user.districts.values("pk"))
            | models.Q(pk__in=user.schools.values("district"))
        )

    def administered_by(self, user):
        """The districts whose reports a user reads."""
        return self if user.is_superuser else self.filter(pk__in=user.district_ids)


class District(models.Model):
    name = NFCCharField(_("name"), max_length=160, unique=True)
    timezone = models.CharField(
        _("time zone"),
        max_length=60,
        default="UTC",
        validators=[validate_timezone],
        help_text=_("Such as America/Los_Angeles. What is late is decided by its clock."),
    )
    admins = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("district admins"),
        related_name="districts",
        blank=True,
    )

    # Of its public list; made from the first name and kept, since it is printed and shared.
    slug = models.SlugField(max_length=80, unique=True, editable=False)

    history = HistoricalRecords(excluded_fields=["slug"])
    objects = DistrictQuerySet.as_manager()

    class Meta:
        verbose_name = _("district")
        verbose_name_plural = _("districts")
        ordering = ["name"]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.slug = self.slug or free_slug(self.name, District.objects)
        super().save(*args, **kwargs)

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.timezone)

    def today(self, plus: timedelta = timedelta(0)) -> date:
        """The date now (or whole days after it), as `localdate.today_in` asks it of the database."""
        return timezone.localdate(timezone=self.zone) + plus

    def keep_time(self):
        """Say dates and times as this district's clocks do, until the request ends."""
        timezone.activate(self.zone)


class SchoolQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The schools that a user coordinates, or of a district that they administer."""
        if user.is_superuser:
            return self
        return self.filter(
            models.Q(pk__in=user.schools.values("pk"))
            | models.Q(district__in=user.districts.values("pk"))
        )

    def managed_by(self, user):
        return self if user.is_superuser else self.filter(pk__in=user.schools.values("pk"))


class School(models.Model):
    district = models.ForeignKey(
        District, models.PROTECT, related_name="schools", verbose_name=_("district")
    )
    name = NFCCharField(_("name"), max_length=160)
    short_name = NFCCharField(
        _("short name"),
        max_length=40,
        blank=True,
        help_text=_("For titles, such as “Lincoln High”."),
    )
    address = NFCTextField(_("address"), max_length=500, blank=True)
    phone = NFCCharField(_("phone"), max_length=40, blank=True)
    coordinators = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        through="Coordinator",
        related_name="schools",
        verbose_name=_("coordinators"),
    )
    folded = FoldedField(of=["name", "short_name"])

    history = HistoricalRecords(excluded_fields=["folded"])
    objects = SchoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("school")
        verbose_name_plural = _("schools")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["district", "name"], name="one_school_per_name")
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("partnerships:school", args=[self.pk])

    @property
    def label(self) -> str:
        return self.short_name or self.name

    def can_be_managed_by(self, user) -> bool:
        return user.is_superuser or self.pk in user.school_ids


class Coordinator(models.Model):
    """A person who coordinates a school's partnerships."""

    school = models.ForeignKey(School, models.CASCADE, verbose_name=_("school"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="coordinatorships",
        verbose_name=_("account"),
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("coordinator")
        verbose_name_plural = _("coordinators")
        constraints = [
            models.UniqueConstraint(
                fields=["school", "user"], name="one_coordinatorship_per_school"
            )
        ]

    def __str__(self):
        return f"{self.user} ({self.school})"

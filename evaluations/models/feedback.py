"""The community's voice: what students, families, staff and anybody else say, without names."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.text import NFCTextField
from evaluations.models.joint import Said
from partnerships.models import Partnership, Party


def new_slug() -> str:
    """Return an address that nobody guesses (96 bits) and that still fits on a poster."""
    return secrets.token_urlsafe(12)


class Audience(models.TextChoices):
    PUBLIC = "public", _("Anybody")
    STUDENTS = "students", _("Students")
    FAMILIES = "families", _("Families")
    STAFF = "staff", _("Staff")


class FeedbackLink(models.Model):
    """An address for one audience of one partnership, to be printed or passed on."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="feedback_links")
    audience = models.CharField(_("for whom"), max_length=10, choices=Audience)
    slug = models.CharField(max_length=32, unique=True, default=new_slug, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="feedback_links"
    )
    made_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("link for feedback")
        verbose_name_plural = _("links for feedback")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "audience"],
                condition=Q(closed_at=None),
                name="one_open_link_per_audience",
            )
        ]

    def __str__(self):
        return self.get_audience_display()


class Outcome(models.TextChoices):
    """What became of an idea."""

    HEARD = "heard", _("We have heard it")
    PLANNED = "planned", _("We will do it")
    DONE = "done", _("It is done")
    NOT_NOW = "not-now", _("Not now")


class Feedback(models.Model):
    """What somebody said. No name, address or trace of a device is kept with it."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="feedback")
    cycle = models.PositiveSmallIntegerField(_("cycle"))
    audience = models.CharField(_("from whom"), max_length=10, choices=Audience)
    going = models.PositiveSmallIntegerField(_("how is it going"), null=True)  # 1 to 5
    change = NFCTextField(_("what should change"), max_length=1000, blank=True)
    idea = NFCTextField(_("an idea"), max_length=1000, blank=True)
    on = models.DateField(_("date"))  # the day only, so that nobody is told by the hour
    outcome = models.CharField(_("what became of it"), max_length=10, choices=Outcome, blank=True)
    set_aside_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["partnership", "-on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(going=None) | Q(going__range=(1, 5)), name="going_from_one_to_five"
            )
        ]

    def __str__(self):
        return self.idea or self.change


class FeedbackRead(models.Model):
    """A party has read it; one that no party of the table has left unread may be shown in public."""

    feedback = models.ForeignKey(Feedback, models.CASCADE, related_name="readings")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    may_be_public = models.BooleanField(_("may be shown in public"), default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("reading of feedback")
        verbose_name_plural = _("readings of feedback")
        constraints = [
            models.UniqueConstraint(fields=["feedback", "party"], name="one_reading_per_party")
        ]

    def __str__(self):
        return f"{self.party}: {self.feedback}"


class Reply(Said):
    """What a party answers to somebody's feedback."""

    feedback = models.ForeignKey(Feedback, models.PROTECT, related_name="replies")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    text = NFCTextField(_("answer"), max_length=1000)

    class Meta:
        verbose_name = _("answer to feedback")
        verbose_name_plural = _("answers to feedback")
        ordering = ["pk"]

    def __str__(self):
        return self.text

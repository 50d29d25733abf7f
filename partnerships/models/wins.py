"""Small wins, and the thanks for them."""

import uuid

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.text import NFCCharField, NFCTextField
from accounts.versions import Versioned
from partnerships.events import EventKind
from partnerships.models.history import Record
from partnerships.models.partnership import Partnership
from partnerships.models.people import Seat


def place_of_picture(win, _name) -> str:
    """A place that nobody guesses; the name it was sent under is not kept."""
    return f"wins/{win.partnership_id}/{uuid.uuid4().hex}.jpg"


class WinManager(models.Manager):
    """Also reached as `partnership.wins`, which tells them."""

    def current(self):
        return self.filter(taken_back_at=None)

    @transaction.atomic
    def tell(self, *, by, **fields) -> "Win":
        win = self.create(cycle=self.instance.cycle, made_by=by, **fields)
        win.note(EventKind.WIN_ADDED, by=by)
        return win


class Win(Versioned):
    """Something that went well, told in a few sentences. A picture needs consent and a text for it."""

    partnership = models.ForeignKey(
        Partnership, models.PROTECT, related_name="wins", verbose_name=_("partnership")
    )
    cycle = models.PositiveSmallIntegerField(_("cycle"), default=1)
    text = NFCTextField(_("what went well"), max_length=1000)
    on = models.DateField(_("date"))
    picture = models.FileField(_("picture"), upload_to=place_of_picture, blank=True)
    picture_alt = NFCCharField(_("what the picture shows"), max_length=300, blank=True)
    consent = NFCCharField(_("who agreed to the picture, and when"), max_length=300, blank=True)
    thanked = NFCCharField(_("who is thanked"), max_length=300, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="wins", editable=False
    )
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    taken_back_at = models.DateTimeField(null=True, editable=False)

    objects = WinManager()

    class Meta:
        verbose_name = _("small win")
        verbose_name_plural = _("small wins")
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(picture="") | (~Q(picture_alt="") & ~Q(consent="")),
                name="picture_with_text_and_consent",
            )
        ]

    def __str__(self):
        return self.text

    def get_absolute_url(self):
        return reverse("partnerships:win", args=[self.partnership_id, self.pk])

    @property
    def is_taken_back(self) -> bool:
        return self.taken_back_at is not None

    @transaction.atomic
    def take_back(self, *, by):
        """Take it off the list, and out of the public's sight; it is kept, and can be brought back."""
        self.taken_back_at = timezone.now()
        self.save(update_fields=["taken_back_at"])
        # Brought back, it waits for every party to release it anew.
        self.releases.standing().update(withdrawn_at=timezone.now(), withdrawn_by=by)
        self.note(EventKind.WIN_TAKEN_BACK, by=by)

    @transaction.atomic
    def bring_back(self, *, by):
        self.taken_back_at = None
        self.save(update_fields=["taken_back_at"])
        self.note(EventKind.WIN_ADDED, by=by)

    def note(self, kind: EventKind, *, by):
        self.partnership.record(kind, by=by, win=self.text)


class ThanksBy(models.TextChoices):
    MAIL = "mail", _("by mail")
    CERTIFICATE = "certificate", _("by a certificate to print")


class Thanks(Record):
    """A thank-you to one person or group, for a win or for all of it."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="thanks")
    win = models.ForeignKey(Win, models.PROTECT, null=True, related_name="thanks")
    seat = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="thanks")
    name = NFCCharField(_("to whom"), max_length=120)
    text = NFCTextField(_("what you thank for"), max_length=1000)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    way = models.CharField(_("how"), max_length=12, choices=ThanksBy)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="thanks")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("thanks")
        verbose_name_plural = _("thanks")
        ordering = ["-pk"]

    def __str__(self):
        return self.name

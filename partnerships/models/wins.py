"""Small wins, and the thanks for them. Both are open after a partnership has ended, too: a good end has them."""

import uuid
from functools import partial
from pathlib import PurePath

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.text import NFCCharField, NFCTextField
from accounts.versions import Versioned
from partnerships.events import EventKind
from partnerships.models.history import Kept, Record
from partnerships.models.partnership import Partnership
from partnerships.models.people import Seat

FOLDER = "wins"


def place_of_picture(win, _name) -> str:
    """A place that nobody guesses; the name it was sent under is not kept."""
    return f"{FOLDER}/{win.partnership_id}/{uuid.uuid4().hex}.jpg"


class WinQuerySet(models.QuerySet):
    def current(self):
        return self.filter(taken_back_at=None)

    def taken_back(self):
        return self.exclude(taken_back_at=None)

    def counted(self) -> dict[str, int]:
        """How many are on the list, and how many were taken back: one query."""
        on_list = Q(taken_back_at=None)
        return self.aggregate(
            current=Count("pk", filter=on_list), aside=Count("pk", filter=~on_list)
        )

    def by_cycle(self):
        """The newest cycle first, and in it the newest win."""
        return self.order_by("-cycle", "-on", "-pk").select_related("made_by")


class WinManager(models.Manager.from_queryset(WinQuerySet)):
    """Also reached as `partnership.wins`, which tells them."""

    @transaction.atomic
    def tell(self, *, by, **fields) -> "Win":
        return Win(partnership=self.instance, **fields).tell(by=by)


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

    # Questions

    @property
    def is_taken_back(self) -> bool:
        return self.taken_back_at is not None

    @property
    def picture_name(self) -> str:
        """The part of its place that nobody guesses; another picture has another name."""
        return PurePath(self.picture.name).stem if self.picture else ""

    @property
    def picture_url(self) -> str:
        """Where people of the partnership see the picture; the public has an address of its own."""
        keys = [self.partnership_id, self.pk, self.picture_name]
        return reverse("partnerships:win_picture", args=keys)

    # Actions

    @transaction.atomic
    def tell(self, *, by) -> "Win":
        self.cycle, self.made_by, self.made_at = self.partnership.cycle, by, timezone.now()
        self.save()
        self.note(EventKind.WIN_ADDED, by=by)
        return self

    @transaction.atomic
    def change(self, *, by):
        """Save what a form has changed; a picture that is no longer its own is deleted for good."""
        before = Win.objects.select_for_update().get(pk=self.pk)
        self.save()
        if before.picture and before.picture.name != self.picture.name:
            before.delete_picture()
        self.note(EventKind.WIN_CHANGED, by=by)

    @transaction.atomic
    def remove_picture(self, *, by):
        """Somebody no longer agrees to it: the file is deleted for good, with what was noted about it."""
        win = Win.objects.select_for_update().get(pk=self.pk)
        if not win.picture:
            return
        win.delete_picture()
        win.picture = win.picture_alt = win.consent = ""
        win.version += 1
        win.save(update_fields=["picture", "picture_alt", "consent", "version"])
        self.note(EventKind.WIN_CHANGED, by=by, picture="removed")

    def delete_picture(self):
        """Delete the file once the transaction is through."""
        transaction.on_commit(partial(self.picture.storage.delete, self.picture.name))

    @transaction.atomic
    def take_back(self, *, by):
        """Take it off the list, and out of the public's sight; it is kept, and can be brought back."""
        now = timezone.now()
        if Win.objects.current().filter(pk=self.pk).update(taken_back_at=now):
            # Brought back, it waits for every party to release it anew.
            self.releases.standing().update(withdrawn_at=now, withdrawn_by=by)
            self.note(EventKind.WIN_TAKEN_BACK, by=by)

    @transaction.atomic
    def bring_back(self, *, by):
        if Win.objects.taken_back().filter(pk=self.pk).update(taken_back_at=None):
            self.note(EventKind.WIN_ADDED, by=by, again=True)

    def note(self, kind: EventKind, *, by, **about):
        self.partnership.record(kind, by=by, win=self.text, **about)


class ThanksBy(models.TextChoices):
    MAIL = "mail", _("by mail")
    CERTIFICATE = "certificate", _("by a certificate to print")


class ThanksQuerySet(Kept):
    def listed(self):
        """With all that a list says of each: one query."""
        return self.select_related("by", "win", "seat__person").order_by("-pk")

    def open_to(self, user):
        """Those of partnerships of whose people the user is: see `Partnership.is_of`."""
        if user.is_superuser:
            return self
        return self.filter(partnership__in=Partnership.objects.worked_in_by(user))


class Thanks(Record):
    """A thank-you to one person or group, for a win or for all of it.

    It is private: the people of the partnership read it, and nobody else.
    """

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="thanks")
    win = models.ForeignKey(Win, models.PROTECT, null=True, related_name="thanks")
    seat = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="thanks")
    name = NFCCharField(_("to whom"), max_length=120)
    text = NFCTextField(_("what you thank for"), max_length=1000)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    way = models.CharField(_("how"), max_length=12, choices=ThanksBy)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="thanks")
    at = models.DateTimeField(default=timezone.now)

    objects = ThanksQuerySet.as_manager()

    class Meta:
        verbose_name = _("thanks")
        verbose_name_plural = _("thanks")
        ordering = ["-pk"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("partnerships:certificate", args=[self.partnership_id, self.pk])

    @property
    def goes_by_mail(self) -> bool:
        return self.way == ThanksBy.MAIL

    @property
    def on(self):
        """The day of it, by the district's clock."""
        return timezone.localdate(self.at, self.partnership.district.zone)

    @transaction.atomic
    def say(self, *, by) -> "Thanks":
        """Say it. A mail is sent by `partnerships.mails.send_thanks`."""
        self.by, self.at = by, timezone.now()
        self.save()
        self.partnership.record(EventKind.THANKED, by=by, person=self.name)
        return self

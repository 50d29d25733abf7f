"""The public page of a partnership: each part is seen only while every party has released it."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.text import NFCTextField
from accounts.versions import Versioned
from partnerships.models.parties import Party
from partnerships.models.partnership import Partnership
from partnerships.models.wins import Win
from partnerships.vocabulary import PublicPart


def new_address() -> str:
    """Return an address that nobody guesses (72 bits), short enough to be copied by hand."""
    return secrets.token_urlsafe(9)


class PublicPage(Versioned):
    """What a partnership tells the public of itself. Without a release of the first part there is no page."""

    partnership = models.OneToOneField(
        Partnership, models.PROTECT, related_name="public_page", editable=False
    )
    address = models.CharField(max_length=20, unique=True, default=new_address, editable=False)
    about = NFCTextField(_("what it is, for people who do not know you"), max_length=2000)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("public page")
        verbose_name_plural = _("public pages")

    def __str__(self):
        return str(self.partnership)

    def get_absolute_url(self):
        return reverse("desk:public_page", args=[self.address])


class Release(models.Model):
    """A party lets the public see one part, exactly as it stands (`seen_version`), until it withdraws."""

    page = models.ForeignKey(PublicPage, models.PROTECT, related_name="releases")
    part = models.CharField(max_length=10, choices=PublicPart)
    win = models.ForeignKey(Win, models.PROTECT, null=True, related_name="releases")
    seen_version = models.PositiveIntegerField(default=0)  # of the page's text, or of the win
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(part="win", win__isnull=False) | (~Q(part="win") & Q(win=None)),
                name="release_of_a_win_names_it",
            )
        ]

    def __str__(self):
        return f"{self.party}: {self.get_part_display()}"

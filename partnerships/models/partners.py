import re
from difflib import SequenceMatcher

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.text import FoldedField, NFCCharField, NFCTextField, fold
from accounts.versions import Versioned
from partnerships.models.places import District
from partnerships.vocabulary import PartnerKind, Place

ALIKE = 0.85  # from 0 to 1: how much of two names must agree for them to look alike
# Words that many names share and that do not tell one partner from another.
COMMON_WORDS = re.compile(
    r"\b(the|and|of|inc|llc|ltd|co phan|co|corp|company|group|cong ty|tnhh|ctcp|mtv)\b|[^\w\s]"
)


def core_of(name: str) -> str:
    """Return what is telling in a partner's name."""
    folded = fold(name)
    return " ".join(COMMON_WORDS.sub(" ", folded).split()) or folded


def look_alike(one: str, other: str) -> bool:
    one, other = core_of(one), core_of(other)
    return one == other or SequenceMatcher(None, one, other).ratio() >= ALIKE


class PartnerQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The partners of the districts whose schools a user coordinates, or that they administer.

        Partner contacts see none: what a school notes about partners is the school side's own.
        """
        if user.is_superuser:
            return self
        return self.filter(district__in=District.objects.visible_to(user).values("pk"))

    def named_like(self, name: str) -> list["Partner"]:
        """Return the partners whose name looks like `name`, to be pointed out before a second is made."""
        return [partner for partner in self if look_alike(partner.name, name)]


class Partner(Versioned):
    """An organization or a person outside, or a department inside, that schools work with."""

    district = models.ForeignKey(
        District, models.PROTECT, related_name="partners", verbose_name=_("district")
    )
    name = NFCCharField(_("name"), max_length=160)
    kind = models.CharField(_("kind"), max_length=20, choices=PartnerKind)
    place = models.CharField(
        _("inside or outside"),
        max_length=10,
        choices=Place,
        default=Place.OUTSIDE,
        help_text=_("Inside: a department or a person of your own institution."),
    )
    website = models.URLField(_("website"), blank=True)
    address = NFCTextField(_("address"), max_length=500, blank=True)
    phone = NFCCharField(_("phone"), max_length=40, blank=True)
    core_values = NFCTextField(_("core values"), max_length=2000, blank=True)
    can_offer = NFCTextField(_("what they can offer"), max_length=2000, blank=True)
    needs = NFCTextField(_("what they need"), max_length=2000, blank=True)
    notes = NFCTextField(
        _("notes for the school side"),
        max_length=5000,
        blank=True,
        help_text=_("Only coordinators and the district can read these."),
    )
    folded = FoldedField(of=["name"])

    history = HistoricalRecords(excluded_fields=["folded", "version"])
    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["folded", "pk"]
        indexes = [models.Index(fields=["district", "folded"])]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("partnerships:partner", args=[self.pk])

    @property
    def label(self) -> str:
        return self.name

    def can_be_managed_by(self, user) -> bool:
        """Coordinators of the partner's district keep its partners together."""
        return user.is_superuser or user.schools.filter(district=self.district_id).exists()

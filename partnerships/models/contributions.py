"""Give and take: what each party puts in, promised and given, and what it gains."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.text import NFCCharField, NFCTextField
from accounts.versions import Versioned
from partnerships.models.parties import Party
from partnerships.models.partnership import Partnership
from partnerships.vocabulary import ContributionKind


class Contribution(Versioned):
    """What one party puts in. Amounts are in `unit`; an estimate says what it is based on."""

    partnership = models.ForeignKey(
        Partnership, models.PROTECT, related_name="contributions", verbose_name=_("partnership")
    )
    cycle = models.PositiveSmallIntegerField(_("cycle"), default=1)
    party = models.ForeignKey(
        Party, models.PROTECT, related_name="contributions", verbose_name=_("who puts it in")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=ContributionKind)
    what = NFCCharField(_("what it is"), max_length=300)
    unit = NFCCharField(_("unit"), max_length=40, blank=True)
    promised = models.DecimalField(
        _("promised"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    given = models.DecimalField(
        _("given so far"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    is_estimate = models.BooleanField(_("this is an estimate"), default=False)
    basis = NFCTextField(_("what the estimate is based on"), max_length=500, blank=True)
    due_on = models.DateField(_("promised for"), null=True, blank=True)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="contributions", editable=False
    )

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering = ["party", "kind", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_estimate=False) | ~Q(basis=""), name="estimate_has_a_basis"
            )
        ]

    def __str__(self):
        return self.what

    def get_absolute_url(self):
        return reverse("partnerships:contribution", args=[self.partnership_id, self.pk])


class Gain(Versioned):
    """What a party gets out of the partnership, in its own words."""

    partnership = models.ForeignKey(
        Partnership, models.PROTECT, related_name="gains", verbose_name=_("partnership")
    )
    cycle = models.PositiveSmallIntegerField(_("cycle"), default=1)
    party = models.ForeignKey(
        Party, models.PROTECT, related_name="gains", verbose_name=_("who gains")
    )
    what = NFCTextField(_("what it gains"), max_length=1000)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="gains", editable=False
    )

    class Meta:
        verbose_name = _("gain")
        verbose_name_plural = _("gains")
        ordering = ["party", "pk"]

    def __str__(self):
        return self.what

    def get_absolute_url(self):
        return reverse("partnerships:gain", args=[self.partnership_id, self.pk])

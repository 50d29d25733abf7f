"""Give and take: what each party puts in, promised and given, and what it gains.

What a contribution's amounts say (promised, partly given, given, late) is defined here once; every
page, agreement and export asks `Contribution.standing`.
"""

from decimal import Decimal

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.text import NFCCharField, NFCTextField
from accounts.versions import Versioned
from partnerships.amounts import Amount, in_each_language
from partnerships.due import Due
from partnerships.events import EventKind
from partnerships.models.history import Record
from partnerships.models.parties import Party
from partnerships.models.partnership import Partnership
from partnerships.vocabulary import ContributionKind

AMOUNT = {"max_digits": 14, "decimal_places": 2}


class GivingRefused(Exception):
    """Nothing was done; the message says why, to the reader."""


class Standing(models.TextChoices):
    """What the amounts of a contribution say."""

    PROMISED = "promised", _("promised")
    PARTLY_GIVEN = "partly-given", _("partly given")
    GIVEN = "given", _("given")
    MORE_GIVEN = "more-given", _("more than promised")
    NOT_PROMISED = "not-promised", _("given without a promise")
    NOTHING = "nothing", _("neither promised nor given")
    TAKEN_BACK = "taken-back", pgettext_lazy("give and take", "taken back")


WAITED_FOR = (Standing.PROMISED, Standing.PARTLY_GIVEN)


def may_write_for(party: Party, user) -> bool:
    """A party's own people, and whoever manages the partnership, write what it gives and gains."""
    partnership = party.partnership
    if partnership.has_ended or party.left_on:
        return False
    return partnership.can_be_managed_by(user) or party in partnership.parties_of(user)


class GivingQuerySet(models.QuerySet):
    def with_party(self):
        return self.select_related("party__school", "party__partner")

    def of_cycle(self, number: int):
        return self.filter(cycle=number)

    def before_cycle(self, number: int):
        return self.filter(cycle__lt=number)

    def standing(self):
        """Those that nobody has taken back."""
        return self.filter(taken_back_at=None)


class ContributionQuerySet(GivingQuerySet):
    def with_deliveries(self):
        """With all that says where each stands: two queries, however many rows."""
        deliveries = Delivery.objects.select_related("by")
        return self.with_party().prefetch_related(models.Prefetch("deliveries", deliveries))


class TakenBack(models.Model):
    """What can be taken back, and is kept."""

    taken_back_at = models.DateTimeField(null=True, editable=False)
    taken_back_because = NFCTextField(max_length=500, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_taken_back(self) -> bool:
        return self.taken_back_at is not None

    def note_taken_back(self, reason: str) -> bool:
        """Return whether it was taken back just now: who comes second changes nothing."""
        type(self).objects.select_for_update().get(pk=self.pk)
        self.refresh_from_db(fields=["taken_back_at", "taken_back_because", "version"])
        if self.is_taken_back:
            return False
        self.taken_back_at, self.taken_back_because = timezone.now(), reason
        self.version += 1
        self.save(update_fields=["taken_back_at", "taken_back_because", "version"])
        return True


class Contribution(Due, TakenBack, Versioned):
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
    unit = NFCCharField(_("unit"), max_length=40)
    promised = models.DecimalField(_("promised"), null=True, blank=True, **AMOUNT)
    is_estimate = models.BooleanField(_("this is an estimate"), default=False)
    basis = NFCTextField(_("what the estimate is based on"), max_length=500, blank=True)
    due_on = models.DateField(_("promised for"), null=True, blank=True)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="contributions", editable=False
    )

    objects = ContributionQuerySet.as_manager()

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering = ["party", "kind", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_estimate=False) | ~Q(basis=""), name="estimate_has_a_basis"
            ),
            models.CheckConstraint(
                condition=Q(promised=None) | Q(promised__gt=0), name="promise_is_above_nothing"
            ),
            models.CheckConstraint(
                condition=Q(due_on=None) | Q(promised__isnull=False),
                name="only_a_promise_has_a_day",
            ),
        ]

    def __str__(self):
        return self.what

    def get_absolute_url(self):
        return reverse("partnerships:contribution", args=[self.partnership_id, self.pk])

    # Questions

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands among those of its party: kind by kind, in the order they were noted."""
        return list(ContributionKind).index(self.kind), self.pk

    @property
    def standing_deliveries(self) -> list["Delivery"]:
        """What was given, as it stands after all corrections."""
        rows = self.deliveries.all()
        corrected = {row.corrects_id for row in rows}
        return [row for row in rows if row.pk not in corrected and row.amount is not None]

    @property
    def given(self) -> Decimal:
        return sum((row.amount for row in self.standing_deliveries), Decimal(0))

    @property
    def standing(self) -> Standing:
        given = self.given
        if self.is_taken_back:
            return Standing.TAKEN_BACK
        if self.promised is None:
            return Standing.NOT_PROMISED if given else Standing.NOTHING
        if not given:
            return Standing.PROMISED
        if given < self.promised:
            return Standing.PARTLY_GIVEN
        return Standing.GIVEN if given == self.promised else Standing.MORE_GIVEN

    @property
    def is_given(self) -> bool:
        """All that was promised has been given, or more."""
        return self.standing in (Standing.GIVEN, Standing.MORE_GIVEN, Standing.NOT_PROMISED)

    @property
    def is_open(self) -> bool:
        """Something that was promised has not been given (fully) yet. With a day that is past, it is late."""
        return self.standing in WAITED_FOR

    @property
    def counted_promise(self) -> Decimal:
        """What the promise adds to a sum: one that was taken back adds nothing."""
        return Decimal(0) if self.is_taken_back or self.promised is None else self.promised

    @property
    def promised_amount(self) -> Amount | None:
        return None if self.promised is None else self.amount(self.promised)

    @property
    def given_amount(self) -> Amount:
        return self.amount(self.given)

    @property
    def open_amount(self) -> Amount:
        """What is promised and not given yet."""
        return self.amount(self.promised - self.given)

    def amount(self, number: Decimal) -> Amount:
        return Amount(number, self.unit, about=self.is_estimate)

    # Actions

    @transaction.atomic
    def enter(self, *, by, given: Decimal | None = None, on=None):
        """Keep a new one, for the cycle that runs, with what has been given already."""
        self.made_by, self.made_at, self.cycle = by, timezone.now(), self.partnership.cycle
        self.save()
        self.tell(EventKind.CONTRIBUTION_ADDED, by=by)
        if given is not None:
            self.deliver(given, on=on, by=by)

    @transaction.atomic
    def deliver(self, amount: Decimal, *, on, by, note: str = "") -> "Delivery":
        """Note that something was given. Raises GivingRefused."""
        if self.lock().is_taken_back:
            raise GivingRefused(_("This was taken back meanwhile. Nothing more was noted."))
        delivery = self.deliveries.create(amount=amount, on=on, note=note, by=by, at=timezone.now())
        self.tell(
            EventKind.CONTRIBUTION_GIVEN,
            by=by,
            amount=in_each_language(lambda: self.amount(amount)),
            on=on.isoformat(),
        )
        return delivery

    def tell_change(self, before: dict[str, str], *, by):
        """Put on the timeline what stood there before a change, in each language."""
        self.tell(EventKind.CONTRIBUTION_CHANGED, by=by, before=before)

    @transaction.atomic
    def take_back(self, reason: str, *, by):
        """Take the promise back. What has been given stays given."""
        if self.note_taken_back(reason):
            self.tell(EventKind.CONTRIBUTION_TAKEN_BACK, by=by, reason=reason)

    def lock(self) -> "Contribution":
        """Whatever is noted about one contribution is noted one after the other."""
        return Contribution.objects.select_for_update(of=["self"]).get(pk=self.pk)

    def tell(self, kind: EventKind, *, by, **about):
        self.partnership.record(
            kind, by=by, party=self.party.label, contribution=self.what, **about
        )


class Delivery(Record):
    """What was given on a day. A correction is a row of its own that names the one it corrects.

    A correction without an amount takes the row back.
    """

    contribution = models.ForeignKey(Contribution, models.PROTECT, related_name="deliveries")
    on = models.DateField(_("given on"))
    amount = models.DecimalField(_("how much"), null=True, **AMOUNT)
    note = NFCCharField(_("note"), max_length=500, blank=True)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="corrected_by", editable=False
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="deliveries", editable=False
    )
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("what was given")
        verbose_name_plural = _("what was given")
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0) | Q(amount=None, corrects__isnull=False),
                name="something_was_given_or_is_taken_back",
            )
        ]

    def __str__(self):
        return f"{self.on}: {self.amount}"

    def get_absolute_url(self):
        ours = self.contribution
        return reverse(
            "partnerships:correct_delivery", args=[ours.partnership_id, ours.pk, self.pk]
        )

    @cached_property
    def as_amount(self) -> Amount | None:
        return None if self.amount is None else self.contribution.amount(self.amount)

    @property
    def is_corrected(self) -> bool:
        return hasattr(self, "corrected_by")

    @transaction.atomic
    def correct(self, amount: Decimal | None, *, on, by, note: str = "") -> "Delivery":
        """Put another row in the place of this one; without an amount, take it back. Raises GivingRefused."""
        contribution = self.contribution
        contribution.lock()
        if Delivery.objects.filter(corrects=self).exists():
            raise GivingRefused(
                _("Somebody corrected this line meanwhile. Look at what stands now.")
            )
        row = contribution.deliveries.create(
            amount=amount, on=on, note=note, corrects=self, by=by, at=timezone.now()
        )
        about = {
            "before": in_each_language(lambda: self.as_amount),
            "was_on": self.on.isoformat(),
        }
        if amount is None:
            contribution.tell(EventKind.DELIVERY_TAKEN_BACK, by=by, **about)
            return row
        about |= {"amount": in_each_language(lambda: row.as_amount), "on": on.isoformat()}
        contribution.tell(EventKind.DELIVERY_CORRECTED, by=by, **about)
        return row


class Gain(TakenBack, Versioned):
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

    objects = GivingQuerySet.as_manager()

    class Meta:
        verbose_name = _("gain")
        verbose_name_plural = _("gains")
        ordering = ["party", "pk"]

    def __str__(self):
        return self.what

    def get_absolute_url(self):
        return reverse("partnerships:gain", args=[self.partnership_id, self.pk])

    @transaction.atomic
    def enter(self, *, by):
        """Keep a new one, for the cycle that runs."""
        self.made_by, self.made_at, self.cycle = by, timezone.now(), self.partnership.cycle
        self.save()
        self.tell(EventKind.GAIN_NOTED, by=by)

    def tell_change(self, before: str, *, by):
        """Put on the timeline what stood there before a change."""
        self.tell(EventKind.GAIN_CHANGED, by=by, said_before=before)

    @transaction.atomic
    def take_back(self, reason: str, *, by):
        if self.note_taken_back(reason):
            self.tell(EventKind.GAIN_TAKEN_BACK, by=by, reason=reason)

    def tell(self, kind: EventKind, *, by, **about):
        self.partnership.record(kind, by=by, party=self.party.label, gain=self.what, **about)

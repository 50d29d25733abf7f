"""The contact log: when the sides were in contact, what was said, and what follows."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Case, OuterRef, Q, Subquery, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.text import FoldedField, NFCCharField, NFCTextField
from accounts.versions import Versioned
from partnerships.events import EventKind
from partnerships.localdate import LocalDate, today_in
from partnerships.models.people import Seat
from partnerships.stages import Status
from partnerships.vocabulary import TOUCHPOINTS, ContactKind, ContactRhythm

PLANNED = (ContactKind.MEETING, ContactKind.VISIT)  # what may be written down before its day


class LogQuerySet(models.QuerySet):
    def touchpoints(self):
        return self.filter(kind__in=TOUCHPOINTS)

    def unsettled(self):
        return self.filter(kind=ContactKind.DISAGREEMENT, settled="")


class LogManager(models.Manager.from_queryset(LogQuerySet)):
    """Also reached as `partnership.log`, which writes entries."""

    @transaction.atomic
    def write(self, *, by, people=(), **fields) -> "LogEntry":
        entry = self.create(cycle=self.instance.cycle, by=by, at=timezone.now(), **fields)
        entry.people.set(people)
        entry.tell(EventKind.CONTACT_LOGGED, by=by)
        return entry


# When the sides were last in contact, and when that is too long ago. The same, of a row at hand:
# `Partnership.contact_is_overdue`.


def last_contact() -> Subquery:
    """The day of the last touchpoint; for a query over partnerships. What is still ahead is no contact yet."""
    today = LocalDate(Value(timezone.now()), OuterRef("district__timezone"))
    past = LogEntry.objects.touchpoints().filter(partnership=OuterRef("pk"), on__lte=today)
    return Subquery(past.order_by("-on").values("on")[:1])


def contact_overdue() -> Q:
    """Which partnerships have not been in contact for longer than they agreed; they know `last_contact_on`."""
    days = {rhythm: timedelta(days=rhythm.days) for rhythm in ContactRhythm}
    limit = Case(
        *(
            When(contact_rhythm=rhythm, then=today_in("district__timezone", plus=-days[rhythm]))
            for rhythm in ContactRhythm
        )
    )
    is_long_ago = Q(last_contact_on=None) | Q(last_contact_on__lt=limit)
    return Q(is_long_ago, status=Status.ACTIVE, contact_since__lt=limit)


class LogEntry(Versioned):
    """A meeting, call, mail, visit, decision or disagreement. Both sides read it."""

    partnership = models.ForeignKey(
        "partnerships.Partnership",
        models.PROTECT,
        related_name="log",
        verbose_name=_("partnership"),
    )
    cycle = models.PositiveSmallIntegerField(_("cycle"), default=1)
    kind = models.CharField(_("what it was"), max_length=15, choices=ContactKind)
    on = models.DateField(_("date"))
    people = models.ManyToManyField(
        Seat, related_name="log_entries", blank=True, verbose_name=_("who")
    )
    others = NFCCharField(_("others who took part"), max_length=300, blank=True)
    said = NFCTextField(_("what was said"), max_length=5000)
    settled = NFCTextField(_("how it was settled"), max_length=2000, blank=True)
    settled_on = models.DateField(_("settled on"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="log_entries", editable=False
    )
    at = models.DateTimeField(default=timezone.now, editable=False)

    folded = FoldedField(of=["said", "others", "settled"])

    objects = LogManager()

    class Meta:
        verbose_name = _("entry of the contact log")
        verbose_name_plural = _("contact log")
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["partnership", "-on"])]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.on}"

    def get_absolute_url(self):
        return reverse("partnerships:log_entry", args=[self.partnership_id, self.pk])

    # Questions

    @property
    def is_disagreement(self) -> bool:
        return self.kind == ContactKind.DISAGREEMENT

    @property
    def is_unsettled(self) -> bool:
        return self.is_disagreement and not self.settled

    @property
    def is_planned(self) -> bool:
        """Still ahead: it counts as contact from its day on."""
        return self.on > self.partnership.district.today()

    # Actions

    @transaction.atomic
    def settle(self, settled: str, *, on: date, by):
        """Note how a disagreement was settled, and when."""
        self.settled, self.settled_on = settled, on
        self.version += 1
        self.save(update_fields=["settled", "settled_on", "folded", "version"])
        self.tell(EventKind.DISAGREEMENT_SETTLED, by=by)

    def tell(self, kind: EventKind, *, by):
        self.partnership.record(kind, by=by, contact=self.kind, on=self.on.isoformat())

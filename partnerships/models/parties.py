"""The parties of a partnership: who sits at its table, and how each sees the relationship."""

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.text import NFCCharField, NFCTextField
from partnerships.events import EventKind
from partnerships.models.partners import Partner
from partnerships.models.people import Person, Seat
from partnerships.models.places import School
from partnerships.vocabulary import NEEDED_ROLES, How, Level, Role, Side


class PartyQuerySet(models.QuerySet):
    def at_the_table(self):
        return self.filter(left_on=None)

    def of_schools(self, school_ids):
        """Return the keys of the partnerships that these schools are in, for a subquery."""
        return self.filter(school__in=school_ids).order_by().values("partnership_id")


class TableManager(models.Manager.from_queryset(PartyQuerySet)):
    """The parties at the table now, also as `partnership.parties`. Those that have left are in `Party.ever`."""

    def get_queryset(self):
        return super().get_queryset().at_the_table()


class Party(models.Model):
    """A school or a partner in one partnership."""

    partnership = models.ForeignKey("Partnership", models.PROTECT, related_name="parties")
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, related_name="parties"
    )
    partner = models.ForeignKey(
        Partner, models.PROTECT, null=True, blank=True, related_name="parties"
    )
    position = models.PositiveSmallIntegerField(default=1)
    level_now = models.CharField(_("level now"), max_length=20, choices=Level, blank=True)
    level_wanted = models.CharField(_("level wanted"), max_length=20, choices=Level, blank=True)
    left_on = models.DateField(_("left on"), null=True, editable=False)

    objects = TableManager()
    ever = PartyQuerySet.as_manager()

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(school=None, partner__isnull=False)
                | models.Q(school__isnull=False, partner=None),
                name="party_is_a_school_or_a_partner",
            ),
            models.UniqueConstraint(fields=["partnership", "school"], name="one_party_per_school"),
            models.UniqueConstraint(
                fields=["partnership", "partner"], name="one_party_per_partner"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def organization(self) -> School | Partner:
        return self.school or self.partner

    @property
    def place(self) -> tuple[int, int]:
        """Its place at the table."""
        return self.position, self.pk

    @property
    def name(self) -> str:
        return self.organization.name

    @property
    def label(self) -> str:
        return self.organization.label

    @property
    def side(self) -> Side:
        return Side.SCHOOL if self.school_id else Side.PARTNER

    def seats_of(self, partnership) -> list[Seat]:
        """The seats, each knowing its party and partnership without another query."""
        self.partnership = partnership
        seats = list(self.seats.all())
        for seat in seats:
            seat.party = self
        return seats

    @property
    def current_seats(self) -> list[Seat]:
        return [seat for seat in self.seats_of(self.partnership) if seat.is_current]

    @property
    def former_seats(self) -> list[Seat]:
        return [seat for seat in self.seats_of(self.partnership) if not seat.is_current]

    @cached_property
    def has_a_login(self) -> bool:
        """Whether anybody of this party can speak for it here."""
        if any(seat.person.user_id for seat in self.current_seats):
            return True
        return bool(self.school_id) and self.school.coordinators.filter(is_active=True).exists()

    @property
    def speakers(self) -> list:
        """The accounts of those who speak for it: with a seat, else its school's coordinators."""
        users = {seat.person.user for seat in self.current_seats if seat.person.user_id}
        if not users and self.school_id:
            users = set(self.school.coordinators.all())
        return sorted((user for user in users if user.is_active), key=lambda user: user.pk)

    def may_be_spoken_for_by(self, user) -> bool:
        """Whoever manages the partnership enters what a party without a login has said elsewhere."""
        return self.partnership.can_be_managed_by(user) and not self.has_a_login

    @property
    def usual_speaker(self) -> str:
        """The name of its contact person, who most often speaks for it."""
        return next((seat.person.name for seat in self.current_seats if seat.contact), "")

    @property
    def may_leave(self) -> bool:
        """The school that looks after the partnership stays, and one partner with it."""
        parties = self.partnership.parties.all()
        if self.school_id:
            return self != self.partnership.school_party
        return any(party.partner_id for party in parties if party != self)

    @property
    def missing_roles(self) -> list[Role]:
        held = {role for seat in self.current_seats for role in seat.roles}
        return [role for role in NEEDED_ROLES if role not in held]

    @transaction.atomic
    def report_level(self, *, now: str, wanted: str, by, note: str = "", **said):
        """Record which level of relationship this party sees now and which it wants.

        `said` may hold `how` and `speaker`, where somebody else enters it for them.
        """
        self.level_views.create(
            cycle=self.partnership.cycle,
            now=now,
            wanted=wanted,
            note=note,
            by=by,
            at=timezone.now(),
            **said,
        )
        self.level_now, self.level_wanted = now, wanted
        self.save(update_fields=["level_now", "level_wanted"])
        self.partnership.record(
            EventKind.LEVELS_SET, by=by, party=self.label, now=now, wanted=wanted
        )

    @transaction.atomic
    def seat(self, person: Person, roles, *, by) -> Seat:
        """Give a person a seat, or give them back the one they left."""
        seat, _made = self.seats.get_or_create(person=person)
        seat.take(roles)
        seat.give_back()
        seat.save()
        self.partnership.record(EventKind.SEAT_TAKEN, by=by, person=person.name, party=self.label)
        return seat

    def seat_coordinator(self, user) -> Seat:
        """Seat a coordinator of this school as its contact person."""
        person, _made = self.school.people.get_or_create(
            user=user, defaults={"name": user.name, "email": user.email}
        )
        return self.seat(person, {Role.CONTACT}, by=user)


def party_names() -> models.Prefetch:
    """Return what to prefetch for the parties with their names."""
    return models.Prefetch("parties", Party.objects.select_related("school", "partner"))


class LevelView(models.Model):
    """What a party said about the relationship at one time; the last one counts."""

    party = models.ForeignKey(Party, models.PROTECT, related_name="level_views")
    now = models.CharField(_("level now"), max_length=20, choices=Level, blank=True)
    wanted = models.CharField(_("level wanted"), max_length=20, choices=Level, blank=True)
    cycle = models.PositiveSmallIntegerField(_("cycle"), default=1)
    note = NFCTextField(_("note"), max_length=2000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="level_views")
    at = models.DateTimeField(default=timezone.now)
    how = models.CharField(max_length=10, choices=How, default=How.HERE)
    speaker = NFCCharField(max_length=120, blank=True)

    class Meta:
        verbose_name = _("view of the relationship")
        verbose_name_plural = _("views of the relationship")
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.party}: {self.now} → {self.wanted}"

    @property
    def was_entered_for(self) -> bool:
        return self.how != How.HERE

    @property
    def day(self):
        return timezone.localdate(self.at)

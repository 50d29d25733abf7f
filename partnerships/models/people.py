from datetime import date

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from accounts.text import FoldedField, NFCCharField
from partnerships.events import EventKind, as_words
from partnerships.localdate import today_in
from partnerships.models.partners import Partner
from partnerships.models.places import School
from partnerships.stages import Status
from partnerships.vocabulary import Role


class PersonQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The people of the schools and partners that a user may see."""
        if user.is_superuser:
            return self
        return self.filter(
            models.Q(school__in=School.objects.visible_to(user).values("pk"))
            | models.Q(partner__in=Partner.objects.visible_to(user).values("pk"))
        )

    def present(self):
        """Those who have not left, by the date in their district."""
        return self.filter(
            models.Q(left_on=None)
            | models.Q(
                left_on__gt=today_in("school__district__timezone", "partner__district__timezone")
            )
        )


class Person(models.Model):
    """Somebody at a school or a partner. May have a login, by way of `user`."""

    school = models.ForeignKey(
        School,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("school"),
    )
    partner = models.ForeignKey(
        Partner,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("partner"),
    )
    name = NFCCharField(_("name"), max_length=120)
    title = NFCCharField(
        pgettext_lazy("of a person", "title"),
        max_length=120,
        blank=True,
        help_text=_("Such as “Head of training”."),
    )
    email = models.EmailField(_("email address"), blank=True)
    phone = NFCCharField(_("phone"), max_length=40, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("account"),
        help_text=_(
            "With it, this person can sign in and see the partnerships they have a seat in."
        ),
    )
    folded = FoldedField(of=["name"])

    history = HistoricalRecords(excluded_fields=["folded"])
    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(school=None, partner__isnull=False)
                | models.Q(school__isnull=False, partner=None),
                name="person_of_a_school_or_a_partner",
                violation_error_message=_("Choose a school or a partner, not both."),
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("partnerships:person", args=[self.pk])

    @property
    def organization(self) -> School | Partner:
        return self.school or self.partner

    @property
    def colleagues(self):
        """The others who are at the same school or partner now."""
        return self.organization.people.present().exclude(pk=self.pk)

    @property
    def has_left(self) -> bool:
        return self.left_on is not None and self.left_on <= self.organization.district.today()

    @property
    def seats_to_hand_over(self) -> list["Seat"]:
        """The seats in running partnerships that they have not said they leave, with all of each at hand."""
        return list(
            self.seats.filter(left_on=None)
            .exclude(party__partnership__status=Status.ENDED)
            .select_related("party__partnership__district", "party__school", "party__partner")
            .prefetch_related(
                "party__partnership__parties__school", "party__partnership__parties__partner"
            )
        )

    def can_be_managed_by(self, user) -> bool:
        return self.organization.can_be_managed_by(user)

    def note_email(self, email: str):
        """Keep an address that somebody gave for them, where there was none."""
        if not self.email:
            self.email = email
            self.save(update_fields=["email"])

    def come_back(self):
        """Undo leaving; a seat is given anew where one is wanted."""
        self.left_on = None
        self.save(update_fields=["left_on"])

    @transaction.atomic
    def leave(self, on: date, *, successors: dict["Seat", "Person"], by):
        """Leave the school or partner, and every seat there, on a day.

        `successors` names who takes over a seat; where it names nobody, somebody is to be found.
        What a person did stays theirs; what is open goes to the successor at once. A seat that
        was given up before keeps its successor; a partnership that has ended needs none.
        """
        self.left_on = on
        self.save(update_fields=["left_on"])
        for seat in self.seats_to_hand_over:
            seat.vacate(on, successor=successors.get(seat), by=by)
        for seat in self.seats.filter(models.Q(left_on=None) | models.Q(left_on__gt=on)):
            seat.give_up(on, successor=seat.successor)


class SeatQuerySet(models.QuerySet):
    def current(self):
        """Those whose holder has not left, by the date in the partnership's district."""
        return self.filter(
            models.Q(left_on=None)
            | models.Q(left_on__gt=today_in("party__partnership__district__timezone"))
        )


class Seat(models.Model):
    """A person's place in a partnership. The roles are columns, since the list is closed."""

    party = models.ForeignKey(
        "partnerships.Party", models.PROTECT, related_name="seats", verbose_name=_("party")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="seats", verbose_name=_("person")
    )
    champion = models.BooleanField(Role.CHAMPION.label, default=False)
    contact = models.BooleanField(Role.CONTACT.label, default=False)
    board = models.BooleanField(Role.BOARD.label, default=False)
    student = models.BooleanField(Role.STUDENT.label, default=False)
    family = models.BooleanField(Role.FAMILY.label, default=False)
    left_on = models.DateField(_("left on"), null=True, blank=True, editable=False)
    successor = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, editable=False, related_name="predecessors"
    )
    handed_over = models.JSONField(default=list, editable=False)  # as `belongings`, on leaving

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["party", "person"],
                name="one_seat_per_person",
                violation_error_message=_("This person has a seat here already."),
            )
        ]

    def __str__(self):
        return self.person.name

    @property
    def roles(self) -> list[Role]:
        return [role for role in Role if getattr(self, role, False)] or [Role.MEMBER]

    @cached_property
    def is_current(self) -> bool:
        return self.left_on is None or self.left_on > self.party.partnership.district.today()

    @property
    def is_gone(self) -> bool:
        return not self.is_current

    @property
    def is_leaving(self) -> bool:
        return self.left_on is not None and self.is_current

    @property
    def heir(self) -> "Seat | None":
        """Whoever does what was theirs: the seat itself, or its successor, or theirs in turn."""
        seat = self
        while seat and seat.left_on:
            seat = seat.successor
        return seat

    @property
    def invitation(self):
        """The last invitation of its holder to this partnership, if there was one."""
        return next(iter(self.invitations.all()), None)

    @property
    def may_be_invited(self) -> bool:
        """Whether its holder has neither a login nor an invitation that waits."""
        waits = self.invitation is not None and self.invitation.is_waiting
        return not self.person.user_id and not waits

    def take(self, roles):
        """Set the roles to exactly these, without saving."""
        for role in Role:
            if role != Role.MEMBER:
                setattr(self, role, role in roles)

    @transaction.atomic
    def change_roles(self, roles, *, by):
        self.take(roles)
        self.save()
        self.party.partnership.record(EventKind.SEAT_CHANGED, by=by, person=self.person.name)

    @transaction.atomic
    def vacate(self, on: date, *, successor: Person | None, by):
        """Give up the seat on a day and hand what is open to `successor`, if there is one.

        An item opens: to establish the relationship with the new person.
        """
        partnership = self.party.partnership
        self.handed_over = self.belongings
        self.give_up(on, successor=self.hand_roles_to(successor) if successor else None)
        partnership.items.welcome(self, by=by)
        partnership.record(
            EventKind.PERSON_LEFT,
            by=by,
            person=self.person.name,
            on=on.isoformat(),
            successor=successor.name if successor else "",
        )

    def give_up(self, on: date, *, successor: "Seat | None"):
        self.left_on, self.successor = on, successor
        self.save(update_fields=["left_on", "successor", "handed_over"])
        self.owned_items.hand_over(self.heir)
        self.owned_steps.hand_over(self.heir)
        self.led_activities.hand_over(self, self.heir)

    @property
    def open_items(self):
        """What of the checklist is theirs and open in the present cycle, with its words."""
        return self.owned_items.open_now().with_words()

    @property
    def open_steps(self):
        return self.owned_steps.open().listed()

    @property
    def activities_ahead(self) -> list:
        """The activities they lead that have a day to come."""
        led = list(self.led_activities.planned().with_notes())
        for activity in led:
            activity.partnership = self.party.partnership
        return [activity for activity in led if activity.next_day]

    @property
    def belongings(self) -> list[dict]:
        """All of that as it is kept when it is handed over: what it was, and where it stands."""
        things = [
            *((item.texts, item) for item in self.open_items),
            *((step.what, step) for step in self.open_steps),
            *((activity.title, activity) for activity in self.activities_ahead),
        ]
        return [{"what": what, "url": thing.get_absolute_url()} for what, thing in things]

    @property
    def told_as_handed_over(self) -> list[tuple[str, str]]:
        """What was handed over, in the words of the reader's language, each with its address."""
        return [(as_words("what", one["what"]), one["url"]) for one in self.handed_over]

    def give_back(self):
        """Hold it (again), for as long as the person is at their school or partner, without saving."""
        self.left_on, self.successor = self.person.left_on, None

    def hand_roles_to(self, person: Person) -> "Seat":
        seat, _made = Seat.objects.get_or_create(party=self.party, person=person)
        seat.take({*self.roles, *seat.roles} - {Role.MEMBER})
        seat.give_back()
        seat.save()
        return seat

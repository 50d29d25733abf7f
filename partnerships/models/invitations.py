"""Invitations: how somebody at the table comes to have a login."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from partnerships.events import EventKind
from partnerships.models.partnership import Partnership
from partnerships.models.people import Person, Seat

LASTS = timedelta(days=14)
TOKEN_BYTES = 32


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class Hindrance(models.TextChoices):
    """What stands in the way of accepting, in words for whoever opens the link."""

    ACCEPTED = "accepted", _("This invitation has been accepted already.")
    REVOKED = "revoked", _("This invitation was taken back.")
    LEFT = "left", _("The person invited is no longer at the table.")
    ENDED = "ended", _("This partnership has ended.")
    TAKEN = "taken", _("The person invited has a login already, with another account.")
    EXPIRED = "expired", _("This invitation has run out.")


class InvitationRefused(Exception):
    """This cannot be done with the invitation now; the message says why, to the reader."""


class InvitationQuerySet(models.QuerySet):
    def of_link(self, token: str):
        """The invitation with this link, with all that its page shows."""
        return self.filter(token_hash=hash_of(token)).select_related(
            "made_by", "seat__person__user", "seat__party__partnership__district"
        )

    def waiting(self):
        """Neither accepted nor taken back; the time may be over."""
        return self.filter(accepted_at=None, revoked_at=None)

    @transaction.atomic
    def invite(
        self, seat: Seat, email: str, *, by, language: str, by_hand: bool = False
    ) -> "Invitation":
        """Invite the person who holds a seat. What comes back knows its `token`, this once."""
        locked = Seat.objects.select_for_update().get(pk=seat.pk)
        if not locked.is_current:
            raise InvitationRefused(Hindrance.LEFT.label)
        if locked.person.user_id:
            raise InvitationRefused(_("This person can sign in already."))
        if self.waiting().filter(seat=locked).exists():
            raise InvitationRefused(
                _("This person has an invitation already. Renew it, or take it back first.")
            )
        locked.person.note_email(email)
        invitation = self.model(
            seat=locked,
            email=email.lower(),
            made_by=by,
            made_at=timezone.now(),
            language=language,
            by_hand=by_hand,
        )
        invitation.begin_anew()
        invitation.save()
        invitation.partnership.record(EventKind.INVITED, by=by, person=locked.person.name)
        return invitation


class Invitation(models.Model):
    """For one seat, its person and one email address. Of the link only a hash is stored."""

    seat = models.ForeignKey(
        Seat, models.PROTECT, related_name="invitations", verbose_name=_("seat")
    )
    email = models.EmailField(_("email address"))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    by_hand = models.BooleanField(_("handed over without a mail"), default=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="invitations_made",
        verbose_name=_("invited by"),
    )
    made_at = models.DateTimeField(_("invited at"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("runs out at"), editable=False)
    revoked_at = models.DateTimeField(_("taken back at"), null=True, editable=False)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, editable=False)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="invitations_accepted",
        verbose_name=_("accepted by"),
    )
    last_reminded_on = models.DateField(_("last reminded on"), null=True, editable=False)
    asked_on = models.DateField(_("asked for a new one on"), null=True, editable=False)

    objects = InvitationQuerySet.as_manager()
    token = ""  # the secret of the link, only on the object that has just made it

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["seat"],
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="one_waiting_invitation_per_seat",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at=None, accepted_by=None)
                | models.Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="accepted_by_somebody_at_some_time",
            ),
        ]

    def __str__(self):
        return f"{self.seat} ({self.email})"

    # Questions

    @property
    def path(self) -> str:
        """The address of the page behind the link, while the token is known."""
        return reverse("partnerships:invitation", args=[self.token])

    @property
    def person(self) -> Person:
        return self.seat.person

    @property
    def partnership(self) -> Partnership:
        return self.seat.party.partnership

    @cached_property
    def other_partnerships(self) -> list[Partnership]:
        """Where else the person has a seat: with the login they come in there too."""
        seats = self.person.seats.current().exclude(party__partnership=self.partnership)
        found = Partnership.objects.filter(pk__in=seats.values("party__partnership"))
        return list(found.order_by("pk").with_parties())

    @property
    def hindrance(self) -> Hindrance | None:
        """Return what stands in the way of accepting it now, whoever does."""
        found = {
            Hindrance.ACCEPTED: self.accepted_at,
            Hindrance.REVOKED: self.revoked_at,
            Hindrance.LEFT: self.seat.is_gone,
            Hindrance.ENDED: self.partnership.has_ended,
            Hindrance.TAKEN: self.person.user and not self.is_for(self.person.user),
            Hindrance.EXPIRED: self.is_expired,
        }
        return next((hindrance for hindrance, is_so in found.items() if is_so), None)

    @property
    def is_waiting(self) -> bool:
        """Neither accepted nor taken back; the time may be over."""
        return not self.accepted_at and not self.revoked_at

    @property
    def is_expired(self) -> bool:
        return timezone.now() >= self.expires_at

    @property
    def may_be_asked_for_anew(self) -> bool:
        return self.hindrance == Hindrance.EXPIRED

    @property
    def was_asked_for_today(self) -> bool:
        return self.asked_on == self.partnership.district.today()

    @cached_property
    def account(self) -> User | None:
        """The account with the address that was invited, if there is one."""
        return User.objects.filter(email__iexact=self.email).first()

    def is_for(self, user) -> bool:
        return user.email.lower() == self.email

    def has_link(self, token: str) -> bool:
        return secrets.compare_digest(self.token_hash, hash_of(token))

    # Actions

    @transaction.atomic
    def renew(self):
        """Make a new link for another 14 days; the old one no longer works."""
        self.lock()
        self.refuse_because_of(set(Hindrance) - {Hindrance.EXPIRED})
        self.begin_anew()
        self.asked_on = None
        self.save(update_fields=["token_hash", "expires_at", "asked_on"])

    @transaction.atomic
    def remind(self):
        """Make a new link for the mail that goes out again, once a day; the old one no longer works."""
        self.lock()
        self.refuse_because_of(set(Hindrance))
        if self.by_hand:
            raise InvitationRefused(_("No mail was wanted. Renew the invitation for a new link."))
        today = self.partnership.district.today()
        if self.last_reminded_on == today:
            raise InvitationRefused(
                _("A reminder was sent today. You can send the next one tomorrow.")
            )
        self.last_reminded_on = today
        self.make_link()
        self.save(update_fields=["token_hash", "last_reminded_on"])

    @transaction.atomic
    def revoke(self, *, by):
        self.lock()
        self.refuse_because_of({Hindrance.ACCEPTED, Hindrance.REVOKED})
        self.revoked_at = timezone.now()
        self.save(update_fields=["revoked_at"])
        self.partnership.record(EventKind.INVITATION_REVOKED, by=by, person=self.person.name)

    @transaction.atomic
    def ask_anew(self):
        """Note that the person asks for another link, at most once a day."""
        self.lock_as_opened()
        if not self.may_be_asked_for_anew:
            raise InvitationRefused(_("There is no need to ask for a new link."))
        if self.was_asked_for_today:
            raise InvitationRefused(_("You have asked today. The coordinator has been told."))
        self.asked_on = self.partnership.district.today()
        self.save(update_fields=["asked_on"])

    @transaction.atomic
    def accept(self, user):
        """Let the person sign in with this account. Raises InvitationRefused."""
        self.lock_as_opened()
        self.refuse_because_of(set(Hindrance))
        if not self.is_for(user):
            raise InvitationRefused(_("This invitation is for another email address."))
        self.person.user = user
        self.person.save(update_fields=["user"])
        self.accepted_at, self.accepted_by = timezone.now(), user
        self.save(update_fields=["accepted_at", "accepted_by"])
        for seat in self.person.seats.current().select_related("party__partnership"):
            # In all of them, since the login opens all of them.
            seat.party.partnership.record(
                EventKind.INVITATION_ACCEPTED, by=user, person=self.person.name
            )

    @transaction.atomic
    def accept_with_new_account(self, password: str | None) -> User:
        """Make an account for the person and accept with it. Raises InvitationRefused.

        Without a password, its owner signs in by a code that comes by mail.
        """
        self.lock_as_opened()
        self.refuse_because_of(set(Hindrance))
        try:
            with transaction.atomic():
                user = User.objects.create_user(
                    self.email, password, name=self.person.name, language=self.language
                )
        except IntegrityError:  # made meanwhile, on another way
            raise InvitationRefused(
                _("There is an account with this email address already. Sign in first.")
            ) from None
        self.accept(user)
        return user

    def lock(self):
        """Decide on the rows as they are now: two people may press a button at once."""
        self.refresh_from_db(from_queryset=Invitation.objects.select_for_update())
        self.seat.person.refresh_from_db(from_queryset=Person.objects.select_for_update())

    def lock_as_opened(self):
        """The same, for whoever came by the link: it must not have been replaced since."""
        opened = self.token_hash
        self.lock()
        if self.token_hash != opened:
            raise InvitationRefused(_("This link was replaced by a newer one. Look for that mail."))

    def refuse_because_of(self, hindrances: set[Hindrance]):
        if self.hindrance in hindrances:
            raise InvitationRefused(self.hindrance.label)

    def begin_anew(self):
        self.expires_at = timezone.now() + LASTS
        self.make_link()

    def make_link(self):
        self.token = secrets.token_urlsafe(TOKEN_BYTES)
        self.token_hash = hash_of(self.token)

from django.conf import settings
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.dates import WEEKDAYS
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.joined import joined, parted
from accounts.text import NFCCharField, language_of

MAIL_HOURS = range(5, 22)


class UserManager(BaseUserManager):
    use_in_migrations = True

    def create_user(self, email, password=None, **fields):
        """Make an account; without a password its owner sets one by “Forgotten password”."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username):
        return self.get(email__iexact=username)

    def with_places(self):
        """With the keys of their schools and districts, for `User.places`."""
        return self.annotate(
            school_keys=joined(User.schools.through.objects.all(), "user", "school"),
            district_keys=joined(User.districts.through.objects.all(), "user", "district"),
        )


class User(AbstractUser):
    """Somebody who signs in, by email address."""

    username = None
    first_name = None
    last_name = None
    email = models.EmailField(_("email address"), unique=True)
    name = NFCCharField(_("name"), max_length=120)
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=settings.LANGUAGES,
        default="en",
        help_text=_("Pages and mails come in this language."),
    )

    wants_digest = models.BooleanField(_("once a week: what waits for you"), default=True)
    digest_day = models.PositiveSmallIntegerField(
        _("day of the week"), choices=list(WEEKDAYS.items()), default=0
    )
    mail_hour = models.PositiveSmallIntegerField(
        _("not before"), choices=[(hour, f"{hour}:00") for hour in MAIL_HOURS], default=8
    )
    wants_reminder = models.BooleanField(_("on the day something falls due"), default=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="one_account_per_email",
                violation_error_message=_("There is an account with this email address already."),
            )
        ]

    def __str__(self):
        return self.name or self.email

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        """How to greet somebody: Vietnamese given names stand last, others first."""
        words = self.name.split() or [self.email]
        return words[-1] if language_of(self.name) == "vi" else words[0]

    @cached_property
    def places(self) -> dict[str, set[int]]:
        """The schools this person coordinates and the districts they administer.

        Whoever is signed in was fetched with them; of others, one query.
        """
        known = self if hasattr(self, "school_keys") else User.objects.with_places().get(pk=self.pk)
        return {
            "school": set(map(int, parted(known.school_keys))),
            "district": set(map(int, parted(known.district_keys) if self.is_staff else [])),
        }

    @property
    def school_ids(self) -> set[int]:
        return self.places["school"]

    @property
    def district_ids(self) -> set[int]:
        return self.places["district"]


class Submission(models.Model):
    """A form that was sent, so that sending it twice makes nothing twice (see `once`)."""

    key = models.CharField(max_length=64, primary_key=True)
    url = models.CharField(max_length=2000, blank=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self):
        return self.key


# At the end, since these rows point at the accounts above.
from accounts.outbox import Mail, Round  # noqa: E402

__all__ = ["Mail", "Round", "Submission", "User", "UserManager"]

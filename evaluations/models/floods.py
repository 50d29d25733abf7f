"""What keeps floods of junk off the form for the community, without knowing who sends anything.

Counters and used forms stand in the database, so that all workers share them. They hold hashes
under our own key and no address, and are forgotten when their time is over.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

SALT = "evaluations.floods"


def hidden(*parts) -> str:
    """Return what only this installation can make of the parts, and nobody can read them from."""
    said = "\n".join(str(part) for part in parts)
    return salted_hmac(SALT, said, algorithm="sha256").hexdigest()


@dataclass(frozen=True)
class Limit:
    most: int
    within: timedelta


class TooMany(Exception):
    """A limit is reached; `wait` says how long to."""

    def __init__(self, wait: timedelta):
        super().__init__()
        self.wait = wait


class Tally(models.Model):
    """How many came in one stretch of time, over one link or from one network."""

    key = models.CharField(max_length=64, primary_key=True)
    number = models.PositiveIntegerField(default=0)
    over_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")

    def __str__(self):
        return str(self.number)


class SentForm(models.Model):
    """A form that was sent, by its token, so that it counts once; with what, as a hash."""

    key = models.CharField(max_length=64, primary_key=True)
    said = models.CharField(max_length=64)
    forget_on = models.DateField(db_index=True)  # a day, not an hour: it comes with a voice

    class Meta:
        verbose_name = _("form sent")
        verbose_name_plural = _("forms sent")

    def __str__(self):
        return self.key


def stretch(limit: Limit, *whose) -> tuple[str, timedelta]:
    """The key of the present stretch of time, and how long it lasts."""
    number, gone = divmod(timezone.now().timestamp(), limit.within.total_seconds())
    return hidden(*whose, limit.within, int(number)), limit.within - timedelta(seconds=gone)


def look(limit: Limit, *whose):
    """Raise TooMany where the limit is reached already; a flood so costs no writing."""
    key, wait = stretch(limit, *whose)
    if Tally.objects.filter(key=key, number__gte=limit.most).exists():
        raise TooMany(wait)


def tally(limit: Limit, *whose):
    """Count one more in the present stretch of time. Raises TooMany where that would be one too many."""
    key, wait = stretch(limit, *whose)
    Tally.objects.get_or_create(key=key, defaults={"over_at": timezone.now() + wait})
    # Of several at once each waits for the one before, and sees its number.
    if not Tally.objects.filter(key=key, number__lt=limit.most).update(number=F("number") + 1):
        raise TooMany(wait)


def forget():
    """Forget what has served its time."""
    Tally.objects.filter(over_at__lte=timezone.now()).delete()
    SentForm.objects.filter(forget_on__lt=today()).delete()


def today() -> date:
    """The date of the server; tokens are good for a day, whatever the zone."""
    return timezone.now().date()

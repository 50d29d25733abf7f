from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluations.models.questions import QuestionSet
from partnerships.events import EventKind
from partnerships.models import Partnership, Party
from partnerships.models.history import Record


class ReminderRefused(Exception):
    """The party cannot be reminded now; the message says why, to the reader."""


class Reminder(Record):
    """A party was reminded of a set of questions. Once a day is enough."""

    party = models.ForeignKey(Party, models.PROTECT, related_name="reminders")
    set_key = models.SlugField(max_length=60)
    on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("reminder of questions")
        verbose_name_plural = _("reminders of questions")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["party", "set_key", "on"], name="one_reminder_a_day_per_set"
            )
        ]

    def __str__(self):
        return f"{self.party}: {self.set_key}, {self.on}"


@transaction.atomic
def remind(party: Party, question_set: QuestionSet, *, by) -> list:
    """Note that a party is reminded, and return the accounts that the mail goes to. Raises ReminderRefused."""
    partnership = Partnership.objects.select_for_update(no_key=True).get(pk=party.partnership_id)
    if not partnership.is_active:
        raise ReminderRefused(_("This partnership is not active, so nobody is reminded."))
    users = party.speakers
    if not users:
        raise ReminderRefused(
            _("Nobody there has a login. Print the sheet, or enter what they say by phone.")
        )
    today = party.partnership.district.today()
    if party.reminders.filter(set_key=question_set.key, on=today).exists():
        raise ReminderRefused(_("They have been reminded today. Once a day is enough."))
    party.reminders.create(set_key=question_set.key, on=today, by=by, at=timezone.now())
    party.partnership.record(
        EventKind.ANSWERS_ASKED_FOR, by=by, party=party.label, set=question_set.titles
    )
    return users

"""The record of every mail: to whom, of what kind, and what became of it. Its text is sealed until it has left."""

import json
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.sealing import seal, unseal

# How long to wait after each try that failed; after the last try the mail is given up.
PAUSES = [timedelta(minutes=minutes) for minutes in (2, 15, 120, 600)]
TRIES = len(PAUSES) + 1
AT_WORK = timedelta(minutes=10)  # how long a try may take before another is made
KEPT = timedelta(days=90)
PURPOSE = "mail"


class Fault(models.TextChoices):
    ADDRESS = "address", _("The mail server refused this address.")
    SERVER = "server", _("The mail server could not be reached, or did not take it.")


class MailQuerySet(models.QuerySet):
    def waiting(self):
        """Neither sent nor given up."""
        return self.filter(sent_at=None, failed_at=None)

    def latest_failed(self, email: str) -> "Mail | None":
        """The newest mail to an address, if it could not be delivered."""
        latest = self.filter(email=email).first()
        return latest if latest and latest.has_failed else None

    def stranded(self):
        """Waiting, although their time came long ago: the program was stopped in the middle of a try."""
        return self.waiting().filter(next_try_at__lt=timezone.now() - timedelta(hours=1))

    def put(self, *, text: str, html: str, subject: str, headers: dict, **about) -> "Mail":
        """Keep a mail that is to leave, its text sealed."""
        said = {"subject": subject, "text": text, "html": html, "headers": headers}
        now = timezone.now()
        return self.create(
            sealed=seal(json.dumps(said), PURPOSE), queued_at=now, next_try_at=now, **about
        )

    def delete_old(self):
        self.filter(queued_at__lt=timezone.now() - KEPT).delete()


def failed_at_last(email: str) -> models.Subquery:
    """When the newest mail to the address of a row was given up; for lists. `email` leads to the address."""
    newest = Mail.objects.filter(email=models.OuterRef(email)).order_by("-pk")
    return models.Subquery(newest.values("failed_at")[:1])


class Mail(models.Model):
    kind = models.CharField(max_length=20)
    email = models.EmailField(_("email address"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="mails"
    )
    queued_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=10, choices=Fault, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    # The whole mail, links and codes included; emptied when it is sent or given up.
    sealed = models.TextField(blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(sent_at=None, failed_at=None),
                name="mails_waiting",
            ),
            models.Index(fields=["email", "-id"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sent_at=None, failed_at=None) | models.Q(sealed=""),
                name="no_text_is_kept_of_a_mail_that_has_left",
            ),
            models.CheckConstraint(
                condition=models.Q(sent_at=None) | models.Q(failed_at=None),
                name="sent_or_failed_not_both",
            ),
        ]

    def __str__(self):
        return f"{self.kind} → {self.email}"

    # Questions

    @property
    def has_failed(self) -> bool:
        return self.failed_at is not None

    @property
    def may_be_tried_again(self) -> bool:
        return self.tries < TRIES

    def message(self) -> EmailMultiAlternatives:
        said = json.loads(unseal(self.sealed, PURPOSE))
        message = EmailMultiAlternatives(
            said["subject"], said["text"], None, [self.email], headers=said["headers"]
        )
        message.attach_alternative(said["html"], "text/html")
        return message

    # Actions

    def claim(self) -> bool:
        """Take it for one try; of two workers at the same mail, one is told no."""
        now = timezone.now()
        taken = Mail.objects.waiting().filter(pk=self.pk, next_try_at__lte=now)
        if not taken.update(next_try_at=now + AT_WORK, tries=models.F("tries") + 1):
            return False
        self.refresh_from_db()
        return True

    def note_sent(self):
        self.sent_at, self.sealed = timezone.now(), ""
        self.save(update_fields=["sent_at", "sealed"])

    def note_next_try(self):
        self.next_try_at = timezone.now() + PAUSES[self.tries - 1]
        self.save(update_fields=["next_try_at"])

    def give_up(self, fault: Fault):
        self.failed_at, self.fault, self.sealed = timezone.now(), fault, ""
        self.save(update_fields=["failed_at", "fault", "sealed"])


class Periodic(models.TextChoices):
    """The mails that come by themselves."""

    DIGEST = "digest", _("Once a week: what waits for you")
    REMINDER = "reminder", _("On the day something falls due")


class RoundQuerySet(models.QuerySet):
    def delete_old(self):
        self.filter(on__lt=timezone.localdate() - KEPT).delete()


class Round(models.Model):
    """That a person's digest or reminder of one day is seen to: made once, so that nobody gets it twice."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="rounds")
    kind = models.CharField(max_length=10, choices=Periodic)
    on = models.DateField()
    mail = models.ForeignKey(Mail, models.SET_NULL, null=True, related_name="+")

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round of mails")
        verbose_name_plural = _("rounds of mails")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "on"], name="one_mail_of_a_kind_per_person_and_day"
            )
        ]

    def __str__(self):
        return f"{self.user}: {self.kind}, {self.on}"

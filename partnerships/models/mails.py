"""Which mails belong to a partnership, so that whoever looks after it learns when one did not arrive."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Mail
from partnerships.models.invitations import Invitation
from partnerships.models.partnership import Partnership
from partnerships.models.people import Seat

INVITATION = "invitation"


class PartnershipMailQuerySet(models.QuerySet):
    def undelivered(self):
        """What was given up, for as long as that is news.

        It no longer is when another mail has gone to the same address since, when the invitation
        it brought is accepted or taken back, or when the person has left.
        """
        later = PartnershipMail.objects.filter(
            partnership=OuterRef("partnership"),
            mail__email=OuterRef("mail__email"),
            mail__gt=OuterRef("mail"),
        )
        invitation = Invitation.objects.waiting().filter(
            seat=OuterRef("seat"), email=OuterRef("mail__email")
        )
        return self.filter(
            ~Exists(later),
            ~Q(mail__kind=INVITATION) | Exists(invitation),
            Q(seat=None) | Exists(Seat.objects.current().filter(pk=OuterRef("seat"))),
            Q(mail__user=None) | Q(mail__user__is_active=True),
            mail__failed_at__isnull=False,
        )


class PartnershipMail(models.Model):
    """A mail about a partnership; `seat` is whose mail it was, unless it went to a coordinator."""

    mail = models.ForeignKey(Mail, models.CASCADE, related_name="about")
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="mails")
    seat = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="mails")

    objects = PartnershipMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail about a partnership")
        verbose_name_plural = _("mails about partnerships")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "mail"], name="one_line_per_mail_and_partnership"
            )
        ]

    def __str__(self):
        return str(self.mail)

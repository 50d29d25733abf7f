"""Mails about a partnership, each in the language of the person it goes to."""

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import mails
from accounts.models import Mail
from partnerships.models import Invitation, PartnershipMail, Thanks
from partnerships.models.mails import INVITATION


def send_invitation(invitation: Invitation, request=None) -> Mail:
    """Send the link, which only an invitation that has just made it knows."""
    link = mails.address_of(invitation.path, request)
    with translation.override(invitation.language):
        mail = mails.send(
            INVITATION,
            invitation.email,
            subject=_("%(who)s invites you to a partnership") % {"who": invitation.made_by.name},
            template="partnerships/mail/invitation",
            context={"invitation": invitation, "link": link},
        )
    note(mail, invitation.partnership, invitation.seat)
    return mail


def send_wish_for_invitation(invitation: Invitation, request):
    """Tell whoever looks after the partnership that somebody needs a new link."""
    path = reverse("partnerships:team", args=[invitation.partnership.pk])
    for user in invitation.partnership.looked_after_by:
        with translation.override(user.language):
            mail = mails.send(
                "wish",
                user.email,
                subject=_("%(who)s asks for a new invitation") % {"who": invitation.person.name},
                template="partnerships/mail/wish_for_invitation",
                context={
                    "invitation": invitation,
                    "user": user,
                    "link": mails.address_of(path, request),
                },
                user=user,
            )
        note(mail, invitation.partnership)


def send_thanks(thanks: Thanks) -> Mail:
    """Say thanks to somebody at the table, in the language that was chosen for it."""
    person = thanks.seat.person
    with translation.override(thanks.language):
        mail = mails.send(
            "thanks",
            person.email,
            subject=_("Thank you, from %(title)s") % {"title": thanks.partnership.full_title},
            template="partnerships/mail/thanks",
            context={"thanks": thanks},
            user=person.user,
        )
    note(mail, thanks.partnership, thanks.seat)
    return mail


def note(mail, partnership, seat=None) -> PartnershipMail:
    """Keep to which partnership a mail belongs, and whose at its table it was."""
    return PartnershipMail.objects.create(mail=mail, partnership=partnership, seat=seat)

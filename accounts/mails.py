"""Mail leaves here, and only here: kept sealed, sent by a background task once the transaction is through."""

import logging
import smtplib
from functools import partial

from django.conf import settings
from django.db import transaction
from django.tasks import task
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.outbox import Fault, Mail

FRAME = "accounts/mail/frame.html"
REFUSED_FOR_GOOD = 500  # the first of the codes by which a mail server refuses for good

logger = logging.getLogger(__name__)


def send(kind: str, email: str, *, subject: str, template: str, context: dict, **more) -> Mail:
    """Send a mail in the language that is active, from `template`: a text (.txt) and, if there is one, its .html.

    `more` may hold `user` (whose mail it is) and `headers`.
    """
    text = render_to_string(f"{template}.txt", context)
    context = {**context, "text": text.strip(), "subject": on_one_line(subject)}
    html = render_to_string([f"{template}.html", FRAME], context)
    return send_written(kind, email, subject=subject, text=text, html=html, **more)


def send_written(
    kind: str, email: str, *, subject: str, text: str, html: str = "", user=None, headers=None
) -> Mail:
    """Send a mail whose text is written already; without `html` the text is put into the common frame."""
    mail = Mail.objects.put(
        kind=kind,
        email=email,
        user=user,
        subject=on_one_line(subject),
        text=text.strip() + "\n",
        html=html or render_to_string(FRAME, {"text": text, "subject": on_one_line(subject)}),
        headers=headers or {},
    )
    # Robust: a fault of the queue must not break the page; `take_up_stranded` finds the mail.
    transaction.on_commit(partial(deliver.enqueue, mail.pk), robust=True)
    return mail


def address_of(path: str, request=None) -> str:
    """Return where a link in a mail leads: to the host that was asked, or else to SITE_URL."""
    return request.build_absolute_uri(path) if request else settings.SITE_URL + path


def on_one_line(text: str) -> str:
    """Return a subject without line breaks, which names may hold."""
    return " ".join(str(text).split())


@task
def deliver(mail_pk: int):
    """Try to send a mail; if it does not go out, try again later, and after some tries give up.

    The task knows the mail's number alone, so the queue holds neither text nor link.
    """
    mail = Mail.objects.filter(pk=mail_pk).first()
    if mail is None or not mail.claim():
        return
    try:
        mail.message().send()
    except OSError as fault:  # smtplib's are among them
        logger.warning("Mail %s was not taken (%s).", mail.pk, type(fault).__name__)
        try_again_later(mail, fault)
    else:
        mail.note_sent()


def try_again_later(mail: Mail, fault: OSError):
    reason = reason_of(fault)
    # Where tasks run at once (LOCAL) there is no later.
    there_is_a_later = deliver.get_backend().supports_defer
    if reason == Fault.ADDRESS or not there_is_a_later or not mail.may_be_tried_again:
        mail.give_up(reason)
        return
    mail.note_next_try()
    deliver.using(run_after=mail.next_try_at).enqueue(mail.pk)


def reason_of(fault: OSError) -> Fault:
    """Tell an address that is refused for good from what may go better later."""
    refusals = getattr(fault, "recipients", {}).values()
    for_good = [code >= REFUSED_FOR_GOOD for code, _words in refusals]
    is_refusal = isinstance(fault, smtplib.SMTPRecipientsRefused) and all(for_good)
    return Fault.ADDRESS if is_refusal else Fault.SERVER


def take_up_stranded():
    """Queue again what was left lying when the program was stopped."""
    for mail in Mail.objects.stranded():
        if mail.may_be_tried_again:
            deliver.enqueue(mail.pk)
        else:
            mail.give_up(Fault.SERVER)


def send_welcome(user: User, request):
    """Tell somebody that an account was made for them, and how to sign in."""
    link = address_of(reverse("account_request_login_code"), request)
    with translation.override(user.language):
        send(
            "welcome",
            user.email,
            subject=_("Your account in Alongside"),
            template="accounts/mail/welcome",
            context={"user": user, "link": link},
            user=user,
        )

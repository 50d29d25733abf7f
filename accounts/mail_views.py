"""Which mails one gets; how to turn them off from a mail; and, in a demo, the mails themselves."""

import base64
import hashlib
import re
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.csp import CSP, build_policy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts import unsubscribing
from accounts.forms import MailSettingsForm
from accounts.mailbox import kept_mail, kept_mails
from accounts.outbox import Mail

STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


@require_http_methods(["GET", "HEAD", "POST"])
def mail_settings(request):
    form = MailSettingsForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("accounts:mail_settings")
    failed = Mail.objects.latest_failed(request.user.email)
    return render(request, "accounts/mail_settings.html", {"form": form, "undelivered": failed})


@login_not_required
@csrf_exempt  # a mail program presses this button by itself (RFC 8058); the link is proof enough
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def turn_off(request, token):
    """Turn one kind of mail off for the person to whom it went. Opening the page changes nothing."""
    found = unsubscribing.read(token)
    if found is None:
        raise Http404
    user, kind = found
    if request.user.is_anonymous:
        translation.activate(user.language)
    if request.method == "POST":
        unsubscribing.turn_off(user, kind)
    is_off = not getattr(user, unsubscribing.SWITCHES[kind])
    context = {"kind": kind, "is_off": is_off, "email": user.email}
    return render(request, "accounts/turn_off.html", context)


def only_in_a_demo(view):
    """Let a page exist on one's own computer alone, in a demo; there its accounts are public anyway."""

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        if not (settings.LOCAL and settings.DEMO):
            raise Http404
        return view(request, *args, **kwargs)

    return login_not_required(never_cache(wrapper))


def get_kept_mail(key):
    mail = kept_mail(key)
    if mail is None:
        raise Http404
    return mail


@only_in_a_demo
@require_safe
def mailbox(request):
    """Every mail that the demo has sent, the newest first."""
    return render(request, "accounts/mailbox.html", {"mails": kept_mails()})


@only_in_a_demo
@require_safe
def mailbox_mail(request, key):
    return render(request, "accounts/mailbox_mail.html", {"mail": get_kept_mail(key)})


@only_in_a_demo
@require_safe
def mailbox_html(request, key):
    """The HTML part of a mail as a mail program shows it: nothing runs, nothing is fetched."""
    html = get_kept_mail(key).html
    response = HttpResponse(html)
    response.headers[str(CSP.HEADER_ENFORCE)] = build_policy(policy_for(html))
    return response


def policy_for(html: str) -> dict[str, list[str]]:
    """Allow nothing but the styles that the mail itself holds."""
    closed = ("default-src", "base-uri", "form-action", "frame-ancestors")
    hashes = [hashlib.sha256(style.encode()).digest() for style in STYLE.findall(html)]
    styles = [f"'sha256-{base64.b64encode(one).decode()}'" for one in hashes]
    return {name: [CSP.NONE] for name in closed} | {"style-src": styles or [CSP.NONE]}

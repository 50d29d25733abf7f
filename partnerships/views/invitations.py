"""Invitations: made by whoever manages a partnership, accepted on a page that only its link opens."""

from functools import wraps

from allauth.account.utils import complete_signup
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms import FirstPasswordForm
from accounts.mailed_code import note_mailbox
from accounts.models import User
from accounts.once import once
from accounts.qr import as_svg
from partnerships.access import get_current_seat, get_partnership
from partnerships.forms.invitations import InviteForm, Way, WayForm
from partnerships.mails import send_invitation, send_wish_for_invitation
from partnerships.models import Invitation, InvitationRefused

# From a press on “Invite” or “Renew” to the page that shows the link, the link is kept by the
# browser of whoever made it, since the database has only its hash.
COOKIE = "__Host-invitation" if settings.SESSION_COOKIE_SECURE else "invitation"
KEPT_FOR = 10 * 60  # seconds

FIRST_PAGE = "desk:today"  # of somebody new: what this is, how it works, what is asked of them


# At the table


def get_seat(request, pk, seat_pk):
    partnership = get_partnership(request, pk, manage=True)
    return get_current_seat(partnership, seat_pk)


def get_invitation_of(seat) -> Invitation:
    if seat.invitation is None:
        raise Http404
    return seat.invitation


@require_http_methods(["GET", "HEAD", "POST"])
@once
def invite(request, pk, seat_pk):
    seat = get_seat(request, pk, seat_pk)
    if not seat.may_be_invited:
        messages.info(request, _("This person has a login or an invitation already."))
        return redirect("partnerships:team", pk)
    form = InviteForm(
        request.POST or None,
        initial={"email": seat.person.email, "language": request.user.language},
    )
    if request.method == "POST" and form.is_valid():
        try:
            invitation = Invitation.objects.invite(seat, by=request.user, **form.cleaned_data)
        except InvitationRefused as refusal:
            messages.warning(request, str(refusal))
            return redirect("partnerships:team", pk)
        return show_link(invitation) if invitation.by_hand else send_and_show(request, invitation)
    context = {"partnership": seat.party.partnership, "seat": seat, "form": form, "tab": "people"}
    context["mails"] = drafts_of_mail(seat, request.user)
    return render(request, "partnerships/invitations/invite.html", context)


def drafts_of_mail(seat, user) -> list[dict]:
    """What the mail would say, in each language: the sentences that it shares with the page behind its link."""
    drafts = []
    for code, name in settings.LANGUAGES:
        invitation = Invitation(seat=seat, made_by=user, email=seat.person.email or "…")
        invitation.begin_anew()
        with translation.override(code):
            text = render_to_string(
                "partnerships/invitations/_about.html", {"invitation": invitation}
            )
        drafts.append({"language": code, "name": name, "text": text})
    return drafts


def send_and_show(request, invitation):
    send_invitation(invitation, request)
    return show_link(invitation)


def show_link(invitation):
    """Lead to the page that shows the link, this once."""
    seat = invitation.seat
    response = redirect("partnerships:invited", seat.party.partnership_id, seat.pk)
    response.set_cookie(
        COOKIE,
        invitation.token,
        max_age=KEPT_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


@require_safe
@never_cache
def invited(request, pk, seat_pk):
    """Show the link of an invitation just made, to copy or print, this once."""
    seat = get_seat(request, pk, seat_pk)
    invitation = get_invitation_of(seat)
    token = request.COOKIES.get(COOKIE, "")
    context = {"partnership": seat.party.partnership, "invitation": invitation, "tab": "people"}
    if invitation.has_link(token):
        path = reverse("partnerships:invitation", args=[token])
        context["link"] = request.build_absolute_uri(path)
        context["picture"] = as_svg(context["link"])
    response = render(request, "partnerships/invitations/invited.html", context)
    if request.method == "GET" and token:
        response.delete_cookie(COOKIE)
    return response


@require_POST
@once
def remind(request, pk, seat_pk):
    invitation = get_invitation_of(get_seat(request, pk, seat_pk))
    try:
        invitation.remind()
    except InvitationRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        send_invitation(invitation, request)
        messages.success(request, _("The mail is on its way again, with a new link."))
    return redirect("partnerships:team", pk)


@require_POST
@once
def renew(request, pk, seat_pk):
    invitation = get_invitation_of(get_seat(request, pk, seat_pk))
    try:
        invitation.renew()
    except InvitationRefused as refusal:
        messages.warning(request, str(refusal))
        return redirect("partnerships:team", pk)
    return show_link(invitation) if invitation.by_hand else send_and_show(request, invitation)


@require_POST
def revoke(request, pk, seat_pk):
    invitation = get_invitation_of(get_seat(request, pk, seat_pk))
    try:
        invitation.revoke(by=request.user)
    except InvitationRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The invitation is taken back. Its link no longer works."))
    return redirect("partnerships:team", pk)


# By the link


def by_link(view):
    """Open a page to whoever has its link, and keep the link out of caches and other pages' sight.

    Not `no-referrer`: with it, browsers hide where a form comes from, and it would be refused.
    """

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response.headers["Referrer-Policy"] = "strict-origin"
        return response

    return login_not_required(never_cache(wrapper))


def get_invitation(request, token) -> Invitation:
    """Return the invitation with this link, and speak its language to somebody still unknown."""
    invitation = get_object_or_404(Invitation.objects.of_link(token))
    invitation.partnership.district.keep_time()
    if request.user.is_anonymous and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(invitation.language)
    return invitation


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
@once
def invitation(request, token):
    """What somebody is invited to, and a button; only the button accepts."""
    invitation = get_invitation(request, token)
    if request.method != "POST" or invitation.hindrance:
        return show(request, invitation)
    if request.user.is_anonymous:
        return show(request, invitation) if invitation.account else begin(request, invitation)
    if not invitation.is_for(request.user):
        return show(request, invitation, status=403)
    try:
        invitation.accept(request.user)
    except InvitationRefused as refusal:
        return show(request, invitation, refusal=str(refusal))
    messages.success(request, _("You are part of this partnership now."))
    return redirect("desk:welcome", invitation.partnership.pk)


def show(request, invitation, *, refusal="", status=200):
    user = request.user
    refusal = refusal or (invitation.hindrance.label if invitation.hindrance else "")
    context = {
        "invitation": invitation,
        "refusal": refusal,
        "is_somebody_else": user.is_authenticated and not invitation.is_for(user),
        "must_sign_in": user.is_anonymous and invitation.account is not None,
    }
    template = "partnerships/invitations/invitation.html"
    return render(request, template, context, status=410 if refusal else status)


def begin(request, invitation):
    """Let somebody without an account choose how to sign in from now on."""
    if "password1" in request.POST:
        return begin_with_password(request, invitation, request.POST)
    form = WayForm(request.POST if "way" in request.POST else None)
    if not form.is_valid():
        context = {"invitation": invitation, "form": form}
        return render(request, "partnerships/invitations/choose.html", context)
    match form.cleaned_data["way"]:
        case Way.PASSWORD:
            return begin_with_password(request, invitation)
        case Way.PASSKEY:
            after = {"next": reverse(FIRST_PAGE)}
            return make_account(request, invitation, there=reverse("mfa_add_webauthn", query=after))
        case _:
            return make_account(request, invitation)


def begin_with_password(request, invitation, data=None):
    newcomer = User(email=invitation.email, name=invitation.person.name)
    form = FirstPasswordForm(data, user=newcomer)
    if not form.is_valid():
        context = {"invitation": invitation, "form": form}
        return render(request, "partnerships/invitations/password.html", context)
    return make_account(request, invitation, form.cleaned_data["password1"])


def make_account(request, invitation, password=None, there=""):
    """Make the account, sign its owner in, and lead on. Without a password they sign in by a mailed code."""
    try:
        user = invitation.accept_with_new_account(password)
    except InvitationRefused as refusal:
        return show(request, invitation, refusal=str(refusal))
    response = complete_signup(request, user, "none", there or reverse(FIRST_PAGE))
    note_mailbox(request, user)  # the link came by it
    return response


@by_link
@require_POST
@transaction.atomic
def ask_for_invitation(request, token):
    """Tell the coordinator that somebody with an old link needs a new one."""
    invitation = get_invitation(request, token)
    try:
        invitation.ask_anew()
    except InvitationRefused as refusal:
        messages.info(request, str(refusal))
    else:
        send_wish_for_invitation(invitation, request)
        if invitation.by_hand:
            told = _("The coordinator is told, and brings you a new link.")
        else:
            told = _("The coordinator is told. A new link comes to you by mail.")
        messages.success(request, told)
    return redirect("partnerships:invitation", token)

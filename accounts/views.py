from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import sessions
from accounts.email_change import EmailChange, EmailTaken
from accounts.forms import EmailCodeForm, LanguageForm, NewEmailForm, ProfileForm
from accounts.mailed_code import CodeAgain, is_needed, sure_who


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request):
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        translation.activate(request.user.language)
        messages.success(request, _("Your profile is saved."))
        return redirect("accounts:profile")
    return render(request, "accounts/profile.html", {"form": form, **ways_to_sign_in(request.user)})


def ways_to_sign_in(user) -> dict:
    """By what somebody can sign in, beside a code by mail: passkeys, an app, accounts elsewhere."""
    kinds = list(user.authenticator_set.values_list("type", flat=True))
    names = dict(settings.SIGN_IN_PROVIDERS)
    return {
        "passkeys": kinds.count(Authenticator.Type.WEBAUTHN),
        "has_app": Authenticator.Type.TOTP in kinds,
        "accounts_elsewhere": [
            {"pk": account.pk, "name": names[account.provider]}
            for account in user.socialaccount_set.filter(provider__in=names)
        ],
        "session_count": sessions.running(user).count(),
    }


# The email address


@sure_who
@require_http_methods(["GET", "HEAD", "POST"])
def change_email(request):
    form = NewEmailForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        if too_often := ratelimit.consume_or_429(request, action="mail_code"):
            return too_often
        EmailChange(request).begin(form.cleaned_data["email"])
        return redirect("accounts:confirm_email")
    return render(request, "accounts/change_email.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def confirm_email(request):
    """Take the code that was sent to the new address."""
    change = EmailChange(request)
    if not change.is_waiting:
        return redirect("accounts:change_email")
    form = EmailCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if change.fits(form.cleaned_data["code"]):
            return finish(request, change)
        if not change.is_waiting:
            messages.error(request, _("Too many wrong codes. Begin anew."))
            return redirect("accounts:change_email")
        form.add_error("code", get_adapter().error_messages["incorrect_code"])
    return render(request, "accounts/confirm_email.html", {"form": form, "email": change.email})


def finish(request, change):
    try:
        change.finish()
    except EmailTaken:
        messages.error(request, _("Somebody else has an account with this address now."))
        return redirect("accounts:change_email")
    messages.success(request, _("Your email address is changed."))
    return redirect("accounts:profile")


# Who one is, once more


@require_http_methods(["GET", "HEAD", "POST"])
def code_again(request):
    """Mail a code to somebody who has no other way to say once more who they are, and take it."""
    there = local_url(request, request.GET.get("next", ""))
    if not is_needed(request):
        return redirect(there)
    code = CodeAgain(request)
    if request.method == "POST" and "code" not in request.POST:
        return send_code_again(request, code)
    context = {"code": code, "form": EmailCodeForm(request.POST or None)}
    if request.method == "POST" and code.is_waiting and context["form"].is_valid():
        if code.fits(context["form"].cleaned_data["code"]):
            code.finish()
            return redirect(there)
        context["form"].add_error("code", get_adapter().error_messages["incorrect_code"])
    return render(request, "accounts/code_again.html", context)


def send_code_again(request, code):
    if too_often := ratelimit.consume_or_429(request, action="mail_code"):
        return too_often
    code.begin()
    return redirect(request.get_full_path())


# Where one is signed in


@require_safe
@never_cache
def session_list(request):
    context = {
        "sessions": sessions.running(request.user),
        "current": request.session.session_key,
    }
    return render(request, "accounts/sessions.html", context)


@require_POST
def end_session(request, pk):
    get_object_or_404(request.user.usersession_set, pk=pk).end()
    messages.success(request, _("That device is signed out."))
    return redirect("accounts:sessions")


@require_POST
def end_other_sessions(request):
    sessions.end_all_but(request.session.session_key, request.user)
    messages.success(request, _("All other devices are signed out."))
    return redirect("accounts:sessions")


@sure_who
@require_http_methods(["GET", "HEAD", "POST"])
def part(request, pk):
    """Let an account elsewhere no longer sign in here."""
    account = get_object_or_404(request.user.socialaccount_set, pk=pk)
    if request.method == "POST":
        account.delete()
        name = dict(settings.SIGN_IN_PROVIDERS).get(account.provider, account.provider)
        context = {"user": request.user, "name_of_provider": name}
        get_adapter().send_notification_mail("account/email/parted", request.user, context)
        messages.success(request, _("That account no longer signs you in."))
        return redirect("accounts:profile")
    return render(request, "accounts/part.html", {"account": account})


# The language


@login_not_required
@require_POST
def language(request):
    """Change the language, for good where somebody is signed in, and return to the page."""
    form = LanguageForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    chosen = form.cleaned_data["language"]
    if request.user.is_authenticated:
        request.user.language = chosen
        request.user.save(update_fields=["language"])
    response = redirect(local_url(request, request.POST.get("next", "")))
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
    return response


def local_url(request, url: str, default: str = "/") -> str:
    """Return `url` if it leads to a page of this very site, else `default`."""
    here = url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return url if here else default

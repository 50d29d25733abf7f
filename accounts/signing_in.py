"""The library's pages on the way in, where ours do a little more."""

from allauth.account import views as allauth_views
from allauth.account.adapter import get_adapter
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.base import views as mfa_views
from allauth.mfa.recovery_codes import views as recovery_codes_views
from allauth.mfa.totp import views as totp_views
from allauth.mfa.webauthn import views as passkey_views
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from allauth.socialaccount.adapter import get_adapter as get_providers
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.openid_connect.views import callback
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from requests import RequestException

from accounts.mailed_code import sure_who

set_password = sure_who(allauth_views.password_set)
set_up_app = sure_who(totp_views.activate_totp)


class SignIn(allauth_views.LoginView):
    def get_context_data(self, **kwargs):
        return super().get_context_data(providers=settings.SIGN_IN_PROVIDERS, **kwargs)


class ConfirmCode(allauth_views.ConfirmLoginCodeView):
    """Takes the code that was mailed; counts wrong ones, and asks whether to stay signed in."""

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        if "code" in kwargs:  # not where another code is asked for
            kwargs["email"] = self._process.state["email"]
        return kwargs

    def form_valid(self, form):
        response = super().form_valid(form)
        if "code" in form.cleaned_data:
            stays = form.cleaned_data["remember"]
            self.request.session.set_expiry(settings.SESSION_COOKIE_AGE if stays else 0)
        else:
            sent = _("If there is an account with this address, a mail with a code is on its way.")
            messages.success(self.request, sent)
        return response


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def enter_code(request):
    """Ask for the second step at sign-in. A form sent without anything lacks its code."""
    if request.method == "POST" and not {"code", "credential"} & set(request.POST):
        request.POST = request.POST | {"code": ""}
    return mfa_views.authenticate(request)


class SignInByPasskey(passkey_views.LoginWebAuthnView):
    """Lets in by a passkey alone, and returns to where one wanted to go."""

    def form_valid(self, form):
        passkey = form.cleaned_data["credential"]
        login = Login(user=passkey.user, redirect_url=get_next_redirect_url(self.request))
        return perform_passwordless_login(self.request, passkey, login)


class AddPasskey(passkey_views.AddWebAuthnView):
    def get_context_data(self, **kwargs):
        """Ask the browser for a passkey, which the library calls passwordless."""
        context = super().get_context_data(**kwargs)
        options = webauthn.begin_registration(self.request.user, passwordless=True)
        there = get_next_redirect_url(self.request)
        return context | {"js_data": {"creation_options": options}, "there": there}

    def get_success_url(self):
        """Lead back to where one came from; past the spare codes, if they are new."""
        there = get_next_redirect_url(self.request)
        if not there:
            return super().get_success_url()
        if not self.did_generate_recovery_codes:
            return there
        return reverse("mfa_view_recovery_codes", query={"next": there})


class SpareCodes(recovery_codes_views.ViewRecoveryCodesView):
    def get_context_data(self, **kwargs):
        there = get_next_redirect_url(self.request) or settings.LOGIN_REDIRECT_URL
        return super().get_context_data(there=there, **kwargs)


add_passkey = sure_who(AddPasskey.as_view())
spare_codes = SpareCodes.as_view()


class PasskeyAgain(passkey_views.ReauthenticateWebAuthnView):
    def form_invalid(self, form):
        """Stay on this page: whoever sees it is signed in, and has other ways to say who they are."""
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        alternatives = self.get_reauthentication_alternatives()
        return context | {"form": self.get_form(), "reauthentication_alternatives": alternatives}


# By an account elsewhere


@login_not_required
@require_POST
def at_provider(request, provider_id):
    """Send somebody to sign in where they have an account.

    By a page in between, not by a redirect: our policy lets forms lead to this site only.
    """
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    try:
        provider = get_providers().get_provider(request, provider_id)
    except SocialApp.DoesNotExist as unknown:
        raise Http404 from unknown
    there = get_next_redirect_url(request)
    try:
        response = provider.redirect(request, AuthProcess.LOGIN, next_url=there)
    except RequestException:
        messages.error(
            request,
            _("%(name)s does not answer. Try again later, or sign in by a code.")
            % {"name": provider.app.name},
        )
        return redirect("account_login")
    context = {"there": response.url, "name": provider.app.name}
    return render(request, "account/to_provider.html", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD"])
def from_provider(request, provider_id):
    """Let in whoever comes back from there, if we know them."""
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    return callback(request, provider_id)


@login_not_required
@require_http_methods(["GET", "HEAD"])
def gave_up_at_provider(request):
    get_adapter().add_message(
        request, messages.INFO, message=_("You are not signed in. Choose any way you like.")
    )
    return redirect("account_login")

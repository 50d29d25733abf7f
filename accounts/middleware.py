from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

from accounts.devices import remember_device
from accounts.second_step import is_lacking
from accounts.sessions import see
from accounts.unsent import page_before, texts_in


class LanguageMiddleware:
    """Speak the reader's language: the account's once signed in, else the cookie's or the browser's.

    Views may keep another time zone (their district's) until the request ends.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            language = request.user.language
        else:
            language = translation.get_language_from_request(request)
        with translation.override(language), timezone.override(settings.TIME_ZONE):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language())
        patch_vary_headers(response, ["Accept-Language"])
        return response


class DeviceMiddleware:
    """Remember browsers after a sign-in, and when a session was last in use."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        see(request)
        response = self.get_response(request)
        remember_device(request, response)
        return response


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    def handle_no_permission(self, request, view_func):
        """Send a person whose session ended to the sign-in page, never a piece of it into a page.

        Texts that they sent come back with it: nothing typed is thrown away.
        """
        if request.htmx:
            return HttpResponseClientRedirect(sign_in_for(page_of_fragment(request)))
        if request.method != "POST":
            return super().handle_no_permission(request, view_func)
        sign_in = sign_in_for(page_before(request))
        if texts := texts_in(request.POST):
            context = {"texts": texts, "sign_in": sign_in}
            return render(request, "accounts/signed_out.html", context, status=403)
        return redirect(sign_in)


def sign_in_for(there: str) -> str:
    return redirect_to_login(there, resolve_url(settings.LOGIN_URL)).url


def page_of_fragment(request) -> str:
    try:
        return request.htmx.current_url_abs_path or "/"
    except ValueError:  # the header can hold anything
        return "/"


class SecondStepMiddleware:
    """Let admins go no further than to the pages on which they set up their second step, until they have."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        is_about_signing_in = request.resolver_match.view_name.startswith(
            ("account_", "mfa_", "openid_connect_", "accounts:language", "accounts:code_again")
        )
        if request.user.is_authenticated and not is_about_signing_in and is_lacking(request):
            there = redirect("mfa_index")
            return HttpResponseClientRedirect(there.url) if request.htmx else there
        return None

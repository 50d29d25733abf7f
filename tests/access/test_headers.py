"""Response headers; and how the settings of an installation behave, asked of processes of their own."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.urls import reverse

POLICY = {
    "default-src": ["'none'"],
    "base-uri": ["'none'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
    "img-src": ["'self'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
}
HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def policy_of(response) -> dict[str, list[str]]:
    directives = response.headers["Content-Security-Policy"].split(";")
    return {name: sources for name, *sources in (directive.split() for directive in directives)}


@pytest.fixture
def answers(client, alice, ola, partnership):
    """One answer of each sort, by name."""
    return {
        "the sign-in page": client.get(reverse("account_login")),
        "sent to sign in": client.get("/"),
        "not found, signed out": client.get("/nothing/here/"),
        **signed_in(client, alice, partnership),
        **in_the_admin(client, ola),
    }


def signed_in(client, alice, partnership):
    client.force_login(alice)
    page = partnership.get_absolute_url()
    return {
        "a page": client.get(page),
        "a fragment": client.get(reverse("desk:partnerships"), headers={"HX-Request": "true"}),
        "not found": client.get("/partnerships/987654321/"),
        "method not taken": client.post(page),
        "moved on": client.post(reverse("accounts:language"), {"language": "en", "next": page}),
        "a bad request": client.post(reverse("accounts:language")),
        "without its slash": client.get(page.rstrip("/")),
    }


def in_the_admin(client, ola):
    client.force_login(ola)
    return {
        "the admin": client.get(reverse("admin:index")),
        "a form of the admin": client.get(reverse("admin:partnerships_school_add")),
        "the admin's script": client.get(reverse("admin:jsi18n")),
        "not found in the admin": client.get("/admin/nothing/here/"),
    }


def test_every_answer_carries_the_same_policies(answers):
    for name, response in answers.items():
        assert policy_of(response) == POLICY, name
        assert {header: response.headers.get(header) for header in HEADERS} == HEADERS, name
        features = response.headers["Permissions-Policy"].split(", ")
        assert all(feature.endswith("=()") for feature in features), name
        assert {"camera=()", "microphone=()", "geolocation=()"} <= {*features}, name


def test_the_answers_are_of_all_sorts(answers):
    """A control: the test above would say little if all of these were the same."""
    assert {response.status_code for response in answers.values()} == {200, 301, 302, 400, 404, 405}


def test_static_files_carry_the_headers_too(client):
    response = client.head("/static/css/alongside.css")

    assert response.status_code == 200
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_no_page_has_a_script_or_a_style_of_its_own(answers):
    """The policy would stop it; better that there is none."""
    for name, response in answers.items():
        page = response.content.decode()
        assert "<style" not in page, name
        assert " style=" not in page, name
        assert " onclick=" not in page, name
        assert "nonce=" not in page, name


# Production

PRODUCTION = {
    "LOCAL": "0",
    "DEBUG": "0",
    "SECRET_KEY": "q8#Vt2-xLr5!mZk7&Wd0@Bn4^Hs9*Jc3+Pf6=Gy1~Ea5Ru8oT?Yi2Kl",
    "ALLOWED_HOSTS": "alongside.example",
    "EMAIL_HOST": "mail.alongside.example",
    "DEFAULT_FROM_EMAIL": "Alongside <alongside@alongside.example>",
    "DATABASE_URL": "sqlite:///:memory:",
}
KNOWN = (
    "DJANGO_ALLOW_ASYNC_UNSAFE",  # set by the tests in a browser
    "TRUSTED_PROXY_COUNT",
    "EMAIL_PORT",
    "EMAIL_TLS",
    "EMAIL_USER",
    "DEMO",
    "TIME_ZONE",
)
# Loads the settings as a server would, but without the `.env` that a checkout may have.
WITHOUT_ENV_FILE = "import environs; environs.Env.read_env = lambda *args, **options: False; "


def run(code: str, **variables) -> subprocess.CompletedProcess:
    """Run Python with the environment of a production server; a variable set to None is missing."""
    inherited = {
        name: value for name, value in os.environ.items() if name not in {*PRODUCTION, *KNOWN}
    }
    environment = inherited | PRODUCTION | {"DJANGO_SETTINGS_MODULE": "config.settings"} | variables
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", WITHOUT_ENV_FILE + code],
        cwd=settings.BASE_DIR,
        env={name: value for name, value in environment.items() if value is not None},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


CHECK = "from django.core.management import execute_from_command_line as run; run({})".format
DEPLOY = CHECK(["manage.py", "check", "--deploy", "--fail-level", "WARNING"])
START = "from django.conf import settings; settings.DEBUG"


def test_check_deploy_is_silent():
    done = run(DEPLOY)

    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
    assert done.stderr == ""


def test_control_check_deploy_is_not_silent_on_ones_own_computer():
    assert "security.W004" in run(DEPLOY, LOCAL="1").stderr


ANSWERS = """
import django; django.setup()
import json
from django.test import Client, RequestFactory
from django.http import HttpResponse
from config.middleware import HeadersMiddleware
host = {"headers": {"host": "alongside.example"}}
plain = Client().get("/accounts/inactive/", **host)
secure = Client().get("/accounts/inactive/", secure=True, **host)
language = Client().post("/language/", {"language": "vi"}, secure=True, **host)
forwarded = Client().get(
    "/accounts/inactive/", headers={**host["headers"], "x-forwarded-proto": "https"}
)
stranger = Client().get("/accounts/inactive/", secure=True, headers={"host": "evil.example"})
print(json.dumps({
    "plain": [plain.status_code, plain.headers.get("Location")],
    "forwarded": forwarded.status_code,
    "stranger": stranger.status_code,
    "hsts": secure.headers.get("Strict-Transport-Security"),
    "secure": secure.status_code,
    "session": [
        getattr(settings, f"SESSION_COOKIE_{what}")
        for what in ("NAME", "SECURE", "HTTPONLY", "SAMESITE", "PATH", "DOMAIN")
    ],
    "device": settings.DEVICE_COOKIE_NAME,
    "cookies": {
        name: [bool(cookie["secure"]), bool(cookie["httponly"]), cookie["path"], cookie["domain"]]
        for response in (secure, language)
        for name, cookie in response.cookies.items()
    },
}))
"""
# These requests need no database and no collected static files.
ANSWERS = (
    """
from django.conf import settings
settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
settings.WHITENOISE_AUTOREFRESH = True
"""
    + ANSWERS
)


@pytest.fixture(scope="module")
def production():
    done = run(ANSWERS)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_plain_http_is_sent_to_https(production):
    assert production["plain"] == [301, "https://alongside.example/accounts/inactive/"]


def test_hsts_is_sent_over_https(production):
    assert production["secure"] == 200
    assert production["hsts"] == "max-age=31536000; includeSubDomains; preload"


def test_cookies_belong_to_this_very_host(production):
    assert {*production["cookies"]} == {"__Host-csrftoken", "__Host-language"}
    for secure, http_only, path, domain in production["cookies"].values():
        assert (secure, http_only, path, domain) == (True, True, "/", "")


def test_the_session_cookie_belongs_to_this_very_host(production):
    assert production["session"] == ["__Host-sessionid", True, True, "Lax", "/", None]


def test_so_does_the_cookie_by_which_a_device_is_known(production):
    assert production["device"] == "__Host-device"


def test_another_host_name_is_refused(production):
    assert production["stranger"] == 400


def test_forwarded_https_counts_only_behind_a_declared_proxy(production):
    assert production["forwarded"] == 301

    behind = run(ANSWERS, TRUSTED_PROXY_COUNT="1")

    assert json.loads(behind.stdout)["forwarded"] == 200


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "ALLOWED_HOSTS", "EMAIL_HOST", "DEFAULT_FROM_EMAIL"]
)
def test_without_a_needed_variable_it_stops_and_names_it(name):
    done = run(START, **{name: None})

    assert done.returncode != 0
    assert name in last_line(done)
    assert "docs/settings.md" in last_line(done)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EMAIL_PORT", "abc"),
        ("EMAIL_TLS", "perhaps"),
        ("DATABASE_URL", "nonsense://"),
        ("DATABASE_URL", "mysql://user:password@host/name"),
        ("DEBUG", "perhaps"),
        ("LOCAL", "perhaps"),
        ("TRUSTED_PROXY_COUNT", "many"),
        ("TRUSTED_PROXY_COUNT", "-1"),
        ("TIME_ZONE", "Mars/Phobos"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", ""),
        ("ALLOWED_HOSTS", ""),
        ("EMAIL_HOST", ""),
        ("DEFAULT_FROM_EMAIL", ""),
    ],
)
def test_with_a_wrong_variable_it_stops_and_names_it(name, value):
    done = run(START, **{name: value})

    assert done.returncode != 0
    assert name in last_line(done)


def last_line(done) -> str:
    return done.stderr.strip().splitlines()[-1]


def test_a_secret_never_stands_in_the_message():
    """What is wrong is named, not shown: messages end up in logs."""
    done = run(START, DATABASE_URL="nonsense://user:very-secret@host/name")

    assert done.returncode != 0
    assert "very-secret" not in done.stderr

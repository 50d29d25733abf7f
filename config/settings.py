"""Settings. All that differs between installations comes from the environment; docs/settings.md lists it."""

from pathlib import Path
from zoneinfo import available_timezones

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _
from environs import Env, EnvError, validate

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
env.read_env(BASE_DIR / ".env")


def read(name, kind="str", **options):
    """Return an environment variable as `kind`, or stop with a sentence that names it."""
    try:
        return getattr(env, kind)(name, **options)
    except EnvError as fault:
        raise ImproperlyConfigured(f"{str(fault).rstrip('.')}. See docs/settings.md.") from fault


FILLED_IN = validate.Length(min=1, error="Must not be empty.")


def only_locally(default):
    """Options for `read`: a default where this is somebody's own computer, none anywhere else."""
    return {"default": default} if LOCAL else {}


def read_tenant():
    """Return the one organization at Microsoft that is let in: elsewhere, people name themselves."""
    tenant = read("MICROSOFT_TENANT")
    if tenant.lower() in {"", "common", "organizations", "consumers"}:
        raise ImproperlyConfigured(
            "MICROSOFT_TENANT must be the number of your own organization. See docs/settings.md."
        )
    return tenant


def site_url_by_default() -> dict:
    """Options for `read`: the address of this installation as default, where its first host tells it."""
    if LOCAL:
        return {"default": "http://127.0.0.1:8000"}
    host = ALLOWED_HOSTS[0] if ALLOWED_HOSTS else ""
    return {} if host[:1] in {"*", "."} else {"default": f"https://{host}"}


# LOCAL is for one's own computer: plain HTTP, mails as files in var/mail. Everything else is as in production.
LOCAL = read("LOCAL", "bool", default=False)
DEBUG = read("DEBUG", "bool", default=False)
SECRET_KEY = read("SECRET_KEY", validate=validate.Length(min=50))
# Earlier ones, while changing.
SECRET_KEY_FALLBACKS = read("SECRET_KEY_FALLBACKS", "list", default=[])
ALLOWED_HOSTS = read(
    "ALLOWED_HOSTS",
    "list",
    validate=FILLED_IN,
    **only_locally(["127.0.0.1", "localhost", "[::1]"]),
)
TIME_ZONE = read(
    "TIME_ZONE",
    default="UTC",
    validate=validate.OneOf(
        available_timezones(), error="Not a time zone such as America/Los_Angeles."
    ),
)
DEMO = read("DEMO", "bool", default=False)  # names the demo accounts on the sign-in page

INSTALLED_APPS = [
    "modeltranslation",  # before the admin, whose forms it extends
    "desk",
    "evaluations",
    "checklists",
    "partnerships",
    "allauth.account",  # these five before accounts, which has an admin of its own for them or none
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "django_tasks_db",
    "accounts",
    "config.apps.AlongsideAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.socialaccount.providers.openid_connect",
    "crispy_forms",
    "django_filters",
    "django_htmx",
    "simple_history",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "config.middleware.HeadersMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "accounts.middleware.DeviceMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "partnerships.receiving.LimitMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.SignInRequiredMiddleware",
    "accounts.middleware.SecondStepMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "config.middleware.WrongMethodMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "alongside"
CRISPY_TEMPLATE_PACK = "alongside"

# The database

DATABASES = {
    "default": read(
        "DATABASE_URL",
        "dj_db_url",
        default=f"sqlite:///{BASE_DIR / 'var' / 'alongside.sqlite3'}",
        conn_max_age=60,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    # Nothing here reads more rows than fit in memory; a cursor of the server's is a journey more.
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
elif DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    Path(DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["OPTIONS"] = {
        # Readers do not wait for the writer; a save that was confirmed survives a power cut.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
    }
else:
    raise ImproperlyConfigured(
        "DATABASE_URL must begin with sqlite: or postgres:. See docs/settings.md."
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Shared by all processes, since it counts failed sign-ins.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
    }
}

# People and signing in

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backend.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:today"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_EMAIL_NOTIFICATIONS = True  # of what changes in how somebody signs in
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to addresses that strangers type in
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by the district, which knows the address
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reauthenticate": "accounts.forms.PasswordAgainForm",
    "request_login_code": "accounts.forms.RequestCodeForm",
    "confirm_login_code": "accounts.forms.MailedCodeForm",
}
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 8}
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60  # seconds; mail can be slow
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_TIMEOUT = 30 * 60
ACCOUNT_RATE_LIMITS = {
    "login_failed": "30/m/ip,5/5m/key",  # wrong passwords and wrong codes together
    "request_login_code": "20/m/ip,3/5m/key,10/1h/key",
    "mail_code": "5/10m/user",
}
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
MFA_ADAPTER = "accounts.adapter.SecondStepAdapter"
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "authenticate": "accounts.forms.SecondStepForm",
    "reauthenticate": "accounts.forms.SecondStepAgainForm",
    "activate_totp": "accounts.forms.SetUpSecondStepForm",
    "add_webauthn": "accounts.forms.AddPasskeyForm",
    "edit_webauthn": "accounts.forms.RenamePasskeyForm",
    "authenticate_webauthn": "accounts.forms.PasskeyForm",
    "login_webauthn": "accounts.forms.SignInByPasskeyForm",
    "reauthenticate_webauthn": "accounts.forms.PasskeyAgainForm",
}
MFA_TOTP_ISSUER = "Alongside"
SOCIALACCOUNT_ADAPTER = "accounts.adapter.ProviderAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10
ALLAUTH_TRUSTED_PROXY_COUNT = read(
    "TRUSTED_PROXY_COUNT", "int", default=0, validate=validate.Range(min=0)
)

# Where people of the district have an account already: each is on once its variables are set.

SIGN_IN_PROVIDERS = []  # (key, name)
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": []}}


def let_in_by(key, name, server, *, vouches_for_email=False):
    """Let people sign in with an account at `server`, if its client is named in the environment.

    Whoever is let in must have an email address that the server has verified: it says so in each
    sign-in, or `vouches_for_email` for all its accounts.
    """
    client = read(f"{key.upper()}_CLIENT_ID", default="")
    if not client:
        return
    SIGN_IN_PROVIDERS.append((key, name))
    SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"].append(
        {
            "provider_id": key,
            "name": name,
            "client_id": client,
            "secret": read(f"{key.upper()}_CLIENT_SECRET"),
            "settings": {
                "server_url": server(),
                "vouches_for_email": vouches_for_email,
            },
        }
    )


def read_server():
    """Return the address of the provider; what it says about people is believed, so it must be HTTPS."""
    server = read("OIDC_SERVER")
    if not server.startswith("https://") and not LOCAL:
        raise ImproperlyConfigured("OIDC_SERVER must begin with https://. See docs/settings.md.")
    return server.removesuffix("/")


let_in_by("google", "Google", lambda: "https://accounts.google.com")
let_in_by(
    "microsoft",
    "Microsoft",
    lambda: f"https://login.microsoftonline.com/{read_tenant()}/v2.0",
    vouches_for_email=True,
)
let_in_by("oidc", read("OIDC_NAME", default="OpenID"), read_server)

# Language and time

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("vi", _("Vietnamese"))]
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale_libraries"]
MODELTRANSLATION_CUSTOM_FIELDS = ("NFCCharField", "NFCTextField")
SIMPLE_HISTORY_REVERT_DISABLED = True  # an old state is read; going back is a change like any other
MODELTRANSLATION_FALLBACK_LANGUAGES = ("en", "vi")
USE_TZ = True

# Files

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# What people send in. It is served by nothing but our own pages, to those who may see it.
MEDIA_ROOT = read("UPLOADS", default=str(BASE_DIR / "var" / "uploads"))
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",  # of small forms only
    "partnerships.receiving.MeasuringHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

# Mail

DEFAULT_FROM_EMAIL = read(
    "DEFAULT_FROM_EMAIL", validate=FILLED_IN, **only_locally("Alongside <alongside@localhost>")
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Where mails are kept that are not sent, on one's own computer.
MAIL_FOLDER = BASE_DIR / "var" / "mail"
if LOCAL:
    MAILERS = {
        "default": {
            "BACKEND": "accounts.mailbox.EmailBackend",
            "OPTIONS": {"folder": MAIL_FOLDER},
        }
    }
else:
    MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": read("EMAIL_HOST", validate=FILLED_IN),
                "port": read("EMAIL_PORT", "int", default=587),
                "username": read("EMAIL_USER", default=""),
                "password": read("EMAIL_PASSWORD", default=""),
                "use_tls": read("EMAIL_TLS", "bool", default=True),
                "timeout": 10,
            },
        }
    }

# Mails are sent by tasks: at once on one's own computer, else by `manage.py db_worker`.
TASKS = {
    "default": {
        "BACKEND": "django.tasks.backends.immediate.ImmediateBackend"
        if LOCAL
        else "django_tasks_db.DatabaseBackend"
    }
}
# Where links in mails lead that are written while nobody asks for a page.
SITE_URL = read("SITE_URL", **site_url_by_default()).rstrip("/")

# Safety

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "img-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "accounts.sealed_sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
DEVICE_COOKIE_NAME = "device"
DEVICE_COOKIE_AGE = 60 * 60 * 24 * 365
CSRF_FAILURE_VIEW = "desk.views.errors.csrf_failure"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

if not LOCAL:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    # The prefix makes browsers refuse these cookies from anywhere but this very host.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    LANGUAGE_COOKIE_NAME = "__Host-language"
    DEVICE_COOKIE_NAME = "__Host-device"
    if ALLAUTH_TRUSTED_PROXY_COUNT:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Log to standard error; what goes wrong for a user is worth a line with its traceback.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_invitations": {"()": "config.logs.WithoutInvitations"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["without_invitations"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django.request": {
            "handlers": ["console"],
            "level": "ERROR",
            "propagate": False,
            "filters": ["without_invitations"],
        },
        "django.tasks": {"level": "WARNING"},
        "django.security.csrf": {"filters": ["without_invitations"]},
    },
}

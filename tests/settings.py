"""Settings for the tests: those of production, but for speed and plain HTTP."""

import atexit
import os
import shutil
from pathlib import Path
from tempfile import mkdtemp

os.environ.update(
    LOCAL="1", DEBUG="0", DEMO="0", SECRET_KEY="only-for-the-tests" * 3, TIME_ZONE="UTC"
)
os.environ.setdefault(
    "DATABASE_URL", "sqlite:///" + str(Path(__file__).parent.parent / "var/test.sqlite3")
)

from config.settings import *  # noqa: F403
from config.settings import BASE_DIR, DATABASES, STORAGES

ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
MAIL_FOLDER = BASE_DIR / "var" / "no-mail"
MEDIA_ROOT = mkdtemp(prefix="alongside-test-")
atexit.register(shutil.rmtree, MEDIA_ROOT, ignore_errors=True)
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, since browser tests read it from more than one thread.
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
        "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-65536;"
    )
    DATABASES["default"]["TEST"] = {"NAME": str(BASE_DIR / "var" / f"test-{os.getpid()}.sqlite3")}

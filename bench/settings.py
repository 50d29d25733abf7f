"""Settings for measuring: production's, but plain HTTP and with bare pages beside the real ones."""

import os

os.environ.update(LOCAL="1", DEBUG="0", DEMO="0", SECRET_KEY="only-for-the-benchmark" * 3)

from config.settings import *  # noqa: F403
from config.settings import BASE_DIR, TEMPLATES

ROOT_URLCONF = "bench.urls"
TEMPLATES[0]["DIRS"].append(BASE_DIR / "bench" / "templates")

"""Everything that `make test` does: checks, then pytest on SQLite and on PostgreSQL, browser journeys included."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
WORKERS = str(min(os.cpu_count() or 1, 4))
TEMPLATES = [str(path) for path in sorted((ROOT / "templates").rglob("*.html"))]
CHECKS = [
    ("The code is well formed", ["ruff", "check", "."]),
    ("The code is formatted", ["ruff", "format", "--check", "."]),
    ("The templates are formatted", ["djade", "--target-version", "6.0", *TEMPLATES]),
    (
        "No migration is missing",
        [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
    ),
]
# Each worker begins with its own share and then takes from the slower ones: what a module builds for all its
# tests is built once, and nobody waits for the last.
PYTEST = [sys.executable, "-m", "pytest", "-q", "-n", WORKERS, "--dist", "worksteal"]


def find_chromium():
    """Install a browser where there is none; say plainly if that cannot be done."""
    from tests.browser.chromium import NoChromium, chromium

    try:
        return chromium()
    except NoChromium as fault:
        sys.exit(str(fault))


def run(title, command, **variables):
    print(f"\n== {title}", flush=True)  # noqa: T201  # this is what make test prints
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", **variables}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def main() -> int:
    find_chromium()
    failed = [title for title, command in CHECKS if run(title, command)]
    if run("Tests on SQLite", PYTEST):
        failed.append("Tests on SQLite")
    if run("Tests on PostgreSQL", [sys.executable, "-m", "tests.postgres", *PYTEST]):
        failed.append("Tests on PostgreSQL")
    for title in failed:
        print(f"Failed: {title}", flush=True)  # noqa: T201
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())

"""A Chromium for the browser journeys: the machine's own, Playwright's, or one installed now."""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]


class NoChromium(Exception):
    """There is no browser, and none could be installed."""


@cache
def chromium() -> str:
    """Return the path of a Chromium, installing one where that is possible. Raises NoChromium."""
    for find in (on_the_machine, of_playwright, from_debian, by_playwright):
        if path := find():
            return path
    raise NoChromium(
        "The browser journeys need Chromium, and it could not be installed here. "
        "Install it (Debian, Ubuntu: apt-get install chromium; elsewhere: "
        ".venv/bin/playwright install chromium) and run make test again."
    )


def on_the_machine() -> str | None:
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def of_playwright() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def from_debian() -> str | None:
    """Install Debian's package, where this is Debian and we may."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return None
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "chromium"]):
        subprocess.run(command, check=False, capture_output=True)
    return on_the_machine()


def by_playwright() -> str | None:
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    subprocess.run(command, check=False, capture_output=True)
    return of_playwright()

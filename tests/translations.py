"""The catalogues of messages. Compiled ones are not in git, so the tests make their own."""

import os
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings


def catalogues() -> list[Path]:
    """Ours, and the one for what the libraries leave untranslated."""
    return [path for folder in settings.LOCALE_PATHS for path in sorted(folder.rglob("*.po"))]


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, domain=path.stem)


def compile_catalogues():
    """Compile each catalogue that is newer than its compiled form. Several processes may do so at once."""
    for path in catalogues():
        compiled = path.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= path.stat().st_mtime:
            continue
        unfinished = path.with_suffix(f".{os.getpid()}.mo")
        with unfinished.open("wb") as file:
            write_mo(file, read(path))
        unfinished.replace(compiled)


@pytest.fixture(scope="session", autouse=True)
def _compiled_catalogues():
    """Before anything is translated, since Django reads a catalogue once."""
    compile_catalogues()

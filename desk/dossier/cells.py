"""What a dossier is made of: sections with columns, and words that know their language."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from html.parser import HTMLParser

from django.utils.text import capfirst
from django.utils.translation import get_language

from accounts.text import language_of


@dataclass(frozen=True)
class Words:
    """A text in pieces, each with its language."""

    pieces: tuple[tuple[str, str], ...]

    def __str__(self):
        return "".join(text for text, _language in self.pieces)

    def __bool__(self):
        return bool(str(self))


NOTHING = Words(())


def own(text) -> Words:
    """What somebody wrote."""
    text = str(text or "")
    return Words(((text, language_of(text)),)) if text else NOTHING


def ours(text) -> Words:
    """The product's own words, in the language of the file."""
    return Words(((str(text), get_language()),)) if text else NOTHING


def content(text: str, texts: dict[str, str]) -> Words:
    """Content of the product; a district may have written its own in one language only."""
    return ours(text) if all(texts.values()) else own(text)


def row_of(words: Iterable[Words], between: str = ", ") -> Words:
    """Several one after the other, those left out that say nothing."""
    pieces = []
    for one in filter(None, words):
        if pieces:
            pieces.append((between, get_language()))
        pieces += one.pieces
    return Words(tuple(pieces))


class Told(HTMLParser):
    """A sentence of HTML as words: people's own as they are marked, days in full."""

    def __init__(self):
        super().__init__()
        self.pieces, self.languages, self.day = [], [get_language()], False

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.languages.append(attributes.get("lang") or self.languages[-1])
        if tag == "time":
            self.pieces.append((attributes["title"], self.languages[-1]))
            self.day = True

    def handle_endtag(self, tag):
        self.languages.pop()
        if tag == "time":
            self.day = False

    def handle_data(self, data):
        if not self.day:
            self.pieces.append((data, self.languages[-1]))


def told(html: str) -> Words:
    teller = Told()
    teller.feed(html)
    teller.close()
    return Words(tuple(teller.pieces))


class Place(Enum):
    """Where the PDF has a column that is none in its tables."""

    HEADING = "heading"  # above the rows that share it
    UNDER = "under"  # below the first cell, with its label, where it says anything


@dataclass(frozen=True)
class Column:
    label: str
    place: Place | int  # a number is the width, as a share of all
    value: Callable  # of a row: text, words, a number, a day, a time, or nothing


class Shape(Enum):
    """How the PDF sets a section. A file of the archive is always a table."""

    TABLE = "table"
    FACTS = "facts"  # two columns: what, and what is said
    PROSE = "prose"  # headings, labels and long texts


def everybody(dossier) -> bool:
    return True


@dataclass(frozen=True)
class Section:
    key: str  # names the file in the archive
    title: str
    about: str  # what is in it, in a sentence
    columns: tuple[Column, ...]
    rows: Callable  # of a dossier: what the columns are asked of
    shape: Shape = Shape.TABLE
    open_to: Callable = everybody  # of a dossier: whether its reader may see any of it
    newest: int | None = None  # the PDF shows so many rows; the archive has all


def named(model, field: str) -> str:
    """The name that a field has on the pages."""
    return capfirst(model._meta.get_field(field).verbose_name)

"""The dossier as a PDF: tagged, with a table of contents, in one language (see `desk.pdf`)."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from accounts.templatetags.words import long_day
from desk.agreement import WORDS
from desk.dossier.cells import Place, Section, Words, ours, own, row_of
from desk.dossier.contents import sections_for
from desk.dossier.dossier import Dossier
from desk.pdf import PLACEHOLDER, never_empty, typeset
from partnerships.numbers import number

TEMPLATE = "dossier.typ"
LONG_WORD = re.compile(r"\S{19,}")
PIECE = re.compile(r"\S{12}(?=\S{4})")
SHORT, HALF_A_PAGE = 30, 1200  # letters
MAY_BREAK = "\u200b"  # cannot be seen

NOTES = (
    gettext_lazy(
        "It holds what this reader may see in Alongside on that day, in the words that people wrote. "
        "Hand it on with care: it names people."
    ),
    gettext_lazy(
        "Drafts are not in it, nor answers that are not shown to every side yet, nor what the holder "
        "of a seat wrote for whoever comes after."
    ),
)


def dossier_pdf(dossier: Dossier) -> bytes:
    with translation.override(dossier.language):
        return typeset(TEMPLATE, document(dossier), at=dossier.made_at, finish=breakable)


def breakable(text: str) -> str:
    """Let very long words, such as addresses, break in a narrow column."""
    return LONG_WORD.sub(lambda word: PIECE.sub(rf"\g<0>{MAY_BREAK}", word[0]), text)


def document(dossier: Dossier) -> dict:
    names = [party.name for party in dossier.partnership.parties.all()]
    made = {"date": long_day(dossier.made_at), "name": dossier.user.name}
    return {
        "lang": dossier.language,
        "name": _("Dossier: %(names)s") % {"names": " × ".join(names)},
        "short": dossier.partnership.title,
        "title": paragraphs(row_of(map(own, names), between=" × "), dossier),
        "eyebrow": _("The whole partnership in one file"),
        "made": _("Made on %(date)s for %(name)s.") % made,
        "notes": [str(note) for note in NOTES],
        "contents": _("Contents"),
        "page_of": str(WORDS["page_of"]),
        "replaced_signs": str(WORDS["replaced_signs"]),
        "sections": [section_data(section, dossier) for section in sections_for(dossier)],
    }


def section_data(section: Section, dossier: Dossier) -> dict:
    rows = list(section.rows(dossier))
    shown = rows[: section.newest]
    left_out = len(rows) - len(shown)
    cells = [column for column in section.columns if isinstance(column.place, int)]
    return {
        "title": str(section.title),
        "about": str(section.about),
        "shape": section.shape.value,
        "heads": [str(column.label) for column in cells],
        "widths": [column.place for column in cells],
        "blocks": list(blocks(section, shown, dossier)),
        "nothing": "" if rows else _("Nothing is noted here."),
        "more": left_out_sentence(len(shown), left_out) if left_out else "",
    }


def left_out_sentence(shown: int, left_out: int) -> str:
    return ngettext(
        "These are the newest %(shown)s. %(count)s older line is in the file with the tables.",
        "These are the newest %(shown)s. %(count)s older lines are in the file with the tables.",
        left_out,
    ) % {"shown": shown, "count": left_out}


def blocks(section: Section, rows: list, dossier: Dossier) -> Iterator[dict]:
    """Rows that share their headings, under those of them that are new."""
    titles = [column for column in section.columns if column.place is Place.HEADING]
    before, block = None, None
    for row in rows:
        here = [column.value(row) for column in titles]
        if block is None or here != before:
            if block:
                yield block
            new = next((n for n, one in enumerate(here) if not before or one != before[n]), 0)
            headings = [
                {"level": 3 + level, "text": heading(title, dossier)}
                for level, title in enumerate(here)
                if level >= new
            ]
            before, block = here, {"headings": headings, "rows": []}
        block["rows"].append(row_data(section, row, dossier))
    if block:
        yield block


def row_data(section: Section, row, dossier: Dossier) -> dict:
    """The cells of a row, and what stands below the widest of them."""
    said = [(column, as_said(column.value(row))) for column in section.columns]
    lengths = [len(str(words)) for _column, words in said]
    return {
        "cells": [
            paragraphs(words, dossier) for column, words in said if isinstance(column.place, int)
        ],
        "under": [
            {
                "label": str(column.label),
                "text": paragraphs(words, dossier),
                "long": len(str(words)) > SHORT,
            }
            for column, words in said
            if column.place is Place.UNDER and words
        ],
        "long": max(lengths) > HALF_A_PAGE,
    }


def heading(value, dossier: Dossier) -> list[list]:
    """The words of a heading, or the sign for what cannot be seen."""
    words = as_said(value)
    return paragraphs(
        words if never_empty(str(words)) == str(words) else ours(PLACEHOLDER), dossier
    )


def paragraphs(value, dossier: Dossier) -> list[list]:
    """A value as lines of pieces; a piece in another language than the file names it."""
    lines = [[]]
    for text, language in as_said(value).pieces:
        for line, part in enumerate(text.splitlines() or [""]):
            if line:
                lines.append([])
            if part:
                lines[-1].append(part if language == dossier.language else [part, language])
    return [line for line in lines if line]


def as_said(value) -> Words:
    """A value in words, as one reads it on paper."""
    if isinstance(value, Words):
        return value
    return Words(((in_words(value), translation.get_language()),))


def in_words(value) -> str:
    match value:
        case None | False | "":
            return ""
        case datetime():
            at = timezone.localtime(value)
            return f"{in_words(at.date())}, {at:%H:%M}"
        case date():
            return date_format(value, pgettext("date format with year", "j M Y"))
        case time():
            return f"{value:%H:%M}"
    return number(value)

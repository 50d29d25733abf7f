"""An agreement as a PDF: tagged, by PDF/UA-1, in one language or with the other one behind it.

The dossier (`desk.dossier.pdf`) is set the same way, by `typeset`. typst refuses to write a file
that breaks what it knows of PDF/UA-1. What people wrote goes in as data, so that nothing in it is
read as markup.
"""

import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import typst
from django.utils import timezone, translation
from django.utils.dateparse import parse_date

from accounts.templatetags.words import long_day
from desk.agreement_text import Reading, Said
from partnerships.models import Agreement, Signature

TEMPLATES = Path(__file__).parent / "typst"
# What the typefaces of typst have (a test tries it): Latin, Greek and Cyrillic letters, common signs.
# PDF/UA allows no letter that cannot be shown.
UNKNOWN_LETTER = re.compile(
    "[^\n\u0020-\u007e\u00a0-\u0377\u0384-\u038a\u038e-\u03a1\u03a3-\u0484\u0487-\u04ff"
    "\u1e00-\u1eff\u2010-\u2027\u2030-\u2040\u20a0-\u20c0\u2190-\u22ff\u25a0-\u25ff\u2713\u2717]"
)
PLACEHOLDER = "□"


def agreement_pdf(agreement: Agreement, language: str, *, beside: bool = False) -> bytes:
    """Return the file. The same version with the same signatures gives the same bytes."""
    other = "en" if language == "vi" else "vi"
    languages = [language, other] if beside else [language]
    data = {
        "documents": [document(agreement, Reading(agreement.content, one)) for one in languages],
        "authors": [],
    }
    return typeset(f"agreement_{agreement.template}.typ", data, at=changed_at(agreement))


def typeset(template: str, data: dict, *, at: datetime, finish: Callable = str) -> bytes:
    """Set data with a template; every text in it is made printable, then goes through `finish`."""
    clean = composed(data)
    shown = mapped(clean, with_placeholders)
    inputs = mapped(shown, finish) | {"replaced": shown != clean}
    return typst.compile(
        TEMPLATES / template,
        root=TEMPLATES,
        format="pdf",
        pdf_standards="ua-1",
        ignore_system_fonts=True,
        timestamp=int(at.timestamp()),
        sys_inputs={"data": json.dumps(inputs)},
    )


def changed_at(agreement: Agreement):
    """When the file last came to say something new."""
    return max([agreement.at, *(signature.at for signature in agreement.signatures.all())])


def document(agreement: Agreement, reading: Reading) -> dict:
    """Everything that is said in one language."""
    words, title = reading.words, reading.title
    names = " × ".join(party["name"].text for party in reading.parties)
    with translation.override(reading.language):
        number, drawn_up_on = agreement.number, parse_date(reading.content["drawn_up_on"])
        version = words["version"] % {"number": number, "date": long_day(drawn_up_on)}
        return {
            "lang": reading.language,
            "name": f"{title}: {names}",
            "short": f"{names} · {number}",
            "title": title,
            "version": version,
            "words": words,
            "parties": [{"name": said(party["name"])} for party in reading.parties],
            "parts": [part_data(part) for part in reading.parts],
            "standing": standing(agreement, words),
            "signatures": signatures(agreement, reading),
            "lacking": [as_heading(name) for name in lacking(agreement, reading)],
            "fingerprint": agreement.fingerprint,
        }


def said(text: Said) -> dict:
    return asdict(text) | {"paragraphs": text.paragraphs}


def as_heading(text: Said) -> dict:
    return said(text) | {"text": never_empty(text.text)}


def never_empty(text: str) -> str:
    """A heading must not be empty, which it would be where nothing in it can be seen."""
    return text if composed(text).strip() else PLACEHOLDER


def part_data(part) -> dict:
    introduction = said(part.introduction) if part.introduction else None
    entries = {kind: facts_data(getattr(part, kind)) for kind in ("entries", "facts", "points")}
    people = [
        {
            "party": said(row.party),
            "name": said(row.name),
            "position": said(row.position),
            "roles": row.roles,
        }
        for row in part.people
    ]
    blocks = [
        {"title": as_heading(block.title), "facts": facts_data(block.facts), "notes": block.notes}
        for block in part.blocks
    ]
    return {
        "title": part.title,
        "introduction": introduction,
        "people": people,
        "blocks": blocks,
        "table": table_data(part.table) if part.table else None,
        **entries,
    }


def facts_data(facts) -> list[dict]:
    return [
        {"label": said(one.label) if one.label else None, "text": said(one.text)} for one in facts
    ]


def table_data(table) -> dict:
    rows = [[[said(text) for text in cell] for cell in row.cells] for row in table.rows]
    return {"columns": table.columns, "rows": rows, "notes": table.notes}


def standing(agreement: Agreement, words: dict) -> str:
    if not agreement.is_signed_by_all:
        return words["not_in_force"]
    since = in_district(agreement, agreement.signed_by_all_at)
    return words["in_force"] % {"date": long_day(since)}


def signatures(agreement: Agreement, reading: Reading) -> list[dict]:
    """One line for each party, signed or not, under the name that the text has for it."""
    signed = {signature.party_id: signature for signature in agreement.signatures.all()}
    return [
        signature_data(agreement, reading, party["name"], signed.get(party["pk"]))
        for party in reading.parties
    ]


def lacking(agreement: Agreement, reading: Reading) -> list[Said]:
    """The names of those who may still sign by hand."""
    keys = {party.pk for party in agreement.lacking}
    return [party["name"] for party in reading.parties if party["pk"] in keys]


def signature_data(agreement, reading: Reading, party: Said, signature: Signature | None) -> dict:
    words = reading.words
    if signature is None:
        nobody = Said(words["not_signed"], reading.language, reading.language)
        return {"party": said(party), "name": said(nobody), "when": "", "how": ""}
    at = in_district(agreement, signature.at)
    return {
        "party": said(party),
        "name": said(reading.said(signature.as_text)),
        "when": f"{long_day(at)}, {at:%H:%M} ({at:%Z})",
        "how": how(signature, words),
    }


def how(signature: Signature, words: dict) -> str:
    if signature.is_on_paper:
        return words["paper"] % {"date": long_day(signature.signed_on)}
    language = words["vietnamese" if signature.language == "vi" else "english"]
    return words["here"] % {"language": language}


def in_district(agreement: Agreement, at):
    return timezone.localtime(at, ZoneInfo(agreement.partnership.district.timezone))


def composed(value):
    """The same data with every text in NFC and without what cannot be seen."""
    return mapped(value, lambda text: visible(unicodedata.normalize("NFC", text)))


def visible(text: str) -> str:
    """Leave out what has no shape of its own and only steers how text is laid out."""
    spaced = text.replace("\t", " ")
    return "".join(
        letter for letter in spaced if letter == "\n" or unicodedata.category(letter)[0] != "C"
    )


def printable(value):
    """The same, with a placeholder for every letter that the typefaces lack."""
    return mapped(composed(value), with_placeholders)


def with_placeholders(text: str) -> str:
    return UNKNOWN_LETTER.sub(PLACEHOLDER, text)


def mapped(value, change):
    """Change every text in nested data."""
    if isinstance(value, dict):
        return {key: mapped(one, change) for key, one in value.items()}
    if isinstance(value, list):
        return [mapped(one, change) for one in value]
    return change(value) if isinstance(value, str) else value

"""The dossier as data: a zip with one CSV file for each section, and a file that says what is what."""

import io
import zipfile
from collections.abc import Iterator

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.templatetags.words import long_day
from desk.dossier.cells import Section
from desk.dossier.contents import sections_for
from desk.dossier.dossier import Dossier
from desk.dossier.pdf import NOTES
from partnerships.exports import write_csv


def dossier_zip(dossier: Dossier) -> bytes:
    """Return the archive. Tables are packed as they are written, so that only what is packed is kept."""
    file = io.BytesIO()
    sections = sections_for(dossier)
    with (
        translation.override(dossier.language),
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        archive.writestr("README.txt", read_me(dossier, sections).encode("utf-8-sig"))
        for section in sections:
            with archive.open(name_of(section), "w") as member:
                write_csv(member, header(section), rows(section, dossier))
    return file.getvalue()


def name_of(section: Section) -> str:
    """A name that every system takes."""
    return f"{section.key}.csv"


def header(section: Section) -> list[str]:
    return [str(column.label) for column in section.columns]


def rows(section: Section, dossier: Dossier) -> Iterator[list]:
    for row in section.rows(dossier):
        yield [nothing_to_none(column.value(row)) for column in section.columns]


def nothing_to_none(value):
    return None if value is False else value


def read_me(dossier: Dossier, sections: list[Section]) -> str:
    """What the file names, and how the tables are to be read."""
    names = " × ".join(party.name for party in dossier.partnership.parties.all())
    made = {"date": long_day(dossier.made_at), "name": dossier.user.name}
    lines = [
        names,
        "",
        _("Made on %(date)s for %(name)s.") % made,
        *map(str, NOTES),
        "",
        *(f"{name_of(one)}: {one.title}. {one.about}" for one in sections),
        "",
        _("The tables are CSV files (RFC 4180, UTF-8). Excel, LibreOffice and others open them."),
        _("Days are written as year-month-day. Times are those of %(zone)s.")
        % {"zone": dossier.partnership.district.timezone},
        _(
            "An apostrophe before =, +, - or @ keeps a spreadsheet from computing what somebody wrote."
        ),
    ]
    return "\r\n".join(lines) + "\r\n"

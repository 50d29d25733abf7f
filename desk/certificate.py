"""A certificate of thanks as a PDF: one page to print and hand over, tagged by PDF/UA-1, in either language."""

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.templatetags.words import long_day
from accounts.text import language_of
from desk.pdf import composed, printable, typeset
from partnerships.models import Thanks

MOST_LINES = 8  # of a text; where it has more, they are set one after the other


def certificate_pdf(thanks: Thanks, language: str) -> bytes:
    """Return the file. The same thanks in the same language give the same bytes."""
    with translation.override(language):
        return typeset("certificate_1.typ", said_on(thanks, language), at=thanks.at)


def said_on(thanks: Thanks, language: str) -> dict:
    """Everything that stands on it, in the language that is active; people's own words as they are."""
    partnership = thanks.partnership
    heading = _("Certificate of thanks")
    return {
        "lang": language,
        "title": f"{heading}: {thanks.name}",
        "heading": heading,
        "with_thanks": _("With warm thanks to"),
        "name": own(thanks.name),
        "text": {"lang": language_of(thanks.text), "lines": lines_of(thanks.text)},
        "for_the": _("for the partnership"),
        "partnership": own(partnership.full_title),
        "on": long_day(thanks.on),
        "by": own(thanks.by.name),
        "parties": [
            {"side": party.side, "name": own(party.name)} for party in partnership.parties.all()
        ],
    }


def own(text: str) -> dict:
    return {"lang": language_of(text), "text": text}


def lines_of(text: str) -> list[str]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines if len(lines) <= MOST_LINES else [" ".join(lines)]


def lacks_letters_for(thanks: Thanks) -> bool:
    """Whether the typefaces of the PDF lack a letter of what stands on it, which is then shown as □."""
    said = said_on(thanks, thanks.language)
    return printable(said) != composed(said)

"""The Vietnamese of the product: whole, with the same gaps to fill, and in the words of the content."""

import io
import re
import unicodedata
from collections import Counter
from datetime import date
from pathlib import Path

import django
import pytest
import yaml
from babel.messages import Catalog
from babel.messages.extract import extract
from django.conf import settings
from django.utils import translation
from django.utils.translation.template import templatize

from accounts.templatetags.words import long_day, month
from partnerships.stages import Stage, Status
from partnerships.vocabulary import EngagementKind, Level, PartnerKind, Role
from tests.translations import catalogues, compile_catalogues, read

ROOMS = ("accounts", "partnerships", "checklists", "evaluations", "desk", "config", "templates")
OURS = settings.BASE_DIR / "locale/vi/LC_MESSAGES/django.po"
LIBRARIES = settings.BASE_DIR / "locale_libraries/vi/LC_MESSAGES"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
GAP = re.compile(r"%(?:\(\w+\))?[a-z](?!\w)|\{\w*\}")  # %(name)s, %s and {name}

VOCABULARY = yaml.safe_load((settings.BASE_DIR / "fixtures/vocabulary.yaml").read_text("utf-8"))
STAGES = yaml.safe_load((settings.BASE_DIR / "fixtures/stages.yaml").read_text("utf-8"))["stages"]


def in_python(source: str) -> set[tuple]:
    """The messages of a Python file, each with its context."""
    found = extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS)
    return {(message, context) for _line, message, _comments, context in found}


def in_template(source: str) -> set[tuple]:
    """The same of a template, which Django turns into something like Python, badly indented."""
    return in_python("\n".join(line.strip() for line in templatize(source).splitlines()))


def in_file(path: Path) -> set[tuple]:
    reader = in_python if path.suffix == ".py" else in_template
    return reader(path.read_text("utf-8"))


def messages_of_the_product() -> set[tuple]:
    paths = [path for room in ROOMS for path in (settings.BASE_DIR / room).rglob("*.*")]
    return set().union(
        *(in_file(path) for path in paths if path.suffix in {".py", ".html", ".txt"})
    )


def texts(translated) -> list[str]:
    """The texts of a message or its translation, of which a plural has several."""
    return [translated] if isinstance(translated, str) else list(translated)


def missing(messages, catalogue: Catalog) -> list[str]:
    """Those that a catalogue lacks, leaves empty, is not sure about, or knows in the singular only."""
    gone = set()
    for message, context in messages:
        entry = catalogue.get(message, context)
        if (
            entry is None
            or entry.fuzzy
            or not all(texts(entry.string))
            or (isinstance(message, tuple) and isinstance(entry.id, str))
        ):
            gone.add(texts(message)[0])
    return sorted(gone)


def entries(path: Path):
    return [entry for entry in read(path) if entry.id]


@pytest.fixture(params=catalogues(), ids=lambda path: "/".join(path.parts[-4:]))
def catalogue(request):
    return request.param


def test_every_message_of_the_product_is_translated():
    messages = messages_of_the_product()

    assert len(messages) > 500
    assert missing(messages, read(OURS)) == []


STRINGS = re.compile(r'^(msgctxt|msgid) (.*(?:\n".*)*)', re.M)


def keys(text: str) -> list[str]:
    """The messages of a catalogue as they stand in the file, each with its context."""
    blocks = (STRINGS.findall(block) for block in text.split("\n\n"))
    return ["\n".join(string.replace('"\n"', "") for _kind, string in one) for one in blocks if one]


def test_no_message_stands_twice(catalogue):
    """Of two translations of one message only one is ever read, and nobody sees which."""
    counted = Counter(keys(catalogue.read_text("utf-8")))

    assert [key for key, count in counted.items() if count > 1] == []


def test_control_a_message_that_stands_twice_is_found():
    in_a_context = 'msgctxt "c"\nmsgid "Still"\nmsgstr "A"'
    on_one_line, on_two = 'msgid "Still"\nmsgstr "A"', 'msgid ""\n"Still"\nmsgstr "B"'

    counted = Counter(keys(f"{on_one_line}\n\n{in_a_context}\n\n{on_two}"))

    assert counted == {'"Still"': 2, '"c"\n"Still"': 1}


@pytest.mark.parametrize(
    ("reader", "source"),
    [
        (in_python, 'title = _("Never translated")'),
        (in_python, 'pgettext("role", "Never translated")'),
        (in_python, 'ngettext("Never translated", "Never translated, both", 2)'),
        (in_template, '{% translate "Never translated" %}'),
        (
            in_template,
            '<p>\n    {% include "_form.html" with submit=_("Never translated") %}\n  </p>',
        ),
        (in_template, "{% blocktranslate %}Never translated{% endblocktranslate %}"),
    ],
)
def test_a_missing_message_is_found(reader, source):
    assert missing(reader(source), read(OURS)) == ["Never translated"]


@pytest.mark.parametrize(("string", "flags"), [("", []), ("Chưa dịch", ["fuzzy"])])
def test_an_empty_or_fuzzy_message_is_found(string, flags):
    catalogue = Catalog(locale="vi")
    catalogue.add("Not sure", string, flags=flags)

    assert missing({("Not sure", None)}, catalogue) == ["Not sure"]


def test_a_plural_translated_as_a_singular_is_found():
    catalogue = Catalog(locale="vi")
    catalogue.add("%(count)s item", "%(count)s việc")

    assert missing({(("%(count)s item", "%(count)s items"), None)}, catalogue) == ["%(count)s item"]


def test_no_message_is_empty_or_fuzzy(catalogue):
    messages = {(entry.id, entry.context) for entry in entries(catalogue)}

    assert missing(messages, read(catalogue)) == []


def test_gaps_to_fill_are_those_of_the_message(catalogue):
    different = [
        entry.id
        for entry in entries(catalogue)
        if set(GAP.findall(" ".join(texts(entry.id))))
        != set(GAP.findall(" ".join(texts(entry.string))))
    ]

    assert different == []


def test_vietnamese_is_composed(catalogue):
    """In NFC, as the product stores and compares it."""
    decomposed = [
        text
        for entry in entries(catalogue)
        for text in texts(entry.string)
        if not unicodedata.is_normalized("NFC", text)
    ]

    assert decomposed == []


def test_nobody_is_shouted_at(catalogue):
    loud = [text for entry in entries(catalogue) for text in texts(entry.string) if "!" in text]

    assert loud == []


@pytest.mark.parametrize(
    ("folder", "domain"),
    [
        ("conf", "django"),
        ("contrib/admin", "django"),
        ("contrib/admin", "djangojs"),
        ("contrib/auth", "django"),
        ("contrib/contenttypes", "django"),
    ],
)
def test_what_django_leaves_untranslated_is_ours(folder, domain):
    locale = Path(django.__file__).parent / folder / "locale"
    messages = {
        (entry.id, entry.context) for entry in entries(locale / f"en/LC_MESSAGES/{domain}.po")
    }
    theirs, ours = read(locale / f"vi/LC_MESSAGES/{domain}.po"), read(LIBRARIES / f"{domain}.po")

    left = {
        (message, context) for message, context in messages if missing([(message, context)], theirs)
    }

    assert missing(left, ours) == []


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize(
    ("choices", "rows"),
    [
        (Stage, STAGES),
        (Level, VOCABULARY["level"]),
        (EngagementKind, VOCABULARY["engagement"]),
        (PartnerKind, VOCABULARY["partner_kind"]),
        (Role, VOCABULARY["seat_role"]),
        (Status, VOCABULARY["status"]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_labels_are_those_of_the_content(choices, rows, language):
    with translation.override(language):
        labels = {one.value: str(one.label) for one in choices}

    assert labels == {row["key"]: name(row[language]) for row in rows}


def name(words) -> str:
    return words["name"] if isinstance(words, dict) else words


@pytest.mark.parametrize("language", ["en", "vi"])
def test_short_names_and_explanations_are_those_of_the_content(language):
    with translation.override(language):
        short = {stage.value: str(stage.short) for stage in Stage}
        explained = {level.value: str(level.text) for level in Level}

    assert short == {row["key"]: row[language]["short"] for row in STAGES}
    assert explained == {row["key"]: row[language]["text"] for row in VOCABULARY["level"]}


def test_dates_read_as_vietnamese():
    with translation.override("vi"):
        day = long_day(date(2026, 11, 4))
        since = month(date(2026, 11, 4))

    assert (day, since) == ("Thứ 4, ngày 4 tháng 11 năm 2026", "tháng 11 năm 2026")


def test_compiling_again_leaves_a_compiled_catalogue_alone(catalogue):
    compile_catalogues()
    before = catalogue.with_suffix(".mo").stat().st_mtime_ns

    compile_catalogues()

    assert catalogue.with_suffix(".mo").stat().st_mtime_ns == before

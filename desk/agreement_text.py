"""Reading the text of an agreement in one language, and telling how two versions differ."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.html import format_html

from evaluations.differences import difference


@dataclass(frozen=True)
class Said:
    """A text as it is read: in which language it stands there, and a note where that is worth one."""

    text: str
    lang: str
    within: str  # the language of the text around it
    note: str = ""

    @property
    def lang_attribute(self):
        """For the HTML element that holds it."""
        return format_html(' lang="{}"', self.lang) if self.lang != self.within else ""

    @property
    def paragraphs(self) -> list[str]:
        return [line for line in self.text.splitlines() if line.strip()]


@dataclass(frozen=True)
class Entry:
    key: str
    text: Said
    label: Said | None = None


@dataclass(frozen=True)
class Row:
    key: str
    party: Said
    name: Said
    position: Said
    roles: str


def notes_of(texts: Iterable[Said]) -> list[str]:
    return list(dict.fromkeys(said.note for said in texts if said.note))


@dataclass(frozen=True)
class Block:
    """Something with a title and what is to be known of it."""

    key: str
    title: Said
    facts: list[Entry]

    @property
    def notes(self) -> list[str]:
        """Each note once, however many of its texts bear it."""
        return notes_of([self.title, *(fact.text for fact in self.facts)])

    @property
    def as_line(self) -> str:
        facts = [f"{fact.label.text}: {fact.text.text}" for fact in self.facts]
        return " · ".join([self.title.text, *facts])


@dataclass(frozen=True)
class TableRow:
    """A row of cells; a cell says one thing or several, one below the other."""

    key: str
    columns: list[str]
    cells: list[list[Said]]

    @property
    def labelled(self) -> list[tuple[str, list[Said]]]:
        return list(zip(self.columns, self.cells, strict=True))

    @property
    def as_line(self) -> str:
        return " · ".join(" ".join(said.text for said in cell) for cell in self.cells if cell)


@dataclass(frozen=True)
class Table:
    columns: list[str]
    rows: list[TableRow]

    @property
    def notes(self) -> list[str]:
        """Each note once, below the table."""
        return notes_of(said for row in self.rows for cell in row.cells for said in cell)


@dataclass
class ReadPart:
    key: str
    title: str
    introduction: Said | None
    entries: list[Entry] = field(default_factory=list)
    facts: list[Entry] = field(default_factory=list)
    points: list[Entry] = field(default_factory=list)
    people: list[Row] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    table: Table | None = None

    @property
    def lines(self) -> dict[str, tuple[str, str]]:
        """What it says, line by line: a label and a text each, by a key that stays the same."""
        lines = {"introduction": ("", self.introduction.text)} if self.introduction else {}
        for entry in [*self.entries, *self.facts, *self.points]:
            lines[entry.key] = (entry.label.text if entry.label else "", entry.text.text)
        for row in self.people:
            said = [row.name.text, row.position.text, row.roles]
            lines[row.key] = (row.party.text, ", ".join(filter(None, said)))
        for one in [*self.blocks, *(self.table.rows if self.table else [])]:
            lines[one.key] = ("", one.as_line)
        return lines


class Reading:
    """The text of a version (or of one that is not drawn up yet) in one language."""

    def __init__(self, content: dict, language: str):
        self.content, self.language = content, language
        self.title = self.plain(content["title"])
        self.words = {key: texts[language] for key, texts in content["words"].items()}
        self.parties = [{**party, "name": self.said(party["name"])} for party in content["parties"]]
        self.parts = [self.part(part) for part in content["parts"]]

    def plain(self, text: dict) -> str:
        return self.said(text).text

    def said(self, text: dict) -> Said:
        if "name" in text:
            return Said(text["name"], text["lang"], self.language)
        if "own" in text:
            return self.own(text)
        return Said(text[self.language], self.language, self.language)

    def own(self, text: dict) -> Said:
        """What people wrote, in their language or in the translation that all have agreed on."""
        here, written = self.language, text["lang"]
        if written == here:
            return Said(text["own"], written, here)
        if translated := text.get("translated", {}).get(here):
            return Said(translated, here, here, self.words[f"translated_from_{written}"])
        return Said(text["own"], written, here, self.words[f"written_in_{written}"])

    def part(self, part: dict) -> ReadPart:
        introduction = part.get("introduction")
        return ReadPart(
            part["key"],
            self.plain(part["title"]),
            self.said(introduction) if introduction else None,
            **{
                kind: [self.entry(entry) for entry in part.get(kind, [])]
                for kind in ("entries", "facts", "points")
            },
            people=[self.row(row) for row in part.get("people", [])],
            blocks=[self.block(block) for block in part.get("blocks", [])],
            table=self.table(part["table"]) if "table" in part else None,
        )

    def block(self, block: dict) -> Block:
        facts = [self.entry(fact) for fact in block["facts"]]
        return Block(block["key"], self.said(block["title"]), facts)

    def table(self, table: dict) -> Table:
        columns = [self.plain(label) for label in table["columns"]]
        rows = [
            TableRow(
                row["key"], columns, [[self.said(text) for text in cell] for cell in row["cells"]]
            )
            for row in table["rows"]
        ]
        return Table(columns, rows)

    def entry(self, entry: dict) -> Entry:
        label = entry.get("label")
        return Entry(entry["key"], self.said(entry["text"]), self.said(label) if label else None)

    def row(self, row: dict) -> Row:
        return Row(
            row["key"],
            *(self.said(row[column]) for column in ("party", "name", "position")),
            roles=", ".join(self.plain(role) for role in row["roles"]),
        )


@dataclass(frozen=True)
class Change:
    """How a line differs, as HTML with what is new and what is gone."""

    part: str
    label: str
    html: str
    text: str  # of which the language can be told


def changes(before: Reading, after: Reading) -> list[Change]:
    """Return how a text differs from an earlier one, line by line, in the order of the parts."""
    old = {part.key: part for part in before.parts}
    new = {part.key: part for part in after.parts}
    found = []
    for key in [*new, *(key for key in old if key not in new)]:
        title = (new.get(key) or old[key]).title
        found += changed_lines(title, lines_of(old.get(key)), lines_of(new.get(key)))
    return found


def lines_of(part: ReadPart | None) -> dict[str, tuple[str, str]]:
    return part.lines if part else {}


def changed_lines(title: str, old: dict, new: dict) -> list[Change]:
    found = []
    for key in [*new, *(key for key in old if key not in new)]:
        (old_label, old_text), (label, text) = old.get(key, ("", "")), new.get(key, ("", ""))
        if old_text != text:
            html = difference(old_text, text)
            found.append(Change(title, label or old_label, html, text or old_text))
    return found

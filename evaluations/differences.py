"""How two texts differ, word by word."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

LINES = re.compile(r"[^\n]*\n+|[^\n]+")
SENTENCES = re.compile(r"[^.!?;:\n]*[.!?;:\n]+\s*|[^.!?;:\n]+")
WORDS = re.compile(r"\s+|[^\s]+")
MOST = 1_000_000  # pieces of one text times those of the other; more would take too long


def difference(before: str, after: str) -> SafeString:
    """Return `after` as HTML, with what is new in `<ins>` and what is gone in `<del>`.

    Long texts are compared by lines and sentences first, and word by word where those differ: whoever
    writes nonsense of ten thousand letters keeps nobody waiting.
    """
    is_short = len(WORDS.findall(before)) * len(WORDS.findall(after)) <= MOST
    parts = []
    for gone, come in compared(before, after, WORDS, *(() if is_short else (SENTENCES, LINES))):
        if gone == come:
            parts.append(format_html("{}", come))
            continue
        if gone:
            parts.append(format_html("<del>{}</del>", gone))
        if come:
            parts.append(format_html("<ins>{}</ins>", come))
    return mark_safe("".join(parts))  # noqa: S308  # each part is escaped


def compared(before: str, after: str, *patterns) -> Iterator[tuple[str, str]]:
    """Take two texts apart, by the last pattern first: what stood there, and what stands there now."""
    *finer, pattern = patterns
    old, new = pattern.findall(before), pattern.findall(after)
    if len(old) * len(new) > MOST:
        yield before, after
        return
    for change, from_old, to_old, from_new, to_new in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        gone, come = "".join(old[from_old:to_old]), "".join(new[from_new:to_new])
        if change == "replace" and finer:
            yield from compared(gone, come, *finer)
        else:
            yield gone, come

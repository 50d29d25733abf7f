"""Help texts are for everybody: reading grade 8 at the most (Flesch-Kincaid)."""

import re

import pyphen
from babel.messages.pofile import read_po
from django.conf import settings

from partnerships.models import GuideLine, StageGuide
from partnerships.vocabulary import Level

GRADE = 8
HYPHENS = pyphen.Pyphen(lang="en_US", left=1, right=1)
SENTENCE = 8  # words; shorter messages are labels and buttons


def explanations() -> list[str]:
    """Every message of the product that explains something, in English."""
    path = settings.BASE_DIR / "locale" / "vi" / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        messages = [str(entry.id) for entry in read_po(file) if isinstance(entry.id, str)]
    return [
        message for message in messages if len(message.split()) >= SENTENCE and "\n" not in message
    ]


def grade(texts) -> float:
    """Flesch and Kincaid's formula: long sentences and long words make a text hard."""
    texts = list(texts)
    sentences = sum(max(len(re.findall(r"[.?:;](?:\s|$)", text)), 1) for text in texts)
    words = [word for text in texts for word in re.findall(r"[A-Za-z’']+", text)]
    syllables = sum(len(HYPHENS.inserted(word.lower()).split("-")) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def test_the_products_explanations_are_easy_to_read():
    texts = explanations()

    assert len(texts) > 100
    assert grade(texts) <= GRADE


def test_no_explanation_is_a_riddle():
    ours = set(explanations()) - {str(level.text) for level in Level}  # the levels are content
    hard = [text for text in ours if len(text.split()) >= 15 and grade([text]) > GRADE + 4]

    assert hard == []


def test_the_guide_is_easy_to_read(content):
    """Purposes and levels are the sources' own words, which we do not rewrite, and a little harder."""
    guides, lines = StageGuide.objects.all(), GuideLine.objects.exclude(kind="reading")

    assert grade(line.text_en for line in lines) <= GRADE
    assert grade(str(level.text) for level in Level) <= GRADE + 2
    assert grade(guide.purpose_en for guide in guides) <= GRADE + 1


def test_the_measure_finds_hard_words():
    assert (
        grade(
            [
                "Notwithstanding institutional considerations, intersectoral collaboration predominates."
            ]
        )
        > 12
    )

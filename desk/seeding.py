"""Bring the fixtures in: stage texts, the checklist and the question sets, in both languages."""

from functools import cache

import yaml
from django.conf import settings
from django.db import transaction

from checklists.models import Checklist, Condition, Heading, TemplateItem
from evaluations.models import AnswerKind, Option, OptionList, Question, QuestionSet, SetKind
from partnerships.models import LineKind, StageGuide
from partnerships.stages import Stage
from partnerships.vocabulary import Side

FIXTURES = settings.BASE_DIR / "fixtures"
SCALE_OF_KIND = {SetKind.DEBRIEF: "agree"}


@cache
def fixture(name: str) -> dict:
    return yaml.safe_load((FIXTURES / f"{name}.yaml").read_text(encoding="utf-8"))


@transaction.atomic
def seed():
    """Bring in all fixtures, or what is new in them; what an admin has changed stays."""
    seed_stages()
    seed_checklist()
    seed_option_lists()
    for entry in fixture("questions")["sets"]:
        seed_question_set(entry)


def row(queryset, **key):
    """Return the row with this key among `queryset`, or a new one."""
    return queryset.filter(**key).first() or queryset.model(**key)


def translated(name: str, entry: dict) -> dict:
    """Return a field in both languages: `{en: …, vi: …}` as `name_en=…, name_vi=…`."""
    return {f"{name}_{language}": entry[language] for language in ("en", "vi")}


def seed_stages():
    for entry in fixture("stages")["stages"]:
        guide = row(StageGuide.objects, key=entry["key"], district=None)
        guide.sow(**translated("purpose", {lang: entry[lang]["purpose"] for lang in ("en", "vi")}))
        for number, sign in enumerate(entry["ready"], 1):
            line = row(guide.lines, guide=guide, key=f"sign-{number}")
            line.sow(kind=LineKind.SIGN, position=number, **translated("text", sign))
        for number, principle in enumerate(entry["principles"], 1):
            line = row(guide.lines, guide=guide, key=principle["key"])
            line.sow(
                kind=LineKind.PRINCIPLE,
                position=number,
                title_en=principle["en"]["name"],
                title_vi=principle["vi"]["name"],
                text_en=principle["en"]["text"],
                text_vi=principle["vi"]["text"],
            )
    guide = StageGuide.objects.get(key=Stage.PRE, district=None)
    for number, reading in enumerate(fixture("vocabulary")["resources"], 1):
        line = row(guide.lines, guide=guide, key=f"reading-{number}")
        line.sow(
            kind=LineKind.READING,
            position=number,
            title_en=reading["title"],
            author=reading["by"],
            url=reading["url"],
        )


def seed_checklist():
    checklist = row(Checklist.objects, key="checklist", district=None)
    checklist.save()
    for number, phase in enumerate(fixture("checklist")["phases"], 1):
        heading = row(Heading.objects, checklist=checklist, key=phase["key"])
        heading.sow(position=number, **translated("title", phase))
        for place, entry in enumerate(phase["items"], 1):
            item = row(TemplateItem.objects, heading=heading, key=entry["key"])
            item.sow(
                position=place,
                stage=entry["stage"],
                side=entry.get("side", Side.BOTH),
                repeats=entry.get("repeats", False),
                only_when=entry.get("only_when", Condition.ALWAYS),
                **translated("wording", entry),
            )


def seed_option_lists():
    questions = fixture("questions")
    lists = {
        key: [{"en": en, "vi": vi} for en, vi in zip(scale["en"], scale["vi"], strict=True)]
        for key, scale in questions["scales"].items()
    }
    for key, entries in {**lists, **questions["choices"]}.items():
        option_list = row(OptionList.objects, key=key)
        option_list.save()
        for value, entry in enumerate(entries, 1):
            option = row(Option.objects, list=option_list, value=value)
            option.sow(**translated("label", entry))


def seed_question_set(entry: dict):
    question_set = row(QuestionSet.objects, key=entry["key"], district=None)
    question_set.sow(
        kind=entry["kind"],
        stage=entry["stage"],
        only_when=entry.get("only_when", ""),
        title_en=entry["en"]["title"],
        title_vi=entry["vi"]["title"],
        intro_en=entry["en"].get("intro", ""),
        intro_vi=entry["vi"].get("intro", ""),
        source=entry.get("source", ""),
    )
    for number, question_entry in enumerate(entry["questions"], 1):
        question = seed_question(question_set, question_entry, key=f"q{number}", position=number)
        for part, letter in zip(question_entry.get("parts", []), "abcdefgh", strict=False):
            seed_question(
                question_set,
                part,
                key=f"q{number}{letter}",
                position=number,
                part_of=question,
            )


def seed_question(question_set, entry, *, key, position, part_of=None) -> Question:
    question = row(Question.objects, set=question_set, key=key)
    question.part_of = part_of
    answers = AnswerKind.NONE if question_set.kind == SetKind.STARTERS else AnswerKind.TEXT
    options = entry.get("choices") or entry.get("scale")
    if entry.get("answer") == AnswerKind.SCALE and not options:
        options = SCALE_OF_KIND.get(question_set.kind)
    question.sow(
        options_id=OptionList.objects.get(key=options).pk if options else None,
        position=position,
        answer=entry.get("answer", answers),
        low_en=entry.get("low_en", ""),
        low_vi=entry.get("low_vi", ""),
        high_en=entry.get("high_en", ""),
        high_vi=entry.get("high_vi", ""),
        principle=entry.get("principle", ""),
        required=entry.get("required", True),
        **translated("text", entry),
    )
    return question

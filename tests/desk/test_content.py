"""The content equals its source, in both languages; seeding anew undoes nothing that people did.

`source/` holds the lines of the source documents. The checklist and the ten questions are theirs
word for word; the rest is in our own words, one of ours for one of theirs.
"""

import unicodedata
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
import yaml
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from modeltranslation.translator import translator

from checklists.models import Checklist, Heading, TemplateItem
from desk.seeding import seed
from evaluations.models import Option, OptionList, Question, QuestionSet
from partnerships.models import GuideLine, LineKind, StageGuide
from partnerships.stages import Stage
from partnerships.vocabulary import EngagementKind, Level, PartnerKind, Role
from tests.factories import DistrictFactory

pytestmark = pytest.mark.usefixtures("content")

SOURCE = Path(__file__).parent / "source"

# The one line of ours that differs from its source, which says literally “on the ship”.
REVISED = {
    "top-management": (
        "Đảm bảo quản lý hàng đầu là trên tàu.",
        "Đảm bảo quản lý hàng đầu đồng thuận và ủng hộ.",
    )
}

PRINCIPLES = {  # ours, and the sentence of “Stages of Partnering” behind it
    "champions": "Effective partnerships have champions.",
    "ends-in-mind": "Effective partnerships begin with the ends in mind.",
    "civic-capacity": "Effective partnerships build civic capacity.",
    "shared-accountability": "Effective partnerships distribute accountability among partners.",
    "use-data": "Effective partnerships make good use of data.",
    "honest-needs": "Effective partnerships are honest about partners' needs and resources.",
    "student-voice": "Effective partnerships seek out and listen to students.",
    "families": "Effective partnerships seek out meaningful relationships with parents.",
    "pool-resources": "Effective partnerships pool resources.",
    "small-wins": 'Partners are realistic about progress and celebrate "small wins."',
    "new-members": "Partners reach out to new members.",
    "institutional-support": "Partners develop long-term structural and institutional supports.",
}
THREE_MORE = {  # and of “Put the partner in partnerships”
    "collaborative": "Collaborative relationships",
    "careful-planning": "Careful planning",
    "ongoing-review": "Ongoing review",
}


def blocks(name):
    """Return the paragraphs of a source, each a list of lines, composed as we store them."""
    text = unicodedata.normalize("NFC", (SOURCE / f"{name}.txt").read_text(encoding="utf-8"))
    return [block.splitlines() for block in text.strip().split("\n\n")]


def common(model):
    """The rows of a content model that are common to all."""
    return model.objects.filter(district=None)


def lines_of(stage, kind):
    return GuideLine.objects.filter(guide__key=stage, guide__district=None, kind=kind)


# The checklist, word for word


@pytest.fixture
def lines():
    return list(
        TemplateItem.objects.filter(heading__checklist__district=None).select_related("heading")
    )


def test_the_source_has_32_lines_under_five_headings():
    for name in ("checklist_en", "checklist_vi"):
        assert [len(block) - 1 for block in blocks(name)] == [10, 8, 5, 7, 2]


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_headings_are_those_of_the_source(language):
    titles = Heading.objects.filter(checklist__district=None).values_list(
        f"title_{language}", flat=True
    )

    source = [block[0] for block in blocks(f"checklist_{language}")]
    assert [title.upper() for title in titles] == source


def test_the_english_lines_are_those_of_the_source_in_order(lines):
    source = [(heading, line) for heading, *items in blocks("checklist_en") for line in items]

    assert [(line.heading.title_en.upper(), line.wording_en) for line in lines] == source
    assert len(lines) == 32


def test_the_vietnamese_lines_are_those_of_the_source_in_order_but_for_one(lines):
    source = [(heading, line) for heading, *items in blocks("checklist_vi") for line in items]
    ours_for = dict(REVISED.values())

    assert [(line.heading.title_vi.upper(), line.wording_vi) for line in lines] == [
        (heading, ours_for.get(line, line)) for heading, line in source
    ]
    assert {line.key for line in lines if line.wording_vi in ours_for.values()} == set(REVISED)
    assert set(ours_for) <= {line for _heading, line in source}


def test_the_line_that_differs_is_marked_as_revised():
    text = (settings.BASE_DIR / "fixtures" / "checklist.yaml").read_text(encoding="utf-8")
    entries = [entry for phase in yaml.safe_load(text)["phases"] for entry in phase["items"]]

    assert {entry["key"] for entry in entries if entry.get("revised")} == set(REVISED)


def test_every_stage_has_items_and_only_the_last_line_waits_for_an_ending(lines):
    assert Counter(line.stage for line in lines) == {
        "pre": 10,
        "mobilize": 3,
        "direction": 5,
        "action": 7,
        "reflect": 4,
        "recommit": 3,
    }
    assert [line.key for line in lines if line.only_when] == ["ending-debrief"]
    assert not any(line.retired for line in lines)


def test_the_groundwork_is_laid_once_and_never_again(lines):
    """What is before stage 1 never repeats: a new cycle begins at stage 1 or 2."""
    assert not [line.key for line in lines if line.stage == Stage.PRE and line.repeats]


# The ten questions, word for word


def test_the_ten_questions_are_those_of_the_source_in_order():
    questions, _attribution = blocks("ten_questions")
    ours = common(QuestionSet).get(key="ten-questions").questions.all()

    assert [question.text_en for question in ours] == questions
    assert len(ours) == 10


def test_the_ten_questions_say_where_they_are_from():
    _questions, [attribution] = blocks("ten_questions")
    ours = common(QuestionSet).get(key="ten-questions").source

    assert ours.replace("–", "-") == attribution


# The other sets: one question of ours for one of theirs


def test_the_nine_questions_with_the_parts_of_the_second():
    source, _levels, _readings = blocks("nine_questions")
    questions = common(QuestionSet).get(key="is-it-right").questions
    ours = [question.key.removeprefix("q") for question in questions.filter(part_of=None)]
    parts = questions.exclude(part_of=None)

    assert ours == [line.split(".")[0] for line in source if line[0].isdigit()]
    assert [part.key for part in parts] == ["q2a", "q2b", "q2c"]
    assert {part.part_of.key for part in parts} == {"q2"}
    assert len(source) == 9 + 3


def test_how_the_nine_questions_are_answered():
    questions = common(QuestionSet).get(key="is-it-right").questions.order_by("key")

    assert {question.key: question.answer for question in questions} == {
        "q1": "text",
        "q2": "scale",
        "q2a": "choice",
        "q2b": "text",
        "q2c": "text",
        "q3": "text",
        "q4": "choice",
        "q5": "text",
        "q6": "text",
        "q7": "text",
        "q8": "text",
        "q9": "level",
    }
    scale, lasting, inside = (questions.get(key=key) for key in ("q2", "q2a", "q4"))
    assert (scale.low_en, scale.high_en) == ("All settled beforehand", "All open, to grow together")
    assert (lasting.options.key, inside.options.key) == ("duration", "inside_outside")


@pytest.mark.parametrize(
    ("block", "key"),
    [(0, "before-you-start"), (1, "working-together"), (2, "conversation-starters")],
)
def test_the_considerations_and_the_starters(block, key):
    _heading, *source = blocks("considerations")[block]

    assert common(QuestionSet).get(key=key).questions.count() == len(source)


def test_every_set_with_its_counts():
    ours = {
        one.key: (one.kind, one.stage, one.only_when, one.questions.count())
        for one in common(QuestionSet)
    }

    assert ours == {
        "ten-questions": ("joint", "direction", "", 10),
        "is-it-right": ("worksheet", "pre", "", 9 + 3),
        "before-you-start": ("worksheet", "pre", "", 3),
        "working-together": ("joint", "mobilize", "", 7),
        "conversation-starters": ("starters", "mobilize", "", 3),
        "talk-levels": ("starters", "pre", "levels", 3),
        "debrief": ("debrief", "reflect", "", 12 + 6),
        "closing-debrief": ("debrief", "recommit", "ending", 7),
    }


def test_starters_are_not_answered():
    starters = common(QuestionSet).get(key="conversation-starters").questions

    assert set(starters.values_list("answer", flat=True)) == {"none"}


def test_the_debrief_has_a_statement_for_each_principle_of_the_source():
    questions = common(QuestionSet).get(key="debrief").questions.all()
    statements = [question for question in questions if question.principle]

    assert {question.principle for question in statements} == set(PRINCIPLES)
    assert {(question.answer, question.options.key) for question in statements} == {
        ("scale", "agree")
    }
    assert [question.answer for question in questions[12:]] == [
        "scale",
        "scale",
        "text",
        "text",
        "text",
        "choice",
    ]
    assert [question.key for question in questions if not question.required] == ["q17"]


# Stages, signs, principles, levels


def test_the_stages_bear_the_names_of_the_source():
    headings = [block[0] for block in blocks("stages")]
    source = [
        heading.removesuffix(" Stage").split(": ")[-1].replace("&", "and") for heading in headings
    ]

    assert [stage.label.casefold() for stage in Stage] == [name.casefold() for name in source]
    assert [stage.number for stage in Stage] == [0, 1, 2, 3, 4, 5]


def test_every_stage_has_a_text_and_signs():
    assert [guide.key for guide in common(StageGuide)] == list(Stage)
    assert {stage: lines_of(stage, LineKind.SIGN).count() for stage in Stage} == {
        "pre": 3,
        "mobilize": 3,
        "direction": 3,
        "action": 3,
        "reflect": 3,
        "recommit": 2,
    }


@pytest.mark.parametrize("stage", Stage)
def test_the_principles_stand_at_the_stage_where_the_source_has_them(stage):
    _heading, *source = blocks("stages")[stage.number]
    ours = [line.key for line in lines_of(stage, LineKind.PRINCIPLE)]

    assert [PRINCIPLES[key] for key in ours if key in PRINCIPLES] == source
    assert set(ours) <= PRINCIPLES.keys() | THREE_MORE.keys()


def test_every_principle_of_the_sources_has_its_place():
    ours = [line.key for stage in Stage for line in lines_of(stage, LineKind.PRINCIPLE)]
    [three] = blocks("three_principles")

    assert sorted(ours) == sorted([*PRINCIPLES, *THREE_MORE])
    assert sorted(THREE_MORE.values()) == sorted(three)


def test_the_levels_are_those_of_the_source_in_order():
    _questions, levels, _readings = blocks("nine_questions")

    assert [level.label for level in Level] == levels
    assert all(level.text for level in Level)


def test_further_reading_leads_where_the_source_leads():
    _questions, _levels, readings = blocks("nine_questions")

    ours = lines_of(Stage.PRE, LineKind.READING)
    assert [line.url for line in ours] == readings
    assert all(line.title and line.author for line in ours)
    assert GuideLine.objects.filter(kind=LineKind.READING).count() == 3


@pytest.mark.parametrize(
    ("choices", "name", "count"),
    [
        (Level, "level", 5),
        (EngagementKind, "engagement", 7),
        (PartnerKind, "partner_kind", 8),
        (Role, "seat_role", 6),
    ],
)
def test_the_closed_lists_say_what_the_fixture_says(choices, name, count):
    text = (settings.BASE_DIR / "fixtures" / "vocabulary.yaml").read_text(encoding="utf-8")
    entries = yaml.safe_load(text)[name]
    english = [(one["key"], one["en"] if name != "level" else one["en"]["name"]) for one in entries]

    assert [(str(value), str(label)) for value, label in choices.choices] == english
    assert len(entries) == count


def test_every_list_of_answers_with_its_counts():
    ours = {one.key: list(one.options.all()) for one in OptionList.objects.all()}

    assert {key: len(options) for key, options in ours.items()} == {
        "agree": 5,
        "satisfied": 5,
        "effective": 5,
        "duration": 3,
        "inside_outside": 3,
        "what_next": 4,
        "again": 3,
    }
    for options in ours.values():
        assert [option.value for option in options] == list(range(1, len(options) + 1))


# Both languages, everywhere


def texts():
    """Every translated field of every row of content: (row, field, English, Vietnamese)."""
    for model in (Heading, TemplateItem, StageGuide, GuideLine, Option, QuestionSet, Question):
        for row in model.objects.all():
            for name in translator.get_options_for_model(model).fields:
                yield row, name, getattr(row, f"{name}_en"), getattr(row, f"{name}_vi")


def test_both_languages_are_filled():
    """But for the titles of further readings, which are English documents and keep their names."""
    lacking = [
        (row, name)
        for row, name, english, vietnamese in texts()
        if bool(english) != bool(vietnamese)
        and not (name == "title" and getattr(row, "kind", "") == LineKind.READING)
    ]

    assert lacking == []


def test_no_text_is_left_in_the_other_language():
    same = [
        (row, name)
        for row, name, english, vietnamese in texts()
        if english and english == vietnamese
    ]

    assert same == []


def test_what_is_needed_is_not_empty():
    """Only introductions, the ends of a scale, and what a kind of line does not have may be."""
    for row, name, english, _vietnamese in texts():
        if name in {"intro", "low", "high"} or isinstance(row, GuideLine):
            continue
        assert english.strip(), (row, name)
    for line in GuideLine.objects.all():
        assert line.title_en or line.text_en, line


def test_everything_is_composed_and_trimmed():
    for row, name, *both in texts():
        for text in filter(None, both):
            assert text == unicodedata.normalize("NFC", text), (row, name)
            assert text == " ".join(text.split()), (row, name)


# Seeding anew


KINDS = ["Heading", "TemplateItem", "StageGuide", "GuideLine", "Option", "QuestionSet", "Question"]


def everything():
    """Every row of content, and of its history."""
    names = {"Checklist", "OptionList", *KINDS, *(f"Historical{kind}" for kind in KINDS)}
    models = [model for model in apps.get_models() if model.__name__ in names]
    assert {model.__name__ for model in models} == names
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


@pytest.fixture
def fixtures(monkeypatch):
    """The fixtures, to be changed as an update of the product would."""
    folder = settings.BASE_DIR / "fixtures"
    changed = {
        name: yaml.safe_load((folder / f"{name}.yaml").read_text(encoding="utf-8"))
        for name in ("stages", "checklist", "questions", "vocabulary")
    }
    monkeypatch.setattr("desk.seeding.fixture", changed.__getitem__)
    return changed


def test_seeding_twice_changes_nothing():
    before = everything()

    seed()

    assert everything() == before
    assert len(before["TemplateItem"]) == 32
    assert len(before["HistoricalTemplateItem"]) == 32


def test_the_command_says_that_it_is_done():
    before, out = everything(), StringIO()

    call_command("seed", stdout=out)

    assert everything() == before
    assert out.getvalue() == "The content is in place.\n"


def parents(fixtures):
    """The entry of one line of the checklist."""
    entries = fixtures["checklist"]["phases"][0]["items"]
    return next(entry for entry in entries if entry["key"] == "parents")


def test_an_update_of_the_fixtures_comes_in(fixtures):
    parents(fixtures).update(en="Ask the families.", vi="Hỏi các gia đình.", stage="mobilize")

    seed()

    line = TemplateItem.objects.get(key="parents")
    assert (line.wording_en, line.wording_vi) == ("Ask the families.", "Hỏi các gia đình.")
    assert (line.stage, line.side) == ("mobilize", "school")
    assert line.history.count() == 2


def test_what_an_admin_changed_stays_and_the_rest_of_the_row_follows(fixtures):
    line = TemplateItem.objects.get(key="parents")
    line.wording_en, line.side = "Talk to the families first.", "both"
    line.save()
    parents(fixtures).update(
        en="Ask the families.", vi="Hỏi các gia đình.", side="partner", stage="mobilize"
    )

    seed()
    seed()

    line.refresh_from_db()
    assert (line.wording_en, line.side) == ("Talk to the families first.", "both")
    assert (line.wording_vi, line.stage) == ("Hỏi các gia đình.", "mobilize")


def test_what_an_admin_changed_stays_over_several_updates(fixtures):
    TemplateItem.objects.filter(key="parents").update(wording_en="Talk to the families first.")
    for number in (1, 2, 3):
        parents(fixtures)["en"] = f"Ask the families, version {number}."
        seed()

    line = TemplateItem.objects.get(key="parents")
    assert line.wording_en == "Talk to the families first."


def first_set(fixtures):
    return fixtures["questions"]["sets"][0]


CHANGES = [
    (Heading, {"key": "evaluation"}, "title", lambda all_: all_["checklist"]["phases"][4]),
    (StageGuide, {"key": "action"}, "purpose", None),
    (GuideLine, {"key": "families"}, "title", None),
    (
        Option,
        {"list__key": "again", "value": 2},
        "label",
        lambda all_: all_["questions"]["choices"]["again"][1],
    ),
    (QuestionSet, {"key": "ten-questions"}, "title", None),
    (
        Question,
        {"set__key": "ten-questions", "key": "q8"},
        "text",
        lambda all_: first_set(all_)["questions"][7],
    ),
]


@pytest.mark.parametrize(("model", "which", "name", "_entry"), CHANGES)
def test_an_admins_words_stay_whatever_kind_of_content_it_is(fixtures, model, which, name, _entry):
    row = model.objects.get(**which)
    setattr(row, f"{name}_vi", "Lời của chúng tôi")
    row.save()
    before = everything()

    seed()

    assert everything() == before
    row.refresh_from_db()
    assert getattr(row, f"{name}_vi") == "Lời của chúng tôi"


@pytest.mark.parametrize(
    ("model", "which", "name", "entry"), [change for change in CHANGES if change[3]]
)
def test_other_words_of_the_row_follow(fixtures, model, which, name, entry):
    row = model.objects.get(**which)
    setattr(row, f"{name}_vi", "Lời của chúng tôi")
    row.save()
    entry(fixtures).update(en="Words of the update", vi="Lời mới")

    seed()

    row.refresh_from_db()
    assert getattr(row, f"{name}_en") == "Words of the update"
    assert getattr(row, f"{name}_vi") == "Lời của chúng tôi"


def test_a_question_follows_to_another_list_of_answers(fixtures):
    again = fixtures["questions"]["sets"][-1]["questions"][-1]
    assert again["choices"] == "again"
    again["choices"] = "what_next"

    seed()

    question = Question.objects.get(set__key="closing-debrief", key="q7")
    assert question.options.key == "what_next"


def test_the_list_of_answers_that_an_admin_chose_stays(fixtures):
    question = Question.objects.get(set__key="closing-debrief", key="q7")
    question.options = OptionList.objects.get(key="what_next")
    question.save()
    fixtures["questions"]["sets"][-1]["questions"][-1]["en"] = "Would you do it again?"

    seed()

    question.refresh_from_db()
    assert question.text_en == "Would you do it again?"
    assert question.options.key == "what_next"


@pytest.mark.parametrize(
    ("model", "which"),
    [
        (TemplateItem, {"key": "parents"}),
        (GuideLine, {"key": "families"}),
        (Question, {"set__key": "ten-questions", "key": "q8"}),
    ],
)
def test_what_is_retired_stays_retired(fixtures, model, which):
    model.objects.filter(**which).update(retired=True)
    parents(fixtures)["en"] = "Ask the families."
    fixtures["stages"]["stages"][3]["principles"][2]["en"]["text"] = "Invite the families."
    first_set(fixtures)["questions"][7]["en"] = "How do you settle what you disagree on?"
    count = model.objects.count()

    seed()

    assert model.objects.get(**which).retired
    assert model.objects.count() == count


def test_a_new_line_comes_in_at_its_place(fixtures):
    entries = fixtures["checklist"]["phases"][4]["items"]
    entries.insert(
        1, {"key": "thank-all", "stage": "reflect", "en": "Say thank you.", "vi": "Cảm ơn."}
    )

    seed()

    evaluation = Heading.objects.get(key="evaluation")
    assert [line.key for line in evaluation.items.all()] == [
        "evaluations",
        "thank-all",
        "ending-debrief",
    ]


def test_a_line_that_an_admin_added_is_let_alone(fixtures):
    heading = Heading.objects.get(key="evaluation")
    own = heading.items.create(wording_en="Say thank you.", wording_vi="Cảm ơn.", stage="reflect")
    before = TemplateItem.objects.values().get(pk=own.pk)

    seed()

    assert TemplateItem.objects.values().get(pk=own.pk) == before


# A district's own copies


@pytest.fixture
def copies(district):
    """A copy of everything for one district."""
    return [
        content.copy_for(district)
        for model in (Checklist, StageGuide, QuestionSet)
        for content in common(model)
    ]


def rows_of(district):
    """Every row of a district's own content."""
    return {
        "checklists": list(Checklist.objects.filter(district=district).values()),
        "headings": list(Heading.objects.filter(checklist__district=district).values()),
        "lines": list(TemplateItem.objects.filter(heading__checklist__district=district).values()),
        "guides": list(StageGuide.objects.filter(district=district).values()),
        "guide lines": list(GuideLine.objects.filter(guide__district=district).values()),
        "sets": list(QuestionSet.objects.filter(district=district).values()),
        "questions": list(Question.objects.filter(set__district=district).values()),
    }


def test_a_copy_is_complete(copies, district):
    counts = {name: len(rows) for name, rows in rows_of(district).items()}

    assert counts == {
        "checklists": 1,
        "headings": 5,
        "lines": 32,
        "guides": 6,
        "guide lines": 17 + 15 + 3,
        "sets": 8,
        "questions": 63,
    }


@pytest.mark.parametrize(
    "model", [Heading, TemplateItem, StageGuide, GuideLine, QuestionSet, Question]
)
def test_a_copy_says_the_same_in_both_languages(copies, district, model):
    names = [
        f"{name}_{language}"
        for name in translator.get_options_for_model(model).fields
        for language in ("en", "vi")
    ]
    path = {
        Heading: "checklist__district",
        TemplateItem: "heading__checklist__district",
        GuideLine: "guide__district",
        Question: "set__district",
    }.get(model, "district")
    rows = model.objects.order_by("pk").values_list("key", *names)

    assert sorted(rows.filter(**{path: district}), key=str) == sorted(
        rows.filter(**{path: None}), key=str
    )


def test_seeding_never_touches_a_districts_own(copies, district, fixtures):
    before = rows_of(district)
    parents(fixtures).update(en="Ask the families.", stage="mobilize")
    first_set(fixtures)["en"]["title"] = "Ten things to settle"
    first_set(fixtures)["questions"][7]["en"] = "How do you settle what you disagree on?"
    fixtures["stages"]["stages"][3]["en"]["purpose"] = "Do it."

    seed()

    assert rows_of(district) == before
    assert common(QuestionSet).get(key="ten-questions").title_en == "Ten things to settle"


@pytest.mark.parametrize("model", [Checklist, StageGuide, QuestionSet])
def test_a_district_reads_its_own_and_others_the_common_one(model, district):
    content = common(model).first()
    own = content.copy_for(district)
    elsewhere = DistrictFactory()

    assert set(model.objects.for_district(district.pk)) == {own, *common(model)} - {content}
    assert set(model.objects.for_district(elsewhere.pk)) == set(common(model))


@pytest.mark.parametrize("model", [Checklist, StageGuide, QuestionSet])
def test_a_district_has_one_copy(model, district):
    content = common(model).first()

    assert content.copy_for(district) is not None
    assert content.copy_for(district) is None
    assert model.objects.filter(district=district).count() == 1


def test_the_parts_of_a_copied_question_are_parts_of_the_copy(district):
    own = common(QuestionSet).get(key="is-it-right").copy_for(district)

    parts = own.questions.exclude(part_of=None)
    assert [part.key for part in parts] == ["q2a", "q2b", "q2c"]
    assert {part.part_of for part in parts} == {own.questions.get(key="q2")}


def test_what_is_read_at_a_stage_is_the_districts_own(district):
    own = common(StageGuide).get(key="action").copy_for(district)
    own.purpose_en = "Do it together."
    own.save()

    assert StageGuide.objects.read(Stage.ACTION, district.pk).purpose == "Do it together."
    elsewhere = StageGuide.objects.read(Stage.ACTION, DistrictFactory().pk)
    assert elsewhere.purpose.startswith("Turn the plan into work")

"""Question sets of a district: made, changed and retired in the admin; what was asked stays as it was."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from desk.dossier import back
from desk.dossier.dossier import Dossier
from evaluations.models import (
    Answer,
    Debrief,
    DebriefKind,
    OptionList,
    Question,
    QuestionSet,
    give,
)
from evaluations.results import Results
from evaluations.trends import Trends
from partnerships.models import Partnership
from tests.agreements import fresh, question
from tests.reading import text_of

SETS, LISTS = "evaluations_questionset", "evaluations_optionlist"


def url(model, page, *args):
    return reverse(f"admin:{model}_{page}", args=args)


@pytest.fixture
def as_ada(client, ada):
    client.force_login(ada)
    return client


@pytest.fixture
def own(district):
    """The district's copy of the debrief."""
    return QuestionSet.objects.get(key="debrief", district=None).copy_for(district)


def formset_data(response) -> dict:
    """What a browser would send back for an admin page as it was drawn."""
    data = {}
    forms = [response.context["adminform"].form]
    for formset in response.context["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *formset.formset.forms]
    for form in forms:
        for name in form.fields:
            value = form[name].value()
            if value is not None and value is not False:
                data[form.add_prefix(name)] = value
    return data


def change(client, row, **more):
    model = SETS if isinstance(row, QuestionSet) else LISTS
    page = url(model, "change", row.pk)
    data = formset_data(client.get(page)) | more
    return client.post(page, data)


def errors(response) -> list[str]:
    """What the page says is to be entered."""
    found = [response.context["adminform"].form.errors]
    for formset in response.context["inline_admin_formsets"]:
        found += [*formset.formset.errors]
        found.append({"all": formset.formset.non_form_errors()})
    return [str(text) for one in found for texts in one.values() for text in texts]


def add_question(client, question_set, **said):
    number = question_set.questions.count()
    new = {"text_en": "We laugh together.", "text_vi": "Chúng ta cùng cười.", **said}
    return change(client, question_set, **{f"questions-{number}-{k}": v for k, v in new.items()})


def agree_list():
    return OptionList.objects.get(key="agree").pk


def hold(partnership, question_set, by, value=4) -> Debrief:
    """A debrief in which everybody answers the same to all."""
    debrief = Debrief.objects.open(
        partnership,
        DebriefKind.REGULAR,
        question_set=question_set,
        closes_on=partnership.district.today() + timedelta(days=7),
        by=by,
    )
    for response in debrief.responses.all():
        response.keep({one["key"]: answer_to(one, value) for one in debrief.questions})
        response.give()
    debrief.close(by=by)
    return debrief


def answer_to(one, value):
    return {"text": "Words of mine", "scale": value, "choice": 1}[one["answer"]]


# Adding


def test_a_statement_is_added_to_ones_own_copy_and_asked_from_then_on(
    as_ada, own, partnership, alice
):
    response = add_question(as_ada, own, answer="scale", options=agree_list(), required="on")

    assert response.status_code == 302
    new = own.questions.get(text_en="We laugh together.")
    assert (new.position, new.answer, new.key[:4]) == (19, "scale", "own-")
    debrief = hold(fresh(partnership), own, alice)
    assert len(debrief.questions) == 19
    assert debrief.questions[-1]["text"] == {
        "en": "We laugh together.",
        "vi": "Chúng ta cùng cười.",
    }
    assert "We laugh together." in [row.text for row in Results(debrief).rows]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"text_vi": ""}, "Enter it in Vietnamese."),
        ({"text_en": ""}, "Enter it in English."),
        ({"answer": "scale"}, "Choose a list of five answers for the scale."),
        ({"answer": "choice"}, "Choose a list of answers."),
        ({"answer": "level"}, "In a debrief, choose text, scale or choice."),
    ],
)
def test_what_is_missing_is_asked_for_in_words(as_ada, own, said, message):
    response = add_question(as_ada, own, **{"answer": "text", **said})

    assert message in errors(response)
    assert own.questions.count() == 18


def test_only_where_they_are_shown_a_scale_is_asked_for_its_ends(as_ada, own, district):
    """A scale of a debrief shows the answers of its list."""
    joint = QuestionSet.objects.get(key="working-together", district=None).copy_for(district)

    assert "Label of 1" not in as_ada.get(url(SETS, "change", own.pk)).content.decode()
    assert "Label of 1" in as_ada.get(url(SETS, "change", joint.pk)).content.decode()


def test_a_scale_has_five_answers(as_ada, own):
    three = OptionList.objects.get(key="duration").pk

    response = add_question(as_ada, own, answer="scale", options=three)

    assert errors(response) == ["Choose a list of five answers for the scale."]


def test_a_debrief_set_is_made_from_nothing(as_ada, district, partnership, alice):
    made = as_ada.post(
        url(SETS, "add"),
        {
            "district": district.pk,
            "title_en": "After an internship",
            "title_vi": "Sau kỳ thực tập",
            "intro_en": "Three questions.",
            "intro_vi": "Ba câu hỏi.",
            "kind": "joint",  # is not for them to say
        },
    )

    own = QuestionSet.objects.get(title_en="After an internship")
    assert made.url == url(SETS, "change", own.pk)
    assert (own.kind, own.stage, own.district, own.key[:4]) == (
        "debrief",
        "reflect",
        district,
        "own-",
    )
    add_question(as_ada, own, answer="text")
    add_question(as_ada, own, answer="scale", options=agree_list(), text_en="It was long enough.")
    choice = OptionList.objects.get(key="again").pk
    add_question(as_ada, own, answer="choice", options=choice, text_en="Once more?")
    debrief = hold(fresh(partnership), own, alice)
    assert debrief.title == "After an internship"
    assert [one["answer"] for one in debrief.questions] == ["text", "scale", "choice"]
    assert [line.text for line in Trends(fresh(partnership)).lines] == ["It was long enough."]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"title_vi": ""}, "Enter it in Vietnamese."),
        ({"title_en": ""}, "Enter it in English."),
        ({"intro_vi": "Chỉ tiếng Việt."}, "Enter it in English."),
    ],
)
def test_a_set_has_both_languages(as_ada, district, said, message):
    data = {"district": district.pk, "title_en": "Own", "title_vi": "Riêng", **said}

    response = as_ada.post(url(SETS, "add"), data)

    assert errors(response) == [message]
    assert not QuestionSet.objects.filter(district=district).exists()


def test_the_messages_are_vietnamese_too(as_ada, own, ada):
    ada.language = "vi"
    ada.save()
    as_ada.force_login(ada)
    with translation.override("vi"):
        response = add_question(as_ada, own, answer="text", text_vi="")
        assert "Hãy nhập bằng tiếng Việt." in errors(response)


# Lists of answers


def list_data(district, *labels) -> dict:
    data = {"district": district.pk, "options-TOTAL_FORMS": 5, "options-INITIAL_FORMS": 0}
    for number in range(5):
        data[f"options-{number}-value"] = number + 1
    for number, label in enumerate(labels):
        data[f"options-{number}-label_en"] = label
        data[f"options-{number}-label_vi"] = f"{label} (vi)"
    return data


def test_a_list_of_answers_of_ones_own_serves_ones_own_sets(as_ada, district, own):
    as_ada.post(url(LISTS, "add"), list_data(district, "A", "B", "C"))

    made = OptionList.objects.get(district=district)
    assert [(one.value, one.label_en, one.label_vi) for one in made.options.all()] == [
        (1, "A", "A (vi)"),
        (2, "B", "B (vi)"),
        (3, "C", "C (vi)"),
    ]
    assert add_question(as_ada, own, answer="choice", options=made.pk).status_code == 302


def test_a_list_is_numbered_without_a_gap_and_in_both_languages(as_ada, district):
    gap = list_data(district, "A", "B") | {"options-1-value": 3}
    one_language = list_data(district, "A", "B") | {"options-1-label_vi": ""}

    assert errors(as_ada.post(url(LISTS, "add"), gap)) == [
        "Enter two answers or more, and number them 1, 2, 3 and so on."
    ]
    assert errors(as_ada.post(url(LISTS, "add"), one_language)) == ["Enter it in Vietnamese."]
    assert errors(as_ada.post(url(LISTS, "add"), list_data(district, "A"))) == [
        "Enter two answers or more, and number them 1, 2, 3 and so on."
    ]


def test_a_list_that_a_question_offers_is_not_deleted(as_ada, district, own):
    as_ada.post(url(LISTS, "add"), list_data(district, "A", "B"))
    made = OptionList.objects.get(district=district)
    add_question(as_ada, own, answer="choice", options=made.pk)

    assert as_ada.post(url(LISTS, "delete", made.pk), {"post": "yes"}).status_code == 403
    own.questions.filter(options=made).delete()
    as_ada.post(url(LISTS, "delete", made.pk), {"post": "yes"})
    assert not OptionList.objects.filter(pk=made.pk).exists()


# Another district


def test_another_district_sees_none_of_it(as_ada, district, edna, own):
    as_ada.post(url(LISTS, "add"), list_data(district, "Canary A", "Canary B"))
    own.title_en = own.title_vi = "Canary title"
    own.save()
    foreign = QuestionSet.objects.get(key="debrief", district=None).copy_for(edna.districts.get())
    theirs = Client()
    theirs.force_login(edna)

    pages = [
        theirs.get(url(SETS, "changelist")),
        theirs.get(url(LISTS, "changelist")),
        theirs.get(url(SETS, "change", foreign.pk)),
        theirs.get(url(SETS, "change", own.pk), follow=True),
        theirs.get(own.get_absolute_url()),
    ]

    assert [page.request["PATH_INFO"] for page in pages if "Canary" in text_of(page)] == []
    assert pages[-1].status_code == 404
    canary = OptionList.objects.get(district=district).pk
    refused = add_question(theirs, foreign, answer="choice", options=canary)
    assert "not one of the available choices" in errors(refused)[0]


# The preview


def test_the_preview_shows_it_as_people_will_read_it(as_ada, own, ada):
    add_question(as_ada, own, answer="text")
    own.questions.filter(key="q2").update(retired=True)

    page = text_of(as_ada.get(own.get_absolute_url()))

    assert "18. We laugh together." in page
    assert "Cannot say" in page
    assert "We work towards the same results" not in page
    assert own.get_absolute_url() in text_of(as_ada.get(url(SETS, "change", own.pk)))
    ada.language = "vi"
    ada.save()
    as_ada.post(reverse("accounts:language"), {"language": "vi", "next": "/"})
    assert "Chúng ta cùng cười." in text_of(as_ada.get(own.get_absolute_url()))


@pytest.mark.parametrize("name", ["alice", "bob", "vera", "edna"])
def test_the_preview_is_for_its_admins(request, client, own, partnership, name):
    client.force_login(request.getfixturevalue(name))

    assert client.get(own.get_absolute_url()).status_code == 404


# What was asked stays as it was


def told(debrief, partnership) -> list:
    """All that is said of a debrief: what it asked, its results, trends, and its part of the PDF."""
    debrief, results = (
        Debrief.objects.get(pk=debrief.pk),
        Results(Debrief.objects.get(pk=debrief.pk)),
    )
    dossier = Dossier(fresh(partnership), partnership.coordinator, "en")
    sections = ((back.DEBRIEFS, back.debriefs), (back.RESULTS, back.results))
    sections += ((back.TEXTS, back.texts),)
    return [
        debrief.title,
        debrief.body,
        [(row.text, [score.shown for score in row.scores]) for row in results.rows],
        [(text, [side.texts for side in by_side]) for text, by_side in results.texts],
        [(choice.text, choice.lines) for choice in results.choices],
        [
            (line.text, [[p.score.shown for p in stop.points] for stop in line.stops])
            for line in Trends(fresh(partnership)).lines
        ],
        [
            [str(column.value(row)) for column in columns]
            for columns, rows in sections
            for row in rows(dossier)
        ],
    ]


def rename_all(own):
    own.title_en, own.title_vi = "Another title", "Tên khác"
    own.save()
    own.questions.update(text_en="Another text?", text_vi="Câu khác?", principle="")


def retire_all(own):
    own.questions.update(retired=True)


def retire_the_set(own):
    own.retired = True
    own.save()


def change_kinds(own):
    own.questions.update(answer="text", options=None, required=False, position=1)


def change_answers(own):
    for options in OptionList.objects.filter(questions__set=own).distinct():
        options.options.update(label_en="Another answer", label_vi="Câu trả lời khác")


def delete_all(own):
    own.delete()


@pytest.mark.parametrize(
    "alter",
    [rename_all, retire_all, retire_the_set, change_kinds, change_answers, delete_all],
)
def test_whatever_becomes_of_the_set_a_debrief_says_what_it_said(partnership, alice, own, alter):
    debrief = hold(fresh(partnership), own, alice)
    before = told(debrief, partnership)

    alter(own)

    assert told(debrief, partnership) == before


def test_an_open_debrief_goes_on_asking_what_it_asked(partnership, alice, own):
    debrief = Debrief.objects.open(
        fresh(partnership),
        DebriefKind.REGULAR,
        question_set=own,
        closes_on=partnership.district.today() + timedelta(days=7),
        by=alice,
    )
    before = debrief.body

    rename_all(own)
    retire_all(own)

    assert Debrief.objects.get(pk=debrief.pk).body == before


def test_a_set_that_was_asked_is_not_deleted_one_that_was_not_is(
    as_ada, partnership, alice, own, district
):
    unused = QuestionSet.objects.get(key="working-together", district=None).copy_for(district)
    hold(fresh(partnership), own, alice)

    assert as_ada.post(url(SETS, "delete", own.pk), {"post": "yes"}).status_code == 403
    as_ada.post(url(SETS, "delete", unused.pk), {"post": "yes"})

    assert list(QuestionSet.objects.filter(district=district)) == [own]


def test_a_set_with_an_answer_given_before_it_was_copied_is_not_deleted(
    as_ada, partnership, alice, bob, district
):
    ours = fresh(partnership).parties.all()[0]
    ours.partnership = fresh(partnership)
    give(question(1), ours, "Said before", by=alice)
    copy = question(1).set.copy_for(district)

    assert as_ada.post(url(SETS, "delete", copy.pk), {"post": "yes"}).status_code == 403


def test_a_retired_set_is_not_offered_and_gives_its_place_back(as_ada, own, district):
    change(as_ada, own, retired="on")

    offered = QuestionSet.objects.for_district(district.pk).filter(key="debrief")
    assert [one.district_id for one in offered] == [None]


def test_a_question_that_was_answered_keeps_its_words(as_ada, partnership, alice, district):
    worksheet = QuestionSet.objects.get(key="before-you-start", district=None).copy_for(district)
    first, second, _third = worksheet.questions.all()
    ours = fresh(partnership).parties.all()[0]
    ours.partnership = fresh(partnership)
    Answer.write(first, ours, "Our goals", by=alice)

    refused = change(as_ada, worksheet, **{"questions-0-text_en": "Something else?"})
    changed = change(as_ada, worksheet, **{"questions-1-text_en": "Something else?"})
    retired = change(as_ada, worksheet, **{"questions-0-retired": "on"})

    assert "its words stay as they are" in errors(refused)[0]
    assert (changed.status_code, retired.status_code) == (302, 302)
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.text_en == "Which goals do you have in common?"
    assert first.retired
    assert second.text_en == "Something else?"
    assert Answer.objects.get().text == "Our goals"


def test_a_list_that_was_chosen_from_keeps_its_words(as_ada, partnership, alice, district):
    as_ada.post(url(LISTS, "add"), list_data(district, "A", "B"))
    made = OptionList.objects.get(district=district)
    worksheet = QuestionSet.objects.get(key="before-you-start", district=None).copy_for(district)
    Question.objects.filter(set=worksheet, key="q1").update(answer="choice", options=made)
    assert change(as_ada, made, **{"options-0-label_en": "Z"}).status_code == 302
    ours = Partnership.objects.with_sides().get(pk=partnership.pk).parties.all()[0]
    ours.partnership = fresh(partnership)
    Answer.write(worksheet.questions.get(key="q1"), ours, "1", by=alice)

    refused = change(as_ada, made, **{"options-0-label_en": "Y"})

    assert "Make a new list." in errors(refused)[0]
    assert [one.label_en for one in made.options.all()] == ["Z", "B"]

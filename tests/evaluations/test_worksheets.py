"""Worksheets: the school side's own notes, shown with all their questions and saved as typed."""

import unicodedata
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluations.models import Answer, OptionList, Question, QuestionSet
from partnerships.events import EventKind
from partnerships.models import Coordinator
from tests.factories import UserFactory, make_partnership

KEYS = ["q1", "q2", "q2a", "q2b", "q2c", "q3", "q4", "q5", "q6", "q7", "q8", "q9"]
HTMX = {"HX-Request": "true"}
ALICES, BETHS = "Alice wrote this.", "Beth wrote that."


@pytest.fixture
def url(partnership):
    return reverse("evaluations:worksheet", args=[partnership.pk, "is-it-right"])


@pytest.fixture
def questions(content):
    found = Question.objects.filter(set__key="is-it-right", set__district=None)
    return {question.key: question for question in found}


@pytest.fixture
def beth(school):
    user = UserFactory(name="Beth Young", email="beth@school.example")
    Coordinator.objects.create(school=school, user=user)
    return user


def forms_of(response):
    return {form.question.key: form for form in response.context["worksheet"].forms}


def drawn(response, **typed):
    """Return what a browser sends from the page: what it holds, and what was typed since, by key."""
    data = {}
    for key, form in forms_of(response).items():
        for bound in form:
            data[bound.html_name] = "" if bound.value() is None else bound.value()
        if key in typed:
            data[form["text"].html_name] = typed[key]
    return data


def fills_in(client, user, url, **typed):
    """Let somebody open the page, type, and press the button."""
    client.force_login(user)
    return client.post(url, drawn(client.get(url), **typed))


def answers():
    return {answer.question.key: answer.text for answer in Answer.objects.all()}


def one_by_one(partnership, question, key="is-it-right"):
    return reverse("evaluations:save_answer", args=[partnership.pk, key, question.pk])


def typed_into(question, text, version=0):
    return {f"q{question.pk}-text": text, f"q{question.pk}-version": version}


# What is shown


def test_all_nine_questions_with_their_parts(client, alice, url, questions):
    client.force_login(alice)

    response = client.get(url)

    assert list(forms_of(response)) == KEYS
    html = response.content.decode()
    places = [html.index(f'id="question-{questions[key].pk}"') for key in KEYS]
    assert places == sorted(places)


@pytest.mark.parametrize("language", ["en", "vi"])
def test_they_are_asked_in_the_language_of_the_reader(client, alice, url, questions, language):
    alice.language = language
    alice.save()
    client.force_login(alice)

    labels = [form.fields["text"].label for form in forms_of(client.get(url)).values()]

    assert labels == [getattr(questions[key], f"text_{language}") for key in KEYS]


def test_each_kind_of_answer_is_asked_for_in_its_own_way(client, alice, url):
    client.force_login(alice)

    forms = forms_of(client.get(url))

    choices = {
        key: [value for value, _label in form.fields["text"].choices]
        for key, form in forms.items()
        if hasattr(form.fields["text"], "choices")
    }
    assert choices == {
        "q2": ["", "1", "2", "3", "4", "5"],
        "q2a": ["", "1", "2", "3"],
        "q4": ["", "1", "2", "3"],
        "q9": [
            "",
            "networking",
            "communicating",
            "coordination",
            "cooperation",
            "collaboration",
        ],
    }
    assert not any(form.fields["text"].required for form in forms.values())


def test_the_ends_of_the_scale_and_the_meaning_of_the_levels_are_told(client, alice, url):
    client.force_login(alice)

    html = client.get(url).content.decode()

    assert "All settled beforehand" in html
    assert "All open, to grow together" in html
    assert "Something in between" in html
    assert "Neither can succeed without the other." in html


# Saved by the button


def test_the_button_saves_what_was_typed(client, alice, partnership, url, questions):
    typed = {"q1": "Robots for juniors.", "q2": "4", "q2a": "1", "q9": "cooperation"}

    response = fills_in(client, alice, url, **typed)

    assert (response.status_code, response.url) == (302, url)
    assert answers() == typed
    answer = Answer.objects.get(question=questions["q1"])
    assert (answer.party, answer.by, answer.version) == (partnership.school_party, alice, 1)


def test_what_was_saved_is_in_the_boxes_again(client, alice, url):
    fills_in(client, alice, url, q1="Robots for juniors.", q9="cooperation")

    forms = forms_of(client.get(url))

    assert forms["q1"]["text"].value() == "Robots for juniors."
    assert forms["q9"]["text"].value() == "cooperation"
    assert forms["q3"]["text"].value() is None


def test_what_did_not_change_is_not_written_again(client, alice, beth, url, questions):
    fills_in(client, alice, url, q1="Robots for juniors.", q3="Mentors")

    fills_in(client, beth, url, q3="Mentors, and a training cell")

    first, third = (Answer.objects.get(question=questions[key]) for key in ("q1", "q3"))
    assert (first.by, first.version) == (alice, 1)
    assert (third.by, third.version) == (beth, 2)


def test_an_answer_can_be_emptied(client, alice, url):
    fills_in(client, alice, url, q1="Robots for juniors.")

    fills_in(client, alice, url, q1="")

    assert answers() == {"q1": ""}


def test_answers_are_stored_composed(client, alice, url):
    fills_in(client, alice, url, q1=unicodedata.normalize("NFD", "Mỗi lớp có một tủ sách"))

    assert answers() == {"q1": "Mỗi lớp có một tủ sách"}


def test_the_timeline_tells_once_that_somebody_wrote_on_it(client, alice, partnership, url):
    fills_in(client, alice, url, q1="Robots")
    fills_in(client, alice, url, q1="Robots for juniors.", q3="Mentors")

    event = partnership.events.get(kind=EventKind.WORKSHEET_WRITTEN)
    assert event.by == alice
    assert event.about["worksheet"] == {
        "en": "Is a partnership what you need?",
        "vi": "Bạn có thật sự cần một quan hệ đối tác?",
    }


@pytest.mark.parametrize(
    ("key", "typed"), [("q2", "6"), ("q2a", "4"), ("q9", "marriage"), ("q1", "x" * 5001)]
)
def test_what_is_no_answer_is_refused_and_the_rest_is_kept(client, alice, url, key, typed):
    response = fills_in(client, alice, url, **{key: typed, "q3": "Mentors"})

    assert list(forms_of(response)[key].errors) == ["text"]
    assert answers() == {"q3": "Mentors"}


def test_a_refused_page_says_so_in_its_title_and_on_top(client, alice, url, questions):
    html = fills_in(client, alice, url, q9="marriage").content.decode()

    assert f'<a href="#question-{questions["q9"].pk}">' in html
    assert "<title>Error:" in html


# Saved one by one, as typed


def test_one_answer_is_saved_as_it_is_typed(client, alice, partnership, questions):
    client.force_login(alice)
    question = questions["q1"]

    response = client.post(
        one_by_one(partnership, question), typed_into(question, "Robots"), headers=HTMX
    )

    assert answers() == {"q1": "Robots"}
    html = response.content.decode()
    assert html.strip().startswith(f'<div id="saved-{question.pk}"')
    assert "Saved" in html
    assert "Alice Moreno" in html
    assert "<html" not in html


def test_typing_on_goes_on_from_the_version_that_came_back(client, alice, partnership, questions):
    client.force_login(alice)
    question, version = questions["q1"], 0
    for text in ("Rob", "Robots", "Robots for juniors."):
        response = client.post(
            one_by_one(partnership, question), typed_into(question, text, version), headers=HTMX
        )
        version = response.context["form"]["version"].value()
        assert f'value="{version}"' in response.content.decode()

    assert answers() == {"q1": "Robots for juniors."}
    assert Answer.objects.get().version == version == 3


def test_the_button_after_typing_is_no_conflict(client, alice, partnership, url, questions):
    """The page has learned the new version from what came back."""
    client.force_login(alice)
    question, page = questions["q1"], client.get(url)
    saved = client.post(
        one_by_one(partnership, question), typed_into(question, "Robots"), headers=HTMX
    )
    data = drawn(page, q1="Robots for juniors.")
    data[f"q{question.pk}-version"] = saved.context["form"]["version"].value()

    assert client.post(url, data).status_code == 302
    assert answers() == {"q1": "Robots for juniors."}


def test_what_is_no_answer_is_said_beside_the_box(client, alice, partnership, questions):
    client.force_login(alice)
    question = questions["q9"]

    response = client.post(
        one_by_one(partnership, question), typed_into(question, "marriage"), headers=HTMX
    )

    assert 'class="error"' in response.content.decode()
    assert answers() == {}


def test_only_questions_of_this_worksheet_are_answered_on_it(client, alice, partnership, questions):
    client.force_login(alice)
    other = Question.objects.get(set__key="before-you-start", key="q1")

    for question in (other, Question.objects.get(set__key="ten-questions", key="q1")):
        response = client.post(
            one_by_one(partnership, question), typed_into(question, "Robots"), headers=HTMX
        )
        assert response.status_code == 404
    assert answers() == {}


@pytest.mark.parametrize("key", ["ten-questions", "debrief", "conversation-starters", "nothing"])
def test_what_is_no_worksheet_is_not_found(client, alice, partnership, key):
    client.force_login(alice)
    url = reverse("evaluations:worksheet", args=[partnership.pk, key])

    assert [client.get(url).status_code, client.post(url).status_code] == [404, 404]


def test_a_wrong_method(client, alice, partnership, url, questions):
    client.force_login(alice)

    assert client.get(one_by_one(partnership, questions["q1"])).status_code == 405
    assert client.put(url).status_code == 405
    assert client.post(f"{url}print/").status_code == 405


# Two people on one worksheet


def test_the_second_sees_both_texts_and_keeps_theirs(client, alice, beth, url):
    client.force_login(beth)
    beths_page = client.get(url)
    fills_in(client, alice, url, q1=ALICES)
    client.force_login(beth)

    response = client.post(url, drawn(beths_page, q1=BETHS, q3="Mentors"))

    assert answers() == {"q1": ALICES, "q3": "Mentors"}
    form = forms_of(response)["q1"]
    assert (form.conflict.text, form["text"].value()) == (ALICES, BETHS)
    html = response.content.decode()
    assert "Alice Moreno wrote here" in html
    assert html.count(ALICES) == html.count(BETHS) == 1


def test_sending_again_puts_theirs_in_its_place(client, alice, beth, url):
    client.force_login(beth)
    beths_page = client.get(url)
    fills_in(client, alice, url, q1=ALICES)
    client.force_login(beth)
    refused = client.post(url, drawn(beths_page, q1=BETHS))

    assert client.post(url, drawn(refused)).status_code == 302

    assert answers() == {"q1": BETHS}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", [None, "Somebody wrote this before."])
def test_of_two_who_send_at_the_same_moment_one_sees_both(monkeypatch, alice, beth, url, first):
    """Both have come as far as writing, unless one has to wait for the other."""
    if first:
        fills_in(Client(), alice, url, q1=first)
    meet, write = Barrier(2), Answer.write

    def write_together(*args, **kwargs):
        with suppress(BrokenBarrierError):
            meet.wait(timeout=1)
        return write(*args, **kwargs)

    monkeypatch.setattr(Answer, "write", write_together)
    browsers = [opened(alice, url, q1=ALICES), opened(beth, url, q1=BETHS)]
    with ThreadPoolExecutor(2) as threads:
        sent = [threads.submit(sends, client, data, url) for client, data in browsers]
        statuses = sorted(one.result() for one in sent)

    assert statuses == [200, 302]
    assert answers()["q1"] in {ALICES, BETHS}
    assert Answer.objects.get().version == (2 if first else 1)


def opened(user, url, **typed):
    """Somebody's browser with the page, and what it would send."""
    client = Client()
    client.force_login(user)
    return client, drawn(client.get(url), **typed)


def sends(client, data, url):
    try:
        return client.post(url, data).status_code
    finally:
        connection.close()


def test_what_was_kept_while_one_answer_was_refused_can_be_changed_at_once(
    client, alice, beth, url
):
    """Nobody else has written there: it is no conflict with one's own words of a minute ago."""
    client.force_login(beth)
    beths_page = client.get(url)
    fills_in(client, alice, url, q1=ALICES)
    client.force_login(beth)
    refused = client.post(url, drawn(beths_page, q1=BETHS, q3="Mentors"))

    again = client.post(url, drawn(refused, q3="Mentors, and a training cell"))

    assert answers() == {"q1": BETHS, "q3": "Mentors, and a training cell"}
    assert again.status_code == 302


def test_both_wrote_the_same(client, alice, beth, url):
    client.force_login(beth)
    beths_page = client.get(url)
    fills_in(client, alice, url, q1="Robots for juniors.")
    client.force_login(beth)

    assert client.post(url, drawn(beths_page, q1="Robots for juniors.")).status_code == 302
    assert Answer.objects.get().by == alice


def test_a_box_left_empty_wipes_out_nothing(client, alice, beth, url):
    """The page that beth has open is older than alice's answer; she writes elsewhere on it."""
    client.force_login(beth)
    beths_page = client.get(url)
    fills_in(client, alice, url, q1=ALICES)
    client.force_login(beth)

    client.post(url, drawn(beths_page, q3="Mentors"))

    assert answers() == {"q1": ALICES, "q3": "Mentors"}


def test_a_conflict_while_typing_shows_both(client, alice, beth, partnership, questions):
    question = questions["q1"]
    address = one_by_one(partnership, question)
    client.force_login(alice)
    client.post(address, typed_into(question, ALICES), headers=HTMX)
    client.force_login(beth)

    response = client.post(address, typed_into(question, BETHS), headers=HTMX)

    assert answers() == {"q1": ALICES}
    assert ALICES in response.content.decode()
    assert "Alice Moreno wrote here" in response.content.decode()
    version = response.context["form"]["version"].value()
    client.post(address, typed_into(question, f"{BETHS} And on.", version), headers=HTMX)
    assert answers() == {"q1": f"{BETHS} And on."}


def test_the_other_persons_choice_is_told_by_its_name(client, alice, beth, partnership, questions):
    for key, first, second, name in [
        ("q2a", "1", "3", "Long-term"),
        ("q9", "cooperation", "networking", "Cooperation"),
        ("q2", "2", "5", "2"),
    ]:
        question = questions[key]
        address = one_by_one(partnership, question)
        client.force_login(alice)
        client.post(address, typed_into(question, first), headers=HTMX)
        client.force_login(beth)

        response = client.post(address, typed_into(question, second), headers=HTMX)

        assert response.context["form"].conflict.as_read == name


# Who reads and who writes


@pytest.mark.parametrize("name", ["alice", "sam", "ola"])
def test_the_school_side_writes(request, client, url, name):
    user = request.getfixturevalue(name)

    assert fills_in(client, user, url, q1="Robots").status_code == 302
    assert Answer.objects.get().by == user


@pytest.mark.parametrize("name", ["bob", "charlie", "dora", "edna", "vera"])
def test_to_others_worksheets_do_not_exist(request, client, partnership, url, questions, name):
    client.force_login(request.getfixturevalue(name))
    question = questions["q1"]
    data = typed_into(question, "Robots")

    statuses = [
        client.get(url).status_code,
        client.post(url, data).status_code,
        client.get(f"{url}print/").status_code,
        client.post(one_by_one(partnership, question), data, headers=HTMX).status_code,
    ]

    assert statuses == [404, 404, 404, 404]
    assert answers() == {}


def test_the_district_admin_reads_only(client, alice, ada, partnership, url, questions):
    fills_in(client, alice, url, q1="Robots for juniors.", q9="cooperation")
    client.force_login(ada)
    data = typed_into(questions["q1"], "Ada was here", 1)

    html = client.get(url).content.decode()
    written = client.post(url, data)
    typed = client.post(one_by_one(partnership, questions["q1"]), data, headers=HTMX)

    assert "Robots for juniors." in html
    assert "Cooperation" in html
    assert "<textarea" not in html
    assert (written.status_code, typed.status_code) == (403, 403)
    assert answers() == {"q1": "Robots for juniors.", "q9": "cooperation"}


def test_what_has_ended_is_read_only(client, alice, running, questions):
    url = reverse("evaluations:worksheet", args=[running.pk, "is-it-right"])
    fills_in(client, alice, url, q1="Robots for juniors.")
    running.end(by=alice, drawn_for=running.last_move, reason="The company moves away")
    data = typed_into(questions["q1"], "Too late", 1)

    html = client.get(url).content.decode()
    written = client.post(url, data)
    typed = client.post(one_by_one(running, questions["q1"]), data, headers=HTMX)

    assert "Robots for juniors." in html
    assert "<textarea" not in html
    assert (written.status_code, typed.status_code) == (403, 403)
    assert client.get(f"{url}print/").status_code == 200
    assert answers() == {"q1": "Robots for juniors."}


def test_the_partner_contact_does_not_learn_of_it_elsewhere(client, alice, bob, partnership, url):
    fills_in(client, alice, url, q1="Robots for juniors.")
    pages = [
        reverse("desk:guide", args=[partnership.pk]),
        reverse("partnerships:timeline", args=[partnership.pk]),
        reverse("partnerships:timeline", args=[partnership.pk]) + "?print",
    ]

    client.force_login(alice)
    assert all("Is a partnership what you need?" in read(client, page) for page in pages)
    client.force_login(bob)
    assert not any("Is a partnership what you need?" in read(client, page) for page in pages)


def read(client, page):
    return client.get(page).content.decode()


def test_the_guide_says_how_much_is_answered(client, alice, partnership, url):
    fills_in(client, alice, url, q1="Robots", q2="4", q3="Mentors")
    fills_in(client, alice, url, q3="")

    response = client.get(reverse("desk:guide", args=[partnership.pk]))

    [ours] = [one for one in response.context["sets"] if one.key == "is-it-right"]
    assert (ours.answered_count, ours.asked_count) == (2, 12)


# To print


def test_the_print_page_tells_answers_as_a_person_reads_them(client, alice, url):
    fills_in(client, alice, url, q1="Robots <b>now</b>", q2="4", q2a="2", q9="cooperation")

    html = read(client, f"{url}print/")

    assert "Robots &lt;b&gt;now&lt;/b&gt;" in html
    assert "Something in between" in html
    assert "Cooperation" in html
    assert html.count("Not answered yet") == 12 - 4
    assert "<textarea" not in html


def test_what_is_in_the_other_language_is_marked(client, alice, url):
    fills_in(client, alice, url, q1="Mỗi lớp có một tủ sách song ngữ.")

    assert '<div class="prose" lang="vi"><p>Mỗi lớp' in read(client, f"{url}print/")


# A district's own copy


@pytest.fixture
def own(district):
    """What the district does when it copies the worksheet, after answers were written."""
    return lambda: QuestionSet.objects.get(key="is-it-right", district=None).copy_for(district)


def test_answers_survive_a_copy_of_the_set(client, alice, url, own):
    typed = {"q1": "Robots for juniors.", "q2a": "2", "q9": "cooperation"}
    fills_in(client, alice, url, **typed)

    own()

    forms = forms_of(client.get(url))
    assert {form.question.set.district for form in forms.values()} == {alice.schools.get().district}
    assert {key: form["text"].value() for key, form in forms.items() if form.answer} == typed
    assert "Robots for juniors." in read(client, f"{url}print/")


def test_writing_on_the_copy_goes_on_with_the_same_answers(client, alice, partnership, url, own):
    fills_in(client, alice, url, q1="Robots", q3="Mentors")
    own()

    fills_in(client, alice, url, q1="Robots for juniors.", q5="The library")

    assert answers() == {"q1": "Robots for juniors.", "q3": "Mentors", "q5": "The library"}
    assert partnership.events.filter(kind=EventKind.WORKSHEET_WRITTEN).count() == 1
    questions = Question.objects.filter(set__key="is-it-right")
    counted = questions.annotate(count=Answer.count_in_set(partnership)).values_list("count")
    assert {count for (count,) in counted} == {3}  # beside each question, of either set


def test_the_district_may_ask_in_words_of_its_own(client, alice, url, own):
    fills_in(client, alice, url, q1="Robots for juniors.")
    asked = own().questions.get(key="q1")
    asked.text_en = "What would students gain?"
    asked.save()

    html = read(client, f"{url}print/")

    assert "What would students gain?" in html
    assert "Robots for juniors." in html


def test_what_the_district_no_longer_asks_is_kept(client, alice, url, own):
    fills_in(client, alice, url, q1="Robots for juniors.")
    own().questions.filter(key="q1").update(retired=True)

    assert "q1" not in forms_of(client.get(url))
    fills_in(client, alice, url, q3="Mentors")
    assert answers() == {"q1": "Robots for juniors.", "q3": "Mentors"}


@pytest.mark.parametrize(
    ("key", "written", "changes"),
    [
        ("q1", "Robots for juniors.", {"answer": "level"}),
        ("q1", "Robots for juniors.", {"answer": "choice", "options": "duration"}),
        ("q1", "Robots for juniors.", {"answer": "scale"}),
        ("q2a", "2", {"answer": "text", "options": None}),
        ("q9", "cooperation", {"answer": "text"}),
    ],
)
def test_answers_are_readable_whatever_kind_the_district_makes_of_the_question(
    client, alice, url, own, key, written, changes
):
    fills_in(client, alice, url, **{key: written})
    question = own().questions.get(key=key)
    question.answer = changes["answer"]
    if "options" in changes:
        name = changes["options"]
        question.options = OptionList.objects.get(key=name) if name else None
    question.save()

    assert client.get(url).status_code == 200
    assert written in read(client, f"{url}print/")


def test_another_district_goes_on_with_the_common_one(client, alice, dora, url, own):
    own().questions.filter(key="q1").update(text_en="What would students gain?")
    there = make_partnership(school=dora.schools.get(), by=dora)
    client.force_login(dora)

    response = client.get(reverse("evaluations:worksheet", args=[there.pk, "is-it-right"]))

    assert "What do you want to accomplish?" in response.content.decode()


def test_the_worksheet_costs_the_same_however_much_is_answered(client, alice, url):
    client.force_login(alice)
    with CaptureQueriesContext(connection) as empty:
        client.get(url)
    fills_in(client, alice, url, q1="Robots", q2="4", q2a="1", q3="Mentors", q9="cooperation")

    with CaptureQueriesContext(connection) as filled:
        client.get(url)

    assert len(filled) == len(empty)

"""Reminders, sheets entered after a meeting, and differences that become items."""

import pytest
from django.core import mail
from django.urls import reverse

from evaluations.models import Giving, Question, Reminder, Wording, give
from partnerships.models import Partnership
from tests.factories import make_partnership

TEN = "ten-questions"


@pytest.fixture
def question(content):
    return Question.objects.get(set__key=TEN, set__district=None, key="q4")


@pytest.fixture
def alone(school, partner, alice):
    """A partner without a login."""
    return make_partnership(school=school, partner=partner, by=alice)


def sides(partnership):
    return list(Partnership.objects.with_sides().get(pk=partnership.pk).parties.all())


def said(partnership, question, by, number=0):
    party = sides(partnership)[number]
    give(question, party, f"Said by {number}.", by=by)
    return party


def address(name, partnership, *args):
    return reverse(f"evaluations:{name}", args=[partnership.pk, TEN, *args])


def remind(client, partnership, callbacks):
    with callbacks(execute=True):
        return client.post(address("remind", partnership, sides(partnership)[1].pk))


def test_a_reminder_goes_out_once_a_day_in_their_language(
    client, alice, bob, partnership, question, django_capture_on_commit_callbacks
):
    bob.language = "vi"
    bob.save()
    said(partnership, question, alice)
    client.force_login(alice)

    for _ in range(2):
        remind(client, partnership, django_capture_on_commit_callbacks)

    [message] = mail.outbox
    assert message.to == ["bob@partner.example"]
    assert "đang chờ bên bạn" in message.subject
    assert address("joint", partnership) in message.body
    assert Reminder.objects.count() == 1


def test_nobody_is_reminded_of_what_waits_for_oneself(
    client, alice, partnership, django_capture_on_commit_callbacks
):
    client.force_login(alice)

    remind(client, partnership, django_capture_on_commit_callbacks)

    assert (mail.outbox, Reminder.objects.count()) == ([], 0)


def test_without_a_login_there_is_no_mail(
    client, alice, alone, question, django_capture_on_commit_callbacks
):
    said(alone, question, alice)
    client.force_login(alice)

    remind(client, alone, django_capture_on_commit_callbacks)

    assert (mail.outbox, Reminder.objects.count()) == ([], 0)
    assert "Print the sheet" in client.get(address("joint", alone)).content.decode()


def sheet(partnership, question, **more):
    party = sides(partnership)[1]
    day = partnership.district.today().isoformat()
    return {
        "how": "paper",
        "said_on": day,
        f"speaker{party.pk}": "Dan Woods",
        f"q{question.pk}p{party.pk}": "Two mentors.",
        **more,
    }


def test_a_sheet_is_entered_with_what_was_agreed(client, alice, alone, question):
    said(alone, question, alice)
    client.force_login(alice)
    agreed = {f"w{question.pk}": "Two mentors, every week.", f"w{question.pk}-seen": 0}

    client.post(address("enter", alone), sheet(alone, question, **agreed))

    giving = Giving.objects.get(text="Two mentors.")
    assert (giving.how, giving.speaker, giving.by) == ("paper", "Dan Woods", alice)
    assert giving.said_on == alone.district.today()
    assert Wording.objects.get().is_agreed


@pytest.mark.parametrize(
    "change", [{"how": ""}, {"said_on": ""}, {"said_on": "2099-01-01"}, {"speaker": ""}]
)
def test_it_must_be_said_who_said_it_how_and_when(client, alice, alone, question, change):
    client.force_login(alice)
    data = sheet(alone, question)
    if "speaker" in change:
        change = {f"speaker{sides(alone)[1].pk}": ""}

    response = client.post(address("enter", alone), {**data, **change})

    assert response.status_code == 200
    assert Giving.objects.count() == 0
    assert "Two mentors." in response.content.decode()


def test_nothing_is_agreed_before_every_side_has_answered(client, alice, alone, question):
    client.force_login(alice)
    agreed = {f"w{question.pk}": "Two mentors, every week.", f"w{question.pk}-seen": 0}

    response = client.post(address("enter", alone), sheet(alone, question, **agreed))

    assert response.status_code == 200
    assert (Giving.objects.count(), Wording.objects.count()) == (0, 0)


def test_a_difference_becomes_an_item_that_leads_back(client, bob, alice, partnership, question):
    for number, user in enumerate((alice, bob)):
        said(partnership, question, user, number)
    client.force_login(bob)
    url = reverse("desk:question_to_item", args=[partnership.pk, TEN, question.pk])
    owner = sides(partnership)[1].seats.get()

    assert question.text in client.get(url).content.decode()
    client.post(
        url, {"wording": "Settle it", "side": "both", "owner": owner.pk, "due_on": "2030-01-31"}
    )

    item = partnership.items.get(template_item=None)
    back = address("joint_question", partnership, question.pk)
    assert (item.text, item.owner, str(item.due_on)) == ("Settle it", owner, "2030-01-31")
    assert item.origin == back
    assert back in client.get(item.get_absolute_url()).content.decode()


def test_behind_the_veil_there_is_no_difference_yet(client, alice, partnership, question):
    said(partnership, question, alice)
    client.force_login(alice)

    url = reverse("desk:question_to_item", args=[partnership.pk, TEN, question.pk])
    assert client.get(url).status_code == 403


def test_the_first_page_says_what_the_others_ask(client, alice, bob, partnership, question):
    said(partnership, question, alice)
    client.force_login(bob)

    page = client.get("/").content.decode()
    assert "What is asked of you now" in page
    assert "Where every partnership stands" not in page  # there is this one
    assert f"Question {question.position}: {question.text}" in page
    assert "answered on" in page
    assert "and waits for you" in page

"""Two people on one form: the second sees both texts, keeps theirs in the box, and decides."""

from datetime import date

import pytest
from django.db import transaction
from django.urls import reverse

from checklists.forms import ItemForm
from evaluations.models import Answer
from partnerships.forms.basics import BasicsForm
from partnerships.models import Partnership
from partnerships.stages import Stage
from tests.factories import UserFactory


@pytest.fixture
def beth(school):
    """A second coordinator of the school."""
    user = UserFactory(name="Beth Young", email="beth@school.example")
    school.coordinators.add(user)
    return user


def drawn(form):
    """Return what a browser sends from a form as it was drawn."""
    values = {bound.html_name: bound.value() for bound in form}
    return {
        name: value for name, value in values.items() if value is not None and value is not False
    }


@pytest.fixture
def opens(client):
    """Let somebody open a page with a form; returns what their browser would send from it."""

    def open_page(user, url):
        client.force_login(user)
        return drawn(client.get(url).context["form"])

    return open_page


@pytest.fixture
def sends(client):
    def send(user, url, data):
        client.force_login(user)
        return client.post(url, data)

    return send


def told(response):
    """What the page says that the other person saved."""
    return {str(label): str(value) for label, value in response.context["form"].conflict}


# Through the pages


@pytest.fixture
def urls(partnership, partner):
    item = partnership.items.filter(stage=Stage.PRE, side="both").get()
    return {
        "partner": reverse("partnerships:edit_partner", args=[partner.pk]),
        "item": item.get_absolute_url(),
        "basics": reverse("partnerships:basics", args=[partnership.pk]),
    }


@pytest.fixture
def stored(partnership, partner):
    """Return what is saved of a form's text by now."""

    def read(page):
        if page == "partner":
            partner.refresh_from_db()
            return partner.needs
        if page == "item":
            return partnership.items.filter(stage=Stage.PRE, side="both").get().note
        partnership.refresh_from_db()
        return partnership.purpose

    return read


FIELD = {"partner": "needs", "item": "note", "basics": "purpose"}
LABEL = {"partner": "What they need", "item": "Note", "basics": "What is it for?"}
pages = pytest.mark.parametrize("page", FIELD)


@pages
def test_one_after_the_other_is_no_conflict(alice, beth, urls, opens, sends, stored, page):
    first = {**opens(alice, urls[page]), FIELD[page]: "Alice wrote this."}
    assert sends(alice, urls[page], first).status_code == 302

    second = {**opens(beth, urls[page]), FIELD[page]: "Beth wrote that."}
    assert sends(beth, urls[page], second).status_code == 302

    assert stored(page) == "Beth wrote that."


@pages
def test_the_second_sees_both_and_keeps_theirs(alice, beth, urls, opens, sends, stored, page):
    alices, beths = opens(alice, urls[page]), opens(beth, urls[page])
    sends(alice, urls[page], {**alices, FIELD[page]: "Alice wrote this."})

    response = sends(beth, urls[page], {**beths, FIELD[page]: "Beth wrote that."})

    assert stored(page) == "Alice wrote this."
    assert told(response) == {LABEL[page]: "Alice wrote this."}
    assert response.context["form"][FIELD[page]].value() == "Beth wrote that."
    html = response.content.decode()
    assert "Alice wrote this." in html
    assert "Beth wrote that." in html
    assert "Somebody changed this while you were writing." in html
    assert "<title>Error:" in html


@pages
def test_sending_again_is_a_decision(alice, beth, urls, opens, sends, stored, page):
    alices, beths = opens(alice, urls[page]), opens(beth, urls[page])
    sends(alice, urls[page], {**alices, FIELD[page]: "Alice wrote this."})
    refused = sends(beth, urls[page], {**beths, FIELD[page]: "Beth wrote that."})

    again = drawn(refused.context["form"])
    assert sends(beth, urls[page], again).status_code == 302

    assert stored(page) == "Beth wrote that."


@pages
def test_a_third_in_between_is_seen_too(alice, beth, ola, urls, opens, sends, stored, page):
    alices, beths = opens(alice, urls[page]), opens(beth, urls[page])
    sends(alice, urls[page], {**alices, FIELD[page]: "Alice wrote this."})
    refused = sends(beth, urls[page], {**beths, FIELD[page]: "Beth wrote that."})
    third = {**opens(ola, urls[page]), FIELD[page]: "Ola wrote it anew."}
    sends(ola, urls[page], third)

    again = sends(beth, urls[page], drawn(refused.context["form"]))

    assert told(again) == {LABEL[page]: "Ola wrote it anew."}
    assert stored(page) == "Ola wrote it anew."


@pages
def test_who_wrote_the_same_is_not_bothered(alice, beth, urls, opens, sends, stored, page):
    alices, beths = opens(alice, urls[page]), opens(beth, urls[page])
    sends(alice, urls[page], {**alices, FIELD[page]: "We wrote the same."})

    response = sends(beth, urls[page], {**beths, FIELD[page]: "We wrote the same."})

    assert response.status_code == 302
    assert stored(page) == "We wrote the same."


@pages
@pytest.mark.parametrize("version", ["", "0", "99", "x"])
def test_a_page_that_does_not_know_its_version_overwrites_nothing(
    alice, urls, opens, sends, stored, page, version
):
    sends(alice, urls[page], {**opens(alice, urls[page]), FIELD[page]: "Alice wrote this."})

    data = {**opens(alice, urls[page]), FIELD[page]: "From an old page.", "seen_version": version}
    sends(alice, urls[page], data)

    assert stored(page) == "Alice wrote this."


@pages
def test_other_errors_throw_nothing_away(alice, urls, opens, sends, page):
    wrong = {"partner": "website", "item": "evidence_url", "basics": "starts_on"}[page]
    data = {**opens(alice, urls[page]), FIELD[page]: "Typed at length.", wrong: "not at all"}

    response = sends(alice, urls[page], data)

    assert wrong in response.context["form"].errors
    assert response.context["form"].conflict == []
    assert "Typed at length." in response.content.decode()


def test_every_kind_of_field_is_told_as_a_person_reads_it(
    alice, beth, bob, partnership, opens, sends
):
    """An owner, a date, a side and an address."""
    item = partnership.items.filter(stage=Stage.PRE, side="both").get()
    url = item.get_absolute_url()
    bobs = bob.people.get().seats.get()
    alices, beths = opens(alice, url), opens(beth, url)
    sends(
        alice,
        url,
        {
            **alices,
            "owner": bobs.pk,
            "due_on": "2027-01-31",
            "side": "partner",
            "evidence_url": "https://minutes.example/1",
        },
    )

    response = sends(beth, url, {**beths, "due_on": "2027-02-28"})

    conflict = told(response)
    assert conflict["Who does it?"] == "Bob Keller (Harbor Robotics)"
    assert conflict["Side it falls to"] == "Partner"
    assert conflict["Link to the result"] == "https://minutes.example/1"
    assert "Due on" in conflict
    item.refresh_from_db()
    assert (item.owner, item.due_on) == (bobs, date(2027, 1, 31))


def test_the_dates_and_lists_of_the_basics_are_told(alice, beth, partnership, urls, opens, sends):
    alices, beths = opens(alice, urls["basics"]), opens(beth, urls["basics"])
    sends(
        alice,
        urls["basics"],
        {
            **alices,
            "starts_on": "2027-01-31",
            "engagements": ["visit", "internship"],
            "level_now": "networking",
        },
    )

    response = sends(beth, urls["basics"], {**beths, "engagements": ["advisory"]})

    conflict = told(response)
    assert (
        conflict["Kinds of engagement"] == "A special visit once a year, Internships for students"
    )
    assert conflict["Which level of relationship do you see now?"] == "Networking"
    assert "Begins on" in conflict
    partnership.refresh_from_db()
    assert partnership.starts_on == date(2027, 1, 31)


def test_only_what_differs_is_told(alice, beth, urls, opens, sends):
    alices, beths = opens(alice, urls["partner"]), opens(beth, urls["partner"])
    data = {**alices, "needs": "Technicians", "can_offer": "Robots"}
    sends(alice, urls["partner"], data)

    response = sends(beth, urls["partner"], {**beths, "needs": "Engineers", "can_offer": "Robots"})

    assert told(response) == {"What they need": "Technicians"}


def test_answers_of_a_worksheet(client, alice, beth, partnership):
    url = reverse("evaluations:worksheet", args=[partnership.pk, "before-you-start"])
    client.force_login(alice)
    form = client.get(url).context["worksheet"].forms[0]
    text, version = form["text"].html_name, form["version"].html_name
    client.post(url, {text: "Alice wrote this.", version: 0})
    client.force_login(beth)

    refused = client.post(url, {text: "Beth wrote that.", version: 0})
    assert Answer.objects.get().text == "Alice wrote this."
    form = refused.context["worksheet"].forms[0]
    assert (form.conflict.text, form["text"].value()) == ("Alice wrote this.", "Beth wrote that.")

    client.post(url, {text: "Beth wrote that.", version: form["version"].value()})
    assert Answer.objects.get().text == "Beth wrote that."


# What happens between reading a row and saving it


def test_saving_the_basics_does_not_undo_a_move_made_meanwhile(partnership, alice):
    """One request has read the partnership; another moves it; the first one saves."""
    read = Partnership.objects.with_sides().get(pk=partnership.pk)
    form = BasicsForm({"purpose": "Robots for all", "seen_version": read.version}, instance=read)
    partnership.move_to(
        Stage.DIRECTION, by=alice, drawn_for=partnership.last_move, reason="We are there already"
    )

    with transaction.atomic():
        if form.is_valid():
            form.save(by=alice)

    partnership.refresh_from_db()
    assert partnership.stage == partnership.moves.last().to_stage == Stage.DIRECTION


def test_saving_details_does_not_undo_a_tick_made_meanwhile(partnership, alice, bob):
    item = partnership.items.filter(stage=Stage.PRE, side="both").get()
    read = partnership.items.get(pk=item.pk)
    form = ItemForm({"side": item.side, "seen_version": read.version}, instance=read)
    item.tick(by=bob)

    with transaction.atomic():
        if form.is_valid():
            form.save(by=alice)

    item.refresh_from_db()
    assert (item.state, item.settled_by) == ("done", bob)


def test_saving_details_does_not_undo_a_handover_made_meanwhile(partnership, alice, bob, sam):
    item = partnership.items.filter(stage=Stage.PRE, side="both").get()
    item.owner = bob.people.get().seats.get()
    item.save()
    read = partnership.items.get(pk=item.pk)
    data = {"side": item.side, "owner": item.owner.pk, "note": "Ask", "seen_version": read.version}
    form = ItemForm(data, instance=read)
    item.owner.vacate(partnership.district.today(), successor=None, by=alice)

    with transaction.atomic():
        if form.is_valid():
            form.save(by=alice)

    item.refresh_from_db()
    assert item.owner is None

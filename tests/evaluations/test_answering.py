"""Answering a debrief: with a login, or by a personal link; once each, changeable until it closes."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.logs import INVITATION
from evaluations.answering import fingerprint
from evaluations.models import Debrief, Response
from partnerships.models import Seat
from partnerships.vocabulary import Role
from tests import clock
from tests.answering import answers, give, posted, seat_of
from tests.debriefs import open_debrief, with_sides
from tests.factories import PersonFactory

HTMX = {"HX-Request": "true"}
NOTHING = fingerprint(None)


@pytest.fixture
def debrief(partnership, alice):
    return open_debrief(partnership, by=alice)


def address(debrief, seat):
    args = [debrief.partnership_id, debrief.number, seat.pk]
    return reverse("evaluations:answer_debrief", args=args)


@pytest.fixture
def page(client, debrief, partnership, bob):
    """Where Bob answers, signed in."""
    client.force_login(bob)
    return address(debrief, seat_of(partnership, bob))


def said_by(user) -> Response:
    return Response.objects.get(seat__person__user=user)


def test_the_page_says_how_long_it_takes_and_warns_where_few_answer(client, page):
    said = client.get(page).content.decode()

    assert "It takes about 10 minutes, and it is saved as you go." in said
    assert "Fewer than three people are asked on a side." in said
    assert said.count('class="choices rating"') == 14
    assert said.count("Cannot say") == 14


def test_opening_the_page_makes_nothing(client, page, debrief, partnership, bob):
    debrief.responses.all().delete()

    assert client.get(page).status_code == 200
    assert Response.objects.count() == 0


def test_save_and_come_back_keeps_what_there_is(client, page, debrief, bob):
    answer = client.post(
        page, {"q1-said": 4, "q1-seen": NOTHING, "q15-said": " Wed ", "q15-seen": NOTHING}
    )

    assert answer.url == debrief.get_absolute_url()
    assert said_by(bob).answers == {"q1": 4, "q15": "Wed"}
    assert not said_by(bob).is_given
    assert "Wed" in client.get(page).content.decode()


def test_what_is_typed_is_saved_question_by_question(client, page, bob):
    answer = client.post(page, {"q15-said": "Wed", "q15-seen": NOTHING}, headers=HTMX)

    assert said_by(bob).answers == {"q15": "Wed"}
    said = answer.content.decode()
    assert 'id="saved-q15"' in said
    assert "Saved" in said
    assert "<html" not in said


def test_two_windows_on_one_answer_lose_nothing(client, page, bob):
    client.post(page, {"q15-said": "One", "q15-seen": NOTHING}, headers=HTMX)

    told = client.post(
        page, {"q15-said": "Two", "q15-seen": NOTHING}, headers=HTMX
    ).content.decode()

    assert said_by(bob).answers == {"q15": "One"}
    assert "Saved meanwhile, in another window" in told
    assert "One" in told
    seen = told.split('name="q15-seen" value="')[1].split('"')[0]
    client.post(page, {"q15-said": "Two", "q15-seen": seen}, headers=HTMX)
    assert said_by(bob).answers == {"q15": "Two"}


def test_the_other_questions_of_a_refused_page_are_kept(client, page, bob, debrief):
    client.post(page, {"q15-said": "One", "q15-seen": NOTHING})

    told = client.post(page, posted(debrief, "Two")).content.decode()

    assert said_by(bob).answers == {**answers(debrief, "Two"), "q15": "One"}
    assert "<title>Error:" in told
    assert "Two</textarea>" in told


def test_check_says_what_is_lacking_and_links_to_it(client, page, debrief):
    data = posted(debrief, "Well")
    del data["q3-said"]
    data["q16-said"] = ""

    told = client.post(page, {**data, "act": "check"}).content.decode()

    assert "<title>Error:" in told
    for key, words in (
        ("q3", "Question 3: choose an answer, or “Cannot say”."),
        ("q16", "Question 16: write a few words."),
    ):
        assert f'<a href="#question-{key}">{words}</a>' in told
        assert told.count(words) == 2  # on top, and beside its field


def test_a_check_that_sends_nothing_says_what_is_lacking(client, page):
    told = client.post(page, {"act": "check"})

    assert told.status_code == 200
    assert "Question 3: choose an answer, or “Cannot say”." in told.content.decode()


def test_given_after_a_check_and_changed_until_it_closes(client, page, debrief, bob, alice):
    answer = client.post(page, {**posted(debrief, "Well"), "act": "check"})
    assert answer.url == f"{page}?check"
    said = client.get(answer.url).content.decode()
    assert "Give these answers" in said
    assert "Well" in said
    assert "Mostly" in said
    assert not said_by(bob).is_given

    client.post(page, {"act": "give"})
    assert said_by(bob).is_given
    client.post(page, posted(debrief, "Better", seen=answers(debrief, "Well")))

    assert said_by(bob).answers["q15"] == "Better"
    debrief.close(by=alice)
    assert [voice.answers["q15"] for voice in debrief.voices.all()] == ["Better"]


def test_what_was_given_is_not_emptied(client, page, debrief, partnership, bob):
    give(debrief, seat_of(partnership, bob), "Well")
    data = posted(debrief, "Better", seen=answers(debrief, "Well"))

    told = client.post(page, {**data, "q15-said": "", "q17-said": ""}).content.decode()

    assert "Question 15: write a few words." in told
    assert said_by(bob).answers == {**answers(debrief, "Better"), "q15": "Well", "q17": ""}


def test_it_is_not_given_with_something_lacking(client, page, bob):
    client.post(page, {"q1-said": 4, "q1-seen": NOTHING})
    client.post(page, {"act": "give"})

    assert not said_by(bob).is_given


@pytest.mark.parametrize("value", ["6", "-1", "x", "9" * 400, "1.5", "\0"])
def test_no_answer_that_is_not_offered(client, page, bob, value):
    client.post(page, {"q1-said": value, "q1-seen": NOTHING, "q18-said": "9", "q18-seen": NOTHING})

    assert said_by(bob).answers == {}


@pytest.mark.parametrize(("name", "status"), [("alice", 403), ("ada", 403), ("charlie", 404)])
def test_nobody_answers_in_anothers_place(client, request, page, debrief, bob, name, status):
    client.force_login(request.getfixturevalue(name))

    assert client.get(page).status_code == status
    assert client.post(page, posted(debrief, "Mine")).status_code == status
    assert said_by(bob).answers == {}


def test_whoever_sits_in_two_parties_is_asked_twice(
    client, partnership, school, debrief, alice, bob
):
    ours = with_sides(partnership).parties.first()
    ours.partnership = with_sides(partnership)
    ours.seat(PersonFactory(school=school, user=bob), {Role.MEMBER}, by=alice)
    client.force_login(bob)
    seats = with_sides(partnership).seats_of(bob)
    assert len(seats) == 2

    said = client.get(debrief.get_absolute_url()).content.decode()
    for seat, text in zip(seats, ("Ours", "Theirs"), strict=True):
        assert address(debrief, seat) in said
        client.post(address(debrief, seat), posted(debrief, text))

    kept = {one.seat_id: one.answers["q15"] for one in Response.objects.filter(seat__in=seats)}
    assert kept == {seats[0].pk: "Ours", seats[1].pk: "Theirs"}


def test_after_its_last_day_nobody_answers(client, page, debrief, bob):
    later = clock.midnight("America/Los_Angeles", *day_after(debrief))
    with clock.at(clock.just_before(later)):
        client.force_login(bob)
        client.post(page, {"q1-said": 4, "q1-seen": NOTHING})
    with clock.at(later):
        answer = client.post(page, {"q1-said": 5, "q1-seen": NOTHING})

    assert answer.url == debrief.get_absolute_url()
    assert Debrief.objects.get().is_closed  # by whoever came first
    assert said_by(bob).answers == {}
    assert debrief.voices.count() == 0  # it was not given


def day_after(debrief):
    return (debrief.closes_on + timedelta(days=1)).timetuple()[:3]


@pytest.mark.parametrize("by_date", [True, False])
def test_typed_when_it_has_closed_is_said_beside_the_question(
    client, page, debrief, alice, by_date
):
    """The page with the results would not fit there."""
    if not by_date:
        debrief.close(by=alice)
    with clock.at(timezone.now() + timedelta(days=20 if by_date else 0)):
        client.force_login(seat_user(page))
        headers = HTMX | {"HX-Target": "saved-q1"}
        told = client.post(page, {"q1-said": 4, "q1-seen": NOTHING}, headers=headers)

    assert told.status_code == 200
    assert told.content.decode().strip().startswith('<div id="saved-q1"')
    assert "This debrief has closed." in told.content.decode()


def test_typed_too_late_is_said_beside_the_question(client, page, debrief, alice, monkeypatch):
    monkeypatch.setattr("evaluations.models.debriefs.Debrief.close_if_due", lambda self: None)
    with clock.at(timezone.now() + timedelta(days=20)):
        client.force_login(seat_user(page))
        told = client.post(page, {"q1-said": 4, "q1-seen": NOTHING}, headers=HTMX).content.decode()

    assert "This debrief has closed." in told


def seat_user(page):
    return Seat.objects.get(pk=page.rstrip("/").split("/")[-1]).person.user


# By a personal link


@pytest.fixture
def pat(partnership, partner, alice):
    """Pat's seat: at the table, without a login."""
    theirs = partnership.parties.last()
    theirs.partnership = partnership
    person = PersonFactory(partner=partner, name="Pat Quill", email="pat@partner.example")
    return theirs.seat(person, {Role.MEMBER}, by=alice)


@pytest.fixture
def response(pat, debrief):
    debrief.partnership = with_sides(debrief.partnership)
    seat = next(one for one in debrief.partnership.current_seats if one.pk == pat.pk)
    return debrief.ask(seat)


@pytest.fixture
def link(response, alice):
    return reverse("evaluations:answer_by_link", args=[response.make_link(by=alice)])


@pytest.fixture
def phone():
    return Client()


def kept(response) -> Response:
    return Response.objects.get(pk=response.pk)


def test_opening_the_link_changes_nothing_and_needs_no_account(phone, link, response):
    page = phone.get(link)

    assert page.status_code == 200
    assert "For Pat Quill" in page.content.decode()
    assert kept(response).answers == {}
    assert kept(response).reader_hash == ""
    assert not [name for name in phone.cookies if name.startswith("debrief")]


def test_the_page_is_kept_out_of_caches_search_and_other_pages_sight(phone, link):
    page = phone.get(link)

    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert "no-store" in page.headers["Cache-Control"]
    assert '<meta name="robots" content="noindex' in page.content.decode()


def test_it_is_answered_checked_and_given(phone, link, response, debrief):
    assert phone.post(link, posted(debrief, "From Pat")).url == f"{link}?saved"
    assert "From Pat" in phone.get(link).content.decode()
    data = posted(debrief, "From Pat", seen=answers(debrief, "From Pat"))
    assert phone.post(link, {**data, "act": "check"}).url == f"{link}?check"
    assert "Give these answers" in phone.get(f"{link}?check").content.decode()

    phone.post(link, {"act": "give"})

    assert kept(response).is_given
    assert "Thank you" in phone.get(link).content.decode()
    assert "From Pat" in phone.get(f"{link}?change").content.decode()


def test_whoever_made_the_link_reads_nothing_with_it(phone, link, response, debrief):
    """They have seen it; so what was saved is shown only in the browser that saved it."""
    phone.post(link, posted(debrief, "From Pat"))
    coordinator = Client()

    for asked in ("", "?check", "?change", "?saved"):
        assert "From Pat" not in coordinator.get(link + asked).content.decode()
    phone.post(link, {"act": "give"})
    for asked in ("", "?check", "?change", "?saved"):
        said = coordinator.get(link + asked).content.decode()
        assert "From Pat" not in said
        assert "Answers have been given with this link already." in said


def test_a_second_answer_with_the_same_link_is_refused(phone, link, response, debrief):
    phone.post(link, posted(debrief, "From Pat"))
    phone.post(link, {"act": "give"})

    other = Client()
    other.post(link, posted(debrief, "Somebody else"))
    other.post(link, {"act": "give"})

    assert kept(response).answers == answers(debrief, "From Pat")


def test_another_device_begins_with_an_empty_page(phone, link, response, debrief):
    phone.post(link, posted(debrief, "From Pat"))
    desk = Client()

    desk.post(link, {"q1-said": 2, "q1-seen": NOTHING})

    assert kept(response).answers == {"q1": 2}
    assert "From Pat" not in phone.get(link).content.decode()


def test_a_newer_link_stops_the_older_one(phone, link, response, alice):
    response.make_link(by=alice)

    page = phone.get(link)

    assert page.status_code == 404
    assert "This link does not work" in page.content.decode()


def test_a_closed_debrief_says_so(phone, link, debrief, alice):
    debrief.close(by=alice)

    for answer in (phone.get(link), phone.post(link, posted(debrief, "Late"))):
        told = answer.content.decode()
        assert answer.status_code == 410
        assert "<h1>This debrief has closed</h1>" in told
        assert "It can be answered no more." in told
        assert "Thank you" not in told


def test_what_is_typed_by_the_link_after_the_close_is_answered_beside_it(
    phone, link, debrief, alice
):
    debrief.close(by=alice)

    told = phone.post(link, {"q1-said": 4, "q1-seen": NOTHING}, headers=HTMX)

    assert told.status_code == 200
    assert "This debrief has closed." in told.content.decode()
    assert "<h1>" not in told.content.decode()


def test_who_has_given_answers_is_thanked_after_the_close(phone, link, response, debrief, alice):
    response.keep(answers(debrief, "From Pat"))
    response.give()
    debrief.close(by=alice)

    told = phone.get(link).content.decode()

    assert "The answers that were given with this link count." in told
    assert "From Pat" not in told


def test_whoever_has_left_is_asked_no_more(phone, link, pat, district, alice):
    pat.left_on = district.today()
    pat.save()

    assert phone.get(link).status_code == 410


def test_with_a_login_the_response_stays_and_the_link_stops(
    client, phone, link, pat, response, debrief, vera
):
    phone.post(link, posted(debrief, "From Pat"))
    pat.person.user = vera
    pat.person.save()

    assert phone.get(link).status_code == 410
    phone.force_login(vera)
    assert "From Pat" in phone.get(address(debrief, pat)).content.decode()
    client.force_login(vera)
    assert "From Pat" not in client.get(address(debrief, pat)).content.decode()


def test_who_gives_a_person_an_account_of_their_own_reads_nothing(
    client, phone, link, pat, response, debrief, vera, charlie
):
    """By a link or by another account: what is saved is its writer's, and stays if it was given."""
    phone.post(link, posted(debrief, "From Pat"))
    phone.post(link, {"act": "give"})
    pat.person.user = vera
    pat.person.save()
    client.force_login(vera)
    page = address(debrief, pat)

    assert "From Pat" not in client.get(page, follow=True).content.decode()
    client.post(page, posted(debrief, "From Vera"))
    response.refresh_from_db()
    assert response.answers["q15"] == "From Pat"

    Response.objects.filter(pk=response.pk).update(given_at=None)
    client.post(page, posted(debrief, "From Vera"))
    response.refresh_from_db()
    assert response.answers["q15"] == "From Vera"

    pat.person.user = charlie
    pat.person.save()
    client.force_login(charlie)
    assert "From Vera" not in client.get(page).content.decode()


def test_no_cookie_stands_for_an_account(client, page, debrief, bob, vera):
    client.post(page, posted(debrief, "From Bob"))
    response = said_by(bob)
    bob.people.update(user=vera)
    client.force_login(vera)
    for guess in (str(bob.pk), response.reader_hash):
        client.cookies[f"debrief-{response.pk}"] = guess
        assert "From Bob" not in client.get(page).content.decode()


def test_both_languages(phone, link):
    assert '<html lang="vi"' in phone.get(link, headers={"accept-language": "vi"}).content.decode()
    said = phone.get(link, headers={"accept-language": "en"}).content.decode()
    assert '<html lang="en"' in said
    assert "Tiếng Việt" in said


def test_the_log_names_no_link(link):
    assert INVITATION.sub(r"\1…", f"Not Found: {link}") == "Not Found: /debriefs/answer/…/"


def test_without_the_token_of_its_page_a_post_does_nothing(link, response, debrief):
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(link, posted(debrief, "Forged")).status_code == 403
    assert kept(response).answers == {}


# Making a link


@pytest.fixture
def making(client, response, debrief, alice):
    client.force_login(alice)
    args = [debrief.partnership_id, debrief.number, response.seat_id]
    return reverse("evaluations:debrief_link", args=args)


def test_a_link_is_shown_once_with_a_picture(client, making, response):
    answer = client.post(making, {"way": "hand", "once": "1"})
    first, again = client.get(answer.url).content.decode(), client.get(answer.url).content.decode()

    token = first.split("/debriefs/answer/")[1].split("/")[0]
    assert kept(response).has_link(token)
    assert "<svg" in first.split('class="qr"')[1]
    assert token not in again
    assert "A link was made before." in again


def test_the_timeline_tells_that_it_was_made(client, making, response):
    client.post(making, {"way": "hand", "once": "1"})

    event = response.debrief.partnership.events.first()
    assert "made a personal link to the debrief for Pat Quill" in str(event.sentence)


@pytest.mark.usefixtures("mails_leave_at_once")
def test_it_can_be_mailed_in_either_language(client, making, response, phone):
    client.post(making, {"way": "mail", "language": "vi", "once": "1"})

    [message] = [one for one in mail.outbox if one.to == ["pat@partner.example"]]
    link = message.body.split("http://testserver")[1].split()[0]
    assert "mời bạn nhìn lại" in message.body
    assert phone.get(link).status_code == 200


def test_who_has_answered_needs_no_new_link(client, making, response, debrief):
    give(debrief, response.seat, "Given")

    client.post(making, {"way": "hand", "once": "1"})

    assert kept(response).token_hash == ""


def test_nobody_with_a_login_gets_a_link(client, debrief, partnership, alice, bob):
    client.force_login(alice)
    args = [debrief.partnership_id, debrief.number, seat_of(partnership, bob).pk]

    client.post(reverse("evaluations:debrief_link", args=args), {"way": "hand"})

    assert said_by(bob).token_hash == ""

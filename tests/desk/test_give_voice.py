"""The form for the community: no account, no cookie, no name; and floods of junk stay out."""

import re
import threading
from datetime import timedelta
from io import StringIO
from itertools import cycle

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from evaluations import doors
from evaluations.doors import BY_ONE_DOOR, FROM_ONE_NETWORK
from evaluations.models import Feedback, SentForm, Tally
from partnerships.models import Partnership, Release
from partnerships.stages import Status
from partnerships.vocabulary import Audience, PublicPart
from tests import clock
from tests.access.test_bad_input import BODIES, HEADERS, LONG, NASTY, NFC, NFD
from tests.config.test_two_languages import english_in
from tests.voices import address_of, drawn, every_row, make_link, release, send

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def link(partnership, alice):
    return make_link(partnership, by=alice)


@pytest.fixture
def url(link):
    return address_of(link)


# What it is for


def test_a_voice_is_kept_with_its_audience_and_day_alone(url, partnership):
    response = send(url, going="4", change="More time", idea="A film")

    voice = Feedback.objects.get()
    assert response.status_code == 302
    assert response.url == f"{url}?sent&lang=en"
    assert (voice.partnership, voice.audience, voice.cycle) == (partnership, "students", 1)
    assert (voice.going, voice.change, voice.idea) == (4, "More time", "A film")
    assert voice.on == partnership.district.today()
    assert {field.name for field in Feedback._meta.concrete_fields} == {
        *("id", "partnership", "cycle", "audience", "going", "change", "idea", "language", "on"),
        *("set_aside_at", "set_aside_by"),
    }


@pytest.mark.parametrize("said", [{"going": "1"}, {"change": "More time"}, {"idea": "A film"}])
def test_one_answer_is_enough(url, said):
    assert send(url, **said).status_code == 302
    assert Feedback.objects.count() == 1


def test_none_is_not_and_the_form_says_so(url):
    response = send(url, change="  ")

    page = response.content.decode()
    assert response.status_code == 200
    assert "<title>Error:" in page
    assert "Answer at least one of the three questions." in page
    assert Feedback.objects.count() == 0


def test_what_was_typed_stays_when_something_is_wrong(url):
    page = send(url, going="9", change="x" * 1001, idea="A film").content.decode()

    assert "Choose one of the five." in page
    assert "x" * 1001 in page
    assert "A film" in page
    assert Feedback.objects.count() == 0


def test_afterwards_they_are_thanked_and_told_who_reads_it(client, url):
    page = client.get(f"{url}?sent&lang=vi").content.decode()

    assert "<h1>Xin cảm ơn</h1>" in page
    assert english_in(page) == []


def test_the_form_says_who_reads_it_and_asks_for_no_names(client, url, partnership):
    page = client.get(url).content.decode()

    for party in partnership.parties.all():
        assert party.name in page
    for said in (
        "We do not ask who you are. Please do not write your name.",
        "Please name nobody else either.",
        "the people of both sides who run this together, and the school district",
        "Tell an adult you trust today.",
    ):
        assert said in page
    assert "<script" not in page


# Without a name, a cookie, an address


def test_no_cookie_is_set_or_needed_on_any_of_its_pages(url):
    client = Client(enforce_csrf_checks=True)
    pages = [client.get(url), client.get("/v/nothing/"), client.get(f"{url}?sent")]
    pages += [send(url, client=client), send(url, client=client, change="More time")]

    assert [page.status_code for page in pages] == [200, 404, 200, 200, 302]
    assert [page.headers.get("Set-Cookie") for page in pages] == [None] * 5
    assert not client.cookies


def test_its_pages_are_kept_by_nobody_and_found_by_no_search_engine(client, url):
    page = client.get(url)

    assert "no-store" in page.headers["Cache-Control"]
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert page.headers["Referrer-Policy"] == "no-referrer"


def test_no_table_holds_the_address_the_device_or_the_hour(url):
    address = "198.51.100.23"
    client = Client(headers={"user-agent": "A-strange-browser/7"})
    token = drawn(url, client=client)
    moment = timezone.now().replace(microsecond=123456)
    with clock.at(moment):
        send(url, client=client, address=address, token=token, idea="A film")

    rows = every_row()
    assert "A film" in rows
    for trace in (address, "198.51.100", "A-strange-browser", token, "123456"):
        assert trace not in rows
    assert str(moment.timestamp())[:10] not in rows


def test_the_control_finds_what_a_row_holds(url, alice):
    assert alice.email in every_row()


def test_traces_are_forgotten_after_a_day(url):
    send(url, idea="A film")
    assert (Tally.objects.count(), SentForm.objects.count()) == (4, 1)

    with clock.at(timezone.now() + timedelta(days=1, minutes=1)):
        call_command("send_reminders", stdout=StringIO())
        assert Tally.objects.count() == 0
    with clock.at(timezone.now() + timedelta(days=3)):
        call_command("send_reminders", stdout=StringIO())
        assert SentForm.objects.count() == 0
    assert Feedback.objects.count() == 1


def test_the_order_of_one_day_does_not_tell_the_order_of_writing(partnership):
    door = doors.Door(partnership, Audience.STUDENTS, "", is_open=True)
    written = [door.keep("en", {"change": str(number)}).change for number in range(12)]

    listed = [voice.change for voice in partnership.feedback.all()]
    assert sorted(listed) == sorted(written)
    assert listed not in (written, written[::-1])


# The two languages


def test_the_switch_keeps_what_was_typed(url):
    page = send(url, other="vi", going="2", change="More time", idea="A film").content.decode()

    assert '<html lang="vi"' in page
    assert "More time" in page
    assert "A film" in page
    assert re.search(r'value="2"[^>]*checked', page)
    assert Feedback.objects.count() == 0


def test_in_vietnamese_it_speaks_vietnamese_in_every_state(client, url, link, alice):
    pages = [
        client.get(f"{url}?lang=vi"),
        client.get(url, headers={"accept-language": "vi"}),
        client.get("/v/nothing/?lang=vi"),
        send(url, lang="vi"),
        send(url, lang="vi", going="9", change="http://x.example"),
        send(url, lang="vi", website="x"),
    ]
    link.close(by=alice)
    pages.append(client.get(f"{url}?lang=vi"))

    for page in pages:
        assert '<html lang="vi"' in page.content.decode()
        assert english_in(page.content.decode()) == []


@pytest.mark.parametrize(
    ("text", "lang", "kept"),
    [
        ("Cho em thêm thời gian ạ", "en", "vi"),
        ("Cho em them thoi gian", "vi", "vi"),
        ("More time, please", "en", "en"),
    ],
)
def test_the_language_of_the_words_is_kept(url, text, lang, kept):
    send(url, lang=lang, change=text)

    assert Feedback.objects.get().language == kept


def test_words_are_stored_composed(url):
    send(url, change=NFD)

    assert Feedback.objects.get().change == NFC


# Where it is closed


def test_a_closed_link_leads_to_a_friendly_page(client, url, link, alice):
    token = drawn(url)
    link.close(by=alice)

    for page in (client.get(url), send(url, token=token, change="More time")):
        assert page.status_code == 410
        assert "This form is closed" in page.content.decode()
    assert Feedback.objects.count() == 0


def test_so_does_one_of_a_partnership_that_has_ended(client, url):
    Partnership.objects.update(status=Status.ENDED)

    page = client.get(url)

    assert page.status_code == 410
    assert "They no longer work together" in page.content.decode()


def test_while_it_is_paused_people_may_speak(client, url):
    Partnership.objects.update(status=Status.PAUSED)

    assert client.get(url).status_code == 200


def test_on_the_public_page_it_opens_when_every_side_has_released_it(client, partnership, alice):
    page = release(partnership, PublicPart.ABOUT, by=alice)
    url = f"/v/{page.address}/"
    ours, theirs = partnership.parties.all()
    Release.objects.create(page=page, part=PublicPart.VOICE, party=ours, by=alice)

    assert client.get(url).status_code == 404

    released = Release.objects.create(page=page, part=PublicPart.VOICE, party=theirs, by=alice)
    assert send(url, idea="A film").status_code == 302
    assert Feedback.objects.get().audience == Audience.PUBLIC

    released.withdrawn_at = timezone.now()
    released.save()
    assert client.get(url).status_code == 404


# Once


def test_a_double_click_makes_one_and_thanks_twice(url):
    token = drawn(url)

    answers = [send(url, token=token, change="More time") for _time in range(2)]

    assert {answer.status_code for answer in answers} == {302}
    assert Feedback.objects.count() == 1


def test_a_form_sent_again_with_other_words_is_asked_about(url):
    """From a page that the browser kept: nothing is lost, and a token still counts once."""
    token = drawn(url)
    send(url, token=token, change="More time")

    response = send(url, token=token, change="A bus")

    page = response.content.decode()
    assert "This form has arrived already." in page
    assert "A bus" in page
    assert Feedback.objects.get().change == "More time"
    fresh = re.search(r'name="token" value="([^"]+)"', page)[1]
    with clock.at(timezone.now() + MINUTE):
        assert send(url, token=fresh, change="A bus").status_code == 302
    assert Feedback.objects.count() == 2


def at_once(url, posts):
    """Send forms at the same moment, each over a connection of its own; return the statuses."""
    gate, answers = threading.Barrier(len(posts)), []

    def post(said):
        try:
            gate.wait(timeout=30)
            answers.append(send(url, client=Client(), **said).status_code)
        except Exception as fault:  # noqa: BLE001 # shown by the test, which runs in another thread
            answers.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=post, args=[said]) for said in posts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers


@pytest.mark.django_db(transaction=True)
def test_two_workers_take_one_form_once(url):
    token = drawn(url)

    answers = at_once(url, [{"token": token, "change": "More time"}] * 4)

    assert answers == [302] * 4
    assert Feedback.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_several_workers_together_keep_to_the_limit(url, monkeypatch):
    monkeypatch.setattr(doors, "FROM_ONE_NETWORK", (doors.Limit(5, timedelta(days=1)),))
    tokens = [drawn(url) for _number in range(12)]

    answers = at_once(url, [{"token": token, "change": token[-9:]} for token in tokens])

    assert sorted(answers) == [302] * 5 + [429] * 7
    assert Feedback.objects.count() == 5


# Programs


def test_what_fills_in_the_hidden_field_is_asked_to_leave_it_empty(url):
    page = send(url, change="More time", website="https://x.example").content.decode()

    assert "Something stood in a field that people do not see." in page
    assert "More time" in page
    assert "https://x.example" not in page
    assert Feedback.objects.count() == 0


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (timedelta(seconds=1), "That was very quick."),
        (timedelta(hours=25), "This page was open for long."),
    ],
)
def test_too_quick_or_too_old_is_not_taken_and_nothing_is_lost(url, ago, said):
    page = send(url, token=drawn(url, ago=ago), change="More time").content.decode()

    assert said in page
    assert "More time" in page
    assert Feedback.objects.count() == 0


def test_after_waiting_a_moment_the_same_form_is_taken(url):
    token = drawn(url, ago=timedelta(seconds=1))
    send(url, token=token, change="More time")

    with clock.at(timezone.now() + timedelta(seconds=5)):
        assert send(url, token=token, change="More time").status_code == 302


def test_a_token_is_good_for_its_own_door(url, partnership, alice):
    other = address_of(make_link(partnership, by=alice, audience=Audience.STAFF))
    token = drawn(other)

    for wrong in (token, "", "nonsense", token[:-1], token + "x", "W10:1x:y"):
        page = send(url, token=wrong or " ", change="More time").content.decode()
        assert "This form does not belong to this page." in page
    assert Feedback.objects.count() == 0


@pytest.mark.parametrize(
    "text",
    ["https://x.example", "www.x.example http://y.example!", "See a.b http://a http://b http://c"],
)
def test_links_alone_or_many_are_refused_kindly(url, text):
    page = send(url, change=text, idea="A film").content.decode()

    assert "your own words" in page
    assert "A film" in page
    assert Feedback.objects.count() == 0


def test_a_link_among_words_may_be_sent(url):
    assert send(url, idea="Such as here: https://x.example/film").status_code == 302


# Floods


def flood(url, count, *, addresses=("192.0.2.7",), within=timedelta(0)):
    """Send so many, spread over that time; return how many were taken and how many refused."""
    start, answers = timezone.now(), []
    for number, address in zip(range(count), cycle(addresses)):  # the second never ends
        now = start + within * number / count
        door = doors.find(url.strip("/").rpartition("/")[2])
        with clock.at(now - timedelta(seconds=10)):
            token = door.token()
        with clock.at(now):
            response = send(
                url, client=Client(), address=address, token=token, change=f"Nr {number}"
            )
        answers.append(response.status_code)
    return answers.count(302), answers.count(429)


def test_a_class_of_35_gets_through_from_one_address_in_five_minutes(url):
    assert flood(url, 35, within=5 * MINUTE) == (35, 0)


def test_and_so_do_four_classes_one_after_the_other(url):
    assert flood(url, 140, within=60 * MINUTE) == (140, 0)


def test_two_thousand_posts_of_a_script_do_not(url):
    taken, refused = flood(url, 2000, within=20 * MINUTE)

    by_network, _by_day = FROM_ONE_NETWORK
    assert taken <= 3 * by_network.most  # three stretches of ten minutes
    assert refused == 2000 - taken
    assert Feedback.objects.count() == taken


def test_many_addresses_together_are_capped(url):
    addresses = [f"198.51.{number // 250}.{number % 250}" for number in range(700)]

    taken, refused = flood(url, 700, addresses=addresses)

    by_hour, _by_day = BY_ONE_DOOR
    assert (taken, refused) == (by_hour.most, 700 - by_hour.most)


def test_the_addresses_of_one_network_of_ipv6_count_as_one(url):
    by_network, _by_day = FROM_ONE_NETWORK
    addresses = [f"2001:db8:1:2::{number:x}" for number in range(1, 100)]

    assert flood(url, 99, addresses=addresses) == (by_network.most, 99 - by_network.most)


def test_a_flood_at_one_door_leaves_the_others_open(url, partnership, alice):
    flood(url, 100)
    other = address_of(make_link(partnership, by=alice, audience=Audience.FAMILIES))

    assert send(other, change="More time").status_code == 302


def test_above_the_limit_it_says_when_to_come_back_and_keeps_the_words(url, monkeypatch):
    monkeypatch.setattr(doors, "FROM_ONE_NETWORK", (doors.Limit(1, 10 * MINUTE),))
    start = timezone.now().replace(minute=1, second=0, microsecond=0) + timedelta(hours=1)
    with clock.at(start):
        send(url, change="The first")
        token = drawn(url)
        response = send(url, token=token, change="More time", idea="A film")

    page = response.content.decode()
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "540"
    assert "Please send it again in 9 minutes; your words stay here." in page
    assert "More time" in page
    assert "A film" in page
    assert token in page
    with clock.at(start + 9 * MINUTE):
        assert send(url, token=token, change="More time", idea="A film").status_code == 302


def test_what_was_refused_counts_for_nothing(url, monkeypatch):
    monkeypatch.setattr(doors, "FROM_ONE_NETWORK", (doors.Limit(1, timedelta(days=1)),))
    flood(url, 50)

    assert sorted(Tally.objects.values_list("number", flat=True)) == [1, 1, 1]
    assert SentForm.objects.count() == 1


def test_the_address_is_the_one_that_a_declared_proxy_tells(url, settings, monkeypatch):
    monkeypatch.setattr(doors, "FROM_ONE_NETWORK", (doors.Limit(1, timedelta(days=1)),))

    def through_proxy(told):
        client = Client(headers={"x-forwarded-for": told})
        return send(url, client=client, address="127.0.0.1", change=told).status_code

    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert [through_proxy(told) for told in ("192.0.2.1", "192.0.2.2", "9.9.9.9, 192.0.2.2")] == [
        302,
        302,
        429,
    ]
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    assert [through_proxy(told) for told in ("192.0.2.3", "192.0.2.4")] == [302, 429]


# Whatever arrives


def test_hostile_words_are_shown_as_words(url, client, alice, partnership):
    client.force_login(alice)
    for said in NASTY:
        answer = send(url, change=said, idea=said)
        assert answer.status_code in {200, 302, 429}
    list_of_voices = f"/partnerships/{partnership.pk}/voices/"
    pages = [client.get(list_of_voices, {"page": number}) for number in (1, 2, 3)]
    page = "".join(one.content.decode() for one in pages)

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "{{ 7|add:7 }}" in page


def test_no_answer_is_a_500(url):
    client = Client(raise_request_exception=False)
    statuses = [client.get(f"/v/{slug}/").status_code for slug in ("-", "_", "a" * 3000, "0")]
    for headers in HEADERS:
        statuses.append(client.get(url, headers=headers).status_code)
        statuses.append(client.post(url, {"token": drawn(url)}, headers=headers).status_code)
    for content, kind in BODIES:
        statuses.append(client.generic("POST", url, content, kind).status_code)
    for name in ("going", "change", "token", "lang", "other", "website"):
        for value in (LONG, "\0", "9" * 5000, ["a", "b"]):
            data = {"token": drawn(url), "change": "More", name: value}
            statuses.append(client.post(url, data).status_code)
    queries = ("lang=%00", "lang=xx", "sent=1&sent=2", "%ED%A0%80")
    statuses += [client.get(f"{url}?{query}").status_code for query in queries]

    assert [status for status in statuses if status >= 500] == []


def test_other_methods_are_refused(client, url):
    for method in ("put", "patch", "delete"):
        assert getattr(client, method)(url).status_code == 405

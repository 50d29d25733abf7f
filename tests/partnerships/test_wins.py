"""Small wins: told by both sides, with a picture or without, changed, taken back, also after the end."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from partnerships import aside
from partnerships.events import EventKind
from partnerships.models import Event, Partnership, Win
from partnerships.stages import Status
from tests.desk.test_queries import queries
from tests.files import upload
from tests.partnerships.test_pictures import photo, saved

SAID = {"text": "The robot draws lighthouses.", "on": "2026-01-31"}
SEEN = {"picture_alt": "A robot arm", "consent": "Nobody is on it"}


def address(name, *keys, partnership=None, win=None):
    keys = [
        partnership.pk if partnership else win.partnership_id,
        *([win.pk] if win else []),
        *keys,
    ]
    return reverse(f"partnerships:{name}", args=keys)


def sent(colour="steelblue"):
    return upload("IMG_2207.JPG", saved(photo(colour=colour), "JPEG"), "image/jpeg")


@pytest.fixture
def win(partnership, alice):
    return partnership.wins.tell(by=alice, text="It runs", on=partnership.district.today())


@pytest.fixture
def pictured(partnership, alice):
    return partnership.wins.tell(
        by=alice, text="It runs", on=partnership.district.today(), picture=sent(), **SEEN
    )


@pytest.fixture
def url(partnership):
    return address("add_win", partnership=partnership)


def errors(response) -> dict:
    return {name: list(said) for name, said in response.context["form"].errors.items()}


def lines_of(partnership) -> list[str]:
    return [str(event.sentence) for event in Event.objects.filter(partnership=partnership)]


# Telling


@pytest.mark.parametrize("name", ["alice", "sam", "bob"])
def test_both_sides_tell(request, client, partnership, url, name):
    user = request.getfixturevalue(name)
    client.force_login(user)

    response = client.post(url, SAID | {"thanked": "Hội Phụ huynh Việt"}, follow=True)

    told = Win.objects.get()
    assert (told.text, told.thanked, told.made_by, told.cycle) == (
        SAID["text"],
        "Hội Phụ huynh Việt",
        user,
        1,
    )
    assert response.redirect_chain[-1][0] == told.get_absolute_url()
    assert "It is told. All sides see it." in response.content.decode()
    assert lines_of(partnership)[0] == f"{user.name} told of a small win: “{SAID['text']}”"


def test_a_picture_is_kept_small_and_under_a_name_that_nobody_guesses(client, alice, url):
    client.force_login(alice)

    client.post(url, SAID | SEEN | {"picture": sent()})

    told = Win.objects.get()
    assert "IMG_2207" not in told.picture.name
    assert len(told.picture_name) == 32
    with told.picture.open() as file:
        assert Image.open(file).size == (80, 60)


def test_a_text_and_a_day_that_has_come_are_needed(client, alice, partnership, url):
    client.force_login(alice)
    tomorrow = partnership.district.today(timedelta(days=1)).isoformat()

    assert errors(client.post(url, {"once": "1"})) == {
        "text": ["Say what went well, in a sentence or two."],
        "on": ["Enter the day it happened."],
    }
    assert errors(client.post(url, SAID | {"on": tomorrow})) == {
        "on": ["Enter a day that is not in the future."]
    }
    assert Win.objects.count() == 0


@pytest.mark.parametrize("given", [[], ["picture_alt"], ["consent"]])
def test_a_picture_needs_a_text_for_it_and_consent(client, alice, url, given):
    client.force_login(alice)

    response = client.post(url, SAID | {name: SEEN[name] for name in given} | {"picture": sent()})

    assert errors(response).keys() == SEEN.keys() - set(given)
    assert Win.objects.count() == 0


@pytest.mark.parametrize("file", [b"", b"<svg/>", b"\xff\xd8\xff\xe0"])
def test_a_file_that_is_no_picture_is_refused(client, alice, url, file):
    client.force_login(alice)

    response = client.post(url, SAID | SEEN | {"picture": upload("a.jpg", file)})

    assert errors(response) == {
        "picture": ["Choose a JPG, PNG or WebP picture. This file is none, or is damaged."]
    }
    assert response.context["form"].has_picture_aside is False


# A picture is chosen once


def token_of(response) -> str:
    return response.context["form"]["aside"].value()


def test_a_picture_is_not_chosen_twice_when_something_else_was_wrong(client, alice, url):
    client.force_login(alice)

    response = client.post(url, SAID | {"consent": "Nobody is on it", "picture": sent()})
    assert "The picture you chose is kept." in response.content.decode()
    again = client.post(url, SAID | {"consent": "Nobody is on it", "aside": token_of(response)})
    assert "The picture you chose is kept." in again.content.decode()
    client.post(url, SAID | SEEN | {"aside": token_of(again)})

    with Win.objects.get().picture.open() as file:
        assert Image.open(file).size == (80, 60)


def test_another_picture_takes_the_place_of_what_was_kept(client, alice, url):
    client.force_login(alice)
    token = token_of(client.post(url, SAID | {"picture": sent()}))

    client.post(url, SAID | SEEN | {"aside": token, "picture": sent("gold")})

    with Win.objects.get().picture.open() as file:
        assert Image.open(file).getpixel((70, 50))[2] < 60


@pytest.mark.parametrize(
    "trick", ["nonsense", "another person", "another table", "old", "used", "gone"]
)
def test_what_was_kept_is_good_for_one_person_one_table_and_one_day(
    client, alice, bob, partnership, url, trick, monkeypatch
):
    file = saved(photo(), "JPEG")
    by = bob if trick == "another person" else alice
    table = Partnership(pk=99) if trick == "another table" else partnership
    token = aside.set_aside(BytesIO(file), by=by, partnership=table)
    name = aside.signing.loads(token, salt=aside.SALT)[2]
    if trick == "old":
        monkeypatch.setattr(aside, "KEPT", timedelta(seconds=-1))
    if trick == "used":
        partnership.wins.tell(by=alice, picture=name, **SEEN, **SAID)
    if trick == "gone":
        default_storage.delete(name)
    client.force_login(alice)

    response = client.post(
        url, SAID | SEEN | {"aside": "nonsense" if trick == "nonsense" else token}
    )

    assert errors(response) == {"picture": ["Choose the picture again."]}
    assert token_of(response) == ""
    assert Win.objects.filter(partnership=partnership).count() == (trick == "used")


def test_what_nobody_takes_up_is_deleted_after_a_day(partnership, alice, pictured):
    kept = aside.set_aside(BytesIO(b"left lying"), by=alice, partnership=partnership)
    name = aside.signing.loads(kept, salt=aside.SALT)[2]

    call_command("send_reminders", verbosity=0)
    assert default_storage.exists(name)
    with pytest.MonkeyPatch.context() as patch:
        later = timezone.now() + timedelta(hours=25)
        patch.setattr("django.utils.timezone.now", lambda: later)
        aside.sweep()

    assert not default_storage.exists(name)
    assert default_storage.exists(pictured.picture.name)


# Changing, and taking a picture away


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """What is put off until a transaction is through, done."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_a_win_is_changed_and_the_timeline_says_so(client, bob, win, partnership):
    client.force_login(bob)

    client.post(address("edit_win", win=win), SAID | {"seen_version": 0})

    win.refresh_from_db()
    assert (win.text, win.version) == (SAID["text"], 1)
    assert lines_of(partnership)[0] == f"Bob Keller changed a small win: “{SAID['text']}”"


def test_saving_without_a_change_leaves_no_trace(client, bob, win):
    client.force_login(bob)

    client.post(
        address("edit_win", win=win),
        {"seen_version": 0, "text": win.text, "on": win.on.isoformat()},
    )

    win.refresh_from_db()
    assert win.version == 0
    assert not Event.objects.filter(kind=EventKind.WIN_CHANGED).exists()


def test_two_who_change_it_at_once_both_see_what_the_other_wrote(client, bob, win):
    Win.objects.filter(pk=win.pk).update(text="It runs, and how", version=1)
    client.force_login(bob)

    response = client.post(address("edit_win", win=win), SAID | {"seen_version": 0})

    page = response.content.decode()
    assert "It runs, and how" in page
    assert SAID["text"] in page
    win.refresh_from_db()
    assert win.text == "It runs, and how"


def test_text_is_changed_and_the_picture_stays(client, alice, pictured, committed):
    client.force_login(alice)

    with committed():
        client.post(address("edit_win", win=pictured), SAID | SEEN | {"seen_version": 0})

    kept = Win.objects.get()
    assert (kept.text, kept.picture.name) == (SAID["text"], pictured.picture.name)
    assert default_storage.exists(kept.picture.name)


@pytest.mark.parametrize("how", ["replaced", "ticked", "one click"])
def test_a_picture_that_goes_is_deleted_from_the_disk(client, bob, pictured, committed, how):
    name, edit = pictured.picture.name, address("edit_win", win=pictured)
    client.force_login(bob)

    with committed():
        if how == "replaced":
            client.post(edit, SAID | SEEN | {"seen_version": 0, "picture": sent("gold")})
        elif how == "ticked":
            client.post(edit, SAID | SEEN | {"seen_version": 0, "remove_picture": "on"})
        else:
            client.post(address("remove_win_picture", win=pictured))

    kept = Win.objects.get()
    assert not default_storage.exists(name)
    assert bool(kept.picture) is (how == "replaced")
    assert kept.version == 1
    assert (kept.picture_alt, kept.consent) == (
        tuple(SEEN.values()) if how == "replaced" else ("", "")
    )


def test_it_stays_on_the_disk_if_the_change_does_not_come_through(pictured, alice, committed):
    with committed(), transaction.atomic():
        pictured.remove_picture(by=alice)
        transaction.set_rollback(True)

    assert default_storage.exists(Win.objects.get().picture.name)


def test_the_timeline_tells_that_a_picture_went(client, bob, pictured, partnership):
    client.force_login(bob)

    response = client.post(address("remove_win_picture", win=pictured), follow=True)
    client.post(address("remove_win_picture", win=pictured))  # nothing to remove any more

    assert "The picture is deleted for good. The win stays." in response.content.decode()
    assert [line for line in lines_of(partnership) if "picture" in line] == [
        "Bob Keller removed the picture of a small win: “It runs”"
    ]


def test_whoever_was_writing_meanwhile_does_not_bring_a_picture_back(client, alice, bob, pictured):
    """Consent was withdrawn while somebody had the form open."""
    pictured.remove_picture(by=bob)
    client.force_login(alice)
    edit = address("edit_win", win=pictured)

    response = client.post(edit, SAID | SEEN | {"seen_version": 0})
    assert response.context["form"].conflict != []
    client.post(edit, SAID | SEEN | {"seen_version": 1})

    kept = Win.objects.get()
    assert (kept.text, bool(kept.picture)) == (SAID["text"], False)


def test_a_win_is_taken_back_and_brought_back(client, bob, win, partnership):
    client.force_login(bob)
    listed, back = address("wins", partnership=partnership), address("bring_win_back", win=win)

    client.post(address("take_back_win", win=win))
    client.post(address("take_back_win", win=win))
    assert "It runs" not in client.get(listed).content.decode()
    assert "It runs" in client.get(f"{listed}?aside").content.decode()
    assert client.get(address("edit_win", win=win)).status_code == 403
    client.post(back)
    client.post(back)

    assert "It runs" in client.get(listed).content.decode()
    assert lines_of(partnership)[:2] == [
        "Bob Keller brought back a small win: “It runs”",
        "Bob Keller took back a small win: “It runs”",
    ]


# The picture


def test_a_picture_is_handed_out_as_what_it_is(client, bob, pictured):
    client.force_login(bob)

    response = client.get(pictured.picture_url)

    with pictured.picture.open() as file:
        assert response.content == file.read()
    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, max-age=604800, immutable"


def test_a_picture_that_went_is_not_found_under_its_old_name(
    client, alice, bob, pictured, committed
):
    client.force_login(bob)
    before = pictured.picture_url
    with committed():
        pictured.remove_picture(by=alice)

    assert client.get(before).status_code == 404


def test_a_file_that_is_lost_is_not_found(client, bob, pictured):
    default_storage.delete(pictured.picture.name)
    client.force_login(bob)

    assert client.get(pictured.picture_url).status_code == 404


# After the end


@pytest.mark.parametrize(
    ("name", "status"), [("alice", 302), ("bob", 302), ("ada", 403), ("charlie", 404)]
)
def test_after_the_end_its_people_still_tell_and_change(
    request, client, partnership, pictured, url, name, status
):
    Partnership.objects.update(status=Status.ENDED)
    client.force_login(request.getfixturevalue(name))

    assert client.post(url, SAID).status_code == status
    assert client.post(address("remove_win_picture", win=pictured)).status_code == status
    assert Win.objects.count() == 1 + (status == 302)


def test_the_guide_of_what_has_ended_leads_to_wins_and_thanks(client, bob, partnership):
    Partnership.objects.update(status=Status.ENDED)
    client.force_login(bob)

    page = client.get(partnership.get_absolute_url()).content.decode()

    assert address("wins", partnership=partnership) in page


# The list


def test_an_empty_page_says_what_belongs_there(client, bob, ada, partnership):
    listed = address("wins", partnership=partnership)
    client.force_login(bob)
    assert "Tell the first small win" in client.get(listed).content.decode()
    client.force_login(ada)
    assert "Tell the first small win" not in client.get(listed).content.decode()


def test_the_newest_cycle_comes_first_and_a_cycle_can_be_picked(client, bob, partnership, alice):
    partnership.wins.tell(by=alice, text="Of the first cycle", on="2026-03-01")
    Partnership.objects.update(cycle=2)
    partnership.refresh_from_db()
    partnership.items.make()
    partnership.wins.tell(by=alice, text="Of the second, early", on="2026-01-01")
    partnership.wins.tell(by=alice, text="Of the second, late", on="2026-02-01")
    client.force_login(bob)
    listed = address("wins", partnership=partnership)

    def texts(query=""):
        return [win.text for win in client.get(listed + query).context["page"].object_list]

    assert texts() == ["Of the second, late", "Of the second, early", "Of the first cycle"]
    assert texts("?cycle=1") == ["Of the first cycle"]
    assert texts("?cycle=7") == texts("?cycle=nonsense") == texts()
    assert "Of the first cycle" in client.get(f"{listed}?print").content.decode()


def test_a_long_list_comes_in_pages(client, bob, partnership, alice):
    for number in range(25):
        partnership.wins.tell(by=alice, text=f"Win {number}", on="2026-01-01")
    client.force_login(bob)
    listed = address("wins", partnership=partnership)

    assert "Page 1 of 2" in client.get(listed).content.decode()
    assert "Win 0" in client.get(f"{listed}?page=2").content.decode()
    assert "Win 0" in client.get(f"{listed}?print").content.decode()


@pytest.mark.parametrize("ask", ["", "?print", "?aside", "?cycle=1"])
def test_a_list_asks_as_often_for_many_as_for_one(client, bob, partnership, alice, ask):
    def tell(number):
        told = partnership.wins.tell(
            by=alice, text=f"Win {number}", on="2026-01-01", picture=sent(), **SEEN
        )
        if number % 2:
            told.take_back(by=alice)

    client.force_login(bob)
    listed = address("wins", partnership=partnership) + ask
    tell(0), tell(1)
    few = queries(client, listed)
    for number in range(2, 12):
        tell(number)

    assert queries(client, listed) == few <= 8

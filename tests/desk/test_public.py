"""The public page: what is read by everybody, and what those at the table decide about it."""

import re
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
import qrcode
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.qr import as_svg
from desk.public import first_sentence, listed_pages
from partnerships.models import Event, Partnership, PublicPage, Release
from partnerships.stages import MoveKind
from partnerships.table import join, leave
from partnerships.vocabulary import Role
from tests.desk.test_queries import queries
from tests.factories import (
    PartnerFactory,
    PersonFactory,
    SchoolFactory,
    make_goal,
    make_partnership,
)
from tests.files import jpg

MOST = 8  # queries of a page for everybody
ADDRESS_ELSEWHERE = re.compile(r'(?:src|href|action|content|poster)="(https?:)?//([^"/]+)')


@pytest.fixture
def page(partnership):
    page = PublicPage.objects.create(
        partnership=partnership,
        about_en="We build robots. And more.",
        about_vi="Chúng tôi làm robot.",
    )
    page.partnership = partnership
    return page


@pytest.fixture
def stranger(db):
    return Client()


@pytest.fixture
def release(page, alice, bob):
    """Release a part for both sides, or for some."""

    def released(key="about", sides=(0, 1)):
        part = page.part(key)
        parties = list(page.partnership.parties.all())
        for side in sides:
            by = (alice, bob)[side]
            page.release(part, parties[side], fingerprint=part.fingerprint, by=by)
        return page

    return released


def url(name, page, *args):
    return reverse(f"desk:{name}", args=[page.address, *args])


def button(page, name, key="about", side=0):
    party = list(page.partnership.parties.all())[side]
    return reverse(f"desk:{name}", args=[page.partnership.pk, key, party.pk])


def add_win(partnership, by, **said):
    return partnership.wins.tell(
        **{"by": by, "on": partnership.district.today(), "text": "It draws.", **said}
    )


# For everybody


def test_there_is_no_page_before_all_have_released_what_it_is(stranger, page, release):
    assert stranger.get(page.get_absolute_url()).status_code == 404

    release(sides=[0])
    assert stranger.get(page.get_absolute_url()).status_code == 404

    release(sides=[1])
    assert "We build robots." in stranger.get(page.get_absolute_url()).text


def test_it_reads_the_same_whether_it_never_was_or_is_hidden(stranger, page):
    hidden = stranger.get(page.get_absolute_url())
    nothing = stranger.get(reverse("desk:public_page", args=["no-such-page"]))

    assert hidden.status_code == nothing.status_code == 404
    assert hidden.text == nothing.text
    assert "There is nothing to read here" in hidden.text


def test_it_sets_no_cookie_and_asks_nothing_of_anybody_else(stranger, page, release, alice):
    win = add_win(
        page.partnership,
        alice,
        picture=ContentFile(jpg(), name="a.jpg"),
        picture_alt="A robot",
        consent="Nobody is on it",
    )
    release()
    release(f"win-{win.pk}")

    for address in (
        page.get_absolute_url(),
        url("public_page", page, "vi"),
        url("public_print", page, "en"),
        url("public_picture", page, win.pk),
        reverse("desk:district_public", args=[page.partnership.district.slug]),
        reverse("desk:public_page", args=["nothing"]),
        reverse("desk:district_public", args=["nothing"]),
    ):
        response = stranger.get(address)
        assert "Set-Cookie" not in response.headers
        assert not response.cookies
        assert response["X-Robots-Tag"] == "noindex"
        assert response["Cache-Control"] == "no-cache, max-age=0, must-revalidate"
        if response["Content-Type"].startswith("text/html"):
            assert "<script" not in response.text
            assert "<form" not in response.text
            elsewhere = {host for _scheme, host in ADDRESS_ELSEWHERE.findall(response.text)}
            assert elsewhere <= {"127.0.0.1:8000"}
    assert not stranger.cookies


def test_each_language_has_an_address_and_the_other_is_a_link_away(stranger, page, release):
    release()

    english = stranger.get(url("public_page", page, "en"), headers={"accept-language": "vi"})
    vietnamese = stranger.get(url("public_page", page, "vi"))
    followed = stranger.get(page.get_absolute_url(), headers={"accept-language": "vi"})

    assert 'lang="en"' in english.text
    assert "We build robots." in english.text
    assert english["Content-Language"] == "en"
    assert "Chúng tôi làm robot." in vietnamese.text
    assert "Chúng tôi làm robot." in followed.text
    assert url("public_page", page, "vi") in english.text
    assert stranger.get(url("public_page", page, "fr")).status_code == 404


def test_a_text_in_one_language_is_shown_to_readers_of_the_other(stranger, page, release):
    page.about_vi = ""
    page.save()
    release()

    read = stranger.get(url("public_page", page, "vi")).text

    assert '<div class="prose lead" lang="en"><p>We build robots.' in read
    assert "chỉ có bằng tiếng Anh" in read


def test_a_shared_link_says_what_it_leads_to(stranger, page, release, settings):
    settings.SITE_URL = "https://alongside.example"
    release()

    read = stranger.get(url("public_page", page, "en")).text

    here = f"https://alongside.example/p/{page.address}/en/"
    assert '<meta property="og:title" content="Lincoln High School × Harbor Robotics">' in read
    assert '<meta property="og:description" content="We build robots.">' in read
    assert f'<link rel="canonical" href="{here}">' in read
    assert '<meta name="robots" content="noindex">' in read


def test_browsers_ask_each_time_and_are_told_at_once(stranger, page, release, alice):
    release()
    first = stranger.get(page.get_absolute_url())
    held = {"if-none-match": first["ETag"]}

    assert stranger.get(page.get_absolute_url(), headers=held).status_code == 304
    party = page.partnership.parties.first()
    page.withdraw(page.part("about"), party, by=alice)
    assert stranger.get(page.get_absolute_url(), headers=held).status_code == 404


def test_head_answers_like_get(stranger, page, release):
    release()
    got = stranger.get(page.get_absolute_url())
    head = stranger.head(page.get_absolute_url())

    assert (head.status_code, head["ETag"], head.content) == (200, got["ETag"], b"")
    assert stranger.post(page.get_absolute_url()).status_code == 405


def test_a_goal_shows_its_numbers_and_nothing_else_of_it(stranger, page, release, alice):
    goal = make_goal(page.partnership, by=alice, serves="Serves secret", say="Say secret")
    today = page.partnership.district.today()
    goal.note(on=today - timedelta(days=10), value=Decimal(30), note="Note secret", by=alice)
    release()
    release(f"goals-{goal.pk}")
    goal.note(on=today, value=Decimal(33), by=alice)  # follows by itself

    read = stranger.get(url("public_page", page, "en")).text

    assert "Students find out which trades they like" in read
    assert "Now 33 students, counted on" in read
    assert "The line for that day" not in read
    assert "What is counted:" in read
    assert 'class="chart wide"' in read or "chart wide" in read
    assert "secret" not in read
    assert alice.name not in read


def test_whoever_reads_another_language_is_told_that_words_stand_as_they_were_written(
    stranger, page, release, alice
):
    told = ("in which they were written", "ngôn ngữ của người viết")
    release()
    english = url("public_page", page, "en")
    vietnamese = url("public_page", page, "vi")
    assert told[1] not in stranger.get(vietnamese).text

    win = add_win(page.partnership, alice)
    release(f"win-{win.pk}")

    assert told[1] in stranger.get(vietnamese).text
    assert told[0] not in stranger.get(english).text


@pytest.mark.parametrize(
    ("stage", "cycle", "said", "not_said"),
    [
        ("pre", 1, "They are getting to know each other.", ["of 5", "renewed"]),
        ("action", 1, "Stage 3 of 5", ["renewed"]),
        ("action", 2, "renewed once", ["cycle"]),
        ("mobilize", 3, "renewed 2 times", ["cycle"]),
    ],
)
def test_where_it_stands_is_told_in_plain_words(
    stranger, page, release, stage, cycle, said, not_said
):
    Partnership.objects.filter(pk=page.partnership.pk).update(stage=stage, cycle=cycle)
    release()

    read = stranger.get(url("public_page", page, "en")).text

    assert said in read
    assert [one for one in not_said if one in read] == []


def test_a_reworded_goal_keeps_its_released_wording_until_all_release_the_new(
    stranger, page, release, alice
):
    goal = make_goal(page.partnership, by=alice)
    release()
    release(f"goals-{goal.pk}")
    goal.what, goal.target = "Students love robots", 50
    goal.save()

    read = stranger.get(url("public_page", page, "en")).text
    assert "Students find out which trades they like" in read
    assert "Students love robots" not in read
    release(f"goals-{goal.pk}", sides=[0])
    assert "Students love robots" not in stranger.get(page.get_absolute_url()).text
    release(f"goals-{goal.pk}", sides=[1])
    assert "Students love robots" in stranger.get(page.get_absolute_url()).text


def test_a_goal_that_counts_something_else_now_is_not_shown_with_the_new_numbers(
    stranger, page, release, alice
):
    goal = make_goal(page.partnership, by=alice)
    release()
    release(f"goals-{goal.pk}")
    goal.unit = "hours"
    goal.save()

    assert "which trades they like" not in stranger.get(page.get_absolute_url()).text


def test_a_goal_set_later_waits_for_a_release_of_its_own(stranger, page, release, alice):
    first = make_goal(page.partnership, by=alice)
    release()
    release(f"goals-{first.pk}")
    make_goal(page.partnership, by=alice, what="Nobody has released this")

    assert "Nobody has released this" not in stranger.get(page.get_absolute_url()).text


def test_a_retired_goal_leaves_the_page(stranger, page, release, alice):
    goal = make_goal(page.partnership, by=alice)
    release()
    release(f"goals-{goal.pk}")
    goal.retire("We have no use for it", by=alice)

    assert "which trades they like" not in stranger.get(page.get_absolute_url()).text


@pytest.fixture
def picture(page, alice):
    said = {"picture_alt": "A robot arm", "consent": "Secret families agreed"}
    return add_win(page.partnership, alice, picture=ContentFile(jpg(), name="a.jpg"), **said)


def test_a_picture_is_served_while_its_win_is_released(stranger, page, release, picture, alice):
    address = url("public_picture", page, picture.pk)
    release()
    assert stranger.get(address).status_code == 404

    release(f"win-{picture.pk}")
    response = stranger.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
    read = stranger.get(page.get_absolute_url()).text
    assert f'<img src="{address}" alt="A robot arm"' in read
    assert "Secret" not in read

    part = page.part(f"win-{picture.pk}")
    page.withdraw(part, page.partnership.parties.first(), by=alice)
    assert stranger.get(address).status_code == 404


def test_a_picture_is_served_at_the_address_of_its_own_page_alone(
    stranger, page, release, picture, alice, school, district
):
    release()
    release(f"win-{picture.pk}")
    other = make_partnership(school=school, partner=PartnerFactory(district=district), by=alice)
    another = make_public(other, alice)

    assert stranger.get(url("public_picture", another, picture.pk)).status_code == 404


def test_a_removed_picture_is_gone_at_once_though_the_words_stay(
    stranger, page, release, picture, alice
):
    release()
    release(f"win-{picture.pk}")
    picture.remove_picture(by=alice)

    assert stranger.get(url("public_picture", page, picture.pk)).status_code == 404
    read = stranger.get(page.get_absolute_url()).text
    assert "It draws." in read
    assert "<img" not in read


def test_a_win_taken_back_and_brought_back_waits_for_new_releases(
    stranger, page, release, picture, alice
):
    release()
    release(f"win-{picture.pk}")
    picture.take_back(by=alice)
    assert "It draws." not in stranger.get(page.get_absolute_url()).text

    picture.bring_back(by=alice)
    assert "It draws." not in stranger.get(page.get_absolute_url()).text


def test_an_ended_partnership_says_so_and_can_still_withdraw(
    stranger, client, page, release, bob, alice
):
    release()
    table = page.partnership
    table.end(
        by=alice,
        drawn_for=table.last_move,
        reason="We have done it all",
        no_debrief_because="We talked it through",
    )
    assert "This partnership has ended." in stranger.get(page.get_absolute_url()).text

    client.force_login(bob)
    client.post(button(page, "withdraw_part", side=1))

    assert stranger.get(page.get_absolute_url()).status_code == 404


def test_a_party_that_joins_must_release_too(stranger, page, release, alice, district):
    release()
    join(page.partnership, PartnerFactory(district=district), by=alice)

    assert stranger.get(page.get_absolute_url()).status_code == 404


def test_what_a_party_withheld_is_not_public_when_it_leaves(
    stranger, page, release, alice, district
):
    third = join(page.partnership, PartnerFactory(district=district), by=alice)
    release()
    leave(third, reason="They have moved", by=alice)

    assert stranger.get(page.get_absolute_url()).status_code == 404
    assert not Release.objects.standing().exists()


def test_what_was_public_stays_when_a_party_leaves(stranger, page, release, alice, district):
    third = join(page.partnership, PartnerFactory(district=district), by=alice)
    page.partnership = Partnership.objects.with_sides().get(pk=page.partnership.pk)
    release()
    part = page.part("about")
    page.release(part, third, fingerprint=part.fingerprint, by=alice)
    assert stranger.get(page.get_absolute_url()).status_code == 200

    leave(third, reason="They have moved", by=alice)

    assert stranger.get(page.get_absolute_url()).status_code == 200


def test_who_takes_a_partnership_over_releases_anew(stranger, page, release, alice, ada, district):
    release()
    other = SchoolFactory(district=district, name="Roosevelt Middle School")
    Partnership.objects.get(pk=page.partnership.pk).reassign(school=other, coordinator=None, by=ada)

    assert stranger.get(page.get_absolute_url()).status_code == 404
    assert [one.party.side for one in Release.objects.standing()] == ["partner"]


def test_another_coordinator_of_the_same_school_changes_nothing(
    stranger, page, release, ada, school
):
    release()
    Partnership.objects.get(pk=page.partnership.pk).reassign(
        school=school, coordinator=None, by=ada
    )

    assert stranger.get(page.get_absolute_url()).status_code == 200


def test_it_takes_few_queries_however_much_it_shows(client, stranger, page, release, alice, bob):
    release()
    for number in range(3):
        goal = make_goal(page.partnership, by=alice, what=f"Goal {number}")
        goal.note(on=page.partnership.district.today(), value=Decimal(7), by=alice)
        release(f"goals-{goal.pk}")
        release(f"win-{add_win(page.partnership, alice, text=f'Win {number}').pk}")
        if number == 0:
            few = queries(stranger, page.get_absolute_url())
    many = queries(stranger, page.get_absolute_url())

    assert few == many <= MOST
    client.force_login(alice)
    assert queries(client, page.get_absolute_url()) <= MOST


def test_the_address_is_not_to_be_guessed(page):
    other = PublicPage(address=PublicPage._meta.get_field("address").get_default())

    assert len(page.address) == len(other.address) == 12
    assert page.address != other.address


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("One. Two.", "One."),
        ("Only one", "Only one"),
        ("A line\n\nAnother. One.", "A line"),
        ("Why? Because.", "Why?"),
        ("word " * 100, ("word " * 40).strip() + "…"),
    ],
)
def test_the_first_sentence(text, first):
    assert first_sentence(text) == first


# The list of a district


def make_public(partnership, by, **texts):
    page = PublicPage.objects.create(
        partnership=partnership, **(texts or {"about_en": "We meet. Often."})
    )
    part = page.part("about")
    for party in partnership.parties.all():
        page.release(part, party, fingerprint=part.fingerprint, by=by)
    return page


def test_the_list_names_what_can_be_read_now_by_school(
    stranger, district, school, alice, partnership
):
    make_public(partnership, alice)
    hidden = make_partnership(
        school=school, partner=PartnerFactory(district=district, name="Hidden"), by=alice
    )
    PublicPage.objects.create(partnership=hidden, about_en="Not yet")
    address = reverse("desk:district_public", args=["bayview-district"])

    read = stranger.get(address).text

    assert "Lincoln High School" in read
    assert "Harbor Robotics" in read
    assert "We meet." in read
    assert "Often." not in read
    assert "Hidden" not in read
    assert "<svg" in stranger.get(f"{address}?print=1").text


def test_a_district_without_any_page_says_so(stranger, district):
    read = stranger.get(reverse("desk:district_public", args=[district.slug])).text

    assert "No partnership shows a page yet." in read


def test_the_list_takes_the_same_queries_for_many(stranger, district, school, alice, partnership):
    make_public(partnership, alice)
    address = reverse("desk:district_public", args=[district.slug])
    few = queries(stranger, address)
    for number in range(3):
        partner = PartnerFactory(district=district, name=f"Partner {number}")
        make_public(make_partnership(school=school, partner=partner, by=alice), alice)

    assert queries(stranger, address) == few <= MOST
    assert listed_pages(district).count() == 4


def test_a_districts_address_stays_when_its_name_changes(district):
    district.name = "Another name"
    district.save()

    assert district.slug == "bayview-district"


def test_two_districts_never_share_an_address(district):
    other = type(district).objects.create(name="Báyview District")
    letters = type(district).objects.create(name="Học khu Đà Nẵng")
    signs = type(district).objects.create(name="学区")

    assert (other.slug, letters.slug, signs.slug) == (
        "bayview-district-2",
        "hoc-khu-da-nang",
        "district",
    )


def test_the_admin_tells_the_address_of_the_list(client, ada, district):
    client.force_login(ada)

    read = client.get(reverse("admin:partnerships_district_change", args=[district.pk])).text

    assert "/d/bayview-district/" in read


# At the table


def test_both_sides_release_and_one_withdraws(client, stranger, page, alice, bob):
    seen = {"fingerprint": page.part("about").fingerprint}
    client.force_login(alice)
    said = client.post(button(page, "release_part"), seen, follow=True).text
    assert "Released. The public sees it once these have released it too: Harbor Robotics." in said

    client.force_login(bob)
    said = client.post(button(page, "release_part", side=1), seen, follow=True).text
    assert "Released by all. The public sees it now." in said
    assert stranger.get(page.get_absolute_url()).status_code == 200

    said = client.post(button(page, "withdraw_part", side=1), follow=True).text
    assert "Withdrawn. The public no longer sees it." in said
    assert stranger.get(page.get_absolute_url()).status_code == 404
    kinds = list(Event.objects.order_by("pk").values_list("kind", flat=True))[-3:]
    assert kinds == ["public_released", "public_released", "public_withdrawn"]


def test_a_stale_page_releases_nothing_and_shows_what_is_now(client, page, alice):
    stale = page.part("about").fingerprint
    page.about_en = "Something quite different"
    page.save()
    client.force_login(alice)

    response = client.post(button(page, "release_part"), {"fingerprint": stale})

    assert response.status_code == 200
    assert "Somebody changed it after you opened the page." in response.text
    assert "Something quite different" in response.text
    assert not Release.objects.exists()


def test_a_second_click_is_no_second_release(client, page, alice):
    client.force_login(alice)
    for once in "ab":
        seen = {"fingerprint": page.part("about").fingerprint, "once": once}
        client.post(button(page, "release_part"), seen)

    assert Release.objects.count() == 1
    client.post(button(page, "withdraw_part"))
    said = client.post(button(page, "withdraw_part"), follow=True).text
    assert "It was withdrawn already." in said
    assert Event.objects.filter(kind="public_withdrawn").count() == 1


def test_nobody_releases_for_the_other_side(client, page, alice, ola):
    for user, side in ((alice, 1), (ola, 0), (ola, 1)):
        client.force_login(user)
        seen = {"fingerprint": page.part("about").fingerprint}
        assert client.post(button(page, "release_part", side=side), seen).status_code == 403
        assert client.post(button(page, "withdraw_part", side=side)).status_code == 403


def test_a_change_shows_what_differs_and_everybody_reads_the_version_before(
    client, stranger, page, release, alice
):
    release()
    page.about_en = "We build boats. And more."
    page.save()
    client.force_login(alice)

    read = client.get(reverse("desk:public_settings", args=[page.partnership.pk])).text

    assert "everybody reads the version before" in read
    assert "<del>robots.</del><ins>boats.</ins>" in read
    assert "released an earlier version:" in read
    assert "We build robots." in stranger.get(page.get_absolute_url()).text


def test_who_has_no_login_releases_on_paper(client, stranger, district, school, alice):
    partner = PartnerFactory(district=district, name="Green Valley")
    table = make_partnership(school=school, partner=partner, by=alice)
    theirs = table.parties.last()
    theirs.partnership = table
    theirs.seat(PersonFactory(partner=partner, name="Walter Jensen"), {Role.CONTACT}, by=alice)
    page = PublicPage.objects.create(partnership=table, about_en="Fields and gardens.")
    client.force_login(alice)
    client.post(button(page, "release_part"), {"fingerprint": page.part("about").fingerprint})
    address = button(page, "release_on_paper", side=1)

    form = client.get(address)
    assert "Fields and gardens." in form.text
    said = {"how": "paper", "speaker": "Walter Jensen"}
    seen = {"fingerprint": form.context["form"]["fingerprint"].value()}
    page.about_en = "Fields, gardens and cows."
    page.save()
    stale = client.post(address, said | seen)
    assert "Somebody changed it after you opened the page." in stale.text
    assert 'value="Walter Jensen"' in stale.text
    assert Release.objects.filter(how="paper").count() == 0
    seen = {"fingerprint": stale.context["form"]["fingerprint"].value()}
    assert client.post(address, said | seen).status_code == 302

    release = Release.objects.get(how="paper")
    assert (release.speaker, release.by, release.party) == ("Walter Jensen", alice, theirs)
    assert (
        stranger.get(page.get_absolute_url()).status_code == 404
    )  # the school's is of the text before
    assert client.post(button(page, "withdraw_part", side=1)).status_code == 302
    assert not Release.objects.standing().filter(party=theirs).exists()


def test_the_text_is_written_and_changed_and_nothing_is_public_by_that(client, partnership, alice):
    client.force_login(alice)
    address = reverse("desk:public_text", args=[partnership.pk])

    assert partnership.purpose in client.get(address).text
    refused = client.post(address, {"about_en": "", "about_vi": " "})
    assert "in at least one of the two languages" in refused.text
    assert [*refused.context["form"].errors] == ["about_en"]
    assert "public_page_says_what_it_is" not in refused.text
    assert client.post(address, {"about_en": "We meet"}).status_code == 302

    page = PublicPage.objects.get()
    assert (page.about_en, page.about_vi) == ("We meet", "")
    late = client.post(address, {"about_en": "Mine", "seen_version": 7})
    assert "Somebody changed this while you were writing." in late.text
    assert client.post(address, {"about_en": "Mine", "seen_version": 0}).status_code == 302
    assert Client().get(page.get_absolute_url()).status_code == 404


def test_the_preview_shows_everything_as_it_stands(client, page, alice, picture):
    goal = make_goal(page.partnership, by=alice)
    client.force_login(alice)

    address = reverse("desk:preview_public", args=[page.partnership.pk])
    read = client.get(address).text

    assert "We build robots." in read
    assert goal.what in read
    assert "It draws." in read
    assert picture.picture_url in read
    assert "Chúng tôi làm robot." in client.get(f"{address}?language=vi").text


def test_the_settings_say_what_waits_for_whom(client, page, release, alice, picture):
    release(sides=[0])
    client.force_login(alice)

    read = client.get(reverse("desk:public_settings", args=[page.partnership.pk])).text

    assert "Nobody outside can read this page yet" in read
    assert "waits for:" in read
    assert "Withdraw it for Lincoln High" in read
    assert "Release it for Harbor Robotics" not in read
    assert queries(client, reverse("desk:public_settings", args=[page.partnership.pk])) <= 12


def test_before_there_is_a_text_the_settings_offer_to_write_one(client, partnership, alice, ada):
    address = reverse("desk:public_settings", args=[partnership.pk])
    client.force_login(alice)
    assert "Write what it is" in client.get(address).text

    client.force_login(ada)
    assert "Nobody has written the text yet." in client.get(address).text


def test_a_win_says_whether_everybody_can_read_it(client, page, release, alice, picture):
    client.force_login(alice)
    assert "It is not on the public page." in client.get(picture.get_absolute_url()).text

    release(f"win-{picture.pk}", sides=[0])
    assert "It waits for: Harbor Robotics." in " ".join(
        client.get(picture.get_absolute_url()).text.split()
    )
    release(f"win-{picture.pk}", sides=[1])
    release()
    assert (
        "Everybody can read it on the public page." in client.get(picture.get_absolute_url()).text
    )


# Pictures to scan


def test_the_pictures_to_scan_hold_exactly_the_address(client, page, alice, settings):
    settings.SITE_URL = "https://alongside.example"
    address = f"https://alongside.example{page.get_absolute_url()}"
    client.force_login(alice)

    svg = client.get(reverse("desk:public_qr", args=[page.partnership.pk, "svg"]))
    png = client.get(reverse("desk:public_qr", args=[page.partnership.pk, "png"]))

    assert svg["Content-Type"] == "image/svg+xml"
    assert svg["Content-Disposition"].startswith("attachment")
    assert as_svg(address) in svg.content.decode()
    code = qrcode.QRCode()
    code.add_data(address)
    code.make()
    assert squares_of(png.content, 24) == [[bool(one) for one in row] for row in code.get_matrix()]
    gif = reverse("desk:public_qr", args=[page.partnership.pk, "gif"])
    assert client.get(gif).status_code == 404


def squares_of(png: bytes, size: int) -> list[list[bool]]:
    """Which squares of a picture are dark."""
    with Image.open(BytesIO(png)) as picture:
        grey = picture.convert("L")
        rows, columns = grey.height // size, grey.width // size
        middle = size // 2
        return [
            [grey.getpixel((x * size + middle, y * size + middle)) < 128 for x in range(columns)]
            for y in range(rows)
        ]


@pytest.mark.parametrize(
    ("language", "says"), [("en", "See what we do together"), ("vi", "Xem chúng tôi")]
)
def test_the_poster_speaks_the_language_asked_for(client, page, alice, language, says):
    client.force_login(alice)

    read = client.get(reverse("desk:public_poster", args=[page.partnership.pk, language])).text

    assert says in read
    assert f"/p/{page.address}/{language}/" in read
    nowhere = reverse("desk:public_poster", args=[page.partnership.pk, "fr"])
    assert client.get(nowhere).status_code == 404


def test_a_paused_partnership_says_so(stranger, page, release, alice):
    release()
    table = page.partnership
    table.change_status(
        MoveKind.PAUSE, by=alice, drawn_for=table.last_move, reason="A secret reason here"
    )

    read = stranger.get(page.get_absolute_url()).text

    assert "It is paused at the moment." in read
    assert "secret" not in read


# Many small wins


def test_the_settings_show_small_wins_page_by_page(client, page, alice):
    wins = [add_win(page.partnership, alice, text=f"Win no. {number}.") for number in range(45)]
    wins.reverse()  # the newest first
    address = reverse("desk:public_settings", args=[page.partnership.pk])
    client.force_login(alice)
    first = client.get(address).text

    assert first.count("Win no. ") < 45
    assert "Page 1 of 3" in first
    assert f'id="part-win-{wins[19].pk}"' in first
    assert f'id="part-win-{wins[20].pk}"' not in first
    assert f'id="part-win-{wins[20].pk}"' in client.get(address, {"page": 2}).text
    assert "Page 3 of 3" in client.get(address, {"page": "9" * 30}).text
    assert "Page 1 of 3" in client.get(address, {"page": "x", "part": "win-0"}).text


def test_after_a_release_one_is_back_where_the_part_stands(client, page, alice):
    wins = [add_win(page.partnership, alice, text=f"Win no. {number}.") for number in range(30)]
    oldest = wins[0]
    client.force_login(alice)
    part = page.part(f"win-{oldest.pk}")
    press = button(page, "release_part", part.key)

    old = client.post(press, {"fingerprint": "0" * 64}).text
    there = client.post(press, {"fingerprint": part.fingerprint}).url
    again = client.get(there).text

    assert "Somebody changed it after you opened the page." in old
    for read in (old, again):
        assert f'id="part-{part.key}"' in read
    assert f'href="{reverse("desk:public_settings", args=[page.partnership.pk])}?' in old
    assert there.endswith(f"?part={part.key}#part-{part.key}")
    assert f"?part={part.key}#part-{part.key}" in client.get(oldest.get_absolute_url()).text


def test_the_settings_take_no_more_queries_for_many(client, page, release, alice):
    address = reverse("desk:public_settings", args=[page.partnership.pk])
    client.force_login(alice)
    make_goal(page.partnership, by=alice)
    release(f"win-{add_win(page.partnership, alice).pk}")
    release()
    few = queries(client, address)
    for number in range(30):
        make_goal(page.partnership, by=alice, what=f"Goal {number}")
        release(f"win-{add_win(page.partnership, alice).pk}")

    assert queries(client, address) == few <= 12

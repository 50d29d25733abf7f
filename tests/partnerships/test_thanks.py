"""Thanks: by mail or on a certificate, in either language, checked before they leave, kept at the table."""

import pytest
from django.core import mail
from django.urls import reverse

from accounts.outbox import Fault, Mail
from partnerships.models import (
    Coordinator,
    Event,
    Partnership,
    PartnershipMail,
    Person,
    Seat,
    Thanks,
    Win,
)
from partnerships.stages import Status
from partnerships.vocabulary import Role
from tests.desk.test_queries import queries
from tests.factories import SchoolFactory, UserFactory, make_partnership

WORDS = "Without you there would be no second year."
VIETNAMESE = "Nhà trường cảm ơn anh đã đóng kệ sách cùng các phụ huynh."


@pytest.fixture
def url(partnership):
    return reverse("partnerships:thank", args=[partnership.pk])


@pytest.fixture
def bobs_seat(partnership):
    return Seat.objects.get(person__name="Bob Keller")


@pytest.fixture
def win(partnership, alice):
    today = partnership.district.today()
    return partnership.wins.tell(by=alice, text="It runs", on=today, thanked="Bob Keller")


def said(**more) -> dict:
    return {"text": WORDS, "language": "en", "way": "certificate", "name": "The mentors"} | more


def by_mail(seat, **more) -> dict:
    return said(seat=seat.pk, name="", way="mail", **more)


def confirmed(data) -> dict:
    return data | {"confirmed": "yes"}


def errors(response) -> dict:
    return {name: list(found) for name, found in response.context["form"].errors.items()}


# Saying it


@pytest.mark.parametrize("name", ["alice", "sam", "bob"])
def test_a_certificate_is_made_after_a_look_at_it(request, client, partnership, url, name):
    user = request.getfixturevalue(name)
    client.force_login(user)

    page = client.post(url, said()).content.decode()
    assert ("Check before you thank" in page, WORDS in page, "The mentors" in page) == (True,) * 3
    assert Thanks.objects.count() == 0
    response = client.post(url, confirmed(said()), follow=True)

    thanks = Thanks.objects.get()
    assert (thanks.name, thanks.text, thanks.by, thanks.win) == ("The mentors", WORDS, user, None)
    assert response.redirect_chain[-1][0] == thanks.get_absolute_url()
    assert "The certificate for The mentors is ready to print." in response.content.decode()
    assert str(Event.objects.first().sentence) == f"{user.name} thanked The mentors."
    assert mail.outbox == []


def test_what_was_filled_in_can_be_changed_on_the_page_that_asks_once_more(client, alice, url):
    client.force_login(alice)

    page = client.post(url, said()).content.decode()

    assert f"{WORDS}</textarea>" in page
    assert 'name="confirmed" value="yes"' in page


@pytest.mark.usefixtures("mails_leave_at_once")
def test_a_mail_of_thanks_in_english(client, alice, partnership, url, bobs_seat, win):
    client.force_login(alice)

    checked = client.post(f"{url}?win={win.pk}", by_mail(bobs_seat)).content.decode()
    assert "This mail goes to Bob Keller, bob@partner.example." in checked
    assert mail.outbox == []
    client.post(f"{url}?win={win.pk}", confirmed(by_mail(bobs_seat)))

    message = mail.outbox[0]
    html = message.alternatives[0].content
    assert len(mail.outbox) == 1
    assert message.to == ["bob@partner.example"]
    assert message.subject == "Thank you, from Lincoln High School × Harbor Robotics"
    assert message.body == (
        f"Dear Bob Keller,\n\n{WORDS}\n\nWith warm thanks,\nAlice Moreno\n"
        "for the partnership Lincoln High School × Harbor Robotics\n"
    )
    assert 'lang="en"' in html
    for words in (WORDS, "Alice Moreno", "Lincoln High School × Harbor Robotics"):
        assert words in html
    thanks = Thanks.objects.get()
    assert (thanks.name, thanks.seat, thanks.win) == ("Bob Keller", bobs_seat, win)
    kept = PartnershipMail.objects.get()
    assert (kept.partnership, kept.seat, kept.mail.kind) == (partnership, bobs_seat, "thanks")


@pytest.mark.usefixtures("mails_leave_at_once")
def test_a_mail_of_thanks_in_vietnamese_from_an_english_page(client, alice, url, bobs_seat):
    client.force_login(alice)

    client.post(url, confirmed(by_mail(bobs_seat, text=VIETNAMESE, language="vi")))

    message = mail.outbox[0]
    assert message.subject == "Lời cảm ơn từ Lincoln High School × Harbor Robotics"
    assert message.body.endswith(
        f"{VIETNAMESE}\n\nTrân trọng cảm ơn,\nAlice Moreno\n"
        "thay mặt quan hệ đối tác Lincoln High School × Harbor Robotics\n"
    )
    assert '<html lang="vi">' in message.alternatives[0].content
    assert '<span lang="en">Alice Moreno</span>' in message.alternatives[0].content


@pytest.mark.usefixtures("mails_leave_at_once")
def test_what_somebody_writes_is_no_markup(client, alice, url, bobs_seat):
    client.force_login(alice)
    nasty = "<b>Thank</b> you & {{ 7|add:7 }}"

    client.post(url, confirmed(by_mail(bobs_seat, text=nasty)))

    assert nasty in mail.outbox[0].body
    assert (
        "&lt;b&gt;Thank&lt;/b&gt; you &amp; {{ 7|add:7 }}" in mail.outbox[0].alternatives[0].content
    )


def test_a_mail_that_did_not_arrive_is_told_beside_the_person(
    client, alice, partnership, url, bobs_seat
):
    client.force_login(alice)
    client.post(url, confirmed(by_mail(bobs_seat)))
    Mail.objects.get(kind="thanks").give_up(Fault.ADDRESS)

    page = client.get(reverse("partnerships:team", args=[partnership.pk])).content.decode()

    assert "The mail to bob@partner.example could not be delivered." in page


# What the form asks


def test_the_form_asks_for_what_is_missing(client, alice, url):
    client.force_login(alice)

    assert errors(client.post(url, {"once": "1"})) == {
        "name": ["Choose somebody at the table, or enter a name: one of both."],
        "text": ["Say what you thank for, in a sentence or two."],
        "language": ["Choose a language."],
        "way": ["Choose how you thank: by mail or by a certificate."],
    }


def test_one_thanks_somebody_at_the_table_or_somebody_else(client, alice, url, bobs_seat):
    client.force_login(alice)

    response = client.post(url, confirmed(said(seat=bobs_seat.pk)))

    assert errors(response) == {
        "name": ["Choose somebody at the table, or enter a name: one of both."]
    }
    assert Thanks.objects.count() == 0


@pytest.mark.parametrize("who", ["somebody else", "without an address"])
def test_a_mail_needs_an_address(client, alice, url, bobs_seat, who):
    client.force_login(alice)
    Person.objects.filter(pk=bobs_seat.person_id).update(email="")
    data = said(way="mail") if who == "somebody else" else by_mail(bobs_seat)

    assert errors(client.post(url, confirmed(data))) == {
        "way": ["There is no mail address for them. Choose the certificate to print."]
    }
    assert Mail.objects.count() == 0


def test_whoever_has_left_is_thanked_by_name_alone(client, alice, partnership, url, bobs_seat):
    Seat.objects.filter(pk=bobs_seat.pk).update(left_on=partnership.district.today())
    client.force_login(alice)

    assert "seat" in errors(client.post(url, confirmed(by_mail(bobs_seat))))


def test_from_a_win_the_form_is_filled_in(client, alice, url, win, bobs_seat):
    client.force_login(alice)

    form = client.get(f"{url}?win={win.pk}").context["form"]

    assert [form[name].value() for name in ("seat", "name", "text", "language")] == [
        bobs_seat.pk, "", "It runs", "en",
    ]  # fmt: skip


def test_a_name_that_was_filled_in_gives_way_to_a_choice(client, alice, url, win, bobs_seat):
    Win.objects.update(thanked="The people at the plant")
    client.force_login(alice)

    client.post(
        f"{url}?win={win.pk}",
        confirmed(said(seat=bobs_seat.pk, name="The people at the plant")),
    )

    assert Thanks.objects.get().name == "Bob Keller"


@pytest.mark.parametrize(
    "key", ["0", "987654321", "nonsense", "-1", "٣", "9" * 400, "taken back", "foreign"]
)
def test_one_thanks_for_a_win_that_is_there(client, alice, partnership, url, win, key):
    if key == "taken back":
        win.take_back(by=alice)
        key = win.pk
    if key == "foreign":
        other = Partnership.objects.create(district=partnership.district, purpose="Another")
        key = Win.objects.create(partnership=other, text="Theirs", on=win.on, made_by=alice).pk
    client.force_login(alice)

    assert client.get(f"{url}?win={key}").status_code == 404


# Who reads it


@pytest.fixture
def thanks(partnership, alice, win):
    made = Thanks(
        partnership=partnership,
        win=win,
        name="The mentors",
        text=WORDS,
        language="en",
        way="certificate",
    )
    return made.say(by=alice)


def test_its_people_read_it_and_nobody_else(
    client, alice, bob, ada, charlie, partnership, win, thanks
):
    listed = reverse("partnerships:thanks", args=[partnership.pk])
    for user, status in ((alice, 200), (bob, 200), (ada, 403), (charlie, 404)):
        client.force_login(user)
        assert client.get(listed).status_code == status
        assert client.get(thanks.get_absolute_url()).status_code == status
        if status != 404:
            page = client.get(win.get_absolute_url()).content.decode()
            assert (WORDS in page) is (status == 200)


def test_it_is_printed_in_either_language(client, bob, thanks):
    client.force_login(bob)

    english = client.get(f"{thanks.get_absolute_url()}?print").content.decode()
    vietnamese = client.get(f"{thanks.get_absolute_url()}?print&in=vi").content.decode()

    assert '<article class="certificate" lang="en"' in english
    assert "With warm thanks to" in english
    assert '<article class="certificate" lang="vi"' in vietnamese
    assert "Trân trọng cảm ơn" in vietnamese
    assert f'<div class="prose" lang="en"><p>{WORDS}</p></div>' in vietnamese


@pytest.mark.parametrize(
    ("name", "status"), [("alice", 302), ("bob", 302), ("ada", 403), ("charlie", 404)]
)
def test_a_good_end_includes_thanks(request, client, partnership, url, name, status):
    Partnership.objects.update(status=Status.ENDED)
    client.force_login(request.getfixturevalue(name))

    assert client.post(url, confirmed(said())).status_code == status
    assert Thanks.objects.count() == (status == 302)


def test_thanks_are_never_edited(thanks):
    with pytest.raises(TypeError):
        thanks.save()
    with pytest.raises(TypeError):
        Thanks.objects.all().delete()


def test_the_list_asks_as_often_for_many_as_for_one(client, alice, partnership, win, thanks):
    client.force_login(alice)
    listed = reverse("partnerships:thanks", args=[partnership.pk])
    few = queries(client, listed), queries(client, win.get_absolute_url())
    for number in range(6):
        Thanks(
            partnership=partnership,
            win=win,
            name=f"Group {number}",
            text=WORDS,
            language="en",
            way="certificate",
        ).say(by=alice)

    assert (queries(client, listed), queries(client, win.get_absolute_url())) == few
    assert max(few) <= 8


def test_the_table_of_three_stands_on_a_certificate(client, alice, thanks, partnership):
    from partnerships.table import join
    from tests.factories import PartnerFactory, PersonFactory

    library = PartnerFactory(district=partnership.district, name="City Library")
    party = join(Partnership.objects.with_sides().get(pk=partnership.pk), library, by=alice)
    party.seat(PersonFactory(partner=library), {Role.CONTACT}, by=alice)
    client.force_login(alice)

    assert "City Library" in client.get(f"{thanks.get_absolute_url()}?print").content.decode()


# With the person


def say_to(seat, by, text=WORDS, **more) -> Thanks:
    said = {"language": "en", "way": "certificate", "name": seat.person.name} | more
    return Thanks(partnership=seat.party.partnership, seat=seat, text=text, **said).say(by=by)


def thanks_to(seat) -> str:
    return reverse("partnerships:thanks", args=[seat.party.partnership_id]) + f"?to={seat.pk}"


@pytest.mark.parametrize("name", ["alice", "bob", "sam", "ola"])
def test_thanks_to_one_person_are_a_click_from_the_people_of_the_table(
    request, client, alice, partnership, bobs_seat, name
):
    thanks = say_to(bobs_seat, alice)
    say_to(partnership.parties.first().seats.first(), alice, "And you were brave")
    client.force_login(request.getfixturevalue(name))

    team = client.get(reverse("partnerships:team", args=[partnership.pk])).text
    page = client.get(thanks_to(bobs_seat)).text

    assert thanks_to(bobs_seat).replace("&", "&amp;") in team
    assert "Thanks to Bob Keller" in page
    assert thanks.get_absolute_url() in page
    assert "And you were brave" not in page


def test_others_find_no_way_to_them(client, ada, alice, partnership, bobs_seat):
    say_to(bobs_seat, alice)
    client.force_login(ada)

    team = client.get(reverse("partnerships:team", args=[partnership.pk])).text

    assert thanks_to(bobs_seat) not in team
    assert client.get(thanks_to(bobs_seat)).status_code == 403
    assert WORDS not in client.get(bobs_seat.person.get_absolute_url()).text


@pytest.mark.parametrize("key", ["0", "x", "-1", "9" * 30])
def test_somebody_who_never_sat_there_is_not_found(client, alice, partnership, key):
    client.force_login(alice)
    url = reverse("partnerships:thanks", args=[partnership.pk])

    assert client.get(f"{url}?to={key}").status_code == 404


def test_who_was_not_thanked_yet_is_told_so(client, alice, bobs_seat):
    client.force_login(alice)

    assert "Bob Keller was not thanked here yet." in client.get(thanks_to(bobs_seat)).text


def test_on_the_page_of_a_person_stand_those_that_the_reader_may_read(
    client, alice, partner, school, bobs_seat
):
    """Bob is thanked at two tables; another coordinator sees to one of them."""
    thanks = say_to(bobs_seat, alice, "Here you were kind")
    east = SchoolFactory(district=school.district, name="East High")
    eve = UserFactory(name="Eve East")
    Coordinator.objects.create(school=east, user=eve)
    other = make_partnership(school=east, partner=partner, by=eve)
    party = other.parties.last()
    party.partnership = other
    elsewhere = party.seat(bobs_seat.person, {Role.CONTACT}, by=eve)
    say_to(elsewhere, eve, "There you were patient")
    pages = {}
    for user in (alice, eve):
        client.force_login(user)
        pages[user] = client.get(bobs_seat.person.get_absolute_url()).text

    assert "Here you were kind" in pages[alice]
    assert thanks.get_absolute_url() in pages[alice]
    assert "There you were patient" not in pages[alice]
    assert "Here you were kind" not in pages[eve]
    assert "There you were patient" in pages[eve]


def test_more_thanks_take_no_more_queries(client, alice, bobs_seat):
    say_to(bobs_seat, alice)
    client.force_login(alice)
    url = bobs_seat.person.get_absolute_url()
    before = queries(client, url)

    for number in range(3):
        say_to(bobs_seat, alice, f"Once more, {number}")

    assert queries(client, url) <= before

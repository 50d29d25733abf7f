"""Invitations: made at the table, accepted by a link, and everything that must not come of one."""

import base64
import logging
import re
import threading
import zlib
from contextlib import suppress
from datetime import timedelta
from html import unescape
from io import StringIO
from urllib.parse import quote, urlencode

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Mail, User
from accounts.sealed_sessions import SessionStore
from partnerships.events import EventKind
from partnerships.models import Hindrance, Invitation, InvitationRefused, Partnership, Person
from partnerships.models.invitations import LASTS
from tests import clock
from tests.access.test_bad_input import BODIES, NASTY
from tests.accounts.test_providers import GO, address_in, back_from
from tests.accounts.test_providers import provider as at_provider  # noqa: F401 # a fixture
from tests.accounts.test_second_step import code_of
from tests.factories import PASSWORD, PersonFactory, UserFactory, make_partnership

EMAIL = "dan@partner.example"
WORDS = "three quiet harbor boats"
FIRST_PAGE = "/"  # Today
CHOSEN = {"password1": WORDS, "password2": WORDS}
A_DAY = timedelta(days=1)


@pytest.fixture
def dan(partnership, partner, alice):
    """Dan's seat: at the table, without a login."""
    person = PersonFactory(partner=partner, name="Dan Wu", email=EMAIL)
    return partnership.parties.get(school=None).seat(person, {}, by=alice)


@pytest.fixture
def invitation(dan, alice):
    return Invitation.objects.invite(dan, EMAIL, by=alice, language="en")


@pytest.fixture
def at_desk(client, alice):
    client.force_login(alice)
    return client


@pytest.fixture
def visitor(db):
    """A browser that nobody has signed in with."""
    return Client()


@pytest.fixture
def dans_account(db):
    return UserFactory(name="Daniel Wu", email=EMAIL)


def page(name, seat):
    return reverse(f"partnerships:{name}", args=[seat.party.partnership_id, seat.pk])


def ask(invitation):
    return reverse("partnerships:ask_for_invitation", args=[invitation.token])


def link(invitation):
    return invitation.path


def link_in(message) -> str:
    return re.search(r"http://testserver(/invitations/[\w-]+/)", message.body)[1]


def fresh(invitation):
    return Invitation.objects.get(pk=invitation.pk)


def words(response) -> str:
    return response.content.decode()


def team(client, partnership) -> str:
    return words(client.get(reverse("partnerships:team", args=[partnership.pk])))


def sees(user, partnership):
    return Partnership.objects.visible_to(user).contains(partnership)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def nothing_came_of(invitation):
    """The person has no login by it, and no account was made for them."""
    now = fresh(invitation)
    made = User.objects.filter(email=EMAIL, name="Dan Wu")
    return (now.seat.person.user, now.accepted_by, made.exists()) == (None, None, False)


# Inviting


def test_a_coordinator_invites_somebody_at_the_table(
    at_desk, alice, dan, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        response = at_desk.post(page("invite", dan), {"email": EMAIL, "language": "vi"})

    made = Invitation.objects.get()
    assert (made.seat, made.email, made.language, made.made_by) == (dan, EMAIL, "vi", alice)
    assert made.expires_at - made.made_at == pytest.approx(LASTS, abs=timedelta(seconds=5))
    assert response.url == page("invited", dan)
    assert [message.to for message in mail.outbox] == [[EMAIL]]
    event = dan.party.partnership.events.first()
    assert (event.kind, event.by, event.about) == (EventKind.INVITED, alice, {"person": "Dan Wu"})


def test_the_mail_says_who_invites_to_what_and_has_the_link(
    at_desk, dan, visitor, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        at_desk.post(page("invite", dan), {"email": EMAIL, "language": "en"})

    message = mail.outbox[0]
    assert message.subject == "Alice Moreno invites you to a partnership"
    for words_of_it in ("Dan Wu", "Alice Moreno", "Lincoln High School × Harbor Robotics", EMAIL):
        assert words_of_it in message.body
    assert visitor.get(link_in(message)).status_code == 200
    assert "<" not in message.body
    assert max(len(line) for line in message.body.splitlines()) < 998  # what a mail can carry


def test_the_form_knows_the_address_and_the_language_of_whoever_invites(at_desk, alice, dan):
    alice.language = "vi"
    alice.save()

    initial = at_desk.get(page("invite", dan)).context["form"].initial

    assert initial == {"email": EMAIL, "language": "vi"}


@pytest.mark.parametrize("email", ["", "dan", "dan@", "a" * 260 + "@x.example", "d\0@x.example"])
def test_an_address_is_needed_and_what_was_typed_is_kept(at_desk, dan, email):
    response = at_desk.post(page("invite", dan), {"email": email, "language": "en"})

    assert response.status_code == 200
    assert "email" in response.context["form"].errors
    assert response.context["form"]["email"].value() == email
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("language", ["", "fr", "e" * 5000])
def test_a_language_is_needed(at_desk, dan, language):
    response = at_desk.post(page("invite", dan), {"email": EMAIL, "language": language})

    assert "language" in response.context["form"].errors
    assert not Invitation.objects.exists()


def test_the_form_shows_what_the_mail_will_say_in_each_language(at_desk, dan):
    said = words(at_desk.get(page("invite", dan)))

    assert said.count("Lincoln High School × Harbor Robotics") >= len(settings.LANGUAGES)
    assert "Alice Moreno invites you to the partnership" in said
    assert said.count(f"The link is for {EMAIL} only.") >= 1


def test_an_address_given_for_somebody_without_one_is_kept(dan, alice):
    Person.objects.filter(pk=dan.person_id).update(email="")

    Invitation.objects.invite(dan, EMAIL, by=alice, language="en")

    assert Person.objects.get(pk=dan.person_id).email == EMAIL


def test_an_address_that_was_known_stays(dan, alice):
    Invitation.objects.invite(dan, "private@x.example", by=alice, language="en")

    assert Person.objects.get(pk=dan.person_id).email == EMAIL


def test_one_waiting_invitation_per_seat(invitation, dan, alice):
    with pytest.raises(InvitationRefused):
        Invitation.objects.invite(dan, "other@x.example", by=alice, language="en")

    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(
            seat=dan,
            email=EMAIL,
            made_by=alice,
            language="en",
            token_hash="x",
            expires_at=timezone.now(),
        )


def test_after_it_was_taken_back_another_can_be_made(invitation, dan, alice):
    invitation.revoke(by=alice)

    again = Invitation.objects.invite(dan, "other@x.example", by=alice, language="en")

    assert again.hindrance is None
    assert fresh(invitation).hindrance == Hindrance.REVOKED


def test_somebody_with_a_login_is_not_invited(at_desk, partnership, bob, alice):
    seat = partnership.parties.get(school=None).seats.get(person__user=bob)

    with pytest.raises(InvitationRefused):
        Invitation.objects.invite(seat, bob.email, by=alice, language="en")
    response = at_desk.post(page("invite", seat), {"email": bob.email, "language": "en"})
    assert response.url == reverse("partnerships:team", args=[partnership.pk])
    assert not Invitation.objects.exists()
    assert page("invite", seat) not in team(at_desk, partnership)


# The link, shown once


def test_the_link_is_shown_once(at_desk, dan, visitor):
    at_desk.post(page("invite", dan), {"email": EMAIL, "language": "en"})
    shown, again = (words(at_desk.get(page("invited", dan))) for _time in range(2))

    found = re.search(r"http://testserver(/invitations/[\w-]+/)", shown)[1]
    assert visitor.get(found).status_code == 200
    assert "<svg" in shown
    assert "<?xml" not in shown
    assert "/invitations/" not in again
    assert "is not shown again" in again


def test_looking_ahead_does_not_use_it_up(at_desk, dan):
    at_desk.post(page("invite", dan), {"email": EMAIL, "language": "en"})

    at_desk.head(page("invited", dan))

    assert "/invitations/" in words(at_desk.get(page("invited", dan)))


def test_another_invitations_link_is_not_shown_here(at_desk, dan, invitation):
    at_desk.cookies["invitation"] = "a-made-up-token"

    assert "/invitations/" not in words(at_desk.get(page("invited", dan)))


def test_the_page_with_the_link_is_kept_by_no_cache(at_desk, dan, invitation):
    assert "no-store" in at_desk.get(page("invited", dan)).headers["Cache-Control"]


# The page behind the link


def test_the_page_says_the_same_as_the_mail(visitor, invitation):
    said = words(visitor.get(link(invitation)))

    for words_of_it in ("Dan Wu", "Alice Moreno", "Lincoln High School × Harbor Robotics", EMAIL):
        assert words_of_it in said
    assert said.count("Accept the invitation") == 1


def test_it_comes_in_the_language_of_the_invitation(visitor, dan, alice):
    made = Invitation.objects.invite(dan, EMAIL, by=alice, language="vi")

    assert '<html lang="vi"' in words(visitor.get(link(made)))
    visitor.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert '<html lang="en"' in words(visitor.get(link(made)))


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("who", ["nobody", "dan"])
def test_opening_changes_nothing(invitation, dan, who, method, request):
    client = signed_in(request.getfixturevalue("dans_account")) if who == "dan" else Client()
    before = Invitation.objects.values().get()

    for _time in range(3):
        assert getattr(client, method)(link(invitation)).status_code == 200

    assert Invitation.objects.values().get() == before
    assert nothing_came_of(invitation)


@pytest.mark.parametrize("token", ["x", "a" * 43, "A" * 5000, "no-such-link"])
def test_an_unknown_link_does_not_exist(visitor, invitation, token):
    for name in ("invitation", "ask_for_invitation"):
        response = visitor.post(reverse(f"partnerships:{name}", args=[token]))
        assert response.status_code == 404


def test_part_of_a_link_is_not_a_link(visitor, invitation):
    token = invitation.token

    for other in (token[:-1], token + "a", token.swapcase(), invitation.token_hash):
        assert visitor.get(f"/invitations/{other}/").status_code == 404


def test_an_accepting_post_needs_the_token_of_its_page(invitation):
    client = Client(enforce_csrf_checks=True)

    assert client.post(link(invitation), CHOSEN).status_code == 403
    assert client.post(ask(invitation)).status_code == 403
    assert nothing_came_of(invitation)


def test_whatever_arrives_the_answer_is_no_500(visitor, invitation):
    visitor.raise_request_exception = False
    answers = [
        visitor.post(link(invitation), {"password1": value, "password2": "x", "once": value})
        for value in NASTY
    ]
    answers += [
        visitor.generic("POST", url, content, content_type)
        for content, content_type in BODIES
        for url in (link(invitation), ask(invitation))
    ]

    assert max(answer.status_code for answer in answers) < 500
    assert nothing_came_of(invitation)


# Accepting


def test_somebody_new_chooses_a_password_and_is_in(visitor, invitation, partnership):
    asked = visitor.post(link(invitation), {"way": "password"})
    assert list(asked.context["form"].fields) == ["password1", "password2"]
    assert nothing_came_of(invitation)

    response = visitor.post(link(invitation), CHOSEN)

    user = User.objects.get(email=EMAIL)
    accepted = fresh(invitation)
    assert (user.name, user.language, user.is_staff) == ("Dan Wu", "en", False)
    assert user.check_password(WORDS)
    assert (accepted.accepted_by, accepted.seat.person.user) == (user, user)
    assert response.url == FIRST_PAGE
    assert visitor.get(response.url).status_code == 200
    event = partnership.events.first()
    assert (event.kind, event.by) == (EventKind.INVITATION_ACCEPTED, user)


def test_the_button_asks_how_to_sign_in_and_offers_the_plain_way_first(visitor, invitation):
    asked = visitor.post(link(invitation))

    form = asked.context["form"]
    assert [way for way, _label in form.fields["way"].choices] == ["code", "password", "passkey"]
    assert form["way"].value() == "code"
    assert not form.errors
    assert nothing_came_of(invitation)


@pytest.mark.parametrize("way", ["", "fax", "CODE", "code\0"])
def test_there_is_no_other_way(visitor, invitation, way):
    response = visitor.post(link(invitation), {"way": way})

    assert response.context["form"].errors["way"] == ["Choose how to sign in."]
    assert nothing_came_of(invitation)


def test_by_code_one_press_makes_an_account_without_a_password(visitor, invitation, partnership):
    response = visitor.post(link(invitation), {"way": "code"})

    user = User.objects.get(email=EMAIL)
    assert not user.has_usable_password()
    assert fresh(invitation).seat.person.user == user
    assert response.url == FIRST_PAGE
    assert visitor.get(response.url).status_code == 200


def test_by_passkey_one_is_in_and_led_to_add_it(visitor, invitation):
    response = visitor.post(link(invitation), {"way": "passkey"})

    user = User.objects.get(email=EMAIL)
    assert not user.has_usable_password()
    assert fresh(invitation).seat.person.user == user
    there = FIRST_PAGE
    assert response.url == reverse("mfa_add_webauthn", query={"next": there})
    page = visitor.get(response.url)
    assert page.context["there"] == there
    assert f'href="{there}"' in page.content.decode()


def test_whoever_came_by_an_invitation_can_change_their_address(
    visitor, invitation, partnership, mails_leave_at_once
):
    visitor.post(link(invitation), {"way": "code"})
    new = "dan@home.example"

    visitor.post(reverse("accounts:change_email"), {"email": new})
    code = re.search(r"^\d{4}-\d{4}$", mail.outbox[-1].body, re.MULTILINE)[0]
    visitor.post(reverse("accounts:confirm_email"), {"code": code})

    user = User.objects.get(email=new)
    assert fresh(invitation).seat.person.user == user
    assert sees(user, partnership)
    assert Client().post(link(invitation), {"way": "code", "once": "x"}).status_code == 410
    assert visitor.get(partnership.get_absolute_url()).status_code == 200


# Each way in, with all that is posted at its last step.
WAYS = {
    "code": {"way": "code"},
    "passkey": {"way": "passkey"},
    "password": CHOSEN,
    "password at once": {"way": "password", **CHOSEN},
}
HINDRANCES = {  # with what the link answers then
    "revoke": 410,
    "expire": 410,
    "leave": 410,
    "end": 410,
    "renew": 404,
    "remind": 404,
}


def hinder(invitation, hindrance, alice):
    """Let something come in between, done by somebody else."""
    now, partnership = fresh(invitation), Partnership.objects.get()
    if hindrance == "revoke":
        now.revoke(by=alice)
    elif hindrance == "expire":
        Invitation.objects.update(expires_at=timezone.now())
    elif hindrance == "leave":
        now.seat.left_on = timezone.localdate() - A_DAY
        now.seat.save()
    elif hindrance == "end":
        said = {"reason": "They move away", "no_debrief_because": "We spoke on the last day"}
        partnership.end(by=alice, drawn_for=partnership.last_move, **said)
    else:
        getattr(now, hindrance)()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("hindrance", HINDRANCES)
def test_no_way_leads_past_what_hinders(visitor, invitation, alice, way, hindrance):
    """The page to choose, and where there is one the page for the password, were open before."""
    visitor.post(link(invitation))
    visitor.post(link(invitation), {"way": "password"})
    hinder(invitation, hindrance, alice)

    response = visitor.post(link(invitation), WAYS[way])

    assert response.status_code == HINDRANCES[hindrance]
    assert nothing_came_of(invitation)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("account", [False, True])
def test_control_without_hindrance_each_leads_in(request, visitor, invitation, way, account):
    if account:
        visitor = signed_in(request.getfixturevalue("dans_account"))

    assert visitor.post(link(invitation), WAYS[way]).status_code == 302
    assert not nothing_came_of(invitation)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "options"])
def test_only_a_post_accepts_whatever_stands_in_the_address(visitor, invitation, method, way):
    visitor.post(link(invitation))
    before = Invitation.objects.values().get()
    address = f"{link(invitation)}?{urlencode(WAYS[way])}"

    response = getattr(visitor, method)(address)

    assert response.status_code == (200 if method in {"get", "head"} else 405)
    assert Invitation.objects.values().get() == before
    assert nothing_came_of(invitation)


@pytest.mark.parametrize("way", ["code", "password", "passkey"])
def test_no_way_leads_into_an_account_that_exists(visitor, invitation, dans_account, way):
    visitor.post(link(invitation), {"way": way, **CHOSEN})

    assert visitor.get("/").status_code == 302
    assert fresh(invitation).accepted_at is None


def test_the_link_lets_in_once_by_any_way(visitor, invitation):
    visitor.post(link(invitation), {"way": "code"})
    stranger = Client()

    for way in ("code", "password", "passkey"):
        assert stranger.post(link(invitation), {"way": way, **CHOSEN}).status_code == 410
    assert stranger.get("/").status_code == 302


def test_the_account_speaks_the_language_of_the_invitation(visitor, dan, alice):
    made = Invitation.objects.invite(dan, EMAIL, by=alice, language="vi")

    visitor.post(link(made), CHOSEN)

    assert User.objects.get(email=EMAIL).language == "vi"


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("", ""),
        ("short", "short"),
        ("1234567890", "1234567890"),
        ("password123", "password123"),
        (WORDS, "another one altogether"),
        (EMAIL, EMAIL),
        ("a\0bcdefghijkl", "a\0bcdefghijkl"),
    ],
)
def test_a_poor_password_is_refused(visitor, invitation, one, two):
    response = visitor.post(link(invitation), {"password1": one, "password2": two})

    assert response.status_code == 200
    assert response.context["form"].errors
    assert "Error:" in words(response)
    assert nothing_came_of(invitation)


def test_whoever_has_an_account_signs_in_first(visitor, invitation, dans_account, partnership):
    there = link(invitation)
    shown = visitor.get(there)
    sign_in = f"{reverse('account_login')}?next={quote(there)}"
    assert f'href="{sign_in}"' in words(shown)
    assert "Accept the invitation" not in words(shown)

    back = visitor.post(sign_in, {"login": EMAIL, "password": PASSWORD})
    response = visitor.post(back.url)

    assert back.url == there
    assert response.url == reverse("desk:welcome", args=[partnership.pk])
    assert sees(dans_account, partnership)
    assert User.objects.filter(email=EMAIL).count() == 1


def test_a_new_password_does_not_take_over_an_account(visitor, invitation, dans_account):
    visitor.post(link(invitation), CHOSEN)

    dans_account.refresh_from_db()
    assert dans_account.check_password(PASSWORD)
    assert nothing_came_of(invitation)
    assert visitor.get("/").status_code == 302


def test_the_address_is_the_same_in_capitals(invitation, partnership):
    user = UserFactory(email="Dan@Partner.example")

    signed_in(user).post(link(invitation))

    assert sees(user, partnership)


def test_accepting_adds_the_seat_to_what_the_account_sees_already(
    invitation, dans_account, partnership, school, alice
):
    other = make_partnership(school=school, by=alice)
    theirs = other.parties.get(school=None)
    known = PersonFactory(partner=theirs.partner, user=dans_account)
    theirs.seat(known, {}, by=alice)

    signed_in(dans_account).post(link(invitation))

    assert sees(dans_account, partnership)
    assert sees(dans_account, other)


def test_after_the_button_the_first_page_says_how_it_works(visitor, invitation, partnership):
    def is_open(page):
        [folded] = re.findall(r'<details class="notice info"( open)?>', page.content.decode())
        return bool(folded)

    visitor.post(link(invitation), CHOSEN)
    assert "How this works" in words(visitor.get("/"))
    assert is_open(visitor.get("/"))

    item = partnership.items.filter(side="both").first()
    item.tick(by=User.objects.get(email=EMAIL))

    assert not is_open(visitor.get("/"))


@pytest.mark.parametrize("name", ["alice", "ada", "ola", "vera"])
def test_everybody_else_is_not_told_how_it_works(request, partnership, name):
    client = signed_in(request.getfixturevalue(name))

    assert "How this works" not in words(client.get("/"))


# Abuse: who


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ["alice", "bob", "charlie", "dora", "ada", "vera", "ola"])
def test_nobody_else_can_accept(request, invitation, name, way):
    user = request.getfixturevalue(name)
    client = signed_in(user)
    shown = client.get(link(invitation))

    response = client.post(link(invitation), WAYS[way])

    assert response.status_code == 403
    assert fresh(invitation).accepted_at is None
    assert nothing_came_of(invitation)
    said = words(shown)
    assert user.email in said
    assert "Accept the invitation" not in said
    with pytest.raises(InvitationRefused):
        invitation.accept(user)


def test_whoever_is_somebody_else_can_sign_out_and_comes_back(invitation, vera):
    client = signed_in(vera)
    said = words(client.get(link(invitation)))
    assert f'action="{reverse("account_logout")}"' in said
    assert f'name="next" value="{link(invitation)}"' in said

    response = client.post(reverse("account_logout"), {"next": link(invitation)})

    assert response.url == link(invitation)
    assert "Accept the invitation" in words(client.get(response.url))


def test_a_person_keeps_the_account_they_have(invitation, dans_account, vera):
    Person.objects.filter(pk=invitation.seat.person_id).update(user=vera)

    response = signed_in(dans_account).post(link(invitation))

    assert response.status_code == 410
    assert Person.objects.get(pk=invitation.seat.person_id).user == vera
    assert fresh(invitation).accepted_at is None


@pytest.mark.parametrize("what", ["invite", "invited", "remind", "renew", "revoke"])
@pytest.mark.parametrize(
    ("name", "status"),
    [("bob", 403), ("sam", 403), ("ada", 403), ("charlie", 404), ("dora", 404), ("vera", 404)],
)
def test_only_coordinators_of_its_school_keep_invitations(request, invitation, what, name, status):
    client = signed_in(request.getfixturevalue(name))
    before = Invitation.objects.values().get()
    data = {"email": "mine@x.example", "language": "en"}

    ask_for = client.get if what == "invited" else client.post
    assert ask_for(page(what, invitation.seat), data).status_code == status

    assert Invitation.objects.values().get() == before


@pytest.mark.parametrize("name", ["bob", "sam", "ada"])
def test_others_do_not_see_how_far_an_invitation_is(request, invitation, partnership, name):
    client = signed_in(request.getfixturevalue(name))

    assert "Invited on" not in team(client, partnership)


def test_only_one_who_was_invited_can_be_reminded(at_desk, dan):
    for what in ("remind", "renew", "revoke"):
        assert at_desk.post(page(what, dan)).status_code == 404
    assert at_desk.get(page("invited", dan)).status_code == 404


@pytest.mark.parametrize("way", WAYS)
def test_what_else_is_posted_does_not_count(visitor, invitation, partnership, dora, way):
    """Roles, seats, accounts and rights come from the invitation, not from the form."""
    theirs = invitation.seat
    before = theirs.roles
    smuggled = {
        "champion": "on",
        "board": "on",
        "roles": ["champion", "contact"],
        "seat": partnership.school_party.seats.first().pk,
        "person": partnership.school_party.seats.first().person_id,
        "email": "mallory@x.example",
        "name": "Mallory",
        "user": dora.pk,
        "language": "vi",
        "is_staff": "on",
        "is_superuser": "on",
        "accepted_by": dora.pk,
        "expires_at": "2099-01-01T00:00",
        "next": "https://evil.example/",
    }

    response = visitor.post(link(invitation), WAYS[way] | smuggled)

    user = User.objects.get(email=EMAIL)
    accepted = fresh(invitation)
    assert (user.name, user.language, user.is_staff, user.is_superuser) == (
        "Dan Wu",
        "en",
        False,
        False,
    )
    assert (accepted.seat, accepted.seat.roles, accepted.accepted_by) == (theirs, before, user)
    assert [seat.pk for seat in theirs.party.seats.filter(person__user=user)] == [theirs.pk]
    assert not User.objects.filter(email="mallory@x.example").exists()
    added = reverse("mfa_add_webauthn", query={"next": FIRST_PAGE})
    assert response.url == (added if way == "passkey" else FIRST_PAGE)


# Abuse: when


def test_a_link_works_once(visitor, invitation):
    visitor.post(link(invitation), CHOSEN)

    again = Client().post(link(invitation), CHOSEN | {"once": "another page"})

    assert again.status_code == 410
    assert "accepted already" in words(again)
    assert User.objects.filter(email=EMAIL).count() == 1


def test_a_link_that_was_used_lets_nobody_in_after_the_login_was_taken_away(visitor, invitation):
    visitor.post(link(invitation), CHOSEN)
    user = User.objects.get(email=EMAIL)
    Person.objects.filter(pk=invitation.seat.person_id).update(user=None)

    response = signed_in(user).post(link(invitation))

    assert response.status_code == 410
    assert Person.objects.get(pk=invitation.seat.person_id).user is None


def test_it_runs_out_at_the_exact_second(visitor, invitation):
    end = invitation.expires_at

    with clock.at(clock.just_before(end)):
        assert visitor.get(link(invitation)).status_code == 200
    with clock.at(end):
        response = visitor.get(link(invitation))
    assert response.status_code == 410
    assert "has run out" in words(response)


def test_it_can_be_accepted_until_the_last_second(visitor, invitation, partnership):
    with clock.at(clock.just_before(invitation.expires_at)):
        visitor.post(link(invitation), CHOSEN)

    assert sees(User.objects.get(email=EMAIL), partnership)


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=1), timedelta(days=400)])
def test_it_cannot_be_accepted_after_that(visitor, invitation, late):
    visitor.get(link(invitation))  # opened in time

    with clock.at(invitation.expires_at + late):
        response = visitor.post(link(invitation), CHOSEN)

    assert response.status_code == 410
    assert nothing_came_of(invitation)


def test_it_may_run_out_while_one_chooses_a_password(visitor, invitation):
    with clock.at(clock.just_before(invitation.expires_at)):
        assert visitor.post(link(invitation)).status_code == 200
    with clock.at(invitation.expires_at):
        assert visitor.post(link(invitation), CHOSEN).status_code == 410

    assert nothing_came_of(invitation)


def test_it_may_run_out_while_one_signs_in(invitation, dans_account):
    client = signed_in(dans_account)
    assert client.get(link(invitation)).status_code == 200

    with clock.at(invitation.expires_at):
        assert client.post(link(invitation)).status_code == 410

    assert nothing_came_of(invitation)


@pytest.mark.parametrize("account", [False, True])
def test_one_that_was_taken_back_does_not_work(request, invitation, alice, account):
    client = signed_in(request.getfixturevalue("dans_account")) if account else Client()
    client.get(link(invitation))  # opened before
    Invitation.objects.get().revoke(by=alice)

    shown, posted = client.get(link(invitation)), client.post(link(invitation), CHOSEN)

    assert (shown.status_code, posted.status_code) == (410, 410)
    assert "was taken back" in words(posted)
    assert 'class="button" href="/"' in posted.content.decode()  # the page has a way on
    assert nothing_came_of(invitation)
    assert invitation.seat.party.partnership.events.first().kind == EventKind.INVITATION_REVOKED


def test_whoever_has_left_cannot_accept(visitor, invitation, district):
    seat = invitation.seat
    seat.give_up(district.today(), successor=None)

    response = visitor.post(link(invitation), CHOSEN)

    assert response.status_code == 410
    assert "no longer at the table" in words(response)
    assert nothing_came_of(invitation)


def test_whoever_leaves_tomorrow_still_can(visitor, invitation, district):
    invitation.seat.give_up(district.today() + A_DAY, successor=None)

    assert visitor.post(link(invitation), CHOSEN).status_code == 302


def test_to_one_that_has_ended_nobody_comes(visitor, invitation, alice):
    partnership = Partnership.objects.get()
    partnership.end(by=alice, drawn_for=partnership.last_move, reason="The company moves away")

    response = visitor.post(link(invitation), CHOSEN)

    assert response.status_code == 410
    assert "has ended" in words(response)
    assert nothing_came_of(invitation)


@pytest.mark.parametrize("account", [False, True])
def test_between_looking_and_accepting_the_rows_decide(request, invitation, alice, account):
    """What was read before somebody else took it back does not count."""
    user = request.getfixturevalue("dans_account") if account else None
    stale = Invitation.objects.of_link(invitation.token).get()
    Invitation.objects.get().revoke(by=alice)

    with pytest.raises(InvitationRefused):
        stale.accept(user) if user else stale.accept_with_new_account(WORDS)

    assert nothing_came_of(invitation)


def test_a_link_that_is_replaced_while_it_is_open_does_not_count(invitation, dans_account):
    stale = Invitation.objects.of_link(invitation.token).get()
    Invitation.objects.get().renew()

    with pytest.raises(InvitationRefused, match="replaced by a newer one"):
        stale.accept(dans_account)

    assert nothing_came_of(invitation)


def test_an_account_made_meanwhile_is_not_taken_over(invitation, dans_account):
    with pytest.raises(InvitationRefused, match="Sign in first"):
        invitation.accept_with_new_account(WORDS)

    assert User.objects.get(email=EMAIL).check_password(PASSWORD)
    assert nothing_came_of(invitation)


# At once


def at_once(*acts) -> list:
    """Do each in a thread of its own at the same moment; return what came of each."""
    gate, results = threading.Barrier(len(acts)), []

    def run(act):
        try:
            gate.wait(timeout=30)
            results.append(act())
        except Exception as fault:  # noqa: BLE001 # shown by the test, which runs in another thread
            results.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


OTHERS = {"password1": "another set of words", "password2": "another set of words"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("one", "other"),
    [
        (CHOSEN, OTHERS),
        ({"way": "code"}, {"way": "code", "once": "another page"}),
        ({"way": "code"}, {"way": "passkey"}),
        ({"way": "passkey"}, CHOSEN),
    ],
    ids=["passwords", "codes", "code and passkey", "passkey and password"],
)
def test_of_two_newcomers_at_once_one_wins(invitation, one, other):
    there = link(invitation)
    results = at_once(lambda: Client().post(there, one), lambda: Client().post(there, other))

    [loser] = [one for one in results if getattr(one, "status_code", one) != 302]
    # Who had opened the invitation before the other took it may find the account of the other: “sign in”.
    assert loser.status_code == 410 or loser.context["must_sign_in"]
    assert User.objects.filter(email=EMAIL).count() == 1
    accepted = Partnership.objects.get().events.filter(kind=EventKind.INVITATION_ACCEPTED)
    assert accepted.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_acceptances_with_an_account_one_counts(invitation, dans_account):
    clients = [signed_in(dans_account), signed_in(dans_account)]
    results = at_once(
        *(lambda c=c, n=n: c.post(link(invitation), {"once": n}) for n, c in enumerate(clients))
    )

    assert sorted(getattr(one, "status_code", one) for one in results) == [302, 410]
    accepted = Partnership.objects.get().events.filter(kind=EventKind.INVITATION_ACCEPTED)
    assert accepted.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_invitations_of_a_newcomer_accepted_at_once_make_one_account(invitation, school, alice):
    other = make_partnership(school=school, by=alice).parties.get(school=None)
    seat = other.seat(PersonFactory(partner=other.partner, name="Dan Wu"), {}, by=alice)
    second = Invitation.objects.invite(seat, EMAIL, by=alice, language="en")

    results = at_once(
        *(lambda one=one: Client().post(link(one), CHOSEN) for one in (invitation, second))
    )

    codes = sorted(getattr(one, "status_code", one) for one in results)
    assert codes in ([200, 302], [302, 410])  # told to sign in, before the page or after it
    assert User.objects.filter(email=EMAIL).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_who_invite_at_once_make_one(dan, alice, ola):
    data = {"email": EMAIL, "language": "en"}
    clients = [signed_in(alice), signed_in(ola)]
    results = at_once(*(lambda c=c: c.post(page("invite", dan), data) for c in clients))

    assert [getattr(one, "status_code", one) for one in results] == [302, 302]
    assert Invitation.objects.count() == 1


def test_a_second_click_makes_no_second_account(visitor, invitation):
    data = CHOSEN | {"once": "1"}

    first, second = visitor.post(link(invitation), data), Client().post(link(invitation), data)

    assert (first.status_code, second.status_code, second.url) == (302, 302, first.url)
    assert User.objects.filter(email=EMAIL).count() == 1


# The link is a secret


def test_links_are_long_and_each_is_new(invitation):
    tokens = {invitation.token}
    for _time in range(50):
        invitation.make_link()
        tokens.add(invitation.token)

    assert len(tokens) == 51
    # Each letter of base64 holds six bits.
    assert all(re.fullmatch(r"[\w-]+", token) and len(token) * 6 >= 256 for token in tokens)
    assert len({token[:4] for token in tokens}) > 45


def unpacked(value) -> str:
    """A stored value as whoever has the table could read it, also where it is merely packed."""
    packed = str(value).split(":")[0].lstrip(".")
    try:
        data = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
    except ValueError:
        return str(value)
    with suppress(zlib.error):
        data = zlib.decompress(data)
    return f"{value} {data!r}"


def everything_stored() -> str:
    """Every row of every table, as text."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    with connection.cursor() as cursor:
        rows = []
        for table in sorted(tables | {"cache"}):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 # names from our models
            rows += cursor.fetchall()
    return "\n".join(unpacked(value) for row in rows for value in row)


def test_the_database_has_only_a_hash(at_desk, dan, visitor, django_capture_on_commit_callbacks):
    """Through all that is done with a link: made, renewed, sent again, opened, accepted."""
    links = []
    with django_capture_on_commit_callbacks(execute=True):
        at_desk.post(page("invite", dan), {"email": EMAIL, "language": "en"})
        at_desk.post(page("renew", dan))
        at_desk.get(page("invited", dan))
        at_desk.post(page("remind", dan))
    links = [link_in(message) for message in mail.outbox]
    visitor.get(links[-1])
    visitor.post(links[-1])
    visitor.post(links[-1], CHOSEN)

    stored = everything_stored()
    assert len(links) == 3
    assert Invitation.objects.get().accepted_at
    assert Invitation.objects.get().token_hash in stored
    for one in links:
        assert one.split("/")[2] not in stored


def test_a_mail_that_waits_has_the_link_sealed(at_desk, dan):
    """Its transaction does not end in this test, so it stays in the table as it was put there."""
    at_desk.post(page("invite", dan), {"email": EMAIL, "language": "en"})

    [waiting] = Mail.objects.waiting()
    token = link_in(waiting.message()).split("/")[2]
    stored = everything_stored()
    assert waiting.sealed in stored
    assert token not in stored


def sign_in_by_code(client, there, user):
    client.post(reverse("account_request_login_code"), {"email": EMAIL, "next": there})
    yield
    code = re.search(r"^\d{4}-\d{4}$", mail.outbox[-1].body, re.MULTILINE)[0]
    enter = reverse("account_confirm_login_code")
    yield client.post(enter, {"code": code, "next": there})


def sign_in_with_second_step(client, there, user):
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    said = {"login": EMAIL, "password": PASSWORD, "next": there}
    client.post(reverse("account_login"), said)
    yield
    yield client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})


def sign_in_elsewhere(client, there, user):
    way_on = client.post(GO, {"next": there})
    assert way_on.headers["Referrer-Policy"] == "same-origin"  # the provider is not told the page
    assert there not in address_in(way_on)
    yield
    yield client.get(back_from(address_in(way_on)))


ELSEWHERE = {
    "code": sign_in_by_code,
    "second step": sign_in_with_second_step,
    "account elsewhere": sign_in_elsewhere,
}


@pytest.fixture
def dan_elsewhere(request):
    request.getfixturevalue("at_provider").claims = {
        "sub": "dan-1",
        "email": EMAIL,
        "email_verified": True,
    }


@pytest.fixture
def on_the_way(request, visitor, invitation, dans_account, dan_elsewhere, mails_leave_at_once):
    """Somebody with an account came by the link and signs in; `next` goes on with it."""
    steps = ELSEWHERE[request.param](visitor, link(invitation), dans_account)
    next(steps)
    return steps


BY_ACCOUNT = pytest.mark.parametrize("on_the_way", ELSEWHERE, indirect=True)


@BY_ACCOUNT
def test_by_any_account_one_comes_back_to_the_link_and_the_database_does_not_learn_it(
    visitor, invitation, dans_account, partnership, on_the_way
):
    assert Session.objects.exists()
    assert invitation.token not in everything_stored()

    back = next(on_the_way)

    assert back.url == link(invitation)
    assert nothing_came_of(invitation)  # coming back accepts nothing yet
    assert visitor.post(back.url).url == reverse("desk:welcome", args=[partnership.pk])
    assert sees(dans_account, partnership)
    assert invitation.token not in everything_stored()


@pytest.mark.parametrize("on_the_way", ["second step", "account elsewhere"], indirect=True)
def test_control_a_session_that_is_not_sealed_is_seen(visitor, invitation, on_the_way):
    """The check above can fail: the library does keep the link in the session."""
    kept = SessionStore(visitor.session.session_key).load()
    Session.objects.update(session_data=db.SessionStore().encode(kept))

    assert invitation.token in everything_stored()


@BY_ACCOUNT
@pytest.mark.parametrize("hindrance", HINDRANCES)
def test_no_account_leads_past_what_hinders(visitor, invitation, alice, on_the_way, hindrance):
    hinder(invitation, hindrance, alice)

    back = next(on_the_way)

    assert visitor.get(back.url).status_code == HINDRANCES[hindrance]
    assert visitor.post(back.url).status_code == HINDRANCES[hindrance]
    assert nothing_came_of(invitation)


@pytest.mark.parametrize("name", ["account_login", "account_request_login_code"])
def test_the_pages_on_the_way_tell_no_other_site(visitor, invitation, dans_account, name):
    response = visitor.get(reverse(name), {"next": link(invitation)})

    assert response.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in response.headers["Cache-Control"]
    assert re.findall(r'(?:href|src|action)="(?:https?:)?//', words(response)) == []


@pytest.fixture
def log():
    """What is written to the log, by way of the handler that the settings name."""
    written = StringIO()
    console = next(
        one for one in logging.getLogger().handlers if type(one) is logging.StreamHandler
    )
    before = console.setStream(written)
    yield written
    console.setStream(before)


def test_the_log_has_no_link(log, invitation, caplog, monkeypatch):
    """Neither when a form is refused, nor when something breaks, nor where a link stands in a query."""

    def breaks(*args):
        raise RuntimeError("broken on purpose")

    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.post(link(invitation), CHOSEN)
    strict.post(f"/accounts/login/?next={quote(link(invitation), safe='')}")
    monkeypatch.setattr("partnerships.views.invitations.show", breaks)
    strict.get(link(invitation))
    logging.getLogger("anything").error("See %s", f"/x/?next={quote(link(invitation), safe='')}")

    assert "Forbidden (CSRF" in log.getvalue()
    assert "Internal Server Error: /invitations/…/" in log.getvalue()
    assert invitation.token not in log.getvalue()
    ours = [one for one in caplog.records if one.name.startswith("django")]
    assert len(ours) >= 2
    assert invitation.token not in str([one.getMessage() for one in ours])


def test_control_other_addresses_stay_in_the_log(log):
    logging.getLogger("anything").error("See %s", "/partnerships/7/people/")

    assert "/partnerships/7/people/" in log.getvalue()


def test_the_event_does_not_know_the_link_or_the_address(invitation, visitor, partnership):
    visitor.post(link(invitation), CHOSEN)

    told = str(list(partnership.events.values()))
    assert invitation.token not in told
    assert EMAIL not in told


@pytest.mark.parametrize("state", ["open", "expired", "revoked", "accepted", "password", "posted"])
def test_no_other_page_learns_the_link_and_no_cache_keeps_it(visitor, invitation, alice, state):
    """Browsers say where somebody comes from; from this page they may name the site, not the page."""
    if state == "revoked":
        Invitation.objects.get().revoke(by=alice)
    if state in {"accepted", "posted"}:
        response = visitor.post(link(invitation), CHOSEN)
    if state != "posted":
        with clock.at(timezone.now() + (LASTS if state == "expired" else timedelta(0))):
            send = visitor.post if state == "password" else visitor.get
            response = send(link(invitation))

    assert response.headers["Referrer-Policy"] == "strict-origin"
    assert "no-store" in response.headers["Cache-Control"]
    assert "private" in response.headers["Cache-Control"]
    external = re.findall(r'(?:href|src|action)="(?:https?:)?//', words(response))
    assert external == []


def test_the_link_stands_on_no_page_of_the_partnership(at_desk, invitation, partnership):
    at_desk.post(page("remind", invitation.seat))

    for name in ("partnerships:team", "partnerships:timeline", "desk:guide"):
        said = words(at_desk.get(reverse(name, args=[partnership.pk])))
        assert "/invitations/" not in said
        assert Invitation.objects.get().token_hash not in said


# Renewing, reminding, taking back


def test_renewing_makes_a_new_link_for_another_fortnight(
    at_desk, invitation, visitor, django_capture_on_commit_callbacks
):
    later = timezone.now() + timedelta(days=20)

    with clock.at(later), django_capture_on_commit_callbacks(execute=True):
        at_desk.force_login(invitation.made_by)
        response = at_desk.post(page("renew", invitation.seat))

    renewed = fresh(invitation)
    assert response.url == page("invited", invitation.seat)
    assert renewed.expires_at == later + LASTS
    with clock.at(later):
        assert visitor.get(link(invitation)).status_code == 404
        assert visitor.get(link_in(mail.outbox[0])).status_code == 200


def test_a_renewed_link_is_shown_once_too(at_desk, invitation):
    at_desk.post(page("renew", invitation.seat))

    assert "/invitations/" in words(at_desk.get(page("invited", invitation.seat)))
    assert "/invitations/" not in words(at_desk.get(page("invited", invitation.seat)))


def test_reminding_sends_a_new_link_and_the_old_one_ends(
    at_desk, invitation, visitor, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        at_desk.post(page("remind", invitation.seat))

    reminded = fresh(invitation)
    assert reminded.expires_at == invitation.expires_at
    assert reminded.last_reminded_on == invitation.partnership.district.today()
    assert visitor.get(link(invitation)).status_code == 404
    assert visitor.get(link_in(mail.outbox[0])).status_code == 200


def test_one_reminder_a_day_by_the_clock_of_the_district(
    at_desk, invitation, partnership, mails_leave_at_once
):
    """Two minutes apart can be two days; where the district is, not where the server stands."""
    made = invitation.made_at.astimezone(timezone.get_fixed_timezone(0)) + A_DAY
    midnight = clock.midnight("America/Los_Angeles", made.year, made.month, made.day) + A_DAY
    url = page("remind", invitation.seat)
    answers = []

    for instant in (midnight - timedelta(hours=9), clock.just_before(midnight), midnight):
        with clock.at(instant):
            at_desk.force_login(invitation.made_by)
            answers.append(words(at_desk.post(url, {"once": str(instant)}, follow=True)))

    assert len(mail.outbox) == 2
    assert "The mail is on its way again" in answers[0]
    assert "A reminder was sent today. You can send the next one tomorrow." in answers[1]
    assert "The mail is on its way again" in answers[2]


def test_a_refused_reminder_keeps_the_link(at_desk, invitation):
    invitation.remind()

    at_desk.post(page("remind", invitation.seat))

    assert fresh(invitation).has_link(invitation.token)


def test_one_that_has_run_out_is_renewed_not_reminded(invitation):
    with clock.at(invitation.expires_at), pytest.raises(InvitationRefused):
        invitation.remind()


@pytest.mark.parametrize("end", ["accept", "revoke"])
def test_after_its_end_nothing_more_is_done_with_it(invitation, dans_account, alice, end):
    if end == "accept":
        invitation.accept(dans_account)
    else:
        invitation.revoke(by=alice)
    before = Invitation.objects.values().get()

    for act in (invitation.renew, invitation.remind, lambda: invitation.revoke(by=alice)):
        with pytest.raises(InvitationRefused):
            act()

    assert Invitation.objects.values().get() == before


def test_a_second_click_sends_no_second_mail(at_desk, dan, django_capture_on_commit_callbacks):
    data = {"email": EMAIL, "language": "en", "once": "1"}
    with django_capture_on_commit_callbacks(execute=True):
        for _time in range(2):
            at_desk.post(page("invite", dan), data)
        for _time in range(2):
            at_desk.post(page("renew", dan), {"once": "2"})
        for _time in range(2):
            at_desk.post(page("remind", dan), {"once": "3"})

    assert len(mail.outbox) == 3
    assert Invitation.objects.count() == 1


def test_a_mail_that_cannot_be_sent_stops_nothing(
    at_desk, dan, monkeypatch, django_capture_on_commit_callbacks
):
    """The link on the page works all the same, and the log has the fault."""

    def fails(*args):
        raise OSError("no mail today")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fails)

    with django_capture_on_commit_callbacks(execute=True):
        response = at_desk.post(page("invite", dan), {"email": EMAIL, "language": "en"})

    assert response.status_code == 302
    assert "/invitations/" in words(at_desk.get(response.url))


# What the people page says


def test_the_people_page_says_how_far_each_invitation_is(at_desk, invitation, partnership, alice):
    assert "Invited on" in team(at_desk, partnership)
    assert page("invite", invitation.seat) not in team(at_desk, partnership)

    invitation.remind()
    assert "Last reminded on" in team(at_desk, partnership)

    with clock.at(invitation.expires_at):
        at_desk.force_login(alice)
        late = team(at_desk, partnership)
    assert "run out" in late
    assert page("remind", invitation.seat) not in late
    assert page("renew", invitation.seat) in late


def test_and_how_it_ended(at_desk, invitation, partnership, dans_account):
    invitation.accept(dans_account)

    said = team(at_desk, partnership)
    assert "Accepted the invitation on" in said
    assert page("renew", invitation.seat) not in said
    assert page("invite", invitation.seat) not in said


def test_and_that_it_was_taken_back(at_desk, invitation, partnership, alice):
    at_desk.post(page("revoke", invitation.seat))

    said = team(at_desk, partnership)
    assert "Invitation taken back on" in said
    assert page("invite", invitation.seat) in said


# Asking for a new link


@pytest.fixture
def run_out(invitation):
    """It has run out a minute ago."""
    Invitation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    return invitation


def test_whoever_comes_late_asks_for_a_new_link(
    visitor, run_out, alice, partnership, at_desk, django_capture_on_commit_callbacks
):
    alice.language = "vi"
    alice.save()
    assert f'action="{ask(run_out)}"' in words(visitor.get(link(run_out)))

    with django_capture_on_commit_callbacks(execute=True):
        response = visitor.post(ask(run_out), follow=True)

    assert "The coordinator is told." in words(response)
    assert [message.to for message in mail.outbox] == [[alice.email]]
    assert reverse("partnerships:team", args=[partnership.pk]) in mail.outbox[0].body
    assert "Dan Wu" in mail.outbox[0].body
    assert "/invitations/" not in mail.outbox[0].body
    alice.language = "en"
    alice.save()
    assert "Asked for a new one on" in team(at_desk, partnership)


def test_once_a_day(visitor, run_out, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        visitor.post(ask(run_out))
        again = visitor.post(ask(run_out), follow=True)
    assert len(mail.outbox) == 1
    assert "You have asked today" in words(again)

    with clock.at(timezone.now() + A_DAY), django_capture_on_commit_callbacks(execute=True):
        Client().post(ask(run_out))
    assert len(mail.outbox) == 2


def test_only_one_that_has_run_out_can_be_asked_for(
    visitor, invitation, alice, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        visitor.post(ask(invitation))
        invitation.revoke(by=alice)
        visitor.post(ask(invitation))

    assert mail.outbox == []
    assert fresh(invitation).asked_on is None
    assert visitor.get(ask(invitation)).status_code == 405


def test_without_somebody_in_charge_the_schools_coordinators_are_told(
    visitor, run_out, school, alice, django_capture_on_commit_callbacks
):
    Partnership.objects.update(coordinator=None)
    closed = UserFactory(is_active=False)
    school.coordinators.add(closed)

    with django_capture_on_commit_callbacks(execute=True):
        visitor.post(ask(run_out))

    assert [message.to for message in mail.outbox] == [[alice.email]]


def test_whoever_no_longer_coordinates_is_not_told(
    visitor, run_out, school, alice, vera, django_capture_on_commit_callbacks
):
    school.coordinators.set([vera])

    with django_capture_on_commit_callbacks(execute=True):
        visitor.post(ask(run_out))

    assert [message.to for message in mail.outbox] == [[vera.email]]


def test_renewing_answers_the_wish(run_out, at_desk, partnership):
    run_out.ask_anew()

    at_desk.post(page("renew", run_out.seat))

    assert "Asked for a new one" not in team(at_desk, partnership)


# Queries


def test_more_invitations_take_no_more_queries(
    at_desk, invitation, partnership, partner, alice, django_assert_num_queries
):
    url = reverse("partnerships:team", args=[partnership.pk])
    at_desk.get(url)
    with django_assert_num_queries(7) as with_one:
        at_desk.get(url)

    for _number in range(5):
        seat = invitation.seat.party.seat(PersonFactory(partner=partner), {}, by=alice)
        Invitation.objects.invite(seat, f"{seat.pk}@x.example", by=alice, language="en")

    with django_assert_num_queries(len(with_one)):
        at_desk.get(url)


def test_every_partnership_that_a_login_opens_tells_of_it(invitation, dans_account, dan, charlie):
    """Another school works with the same person: it reads who came in, though it invited nobody."""
    other = make_partnership(school=charlie.schools.get(), partner=dan.person.partner, by=charlie)
    other.parties.get(school=None).seat(dan.person, {}, by=charlie)

    invitation.accept(dans_account)

    for partnership in (invitation.partnership, other):
        told = partnership.events.filter(kind=EventKind.INVITATION_ACCEPTED)
        assert [event.by for event in told] == [dans_account]


def test_the_mail_and_its_page_name_every_partnership_it_opens(
    at_desk, visitor, dan, charlie, django_capture_on_commit_callbacks
):
    other = make_partnership(school=charlie.schools.get(), partner=dan.person.partner, by=charlie)
    other.parties.get(school=None).seat(dan.person, {}, by=charlie)

    with django_capture_on_commit_callbacks(execute=True):
        at_desk.post(page("invite", dan), {"email": EMAIL, "language": "en"})

    [message] = mail.outbox
    for said in (
        message.body,
        message.alternatives[0].content,
        words(visitor.get(link_in(message))),
    ):
        assert f"With the same login you also come into: {other.full_title}." in unescape(said)


# The mail as HTML


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_mail_says_the_same_as_text_and_as_html(
    at_desk, dan, language, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        at_desk.post(page("invite", dan), {"email": EMAIL, "language": language})

    [message] = mail.outbox
    html = message.alternatives[0].content
    link = link_in(message)
    assert f'<html lang="{language}">' in html
    assert html.count(link) == 2  # behind the button, and written out
    [button] = re.findall(r'class="button" href="([^"]+)"', html)
    assert button.endswith(link)
    assert button in message.body
    for nothing in ("<img", "src=", "<script", "<form"):
        assert nothing not in html
    assert "<" not in message.body


def test_one_without_a_mail_is_handed_over(
    at_desk, dan, partnership, django_capture_on_commit_callbacks
):
    invite = reverse("partnerships:invite", args=[partnership.pk, dan.pk])
    with django_capture_on_commit_callbacks(execute=True):
        page = at_desk.post(
            invite, {"email": "dan@partner.example", "language": "en", "by_hand": "on"}, follow=True
        )

    assert mail.outbox == []
    assert "No mail is sent" in page.content.decode()
    assert "/invitations/" in page.content.decode()
    with pytest.raises(InvitationRefused):
        Invitation.objects.get().remind()

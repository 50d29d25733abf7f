"""The second step at sign-in: offered to all, required of those who see a whole district."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.urls import reverse

from tests.factories import PASSWORD, UserFactory

LOGIN = reverse("account_login")
CHOOSE = reverse("mfa_index")
SET_UP = reverse("mfa_activate_totp")
ENTER = reverse("mfa_authenticate")
AGAIN = reverse("account_reauthenticate")
SPARE = reverse("mfa_view_recovery_codes")


def code_of(secret: str) -> str:
    """What the app on the phone shows now, and for a while yet."""
    if time.time() % 30 > 28:
        time.sleep(2.1)
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def wrong(code: str) -> str:
    return str((int(code) + 1) % 1_000_000).zfill(6)


def sign_in(client, user):
    return client.post(LOGIN, {"login": user.email, "password": PASSWORD})


def set_up(client) -> str:
    """Set it up as the pages ask; return the secret that the phone keeps."""
    assert client.get(SET_UP).url.startswith(AGAIN)
    client.post(AGAIN, {"password": PASSWORD})
    secret = client.get(SET_UP).context["form"].secret
    response = client.post(SET_UP, {"code": code_of(secret)})
    assert (response.status_code, response.url) == (302, SPARE)
    return secret


def is_in(client) -> bool:
    return client.get("/").status_code == 200


@pytest.fixture
def newcomer(district):
    user = UserFactory(is_staff=True, second_step=False)
    district.admins.add(user)
    return user


@pytest.mark.parametrize("where", ["/", "/admin/", "/admin/partnerships/school/", "/partnerships/"])
def test_an_admin_without_one_is_sent_to_set_it_up(client, newcomer, where):
    sign_in(client, newcomer)

    response = client.get(where)

    assert (response.status_code, response.url) == (302, CHOOSE)


def test_a_piece_of_a_page_is_not_given_either(client, newcomer):
    sign_in(client, newcomer)

    response = client.get("/partnerships/", headers={"HX-Request": "true"})

    assert (response.content, response.headers["HX-Redirect"]) == (b"", CHOOSE)


def test_once_it_is_set_up_all_doors_open(client, newcomer):
    sign_in(client, newcomer)

    set_up(client)

    assert len(client.get(SPARE).context["unused_codes"]) == 10
    assert is_in(client)
    assert client.get("/admin/").status_code == 200


def test_a_wrong_code_sets_nothing_up(client, newcomer):
    sign_in(client, newcomer)
    client.post(AGAIN, {"password": PASSWORD})
    secret = client.get(SET_UP).context["form"].secret

    response = client.post(SET_UP, {"code": wrong(code_of(secret))})

    assert response.context["form"].errors["code"] == [
        "This code is not right. Enter the one that the app shows now."
    ]
    assert response.context["form"].secret == secret  # the picture scanned before still holds
    assert not is_in(client)


def test_from_then_on_the_password_alone_lets_nobody_in(client, newcomer):
    sign_in(client, newcomer)
    secret = set_up(client)
    client.logout()

    assert sign_in(client, newcomer).url == ENTER
    assert not is_in(client)
    assert client.post(ENTER, {"code": wrong(code_of(secret))}).status_code == 200
    assert not is_in(client)
    client.post(ENTER, {})  # no code at all
    assert not is_in(client)

    client.post(ENTER, {"code": code_of(secret)})
    assert is_in(client)


def test_a_spare_code_lets_in_once(client, newcomer):
    sign_in(client, newcomer)
    set_up(client)
    spare = client.get(SPARE).context["unused_codes"][0]
    for expected in (True, False):
        client.logout()
        sign_in(client, newcomer)

        client.post(ENTER, {"code": spare})

        assert is_in(client) is expected


def test_it_is_offered_to_everybody(client, alice):
    sign_in(client, alice)
    assert is_in(client)

    set_up(client)
    client.logout()

    assert sign_in(client, alice).url == ENTER
    assert not is_in(client)


def test_it_can_be_turned_off(client, alice):
    sign_in(client, alice)
    set_up(client)

    client.post(reverse("mfa_deactivate_totp"))

    client.logout()
    sign_in(client, alice)
    assert is_in(client)


def test_an_admin_who_turns_it_off_sets_it_up_anew(client, newcomer):
    sign_in(client, newcomer)
    set_up(client)

    client.post(reverse("mfa_deactivate_totp"))

    assert client.get("/").url == CHOOSE


def test_an_operator_turns_it_off_for_who_has_lost_their_phone(client, ada, edna, ola):
    client.force_login(ola)

    client.post(
        reverse("admin:accounts_user_changelist"),
        {"action": "turn_off_second_step", "_selected_action": [ada.pk]},
    )

    assert not Authenticator.objects.filter(user=ada).exists()
    assert Authenticator.objects.filter(user=edna).exists()


def test_the_admin_of_a_demo_needs_none(client, newcomer, settings):
    """Its accounts and their password are public; there is nothing to guard."""
    settings.DEMO = True
    sign_in(client, newcomer)

    assert is_in(client)


@pytest.mark.parametrize("name", ["mfa_index", "mfa_activate_totp"])
def test_who_has_not_signed_in_sees_none_of_it(client, db, name):
    response = client.get(reverse(name))

    assert response.status_code == 302
    assert response.url.startswith(LOGIN)

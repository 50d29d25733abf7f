"""Secrets of the second step: not to be read in the database, and readable after a change of key."""

from importlib import import_module

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.fernet import InvalidToken
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from accounts import encryption
from tests.accounts.test_second_step import code_of

migration = import_module("accounts.migrations.0002_encrypt_second_step").Migration


@pytest.fixture
def secret(alice):
    secret = generate_totp_secret()
    TOTP.activate(alice, secret)
    return secret


def rows() -> str:
    """Every row of the second step, as it stands in the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM mfa_authenticator")
        return str(cursor.fetchall())


def app_of(user) -> TOTP:
    return Authenticator.objects.get(user=user, type="totp").wrap()


def test_the_database_does_not_hold_the_secret_of_the_app(alice, secret):
    assert secret not in rows()
    assert app_of(alice).validate_code(code_of(secret))


def test_nor_what_spare_codes_are_made_of(alice, monkeypatch):
    monkeypatch.setattr(RecoveryCodes, "generate_seed", lambda: "5eed" * 20)
    codes = RecoveryCodes.activate(alice)

    assert "5eed" not in rows()
    assert not any(code in rows() for code in codes.get_unused_codes())
    assert codes.validate_code(codes.get_unused_codes()[0])


def test_the_same_secret_never_looks_the_same():
    assert encryption.encrypt("secret") != encryption.encrypt("secret")


def test_a_changed_key_reads_what_the_earlier_one_wrote(alice, secret, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the next one"

    assert app_of(alice).validate_code(code_of(secret))


def test_another_key_alone_does_not(secret, settings):
    stored = Authenticator.objects.get().data["secret"]
    settings.SECRET_KEY = "the next one"

    with pytest.raises(InvalidToken):
        encryption.decrypt(stored)


def test_after_preparing_anew_the_earlier_key_can_be_forgotten(alice, secret, settings):
    spare = RecoveryCodes.activate(alice).get_unused_codes()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the next one"

    call_command("encrypt_anew")

    settings.SECRET_KEY_FALLBACKS = []
    assert app_of(alice).validate_code(code_of(secret))
    kept = Authenticator.objects.get(type="recovery_codes").wrap()
    assert kept.get_unused_codes() == spare


def test_what_was_stored_before_is_encrypted_and_can_be_taken_back(alice):
    secret = generate_totp_secret()
    Authenticator.objects.create(user=alice, type="totp", data={"secret": secret})
    Authenticator.objects.create(
        user=alice, type="recovery_codes", data={"seed": "5eed", "used_mask": 0}
    )
    [change] = migration.operations

    change.code(apps, None)
    assert secret not in rows()
    assert "5eed" not in rows()
    assert app_of(alice).validate_code(code_of(secret))

    change.reverse_code(apps, None)
    assert Authenticator.objects.get(type="totp").data == {"secret": secret}

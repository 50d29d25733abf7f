"""Secrets of the second step as they stand in the database: unreadable without the SECRET_KEY."""

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts.sealing import lock_for, seal, unseal

PURPOSE = "second step"
SECRETS = ("secret", "seed")  # of an authenticator app, and of spare codes


def encrypt(text: str) -> str:
    return seal(text, PURPOSE)


def decrypt(encrypted: str) -> str:
    return unseal(encrypted, PURPOSE)


@transaction.atomic
def encrypt_anew() -> int:
    """Encrypt every secret with the present SECRET_KEY, so that earlier ones can be forgotten."""
    rotate = lock_for(PURPOSE).rotate
    found = Authenticator.objects.select_for_update().exclude(type=Authenticator.Type.WEBAUTHN)
    for authenticator in found:
        for name in SECRETS:
            if name in authenticator.data:
                authenticator.data[name] = rotate(authenticator.data[name]).decode()
        authenticator.save(update_fields=["data"])
    return len(found)

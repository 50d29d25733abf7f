"""Secrets of the second step as they stand in the database: unreadable without the SECRET_KEY."""

from base64 import urlsafe_b64encode

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction
from django.utils.encoding import force_bytes

PURPOSE = b"alongside: secrets of the second step"
SECRETS = ("secret", "seed")  # of an authenticator app, and of spare codes


def key_from(secret_key: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE)
    return Fernet(urlsafe_b64encode(derived.derive(force_bytes(secret_key))))


def keys() -> MultiFernet:
    """The key to encrypt with, and those with which something may still be encrypted."""
    return MultiFernet(map(key_from, [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]))


def encrypt(text: str) -> str:
    return keys().encrypt(text.encode()).decode()


def decrypt(encrypted: str) -> str:
    return keys().decrypt(encrypted).decode()


@transaction.atomic
def encrypt_anew() -> int:
    """Encrypt every secret with the present SECRET_KEY, so that earlier ones can be forgotten."""
    rotate = keys().rotate
    found = Authenticator.objects.select_for_update().exclude(type=Authenticator.Type.WEBAUTHN)
    for authenticator in found:
        for name in SECRETS:
            if name in authenticator.data:
                authenticator.data[name] = rotate(authenticator.data[name]).decode()
        authenticator.save(update_fields=["data"])
    return len(found)

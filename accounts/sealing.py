"""What must be kept for a while and read by nobody but the program: sealed with a key made from SECRET_KEY."""

import base64

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac


def lock_for(purpose: str) -> MultiFernet:
    """Return the lock of one purpose. It opens with earlier secret keys too, as signatures do."""
    return MultiFernet(
        Fernet(base64.urlsafe_b64encode(key_for(purpose, secret)))
        for secret in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    )


def key_for(purpose: str, secret: str) -> bytes:
    return salted_hmac("accounts.sealing", purpose, secret=secret, algorithm="sha256").digest()


def seal(text: str, purpose: str) -> str:
    return lock_for(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, purpose: str) -> str:
    return lock_for(purpose).decrypt(sealed.encode()).decode()

"""A passkey in software: what a phone or a security key would answer to the pages."""

import json
import os
from hashlib import sha256

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
)

FLAG = AuthenticatorData.FLAG


class SoftPasskey:
    """For one account at one site. `verified` says whether it asked for a finger or a number."""

    def __init__(self, *, origin="http://localhost", site="localhost", verified=True):
        self.origin, self.site, self.verified = origin, site, verified
        self.secret = ec.generate_private_key(ec.SECP256R1())
        self.id = os.urandom(32)
        self.owner = ""
        self.count = 0

    def create(self, options: dict) -> str:
        """Answer to the page on which one is added."""
        options = options["creation_options"]["publicKey"]
        self.owner = options["user"]["id"]
        key = ES256.from_cryptography_key(self.secret.public_key())
        data = AttestedCredentialData.create(Aaguid.NONE, self.id, key)
        attested = AttestationObject.create("none", self.said(FLAG.AT, data), {})
        answer = {"attestationObject": websafe_encode(attested)}
        return self.answer("webauthn.create", options["challenge"], answer)

    def get(self, options: dict) -> str:
        """Answer to a page on which one signs in."""
        challenge = options["request_options"]["publicKey"]["challenge"]
        said = self.said()
        signed = bytes(said) + sha256(self.client_data("webauthn.get", challenge)).digest()
        signature = self.secret.sign(signed, ec.ECDSA(hashes.SHA256()))
        answer = {
            "authenticatorData": websafe_encode(said),
            "signature": websafe_encode(signature),
            "userHandle": self.owner,
        }
        return self.answer("webauthn.get", challenge, answer)

    def said(self, more=0, data=b"") -> AuthenticatorData:
        self.count += 1
        flags = FLAG.UP | (FLAG.UV if self.verified else 0) | more
        return AuthenticatorData.create(
            sha256(self.site.encode()).digest(), flags, self.count, data
        )

    def client_data(self, kind, challenge) -> bytes:
        return json.dumps(
            {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        ).encode()

    def answer(self, kind, challenge, answer) -> str:
        answer["clientDataJSON"] = websafe_encode(self.client_data(kind, challenge))
        return json.dumps(
            {
                "type": "public-key",
                "id": websafe_encode(self.id),
                "rawId": websafe_encode(self.id),
                "response": answer,
                "clientExtensionResults": {"credProps": {"rk": True}},
            }
        )

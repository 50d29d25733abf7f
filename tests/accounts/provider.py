"""A small OpenID Connect provider on loopback: discovery, authorization, tokens, keys, user info."""

import base64
import json
import secrets
import threading
import time
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "alongside", "secret-of-the-client"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider:
    """Signs in whoever `claims` describe, without asking. `faults` makes it misbehave."""

    def __init__(self):
        self.claims = {"sub": "alice-1", "email": "alice@school.example", "email_verified": True}
        self.token_claims = {}  # what the ID token says otherwise
        self.denies = False
        self.given = {}  # codes, with what was asked for
        self.asked = []  # paths
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(self))
        # It looks every hundredth of a second whether it is to end; every half would be waited for.
        threading.Thread(target=self.server.serve_forever, args=[0.01], daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def app(self, **settings) -> dict:
        """How the settings name it."""
        return {
            "provider_id": "oidc",
            "name": "Test ID",
            "client_id": CLIENT,
            "secret": SECRET,
            "settings": {"server_url": self.url, "vouches_for_email": False, **settings},
        }

    def discovery(self, _query, _headers):
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        }

    def authorize(self, query, _headers):
        """Return where the browser is sent."""
        if self.denies:
            return f"{query['redirect_uri']}?{urlencode({'error': 'access_denied', 'state': query['state']})}"
        code = secrets.token_urlsafe()
        self.given[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form, _headers):
        asked = self.given.pop(form["code"])
        assert (form["client_id"], form["client_secret"]) == (CLIENT, SECRET)
        assert form["redirect_uri"] == asked["redirect_uri"]
        digest = sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        assert challenge == asked["code_challenge"]
        now = int(time.time())
        said = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300, **self.claims}
        id_token = jwt.encode(
            said | self.token_claims, KEY, algorithm="RS256", headers={"kid": "one"}
        )
        return {"access_token": "access", "token_type": "Bearer", "id_token": id_token}

    def userinfo(self, _query, headers):
        assert headers["Authorization"] == "Bearer access"
        return self.claims

    def jwks(self, _query, _headers):
        key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
        return {"keys": [key | {"kid": "one", "alg": "RS256", "use": "sig"}]}


def handler_of(provider: Provider):
    pages = {
        "/.well-known/openid-configuration": provider.discovery,
        "/authorize": provider.authorize,
        "/token": provider.token,
        "/userinfo": provider.userinfo,
        "/jwks": provider.jwks,
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            parts = urlsplit(self.path)
            self.give(parts.path, parts.query)

        def do_POST(self):
            length = int(self.headers["Content-Length"])
            self.give(self.path, self.rfile.read(length).decode())

        def give(self, path, query):
            provider.asked.append(path)
            sent = {name: values[0] for name, values in parse_qs(query).items()}
            found = pages[path](sent, self.headers)
            if isinstance(found, str):
                self.send_response(302)
                self.send_header("Location", found)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            body = json.dumps(found).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            """Keep the tests' output clean."""

    return Handler

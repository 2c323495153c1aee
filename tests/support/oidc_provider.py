"""An identity provider in a process of its own, as ProConnect is: for the tests of sign-in, and for nothing else.

    with running() as provider:
        provider.set(acr="eidas1")  # what it answers next
        …
        provider.rotate()

It signs with `cryptography` alone, not with the library that the site verifies with. It can lie in every way that the
site must refuse: `set` takes the fields of `ANSWERS`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import Request, urlopen

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

CLIENT, SECRET = "egide-essai", "un secret d’essai"
ANSWERS: dict[str, Any] = {
    "sub": "0001",
    "acr": "eidas1-mfa",
    "amr": ["pwd", "mfa"],
    "alg": "RS256",
    "aud": None,  # None: the client
    "iss": None,  # None: itself
    "nonce": None,  # None: the one asked
    "expires_in": 60,
    "userinfo_sub": None,  # None: the same person
    "userinfo_jwt": True,
    "tampered": False,
    "email": "agent@essai.invalid",
}


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Keys:
    """The present key; `rotate` replaces it, and the one before is published no more."""

    def __init__(self) -> None:
        self.rotate()

    def rotate(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.kid = secrets.token_hex(4)

    def published(self) -> dict[str, Any]:
        numbers = self.key.public_key().public_numbers()
        n, e = (text(number.to_bytes((number.bit_length() + 7) // 8, "big")) for number in (numbers.n, numbers.e))
        return {"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid, "n": n, "e": e}]}

    def token(self, claims: dict[str, Any], *, alg: str = "RS256", tampered: bool = False) -> str:
        """A signed token; `none` is not signed, `HS256` is signed with the public key as if it were a secret."""
        head = text(json.dumps({"alg": alg, "kid": self.kid, "typ": "JWT"}).encode())
        signed = f"{head}.{text(json.dumps(claims).encode())}"
        if alg == "none":
            return f"{signed}."
        if alg == "HS256":
            public = self.key.public_key().public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            return f"{signed}.{text(hmac.digest(public, signed.encode(), 'sha256'))}"
        signature = self.key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        if tampered:
            signed = f"{head}.{text(json.dumps({**claims, 'sub': 'somebody else'}).encode())}"
        return f"{signed}.{text(signature)}"


class Handler(BaseHTTPRequestHandler):
    """Discovery, authorisation, token, keys, user information, and the door of the tests."""

    keys = Keys()
    answers: ClassVar[dict[str, Any]] = dict(ANSWERS)
    codes: ClassVar[dict[str, dict[str, str]]] = {}
    seen: ClassVar[dict[str, str]] = {}

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def answer(self, body: Any, *, status: int = 200, kind: str = "application/json") -> None:
        content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path == "/.well-known/openid-configuration":
            names = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
            where = {f"{name}_endpoint": f"{self.issuer}/{path}" for name, path in names.items()}
            self.answer({"issuer": self.issuer, "jwks_uri": f"{self.issuer}/jwks", **where})
        elif parts.path == "/authorize":
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            type(self).seen = asked
            code = secrets.token_urlsafe(16)
            self.codes[code] = asked
            back = urlencode({"code": code, "state": asked["state"], "iss": self.issuer})
            self.send_response(302)
            self.send_header("Location", f"{asked['redirect_uri']}?{back}")
            self.end_headers()
        elif parts.path == "/jwks":
            self.answer(self.keys.published())
        elif parts.path == "/userinfo":
            about = {"sub": self.answers["userinfo_sub"] or self.answers["sub"], "email": self.answers["email"]}
            if self.answers["userinfo_jwt"]:
                self.answer(self.keys.token({**about, "iss": self.issuer, "aud": CLIENT}), kind="application/jwt")
            else:
                self.answer(about)
        elif parts.path == "/test/seen":
            self.answer(self.seen)
        else:
            self.answer({}, status=404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path == "/test/set":
            type(self).answers = {**ANSWERS, **json.loads(body)}
            self.answer({})
        elif self.path == "/test/rotate":
            self.keys.rotate()
            self.answer({})
        elif self.path == "/token":
            self.tokens({name: values[0] for name, values in parse_qs(body).items()})
        else:
            self.answer({}, status=404)

    def tokens(self, given: dict[str, str]) -> None:
        """A code serves once, for whoever began, with the verifier of its challenge."""
        asked = self.codes.pop(given.get("code", ""), None)
        digest = text(hashlib.sha256(given.get("code_verifier", "").encode()).digest())
        if (
            asked is None
            or (given.get("client_id"), given.get("client_secret")) != (CLIENT, SECRET)
            or given.get("redirect_uri") != asked["redirect_uri"]
            or (asked["code_challenge_method"], asked["code_challenge"]) != ("S256", digest)
        ):
            self.answer({"error": "invalid_grant"}, status=400)
            return
        now, said = int(time.time()), self.answers
        claims = {
            "iss": said["iss"] or self.issuer,
            "sub": said["sub"],
            "aud": said["aud"] or CLIENT,
            "iat": now,
            "exp": now + said["expires_in"],
            "nonce": said["nonce"] or asked["nonce"],
            "acr": said["acr"],
            "amr": said["amr"],
        }
        token = self.keys.token(claims, alg=said["alg"], tampered=said["tampered"])
        self.answer({"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "id_token": token})


class Provider:
    """The running provider, seen from a test."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer

    @property
    def setting(self) -> dict[str, str]:
        """EGIDE_OIDC."""
        return {"issuer": self.issuer, "client_id": CLIENT, "client_secret": SECRET}

    def set(self, **answers: Any) -> None:
        """What it answers from now on; what is not named is as it should be."""
        unknown = set(answers) - set(ANSWERS)
        assert not unknown, unknown
        self._post("/test/set", json.dumps(answers).encode())

    def rotate(self) -> None:
        """Another key; the one before is forgotten."""
        self._post("/test/rotate", b"{}")

    def seen(self) -> dict[str, str]:
        """The last question it was asked."""
        with urlopen(f"{self.issuer}/test/seen") as answer:
            return dict(json.loads(answer.read()))

    def _post(self, path: str, body: bytes) -> None:
        with urlopen(Request(self.issuer + path, data=body)) as answer:
            answer.read()


@contextmanager
def running() -> Iterator[Provider]:
    """Start the process, and end it."""
    process = subprocess.Popen([sys.executable, __file__], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield Provider(process.stdout.readline().strip())
    finally:
        process.terminate()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever()

"""A transit engine over HTTP, for want of an OpenBao binary: the endpoints the registry uses, with real cryptography.

Written from OpenBao's documented answers and refusals: derived keys need a context (HKDF-SHA-256), `rewrap` knows no
associated data, `encrypt` makes a missing key, `trim` wants both minima set and none below it, 404 for an absent key.
"""

import base64
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

TOKEN = "a token of the tests"


class Refused(Exception):
    def __init__(self, status: int, *errors: str) -> None:
        self.status, self.errors = status, errors


class TransitKey:
    """One named key with its versions; each version also has its own key for HMAC, as transit does."""

    def __init__(self, kind: str, derived: bool) -> None:
        self.kind, self.derived = kind, derived
        self.versions: dict[int, tuple[bytes, bytes]] = {}
        self.latest, self.least_open, self.least_close, self.least_kept = 0, 1, 0, 0
        self.rotate()

    def rotate(self) -> None:
        self.latest += 1
        self.versions[self.latest] = (os.urandom(32), os.urandom(32))

    def cipher(self, version: int, context: bytes) -> AESGCM:
        if not self.derived:
            return AESGCM(self.versions[version][0])
        if not context:
            raise Refused(400, "missing 'context' for key derivation")
        kdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=context)
        return AESGCM(kdf.derive(self.versions[version][0]))

    def encrypt(self, plaintext: bytes, context: bytes) -> dict[str, Any]:
        nonce = os.urandom(12)
        sealed = nonce + self.cipher(self.latest, context).encrypt(nonce, plaintext, None)
        return {"ciphertext": f"vault:v{self.latest}:{coded(sealed)}", "key_version": self.latest}

    def decrypt(self, ciphertext: str, context: bytes) -> bytes:
        version, sealed = self.parsed(ciphertext, self.least_open)
        try:
            return self.cipher(version, context).decrypt(sealed[:12], sealed[12:], None)
        except (InvalidTag, ValueError):
            raise Refused(400, "cipher: message authentication failed") from None

    def parsed(self, value: str, least: int) -> tuple[int, bytes]:
        prefix, _, rest = value.partition(":v")
        number, _, content = rest.partition(":")
        if prefix != "vault" or not number.isdigit() or int(number) > self.latest:
            raise Refused(400, "invalid ciphertext: no prefix")
        if int(number) < least:
            raise Refused(400, "ciphertext or signature version is disallowed by policy (too old)")
        return int(number), decoded(content)

    def configure(self, body: dict[str, Any]) -> None:
        opens, closes = body.get("min_decryption_version", self.least_open), body.get("min_encryption_version")
        closes = self.least_close if closes is None else closes
        if max(opens, closes) > self.latest or 0 < closes < opens:
            raise Refused(400, "cannot set min encryption/decryption values")
        if self.least_kept > min(opens, closes):
            raise Refused(400, "min version should not be less than min available version")
        self.least_open, self.least_close = opens, closes

    def trim(self, least: int) -> None:
        if not self.least_close or least > min(self.least_close, self.least_open) or least < max(1, self.least_kept):
            raise Refused(400, "minimum available version cannot be greater than minimum decryption version")
        self.least_kept = least
        self.versions = {number: key for number, key in self.versions.items() if number >= least}


class Transit:
    def __init__(self) -> None:
        self.keys: dict[str, TransitKey] = {}
        self.lock = threading.Lock()
        self.sealed = False
        self.bodies: list[bytes] = []  # what came over the wire

    def answer(self, method: str, path: list[str], body: dict[str, Any]) -> dict[str, Any]:
        if self.sealed:
            raise Refused(503, "Vault is sealed")
        match [method, *path]:
            case ["LIST", "keys"] if self.keys:
                return {"keys": sorted(self.keys)}
            case ["POST", "keys", name]:
                self.keys.setdefault(name, TransitKey(body.get("type", "aes256-gcm96"), body.get("derived", False)))
                return self.described(name)
            case ["GET", "keys", name] if name in self.keys:
                return self.described(name)
            case ["POST", "encrypt", name]:
                self.keys.setdefault(name, TransitKey("aes256-gcm96", "context" in body))
                return self.keys[name].encrypt(decoded(body["plaintext"]), decoded(body.get("context", "")))
            case ["POST", *action, name] if len(action) == 1 and action[0] != "keys":
                return self.used(action[0], self.named(name), body)
            case ["POST", "keys", name, action]:
                key = self.named(name)
                if action == "rotate":
                    key.rotate()
                elif action == "config":
                    key.configure(body)
                elif action == "trim":
                    key.trim(body["min_available_version"])
                return self.described(name)
        raise Refused(404)

    def used(self, action: str, key: TransitKey, body: dict[str, Any]) -> dict[str, Any]:
        context = decoded(body.get("context", ""))
        if action == "decrypt":
            return {"plaintext": coded(key.decrypt(body["ciphertext"], context))}
        if action == "rewrap":
            return key.encrypt(key.decrypt(body["ciphertext"], context), context)
        version = body.get("key_version", key.latest)
        if action == "hmac":
            code = hmac.HMAC(key.versions[version][1], hashes.SHA256())
            code.update(decoded(body["input"]))
            return {"hmac": f"vault:v{version}:{coded(code.finalize())}"}
        if key.kind != "ed25519":
            raise Refused(400, f"key type {key.kind} does not support signing")
        if action == "sign":
            private = Ed25519PrivateKey.from_private_bytes(key.versions[version][0])
            return {
                "signature": f"vault:v{version}:{coded(private.sign(decoded(body['input'])))}",
                "key_version": version,
            }
        if action == "verify":
            version, signature = key.parsed(body["signature"], key.least_open)
            public = Ed25519PrivateKey.from_private_bytes(key.versions[version][0]).public_key()
            try:
                public.verify(signature, decoded(body["input"]))
            except InvalidSignature:
                return {"valid": False}
            return {"valid": True}
        raise Refused(404)

    def named(self, name: str) -> TransitKey:
        if name not in self.keys:
            raise Refused(400, "encryption key not found")
        return self.keys[name]

    def described(self, name: str) -> dict[str, Any]:
        key = self.keys[name]
        return {"name": name, "type": key.kind, "latest_version": key.latest, "keys": {n: 0 for n in key.versions}}


@contextmanager
def serving() -> Iterator[tuple[str, Transit]]:
    """The address of a transit engine on loopback, and the engine to look into."""
    transit = Transit()

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            transit.bodies.append(body)
            mount = "/v1/transit/"
            try:
                if self.headers.get("X-Vault-Token") != TOKEN:
                    raise Refused(403, "permission denied")
                if not self.path.startswith(mount):
                    raise Refused(404)
                with transit.lock:
                    data = transit.answer(
                        self.command.replace("PUT", "POST"),
                        self.path[len(mount) :].split("/"),
                        json.loads(body or b"{}"),
                    )
                status, content = 200, {"data": data}
            except Refused as refusal:
                # As OpenBao does, an answer of refusal may quote the request: the client must not pass it on.
                status, content = refusal.status, {"errors": [*refusal.errors, body.decode()]}
            answer = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST = do_PUT = do_LIST = handle_any

        def log_message(self, format: str, *args: object) -> None:
            """Nothing on the console."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", transit
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def coded(value: bytes) -> str:
    return base64.b64encode(value).decode()


def decoded(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except ValueError:
        raise Refused(400, "failed to base64-decode") from None

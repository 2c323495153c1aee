"""[I/O] Keys in OpenBao or Vault: the transit engine keeps them, wraps, signs and computes; no owner's key comes here.

One owner is three transit keys, so that each has its own life: `<prefix>department.62.wrap`, `.mac`, `.sign`.
The context of a wrapped key is a *derivation* context (`derived` keys), not `associated_data`: transit's `rewrap`
takes the former and not the latter. Source: https://openbao.org/api-docs/secret/transit/ and the engine's source.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import hvac
import requests
from hvac import exceptions

from egide_registry.security.keys.service import (
    KeyRefused,
    KeyServiceUnavailable,
    UnknownOwner,
    VersionRefused,
    checked_context,
    checked_owner,
    mac_input,
    wrapped_version,
)

_FIXED = 1  # mac and signing keys are never rotated; should someone do it by hand, the first version still serves


class OpenBaoKeys:
    """A `KeyService` over a transit engine.

    The site's token may use keys, not make, rotate or destroy them: that is the operator's (docs/methods/sealing.md).
    """

    def __init__(
        self, url: str, token: str, *, mount: str = "transit", prefix: str = "egide.", ca: str | None = None
    ) -> None:
        place = urlsplit(url)
        if place.scheme != "https" and place.hostname not in ("127.0.0.1", "::1", "localhost"):
            raise KeyServiceUnavailable(
                f"Service de clés {place.hostname} : attendu une adresse https, reçu {place.scheme or 'rien'}. "
                "Des clés en clair ne traversent pas un réseau."
            )
        self._mount, self._prefix, self._place = mount, prefix, place.netloc
        session = requests.Session()
        session.trust_env = False  # no proxy of the environment between us and the keys
        client = hvac.Client(
            url=url, token=token, verify=ca or True, timeout=10, session=session, allow_redirects=False
        )
        self._transit = client.secrets.transit
        self._known: set[str] = set()

    def __repr__(self) -> str:
        return f"OpenBaoKeys({self._place!r})"

    def create(self, owner: str) -> None:
        try:
            return self._check_known(owner)
        except UnknownOwner:
            pass
        # The wrapping key comes last: an owner exists when it does. Transit leaves a key that exists as it is.
        roles: tuple[tuple[str, dict[str, Any]], ...] = (
            ("mac", {}),
            ("sign", {"key_type": "ed25519"}),
            ("wrap", {"derived": True}),
        )
        for role, settings in roles:
            self._ask(owner, self._transit.create_key, name=self._name(owner, role), **settings)
        self._known.add(owner)

    def owners(self) -> tuple[str, ...]:
        found = self._ask("*", self._transit.list_keys, absent={"data": {"keys": []}})["data"]["keys"]
        names = [name.removeprefix(self._prefix) for name in found if name.startswith(self._prefix)]
        return tuple(sorted(name[: -len(".wrap")].replace(".", "/") for name in names if name.endswith(".wrap")))

    def wrap(self, owner: str, key: bytes, *, context: bytes) -> bytes:
        self._check_known(owner)
        given: dict[str, Any] = {"plaintext": _text(key), "context": _text(checked_context(context))}
        answer = self._ask(owner, self._transit.encrypt_data, name=self._name(owner, "wrap"), **given)
        return str(answer["data"]["ciphertext"]).encode()

    def unwrap(self, owner: str, wrapped: bytes, *, context: bytes) -> bytes:
        answer = self._open(owner, self._transit.decrypt_data, wrapped, context)
        return base64.b64decode(answer["data"]["plaintext"])

    def rewrap(self, owner: str, wrapped: bytes, *, context: bytes) -> bytes:
        answer = self._open(owner, self._transit.rewrap_data, wrapped, context)
        return str(answer["data"]["ciphertext"]).encode()

    def rotate(self, owner: str) -> int:
        self._check_known(owner)
        self._ask(owner, self._transit.rotate_key, name=self._name(owner, "wrap"))
        return self._latest(owner)

    def forget(self, owner: str, before: int) -> None:
        latest = self._latest(owner)
        if not 1 <= before <= latest:
            raise VersionRefused(owner, before, latest)
        name = self._name(owner, "wrap")
        # One at a time and in this order: together, hvac refuses two equal numbers, which transit takes.
        self._ask(owner, self._transit.update_key_configuration, name=name, min_encryption_version=before)
        self._ask(owner, self._transit.update_key_configuration, name=name, min_decryption_version=before)
        self._ask(owner, self._transit.trim_key, name=name, min_version=before)

    def mac(self, owner: str, purpose: str, data: bytes) -> bytes:
        self._check_known(owner)
        given: dict[str, Any] = {
            "hash_input": _text(mac_input(purpose, data)),
            "key_version": _FIXED,
            "algorithm": "sha2-256",
        }
        answer = self._ask(owner, self._transit.generate_hmac, name=self._name(owner, "mac"), **given)
        return _payload(answer["data"]["hmac"])

    def sign(self, owner: str, data: bytes) -> bytes:
        self._check_known(owner)
        given: dict[str, Any] = {"hash_input": _text(data), "key_version": _FIXED}
        answer = self._ask(owner, self._transit.sign_data, name=self._name(owner, "sign"), **given)
        return _payload(answer["data"]["signature"])

    def verify(self, owner: str, data: bytes, signature: bytes) -> bool:
        self._check_known(owner)
        if len(signature) != 64:
            return False
        given: dict[str, Any] = {"hash_input": _text(data), "signature": f"vault:v{_FIXED}:{_text(signature)}"}
        answer = self._ask(owner, self._transit.verify_signed_data, name=self._name(owner, "sign"), **given)
        return bool(answer["data"]["valid"])

    def _name(self, owner: str, role: str) -> str:
        # Transit names hold no slash, owners hold no dot.
        return f"{self._prefix}{checked_owner(owner).replace('/', '.')}.{role}"

    def _check_known(self, owner: str) -> None:
        # A token with too many rights would make transit create a missing key on the first use.
        if owner not in self._known:
            self._latest(owner)
            self._known.add(owner)

    def _latest(self, owner: str) -> int:
        return int(self._ask(owner, self._transit.read_key, name=self._name(owner, "wrap"))["data"]["latest_version"])

    def _open(self, owner: str, call: Callable[..., Any], wrapped: bytes, context: bytes) -> Any:
        self._check_known(owner)
        checked_context(context)
        try:
            wrapped_version(wrapped)
        except ValueError:
            raise KeyRefused(owner) from None
        given: dict[str, Any] = {"ciphertext": wrapped.decode(), "context": _text(context)}
        return self._ask(owner, call, opening=True, name=self._name(owner, "wrap"), **given)

    def _ask(
        self, owner: str, call: Callable[..., Any], *, opening: bool = False, absent: Any = None, **given: Any
    ) -> Any:
        """One request. hvac's errors carry the server's whole answer: they end here, and none is chained to ours."""
        problem: Exception
        try:
            return call(mount_point=self._mount, **given)
        except exceptions.InvalidPath:
            if absent is not None:
                return absent
            problem = UnknownOwner(owner)
        except exceptions.InvalidRequest:
            problem = KeyRefused(owner) if opening else self._unavailable("un accord", "un refus", "Voir son journal.")
        except exceptions.Forbidden:
            problem = self._unavailable("un jeton qui en a le droit", "un refus", "Voir la politique du jeton.")
        except (exceptions.VaultError, requests.RequestException, ValueError):
            problem = self._unavailable("une réponse", "une erreur", "Vérifier qu’il répond et qu’il est descellé.")
        raise problem

    def _unavailable(self, expected: str, got: str, way_out: str) -> KeyServiceUnavailable:
        return KeyServiceUnavailable(f"Service de clés {self._place} : attendu {expected}, reçu {got}. {way_out}")


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _payload(value: str) -> bytes:
    """The bytes of "vault:v1:…"."""
    return base64.b64decode(value.rsplit(":", 1)[1])

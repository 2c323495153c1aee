"""What a key service does, whoever keeps the keys.

An *owner* is what a key belongs to: "department/62", "accounts", "reporters/62", "matching". Each owner has three keys,
made together and never seen by the caller:

| key  | for                                         | rotated                                |
|------|---------------------------------------------|----------------------------------------|
| wrap | the data keys of the database (AES-256-GCM) | yes; old versions open until forgotten |
| mac  | blind indexes (HMAC-SHA-256)                | no: an index must stay the same        |
| sign | daily heads of the journal (Ed25519)        | no: an old head must still verify      |

Source: docs/methods/sealing.md, docs/decisions/keys-outside-the-database.md.
"""

from __future__ import annotations

import re
from typing import Protocol

_OWNER = re.compile(r"[a-z][a-z0-9-]*(/[A-Za-z0-9-]+)?")
_PURPOSE = re.compile(r"[a-z][a-z0-9_./-]*")
_WRAPPED = re.compile(rb"[a-z]+:v([1-9][0-9]{0,8}):[A-Za-z0-9+/=]+")


class KeyServiceError(Exception):
    """Anything a key service refuses. The message names an owner and a way out, never a key or a text."""


class UnknownOwner(KeyServiceError):
    """This owner has no keys."""

    def __init__(self, owner: str) -> None:
        super().__init__(
            f"Service de clés, propriétaire {owner} : attendu des clés existantes, aucune trouvée. "
            "Créer ses clés, ou corriger le nom."
        )


class KeyRefused(KeyServiceError):
    """The wrapped key does not open: altered, of another owner or context, or of a dead version. Not told which."""

    def __init__(self, owner: str) -> None:
        super().__init__(
            f"Service de clés, propriétaire {owner} : clé enveloppée refusée. "
            "Elle est altérée, d’un autre propriétaire, d’un autre contexte ou d’une version détruite."
        )


class VersionRefused(KeyServiceError):
    """`forget` was asked for a version that does not exist yet: it would leave the owner without a key."""

    def __init__(self, owner: str, before: int, latest: int) -> None:
        super().__init__(
            f"Service de clés, propriétaire {owner} : attendu une version de 1 à {latest}, reçu {before}. "
            "La dernière version ne se détruit pas : tourner la clé d’abord."
        )


class KeyServiceUnavailable(KeyServiceError):
    """The keys cannot be reached: file, network, right, master secret."""


class KeyService(Protocol):
    """One interface for `local.LocalKeys` and `openbao.OpenBaoKeys`. Every method may raise KeyServiceUnavailable."""

    def create(self, owner: str) -> None:
        """Make the keys of an owner. Does nothing where they exist: two processes that start together lose nothing."""

    def owners(self) -> tuple[str, ...]:
        """All owners that have keys, sorted."""

    def wrap(self, owner: str, key: bytes, *, context: bytes) -> bytes:
        """Seal a data key under the newest version. The context (not empty) must be given again to open it."""

    def unwrap(self, owner: str, wrapped: bytes, *, context: bytes) -> bytes:
        """Open what `wrap` gave. Raises KeyRefused, or UnknownOwner."""

    def rewrap(self, owner: str, wrapped: bytes, *, context: bytes) -> bytes:
        """The same data key under the newest version. Raises KeyRefused, or UnknownOwner."""

    def rotate(self, owner: str) -> int:
        """Make a new version for wrapping and give its number. Old versions still open."""

    def forget(self, owner: str, before: int) -> None:
        """Destroy all versions smaller than `before`. Nothing brings back what was wrapped under them."""

    def mac(self, owner: str, purpose: str, data: bytes) -> bytes:
        """HMAC-SHA-256 of the data, 32 bytes; one key per owner, unrelated values for each purpose."""

    def sign(self, owner: str, data: bytes) -> bytes:
        """Ed25519 signature, 64 bytes."""

    def verify(self, owner: str, data: bytes, signature: bytes) -> bool:
        """Whether this owner signed these data. A signature of the wrong shape is false, not an error."""


def checked_owner(owner: str) -> str:
    """The owner, if it is a name that every service can store. Raises ValueError."""
    if not _OWNER.fullmatch(owner):
        raise ValueError('Propriétaire de clés : attendu un nom comme "department/62", reçu autre chose.')
    return owner


def checked_context(context: bytes) -> bytes:
    """The context, if it binds anything. Raises ValueError: an empty one would let wrapped keys be exchanged."""
    if not context:
        raise ValueError("Contexte d’enveloppe : attendu l’identité de la clé de données, reçu un contexte vide.")
    return context


def mac_input(purpose: str, data: bytes) -> bytes:
    """What is really authenticated: no purpose holds a zero byte, so no two pairs give the same bytes."""
    if not _PURPOSE.fullmatch(purpose):
        raise ValueError('Usage d’empreinte : attendu un nom comme "blind/name", reçu autre chose.')
    return purpose.encode() + b"\0" + data


def wrapped_version(wrapped: bytes) -> int:
    """Under which version of its owner's key a data key is wrapped, without opening it. Raises ValueError.

    For rotation: what is still under an old version must be rewrapped before that version is forgotten.
    """
    found = _WRAPPED.fullmatch(wrapped)
    if found is None:
        raise ValueError("Clé enveloppée : forme inconnue.")
    return int(found[1])

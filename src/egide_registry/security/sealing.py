"""Sealed values: what the database holds instead of names, texts and documents.

    "v1|"  key id (8 bytes)  nonce (12 bytes)  AES-256-GCM of the padded value, with its tag (16 bytes)

The tag also covers the three first parts and the place: a value moved to another row, column or table does not open.
Source: docs/methods/sealing.md.
"""

from __future__ import annotations

import hashlib
import json
import os
from typing import Any

from attrs import field, frozen
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MARK = b"v1|"
MOST = 20 * 2**20  # bytes of one value
_KEY, _KEY_ID, _NONCE, _TAG, _LENGTH = 32, 8, 12, 16, 4
_HEAD = len(MARK) + _KEY_ID + _NONCE
_LEAST, _STEPPED = 64, 4096


class Unsealable(Exception):
    """This does not open, and nothing more is told: altered, moved, cut, or not sealed by us."""

    def __init__(self) -> None:
        super().__init__("Valeur scellée : elle ne s’ouvre pas à cet endroit avec cette clé.")


class WrongKey(Unsealable):
    """It was sealed under another data key than the one given: look for the right one before calling it altered."""


def _row(row: object) -> str:
    if row is None or str(row) == "":
        raise ValueError("Place d’une valeur scellée : attendu l’identifiant de la ligne, reçu rien.")
    return str(row)


@frozen
class Place:
    """Where a value lives. The row must have its identifier before anything is sealed for it."""

    table: str
    column: str
    row: str = field(converter=_row)


def new_data_key() -> bytes:
    """A fresh key of 256 bits. [chance] One a subject: at most 2³² values may be sealed under it."""
    return os.urandom(_KEY)


def key_id(key: bytes) -> bytes:
    """What tells keys apart without telling anything of them: 8 bytes of a hash of 256 random bits."""
    return hashlib.sha256(b"egide data key" + _checked(key)).digest()[:_KEY_ID]


def seal(key: bytes, place: Place, plaintext: bytes) -> bytes:
    """The value, sealed for this place. Raises ValueError above 20 MiB or for a key that is not of 32 bytes."""
    if len(plaintext) > MOST:
        raise ValueError(f"Valeur à sceller : attendu au plus {MOST} octets, reçu {len(plaintext)}. La réduire.")
    head = MARK + key_id(key) + os.urandom(_NONCE)
    size = padded_size(_LENGTH + len(plaintext))
    padded = (len(plaintext).to_bytes(_LENGTH, "big") + plaintext).ljust(size, b"\0")
    return head + AESGCM(key).encrypt(head[-_NONCE:], padded, _bound(head, place))


def unseal(key: bytes, place: Place, sealed: bytes) -> bytes:
    """The value that was sealed for this place. Raises WrongKey, or Unsealable."""
    expected = key_id(key)
    if len(sealed) < _HEAD + _LEAST + _TAG or not sealed.startswith(MARK):
        raise Unsealable
    head = sealed[:_HEAD]
    if head[len(MARK) : len(MARK) + _KEY_ID] != expected:
        raise WrongKey
    try:
        padded = AESGCM(key).decrypt(head[-_NONCE:], sealed[_HEAD:], _bound(head, place))
    except InvalidTag:
        raise Unsealable from None
    return padded[_LENGTH : _LENGTH + int.from_bytes(padded[:_LENGTH], "big")]


def seal_json(key: bytes, place: Place, value: Any) -> bytes:
    """A JSON value, sealed. Raises TypeError or ValueError for what JSON does not have (dates, NaN)."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    # A lone surrogate, which a form may send, is kept: the error of a refusal would quote the text.
    return seal(key, place, text.encode("utf-8", "surrogatepass"))


def open_json(key: bytes, place: Place, sealed: bytes) -> Any:
    """The JSON value that was sealed for this place. Raises WrongKey, or Unsealable."""
    return json.loads(unseal(key, place, sealed).decode("utf-8", "surrogatepass"))


def padded_size(size: int) -> int:
    """How long a value of this size is made before it is sealed, so that lengths tell little.

    Up to 4 KiB the next power of two, at least 64. Above it Padmé (Nikitin and others, PETS 2019, 4): only the first
    bits of a length are kept, one more each time its number of bits doubles; at most 6.25 % is added.
    """
    if size <= _STEPPED:
        return max(_LEAST, 1 << (size - 1).bit_length())
    exponent = size.bit_length() - 1
    dropped = exponent - exponent.bit_length()
    return -(-size >> dropped) << dropped


def _bound(head: bytes, place: Place) -> bytes:
    # A JSON list: no two places give the same bytes, whatever their names hold.
    return head + json.dumps([place.table, place.column, place.row]).encode()


def _checked(key: bytes) -> bytes:
    if len(key) != _KEY:
        raise ValueError(f"Clé de données : attendu {_KEY} octets, reçu {len(key)}.")
    return key

"""A sealed answer: whoever fills the form, carries the file or runs the receiver cannot read it; the team's key can.

    "EGIDE-REPONSE-1\\n"  key id (8 bytes)  ephemeral P-256 point (65 bytes)  AES-256-GCM of the padded content

HPKE of RFC 9180, base mode, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM; `info` is the mark and the key id. The
page seals with the same bytes through WebCrypto (assets/form.js). [chance: the ephemeral key, drawn by the library]
Source: docs/methods/sealed-answers.md.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from attrs import field, frozen
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from egide.diagnostic.questionnaire.fields import Pair
from egide.diagnostic.questionnaire.keys import KEY_ID, PrivateKey, PublicKey, key_bytes

MARK = b"EGIDE-REPONSE-1\n"
SUFFIX = ".egide"
LEAST, MOST = 16 * 2**10, 2**20  # bytes of the padded content: 16 KiB, then each double, up to 1 MiB
_POINT, _TAG, _LENGTH = 65, 16, 4
_HEAD = len(MARK) + KEY_ID
_SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_NUMBER = 32  # hexadecimal digits


class Unsealable(Exception):
    """This does not open, and nothing more is told: altered, cut, or no sealed answer."""


class WrongKey(Unsealable):
    """It was sealed for another key than the one given."""


@frozen(kw_only=True, repr=False)
class Content:
    """What a form says: the version it was made from, a number drawn where it was filled, and its filled fields."""

    version: str
    number: str = field()
    pairs: tuple[Pair, ...]

    @number.validator
    def _hexadecimal(self, _: object, value: str) -> None:
        if len(value) != _NUMBER or set(value) - set("0123456789abcdef"):
            raise ValueError(f"the number of an answer has {_NUMBER} hexadecimal digits")


def seal(content: Content, key: PublicKey) -> bytes:
    """The file. Raises ValueError for a content above 1 MiB."""
    head = MARK + key_bytes(key)
    return head + _SUITE.encrypt(_padded(content), key, info=head)


def unseal(sealed: bytes, key: PrivateKey) -> Content:
    """The content that was sealed for this key. Raises WrongKey, or Unsealable."""
    if not sealed.startswith(MARK) or len(sealed) < _HEAD + _POINT + LEAST + _TAG:
        raise Unsealable
    if sealed[len(MARK) : _HEAD] != key_bytes(key.public_key()):
        raise WrongKey
    try:
        padded = _SUITE.decrypt(sealed[_HEAD:], key, info=sealed[:_HEAD])
    except (InvalidTag, ValueError):
        raise Unsealable from None  # their texts could hold some of it
    return _content(padded[_LENGTH : _LENGTH + int.from_bytes(padded[:_LENGTH], "big")])


def padded_size(size: int) -> int:
    """16 KiB for nearly every answer, else the next power of two: a file's length says if it is long, no more."""
    return max(LEAST, 1 << (size - 1).bit_length())


def _padded(content: Content) -> bytes:
    body = {"questionnaire": content.version, "number": content.number, "fields": [list(one) for one in content.pairs]}
    plain = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    size = padded_size(_LENGTH + len(plain))
    if size > MOST:
        raise ValueError(f"an answer holds at most {MOST} bytes")
    return (len(plain).to_bytes(_LENGTH, "big") + plain).ljust(size, b"\0")


def _content(plain: bytes) -> Content:
    """Sealed with the public key, so by anybody: nothing of its form is taken for granted."""
    try:
        body = json.loads(plain)
        pairs: Sequence[object] = body["fields"]
        texts = [body["questionnaire"], body["number"], *(text for pair in pairs for text in _two(pair))]
        if not all(isinstance(text, str) for text in texts):
            raise Unsealable
        "".join(texts).encode()  # half a character opens here and would stop the writing of every answer
        return Content(version=texts[0], number=texts[1], pairs=tuple(zip(texts[2::2], texts[3::2], strict=True)))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Unsealable from None


def _two(pair: object) -> list[str]:
    if not isinstance(pair, list) or len(pair) != 2:
        raise Unsealable
    return pair

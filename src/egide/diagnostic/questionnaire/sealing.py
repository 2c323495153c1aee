"""A sealed answer: whoever fills the form, carries the file or runs the receiver cannot read it; the team's key can.

    "EGIDE-REPONSE-1\\n"  key id (8 bytes)  ephemeral P-256 point (65 bytes)  AES-256-GCM of the padded content

HPKE of RFC 9180, base mode, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM; `info` is the mark and the key id. The
page seals with the same bytes through WebCrypto (assets/form.js). [chance: the ephemeral key, drawn by the library]
Source: docs/methods/sealed-answers.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from attrs import field, frozen
from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from egide.diagnostic.questionnaire.fields import Pair
from egide.errors import StoreError

MARK = b"EGIDE-REPONSE-1\n"
SUFFIX = ".egide"
LEAST, MOST = 16 * 2**10, 2**20  # bytes of the padded content: 16 KiB, then each double, up to 1 MiB
SHORTEST_PASSPHRASE = 16  # characters
_KEY_ID, _POINT, _TAG, _LENGTH = 8, 65, 16, 4
_HEAD = len(MARK) + _KEY_ID
_SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_NUMBER = 32  # hexadecimal digits

PublicKey = ec.EllipticCurvePublicKey
PrivateKey = ec.EllipticCurvePrivateKey


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


def key_id(key: PublicKey) -> str:
    """What tells keys apart, and what the page prints: the start of a SHA-256 of the public point."""
    return _key_id(key).hex()


def point(key: PublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def seal(content: Content, key: PublicKey) -> bytes:
    """The file. Raises ValueError for a content above 1 MiB."""
    head = MARK + _key_id(key)
    return head + _SUITE.encrypt(_padded(content), key, info=head)


def unseal(sealed: bytes, key: PrivateKey) -> Content:
    """The content that was sealed for this key. Raises WrongKey, or Unsealable."""
    if not sealed.startswith(MARK) or len(sealed) < _HEAD + _POINT + LEAST + _TAG:
        raise Unsealable
    if sealed[len(MARK) : _HEAD] != _key_id(key.public_key()):
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
        return Content(version=texts[0], number=texts[1], pairs=tuple(zip(texts[2::2], texts[3::2], strict=True)))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Unsealable from None


def _two(pair: object) -> list[str]:
    if not isinstance(pair, list) or len(pair) != 2:
        raise Unsealable
    return pair


def _key_id(key: PublicKey) -> bytes:
    return hashlib.sha256(point(key)).digest()[:_KEY_ID]


# ---- the team's keys ----


def new_key() -> PrivateKey:
    """A fresh pair. [chance]"""
    return ec.generate_private_key(ec.SECP256R1())


def private_pem(key: PrivateKey, passphrase: str) -> bytes:
    """PKCS8, encrypted. Raises StoreError for a passphrase that is too short."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise StoreError(
            f"Phrase secrète\u00a0: attendu au moins {SHORTEST_PASSPHRASE} caractères, par exemple cinq mots tirés"
            f" au sort, reçu {len(passphrase)}. Choisissez-en une autre."
        )
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase.encode()))


def public_pem(key: PublicKey) -> bytes:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def read_private(pem: bytes, passphrase: str) -> PrivateKey:
    """Raises StoreError, with nothing of the file in it."""
    try:
        key = load_pem_private_key(pem, passphrase.encode() or None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise StoreError(
            "Clé privée\u00a0: attendu la clé P-256 de l’équipe et sa phrase secrète, reçu un fichier ou une phrase"
            " qui ne vont pas. Vérifiez les deux."
        )
    return key


def read_public(pem: bytes) -> PublicKey:
    """Raises StoreError. A private key in place of the public one is refused too: it must not travel."""
    try:
        key = load_pem_public_key(pem)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise StoreError(
            "Clé publique\u00a0: attendu la clé P-256 faite par «\u00a0egide diagnostic form key\u00a0», reçu autre"
            " chose. La clé privée, elle, ne quitte pas l’équipe."
        )
    return key

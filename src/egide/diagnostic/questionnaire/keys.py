"""The team's two keys, on P-256: the public one seals, the private one alone opens. [chance: new keys]

Source: docs/methods/sealed-answers.md.
"""

from __future__ import annotations

import hashlib

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from egide.errors import StoreError

SHORTEST_PASSPHRASE = 16  # characters
KEY_ID = 8  # bytes

PublicKey = ec.EllipticCurvePublicKey
PrivateKey = ec.EllipticCurvePrivateKey


def key_id(key: PublicKey) -> str:
    """What tells keys apart, and what the page prints: the start of a SHA-256 of the public point."""
    return key_bytes(key).hex()


def key_bytes(key: PublicKey) -> bytes:
    """The same, as a sealed file holds it."""
    return hashlib.sha256(point(key)).digest()[:KEY_ID]


def point(key: PublicKey) -> bytes:
    """65 bytes, uncompressed."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


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

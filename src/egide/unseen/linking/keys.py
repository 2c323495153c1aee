"""The key that partners share for one linkage: made once, read by its holder alone, destroyed after. [I/O, chance]

Who links never has it. Source: docs/methods/list-tokens.md.
"""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path
from typing import BinaryIO

from egide.errors import StoreError
from egide.linkage.pseudonyms import Key
from egide.sources.messages import NBSP

_HEADING = "egide-cle-de-jetons-1"
_CONTENT = re.compile(rf"{_HEADING}\n([0-9a-f]{{64}})\n")
_LONGEST = 1_000  # bytes


def new_key_file(path: Path) -> str:
    """Write a fresh key, for its owner only, never over a file; its fingerprint. Raises StoreError."""
    if path.exists():
        raise StoreError(
            f"{path}{NBSP}: un fichier existe. Une clé n’est jamais remplacée{NBSP}: indiquez-en un autre."
        )
    secret = secrets.token_bytes(32)
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "w", encoding="ascii") as file:
            file.write(f"{_HEADING}\n{secret.hex()}\n")
    except BaseException:  # half a key could be neither used nor destroyed
        path.unlink(missing_ok=True)
        raise
    return fingerprint(Key(secret))


def read_key(path: Path) -> Key:
    """Raises StoreError for a file that others may read, or that is no key; nothing of it is quoted."""
    with path.open("rb") as file:
        key = _read(file, path)
        mode = os.fstat(file.fileno()).st_mode & 0o077
    if mode:
        raise StoreError(
            f"{path}{NBSP}: attendu une clé que vous seul pouvez lire, reçu un fichier ouvert à d’autres."
            f" Fermez-le{NBSP}: chmod 600 {path.name}."
        )
    return key


def _read(file: BinaryIO, path: Path) -> Key:
    match = _CONTENT.fullmatch(file.read(_LONGEST).decode("ascii", errors="replace"))
    if match is None:
        raise StoreError(
            f"{path}{NBSP}: attendu une clé faite par «{NBSP}egide pseudonymise --new-key{NBSP}», reçu autre chose."
            " Demandez-la au tiers de confiance."
        )
    return Key(bytes.fromhex(match[1]))


def destroy_key_file(path: Path) -> str:
    """Overwrite a key, then erase it; its fingerprint. Raises StoreError for a file that is no key.

    A key that others may read is destroyed too. What is overwritten is the very file that was read. A disk of flash
    memory or a backup may keep a former copy: the page says so.
    """
    with path.open("r+b") as file:
        told = fingerprint(_read(file, path))
        file.seek(0)
        file.write(b"\0" * os.fstat(file.fileno()).st_size)
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    return told


def fingerprint(key: Key) -> str:
    """64 bits that tell keys apart and say nothing of them: a keyed digest of a fixed text."""
    return key.digest("fingerprint", "egide").hex()[:16]

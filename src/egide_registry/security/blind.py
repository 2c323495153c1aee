"""Blind indexes: finding a sealed name again without opening anything.

An index is 64 bits of an HMAC under a key of the key service, one per department and column. Equal values of a column
give equal indexes: whoever reads the table sees that two rows agree, not on what. An index is never unique and
proves nothing: the reader opens the rows found and compares. Source: docs/methods/blind-indexes.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeAlias

# (purpose, data) -> 32 bytes: `functools.partial(keys.mac, "department/62")`.
Mac: TypeAlias = Callable[[str, bytes], bytes]

SIZE = 8  # bytes

# Letters that Unicode does not take apart into a plain letter and an accent.
_LETTERS = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "þ": "th"})

# In order; on plain small letters. 1: an, 4: in, 6: on, 5: ch. Explained in docs/methods/blind-indexes.md.
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"ph", "f"),
        (r"bv", "v"),
        (r"ch(?=[lr])", "k"),
        (r"t?ch|sch|sh", "5"),
        (r"dj", "j"),
        (r"ck|cqu?|qu?|kh", "k"),
        (r"gn", "n"),
        (r"g(?=[eiy])", "j"),
        (r"gu(?=[eiy])|gh", "g"),
        (r"c(?=[eiy])", "s"),
        (r"c", "k"),
        (r"h", ""),
        (r"[xz]", "s"),
        (r"([a-z])\1+", r"\1"),
        (r"eau|au", "o"),
        (r"oeu|oe(?!$)|eu", "e"),
        (r"ou|w", "u"),
        (r"(?:ai|ei|ay|ey|i|y)[nm](?![aeiouy])", "4"),
        (r"(?<=[iy])en(?![aeiouy])", "4"),
        (r"e?a[nm](?![aeiouy])|e[nm](?![aeiouy])", "1"),
        (r"o[nm](?![aeiouy])", "6"),
        (r"ai|ei|ay|ey|e[rt]$", "e"),
        (r"y", "i"),
        (r"(?<=..)e$", ""),
        (r"(?<=..)[std]+$", ""),
        (r"(.)\1+", r"\1"),
    )
)


class NothingToIndex(ValueError):
    """The value has no letter and no digit: indexing it would gather all the blanks as one person."""

    def __init__(self) -> None:
        super().__init__("Index aveugle : attendu au moins une lettre ou un chiffre, reçu une valeur vide.")


def normalised(name: str) -> str:
    """A name as it is compared: small letters and digits only; accents, hyphens, apostrophes and spaces are gone.

    Particles stay: they are part of the name. Letters of other scripts stay as they are.
    """
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold()).translate(_LETTERS)
    return "".join(letter for letter in folded if letter.isalnum())


def phonetic(name: str) -> str:
    """How a name sounds to a French ear, roughly: what is written differently and said alike has one code.

    After the published description of Phonex (F. Brouard, 1999), with fewer rules and a few for names written in
    several ways in French (ou and w, kh, dj). Coarse on purpose: a person looks at each pair it brings together.
    """
    # The cedilla is the one accent that changes a consonant.
    code = normalised(unicodedata.normalize("NFC", name).casefold().replace("ç", "s"))
    for pattern, sound in _SOUNDS:
        code = pattern.sub(sound, code)
    return code


def name_index(mac: Mac, column: str, name: str) -> bytes:
    """The index of a name, however its accents, case, hyphens and spaces are written. Raises NothingToIndex."""
    return exact_index(mac, column, normalised(name))


def date_index(mac: Mac, column: str, day: date) -> bytes:
    """The index of a date, mostly of birth."""
    return exact_index(mac, column, day.isoformat())


def exact_index(mac: Mac, column: str, value: str) -> bytes:
    """The index of a value in which each character counts: an address, an issuer and subject. Raises NothingToIndex."""
    if not value:
        raise NothingToIndex
    return mac(f"blind/{column}", value.encode())[:SIZE]


def duplicate_index(mac: Mac, column: str, names: Iterable[str], born: date) -> bytes:
    """The index of a sound and a month of birth: says where to look for the same person written otherwise.

    In: the names that count, each whole ("family", or "family" and "first given"); their order does not matter,
    since family and given names are often exchanged. Within one department only. Raises NothingToIndex.
    """
    codes = sorted({code for code in map(phonetic, names) if code})
    if not codes:
        raise NothingToIndex
    return exact_index(mac, column, "|".join([*codes, f"{born:%Y-%m}"]))

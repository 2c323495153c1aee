"""A corpus of texts as one line of a-z, 0-9 and blanks: what is left of writing when its dress is taken off.

Accents, case, ligatures, full-width and mathematical letters, enclosed digits and the Cyrillic or Greek letters that
look like Latin ones are all read as the plain letter. Source: docs/methods/near-duplicates.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from egide.diagnostic.duplicates.machine import PLAIN_LETTERS, kernels

BLANK = 32
_BLOCK = 1_000  # texts joined at a time: one emoji makes a joined text four bytes a letter, and what fits is quick
_BYTES_MOST = 4  # of a character in UTF-8: its letters are never more
_TABLE_END = 0x20000  # letters and digits all stand below; what is above is a blank
_SILENT = 1 << 24  # nothing is written: a combining accent, a zero-width joiner
_NAMED = re.compile(
    r"LATIN (?:CAPITAL|SMALL) (?:LETTER|LIGATURE) ([A-Z]{1,2})(?: WITH .*)?$|LATIN LETTER SMALL CAPITAL ([A-Z])$"
)
_ENCLOSED = re.compile(r"(?:NEGATIVE |CROSSED NEGATIVE )?(?:CIRCLED|SQUARED) LATIN CAPITAL LETTER ([A-Z])$")
_LOOK_ALIKE = dict(
    zip("авеёкмнорстухіјѕԁԛԝαβεηικμνορτυχγ", "abeekmhopctyxijsdqwabenikuvoptuxy", strict=True),
)
_ODD = {"ß": "ss", "ẞ": "ss", "þ": "th", "ð": "d", "đ": "d", "ı": "i", "ſ": "s"}


@frozen(kw_only=True, eq=False, repr=False)
class Folded:
    """`n` texts end to end. Text i is letters[starts[i]:starts[i + 1]], without blanks at its ends."""

    letters: NDArray[np.uint8]  # ASCII codes of a-z, 0-9 and single blanks
    starts: NDArray[np.int64]  # shape (n + 1,)

    def __len__(self) -> int:
        return len(self.starts) - 1


def fold(texts: Sequence[str]) -> Folded:
    """The folded corpus. Any text is taken: empty, 100,000 characters, lone surrogates (read as blanks)."""
    starts = np.zeros(len(texts) + 1, dtype=np.int64)
    size = sum(map(len, texts))
    loops = _loops(compiled=size > PLAIN_LETTERS)
    out = np.empty(_BYTES_MOST * size, dtype=np.uint8)  # what is not written takes no memory
    for first in range(0, len(texts), _BLOCK):
        block = texts[first : first + _BLOCK]
        encoded = np.frombuffer("".join(block).encode("utf-8", "surrogatepass"), dtype=np.uint8)
        lengths = np.fromiter(map(len, block), dtype=np.int64, count=len(block))
        ends = loops.fold_block(encoded, lengths, _table(), out[starts[first] :])
        starts[first + 1 : first + 1 + len(block)] = starts[first] + ends
    return Folded(letters=out[: starts[-1]], starts=starts)


def fold_block(
    encoded: NDArray[np.uint8], lengths: NDArray[np.int64], table: NDArray[np.int32], out: NDArray[np.uint8]
) -> NDArray[np.int64]:
    """Write the folded letters of UTF-8 texts of `lengths` code points into `out`; returns where each text ends."""
    ends = np.empty(len(lengths), dtype=np.int64)
    at = 0
    written = 0
    for text in range(len(lengths)):
        begin = written
        pending = False  # a blank is owed before the next letter
        for _ in range(lengths[text]):
            byte = np.int64(encoded[at])
            if byte < 0x80:
                at += 1
                letter = table[byte]  # one letter or a blank
                if letter == 0:
                    pending = True
                else:
                    if pending and written > begin:
                        out[written] = BLANK
                        written += 1
                    pending = False
                    out[written] = letter
                    written += 1
                continue
            if byte < 0xE0:
                point = ((byte & 0x1F) << 6) | (np.int64(encoded[at + 1]) & 0x3F)
                at += 2
            elif byte < 0xF0:
                point = (
                    ((byte & 0x0F) << 12)
                    | ((np.int64(encoded[at + 1]) & 0x3F) << 6)
                    | (np.int64(encoded[at + 2]) & 0x3F)
                )
                at += 3
            else:
                point = (
                    ((byte & 0x07) << 18)
                    | ((np.int64(encoded[at + 1]) & 0x3F) << 12)
                    | ((np.int64(encoded[at + 2]) & 0x3F) << 6)
                    | (np.int64(encoded[at + 3]) & 0x3F)
                )
                at += 4
            packed = np.int64(table[point]) if point < len(table) else 0
            if packed == 0:
                pending = True
            elif packed < _SILENT:
                if pending and written > begin:
                    out[written] = BLANK
                    written += 1
                pending = False
                while packed:
                    out[written] = packed & 0xFF
                    written += 1
                    packed >>= 8
        ends[text] = written
    return ends


_LOOPS = (fold_block,)


@cache
def _loops(*, compiled: bool) -> Any:
    return kernels(_LOOPS, compiled=compiled)


@cache
def _table() -> NDArray[np.int32]:
    """Code point -> its letters, first in the low byte; 0 for a blank, `_SILENT` for nothing."""
    table = np.zeros(_TABLE_END, dtype=np.int32)
    for point in range(_TABLE_END):
        if point == BLANK:
            continue
        letter = chr(point)
        category = unicodedata.category(letter)
        if category in ("Mn", "Me", "Cf"):
            table[point] = _SILENT
            continue
        plain = _plain(letter) if category not in ("Cn", "Cs", "Co") else ""
        if plain and len(plain) <= len(letter.encode("utf-8")):  # never longer than what it stands for
            table[point] = int.from_bytes(plain.encode(), "little")
    return table


def _plain(letter: str) -> str:
    """The letters and digits one character stands for, "" when it is none of them."""
    if letter in _ODD:
        return _ODD[letter]
    digit = unicodedata.digit(letter, None)
    if digit is not None:
        return str(digit)
    low = "".join(one for one in unicodedata.normalize("NFKD", letter).casefold() if not unicodedata.combining(one))
    low = "".join(_LOOK_ALIKE.get(one, one) for one in low)
    if low and all(one.isascii() and one.isalnum() for one in low):
        return low
    named = _NAMED.match(unicodedata.name(letter, "")) or _ENCLOSED.match(unicodedata.name(letter, ""))
    return next(part for part in named.groups() if part).lower() if named else ""

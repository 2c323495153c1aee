"""Numbers in folded texts, even spelt or disguised, turned at once into keyed digests and then into bare labels.

What is read: groups of digits, O for 0, I or L for 1, anything between them that folds to a blank, numbers in words
("zéro six douze", "quatre-vingt-dix-huit"), +33 and 0033. What is kept: ten digits, 0 then 1 to 9 but 8.
Source: docs/methods/near-duplicates.md.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from egide.diagnostic.duplicates.folding import Folded
from egide.diagnostic.duplicates.machine import PLAIN_LETTERS, distinct, kernels
from egide.linkage.pseudonyms import Key

_OF_A_SITE = 8  # 08 numbers belong to a site, not to an author
_DIGITS_KEPT = 60  # of one run of digits
_WORDS = {
    **{"zero": 0, "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8},
    **{"neuf": 9, "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16},
    **{"vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70},
    **{"huitante": 80, "octante": 80, "nonante": 90, "o": 0},
    **{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "seven": 7, "eight": 8, "nine": 9},
}
_AND = 99  # "et", between tens and units
_NOT_A_NUMBER = -1


@frozen(kw_only=True, eq=False, repr=False)
class Lines:
    """Numbers of the ads as bare labels: equal labels, equal numbers; nothing else can be read from them."""

    ad: NDArray[np.int64]  # shape (k,), rising
    line: NDArray[np.int64]  # shape (k,), 0..count-1
    block_of_line: NDArray[np.int64]  # shape (count,): lines with the same first eight digits


def lines(folded: Folded, key: Key, fields: Folded | None = None) -> Lines:
    """Numbers found in the texts and in the sites' own fields. Clear numbers live in this function only."""
    found = [_found(part) for part in (folded, fields) if part is not None]
    ads = np.concatenate([one[0] for one in found])
    numbers = np.concatenate([one[1] for one in found])
    known, rank = np.unique(numbers, return_inverse=True)
    whole = [key.digest("phone", f"{number:010d}") for number in known.tolist()]
    first = [key.digest("phone8", f"{number // 100:08d}") for number in known.tolist()]
    line = _labels(whole)
    block = np.empty(len(known), dtype=np.int64)
    block[line] = _labels(first)
    pairs = distinct(ads * len(known) + line[rank])
    return Lines(ad=pairs // max(len(known), 1), line=pairs % max(len(known), 1), block_of_line=block)


def _labels(digests: list[bytes]) -> NDArray[np.int64]:
    """Ranks of keyed digests: an order that says nothing of the numbers."""
    place = {digest: rank for rank, digest in enumerate(sorted(set(digests)))}
    return np.array([place[digest] for digest in digests], dtype=np.int64)


def _found(folded: Folded) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    loops = _loops(compiled=len(folded.letters) > PLAIN_LETTERS)
    room = len(folded.letters) // 9 + 1
    ads, numbers = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int64)
    count = loops.find_numbers(folded.letters, folded.starts, *_vocabulary(), ads, numbers)
    return ads[:count].copy(), numbers[:count].copy()


def value_of_word(code: int, codes: NDArray[np.int64], values: NDArray[np.int64]) -> int:
    """The number a word stands for, `_AND` for "et", `_NOT_A_NUMBER` otherwise."""
    place = (code ^ (code >> 17)) & (len(codes) - 1)
    return int(values[place]) if codes[place] == code else _NOT_A_NUMBER


def read_run(
    digits: NDArray[np.int64], heads: NDArray[np.bool_], count: int, ad: int, ads: Any, numbers: Any, found: int
) -> int:
    """Write the telephone numbers that stand in one run of digits; returns how many are known in all."""
    at = 0
    while at + 9 <= count:
        skip = -1
        if heads[at]:
            if digits[at] == 0 and digits[at + 1] != 0:
                skip = 1
            elif digits[at] == 3 and digits[at + 1] == 3:
                skip = 3 if digits[at + 2] == 0 else 2
            elif digits[at] == 0 and digits[at + 1] == 0 and digits[at + 2] == 3 and digits[at + 3] == 3:
                skip = 5 if digits[at + 4] == 0 else 4
        if skip < 0 or at + skip + 9 > count or digits[at + skip] == 0:
            at += 1
            continue
        number = 0
        for place in range(at + skip, at + skip + 9):
            number = number * 10 + digits[place]
        if digits[at + skip] != _OF_A_SITE:
            ads[found] = ad
            numbers[found] = number
            found += 1
        at += skip + 9
    return found


def written(value: int, digits: NDArray[np.int64], heads: NDArray[np.bool_], count: int) -> int:
    """One or two digits told in words, put after `count` others; returns how many there are then."""
    heads[count] = True
    if value >= 10:
        digits[count] = value // 10
        count += 1
        heads[count] = False
    digits[count] = value % 10
    return count + 1


def find_numbers(
    letters: NDArray[np.uint8],
    starts: NDArray[np.int64],
    codes: NDArray[np.int64],
    values: NDArray[np.int64],
    ads: NDArray[np.int64],
    numbers: NDArray[np.int64],
) -> int:
    """Fill `ads` and `numbers` (without the leading 0); returns how many."""
    found = 0
    digits = np.zeros(_DIGITS_KEPT + 16, dtype=np.int64)
    heads = np.zeros(_DIGITS_KEPT + 16, dtype=np.bool_)
    for ad in range(len(starts) - 1):
        count = 0
        pending = -1  # a number in words that the next word may still add to
        at = starts[ad]
        end = starts[ad + 1]
        while at < end:
            begin = at
            plain = True
            figures = 0
            code: Any = 0
            while at < end and letters[at] != 32:
                if letters[at] < 58:
                    figures += 1
                    plain = False
                elif at - begin < 12:
                    code = code * 27 + np.int64(letters[at]) - 96
                at += 1
            size = at - begin
            at += 1
            value = value_of_word(code, codes, values) if plain and size <= 12 else _NOT_A_NUMBER
            if value == _AND and pending >= 20:
                continue
            if 0 <= value < 99:
                units = 20 if pending in (60, 80) else 10
                after_tens = pending >= 20 and pending % 10 == 0 and 0 < value < units
                if after_tens or (pending in (10, 70, 90) and 7 <= value <= 9):
                    pending += value
                    continue
                if pending == 4 and value == 20:
                    pending = 80
                    continue
            if pending >= 0:
                count = written(pending, digits, heads, count)
                pending = -1
            if 0 <= value < 99:
                pending = value
            elif figures > 0 and figures * 2 >= size:
                head = True
                for place in range(begin, begin + size):
                    letter = letters[place]
                    digit: Any = np.int64(letter) - 48
                    if letter == 111:
                        digit = 0
                    elif letter in (105, 108):
                        digit = 1
                    if 0 <= digit <= 9:
                        digits[count] = digit
                        heads[count] = head
                        head = False
                        count += 1
                        if count >= _DIGITS_KEPT:
                            found = read_run(digits, heads, count, ad, ads, numbers, found)
                            count = 0
                    else:
                        head = True
            elif count:
                found = read_run(digits, heads, count, ad, ads, numbers, found)
                count = 0
            if count >= _DIGITS_KEPT:
                found = read_run(digits, heads, count, ad, ads, numbers, found)
                count = 0
        if pending >= 0:
            count = written(pending, digits, heads, count)
        found = read_run(digits, heads, count, ad, ads, numbers, found)
    return found


_LOOPS = (value_of_word, read_run, written, find_numbers)


@cache
def _loops(*, compiled: bool) -> Any:
    return kernels(_LOOPS, compiled=compiled)


@cache
def _vocabulary() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Words by code in a table without collision."""
    coded = {}
    for word, value in {**_WORDS, "et": _AND}.items():
        code = 0
        for letter in word:
            code = code * 27 + ord(letter) - 96
        coded[code] = value
    size = next(
        1 << bits for bits in range(7, 20) if len({(one ^ (one >> 17)) % (1 << bits) for one in coded}) == len(coded)
    )
    codes, values = np.zeros(size, dtype=np.int64), np.full(size, _NOT_A_NUMBER, dtype=np.int64)
    for code, value in coded.items():
        place = (code ^ (code >> 17)) % size
        codes[place], values[place] = code, value
    return codes, values

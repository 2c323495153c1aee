"""Who an ad presents: the name and the age it gives, as bare labels.

A name is a word that ads use to present somebody ("je m'appelle …", "my name is …") or one of a list of usual ones.
Words are compared and forgotten: labels mean nothing outside the run. Source: docs/methods/near-duplicates.md.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from egide.diagnostic.duplicates.ads import UNKNOWN
from egide.diagnostic.duplicates.first_names import FIRST_NAMES
from egide.diagnostic.duplicates.folding import Folded
from egide.diagnostic.duplicates.machine import PLAIN_LETTERS, kernels
from egide.diagnostic.duplicates.phones import _vocabulary, value_of_word

LONGEST = 12  # letters of a word that are read
YOUNGEST, OLDEST = 18, 79  # an age outside is not read: minors go to no statistic
_SURE = ("appelle", "nomme", "prenomme", "prenom", "surnomme", "prenommee")
_LIKELY = (
    *("suis", "est", "moi", "am", "is", "m", "im", "presente", "signe", "bisous", "bises", "xoxo", "kisses", "de"),
    *("miss", "mademoiselle", "madame", "mme", "mlle", "call", "avec", "with", "belle", "douce", "jolie"),
)
_NEVER = (
    *("et", "je", "la", "le", "les", "un", "une", "l", "d", "j", "tu", "il", "elle", "on", "nous", "vous", "moi", "a"),
    *("au", "ou", "en", "de", "du", "des", "the", "and", "i", "you", "pour", "sur", "mon", "ma", "mes", "vite", "est"),
    *("tout", "toute", "pas", "bonjour", "me", "vs", "the", "an", "am", "is", "c", "s", "si", "ce", "que", "qui"),
)
_AGES = ("ans", "an", "printemps", "years", "year", "yo", "yrs", "yr", "old")
_PRESENTS, _MAY_PRESENT, _YEARS, _SINCE, _C, _EST, _NAME, _IS = range(1, 9)  # what a word says of the next one
_LEARNT_FROM = 40_000  # ads, one in so many of a larger corpus
_LEARNT_LEAST = 3  # presentations
_LEARNT_SHARE = 0.12  # of all the times a word is met


@frozen(kw_only=True, eq=False, repr=False)
class Identities:
    """Of each ad: label of a name, and age in years; `UNKNOWN` when none is given."""

    name: NDArray[np.int64]
    age: NDArray[np.int64]


def identities(folded: Folded) -> Identities:
    """What the ads say of who they present."""
    loops = _loops(compiled=len(folded.letters) > PLAIN_LETTERS)
    marks = _table(_marks())
    room = np.empty(len(folded.letters) // 2 + 1, dtype=np.int64)
    step = max(1, len(folded) // _LEARNT_FROM)
    heard = room[: loops.presented(folded.letters, folded.starts, step, *marks, room)]
    words, times = np.unique(heard, return_counts=True)
    never = {code_of(word) for word in _NEVER}
    words, times = words[times >= _LEARNT_LEAST], times[times >= _LEARNT_LEAST]
    met = np.zeros(len(words), dtype=np.int64)
    usual = np.array(sorted(code_of(name) for name in FIRST_NAMES), dtype=np.int64)
    if len(words):
        table = _table({int(code): rank for rank, code in enumerate(words)})
        loops.count_words(folded.letters, folded.starts, step, *table, met)
    learnt = [
        int(code) for code, share in zip(words, times / np.maximum(met, 1), strict=True) if share >= _LEARNT_SHARE
    ]
    known = sorted({*usual.tolist(), *learnt} - never)
    name = np.full(len(folded), UNKNOWN, dtype=np.int64)
    age = np.full(len(folded), UNKNOWN, dtype=np.int64)
    names = _table({code: rank for rank, code in enumerate(known)})
    loops.introduce(folded.letters, folded.starts, *marks, *names, *_vocabulary(), name, age)
    return Identities(name=name, age=age)


def code_of(word: str) -> int:
    """A word of at most twelve letters as one number."""
    code = 0
    for letter in word:
        code = code * 27 + ord(letter) - 96
    return code


def slot_of(code: int, codes: NDArray[np.int64]) -> int:
    """Where a word stands in an open table, or the free place where it would."""
    mask = len(codes) - 1
    place = (code ^ (code >> 17)) & mask
    while codes[place] != 0 and codes[place] != code:
        place = (place + 1) & mask
    return place


def next_word(letters: NDArray[np.uint8], at: int, end: int) -> tuple[int, int, int]:
    """(code of the word that begins at `at`, its value when it is a number of two figures else -1, where it ends).

    Code 0: figures in it, or too long.
    """
    code: Any = 0
    value: Any = 0
    size = 0
    figures = 0
    while at < end and letters[at] != 32:
        letter = np.int64(letters[at])
        if letter < 58:
            figures += 1
            value = value * 10 + letter - 48 if figures < 4 else 9999
        else:
            code = code * 27 + letter - 96 if size < LONGEST else 0
        size += 1
        at += 1
    if figures or size > LONGEST:
        code = 0
    return code, value if figures == size and figures == 2 else -1, at


def presented(
    letters: NDArray[np.uint8],
    starts: NDArray[np.int64],
    step: int,
    mark_codes: NDArray[np.int64],
    mark_values: NDArray[np.int64],
    out: NDArray[np.int64],
) -> int:
    """Write the words by which somebody is presented in one ad of `step`; returns how many."""
    count = 0
    for ad in range(0, len(starts) - 1, step):
        at = starts[ad]
        end = starts[ad + 1]
        before = 0
        last = 0
        while at < end:
            code, _, at = next_word(letters, at, end)
            at += 1
            if code != 0 and (
                last == _PRESENTS or (last == _EST and before == _C) or (last == _IS and before == _NAME)
            ):
                out[count] = code
                count += 1
            before = last
            place = slot_of(code, mark_codes)
            last = mark_values[place] if code != 0 and mark_codes[place] == code else 0
    return count


def count_words(
    letters: NDArray[np.uint8],
    starts: NDArray[np.int64],
    step: int,
    codes: NDArray[np.int64],
    values: NDArray[np.int64],
    met: NDArray[np.int64],
) -> None:
    """How many times each word of the table is met in the same ads."""
    for ad in range(0, len(starts) - 1, step):
        at = starts[ad]
        end = starts[ad + 1]
        while at < end:
            code, _, at = next_word(letters, at, end)
            at += 1
            if code != 0:
                place = slot_of(code, codes)
                if codes[place] == code:
                    met[values[place]] += 1


def introduce(
    letters: NDArray[np.uint8],
    starts: NDArray[np.int64],
    mark_codes: NDArray[np.int64],
    mark_values: NDArray[np.int64],
    name_codes: NDArray[np.int64],
    name_values: NDArray[np.int64],
    number_codes: NDArray[np.int64],
    number_values: NDArray[np.int64],
    name: NDArray[np.int64],
    age: NDArray[np.int64],
) -> None:
    """Fill the name and the age of each ad: the best presented name, the first one among equals."""
    for ad in range(len(starts) - 1):
        at = starts[ad]
        end = starts[ad + 1]
        best = 0
        last = 0
        number = -1
        since = False  # "depuis vingt ans" is no age
        named = False  # the word before was a name
        while at < end:
            code, value, at = next_word(letters, at, end)
            at += 1
            spoken = value_of_word(code, number_codes, number_values) if code != 0 else -1
            mark = 0
            if code != 0:
                place = slot_of(code, mark_codes)
                if mark_codes[place] == code:
                    mark = mark_values[place]
            if mark == _YEARS:
                if YOUNGEST <= number <= OLDEST and age[ad] < 0 and not since:
                    age[ad] = number
                number = -1
            elif value >= 0:
                since = last == _SINCE
                number = value
                if (named or last == _IS) and YOUNGEST <= value <= OLDEST and age[ad] < 0:
                    age[ad] = value
            elif spoken >= 0 and spoken < 99:
                if number >= 20 and number % 10 == 0 and spoken < 20 and spoken > 0:
                    number += spoken
                else:
                    since = last == _SINCE
                    number = 80 if number == 4 and spoken == 20 else spoken
            elif spoken != 99:
                number = -1
            named = False
            if code != 0:
                place = slot_of(code, name_codes)
                if name_codes[place] == code:
                    named = True
                    worth = 3 if last == _PRESENTS else 2 if last in (_MAY_PRESENT, _EST, _IS) else 1
                    if worth > best:
                        best = worth
                        name[ad] = name_values[place]
            last = mark


_LOOPS = (value_of_word, slot_of, next_word, presented, count_words, introduce)


@cache
def _loops(*, compiled: bool) -> Any:
    return kernels(_LOOPS, compiled=compiled)


@cache
def _marks() -> dict[int, int]:
    """Words that say what the next one is, with what they say."""
    marks = {code_of(word): _MAY_PRESENT for word in _LIKELY}
    marks |= {code_of(word): _PRESENTS for word in _SURE}
    marks |= {code_of(word): _YEARS for word in _AGES}
    marks |= {code_of("depuis"): _SINCE, code_of("c"): _C, code_of("est"): _EST, code_of("name"): _NAME}
    marks |= {code_of("is"): _IS, code_of("i"): _NAME, code_of("am"): _IS}
    return marks


def _table(values: dict[int, int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """An open table of words, half empty."""
    size = 1 << max(4, (2 * len(values)).bit_length())
    codes, kept = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    for code, value in values.items():
        place = slot_of(code, codes)
        codes[place], kept[place] = code, value
    return codes, kept

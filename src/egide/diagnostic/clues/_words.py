"""The loop that reads a folded corpus word by word: plain Python for a few texts, machine code for a corpus. Pure.

Per text: how often each family of phrases is met (the longest phrase from the left, per family), whether two names
or two ages are given. Digits of a telephone number are read as no word at all. Source: docs/methods/clues.md.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

LONGEST_WORD = 12  # 37^12 is below 2^63: up to there, words and codes are one to one
LONGEST_PHRASE = 10  # words
_NAMING, _SEVERAL_NAMES, _SEVERAL_AGES = 6, 8, 9  # columns of `counts`; families come first
# What a word is: flags that add up, given to words by _lexicon.py.
NAME, NEVER, BETWEEN, AGE_BEFORE, AGE_AFTER, AGE_UNIT, JOINING, OF = (1 << bit for bit in range(8))
YOUNGEST, OLDEST = 18, 75  # ages read; below, see docs/methods/clues.md: a sign of a minor enters no statistic here


def code_of(word: str) -> int:
    """One whole number a word of at most `LONGEST_WORD` letters and digits."""
    code = 0
    for letter in word:
        code = code * 37 + (ord(letter) - 86 if letter >= "a" else ord(letter) - 47)
    return code


_YEARS_WORD = code_of("ans")


def slot_of(code: int, mask: int) -> int:
    """Where a table of words begins to look for the word of a code."""
    return (code ^ (code >> 17) ^ (code >> 34)) & mask


def read_words(
    letters: NDArray[np.uint8],
    begin: int,
    end: int,
    slots: NDArray[np.int64],
    slot_word: NDArray[np.int32],
    value: NDArray[np.int32],
    word: NDArray[np.int32],
    number: NDArray[np.int32],
    glued: NDArray[np.bool_],
) -> int:
    """Write the number of each word, the number it spells (else -1) and whether it is "25ans"; returns how many."""
    mask = len(slots) - 1
    count = 0
    left = 0  # digits of a telephone number still to come
    at = begin
    while at < end:
        code = 0
        length = 0
        lead = 0
        digits = 0
        first = int(letters[at])
        rest = 0  # code of what follows the leading digits
        while at < end and letters[at] != 32:
            letter = int(letters[at])
            at += 1
            length += 1
            if letter < 97:
                letter -= 47
                if digits == length - 1:
                    digits += 1
                    if digits <= 2:
                        lead = lead * 10 + letter - 1
            else:
                letter -= 86
            if length <= LONGEST_WORD:
                code = code * 37 + letter
                if digits < length:
                    rest = rest * 37 + letter
        at += 1
        whole = digits == length
        if whole and (left > 0 or first == 48 or (length == 2 and lead == 33)):
            left = left - length if left > 0 else (9 if first != 48 else 10 - length)
            word[count], number[count], glued[count] = 0, -1, False
            count += 1
            continue
        left = 0
        found = 0
        if length <= LONGEST_WORD:
            slot = slot_of(code, mask)
            while slots[slot] >= 0:
                if slots[slot] == code:
                    found = slot_word[slot]
                    break
                slot = (slot + 1) & mask
        word[count] = found
        glued[count] = digits == 2 and length == 5 and rest == _YEARS_WORD
        number[count] = lead if glued[count] or (whole and length <= 2) else value[found]
        count += 1
    return count


def age_at(
    place: int,
    count: int,
    word: NDArray[np.int32],
    number: NDArray[np.int32],
    glued: NDArray[np.bool_],
    flags: NDArray[np.int32],
) -> tuple[int, int]:
    """The age that ends with the unit at `place` and the place where it begins; (-1, 0) when it is no age."""
    start = place
    age = 0
    if glued[place]:
        age = number[place]
    else:
        start -= 1
        while start >= 0 and place - start <= 5:
            if number[start] >= 0:
                age += number[start]
            elif not (flags[word[start]] & JOINING and start > 0 and number[start - 1] >= 20 and start < place - 1):
                break
            start -= 1
        start += 1
    if age < YOUNGEST or age > OLDEST:
        return -1, 0
    if start > 0:
        before = flags[word[start - 1]]
        if before & AGE_BEFORE:
            return -1, 0
        if start > 1 and before & OF and flags[word[start - 2]] & AGE_BEFORE:
            return -1, 0
        if start > 1 and before & JOINING and number[start - 2] >= 0:
            return -1, 0
    for after in range(place + 1, min(place + 3, count)):
        if flags[word[after]] & AGE_AFTER:
            return -1, 0
    return age, start


def longest(
    at: int,
    count: int,
    word: NDArray[np.int32],
    number: NDArray[np.int32],
    column: NDArray[np.int32],
    edges: NDArray[np.int32],
    gain: NDArray[np.int8],
    ends: NDArray[np.int64],
    signs: NDArray[np.int8],
) -> bool:
    """Write, for each family, where its longest phrase from `at` ends and its sign; False when there is none."""
    met = False
    for as_number in range(2):  # "24" begins "24 jours" as a number and "24 24" as a word
        node = np.int64(0)
        for place in range(at, min(at + LONGEST_PHRASE, count)):
            small = 0 <= number[place] <= 31
            following = 0
            if not (as_number == 1 and place == at):
                following = edges[node, column[word[place]]]
            if following == 0 and small:
                following = edges[node, 1]
            if following == 0:
                break
            node = np.int64(following)
            for family in range(gain.shape[1]):
                if gain[node, family] != 0 and (not met or place + 1 >= ends[family]):
                    if not met:
                        ends[:] = 0
                        met = True
                    ends[family] = place + 1
                    signs[family] = gain[node, family]
        if number[at] < 0:
            break
    return met


def read_texts(
    letters: NDArray[np.uint8],
    starts: NDArray[np.int64],
    slots: NDArray[np.int64],
    slot_word: NDArray[np.int32],
    flags: NDArray[np.int32],
    value: NDArray[np.int32],
    column: NDArray[np.int32],
    edges: NDArray[np.int32],
    gain: NDArray[np.int8],
    deniable: NDArray[np.bool_],
    counts: NDArray[np.int32],
) -> None:
    """Add up `counts`, of shape (texts, families + 2): the last two say "several names", "several ages"."""
    families = gain.shape[1]
    room = 1
    for text in range(len(starts) - 1):
        room = max(room, (starts[text + 1] - starts[text]) // 2 + 2)
    word = np.zeros(room, dtype=np.int32)
    number = np.zeros(room, dtype=np.int32)
    glued = np.zeros(room, dtype=np.bool_)
    until = np.zeros(families, dtype=np.int64)
    ends = np.zeros(families, dtype=np.int64)
    signs = np.zeros(families, dtype=np.int8)
    for text in range(len(starts) - 1):
        count = read_words(letters, starts[text], starts[text + 1], slots, slot_word, value, word, number, glued)
        until[:] = 0
        name = 0
        age = -1
        for at in range(count):
            named = -1  # place of a name
            if at == 0 and flags[word[0]] & NAME:
                named = 0
            if glued[at] or flags[word[at]] & AGE_UNIT:
                found, start = age_at(at, count, word, number, glued, flags)
                if found >= 0:
                    if age >= 0 and abs(found - age) > 1:
                        counts[text, _SEVERAL_AGES] = 1
                    age = found if age < 0 else age
                    if start > 0 and flags[word[start - 1]] & NAME:
                        named = start - 1
            if (column[word[at]] > 0 or number[at] >= 0) and longest(
                at, count, word, number, column, edges, gain, ends, signs
            ):
                said_not = at - 1
                while said_not > 0 and flags[word[said_not]] & BETWEEN:
                    said_not -= 1
                denied = said_not >= 0 and flags[word[said_not]] & NEVER
                for family in range(families):
                    if ends[family] > 0 and at >= until[family]:
                        until[family] = ends[family]
                        if signs[family] > 0 and not (denied and deniable[family]):
                            counts[text, family] += 1
                            if family == _NAMING and ends[family] < count and flags[word[ends[family]]] & NAME:
                                named = ends[family]
            if named >= 0:
                if name > 0 and word[named] != name:
                    counts[text, _SEVERAL_NAMES] = 1
                name = word[named] if name == 0 else name


LOOPS: tuple[Any, ...] = (slot_of, read_words, age_at, longest, read_texts)

"""The phrases of the clues, read from lexicons/*.txt and laid out as a tree of words. [I/O: files of this package]

A line of a lexicon is a phrase as folded: a-z, 0-9, single blanks. `(a|b|)` is a choice, maybe empty, `(@name)` a
choice written once above, `<n>` a number up to 31. A line that begins with "-" takes its words away from the others
without counting. Source: docs/methods/clues.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from itertools import product

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from egide.diagnostic.clues._words import (
    AGE_AFTER,
    AGE_BEFORE,
    AGE_UNIT,
    BETWEEN,
    JOINING,
    LONGEST_WORD,
    NAME,
    NEVER,
    OF,
    code_of,
    slot_of,
)

FAMILIES = ("passing", "always", "third", "first", "english", "french", "naming", "duo")
DENIABLE = ("passing", "always")  # "pas de passage" says the contrary; "pas elle" still speaks of somebody
NUMBER = "<n>"
_LISTS = {NAME: "names", NEVER: "never", BETWEEN: "between", AGE_BEFORE: "age_before", AGE_AFTER: "age_after"}
_SMALL = {AGE_UNIT: "ans printemps years yrs", JOINING: "et ou a and or to", OF: "de d a des than"}
_SPELT = ["zero", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"]
_SPELT += ["onze", "douze", "treize", "quatorze", "quinze", "seize"]
_TENS = {"vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60}
_CHOICE = re.compile(r"\(([^()]*)\)")
_PHRASE = re.compile(r"(?:[a-z0-9]+|<n>)(?: (?:[a-z0-9]+|<n>))*")


@frozen(kw_only=True, eq=False, repr=False)
class Lexicon:
    """Words by slot, what each word is, and the tree of phrases. Word 0 is any word that is not here."""

    slots: NDArray[np.int64]  # shape (2^k,): code of the word in the slot, -1 when free
    slot_word: NDArray[np.int32]  # shape (2^k,): number of that word
    flags: NDArray[np.int32]  # shape (words,)
    value: NDArray[np.int32]  # shape (words,): the number a word spells, else -1
    column: NDArray[np.int32]  # shape (words,): column of the tree, 0 when no phrase holds the word
    edges: NDArray[np.int32]  # shape (nodes, columns): next node, 0 for none; column 1 is any small number
    gain: NDArray[np.int8]  # shape (nodes, families): 1 counts, -1 is read and not counted
    deniable: NDArray[np.bool_]  # shape (families,)


def phrases(lines: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Every phrase of a lexicon, with 1, or -1 for one that takes its words away.

    Raises: ValueError on a line that does not end as a folded phrase, or holds a word too long to be told apart.
    """
    named: dict[str, str] = {}
    for line in lines:
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("@"):
            name, _, choice = line[1:].partition(" = ")
            named[name] = choice
            continue
        sign = -1 if line.startswith("-") else 1
        for phrase in _written_out(line.removeprefix("-"), named):
            if not _PHRASE.fullmatch(phrase) or any(len(word) > LONGEST_WORD for word in phrase.split(" ")):
                raise ValueError(f"not a folded phrase: {line}")
            yield phrase, sign


def _written_out(line: str, named: Mapping[str, str]) -> Iterator[str]:
    parts = _CHOICE.split(re.sub(r"@(\w+)", lambda found: named[found[1]], line))
    choices = [part.split("|") if rank % 2 else [part] for rank, part in enumerate(parts)]
    for chosen in product(*choices):
        yield " ".join("".join(chosen).split())


@cache
def lexicon() -> Lexicon:
    """The lexicon of this version of Égide."""
    lists = {flag: _read(name) for flag, name in _LISTS.items()}
    words = {flag: {word for line in lines for word in line.split(" ")} for flag, lines in lists.items()}
    words |= {flag: set(line.split(" ")) for flag, line in _SMALL.items()}
    return laid_out({family: tuple(phrases(_read(family))) for family in FAMILIES}, words)


def laid_out(found: Mapping[str, Iterable[tuple[str, int]]], lists: Mapping[int, set[str]]) -> Lexicon:
    """The tree of `found` (family: phrases with their sign) and the flags of the words of `lists`."""
    columns: dict[str, int] = {NUMBER: 1}
    children: list[dict[int, int]] = [{}]
    gains: list[list[int]] = [[0] * len(FAMILIES)]
    for family, signed in found.items():
        for phrase, sign in signed:
            node = 0
            for word in phrase.split(" "):
                column = columns.setdefault(word, len(columns) + 1)
                if column not in children[node]:
                    children[node][column] = len(children)
                    children.append({})
                    gains.append([0] * len(FAMILIES))
                node = children[node][column]
            gains[node][FAMILIES.index(family)] = sign
    spelt = {word: rank for rank, word in enumerate(_SPELT)} | _TENS
    known = ["", *dict.fromkeys([*columns, *spelt, *(word for words in lists.values() for word in sorted(words))])]
    known.remove(NUMBER)
    edges = np.zeros((len(children), len(columns) + 1), dtype=np.int32)
    for node, going in enumerate(children):
        for column, following in going.items():
            edges[node, column] = following
    slots, slot_word = _slots(known)
    return Lexicon(
        slots=slots,
        slot_word=slot_word,
        flags=np.array([sum(flag for flag, words in lists.items() if word in words) for word in known], dtype=np.int32),
        value=np.array([spelt.get(word, -1) for word in known], dtype=np.int32),
        column=np.array([columns.get(word, 0) for word in known], dtype=np.int32),
        edges=edges,
        gain=np.array(gains, dtype=np.int8),
        deniable=np.array([family in DENIABLE for family in FAMILIES], dtype=np.bool_),
    )


def _slots(known: list[str]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Open addressing, a quarter full at most: a word that is not here is known so at once."""
    size = 1 << (4 * len(known)).bit_length()
    slots = np.full(size, -1, dtype=np.int64)
    slot_word = np.zeros(size, dtype=np.int32)
    for number, word in enumerate(known[1:], start=1):
        code = code_of(word)
        slot = slot_of(code, size - 1)
        while slots[slot] >= 0:
            slot = (slot + 1) & (size - 1)
        slots[slot], slot_word[slot] = code, number
    return slots, slot_word


def _read(name: str) -> list[str]:
    text = resources.files(__package__).joinpath(f"lexicons/{name}.txt").read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]

"""Telephone numbers that nobody has, and the ways ads write or disguise them.

Blocks of 100 numbers (same first 8 of 10 digits) are given out, because numbers of one block are what a serial phone
is. First the 600 blocks that the Arcep keeps for fiction, one number of each; a national corpus needs more than that,
so the next blocks are of 07 01 to 07 19, which no operator was given (docs/methods/synthetic-ads.md).
"""

from __future__ import annotations

from random import Random

import numpy as np
from numpy.typing import NDArray

FICTION = ("063998", "019900", "026191", "035301", "046571", "053649")
UNOPENED = tuple(f"07{rank:02}" for rank in range(1, 20))
MOST = len(FICTION) * 100 + len(UNOPENED) * 10_000  # blocks to give out
REAL_BLOCKS = 2_000_000  # blocks of mobiles in service or not: what makes two strangers neighbours by pure chance

_WORDS = ("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf")
_EMOJI = tuple(f"{digit}\N{VARIATION SELECTOR-16}\N{COMBINING ENCLOSING KEYCAP}" for digit in range(10))
_SEPARATORS = (" ", " ", " ", "", "", ".", "-", "/", " . ")
_ODD_SEPARATORS = (" * ", "~", "_", " ; ", "...", " | ", " ♥ ", ",")


def blocks(chance: np.random.Generator, count: int) -> list[str]:
    """First 8 digits of `count` numbers: of a block of their own, but for what chance would give strangers."""
    fiction = np.array([f"{prefix}{rank:02}" for prefix in FICTION for rank in range(100)])
    chance.shuffle(fiction)
    wanted = max(0, count - len(fiction))
    ranks = chance.choice(len(UNOPENED) * 10_000, size=wanted, replace=False)
    others = [f"{UNOPENED[rank // 10_000]}{rank % 10_000:04}" for rank in ranks.tolist()]
    found = np.concatenate([fiction, np.array(others, dtype=fiction.dtype)])[:count]
    neighbours = np.flatnonzero(chance.random(count) < count / REAL_BLOCKS)
    found[neighbours] = found[chance.integers(0, count, len(neighbours))] if count else found[neighbours]
    return [str(block) for block in found]


def numbers(chance: np.random.Generator, block: list[str]) -> list[str]:
    """Ten digits: one number of each block."""
    ends: NDArray[np.int64] = chance.integers(0, 100, len(block))
    return [f"{first}{end:02}" for first, end in zip(block, ends.tolist(), strict=True)]


def plain(number: str, chance: Random) -> str:
    """As most people write it: pairs, points, in one piece, with +33."""
    style = chance.random()
    separator = _SEPARATORS[int(chance.random() * len(_SEPARATORS))]
    pairs = [number[place : place + 2] for place in range(0, 10, 2)]
    if style < 0.06:
        return "+33 " + separator.join([number[1:2], *pairs[1:]])
    if style < 0.09:
        return "0033" + number[1:]
    return separator.join(pairs)


def disguised(number: str, chance: Random) -> str:
    """So that a machine does not read it: O for 0, words, scattered signs, keycaps."""
    style = int(chance.random() * 5)
    pairs = [number[place : place + 2] for place in range(0, 10, 2)]
    if style == 0:
        return " ".join(pairs).replace("0", "O" if chance.random() < 0.6 else "o")
    if style == 1:
        return " ".join(_WORDS[int(digit)] for digit in number)
    if style == 2:
        separator = _ODD_SEPARATORS[int(chance.random() * len(_ODD_SEPARATORS))]
        return separator.join(number if chance.random() < 0.5 else pairs)
    if style == 3:
        return "".join(_EMOJI[int(digit)] for digit in number)
    first = int(chance.random() * 3)
    return " ".join(
        " ".join(_WORDS[int(digit)] for digit in pair) if rank % 3 == first else pair for rank, pair in enumerate(pairs)
    )

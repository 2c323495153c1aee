"""Runs of five letters, and what each is worth: a run that everybody writes says nothing of who writes.

Digits are taken off first (ages, prices and numbers change between the ads of one author), and equal texts are kept
once. Source: docs/methods/near-duplicates.md.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from egide.diagnostic.duplicates.folding import Folded
from egide.diagnostic.duplicates.machine import PLAIN_LETTERS, kernels

RUN = 5  # letters in a run
LETTER_BITS = 5  # blank 0, a..z 1..26
CODES = 1 << (RUN * LETTER_BITS)
BINS = 64  # of a sketch; a power of two
EMPTY = 0  # in all the bins of a sketch: no run of the text is worth anything
STEPS = 16  # a weight of 1 (one nat) is written 16
_RARE_MOST = 8.0  # nats: beyond, rarer is only a typing error
_TEXTS_LEAST = 500  # a few texts are weighed as if among others: what two of them share is not common for that
_COMMON = 0.6  # nats: what more than about half of the texts hold is worth nothing


@frozen(kw_only=True, eq=False, repr=False)
class Wordings:
    """The `m` different texts of `n` ads once digits are off."""

    letters: NDArray[np.uint8]  # 0 for a blank, 1..26
    starts: NDArray[np.int64]  # shape (m + 1,)
    of_ad: NDArray[np.int64]  # shape (n,): which wording an ad has

    def __len__(self) -> int:
        return len(self.starts) - 1


def wordings(folded: Folded, seed: np.uint64) -> Wordings:
    """Texts without digits, equal ones once. Two texts are equal when their keyed 64-bit hashes are."""
    loops = _loops(compiled=len(folded.letters) > PLAIN_LETTERS)
    letters = np.empty(len(folded.letters), dtype=np.uint8)
    ends = np.empty(len(folded), dtype=np.int64)
    marks = np.empty(len(folded), dtype=np.uint64)
    loops.without_digits(folded.letters, folded.starts, seed, letters, ends, marks)
    _, first, of_ad = np.unique(marks, return_index=True, return_inverse=True)
    kept = np.sort(first)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first))
    starts = np.zeros(len(first) + 1, dtype=np.int64)
    size = loops.pack(letters, folded.starts, ends, kept, starts)
    return Wordings(letters=letters[:size].copy(), starts=starts, of_ad=rank[of_ad])


def without_digits(
    letters: NDArray[np.uint8],
    starts: NDArray[np.int64],
    seed: np.uint64,
    out: NDArray[np.uint8],
    ends: NDArray[np.int64],
    marks: NDArray[np.uint64],
) -> None:
    """Write each text without digits at its own place in `out`, where it ends, and a keyed hash of it."""
    for text in range(len(starts) - 1):
        written = starts[text]
        mark = seed
        last = np.uint8(0)
        for at in range(starts[text], starts[text + 1]):
            code = letters[at]
            if 48 <= code <= 57:
                continue
            value = np.uint8(code - 96) if code >= 97 else np.uint8(0)
            if value == 0 and last == 0:
                continue
            last = value
            out[written] = value
            written += 1
            mark = (mark ^ np.uint64(value)) * np.uint64(0x9E3779B97F4A7C15)
            mark ^= mark >> np.uint64(29)
        ends[text] = written
        marks[text] = mark


def pack(
    letters: NDArray[np.uint8],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    kept: NDArray[np.int64],
    packed: NDArray[np.int64],
) -> int:
    """Push the texts `kept` (rising ranks) together at the head of `letters`; fills `packed`, their new starts."""
    written = 0
    for place in range(len(kept)):
        for at in range(starts[kept[place]], ends[kept[place]]):
            letters[written] = letters[at]
            written += 1
        packed[place + 1] = written
    return written


def count_runs(letters: NDArray[np.uint8], starts: NDArray[np.int64], counts: NDArray[np.int32]) -> None:
    """Fill `counts`, shape (CODES, 2): how many texts hold each run of letters, and one more than the last of them."""
    for text in range(len(starts) - 1):
        code: Any = 0
        for at in range(starts[text], starts[text + 1]):
            code = ((code << LETTER_BITS) | np.int64(letters[at])) & (CODES - 1)
            if at - starts[text] >= RUN - 1 and counts[code, 1] != text + 1:
                counts[code, 1] = text + 1
                counts[code, 0] += 1


def rank_runs(
    codes: NDArray[np.int64],
    counts: NDArray[np.int32],
    texts: int,
    seed: np.uint64,
    weights: NDArray[np.uint8],
    orders: NDArray[np.uint32],
) -> None:
    """What each run is worth, and its keyed place in a sketch: bin in the low bits, order in the others.

    The order is an exponential draw divided by the weight, so that the first of a bin is drawn in proportion to
    weights (weighted min-hash). A run seen once is in no other text: worth nothing.
    """
    for code in codes:
        rare = max(min(np.log(texts / counts[code, 0]) - _COMMON, _RARE_MOST), 0.0)
        steps = int(rare * rare / _RARE_MOST * STEPS)  # squared: what one text in twenty holds counts for little
        if steps <= 0:
            continue
        weights[code] = steps
        mixed = (np.uint64(code) ^ seed) * np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
        drawn = -np.log((np.float64(mixed >> np.uint64(12)) + 1.0) / 4503599627370497.0) / steps
        order = np.uint64(max(1.0, min(67108862.0, (np.log2(drawn) + 60.0) * 1048576.0)))  # 26 bits, on a log scale
        orders[code] = np.uint32((order << np.uint64(6)) | (mixed & np.uint64(BINS - 1)))


def sketch_texts(
    letters: NDArray[np.uint8],
    starts: NDArray[np.int64],
    orders: NDArray[np.uint32],
    sketches: NDArray[np.uint16],
) -> None:
    """Sixty-four 16-bit marks a text: the same mark in a bin when the first run of the bin is the same."""
    best = np.empty(BINS, dtype=np.uint32)
    for text in range(len(starts) - 1):
        best[:] = np.uint32(0xFFFFFFFF)
        code: Any = 0
        for at in range(starts[text], starts[text + 1]):
            code = ((code << LETTER_BITS) | np.int64(letters[at])) & (CODES - 1)
            if at - starts[text] >= RUN - 1:
                order = orders[code]
                if order != 0:
                    place = order & np.uint32(BINS - 1)
                    if order < best[place]:
                        best[place] = order
        ahead = -1  # an empty bin takes the mark of the next filled one, changed by how far it is
        for place in range(2 * BINS - 1, -1, -1):
            order = best[place % BINS]
            if order != np.uint32(0xFFFFFFFF):
                ahead = place
            if ahead >= 0 and place < BINS:
                mixed = np.uint64(best[ahead % BINS]) + np.uint64(ahead - place) * np.uint64(0x632BE59BD9B4E019)
                mixed *= np.uint64(0x9E3779B97F4A7C15)
                sketches[text, place] = max(np.uint16(mixed >> np.uint64(48)), np.uint16(1))
            elif place < BINS:
                sketches[text, place] = EMPTY


@frozen(kw_only=True, eq=False, repr=False)
class Worth:
    """What each run of the corpus is worth, by code, and the sketches that follow."""

    weights: NDArray[np.uint8]  # shape (CODES,), sixteenths of a nat; 0: worth nothing
    sketches: NDArray[np.uint16]  # shape (m, BINS)


def sketched(found: Wordings, seed: np.uint64) -> Worth:
    """Count, weigh, sketch. Memory: about 320 MB of tables while it runs, whatever the corpus."""
    loops = _loops(compiled=len(found.letters) > PLAIN_LETTERS)
    counts = np.zeros((CODES, 2), dtype=np.int32)
    loops.count_runs(found.letters, found.starts, counts)
    weights = np.zeros(CODES, dtype=np.uint8)
    orders = np.zeros(CODES, dtype=np.uint32)
    loops.rank_runs(np.flatnonzero(counts[:, 0] >= 2), counts, max(len(found), _TEXTS_LEAST), seed, weights, orders)
    sketches = np.empty((len(found), BINS), dtype=np.uint16)
    loops.sketch_texts(found.letters, found.starts, orders, sketches)
    return Worth(weights=weights, sketches=sketches)


_LOOPS = (without_digits, pack, count_runs, rank_runs, sketch_texts)


@cache
def _loops(*, compiled: bool) -> Any:
    return kernels(_LOOPS, compiled=compiled)

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
ALPHABET = 27  # blank 0, a..z 1..26
CODES = ALPHABET**RUN
_LETTERS, _HEAD = np.uint32(ALPHABET), np.uint32(CODES // ALPHABET)
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
    starts = np.zeros(len(folded) + 1, dtype=np.int64)
    of_ad = np.empty(len(folded), dtype=np.int64)
    marks = np.empty(len(folded), dtype=np.uint64)
    seats = np.zeros(1 << (2 * len(folded)).bit_length(), dtype=np.int32)
    count = loops.without_digits(folded.letters, folded.starts, seed, letters, starts, of_ad, marks, seats)
    return Wordings(letters=letters[: starts[count]], starts=starts[: count + 1].copy(), of_ad=of_ad)


def without_digits(
    letters: NDArray[np.uint8],
    starts: NDArray[np.int64],
    seed: np.uint64,
    out: NDArray[np.uint8],
    packed: NDArray[np.int64],
    of_ad: NDArray[np.int64],
    marks: NDArray[np.uint64],
    seats: NDArray[np.int32],
) -> int:
    """Write each new text without digits into `out`, its end into `packed` and its keyed hash into `marks`.

    `seats` is an open table of the texts known so far, more than half empty. Returns how many there are.
    """
    count = 0
    mask = np.uint64(len(seats) - 1)
    for text in range(len(starts) - 1):
        written = packed[count]
        mark = seed
        held = np.uint64(0)  # letters not yet in the hash
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
            held = (held << np.uint64(5)) | np.uint64(value + 1)
            if held >> np.uint64(55):  # twelve letters
                mark = (mark ^ held) * np.uint64(0x9E3779B97F4A7C15)
                mark ^= mark >> np.uint64(29)
                held = np.uint64(0)
        mark = (mark ^ held) * np.uint64(0x9E3779B97F4A7C15)
        mark ^= mark >> np.uint64(29)
        seat = mark & mask
        while seats[seat] != 0 and marks[seats[seat] - 1] != mark:
            seat = (seat + np.uint64(1)) & mask
        if seats[seat] == 0:
            marks[count] = mark
            count += 1
            seats[seat] = count
            packed[count] = written
        of_ad[text] = seats[seat] - 1
    return count


def slide(code: np.uint32, letter: np.uint8) -> np.uint32:
    """The code of the last five letters, from that of the five before."""
    return np.uint32(np.uint32(code % _HEAD) * _LETTERS + letter)


def count_runs(letters: NDArray[np.uint8], starts: NDArray[np.int64], counts: NDArray[np.int32]) -> None:
    """Fill `counts`, shape (CODES, 2): how many texts hold each run of letters, and one more than the last of them."""
    for text in range(len(starts) - 1):
        code = np.uint32(0)
        begin = min(starts[text] + RUN - 1, starts[text + 1])
        for at in range(starts[text], begin):
            code = slide(code, letters[at])
        for at in range(begin, starts[text + 1]):
            code = slide(code, letters[at])
            if counts[code, 1] != text + 1:
                counts[code, 1] = text + 1
                counts[code, 0] += 1


def rank_runs(
    codes: NDArray[np.int64],
    held: NDArray[np.int32],
    texts: int,
    seed: np.uint64,
    weights: NDArray[np.uint8],
    orders: NDArray[np.uint32],
) -> None:
    """What each run is worth, and its keyed place in a sketch: bin in the low bits, order in the others.

    The order is an exponential draw divided by the weight, so that the first of a bin is drawn in proportion to
    weights (weighted min-hash). A run seen once is in no other text: worth nothing.
    """
    for run in range(len(codes)):
        rare = max(min(np.log(texts / held[run]) - _COMMON, _RARE_MOST), 0.0)
        steps = int(rare * rare / _RARE_MOST * STEPS)  # squared: what one text in twenty holds counts for little
        weights[run] = steps
        if steps == 0:
            continue
        mixed = (np.uint64(codes[run]) ^ seed) * np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
        drawn = -np.log((np.float64(mixed >> np.uint64(12)) + 1.0) / 4503599627370497.0) / steps
        order = np.uint64(max(1.0, min(67108862.0, (np.log2(drawn) + 60.0) * 1048576.0)))  # 26 bits, on a log scale
        orders[run] = np.uint32((order << np.uint64(6)) | (mixed & np.uint64(BINS - 1)))


def list_runs(
    letters: NDArray[np.uint8],
    starts: NDArray[np.int64],
    ranks: NDArray[np.int32],
    last: NDArray[np.int32],
    out: NDArray[np.int32],
    bounds: NDArray[np.int64],
) -> None:
    """Write the runs of each text that are worth something, each once. `ranks`: of each code, 0 when worth nothing.

    Every run is written, and the next one over it when it does not count: quicker than a jump one cannot foresee.
    """
    written: Any = 0
    for text in range(len(starts) - 1):
        code = np.uint32(0)
        begin = min(starts[text] + RUN - 1, starts[text + 1])
        for at in range(starts[text], begin):
            code = slide(code, letters[at])
        last[0] = text + 1
        for at in range(begin, starts[text + 1]):
            code = slide(code, letters[at])
            run = ranks[code]
            out[written] = run
            written += np.int64(last[run] != text + 1)
            last[run] = text + 1
        bounds[text + 1] = written


def sketch_texts(
    runs: NDArray[np.int32],
    bounds: NDArray[np.int64],
    weights: NDArray[np.uint8],
    orders: NDArray[np.uint32],
    sketches: NDArray[np.uint16],
    whole: NDArray[np.float32],
) -> None:
    """Sixty-four 16-bit marks a text: the same mark in a bin when the first run of the bin is the same. Its nats."""
    best = np.empty(BINS, dtype=np.uint32)
    for text in range(len(bounds) - 1):
        best[:] = np.uint32(0xFFFFFFFF)
        total: Any = 0
        for at in range(bounds[text], bounds[text + 1]):
            total += np.int64(weights[runs[at]])
            order = orders[runs[at]]
            place = order & np.uint32(BINS - 1)
            best[place] = min(best[place], order)
        whole[text] = total / STEPS
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
    """The runs of the `m` wordings that are worth something, and the sketches that follow."""

    runs: NDArray[np.int32]  # each once a wording; wording i has runs[bounds[i]:bounds[i + 1]]
    bounds: NDArray[np.int64]  # shape (m + 1,)
    weights: NDArray[np.uint8]  # of each run, sixteenths of a nat
    whole: NDArray[np.float32]  # shape (m,): nats of the runs of each wording
    sketches: NDArray[np.uint16]  # shape (m, BINS)

    def __len__(self) -> int:
        return len(self.bounds) - 1


def sketched(found: Wordings, seed: np.uint64) -> Worth:
    """Count, weigh, sketch. Memory: about 120 MB of tables while it runs, whatever the corpus, and four bytes a run."""
    loops = _loops(compiled=len(found.letters) > PLAIN_LETTERS)
    counts = np.zeros((CODES, 2), dtype=np.int32)
    loops.count_runs(found.letters, found.starts, counts)
    codes = np.flatnonzero(counts[:, 0] >= 2)
    held = counts[codes, 0]
    del counts
    weights, orders = np.zeros(len(codes) + 1, dtype=np.uint8), np.zeros(len(codes) + 1, dtype=np.uint32)
    loops.rank_runs(codes, held, max(len(found), _TEXTS_LEAST), seed, weights[1:], orders[1:])
    ranks = np.zeros(CODES, dtype=np.int32)
    ranks[codes] = np.where(weights[1:] > 0, np.arange(1, len(codes) + 1), 0)
    runs, bounds = np.empty(len(found.letters) + 1, dtype=np.int32), np.zeros(len(found) + 1, dtype=np.int64)
    loops.list_runs(found.letters, found.starts, ranks, np.zeros(len(weights), dtype=np.int32), runs, bounds)
    del ranks
    sketches, whole = np.empty((len(found), BINS), dtype=np.uint16), np.empty(len(found), dtype=np.float32)
    loops.sketch_texts(runs, bounds, weights, orders, sketches, whole)
    return Worth(runs=runs[: bounds[-1]], bounds=bounds, weights=weights, whole=whole, sketches=sketches)


_LOOPS = (without_digits, slide, count_runs, rank_runs, list_runs, sketch_texts)


@cache
def _loops(*, compiled: bool) -> Any:
    return kernels(_LOOPS, compiled=compiled)

"""Which wordings may be one hand's, and how alike they are: near pairs found by sketches, then read run by run.

Source: docs/methods/near-duplicates.md.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from egide.diagnostic.duplicates.grams import BINS, STEPS, Worth
from egide.diagnostic.duplicates.machine import PLAIN_LETTERS, kernels

TREES = 16  # orders in which the sketches are sorted
DEPTH = 4  # bins that make an order
BEFORE = 2  # neighbours looked at in an order
_SHARED_LEAST = 2  # first bins two neighbours must share
_EQUAL_LEAST = 16  # of 64 bins: below, not worth reading
_EQUAL_SURE = 40  # of 64 bins: surely one hand or one copied text
_SETTINGS = (BEFORE, _SHARED_LEAST, _EQUAL_LEAST, _EQUAL_SURE)


@frozen(kw_only=True, eq=False, repr=False)
class Pairs:
    """Pairs of wordings, left < right, each once."""

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    shared: NDArray[np.float32]  # nats of the runs in both
    of_left: NDArray[np.float32]  # nats of the runs of one
    of_right: NDArray[np.float32]

    @property
    def jaccard(self) -> NDArray[np.float32]:
        """Share of what either says that both say."""
        either = np.maximum(self.of_left + self.of_right - self.shared, 1e-6)
        found: NDArray[np.float32] = (self.shared / either).astype(np.float32)
        return found


def near_pairs(worth: Worth, seed: np.uint64) -> Pairs:
    """Neighbours in the sorted orders whose sketches agree, with what they really share."""
    loops = _loops(compiled=len(worth.runs) > PLAIN_LETTERS)
    chance = np.random.default_rng(int(seed))
    met = []
    parents = np.arange(len(worth))
    room = np.empty(len(worth) * BEFORE, dtype=np.uint64)
    for tree in range(TREES):
        bins = chance.choice(BINS, size=DEPTH, replace=False) if tree else np.arange(DEPTH)
        keys = np.zeros(len(worth), dtype=np.uint64)
        for one in bins:
            keys = (keys << np.uint64(16)) | worth.sketches[:, one].astype(np.uint64)
        order = np.argsort(keys)
        count = loops.neighbours_in(order, keys, worth.sketches, parents, _SETTINGS, room)
        met.append(room[:count].copy())
    both = np.unique(np.concatenate(met))
    return read_pairs(worth, (both >> np.uint64(32)).astype(np.int64), (both & np.uint64(0xFFFFFFFF)).astype(np.int64))


def read_pairs(worth: Worth, left: NDArray[np.int64], right: NDArray[np.int64]) -> Pairs:
    """What the given pairs share. `left` must not fall."""
    loops = _loops(compiled=len(worth.runs) > PLAIN_LETTERS)
    stamps = np.zeros(len(worth.weights), dtype=np.int32)
    whole, shared = np.empty(len(worth), dtype=np.float32), np.empty(len(left), dtype=np.float32)
    loops.weigh_texts(worth.runs, worth.bounds, worth.weights, whole)
    loops.share(worth.runs, worth.bounds, worth.weights, left, right, stamps, shared)
    return Pairs(left=left, right=right, shared=shared, of_left=whole[left], of_right=whole[right])


def equal_bins(sketches: NDArray[np.uint16], one: int, other: int) -> int:
    """How many of the bins agree."""
    same = 0
    for place in range(BINS):
        same += sketches[one, place] == sketches[other, place]
    return same


def root(parents: NDArray[np.int64], one: int) -> int:
    """The group of `one`; paths are halved on the way."""
    while parents[one] != one:
        parents[one] = parents[parents[one]]
        one = parents[one]
    return one


def neighbours_in(
    order: NDArray[np.int64],
    keys: NDArray[np.uint64],
    sketches: NDArray[np.uint16],
    parents: NDArray[np.int64],
    settings: tuple[int, int, int, int],
    out: NDArray[np.uint64],
) -> int:
    """Write the pairs of one order, smaller rank in the high half; returns how many.

    Two wordings already tied by a chain of sure pairs are not written again: a corpus of copies has one pair a copy.
    """
    before, shared, least, sure = settings
    count = 0
    prefix = np.uint64(16 * (DEPTH - shared))
    for place in range(1, len(order)):
        one = order[place]
        key = keys[one]
        if key == 0:
            continue
        for back in range(1, min(before, place) + 1):
            other = order[place - back]
            if (keys[other] >> prefix) != (key >> prefix):
                break
            first = root(parents, one)
            second = root(parents, other)
            if first == second:
                continue
            same = equal_bins(sketches, one, other)
            if same >= least:
                out[count] = (np.uint64(min(one, other)) << np.uint64(32)) | np.uint64(max(one, other))
                count += 1
                if same >= sure:
                    parents[first] = second
    return count


def weigh_texts(
    runs: NDArray[np.int32], bounds: NDArray[np.int64], weights: NDArray[np.uint8], whole: NDArray[np.float32]
) -> None:
    """Nats of the runs of each text."""
    for text in range(len(bounds) - 1):
        total: Any = 0
        for at in range(bounds[text], bounds[text + 1]):
            total += np.int64(weights[runs[at]])
        whole[text] = total / STEPS


def share(
    runs: NDArray[np.int32],
    bounds: NDArray[np.int64],
    weights: NDArray[np.uint8],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    stamps: NDArray[np.int32],
    shared: NDArray[np.float32],
) -> None:
    """Nats of the runs in both texts of each pair."""
    last: Any = -1
    for pair in range(len(left)):
        if left[pair] != last:
            last = left[pair]
            for at in range(bounds[last], bounds[last + 1]):
                stamps[runs[at]] = last + 1
        common: Any = 0
        for at in range(bounds[right[pair]], bounds[right[pair] + 1]):
            run = runs[at]
            common += np.int64(weights[run]) * (stamps[run] == last + 1)
        shared[pair] = common / STEPS


_LOOPS = (equal_bins, root, neighbours_in, weigh_texts, share)


@cache
def _loops(*, compiled: bool) -> Any:
    return kernels(_LOOPS, compiled=compiled)

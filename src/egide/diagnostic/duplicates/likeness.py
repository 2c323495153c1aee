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
from egide.diagnostic.duplicates.machine import PLAIN_LETTERS, distinct, kernels

DEPTH = 4  # bins that make an order: sixteen orders, each bin in one of them
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


def near_pairs(worth: Worth) -> Pairs:
    """Neighbours in the sorted orders whose sketches agree, with what they really share."""
    loops = _loops(compiled=len(worth.runs) > PLAIN_LETTERS)
    met = []
    parents = np.arange(len(worth))
    room = np.empty(len(worth) * BEFORE, dtype=np.uint64)
    for keys in np.ascontiguousarray(worth.sketches.view(np.uint64).T):  # four bins side by side are one number
        count = loops.neighbours_in(np.argsort(keys), keys, worth.sketches, parents, _SETTINGS, room)
        met.append(room[:count].copy())
    both = distinct(np.concatenate(met))
    return read_pairs(worth, (both >> np.uint64(32)).astype(np.int64), (both & np.uint64(0xFFFFFFFF)).astype(np.int64))


def read_pairs(worth: Worth, left: NDArray[np.int64], right: NDArray[np.int64]) -> Pairs:
    """What the given pairs share. `left` must not fall."""
    loops = _loops(compiled=len(worth.runs) > PLAIN_LETTERS)
    shared = np.empty(len(left), dtype=np.float32)
    loops.share(worth.runs, worth.bounds, worth.weights, left, right, np.zeros_like(worth.weights), shared)
    return Pairs(left=left, right=right, shared=shared, of_left=worth.whole[left], of_right=worth.whole[right])


def equal_bins(sketches: NDArray[np.uint16], one: int, other: int) -> int:
    """How many of the bins agree."""
    same = np.uint16(0)  # as wide as a bin: sixteen are compared at a time
    for place in range(BINS):
        same = np.uint16(same + np.uint16(sketches[one, place] == sketches[other, place]))
    return int(same)


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


def share(
    runs: NDArray[np.int32],
    bounds: NDArray[np.int64],
    weights: NDArray[np.uint8],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    mine: NDArray[np.uint8],
    shared: NDArray[np.float32],
) -> None:
    """Nats of the runs in both texts of each pair. `mine`, all 0: what the runs of the left text weigh."""
    last: Any = -1
    for pair in range(len(left)):
        if left[pair] != last:
            if last >= 0:
                for at in range(bounds[last], bounds[last + 1]):
                    mine[runs[at]] = 0
            last = left[pair]
            for at in range(bounds[last], bounds[last + 1]):
                mine[runs[at]] = weights[runs[at]]
        common: Any = 0
        for at in range(bounds[right[pair]], bounds[right[pair] + 1]):
            common += np.int64(mine[runs[at]])
        shared[pair] = common / STEPS


_LOOPS = (equal_bins, root, neighbours_in, share)


@cache
def _loops(*, compiled: bool) -> Any:
    return kernels(_LOOPS, compiled=compiled)

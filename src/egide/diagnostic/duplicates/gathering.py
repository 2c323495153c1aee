"""Groups that grow from the surest pair down, and ask more of two groups than of two texts.

Single link chains strangers together as a corpus grows. Here a pair of groups joins only when a sample of the members
of one is on average like a sample of those of the other. Source: docs/methods/near-duplicates.md.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from egide.diagnostic.duplicates.grams import BINS
from egide.diagnostic.duplicates.likeness import equal_bins, root
from egide.diagnostic.duplicates.machine import kernels

SAMPLE = 8  # members of a group that stand for it
_DOUBT = 0.1  # a mean so near what is asked is measured on the whole samples
_PLAIN_WORDINGS = 20


def resample(standing: NDArray[np.int32], into: int, other: int, sizes: NDArray[np.int64], turn: int) -> None:
    """Members of `other` take places among those that stand for `into`, in proportion to sizes."""
    held = min(sizes[into], SAMPLE)
    theirs = min(sizes[other], SAMPLE)
    total = sizes[into] + sizes[other]
    if held + theirs <= SAMPLE:
        for place in range(theirs):
            standing[into, held + place] = standing[other, place]
        return
    wanted = min(theirs, max(SAMPLE - held, (SAMPLE * sizes[other] + total // 2) // total))
    for place in range(wanted):
        seat = held + place if held + place < SAMPLE else (turn + place) % SAMPLE
        standing[into, seat] = standing[other, (place + turn) % theirs]


def mean_likeness(
    sketches: NDArray[np.uint16], standing: NDArray[np.int32], one: int, most: int, other: int, least: int, step: int
) -> float:
    """Mean share of equal bins between those that stand for two groups, one in `step` of each."""
    total = 0
    count = 0
    for seat in range(0, most, step):
        for place in range(0, least, step):
            total += equal_bins(sketches, standing[one, seat], standing[other, place])
            count += 1
    return total / (count * BINS)


def gather(
    order: NDArray[np.int64],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    likeness: NDArray[np.float32],
    cuts: NDArray[np.float64],
    sketches: NDArray[np.uint16],
    blocks: NDArray[np.int64],
    parents: NDArray[np.int64],
    sizes: NDArray[np.int64],
    standing: NDArray[np.int32],
) -> None:
    """Join groups along the pairs, surest first.

    cuts:   one row for groups with a block of numbers in common, without one known, with known ones that differ; in
            each the least likeness of the pair, its rise per doubling of the smaller group, and the same two for the
            mean of the samples.
    blocks: block of the number of each text, -1 when not known.
    """
    for turn in range(len(order)):
        pair = order[turn]
        one = root(parents, left[pair])
        other = root(parents, right[pair])
        if one == other:
            continue
        if sizes[one] < sizes[other]:
            one, other = other, one
        small = sizes[other]
        most = min(sizes[one], SAMPLE)
        least = min(small, SAMPLE)
        row = 1
        for seat in range(most):
            block = blocks[standing[one, seat]]
            if block >= 0 and row != 0:
                for place in range(least):
                    twin = blocks[standing[other, place]]
                    if twin >= 0:
                        row = 2
                        if twin == block:
                            row = 0
                            break
        rise = np.log2(small)
        if likeness[pair] < cuts[row, 0] + cuts[row, 1] * rise:
            continue
        if sizes[one] > 1:
            asked = cuts[row, 2] + cuts[row, 3] * rise
            mean = mean_likeness(sketches, standing, one, most, other, least, 3)
            if abs(mean - asked) < _DOUBT and most * least > 9:
                mean = mean_likeness(sketches, standing, one, most, other, least, 1)
            if mean < asked:
                continue
        resample(standing, one, other, sizes, turn)
        parents[other] = one
        sizes[one] += small


def labels_of(parents: NDArray[np.int64], labels: NDArray[np.int64]) -> None:
    """Write the group of each."""
    for one in range(len(parents)):
        labels[one] = root(parents, one)


@frozen(kw_only=True, eq=False, repr=False)
class Grown:
    """Groups of wordings that grow: the only state of this package, and it lives for one run."""

    sketches: NDArray[np.uint16]
    blocks: NDArray[np.int64]
    parents: NDArray[np.int64]
    sizes: NDArray[np.int64]
    standing: NDArray[np.int32]  # members that stand for a group, shape (m, SAMPLE)
    loops: Any

    def grow(
        self,
        left: NDArray[np.int64],
        right: NDArray[np.int64],
        likeness: NDArray[np.float32],
        cuts: NDArray[np.float64],
    ) -> None:
        """Join along pairs, surest first; the rows of `cuts` as in `gather`."""
        enough = np.flatnonzero(likeness >= cuts[:, 0].min())
        order = enough[np.argsort(-likeness[enough], kind="stable")]
        self.loops.gather(
            *(order, left, right, likeness, cuts, self.sketches, self.blocks),
            *(self.parents, self.sizes, self.standing),
        )

    def labels(self) -> NDArray[np.int64]:
        found = np.empty(len(self.parents), dtype=np.int64)
        self.loops.labels_of(self.parents, found)
        return found


def gathered(count: int, sketches: NDArray[np.uint16], blocks: NDArray[np.int64]) -> Grown:
    """Every wording alone."""
    standing = np.zeros((count, SAMPLE), dtype=np.int32)
    standing[:, 0] = np.arange(count)
    return Grown(
        sketches=sketches,
        blocks=blocks,
        parents=np.arange(count),
        sizes=np.ones(count, dtype=np.int64),
        standing=standing,
        loops=_loops(compiled=count > _PLAIN_WORDINGS),
    )


_LOOPS = (equal_bins, root, resample, mean_likeness, gather, labels_of)


@cache
def _loops(*, compiled: bool) -> Any:
    return kernels(_LOOPS, compiled=compiled)

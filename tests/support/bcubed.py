"""How near found groups are to true ones: B-cubed (Bagga and Baldwin 1998; Amigó et al. 2009), pairs, largest group.

Groups are given as one label per item, shape (n,); labels themselves mean nothing. Cost grows as n log n: what two
groupings share is read from the sizes of their crossed cells, never from the pairs.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints = NDArray[np.int64]


def bcubed(found: ArrayLike, truth: ArrayLike) -> tuple[float, float, float]:
    """Precision, recall and their harmonic mean, each a mean over items.

    Precision of an item: share of its found group that is truly with it, itself included; recall: share of its true
    group that was found with it. No item at all: nothing is wrong, 1.
    """
    shared, in_found, in_truth = _crossed(found, truth)
    if not len(shared):
        return 1.0, 1.0, 1.0
    items = float(shared.sum())
    precision = float((shared.astype(float) ** 2 / in_found).sum() / items)
    recall = float((shared.astype(float) ** 2 / in_truth).sum() / items)
    return precision, recall, 2 * precision * recall / (precision + recall)


def pairs(found: ArrayLike, truth: ArrayLike) -> tuple[float, float]:
    """Precision and recall over pairs of items put together. With no pair to be wrong about: 1."""
    shared, _, _ = _crossed(found, truth)
    both = _pairs(shared)
    together, true = _pairs(sizes(found)), _pairs(sizes(truth))
    return both / together if together else 1.0, both / true if true else 1.0


def largest(groups: ArrayLike) -> int:
    """Items in the largest group; 0 when there is none."""
    counts = sizes(groups)
    return int(counts.max()) if len(counts) else 0


def sizes(groups: ArrayLike) -> Ints:
    """Items of each group, shape (groups,), in no order that matters."""
    counted: Ints = np.unique(np.asarray(groups), return_counts=True)[1].astype(np.int64)
    return counted


def _crossed(found: ArrayLike, truth: ArrayLike) -> tuple[Ints, Ints, Ints]:
    """Of each cell (found group, true group) that holds an item: its items, those of its row, those of its column."""
    one, other = np.asarray(found), np.asarray(truth)
    if one.shape != other.shape or one.ndim != 1:
        raise ValueError(f"two lists of labels of one length are compared, not {one.shape} and {other.shape}")
    rows, columns = _numbered(one), _numbered(other)
    width = int(columns.max(initial=0)) + 1
    cells, shared = np.unique(rows * width + columns, return_counts=True)
    return shared.astype(np.int64), np.bincount(rows)[cells // width], np.bincount(columns)[cells % width]


def _numbered(labels: NDArray[Any]) -> Ints:
    numbers: Ints = np.unique(labels, return_inverse=True)[1].astype(np.int64)
    return numbers


def _pairs(counts: Ints) -> int:
    return int((counts * (counts - 1) // 2).sum())

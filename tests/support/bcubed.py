"""How near found groups are to true ones, in the words of the tests; the arithmetic is the product's own.

Groups are given as one label per item, shape (n,); labels themselves mean nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from egide.linkage.evaluate import evaluate

Ints = NDArray[np.int64]


def bcubed(found: ArrayLike, truth: ArrayLike) -> tuple[float, float, float]:
    """Precision, recall and their harmonic mean, each a mean over items (Bagga and Baldwin 1998)."""
    records = evaluate(found, truth).records
    return records.precision, records.recall, records.f1


def pairs(found: ArrayLike, truth: ArrayLike) -> tuple[float, float]:
    """Precision and recall over pairs of items put together. With no pair to be wrong about: 1."""
    found_pairs = evaluate(found, truth).pairs
    return found_pairs.precision, found_pairs.recall


def largest(groups: ArrayLike) -> int:
    """Items in the largest group; 0 when there is none."""
    counts = sizes(groups)
    return int(counts.max()) if len(counts) else 0


def sizes(groups: ArrayLike) -> Ints:
    """Items of each group, shape (groups,), in no order that matters."""
    counted: Ints = np.unique(np.asarray(groups), return_counts=True)[1].astype(np.int64)
    return counted

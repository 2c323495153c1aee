"""How good a grouping is against the truth: pairs, B-cubed, and the number of entities. Pure.

Source: docs/methods/record-linkage.md; Bagga and Baldwin 1998 (B-cubed).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike, NDArray

from egide.linkage.pairs import Ints


@frozen(kw_only=True)
class Quality:
    """Precision, recall and their harmonic mean; 1 where there is nothing to find or nothing found wrongly."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@frozen(kw_only=True)
class Evaluation:
    """Over records: `pairs` weighs a group of n by n(n-1)/2, `records` (B-cubed) by n."""

    pairs: Quality
    records: Quality
    found: int  # entities found
    true: int

    @property
    def error(self) -> float:
        """Relative error on the number of entities."""
        return self.found / self.true - 1


def evaluate(found: ArrayLike, truth: ArrayLike) -> Evaluation:
    """Labels of one length, shape (n,); their values mean nothing. Raises ValueError on two lengths or none."""
    a, b = _ranks(found), _ranks(truth)
    if len(a) != len(b) or not len(a):
        raise ValueError("found and truth are two lists of one length, not empty")
    sizes_a, sizes_b = np.bincount(a), np.bincount(b)
    cell, together = np.unique(a * len(sizes_b) + b, return_counts=True)
    in_a, in_b = sizes_a[cell // len(sizes_b)], sizes_b[cell % len(sizes_b)]
    hits, said, real = (float((n * (n - 1) // 2).sum()) for n in (together, sizes_a, sizes_b))
    return Evaluation(
        pairs=Quality(precision=hits / said if said else 1.0, recall=hits / real if real else 1.0),
        records=Quality(
            precision=float((together**2 / in_a).sum() / len(a)),
            recall=float((together**2 / in_b).sum() / len(a)),
        ),
        found=len(sizes_a),
        true=len(sizes_b),
    )


def _ranks(labels: ArrayLike) -> Ints:
    return np.unique(np.asarray(labels), return_inverse=True)[1].astype(np.int64).reshape(-1)


def true_pairs(left: Ints, right: Ints, truth: Sequence[int]) -> NDArray[np.bool_]:
    """Which pairs are of one entity."""
    of = np.asarray(truth)
    same: NDArray[np.bool_] = of[left] == of[right]
    return same

"""Pairs of records with the probability that they are of one person: what linking gives and clustering takes."""

from __future__ import annotations

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@frozen(kw_only=True, eq=False)
class Pairs:
    """`left[i] < right[i]`, row numbers among `records`; each pair once. Pairs not here were not worth looking at."""

    records: int
    left: Ints = field()
    right: Ints = field()
    probability: Floats = field()

    def __attrs_post_init__(self) -> None:
        if not len(self.left) == len(self.right) == len(self.probability):
            raise ValueError("left, right and probability have one length")
        if len(self) and (self.left.min() < 0 or self.right.max() >= self.records or (self.left >= self.right).any()):
            raise ValueError("a pair is of two records, the smaller number first")
        if len(self) and not ((self.probability >= 0) & (self.probability <= 1)).all():
            raise ValueError("a probability runs from 0 to 1")

    def __len__(self) -> int:
        return len(self.left)

    def kept(self, mask: NDArray[np.bool_]) -> Pairs:
        return Pairs(
            records=self.records,
            left=self.left[mask],
            right=self.right[mask],
            probability=self.probability[mask],
        )

    def odds(self) -> Floats:
        """Natural logarithm of p / (1 - p), within ±35: a certainty that no sum could ever outweigh is no evidence."""
        inside = np.clip(self.probability, 1e-15, 1 - 1e-15)
        return np.log(inside) - np.log1p(-inside)

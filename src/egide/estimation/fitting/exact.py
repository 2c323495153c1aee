"""Elimination in whole numbers, where a rounding error would decide whether a number exists."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from egide.estimation.histories import Ints

Wholes = NDArray[Any]  # Python's whole numbers, of any size


@frozen(kw_only=True, eq=False)
class Reduced:
    """A matrix after elimination: `rows` has `pivot` in each pivot column's own row, and 0 elsewhere in that column."""

    rows: Wholes  # shape (rank, columns)
    pivots: tuple[int, ...]  # columns, one for each row
    pivot: int

    @property
    def rank(self) -> int:
        return len(self.pivots)


def reduced(matrix: Ints) -> Reduced:
    """Gauss-Jordan without fractions (Bareiss 1968): every division is exact."""
    rows: Wholes = matrix.astype(object)
    pivots: list[int] = []
    last = 1
    for column in range(rows.shape[1]):
        height = len(pivots)
        (found,) = np.nonzero(rows[height:, column])
        if not len(found):
            continue
        chosen = height + int(found[0])
        rows[[height, chosen]] = rows[[chosen, height]]
        top = rows[height].copy()
        rows = (rows * top[column] - rows[:, [column]] * top) // last
        rows[height] = top
        last = top[column]
        pivots.append(column)
        if len(pivots) == len(rows):
            break
    return Reduced(rows=rows[: len(pivots)], pivots=tuple(pivots), pivot=int(last))


def kernel_vector(of: Reduced, wanted: Ints) -> Wholes:
    """A vector of whole numbers that the matrix sends to 0, equal to |pivot| x `wanted` outside the pivot columns."""
    kept = wanted.astype(object)
    kept[list(of.pivots)] = 0
    found = kept * of.pivot
    found[list(of.pivots)] = -(of.rows @ kept)
    return found if of.pivot > 0 else -found

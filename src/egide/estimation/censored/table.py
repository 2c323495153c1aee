"""Persons by capture history where some counts are known only as a range: "< 5" is 1 to 4.

Source: docs/methods/hidden-counts.md.
"""

from __future__ import annotations

import numpy as np
from attrs import field, frozen

from egide.estimation.histories import Flags, Histories, Ints, check_shapes


@frozen(kw_only=True, eq=False)
class Censored:
    """Persons by capture history, from `low` to `high`, both possible.

    lists: k names, 2 to 9. low, high: shape (2^k,), persons; cell 0 is 0. possible: shape (2^k,), False where nobody
    can be seen. Refuses (ValueError) another shape, a negative count, a range upside down, and a person where nobody
    can be.
    """

    lists: tuple[str, ...]
    low: Ints
    high: Ints
    possible: Flags = field()

    @possible.default
    def _all_possible(self) -> Flags:
        return np.ones(len(self.low), dtype=np.bool_)

    def __attrs_post_init__(self) -> None:
        check_shapes(self.lists, self.low, self.high, self.possible)
        if self.low.min() < 0 or (self.low > self.high).any():
            raise ValueError("a range runs from 0 or more up to no less")
        if self.high[0] != 0 or not self.possible[0] or self.high[~self.possible].any():
            raise ValueError("somebody has a history that nobody can have")

    @property
    def k(self) -> int:
        return len(self.lists)

    @property
    def hidden(self) -> Ints:
        """The histories whose count is not known exactly, in order."""
        return np.flatnonzero(self.low != self.high)

    @property
    def is_exact(self) -> bool:
        return not len(self.hidden)

    def completed(self, counts: Ints) -> Histories:
        """One table that this one allows. Refuses (ValueError) counts out of its ranges."""
        if (counts < self.low).any() or (counts > self.high).any():
            raise ValueError("this completion is out of the ranges")
        return Histories(lists=self.lists, counts=counts, possible=self.possible)


def exact(given: Histories) -> Censored:
    """A table that hides nothing."""
    return Censored(lists=given.lists, low=given.counts, high=given.counts, possible=given.possible)

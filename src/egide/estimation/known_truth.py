"""How well a method finds a number that is known, on the lists themselves.

The persons of one list, as the other lists see them: those on this list alone are hidden, the rest are a table of
histories over the other lists, and the truth is the length of the list. It is a check of a method on lists like these,
not of the estimate itself: nobody is known of those who are on no list (Binette and Steorts 2022).
Source: docs/methods/averaged-interval.md.
"""

from __future__ import annotations

from collections.abc import Callable
from math import log

import numpy as np
from attrs import frozen

from egide.estimation.histories import Histories
from egide.estimation.results import Answer, Estimate


@frozen(kw_only=True, eq=False)
class Problem:
    """`seen`: the persons of the list `name` who are on another list too. `truth`: all those of the list."""

    name: str
    seen: Histories
    truth: int


@frozen(kw_only=True, eq=False)
class Found:
    """What a method answers to a problem."""

    problem: Problem
    answer: Answer

    @property
    def holds(self) -> bool | None:
        """Whether the interval holds the truth; None without an interval."""
        told = self.answer
        if not isinstance(told, Estimate) or told.low is None or told.high is None:
            return None
        return told.low <= self.problem.truth <= told.high

    @property
    def log_error(self) -> float | None:
        """Logarithm of the estimate over the truth; None without an estimate."""
        return log(self.answer.persons / self.problem.truth) if isinstance(self.answer, Estimate) else None


def problems(given: Histories) -> tuple[Problem, ...]:
    """One for each list of three or more, in their order; none for two lists, of which one alone would be left."""
    if given.k == 2:
        return ()
    return tuple(_of_list(given, place) for place in range(given.k))


def consistency(given: Histories, method: Callable[[Histories], Answer]) -> tuple[Found, ...]:
    """What the method answers to each problem of the table."""
    return tuple(Found(problem=each, answer=method(each.seen)) for each in problems(given))


def _of_list(given: Histories, place: int) -> Problem:
    cells = np.arange(1 << given.k)
    on_it = cells[cells >> place & 1 == 1]  # in the order of the histories over the other lists
    counts, possible = given.counts[on_it], given.possible[on_it]
    truth = int(counts.sum())
    counts[0], possible[0] = 0, True
    others = tuple(name for other, name in enumerate(given.lists) if other != place)
    return Problem(name=given.lists[place], seen=Histories(lists=others, counts=counts, possible=possible), truth=truth)

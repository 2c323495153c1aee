"""What a file of lists says once read: counts by capture history, whole and by stratum, and nobody's identifier."""

from __future__ import annotations

from attrs import field, frozen

from egide.estimation.censored.table import Censored
from egide.estimation.histories import named


@frozen(kw_only=True, eq=False)
class Reading:
    """`table`: everybody. `strata`: the same persons by the values of `columns`; empty when none was asked for.

    unobserved: histories whose count was left empty: nobody could have been seen there.
    """

    table: Censored
    columns: tuple[str, ...] = ()
    strata: tuple[tuple[tuple[str, ...], Censored], ...] = ()
    unobserved: tuple[int, ...] = field(default=())

    @property
    def lists(self) -> tuple[str, ...]:
        return self.table.lists


def history_name(lists: tuple[str, ...], cell: int) -> str:
    """ "A et B", "A, B et C": the lists of a history, for a reader."""
    *others, last = named(lists, cell)
    return f"{', '.join(others)} et {last}" if others else last

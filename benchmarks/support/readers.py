"""What a choice of hidden cells leaves to each reader: plain narrowing, and the whole attacker asked anew."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from egide.disclosure.attack.components import reduce, split
from egide.disclosure.attack.propagation import propagate
from egide.disclosure.attack.rows import NO_LIMIT, Flags, Ints, Rows
from egide.disclosure.attack.settle import Limits, settle, window_bits
from egide.disclosure.attack.system import Attacker
from support.counts import SMALL


@frozen(kw_only=True)
class Narrowed:
    """Small counts for which single totals, one after the other, exclude some value from 1 to 4, and all but one."""

    some: int
    all_but_one: int


def labelled(rows: Rows, numbers: Ints, attacker: Attacker) -> Rows:
    """The rows with what this reader would take each number to be, were it hidden."""
    if attacker is Attacker.POSITIVE_ONLY:
        return rows.within(np.ones_like(numbers), np.full_like(numbers, NO_LIMIT))
    low, high = np.where(numbers < SMALL, 1, SMALL), np.where(numbers < SMALL, SMALL - 1, NO_LIMIT)
    return rows.within(low, high)


def seen_by(rows: Rows, numbers: Ints, hidden: Flags, attacker: Attacker) -> Rows:
    """The rows with what this reader takes each number to be."""
    told = labelled(rows, numbers, attacker)
    return rows.within(np.where(hidden, told.low, numbers), np.where(hidden, told.high, numbers))


def narrowed(rows: Rows, numbers: Ints, hidden: Flags, attacker: Attacker) -> Narrowed:
    """Bound propagation only: what anybody finds with patience and a pencil."""
    bounds = propagate(seen_by(rows, numbers, hidden, attacker))
    small = hidden & (numbers < SMALL)
    low, high = bounds.low[small], bounds.high[small]
    some = int(((low > 1) | (high < SMALL - 1)).sum())
    return Narrowed(some=some, all_but_one=int((low == high).sum()))


def values_left(rows: Rows, numbers: Ints, hidden: Flags, attacker: Attacker) -> Ints:
    """For each small count, how many values verified solutions give it: the attacker, who is told nothing.

    The numbers themselves are where the search for solutions starts; each solution is checked.
    """
    reduced = reduce(seen_by(rows, numbers, hidden, attacker))
    base = np.where(numbers < SMALL, 1, SMALL)
    small = hidden & (numbers < SMALL)
    seen = window_bits(reduced.bounds.low, reduced.bounds.high, base)
    for part in split(reduced.rest):
        settled = settle(
            part, base[part.columns], small[part.columns], small[part.columns], Limits(), numbers[part.columns]
        )
        seen[part.columns] = settled.seen
    return np.asarray(np.bitwise_count(seen[small]).astype(np.int64))


def not_known(rows: Rows, numbers: Ints, hidden: Flags) -> Flags:
    """Cells that single totals, one after the other, do not give to who knows only that hidden is not zero.

    Some of them may be known all the same, by many totals at once: it is more than what the choice protects.
    """
    bounds = propagate(seen_by(rows, numbers, hidden, Attacker.POSITIVE_ONLY))
    return np.asarray(hidden & (bounds.low < bounds.high))

"""Unknowns that nothing bounds on one side, all of a part at once.

A step that can be repeated for ever, from any solution, proves that there is no bound. Such steps add up, so that one
step, verified in whole numbers, often proves it of every unknown at once. Source: docs/methods/attacker.md.
"""

from __future__ import annotations

import numpy as np

from egide.disclosure.attack.exact import direction
from egide.disclosure.attack.reach import Reach
from egide.disclosure.attack.rows import NO_LIMIT, Flags, Ints, Rows
from egide.disclosure.attack.search import Search


def endless(rows: Rows, asked: Flags, sign: int) -> Flags:
    """Which of these unknowns are proven to have no bound, from above (`sign` 1) or from below (-1).

    The others may have one or not.
    """
    none = np.zeros(rows.width, bool)
    columns = np.flatnonzero(asked)
    if not len(columns):
        return none
    steps = _with_shares(direction(rows), columns, sign)
    reach = Reach(steps)
    objective = np.concatenate((np.zeros(rows.width, np.int64), np.full(len(columns), -1)))
    Search(steps, reach, 0).far_out(objective, steps.low, steps.high)
    if reach.example is None:
        return none
    none[columns] = sign * reach.example[columns] > 0
    return none


def _with_shares(steps: Rows, columns: Ints, sign: int) -> Rows:
    """One more unknown, 0 or 1, for each of these: at most what it moves by. So as many move as can, not as far."""
    added = len(columns)
    shares = np.arange(steps.width, steps.width + added)
    return Rows(
        low=np.concatenate((steps.low, np.zeros(added, np.int64))),
        high=np.concatenate((steps.high, np.ones(added, np.int64))),
        starts=np.concatenate((steps.starts, steps.starts[-1] + 2 * np.arange(1, added + 1))),
        columns=np.concatenate((steps.columns, np.stack((columns, shares), axis=1).ravel())),
        weights=np.concatenate((steps.weights, np.tile([sign, -1], added))),
        at_least=np.concatenate((steps.at_least, np.zeros(added, np.int64))),
        at_most=np.concatenate((steps.at_most, np.full(added, NO_LIMIT))),
    )

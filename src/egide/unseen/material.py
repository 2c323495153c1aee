"""The tables an estimate is asked of: one, or several that the true one may be, each method carried through them. Pure.

Several when small counts came hidden, or when links between lists are in doubt: an answer is then carried through all
of them. Source: docs/methods/estimate-page.md, docs/methods/hidden-counts.md, docs/methods/linkage-error.md.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import evolve, field, frozen

from egide.estimation.censored.completing import completions, likeliest
from egide.estimation.censored.table import Censored
from egide.estimation.choice.enumerate import hierarchical
from egide.estimation.histories import Histories
from egide.estimation.linkage_error import carried
from egide.estimation.models import independence
from egide.estimation.results import Answer
from egide.unseen.methods import MOST_ENUMERATED, SLOW_TABLES, Effort, Method

DRAWS = 12  # tables drawn behind hidden counts
_LEAST_REPLICATES = 50  # on each of several tables


@frozen(kw_only=True, eq=False)
class Material:
    """`table`: the one that checks are made on. `others`: when not empty, answers are carried through them instead.

    hidden: are there counts that only ranges are known of? fewest: the least persons on two lists or more, over all.
    """

    table: Histories
    others: tuple[Histories, ...] = field(default=())
    hidden: bool = False
    fewest: int


def exact_material(table: Histories, others: Sequence[Histories] = ()) -> Material:
    return Material(table=table, others=tuple(others), fewest=min(one.repeated for one in (table, *others)))


def hidden_material(known: Censored, *, seed: int) -> Material:
    """Tables drawn as the likeliest model makes them; the middle of each range where no model answers."""
    low = known.completed(known.low)
    if known.is_exact:
        return exact_material(low)
    middle = known.completed((known.low + known.high) // 2)
    best = likeliest(known, hierarchical(known.k, 2) if known.k <= MOST_ENUMERATED else [independence(known.k)])
    if best is None:
        return Material(
            table=middle, others=(low, middle, known.completed(known.high)), hidden=True, fewest=low.repeated
        )
    drawn = completions(known, best, draws=DRAWS, chance=np.random.default_rng(seed))
    usual = known.completed(np.clip(np.rint(best.counts), known.low, known.high).astype(np.int64))
    return Material(table=usual, others=drawn, hidden=True, fewest=low.repeated)


def through(given: Material, panel: Sequence[Method]) -> tuple[Method, ...]:
    """The same methods, each answering for all the tables at once."""
    if not given.others:
        return tuple(panel)
    return tuple(
        evolve(method, run=_Carrying(method=method, tables=given.others[:SLOW_TABLES] if method.slow else given.others))
        for method in panel
    )


@frozen(kw_only=True)
class _Carrying:
    method: Method
    tables: tuple[Histories, ...]

    def __call__(self, _given: Histories, effort: Effort) -> Answer:
        each = evolve(effort, replicates=max(effort.replicates // len(self.tables), _LEAST_REPLICATES))
        found = carried(self.tables, None, lambda table: self.method.run(table, each))
        return evolve(found, method=self.method.name)

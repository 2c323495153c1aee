"""Pairs of lists added one at a time to independence, while the data contradict the model without them.

At each step the persons on both lists of a pair are a Poisson number whose mean the current model gives; the pair
with the least one-sided p-value is added if it is below the threshold and if the larger model has an estimate.
Source: docs/methods/model-choice.md; Chan, Silverman and Vincent 2021; documentation of the R package SparseMSE.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
from attrs import define, frozen
from numpy.typing import ArrayLike
from scipy.stats import poisson

from egide import compiled as machine_code
from egide.estimation.fitting import newton as loops_of
from egide.estimation.fitting.existence import EXISTS, NOT_IDENTIFIED, check_pattern, live
from egide.estimation.fitting.newton import CERTIFIED, UNDECIDED, live_terms, newton, superset, watch
from egide.estimation.fitting.regression import settled, spread_out
from egide.estimation.histories import Flags, Floats, Histories, Ints, superset_sums
from egide.estimation.models import Model, independence, pairs
from egide.estimation.results import Declined, Estimate, Reason

__all__ = ["THRESHOLD", "Steps", "stepwise", "stepwise_all"]

THRESHOLD = 0.02
_PLAIN_TABLES = 1  # at most: below, loading machine code would cost more than it gives


@frozen(kw_only=True, eq=False)
class Steps:
    """What was chosen on each table. unseen: shape (tables,), persons on no list, NaN where `status` is not 0.

    status: shape (tables,), 0, or the code of what independence lacks (see `existence`). chosen: shape (tables,
    pairs), the pairs of lists of the model in the order of `models.pairs(k)`.
    """

    k: int
    unseen: Floats
    status: Ints
    chosen: Flags

    def model(self, table: int) -> Model:
        return Model(k=self.k, interactions=tuple(np.array(pairs(self.k))[self.chosen[table]].tolist()))


def stepwise(given: Histories, threshold: float = THRESHOLD, *, compiled: bool | None = None) -> Estimate | Declined:
    """The estimate of the model that forward selection chooses. Declined where even independence has none.

    threshold: of the one-sided p-value. Refused: as `stepwise_all`.
    """
    if not given.repeated:
        return Declined(method="stepwise", reason=Reason.NO_OVERLAP)
    found = stepwise_all(given.counts[None, :], given.possible, threshold=threshold, compiled=compiled)
    if found.status[0] != CERTIFIED:
        reason = Reason.NOT_IDENTIFIED if found.status[0] == NOT_IDENTIFIED else Reason.NOT_EXISTING
        return Declined(method="stepwise", reason=reason, model=independence(given.k))
    model = found.model(0)
    return Estimate(
        method="stepwise",
        persons=given.seen + float(found.unseen[0]),
        model=model,
        notes={"threshold": threshold, "interactions": float(len(model.interactions))},
    )


def stepwise_all(
    tables: ArrayLike, possible: Flags, *, threshold: float = THRESHOLD, compiled: bool | None = None
) -> Steps:
    """The same on many tables, shape (tables, 2^k), whole counts. Refuses a threshold of one half or more.

    A pair whose model the loops cannot certify is asked of `existence`: where it has no estimate the pair is left out,
    where it has one the table is done again slowly.
    """
    if not 0 <= threshold < 0.5:
        raise ValueError("a one-sided p-value is compared with a threshold below one half")
    counts = np.ascontiguousarray(np.atleast_2d(np.asarray(tables, dtype=np.float64)))
    k = counts.shape[1].bit_length() - 1
    sets = np.array(pairs(k), dtype=np.int64)
    found = _Progress(
        banned=np.zeros((len(counts), len(sets)), dtype=np.bool_),
        chosen=np.zeros((len(counts), len(sets)), dtype=np.bool_),
        theta=np.full(len(counts), np.nan),
        status=np.full(len(counts), UNDECIDED, dtype=np.int64),
        asked=np.full(len(counts), -1, dtype=np.int64),
    )
    run = _loops(compiled=len(counts) > _PLAIN_TABLES if compiled is None else compiled)
    limit = math.log(threshold) if threshold > 0 else -math.inf
    rows = np.arange(len(counts))
    while len(rows):
        some = found.of(rows)
        run.step_tables(
            counts[rows], possible, sets, limit, some.banned, some.chosen, some.theta, some.status, some.asked
        )
        found.put(rows, some)
        rows = rows[found.status[rows] == UNDECIDED]
        for row in rows.tolist():
            _decide(counts[row], possible, sets, limit, found, row)
        rows = rows[found.status[rows] == UNDECIDED]
    unseen = np.where(found.status == CERTIFIED, np.exp(found.theta), np.nan)
    return Steps(k=k, unseen=unseen, status=found.status, chosen=found.chosen)


@define
class _Progress:
    """How far each table is: what `step_tables` takes and fills. Shapes (tables, pairs), then (tables,)."""

    banned: Flags
    chosen: Flags
    theta: Floats
    status: Ints
    asked: Ints

    def of(self, rows: Ints) -> _Progress:
        """A copy of some tables."""
        return _Progress(self.banned[rows], self.chosen[rows], self.theta[rows], self.status[rows], self.asked[rows])

    def put(self, rows: Ints, some: _Progress) -> None:
        """Back in their places."""
        self.chosen[rows], self.theta[rows] = some.chosen, some.theta
        self.status[rows], self.asked[rows] = some.status, some.asked


def _decide(counts: Floats, possible: Flags, sets: Ints, limit: float, found: _Progress, row: int) -> None:
    """What `existence` says of the model that stopped a table: leave its pair out, refuse, or do the table slowly."""
    k, asked = len(counts).bit_length() - 1, found.asked[row]
    tried = found.chosen[row].copy()
    if asked >= 0:
        tried[asked] = True
    code = check_pattern(counts > 0, possible, Model(k=k, interactions=tuple(sets[tried].tolist()))).code
    if code != EXISTS and asked >= 0:
        found.banned[row, asked] = True
    elif code != EXISTS:
        found.status[row] = code
    else:
        found.theta[row], found.chosen[row] = _slowly(counts, possible, sets, limit)
        found.status[row] = CERTIFIED


def _slowly(counts: Floats, possible: Flags, sets: Ints, limit: float) -> tuple[float, Flags]:
    """One table, where the maxima are so far out that only the slow fit reaches them; independence has one.

    The logarithm of the unseen, and the pairs chosen.
    """
    k = len(counts).bit_length() - 1
    chosen = np.zeros(len(sets), dtype=np.bool_)
    totals = superset_sums(counts)[sets]
    while True:
        model = Model(k=k, interactions=tuple(sets[chosen].tolist()))
        held, alive = live(model.terms, counts > 0, possible)
        fitted = settled(counts, held, alive)
        unseen, expected = float(fitted.theta[0]), superset_sums(spread_out(fitted.mean, alive))[sets]
        tails = np.where(totals < expected, poisson.logcdf(totals, expected), poisson.logsf(totals - 1, expected))
        for place in np.argsort(np.where(chosen, np.inf, tails), kind="stable").tolist():
            if chosen[place] or not tails[place] < limit:
                return unseen, chosen
            larger = Model(k=k, interactions=(*model.interactions, int(sets[place])))
            if check_pattern(counts > 0, possible, larger).code == EXISTS:
                chosen[place] = True
                break
        else:
            return unseen, chosen


@cache
def _loops(*, compiled: bool) -> Any:
    return machine_code.kernels((*loops_of.ORDER, log_tail, step_tables), compiled=compiled)


def log_tail(count: float, mean: float) -> float:
    """Logarithm of the smaller of the chances of `count` or fewer and of `count` or more, where it is below a half."""
    if mean <= 0.0:
        return 0.0 if count == 0 else -np.inf
    term = 1.0
    total = 1.0
    place = count
    if count < mean:
        while place > 0 and term > 1e-17 * total:
            term *= place / mean
            total += term
            place -= 1
    else:
        while term > 1e-17 * total:
            place += 1
            term *= mean / place
            total += term
    return count * math.log(mean) - mean - math.lgamma(count + 1) + math.log(total)


def step_tables(
    tables: Floats,
    possible: Flags,
    sets: Ints,
    limit: float,
    banned: Flags,
    chosen: Flags,
    theta0: Floats,
    statuses: Ints,
    asked: Ints,
) -> None:
    """Each table until no pair has a logarithm of p below `limit`, or a model that is not certified stops it.

    sets: shape (pairs,). banned: shape (tables, pairs), pairs known to have no estimate. Out: the pairs chosen, the
    logarithm of the unseen, the status, and the place of the pair that stopped it (-1: independence did).
    """
    cells = tables.shape[1]
    lists = 0
    while 1 << lists < cells:
        lists += 1
    most = 1 + lists + sets.shape[0]
    totals, dead, mu, sums = np.empty(cells), np.empty(cells), np.empty(cells), np.empty(cells)
    alive, watched = np.empty(cells, np.bool_), np.empty(cells, np.bool_)
    given, terms = np.zeros(most, np.int64), np.empty(most, np.int64)
    theta, step, matrix = np.empty(most), np.empty(most), np.empty((most, most))
    tails = np.empty(sets.shape[0])
    everywhere = bool(possible.all())
    for place in range(lists):
        given[1 + place] = 1 << place
    for table in range(tables.shape[0]):
        totals[:] = tables[table]
        superset(totals)
        chosen[table, :] = False
        used = 1 + lists
        asked[table] = -1
        tried = -1
        while True:
            size = live_terms(totals, possible, given[:used], terms, dead, alive)
            watch(terms, size, alive, everywhere, watched)
            status, _found = newton(tables[table], totals, alive, terms, size, theta, mu, sums, matrix, step, watched)
            statuses[table] = status
            asked[table] = tried
            if status != CERTIFIED:
                break
            theta0[table] = theta[0]
            if tried >= 0:
                chosen[table, tried] = True
            superset(mu)
            tried = -1
            for place in range(sets.shape[0]):
                if not (chosen[table, place] or banned[table, place]):
                    tails[place] = log_tail(totals[sets[place]], mu[sets[place]])
                    if tails[place] < limit and (tried < 0 or tails[place] < tails[tried]):
                        tried = place
            if tried < 0:
                break
            given[used] = sets[tried]
            used += 1

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
from attrs import frozen
from numpy.typing import ArrayLike
from scipy.stats import poisson

from egide import compiled as machine_code
from egide.estimation.fitting import newton as loops_of
from egide.estimation.fitting.existence import check_pattern, live
from egide.estimation.fitting.newton import CERTIFIED, UNDECIDED, live_terms, newton, superset, watch
from egide.estimation.fitting.settle import means, settled
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
    """The estimate of the model that forward selection chooses. Declined where even independence has none."""
    if not given.repeated:
        return Declined(method="stepwise", reason=Reason.NO_OVERLAP)
    found = stepwise_all(given.counts[None, :], given.possible, threshold=threshold, compiled=compiled)
    if found.status[0] != CERTIFIED:
        reason = Reason.NOT_IDENTIFIED if found.status[0] == 2 else Reason.NOT_EXISTING
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
    shape = len(counts), len(sets)
    banned, chosen = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
    theta = np.full(len(counts), np.nan)
    status, asked = (np.full(len(counts), value, dtype=np.int64) for value in (UNDECIDED, -1))
    run = _loops(compiled=len(counts) > _PLAIN_TABLES if compiled is None else compiled)
    limit = math.log(threshold) if threshold > 0 else -math.inf
    rows = np.arange(len(counts))
    while len(rows):
        found = [one[rows] for one in (counts, banned, chosen, theta, status, asked)]
        run.step_tables(found[0], possible, sets, limit, *found[1:])
        chosen[rows], theta[rows], status[rows], asked[rows] = found[2:]
        rows = rows[status[rows] == UNDECIDED]
        for row in rows.tolist():
            _decide(counts[row], possible, sets, limit, banned[row], chosen[row], theta, status, asked, row)
        rows = rows[status[rows] == UNDECIDED]
    return Steps(k=k, unseen=np.where(status == CERTIFIED, np.exp(theta), np.nan), status=status, chosen=chosen)


def _decide(
    counts: Floats,
    possible: Flags,
    sets: Ints,
    limit: float,
    banned: Flags,
    chosen: Flags,
    theta: Floats,
    status: Ints,
    asked: Ints,
    row: int,
) -> None:
    """What `existence` says of the model that stopped a table: leave its pair out, refuse, or do the table slowly."""
    k = len(counts).bit_length() - 1
    tried = chosen.copy()
    if asked[row] >= 0:
        tried[asked[row]] = True
    code = check_pattern(counts > 0, possible, Model(k=k, interactions=tuple(sets[tried].tolist()))).code
    if code != CERTIFIED and asked[row] >= 0:
        banned[asked[row]] = True
    elif code != CERTIFIED:
        status[row] = code
    else:
        theta[row], chosen[:] = _slowly(counts, possible, sets, limit)
        status[row] = CERTIFIED


def _slowly(counts: Floats, possible: Flags, sets: Ints, limit: float) -> tuple[float, Flags]:
    """One table, where the maxima are so far out that only the slow fit reaches them; independence has one."""
    k = len(counts).bit_length() - 1
    chosen = np.zeros(len(sets), dtype=np.bool_)
    totals = superset_sums(counts)[sets]
    while True:
        model = Model(k=k, interactions=tuple(sets[chosen].tolist()))
        held, alive = live(model.terms, counts > 0, possible)
        theta = settled(counts, held, alive)
        expected = superset_sums(means(theta, held, alive))[sets]
        tails = np.where(totals < expected, poisson.logcdf(totals, expected), poisson.logsf(totals - 1, expected))
        for place in np.argsort(np.where(chosen, np.inf, tails), kind="stable").tolist():
            if chosen[place] or not tails[place] < limit:
                return float(theta[0]), chosen
            larger = Model(k=k, interactions=(*model.interactions, int(sets[place])))
            if check_pattern(counts > 0, possible, larger).code == CERTIFIED:
                chosen[place] = True
                break
        else:
            return float(theta[0]), chosen


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

"""Every model answers, each as loudly as the data allow: an interval that chooses no model and draws no replicate.

Source: docs/methods/averaged-interval.md.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations, product
from math import comb
from typing import Any

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from egide import compiled as machine_code
from egide.estimation.histories import Flags, Floats, Histories, Ints, sizes, superset_sums
from egide.estimation.intervals import penalised
from egide.estimation.models import pairs
from egide.estimation.results import Answer, Declined, Estimate, Reason

METHOD = "averaged"
LEAST_REPEATED = 8  # persons on two lists or more, below which no number is given
MOST_ENUMERATED = 5  # lists, up to which every model is weighed
STEPS = 40_000  # beyond, of the walk from model to model
LEAST_WEIGHT = 1e-9  # of a model, below which it is not mixed
_PLAIN_MODELS = 20  # at most: below, loading machine code would cost more than it gives


def averaged(
    given: Histories, *, level: float = 0.95, seed: int = 1, steps: int = STEPS, compiled: bool | None = None
) -> Answer:
    """Median and central interval of all the persons, seen and not, over every model the data may bear.

    The models: any set of pairs of lists that depend on each other, with at most one triple of lists or with a term
    that all share. The interval is for the number of persons there are, not for its mean over populations that could
    have been. Up to 5 lists every model is weighed; beyond, a walk of `steps` from model to model, which `seed` draws.
    A list with nobody is left out. Notes: `models` weighed, or steps of the walk; `shared` and `triple`: how plausible
    these terms are; `unknown`: share of the models left out because no maximum was found.
    Declines when fewer than 8 persons are on two lists.
    """
    if given.repeated < LEAST_REPEATED:
        return Declined(method=METHOD, reason=Reason.TOO_FEW_REPEATS if given.repeated else Reason.NO_OVERLAP)
    found = weighed(_without_empty_lists(given), seed=seed, steps=steps, compiled=compiled)
    known = np.isfinite(found[:, 0])
    if not known.any():
        return Declined(method=METHOD, reason=Reason.NOT_EXISTING)
    weight, centre, variance, kind = found[known].T
    weight = np.exp(weight - weight.max())
    weight /= weight.sum()
    worth = weight > LEAST_WEIGHT
    # What a Poisson number adds to the doubt about its mean, in logarithms.
    spread = np.sqrt(variance + np.exp(-centre))
    mixture = weight[worth] / weight[worth].sum(), centre[worth], spread[worth]
    tail = (1 - level) / 2
    low, middle, high = (float(np.exp(quantile(part, *mixture))) for part in (tail, 0.5, 1 - tail))
    return Estimate(
        method=METHOD,
        persons=given.seen + middle,
        low=given.seen + float(np.floor(low)),  # persons are whole
        high=given.seen + float(np.ceil(high)),
        level=level,
        notes={
            "models": float(len(weight)),
            "shared": float(weight[kind == 2].sum()),
            "triple": float(weight[kind == 1].sum()),
            "unknown": float(1 - known.mean()),
        },
    )


def quantile(probability: float, weight: Floats, centre: Floats, spread: Floats) -> float:
    """The number below which the mixture of normal distributions has this probability. Weights sum to 1."""
    ends = centre + ndtri(probability) * spread
    low, high = float(ends.min()), float(ends.max())
    if low == high:
        return low

    def beyond(number: float) -> float:
        return float(weight @ ndtr((number - centre) / spread)) - probability

    return float(brentq(beyond, low - 1e-6, high + 1e-6, xtol=1e-9))


def weighed(given: Histories, *, seed: int = 1, steps: int = STEPS, compiled: bool | None = None) -> Floats:
    """Shape (models, 4): logarithm of the weight, of the unseen, variance of the latter, and kind (`penalised.kind`).

    Up to 5 lists, every model once. Beyond, the steps of a walk whose first tenth is forgotten, all of one weight.
    """
    sets = _terms(given)
    within = np.array([comb(size, 2) for size in sizes(given.k).tolist()], dtype=np.float64)
    table = given.counts.astype(np.float64), given.possible, within
    if given.k > MOST_ENUMERATED:
        chance = np.random.default_rng(seed)
        turned = chance.integers(len(sets) + 1, size=steps)
        drawn = np.log(1 - chance.random(steps))
        met = np.empty((steps, 4))
        run = loops(compiled=compiled is not False)
        run.walk(*table, _climbed(run, table, sets, given.k), sets, given.k, turned, drawn, met)
        met[:, 0] = np.where(np.isfinite(met[:, 0]), 0.0, -np.inf)
        return met[steps // 10 :]
    rows = _rows(tuple(sets.tolist()))
    found = np.empty((len(rows), 4))
    by_code = len(rows) > _PLAIN_MODELS if compiled is None else compiled
    loops(compiled=by_code).weigh(*table, rows, sets, given.k, found)
    return found


def _climbed(run: Any, table: tuple[Floats, Flags, Floats], sets: Ints, lists: int) -> Flags:
    """Where to walk from: up from three models, by the term in or out that adds most; the highest of the three ends."""
    none = np.zeros(len(sets) + 1, dtype=np.bool_)
    every_pair = np.array([*(one.bit_count() == 2 for one in sets.tolist()), False])
    top, start = -np.inf, none
    for first in (none, every_pair, np.append(none[:-1], True)):
        row, rows, best = first, first[None, :], -np.inf
        while True:
            found = np.empty((len(rows), 4))
            run.weigh(*table, rows, sets, lists, found)
            place = int(found[:, 0].argmax())
            if found[place, 0] <= best:
                break
            best, row = float(found[place, 0]), rows[place]
            rows = row ^ np.eye(len(row), dtype=np.bool_)
        if best > top:
            top, start = best, row
    return np.array(start)


@cache
def loops(*, compiled: bool) -> Any:
    """The functions of `penalised`, by name."""
    return machine_code.kernels(penalised.ORDER, compiled=compiled)


def _terms(given: Histories) -> Ints:
    """Pairs of lists, then triples where there are 4 lists or more, that somebody may bear."""
    triples = [sum(1 << place for place in three) for three in combinations(range(given.k), 3)] if given.k > 3 else []
    bearable = superset_sums(given.possible.astype(np.int64))
    return np.array([one for one in (*pairs(given.k), *triples) if bearable[one]], dtype=np.int64)


@cache
def _rows(sets: tuple[int, ...]) -> Flags:
    """Shape (models, sets + 1): which terms each model has, the shared one last."""
    two = [one for one in sets if one.bit_count() == 2]
    three = [one for one in sets if one.bit_count() == 3]
    alone = [False] * len(three)
    rows = []
    for chosen in product((False, True), repeat=len(two)):
        absent = [pair for pair, taken in zip(two, chosen, strict=True) if not taken]
        rows += [[*chosen, *alone, False], [*chosen, *alone, True]]
        for place, triple in enumerate(three):
            if all(pair & triple != pair for pair in absent):
                rows.append([*chosen, *alone[:place], True, *alone[place + 1 :], False])
    return np.array(rows, dtype=np.bool_)


def _without_empty_lists(given: Histories) -> Histories:
    """The same persons on the lists that have somebody."""
    totals = given.totals()
    kept = [place for place in range(given.k) if totals[1 << place]]
    cells = np.array(
        [sum(1 << place for new, place in enumerate(kept) if cell >> new & 1) for cell in range(1 << len(kept))]
    )
    names = tuple(given.lists[place] for place in kept)
    return Histories(lists=names, counts=given.counts[cells], possible=given.possible[cells])

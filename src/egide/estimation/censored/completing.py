"""What the tables behind hidden counts may be: the likeliest, the extreme ones, and draws among them.

The estimate on a table with "< 5" cells is that of the table that the model itself expects there (EM, the model fixed);
its bounds are those of the completions that move the estimate most; its interval holds completions drawn as the model
makes them likely. Source: docs/methods/hidden-counts.md; Dempster, Laird and Rubin 1977; Rubin 1987.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
from attrs import evolve, field, frozen
from scipy.special import gammaln

from egide.estimation.censored.table import Censored
from egide.estimation.fitting import existence
from egide.estimation.fitting.fit import fit, fit_tables
from egide.estimation.fitting.regression import PoissonFit, poisson_fit, spread_out
from egide.estimation.histories import Flags, Floats, Histories, Ints
from egide.estimation.linkage_error import Estimator, carried
from egide.estimation.models import Model, design_matrix
from egide.estimation.results import Answer, Declined, Reason

METHOD = "censored"
_WIDEST_RANGE = 10_000  # numbers between the ends of one hidden cell
_ENUMERATED = 4_096  # completions tried one by one; beyond, they are searched
_ROUNDS = 400
_STILL = 1e-9  # persons, or a share of the estimate: nothing moves
_LEAST_MEAN = 1e-300  # whose logarithm is still a number


@frozen(kw_only=True, eq=False)
class Behind:
    """The table that a model expects behind the ranges.

    counts: shape (2^k,), fractions where hidden. likelihood: logarithm, of what was shown (ranges by their chance).
    fitted: the model on `counts`, over the terms that somebody bears; its rows are the histories of `alive`, shape
    (2^k,), and its columns those of `design`, shape (histories alive, terms).
    """

    model: Model
    counts: Floats
    likelihood: float
    fitted: PoissonFit = field(repr=False)
    design: Ints = field(repr=False)
    alive: Flags = field(repr=False)

    @property
    def unseen(self) -> float:
        """Persons on no list."""
        return float(np.exp(self.fitted.theta[0]))

    @property
    def persons(self) -> float:
        """Seen and unseen."""
        return float(self.counts.sum()) + self.unseen

    def criterion(self, penalty: float) -> float:
        return -2 * self.likelihood + penalty * self.model.parameters


@frozen(kw_only=True)
class Bounds:
    """The smallest and largest estimate among completions. `proven`: all were tried; else searched from the ends."""

    low: float
    high: float
    proven: bool


def behind(given: Censored, model: Model) -> Behind | None:
    """By expectation and maximisation; None when the model's maximum does not exist or is not unique there.

    Refuses (ValueError) a hidden count that ranges over more than 10,000 numbers.
    """
    filled = given.completed(given.high)
    if existence.check(filled, model).code != existence.EXISTS:
        return None
    held, alive = existence.live(model.terms, filled.counts > 0, given.possible)
    design = design_matrix(held, alive)
    counts = (given.low + given.high) / 2
    fitted = poisson_fit(design, counts[alive])
    for _ in range(_ROUNDS):
        mean, expected = spread_out(fitted.mean, alive), counts.copy()
        for cell in given.hidden.tolist():
            numbers, chances = _law(given, cell, mean[cell])
            expected[cell] = chances @ numbers
        fitted = poisson_fit(design, expected[alive], start=fitted.theta)
        still = float(np.abs(expected - counts).max()) < _STILL
        counts = expected
        if still:
            break
    if not fitted.found:
        return None
    shown = _shown(given, spread_out(fitted.mean, alive), alive)
    return Behind(model=model, counts=counts, likelihood=shown, fitted=fitted, design=design, alive=alive)


def likeliest(given: Censored, models: Sequence[Model], *, among: int = 60) -> Behind | None:
    """The model of least BIC for what is shown, among the `among` best on the table with the middles of the ranges."""
    middle = given.completed((given.low + given.high) // 2)
    fits = existence.resolve(middle, fit(middle, models))
    penalty = float(np.log(max(middle.seen, 1)))
    (criterion,) = fits.criterion(penalty)
    order = [int(place) for place in np.argsort(criterion, kind="stable")[:among] if np.isfinite(criterion[place])]
    found = [one for one in (behind(given, fits.models[place]) for place in order) if one is not None]
    return min(found, key=lambda one: one.criterion(penalty), default=None)


def bounds(given: Censored, model: Model) -> Bounds | None:
    """How far the estimate of one model goes over the completions; None when the model answers on none of them."""
    cells = given.hidden
    ranges = [range(int(given.low[cell]), int(given.high[cell]) + 1) for cell in cells]
    if np.prod([float(len(one)) for one in ranges]) <= _ENUMERATED:
        every = np.array(list(product(*ranges)), dtype=np.int64).reshape(-1, len(cells))
        found = _persons(given, model, every)
        if np.isnan(found).all():
            return None
        return Bounds(low=float(np.nanmin(found)), high=float(np.nanmax(found)), proven=True)
    ends = [_searched(given, model, sign) for sign in (1.0, -1.0)]
    if any(np.isnan(end) for end in ends):
        return None
    return Bounds(low=ends[0], high=ends[1], proven=False)


def completions(given: Censored, of: Behind, *, draws: int, chance: np.random.Generator) -> tuple[Histories, ...]:
    """Tables drawn as the model makes them likely, its parameters being drawn first around the best ones. [chance]"""
    found = []
    for theta in chance.multivariate_normal(of.fitted.theta, of.fitted.covariance, size=draws):
        counts, mean = given.low.copy(), spread_out(np.exp(of.design @ theta), of.alive)
        for cell in given.hidden.tolist():
            numbers, chances = _law(given, cell, mean[cell])
            counts[cell] = chance.choice(numbers, p=chances)
        found.append(given.completed(counts))
    return tuple(found)


def estimated(
    given: Censored, estimator: Estimator, models: Sequence[Model], *, chance: np.random.Generator, draws: int = 40
) -> Answer:
    """What `estimator` says over completions drawn under the likeliest of `models`, as one answer. [chance]

    `notes`: hidden cells; what expectation and maximisation give under that model, the bounds of its estimate over the
    completions, and whether all were tried. Without a hidden cell, the answer of `estimator` itself.
    """
    if given.is_exact:
        return estimator(given.completed(given.low))
    best = likeliest(given, models)
    if best is None:
        return Declined(method=METHOD, reason=Reason.NOT_EXISTING)
    answer = carried(completions(given, best, draws=draws, chance=chance), None, estimator)
    if isinstance(answer, Declined):
        return evolve(answer, method=METHOD)
    notes: dict[str, float] = {"hidden": float(len(given.hidden)), "expected": best.persons, **answer.notes}
    if (ends := bounds(given, best.model)) is not None:
        notes |= {"lowest": ends.low, "highest": ends.high, "proven": float(ends.proven)}
    return evolve(answer, method=METHOD, model=best.model, notes=notes)


def _law(given: Censored, cell: int, mean: float) -> tuple[Ints, Floats]:
    """The whole numbers of a cell's range, and their chances for a Poisson count of that mean known to be in it."""
    numbers, logs = _logs(given, cell, mean)
    return numbers, np.exp(logs - np.logaddexp.reduce(logs))


def _shown(given: Censored, mean: Floats, alive: Flags) -> float:
    """Log-likelihood of the exact counts and of the ranges, with the factorials; mean, alive: shape (2^k,)."""
    return sum(float(np.logaddexp.reduce(_logs(given, cell, mean[cell])[1])) for cell in np.flatnonzero(alive).tolist())


def _logs(given: Censored, cell: int, mean: float) -> tuple[Ints, Floats]:
    """The whole numbers of a cell's range, and the logarithms of their chances for a Poisson count of that mean."""
    low, high = int(given.low[cell]), int(given.high[cell])
    if high - low > _WIDEST_RANGE:
        raise ValueError(f"a hidden count ranges over at most {_WIDEST_RANGE} numbers")
    numbers = np.arange(low, high + 1)
    return numbers, numbers * np.log(max(mean, _LEAST_MEAN)) - mean - gammaln(numbers + 1)


def _persons(given: Censored, model: Model, hidden: Ints) -> Floats:
    """Shape (completions,): the estimate on each, NaN where the model has none."""
    tables = np.repeat(given.low[None, :], len(hidden), axis=0)
    tables[:, given.hidden] = hidden
    fits = existence.resolve_tables(tables, given.possible, fit_tables(tables, given.possible, [model]))
    return np.asarray(tables.sum(axis=1) + fits.unseen[:, 0], dtype=np.float64)


def _searched(given: Censored, model: Model, sign: float) -> float:
    """The best found by changing one hidden cell at a time, from all low and from all high; sign 1: the least."""
    cells = given.hidden
    low, high = given.low[cells], given.high[cells]
    best = np.inf
    for start in (low, high):
        here, value = start.copy(), np.inf
        while True:
            moves = np.array([_changed(here, place, end) for end in (low, high) for place in range(len(cells))])
            found = np.where(np.isnan(each := sign * _persons(given, model, moves)), np.inf, each)
            if found.min() >= value - _STILL * abs(value if np.isfinite(value) else 1.0):
                break
            value, here = float(found.min()), moves[int(found.argmin())]
        best = min(best, value)
    return sign * best if np.isfinite(best) else float("nan")


def _changed(here: Ints, place: int, end: Ints) -> Ints:
    moved = here.copy()
    moved[place] = end[place]
    return moved

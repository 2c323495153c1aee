"""Intervals for one given model: by its profile likelihood, or as wide on both sides (Wald).

The profile goes along the expected number of unseen persons, the other parameters at their best. One path serves two
laws. Poisson: the deviance along it. Multinomial (Cormack 1992): N is a parameter, and N persons fall into 2^k cells of
which one is hidden; the best fit of the table completed with N - n persons is the point of the path whose expected
counts sum to N. Neither knows that the model was chosen. Source: docs/methods/profile-likelihood.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from attrs import frozen
from scipy.optimize import brentq
from scipy.special import digamma, gammaln
from scipy.stats import chi2, norm

from egide.estimation.fitting.existence import NOT_IDENTIFIED, live, resolve
from egide.estimation.fitting.fit import CERTIFIED, fit
from egide.estimation.fitting.regression import poisson_fit
from egide.estimation.histories import Floats, Histories
from egide.estimation.models import Model, design_matrix
from egide.estimation.results import Declined, Estimate, Reason

Law = Literal["poisson", "multinomial", "cormack"]

MOST = 1e10  # persons unseen: more than live on Earth is no upper end
_STRIDE = 0.1  # of the logarithm of the unseen, when an end is looked for
_LEAST = 1e-9  # persons: as good as nobody


def profiled(
    histories: Histories, model: Model, *, law: Law = "multinomial", level: float = 0.95
) -> Estimate | Declined:
    """The maximum of the likelihood, and the ends where the deviance reaches the chi-square of `level`.

    law: "cormack" is "multinomial" with factorials by Stirling's formula, as Rcapture computes it.
    The lower end is never below the persons seen. Declined: NOT_EXISTING or NOT_IDENTIFIED where there is no single
    maximum, UNBOUNDED where the upper end is above `MOST`.
    """
    method = f"profile_{law}"
    fitted = _fitted(histories, model)
    if isinstance(fitted, Reason) or fitted[0] >= MOST:
        reason = fitted if isinstance(fitted, Reason) else Reason.UNBOUNDED
        return Declined(method=method, reason=reason, model=model)
    path = _Path(histories, model)
    start = float(np.log(fitted[0]))
    floor = -np.inf
    top = start
    if law != "poisson":
        # At the start, N - n is the unseen themselves and the slope is already negative: the maximum is below.
        floor = _crossing(lambda place: path(place).hidden, start, -_STRIDE, -np.inf)
        top = _crossing(lambda place: _slope(path(place), law), start, -_STRIDE, floor)
    best = _likelihood(path(top), law)
    deep = float(chi2.ppf(level, 1))

    def above(place: float) -> float:
        return deep - 2 * (best - _likelihood(path(place), law))

    low, high = _crossing(above, top, -_STRIDE, floor), _crossing(above, top, _STRIDE, float(np.log(MOST)))
    if high >= np.log(MOST):
        return Declined(method=method, reason=Reason.UNBOUNDED, model=model)
    persons, least, most = (_persons(path(place), law) for place in (top, low, high))
    return Estimate(method=method, persons=persons, low=least, high=most, level=level, model=model)


def wald(histories: Histories, model: Model, *, level: float = 0.95) -> Estimate | Declined:
    """N plus or minus as many standard errors as the normal law has for `level`; the low end may be absurd.

    The variance of N is the unseen (a Poisson count) plus what comes from the parameters.
    """
    fitted = _fitted(histories, model)
    if isinstance(fitted, Reason):
        return Declined(method="wald", reason=fitted, model=model)
    unseen, variance = fitted
    persons = histories.seen + unseen
    half = float(norm.isf((1 - level) / 2)) * float(np.sqrt(unseen + unseen**2 * variance))
    return Estimate(method="wald", persons=persons, low=persons - half, high=persons + half, level=level, model=model)


def _fitted(histories: Histories, model: Model) -> tuple[float, float] | Reason:
    """The unseen and the variance of its logarithm, or why there are none."""
    found = resolve(histories, fit(histories, [model]))
    if found.status[0, 0] != CERTIFIED:
        return Reason.NOT_IDENTIFIED if found.status[0, 0] == NOT_IDENTIFIED else Reason.NOT_EXISTING
    return float(found.unseen[0, 0]), float(found.variance[0, 0])


@frozen(kw_only=True)
class _Point:
    """A point of the path."""

    seen: int  # persons, told by the data
    unseen: float  # persons, expected
    total: float  # all expected counts together: the N of the multinomial
    poisson: float  # log-likelihood of the persons seen, factorials of counts left out
    shared: float  # sum over the cells seen of count x log(expected / total)

    @property
    def hidden(self) -> float:
        """N - n: what the hidden cell holds under the multinomial."""
        return self.total - self.seen


def _persons(point: _Point, law: Law) -> float:
    more = point.unseen if law == "poisson" else point.hidden
    return point.seen + (more if more > _LEAST else 0.0)


def _likelihood(point: _Point, law: Law) -> float:
    if law == "poisson":
        return point.poisson
    hidden = max(point.hidden, 0.0)
    cells = point.shared + hidden * float(np.log(point.unseen / point.total))
    return _factorial(point.total, law) - _factorial(hidden, law) + cells


def _slope(point: _Point, law: Law) -> float:
    """Of the multinomial log-likelihood along N."""
    share = float(np.log(point.unseen / point.total))
    return _factorial_slope(point.total, law) - _factorial_slope(max(point.hidden, 0.0), law) + share


def _factorial(n: float, law: Law) -> float:
    """The logarithm of n! or, for "cormack", Stirling's formula without its term 1/12n (up to a constant)."""
    if law == "multinomial":
        return float(gammaln(n + 1))
    return float((n + 0.5) * np.log(max(n, _LEAST)) - n)


def _factorial_slope(n: float, law: Law) -> float:
    if law == "multinomial":
        return float(digamma(n + 1))
    return float(np.log(max(n, _LEAST)) + 0.5 / max(n, _LEAST))


def _crossing(value: Callable[[float], float], start: float, stride: float, limit: float) -> float:
    """The first place from `start` where `value` changes sign; `limit` where it does not."""
    here, sign = start, value(start) > 0
    while here != limit:
        there = max(here + stride, limit) if stride < 0 else min(here + stride, limit)
        if (value(there) > 0) != sign:
            return float(brentq(value, here, there, xtol=1e-13, rtol=1e-14))
        here = there
    return limit


class _Path:
    """For each logarithm of the unseen, the best fit of the persons seen; each search begins at the last one found.

    A maximum exists on the whole path because it exists for the model: a direction along which the likelihood could
    grow for ever with the unseen held would also be one without.
    """

    def __init__(self, histories: Histories, model: Model) -> None:
        held, alive = live(model.terms, histories.counts > 0, histories.possible)
        self._design = design_matrix(held[1:], alive)
        self._counts: Floats = histories.counts[alive].astype(np.float64)
        self._seen = histories.seen
        self._last: Floats | None = None

    def __call__(self, place: float) -> _Point:
        found = poisson_fit(self._design, self._counts, offset=place, start=self._last)
        self._last = found.theta
        unseen = float(np.exp(place))
        total = unseen + float(found.mean.sum())
        shared = float(self._counts @ (place + self._design @ found.theta)) - self._seen * float(np.log(total))
        return _Point(seen=self._seen, unseen=unseen, total=total, poisson=found.likelihood, shared=shared)

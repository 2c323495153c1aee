"""Intervals of one share: Wilson, Clopper-Pearson, with a design effect and a finite population.

Source: docs/methods/survey-sampling.md. Quantiles are SciPy's.
"""

from __future__ import annotations

import math

from attrs import field, frozen
from scipy.special import betaincinv, ndtri


@frozen
class Interval:
    """From `low` to `high`, both included, in the unit of what is estimated."""

    low: float = field(converter=float)
    high: float = field(converter=float)

    @property
    def half_width(self) -> float:
        return (self.high - self.low) / 2


def with_finite_population(n: float, population: float, design_effect: float = 1.0) -> float:
    """The design effect of `n` drawn without replacement out of `population`: times `(N − n) / (N − 1)`.

    0 when everything was drawn: nothing is uncertain any more. Refuses n above the population.
    """
    if not 0 < n <= population:
        raise ValueError(f"{n} drawn out of {population}")
    return design_effect * (population - n) / (population - 1) if population > 1 else 0.0


def effective_size(n: float, design_effect: float, level: float) -> float:
    """`n` over the design effect; infinite when the effect is 0. Refuses an empty sample, a level out of ]0, 1[."""
    if n <= 0 or design_effect < 0 or not 0 < level < 1:
        raise ValueError(f"n = {n}, design effect {design_effect}, level {level}")
    return n / design_effect if design_effect > 0 else math.inf


def wilson(successes: float, n: float, level: float = 0.95, design_effect: float = 1.0) -> Interval:
    """Wilson's score interval of `successes / n` (successes need not be whole: pass `share * n` for a share).

    Source: Wilson (1927); Newcombe (1998), Statistics in Medicine 17, p. 857-872, method 3.
    Refuses successes out of [0, n], an empty sample, a negative effect.
    """
    share, size = _share(successes, n), effective_size(n, design_effect, level)
    if math.isinf(size):
        return Interval(share, share)
    z2 = float(ndtri((1 + level) / 2)) ** 2
    middle = (share + z2 / (2 * size)) / (1 + z2 / size)
    half = math.sqrt(z2 * (share * (1 - share) / size + z2 / (4 * size * size))) / (1 + z2 / size)
    return Interval(
        0.0 if share == 0 else max(0.0, middle - half),  # exactly, whatever the rounding of the square root
        1.0 if share == 1 else min(1.0, middle + half),
    )


def clopper_pearson(successes: float, n: float, level: float = 0.95, design_effect: float = 1.0) -> Interval:
    """The "exact" binomial interval, by quantiles of the beta law; never covers less than its level on simple samples.

    Source: Clopper and Pearson (1934); with a design effect, Korn and Graubard (1998). Refuses the same as `wilson`.
    """
    share, size = _share(successes, n), effective_size(n, design_effect, level)
    if math.isinf(size):
        return Interval(share, share)
    hits, misses, tail = share * size, (1 - share) * size, (1 - level) / 2
    return Interval(
        float(betaincinv(hits, misses + 1, tail)) if hits > 0 else 0.0,
        float(betaincinv(hits + 1, misses, 1 - tail)) if misses > 0 else 1.0,
    )


def _share(successes: float, n: float) -> float:
    if not 0 <= successes <= n or n <= 0:
        raise ValueError(f"{successes} successes out of {n}")
    return successes / n

"""How many to draw, and what a share seen in a random draw leaves possible. Pure, in exact numbers.

The size is that of a margin for a share of one half, with the finite population; the interval is Wilson's, on the size
that an infinite population would have needed. Both grow or fall with each operand, so that the ends of a doubtful
operand give the ends of the result. `egide.diagnostic.sampling` does the same in floating point for whole surveys, with
strata and design effects; here every number of a publication is exact and traced. Tests hold the two together.
Source: docs/methods/share-of-a-sample.md.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from math import ceil
from statistics import NormalDist

from egide.facts.values import Value
from egide.indicators.formulas import FROM_ZERO, HUNDRED, PERCENTAGE, power

LEVEL = Fraction(95, 100)  # of confidence
QUANTILE_PLACES = 6  # decimals kept of the normal quantile: 1.959964 at 95 %
HALF = Fraction(1, 2)


@cache
def quantile(level: Fraction = LEVEL) -> Fraction:
    """Two-sided quantile of the normal law, to six decimals. Raises ValueError unless 0 < level < 1."""
    if not 0 < level < 1:
        raise ValueError(f"a level of confidence lies between 0 and 1, got {level}")
    return Fraction(str(round(NormalDist().inv_cdf((1 + float(level)) / 2), QUANTILE_PLACES)))


def required(population: int, margin: Fraction, *, level: Fraction = LEVEL, share: Fraction = HALF) -> int:
    """How many to draw without replacement from `population` for a share known within `margin` (0.05: 5 points).

    n0 = z² p (1 − p) / margin²; n = n0 / (1 + (n0 − 1) / population), rounded up, at most the population.
    Raises ValueError for an empty population, a margin or a share that is not between 0 and 1.
    """
    if population < 1 or not 0 < margin < 1 or not 0 < share < 1:
        raise ValueError("a size needs a population of one or more, a margin and a share between 0 and 1")
    endless = quantile(level) ** 2 * share * (1 - share) / margin**2
    return min(population, max(1, ceil(endless / (1 + (endless - 1) / population))))


def effective(sample: int, population: int) -> Fraction | None:
    """The draw with replacement that errs as little as `sample` out of `population`; None when all were drawn.

    Raises ValueError for a sample of nobody or larger than its population.
    """
    if not 0 < sample <= population:
        raise ValueError("a sample holds one or more and lies in its population")
    return None if sample == population else sample * Fraction(population - 1, population - sample)


def wilson(share: Fraction, size: Fraction | int, *, level: Fraction = LEVEL) -> tuple[Fraction, Fraction]:
    """Wilson's interval of a share in [0, 1] seen in a draw of `size` (an effective size, so not always whole).

    Ends are kept to 10⁻¹², outwards. Raises ValueError for a share outside [0, 1] or a size of zero.
    Source: E. B. Wilson, JASA 22, 1927.
    """
    if not 0 <= share <= 1 or size <= 0:
        raise ValueError("an interval needs a share in [0, 1] and a size above zero")
    weight = quantile(level) ** 2 / size
    middle = share + weight / 2
    _, half = power(weight * share * (1 - share) + weight**2 / 4, HALF)
    return max(Fraction(0), (middle - half) / (1 + weight)), min(Fraction(1), (middle + half) / (1 + weight))


# ---------------------------------------------------------------- what an author may write


def sample_size(population: Value, margin: Value) -> Value:
    """`required` of a population in doubt and a margin in points: more persons ask for more, a margin for less."""
    low, high = _ends(population)
    wide, narrow = _percent(margin, 1), _percent(margin, 0)
    return Value(required(low, wide), None if high is None else required(high, narrow))


def wilson_low(share: Value, sample: Value, population: Value) -> Value:
    """The low end in % of Wilson's interval: `share` in % of a draw of `sample` from `population`, both exact."""
    return _wilson(share, sample, population, 0)


def wilson_high(share: Value, sample: Value, population: Value) -> Value:
    return _wilson(share, sample, population, 1)


def remaining(total: Value, share: Value) -> Value:
    """What is left of a total once a share of it, in %, is taken away: total × (1 − share / 100)."""
    return total.meet(FROM_ZERO) * (HUNDRED - share.meet(PERCENTAGE)) / HUNDRED


def _wilson(share: Value, sample: Value, population: Value, end: int) -> Value:
    if not (sample.is_exact and population.is_exact):
        raise ValueError("the sizes of a draw and of what it is drawn from are known exactly")
    size = effective(int(sample.number), int(population.number))
    if size is None:
        return share.meet(PERCENTAGE)  # everything was seen: nothing is left to chance
    ends = [wilson(_percent(share, place), size)[end] for place in (0, 1)]
    return Value(ends[0] * 100, ends[1] * 100)


def _ends(value: Value) -> tuple[int, int | None]:
    return ceil(value.low or 1), None if value.high is None else int(value.high)


def _percent(value: Value, place: int) -> Fraction:
    bounded = value.meet(PERCENTAGE)
    found = (bounded.low, bounded.high)[place]
    assert found is not None  # PERCENTAGE has two ends
    return found / 100

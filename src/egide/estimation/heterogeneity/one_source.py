"""One source that may see a person several times: how many were never seen, from how many were seen once, twice…

`captures` gives units by number of times, {1: 43, 2: 16…}; absent numbers are nobody. All suppose that sightings of one
person follow a Poisson law, the same for all (`poisson`) or not (the others, which are lower bounds or close to it).
Source: docs/methods/one-source-estimates.md.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from scipy.optimize import brentq

from egide.estimation.heterogeneity.ends import log_normal
from egide.estimation.histories import Histories, sizes
from egide.estimation.results import Answer, Declined, Estimate, Reason

Captures = Mapping[int, int]


def captures(given: Histories) -> dict[int, int]:
    """Persons by number of lists: lists taken for one source."""
    found = np.bincount(sizes(given.k), weights=given.counts, minlength=given.k + 1)
    return {times: int(found[times]) for times in range(1, given.k + 1)}


def chao_counts(given: Captures, *, level: float = 0.95) -> Answer:
    """Chao 1987: unseen = f1^2 / (2 f2), a lower bound whatever the law of the rates."""
    seen, once, twice = _read(given)
    if twice == 0:
        return Declined(method="chao_counts", reason=_nothing(given))
    ratio = once / twice
    variance = twice * (ratio**4 / 4 + ratio**3 + ratio**2 / 2)
    return log_normal("chao_counts", seen, once * ratio / 2, variance, level)


def zelterman(given: Captures, *, level: float = 0.95) -> Answer:
    """Zelterman 1988: a Poisson law fitted to those seen once or twice only; variance of Böhning 2008."""
    seen, once, twice = _read(given)
    if twice == 0 or once == 0:
        return Declined(method="zelterman", reason=_nothing(given) if once else Reason.NOT_EXISTING)
    rate = 2 * twice / once
    hidden = math.exp(-rate)
    slope = seen * hidden / (1 - hidden) ** 2
    variance = slope + (slope * rate) ** 2 * (1 / once + 1 / twice)
    return log_normal("zelterman", seen, seen * hidden / (1 - hidden), variance, level)


def poisson(given: Captures, *, level: float = 0.95) -> Answer:
    """Maximum likelihood of a Poisson law cut at zero, everybody alike."""
    seen, _, _ = _read(given)
    times = sum(number * units for number, units in given.items())
    if times == seen:
        return Declined(method="poisson", reason=Reason.NO_OVERLAP)
    mean = times / seen
    rate = float(brentq(lambda one: one / -math.expm1(-one) - mean, 1e-9, mean, xtol=1e-13))
    unseen = seen / math.expm1(rate)
    return log_normal("poisson", seen, unseen, (seen + unseen) / (math.expm1(rate) - rate), level)


def chao_lee(given: Captures) -> Answer:
    """Chao and Lee 1992: seen / coverage, and more for the spread of the rates (their first estimator); no interval."""
    seen, once, _ = _read(given)
    times = sum(number * units for number, units in given.items())
    if once == times:
        return Declined(method="chao_lee", reason=Reason.NO_OVERLAP)
    coverage = 1 - once / times
    again = sum(number * (number - 1) * units for number, units in given.items())
    spread = max(seen / coverage * again / (times * (times - 1)) - 1, 0.0)
    found = seen / coverage + times * (1 - coverage) / coverage * spread
    return Estimate(method="chao_lee", persons=found, notes={"coverage": coverage, "spread": spread})


def _read(given: Captures) -> tuple[int, int, int]:
    """Units seen, seen once, seen twice."""
    if any(number < 1 or units < 0 for number, units in given.items()) or not sum(given.values()):
        raise ValueError("somebody must be seen, once or more, and nobody less than zero times")
    return sum(given.values()), given.get(1, 0), given.get(2, 0)


def _nothing(given: Captures) -> Reason:
    """Nobody was seen twice: were others seen more often?"""
    return Reason.NOT_EXISTING if any(units for number, units in given.items() if number > 2) else Reason.NO_OVERLAP

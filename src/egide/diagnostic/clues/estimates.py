"""Shares and lifts of a stratified sample, with intervals by design. Pure.

A share among some ads (those of a town, those that bear a clue) is `sampling.estimate_share` of a domain; a lift is
the ratio of two shares of overlapping ads, linearised here. Source: docs/methods/clues.md and survey-sampling.md.
"""

from __future__ import annotations

import math

import numpy as np
from attrs import frozen
from numpy.typing import NDArray
from scipy.stats import t

from egide.diagnostic.sampling.intervals import Interval
from egide.diagnostic.sampling.moments import Design, moments
from egide.diagnostic.sampling.shares import estimate_share

Bools = NDArray[np.bool_]


@frozen(kw_only=True)
class Estimate:
    """A number and the interval around it."""

    value: float
    interval: Interval


def share_among(having: Bools, among: Bools, design: Design, *, level: float = 0.95) -> Estimate | None:
    """Share of the corpus' ads `among` some that are `having` something; None when no sampled ad is among them.

    In:     two arrays of shape (sampled ads,), and the design of the sample. The interval is Clopper and Pearson's.
    """
    if not among.any():
        return None
    found = estimate_share(having, design, of=among, level=level)
    return Estimate(value=found.value, interval=found.clopper_pearson)


def lift(having: Bools, outcome: Bools, design: Design, *, level: float = 0.95) -> Estimate | None:
    """How many times more frequent the outcome is among ads `having` a clue than among all; None when undefined.

    `lift = P(outcome | clue) / P(outcome)`. The interval is on the logarithm, linearised; from 0 when no ad with the
    clue has the outcome.
    """
    weight = design.weights
    both, has, with_outcome = (float(weight[one].sum()) for one in (having & outcome, having, outcome))
    if has == 0 or with_outcome == 0:
        return None
    everyone = float(weight.sum())
    if both == 0:
        top = share_among(outcome, having, design, level=level)
        assert top is not None  # some ad has the clue
        return Estimate(value=0.0, interval=Interval(0.0, top.interval.high * everyone / with_outcome))
    value = both * everyone / (has * with_outcome)
    influence = (having & outcome) / both + 1 / everyone - having / has - outcome / with_outcome
    found = moments(influence, design)
    quantile = float(t.ppf((1 + level) / 2, max(1.0, float(found.degrees))))
    half = quantile * math.sqrt(float(found.variance))
    return Estimate(value=value, interval=Interval(value * math.exp(-half), value * math.exp(half)))

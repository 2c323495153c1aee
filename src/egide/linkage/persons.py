"""How many persons there are behind the records, never as a lone number.

Three answers, from the least to the most that one has to know: bounds (all doubtful pairs are the same / none are),
an interval under the model's probabilities, and an interval from a sample of records whose mates a person looked
for, which alone covers what the blocks missed. Source and measured coverage: docs/methods/record-linkage.md.
"""

from __future__ import annotations

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, roots_legendre
from scipy.stats import t as student

from egide.facts.values import Value
from egide.linkage.clusters import closure
from egide.linkage.pairs import Floats, Pairs

_NODES, _WEIGHTS = roots_legendre(24)
_INSIDE = (_NODES + 1) / 2
_PRIOR_SPREAD = np.array([1.0, 0.2])  # how far probabilities may be off before a pair is labelled: intercept, slope
_UNSEEN = 2 * 0.5**2  # squared errors that a sample may have missed


@frozen(kw_only=True)
class Estimate:
    """A number of persons and its interval at `level`."""

    persons: float
    low: float
    high: float
    level: float

    def value(self) -> Value:
        """The interval in whole persons, rounded outwards."""
        return Value(int(np.floor(self.low)), int(np.ceil(self.high)))


def bounds(pairs: Pairs, *, doubtful: float, sure: float) -> Value:
    """Fewest persons: every pair of probability `doubtful` or more is the same, and what follows. Most: only sure ones.

    Raises: ValueError when a sure pair would be less than a doubtful one.
    """
    if doubtful > sure:
        raise ValueError("a sure pair is at least as likely as a doubtful one")
    fewest, most = (int(closure(pairs, at).max(initial=-1)) + 1 for at in (doubtful, sure))
    return Value(fewest, most)


def expected(pairs: Pairs) -> float:
    """Sum over records of the mean of 1 / (1 + mates), mates being independent draws of the record's pairs.

    When pairs are certain and transitive this is the number of groups exactly. The mean is the integral from 0 to 1
    of the product of 1 - p(1 - t) over the record's pairs.
    """
    inside = np.minimum(pairs.probability, 1 - 1e-12)
    total = 0.0
    for node, weight in zip(_INSIDE, _WEIGHTS, strict=True):
        logs = np.log1p(-inside * (1 - node))
        each = np.bincount(pairs.left, logs, pairs.records) + np.bincount(pairs.right, logs, pairs.records)
        total += weight / 2 * float(np.exp(each).sum())
    return total


@frozen(kw_only=True, eq=False)
class Calibration:
    """What the model's log-odds x are worth: true log-odds = intercept + slope x, known as precisely as `spread`."""

    centre: Floats = field()  # shape (2,)
    spread: Floats = field()  # covariance, shape (2, 2)


UNLABELLED = Calibration(centre=np.array([0.0, 1.0]), spread=np.diag(_PRIOR_SPREAD**2))


def calibrate(pairs: Pairs, same: NDArray[np.bool_]) -> Calibration:
    """Logistic regression of decisions on log-odds, around "the model is right" (Platt 1999, with a prior).

    same: shape (pairs,), what a person decided of each, the pairs being drawn at random at any probability.
    """
    x = np.column_stack([np.ones(len(pairs)), np.clip(pairs.odds(), -10, 10)])
    prior = np.diag(1 / _PRIOR_SPREAD**2)
    centre = UNLABELLED.centre.copy()
    for _ in range(100):
        fitted = expit(x @ centre)
        slope = x.T @ (fitted - same) + prior @ (centre - UNLABELLED.centre)
        curve = x.T @ (x * (fitted * (1 - fitted))[:, None]) + prior
        step = np.linalg.solve(curve, slope)
        centre = centre - step / max(1.0, float(np.abs(step).max()))  # Newton, never by more than one
        if np.abs(step).max() < 1e-10:
            break
    return Calibration(centre=centre, spread=np.linalg.inv(curve))


def simulated(
    pairs: Pairs, *, seed: int, calibration: Calibration = UNLABELLED, draws: int = 400, level: float = 0.95
) -> Estimate:
    """Persons under the probabilities: each draw calibrates them anew, then draws the links.

    Of each draw the sum over records of 1 / (1 + links) is kept, which one wrong link moves little, where the number
    of connected components would fall by chains. Knows nothing of pairs that no block held.
    """
    chance = np.random.default_rng(seed)
    odds = np.clip(pairs.odds(), -10, 10)
    found = np.empty(draws)
    for draw in range(draws):
        intercept, slope = chance.multivariate_normal(calibration.centre, calibration.spread)
        linked = chance.random(len(pairs)) < expit(intercept + slope * odds)
        mates = np.bincount(pairs.left[linked], minlength=pairs.records)
        mates += np.bincount(pairs.right[linked], minlength=pairs.records)
        found[draw] = (1 / (1 + mates)).sum()
    low, middle, high = np.quantile(found, [(1 - level) / 2, 0.5, (1 + level) / 2])
    return Estimate(persons=float(middle), low=float(low), high=float(high), level=level)


def from_sample(sizes: ArrayLike, sampled: ArrayLike, true_sizes: ArrayLike, *, level: float = 0.95) -> Estimate:
    """The machine's number, corrected by records drawn at random whose mates a person looked for in the whole file.

    sizes: shape (n,), size of the machine's group of each record. sampled: row numbers, drawn without replacement.
    true_sizes: of each sampled record, how many records of the file are of its person, itself included.
    Difference estimator: sum of 1/size, plus n times the mean over the sample of 1/true - 1/size. Its variance is
    computed as if two more records had shown an error of half a person, one each way: a sample without any error
    does not prove that there is none.
    Raises: ValueError under two sampled records, or when a size is not 1 or more.
    """
    machine, rows, true = (np.asarray(given, dtype=np.float64) for given in (sizes, sampled, true_sizes))
    rows = rows.astype(np.int64)
    if len(rows) < 2 or len(rows) != len(true) or len(np.unique(rows)) != len(rows):
        raise ValueError("a sample is of two different records at least, each with its true size")
    if machine.min() < 1 or true.min() < 1:
        raise ValueError("a record is itself one of its group")
    count, drawn = len(machine), len(rows)
    missed = 1 / true - 1 / machine[rows]
    persons = float((1 / machine).sum() + count * missed.mean())
    spread = (float(((missed - missed.mean()) ** 2).sum()) + _UNSEEN) / (drawn - 1)
    error = count * np.sqrt(spread * (1 - drawn / count) / drawn)
    half = float(student.ppf((1 + level) / 2, drawn - 1)) * error
    return Estimate(persons=persons, low=persons - half, high=persons + half, level=level)

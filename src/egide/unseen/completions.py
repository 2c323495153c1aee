"""Whole tables that fit what is known of one: counts between bounds, and sums that are known. Pure; drawn with a seed.

A hidden small count is drawn from 1 upwards in proportion to 1 / its value, as counts of sparse tables fall off
(Fisher's logarithmic series); the nearest whole numbers that respect every sum are then found exactly (HiGHS).
Source: docs/methods/estimate-page.md.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from egide.estimation.censored.table import Censored
from egide.estimation.histories import Floats, Histories, Ints, sizes

Sums = Sequence[tuple[tuple[int, ...], int, int]]  # histories, fewest and most persons together
_SMALL = 10  # widest range that is drawn from; beyond, only the sums say how many


def completions(known: Censored, sums: Sums, *, draws: int, seed: int) -> tuple[Histories, ...]:
    """Tables that `known` and `sums` allow, each once: small counts as usual, as low as can be, as high as can be,
    then `draws` drawn ones. One table alone when nothing is hidden. Refuses (ValueError) sums that nothing satisfies.
    """
    if known.is_exact:
        return (known.completed(known.low),)
    generator = np.random.default_rng(seed)
    usual = np.minimum(np.maximum(known.low, 2), known.high).astype(np.float64)
    targets = [usual, known.low.astype(np.float64), known.high.astype(np.float64)]
    targets += [_drawn(known, generator) for _ in range(draws)]
    found = {tuple(_nearest(known, sums, target).tolist()): None for target in targets}
    return tuple(known.completed(np.array(counts, dtype=np.int64)) for counts in found)


def fewest_repeated(known: Censored, sums: Sums) -> int:
    """The fewest persons on two lists or more that everything known leaves possible."""
    counted = sizes(known.k) >= 2
    return int(_solve(known, sums, counted.astype(np.float64), np.zeros(0))[counted].sum())


def seen_range(known: Censored, sums: Sums) -> tuple[int, int]:
    """The fewest and the most persons on a list at least that everything known leaves possible."""
    each = np.ones(len(known.low))
    low, high = (int(_solve(known, sums, sign * each, np.zeros(0)).sum()) for sign in (1, -1))
    return low, high


def _drawn(known: Censored, generator: np.random.Generator) -> Floats:
    target = known.low.astype(np.float64)
    for cell in known.hidden.tolist():
        values = np.arange(max(int(known.low[cell]), 1), int(known.high[cell]) + 1)
        if len(values) <= _SMALL:
            weights = 1 / values
            target[cell] = generator.choice(values, p=weights / weights.sum())
    return target


def _nearest(known: Censored, sums: Sums, target: Floats) -> Ints:
    """The allowed counts whose small ones are, all together, nearest to the target."""
    wide = known.high - known.low >= _SMALL
    cost = np.where(wide, 0.0, 1.0)
    return _solve(known, sums, np.zeros(len(target)), np.where(known.low == known.high, 0.0, cost), target)


def _solve(known: Censored, sums: Sums, price: Floats, away: Floats, target: Floats | None = None) -> Ints:
    """Least price x counts, plus `away` for each person more or fewer than the target."""
    size = len(price)
    distances = size if target is not None else 0
    if known.is_exact:
        return known.low
    rows: list[Floats] = []
    low: list[float] = []
    high: list[float] = []
    for members, fewest, most in sums:
        row = np.zeros(size + distances)
        row[list(members)] = 1
        rows.append(row)
        low.append(fewest)
        high.append(most)
    if target is not None:
        for sign in (1, -1):  # the distance is at least sign x (count - target)
            block = np.hstack([-sign * np.eye(size), np.eye(size)])
            rows.extend(block)
            low.extend((-sign * target).tolist())
            high.extend([np.inf] * size)
    found = milp(
        np.concatenate([price, away]) if target is not None else price,
        integrality=np.r_[np.ones(size), np.zeros(distances)],
        bounds=Bounds(np.r_[known.low, np.zeros(distances)], np.r_[known.high, np.full(distances, np.inf)]),
        constraints=[LinearConstraint(np.array(rows), np.array(low), np.array(high))] if rows else [],
    )
    if found.x is None:
        raise ValueError("no table satisfies these sums")
    return np.asarray(np.rint(found.x[:size]), dtype=np.int64)

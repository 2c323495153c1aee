"""Intervals of a number that cannot fall below what was seen."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from egide.estimation.results import Estimate


def log_normal(method: str, seen: int, unseen: float, variance: float, level: float) -> Estimate:
    """The unseen as a log-normal number (Chao 1987); `variance`: of the persons in all.

    Notes: error, the root of the variance; wald_low and wald_high. Nobody unseen has no logarithm: no interval then.
    """
    width = float(ndtri((1 + level) / 2))
    error = float(np.sqrt(variance))
    notes = {"error": error, "wald_low": seen + unseen - width * error, "wald_high": seen + unseen + width * error}
    if unseen <= 0:
        return Estimate(method=method, persons=float(seen), level=level, notes=notes)
    spread = float(np.exp(width * np.sqrt(np.log1p(variance / unseen**2))))
    return Estimate(
        method=method,
        persons=seen + unseen,
        low=seen + unseen / spread,
        high=seen + unseen * spread,
        level=level,
        notes=notes,
    )

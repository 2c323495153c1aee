"""Persons unequally easy to see, the lists independent for each: log-linear models that say so in a few columns.

Persons who are seen more are seen together more often; independence then counts too few. Chao's columns give a lower
bound, Darroch's a point under one law of the chances. Source: docs/methods/unequal-catchability.md; Darroch, Fienberg,
Glonek and Junker 1993; Rivest and Baillargeon 2007.
"""

from __future__ import annotations

import numpy as np

from egide.estimation.fitting.regression import PoissonFit, poisson_fit
from egide.estimation.heterogeneity.ends import log_normal
from egide.estimation.histories import Floats, Histories, sizes
from egide.estimation.results import Answer, Declined, Reason

_FARTHEST = 30.0  # a logarithm beyond it is on its way to infinity
_FLATTEST = 1e-9  # least eigenvalue of the information in its own units: below, columns depend on each other


def equal(given: Histories, *, level: float = 0.95) -> Answer:
    """Everybody alike and the lists independent (Mt): too low a number as soon as persons differ."""
    return _answered("equal", given, _fitted(given, []), level)


def chao(given: Histories, *, level: float = 0.95) -> Answer:
    """A lower bound of the persons in all, whatever the law of their chances (Mth Chao).

    One column for each number of lists j from 3 on, worth max(0, lists - j + 1): the logarithms of the moments of any
    law are convex, so a negative coefficient is noise and leaves with its column, as does one that nobody informs.
    """
    counts = _captures(given)
    kept = [j for j in range(3, given.k + 1) if counts[j] > 0]
    while True:
        fitted = _fitted(given, [np.maximum(sizes(given.k) - j + 1.0, 0.0) for j in kept])
        if fitted is None:
            break
        found = fitted.theta[len(fitted.theta) - len(kept) :]
        if (found >= 0).all():
            break
        kept = [j for j, one in zip(kept, found, strict=True) if one >= 0]
    return _answered("chao", given, fitted, level)


def darroch(given: Histories, *, level: float = 0.95) -> Answer:
    """Logits of the chances spread by a normal law among those who are not seen: one column, lists squared / 2."""
    return _answered("darroch", given, _fitted(given, [sizes(given.k) ** 2 / 2.0]), level)


def _captures(given: Histories) -> Floats:
    """Shape (k + 1,): persons by number of lists."""
    return np.bincount(sizes(given.k), weights=given.counts, minlength=given.k + 1).astype(np.float64)


def _fitted(given: Histories, columns: list[Floats]) -> PoissonFit | None:
    """The model of independent lists with more columns, on the histories that can be; an empty list leaves.

    None where the maximum is at infinity, or where columns depend on each other on these histories.
    """
    cells = np.arange(1 << given.k)
    on = (cells[:, None] >> np.arange(given.k)) & 1
    empty = on.T @ given.counts == 0
    used = given.possible & ~on[:, empty].any(axis=1)
    used[0] = False
    design = np.column_stack([np.ones(len(cells)), on[:, ~empty], *columns]).astype(np.float64)
    found = poisson_fit(design[used], given.counts[used].astype(np.float64))
    units = np.sqrt(np.diag(found.information))
    if not found.found or np.abs(found.theta).max() > _FARTHEST or not units.all():
        return None
    flattest = np.linalg.eigvalsh(found.information / np.outer(units, units))[0]
    return found if flattest > _FLATTEST else None


def _answered(method: str, given: Histories, fitted: PoissonFit | None, level: float) -> Answer:
    if given.repeated == 0:
        return Declined(method=method, reason=Reason.NO_OVERLAP)
    if fitted is None:
        return Declined(method=method, reason=Reason.NOT_EXISTING)
    unseen = float(np.exp(fitted.theta[0]))
    variance = unseen + unseen**2 * float(fitted.covariance[0, 0])
    return log_normal(method, given.seen, unseen, variance, level)

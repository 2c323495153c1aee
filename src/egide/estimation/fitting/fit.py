"""Fit log-linear models to tables of histories: the persons nobody saw, and how well the model tells the rest.

Source: docs/methods/log-linear-fits.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln

from egide import compiled as machine_code
from egide.estimation.fitting import newton
from egide.estimation.fitting.newton import CERTIFIED, UNDECIDED
from egide.estimation.histories import Flags, Floats, Histories
from egide.estimation.models import Model

__all__ = ["CERTIFIED", "UNDECIDED", "Fits", "fit", "fit_tables", "loops"]

_PLAIN_FITS = 3  # models times tables, at most: below, loading machine code would cost more than it gives


@frozen(kw_only=True, eq=False)
class Fits:
    """Models fitted to tables, each array of shape (tables, models). Where status is not CERTIFIED the rest is NaN.

    unseen: persons on no list, by the model. variance: of the logarithm of `unseen` (inverse of the observed
    information). likelihood: Poisson log-likelihood, with the factorials. status: CERTIFIED when the maximum was
    proved to exist and to be unique; UNDECIDED is for `existence`.
    """

    models: tuple[Model, ...]
    unseen: Floats
    variance: Floats
    likelihood: Floats
    status: NDArray[np.int64]

    @property
    def parameters(self) -> Floats:
        """Shape (models,): all of them, those at minus infinity included."""
        return np.array([model.parameters for model in self.models], dtype=np.float64)

    def criterion(self, penalty: ArrayLike) -> Floats:
        """-2 log-likelihood + penalty x parameters; `penalty`: a number, or one for each table. +inf where no fit."""
        each = np.asarray(penalty, dtype=np.float64).reshape(-1, 1)
        found = -2 * self.likelihood + each * self.parameters
        return np.where(self.status == CERTIFIED, found, np.inf)


@cache
def loops(*, compiled: bool) -> Any:
    """The functions of `newton`, by name."""
    return machine_code.kernels(newton.ORDER, compiled=compiled)


def fit(given: Histories, models: Sequence[Model], *, compiled: bool | None = None) -> Fits:
    """Each model on one table: arrays of shape (1, models)."""
    return fit_tables(given.counts[None, :], given.possible, models, compiled=compiled)


def fit_tables(tables: ArrayLike, possible: Flags, models: Sequence[Model], *, compiled: bool | None = None) -> Fits:
    """Each model on each table.

    tables: shape (tables, 2^k), counts that may be fractions (expected ones); cell 0 is left out of the fit.
    compiled: whether by machine code; by default for more than a few fits.
    """
    counts = np.ascontiguousarray(np.atleast_2d(np.asarray(tables, dtype=np.float64)))
    shape = len(counts), len(models)
    terms = [model.terms for model in models]
    flat = np.concatenate(terms) if terms else np.zeros(0, dtype=np.int64)
    starts = np.concatenate([[0], np.cumsum([len(each) for each in terms])]).astype(np.int64)
    theta, variance, likelihood = (np.full(shape, np.nan) for _ in range(3))
    status = np.full(shape, UNDECIDED, dtype=np.int64)
    run = loops(compiled=shape[0] * shape[1] > _PLAIN_FITS if compiled is None else compiled)
    run.fit_all(counts, possible, flat, starts, theta, variance, likelihood, status)
    proven = status == CERTIFIED
    factorials = gammaln(counts[:, 1:] + 1).sum(axis=1)[:, None]
    return Fits(
        models=tuple(models),
        unseen=np.where(proven, np.exp(np.where(proven, theta, 0.0)), np.nan),
        variance=np.where(proven, variance, np.nan),
        likelihood=np.where(proven, likelihood - factorials, np.nan),
        status=status,
    )

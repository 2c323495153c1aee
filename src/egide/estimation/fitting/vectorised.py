"""The fits of `newton` with NumPy alone: one model on many tables at a time.

The same method, the same certificate and the same statuses, written a second time in another form: for where machine
code should not be loaded, and to check one by the other. Tables lie along the last axis of the working arrays, so that
each operation of the factorisation runs over all of them. A term that no person of a table bears stays in its matrix,
as a row of the identity. Source: docs/methods/log-linear-fits.md.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import define
from numpy.typing import ArrayLike
from scipy.special import gammaln

from egide.estimation.fitting.fit import CERTIFIED, UNDECIDED, Fits
from egide.estimation.fitting.newton import (
    ENOUGH,
    LEAST_MEAN,
    LEAST_PIVOT,
    MARGIN,
    MOST_STEPS,
    NEAR,
    START,
)
from egide.estimation.histories import Flags, Floats, Ints, sizes, subset_sums, superset_sums
from egide.estimation.models import Model

_TABLES = 256  # at a time: the working arrays of one model stay in the processor's memory
_MOST_HALVINGS = 40


def fit_tables(tables: ArrayLike, possible: Flags, models: Sequence[Model]) -> Fits:
    """Each model on each table, as `egide.estimation.fitting.fit.fit_tables`: shapes, refusals and statuses alike."""
    counts = np.atleast_2d(np.asarray(tables, dtype=np.float64)).copy()
    counts[:, 0] = 0.0
    shape = len(counts), len(models)
    theta, variance, likelihood = (np.full(shape, np.nan) for _ in range(3))
    status = np.full(shape, UNDECIDED, dtype=np.int64)
    factorials = gammaln(counts + 1).sum(axis=1)
    for start in range(0, len(counts), _TABLES):
        block = slice(start, start + _TABLES)
        totals = superset_sums(counts[block])
        for place, model in enumerate(models):
            found = _fitted(counts[block], totals, possible, model.terms)
            rows = start + np.nonzero(found.certified)[0]
            status[rows, place] = CERTIFIED
            theta[rows, place] = found.theta[0, found.certified]
            variance[rows, place] = found.variance[found.certified]
            likelihood[rows, place] = found.likelihood[found.certified] - factorials[rows]
    return Fits(models=tuple(models), unseen=np.exp(theta), variance=variance, likelihood=likelihood, status=status)


@define
class _Found:
    """One model on a block of tables; arrays of shape (tables,), theta of (terms, tables)."""

    theta: Floats
    variance: Floats
    likelihood: Floats
    certified: Flags


@define
class _Block:
    """The tables still being fitted. counts, alive, watched: shape (2^k, tables); totals, live: (terms, tables)."""

    counts: Floats
    alive: Floats  # 1 or 0
    watched: Flags
    totals: Floats
    live: Flags
    seen: Floats
    theta: Floats
    likelihood: Floats

    def only(self, kept: Flags) -> _Block:
        return _Block(
            self.counts[:, kept],
            self.alive[:, kept],
            self.watched[:, kept],
            self.totals[:, kept],
            self.live[:, kept],
            self.seen[kept],
            self.theta[:, kept],
            self.likelihood[kept],
        )


def _block(counts: Floats, totals: Floats, possible: Flags, terms: Ints) -> _Block:
    """The tables before the first step. counts, totals: shape (tables, 2^k)."""
    live = totals[:, terms] > 0
    dead = np.zeros(counts.shape)
    dead[:, terms] = ~live
    alive = possible & (subset_sums(dead) == 0)
    alive[:, 0] = False
    names = sizes(counts.shape[1].bit_length() - 1)
    widest = np.where(live, names[terms], 0).max(axis=1)
    watched = alive & ((names <= widest[:, None] + 1) | (not possible.all()))
    return _Block(
        np.ascontiguousarray(counts.T),
        np.ascontiguousarray(alive.T.astype(np.float64)),
        np.ascontiguousarray(watched.T),
        np.ascontiguousarray(totals.T[terms]),
        np.ascontiguousarray(live.T),
        totals[:, 0],
        np.zeros((len(terms), len(counts))),
        np.zeros(len(counts)),
    )


def _fitted(counts: Floats, totals: Floats, possible: Flags, terms: Ints) -> _Found:
    """Newton's method on one model, tables leaving as they end. counts, totals: shape (tables, 2^k)."""
    block, tables = _block(counts, totals, possible, terms), len(counts)
    found = _Found(np.zeros((len(terms), tables)), np.zeros(tables), np.zeros(tables), np.zeros(tables, dtype=np.bool_))
    left = np.arange(tables)
    mu, going = _started(block, terms)
    block, left, mu = block.only(going), left[going], mu[:, going]
    for _ in range(MOST_STEPS):
        if not len(left):
            break
        sums = _superset(mu)
        matrix = _matrix(sums, terms, block.live)
        sound = _factor(matrix)
        gradient = np.where(block.live, block.totals - sums[terms], 0.0)
        step = _solved(matrix, gradient)
        decrement = (gradient * step).sum(axis=0)
        mu = _stepped(block, terms, step, np.where(sound, decrement, 0.0), mu)
        least = np.minimum(np.where(block.watched, mu, np.inf).min(axis=0), block.seen)
        last = decrement < ENOUGH
        lost = ~sound | (last & (least < LEAST_MEAN * block.seen))
        certain = last & ~lost & (decrement < MARGIN * least)
        if certain.any():
            rows = left[certain]
            found.certified[rows] = True
            found.theta[:, rows], found.likelihood[rows] = block.theta[:, certain], block.likelihood[certain]
            first = np.zeros((len(terms), len(rows)))
            first[0] = 1.0
            found.variance[rows] = _solved(matrix[:, :, certain], first)[0]
        kept = ~(lost | certain)
        if not kept.all():
            block, left, mu = block.only(kept), left[kept], mu[:, kept]
    return found


def _started(block: _Block, terms: Ints) -> tuple[Floats, Flags]:
    """Least squares of the logarithms of the counts: the expected counts, and where the terms were told apart."""
    weight = (block.counts + START) * block.alive
    matrix = _matrix(_superset(weight), terms, block.live)
    sound = _factor(matrix)
    sums = _superset(weight * np.log(block.counts + START))[terms]
    block.theta = _solved(matrix, np.where(block.live, sums, 0.0))
    eta = _logarithms(block.theta, terms, len(block.counts))
    with np.errstate(over="ignore", invalid="ignore"):
        mu = np.exp(eta) * block.alive
        block.likelihood = (block.counts * eta - mu).sum(axis=0)
    return mu, sound


def _stepped(block: _Block, terms: Ints, step: Floats, decrement: Floats, mu: Floats) -> Floats:
    """The expected counts after the longest halving of the step that does not make the table less likely."""
    length = np.ones(len(decrement))
    eta = _logarithms(block.theta, terms, len(block.counts))
    move = _logarithms(step, terms, len(block.counts))
    for _ in range(_MOST_HALVINGS):
        tried = eta + length * move
        with np.errstate(over="ignore", invalid="ignore"):
            mu = np.exp(tried) * block.alive
            better = (block.counts * tried - mu).sum(axis=0)
        worse = ~((decrement < NEAR) | (better >= block.likelihood))
        if not worse.any():
            break
        length = np.where(worse, length / 2, length)
    block.theta = block.theta + length * step
    block.likelihood = better
    return mu


def _superset(values: Floats) -> Floats:
    """Along the first axis, of length 2^k: each cell becomes the sum of the cells that contain it."""
    found = values.copy()
    step = 1
    while step < len(found):
        halves = found.reshape(-1, 2, step, found.shape[1])
        halves[:, 0] += halves[:, 1]
        step *= 2
    return found


def _logarithms(theta: Floats, terms: Ints, cells: int) -> Floats:
    """Shape (2^k, tables): of the expected counts."""
    found = np.zeros((cells, theta.shape[1]))
    found[terms] = theta
    step = 1
    while step < cells:
        halves = found.reshape(-1, 2, step, found.shape[1])
        halves[:, 1] += halves[:, 0]
        step *= 2
    return found


def _matrix(sums: Floats, terms: Ints, live: Flags) -> Floats:
    """Shape (terms, terms, tables): the sums of the unions of two terms; the identity where a term is not live."""
    matrix: Floats = sums[terms[:, None] | terms[None, :]]
    if not live.all():
        matrix *= live[:, None] & live[None, :]
        matrix += np.eye(len(terms))[:, :, None] * ~live
    return matrix


def _factor(matrix: Floats) -> Flags:
    """In place: lower Cholesky factors. False, shape (tables,), where a pivot is too small to trust."""
    sound = np.ones(matrix.shape[2], dtype=np.bool_)
    for row in range(len(matrix)):
        column = matrix[row:, row] - np.einsum("ijt,jt->it", matrix[row:, :row], matrix[row, :row])
        sound &= column[0] > LEAST_PIVOT * matrix[row, row]
        pivot = np.sqrt(np.where(sound, column[0], 1.0))
        matrix[row:, row] = np.where(sound, column / pivot, 0.0)
        matrix[row, row] = pivot
    return sound


def _solved(factors: Floats, vectors: Floats) -> Floats:
    """vectors, shape (terms, tables), times the inverses of the matrices of these factors."""
    found = vectors.copy()
    for row in range(len(found)):
        found[row] -= (factors[row, :row] * found[:row]).sum(axis=0)
        found[row] /= factors[row, row]
    for row in range(len(found) - 1, -1, -1):
        found[row] -= (factors[row + 1 :, row] * found[row + 1 :]).sum(axis=0)
        found[row] /= factors[row, row]
    return found

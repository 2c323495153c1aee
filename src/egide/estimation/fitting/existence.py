"""Whether a model's estimate exists at all, proved in whole numbers; and the fits that Newton's method left undecided.

A term that no person bears is infinitely negative: it leaves the model with the cells that contain it. On what remains
the maximum exists when a table that is positive everywhere has the same sums as the observed one, and does not when
the parameters can move forever in some direction without the likelihood going down. A linear program finds the one or
the other, its answer is rounded and checked exactly. Only which cells are empty matters, not the counts.
Source: docs/methods/estimate-existence.md; Fienberg and Rinaldo 2012; Chan, Silverman and Vincent 2021.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import lcm

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import ArrayLike
from scipy.optimize import linprog
from scipy.special import gammaln

from egide.estimation.fitting.exact import Wholes, kernel_vector, reduced
from egide.estimation.fitting.fit import Fits
from egide.estimation.fitting.newton import CERTIFIED, UNDECIDED
from egide.estimation.fitting.regression import settled
from egide.estimation.histories import Flags, Floats, Histories, Ints, sizes, subset_sums, superset_sums
from egide.estimation.models import Model, design_matrix

EXISTS, NO_MAXIMUM, NOT_IDENTIFIED, NEITHER = 0, 1, 2, 3

_SCALE = 1 << 24  # an interior point is rounded to this fraction of a person
_MOST_TIMES = 60  # a direction is looked for among the whole multiples of the program's


@frozen(kw_only=True)
class Existence:
    """exists: the likelihood has a maximum. identified: no two sets of parameters give the same expected counts.

    direction: where the maximum does not exist, whole numbers by set of lists, along which it recedes (checked).
    """

    exists: bool
    identified: bool
    direction: tuple[int, ...] | None = field(default=None, repr=False)

    @property
    def code(self) -> int:
        """0: an estimate exists and is the only one; 1: no maximum; 2: not identified; 3: neither."""
        return (0 if self.exists else NO_MAXIMUM) + (0 if self.identified else NOT_IDENTIFIED)


def check(given: Histories, model: Model) -> Existence:
    """Whether this model has an estimate on this table.

    Raises ArithmeticError where neither answer can be proved, which no table met so far does.
    """
    return check_pattern(given.counts > 0, given.possible, model)


def check_pattern(borne: Flags, possible: Flags, model: Model) -> Existence:
    """The same when only the histories that somebody has are known, shape (2^k,): nothing else matters."""
    return _checked(borne.tobytes(), possible.tobytes(), model.terms.tobytes())


def resolve(given: Histories, fits: Fits) -> Fits:
    """`fits` of one table with every UNDECIDED status replaced: 0 with its estimate, or the code of its fault."""
    return resolve_tables(given.counts[None, :], given.possible, fits)


def resolve_tables(tables: ArrayLike, possible: Flags, fits: Fits) -> Fits:
    """The same for many tables, shape (tables, 2^k), in the order of `fits`."""
    counts = np.atleast_2d(np.asarray(tables, dtype=np.float64))
    unseen, variance, values = fits.unseen.copy(), fits.variance.copy(), fits.likelihood.copy()
    status = fits.status.copy()
    for row in np.nonzero((status == UNDECIDED).any(axis=1))[0].tolist():
        table = _Table(counts[row], possible)
        for column in np.nonzero(status[row] == UNDECIDED)[0].tolist():
            terms = fits.models[column].terms
            status[row, column] = table.code(terms)
            if status[row, column] == CERTIFIED:
                found = _settled(counts[row], *live(terms, counts[row] > 0, possible))
                unseen[row, column], variance[row, column], values[row, column] = found
    return evolve(fits, unseen=unseen, variance=variance, likelihood=values, status=status)


def _settled(counts: Floats, held: Ints, alive: Flags) -> tuple[float, float, float]:
    """Persons on no list, variance of their logarithm and log-likelihood, with the factorials."""
    found = settled(counts, held, alive)
    value = found.likelihood - float(gammaln(counts[1:] + 1).sum())
    return float(np.exp(found.theta[0])), float(found.covariance[0, 0]), value


def live(terms: Ints, borne: Flags, possible: Flags) -> tuple[Ints, Flags]:
    """The terms that somebody bears, and the cells, shape (2^k,), that contain no other; `borne`: somebody is there."""
    held = superset_sums(borne.astype(np.int64))[terms] > 0
    dead = np.zeros(len(borne), dtype=np.int64)
    dead[terms[~held]] = 1
    alive = possible & (subset_sums(dead) == 0)
    alive[0] = False
    return terms[held], alive


class _Table:
    """One table and the directions already found on it: most models without a maximum share a few."""

    def __init__(self, counts: Floats, possible: Flags) -> None:
        self._borne, self._possible = counts > 0, possible
        self._directions = np.zeros((0, len(counts)), dtype=np.int64)
        self._changes = self._directions

    def code(self, terms: Ints) -> int:
        held, alive = live(terms, self._borne, self._possible)
        if self._recedes(held, alive):
            return NO_MAXIMUM if identified(held, alive) else NEITHER
        found = _checked(self._borne.tobytes(), self._possible.tobytes(), terms.tobytes())
        if found.direction is not None:
            self._directions = np.vstack([self._directions, found.direction]).astype(np.int64)
            self._changes = subset_sums(self._directions)
        return found.code

    def _recedes(self, held: Ints, alive: Flags) -> bool:
        """Whether a known direction uses no other terms and is still one on these cells."""
        outside = np.ones(len(alive), dtype=np.bool_)
        outside[held] = False
        usable = self._changes[~self._directions[:, outside].any(axis=1)]
        down, still = usable[:, alive & ~self._borne], usable[:, alive & self._borne]
        return bool(((down >= 0).all(axis=1) & down.any(axis=1) & ~still.any(axis=1)).any())


def identified(held: Ints, alive: Flags) -> bool:
    """Whether the live terms' columns over the cells alive are independent, exactly.

    Where the cell of each live term is alive (always, if every history is possible), these cells fix all parameters
    but one, along (-1)^(lists in the term): another cell must tell it.
    """
    if alive[held[held > 0]].all():
        signs = np.zeros(len(alive), dtype=np.int64)
        signs[held] = 1 - 2 * (sizes(len(alive).bit_length() - 1)[held] % 2)
        return bool(subset_sums(signs)[alive].any())
    return reduced(design_matrix(held, alive).T).rank == len(held)


@lru_cache(maxsize=20_000)
def _checked(borne: bytes, possible: bytes, terms: bytes) -> Existence:
    somebody = np.frombuffer(borne, dtype=np.bool_)
    held, alive = live(np.frombuffer(terms, dtype=np.int64), somebody, np.frombuffer(possible, dtype=np.bool_))
    unique = identified(held, alive)
    direction = recession(design_matrix(held, alive), somebody[alive])
    if direction is None:
        return Existence(exists=True, identified=unique)
    whole = np.zeros(len(somebody), dtype=object)
    whole[held] = direction
    return Existence(exists=False, identified=unique, direction=tuple(whole.tolist()))


def recession(design: Ints, borne: Flags) -> Wholes | None:
    """None when the maximum exists; else whole numbers y, shape (terms,), along which it recedes. Both are proved.

    design: shape (cells, terms); borne, shape (cells,): somebody is there. design @ y is 0 where somebody is, never
    negative, and not 0 everywhere.
    """
    if borne.all():
        return None
    sums = design.T @ borne.astype(np.int64)
    program = linprog(
        np.append(np.zeros(len(design)), -1.0),
        A_eq=np.column_stack([design.T, design.sum(axis=0)]),
        b_eq=sums,
        method="highs",
    )
    if program.x[-1] > 1e-6 and _positive(design, borne, program.x[:-1] + program.x[-1]):
        return None
    direction = _rounded(design, borne, -program.eqlin.marginals)
    if direction is None:
        raise ArithmeticError("neither the maximum nor its absence could be proved")
    return direction


def _positive(design: Ints, borne: Flags, point: Floats) -> bool:
    """Whether a change that keeps every sum and is positive in each empty cell lies near `point` - `borne`."""
    wanted = np.rint((point - borne) * _SCALE).astype(np.int64)
    change = kernel_vector(reduced(design.T), wanted)
    return bool((change[~borne] > 0).all())


def _rounded(design: Ints, borne: Flags, direction: Floats) -> Wholes | None:
    """The direction in whole numbers, when one near it has the three properties."""
    large = np.abs(direction) > 1e-7
    if not large.any():
        return None
    unit = direction / np.abs(direction[large]).min()
    tries: list[Wholes] = [np.rint(unit * times).astype(np.int64).astype(object) for times in range(1, _MOST_TIMES + 1)]
    fractions = [Fraction(value).limit_denominator(10_000) for value in unit.tolist()]
    common = lcm(*(one.denominator for one in fractions))
    tries.append(np.array([int(one * common) for one in fractions], dtype=object))
    for one in tries:
        change = design @ one
        if not change[borne].any() and (change >= 0).all() and change.any():
            return one
    return None

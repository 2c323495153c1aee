"""Counts like those of the judicial tables, drawn from a seed: departments < regions < France × offences < families ×
age × sex × year, most inner cells 0 to 4, a few large; every margin is there, with every total that ties them.

Each code has a size, drawn once (some departments and offences are large); the mean of an inner cell is the product of
its sizes and of a chance of its own, all log-normal; its count is drawn around that mean (Poisson). `mean` and `spread`
of a shape were chosen so that its cells that are not zero, and those from 1 to 4 among them, are about as many as in
the table that it stands for.
"""

from __future__ import annotations

import numpy as np
from attrs import frozen

from egide.disclosure.cubes import NO_TOTAL, Cube, Dimension, Linked, linked

SMALL = 5  # first count that may be shown

Dimensions = tuple[Dimension, ...]


@frozen(kw_only=True)
class Quoted:
    """What issue 3 measured on the table that a shape stands for: another draw, on another machine."""

    method: str
    filled: int
    primary: int
    secondary: int
    seconds: float | None = None


@frozen(kw_only=True)
class Shape:
    """One table of the benchmark."""

    said: str
    dimensions: Dimensions
    mean: float  # of the inner cells
    spread: float  # of the chance of each cell, on the scale of logarithms
    quoted: Quoted | None = None
    margin_of: tuple[int, ...] = ()  # a second table: these dimensions, crossed with others, share the margins

    def draw(self, seed: int) -> Linked:
        """The table, or the two that share cells."""
        if not self.margin_of:
            return linked(Cube.of(self.dimensions, inner(self.dimensions, self.mean, self.spread, seed)))
        return linked(*pair(self.dimensions, self.margin_of, self.mean, self.spread, seed))


def groups(name: str, count: int, size: int) -> Dimension:
    """Groups of about `size` leaves, then the whole."""
    sizes = [max(2, size + group % 3 - 1) for group in range(count)]
    leaves = sum(sizes)
    codes = [f"{name}{group:02}.{one:02}" for group, many in enumerate(sizes) for one in range(many)]
    above = [leaves + group for group, many in enumerate(sizes) for _ in range(many)]
    named = (*codes, *(f"{name}{group:02}" for group in range(count)), name)
    return Dimension(name, named, np.array([*above, *[leaves + count] * count, NO_TOTAL]))


def flat(name: str, size: int) -> Dimension:
    return Dimension.flat(name, [f"{name}{one:02}" for one in range(size)], name)


def inner(dimensions: Dimensions, mean: float, spread: float, seed: int) -> np.ndarray:
    """Inner counts, in order of leaves."""
    chance = np.random.default_rng(seed)
    sizes = chance.lognormal(0, spread, tuple(len(one.leaves) for one in dimensions))
    for axis, dimension in enumerate(dimensions):
        weights = chance.lognormal(0, 0.8, len(dimension.leaves))
        sizes *= np.expand_dims(weights, [other for other in range(len(dimensions)) if other != axis])
    sizes *= mean / sizes.mean()
    return chance.poisson(sizes)


def pair(dimensions: Dimensions, shared: tuple[int, ...], mean: float, spread: float, seed: int) -> tuple[Cube, Cube]:
    """Two tables of the same persons: the `shared` dimensions by the first of the others, and by what is left.

    Neither is a part of the other, and whoever holds both does not hold their crossing.
    """
    whole = Cube.of(dimensions, inner(dimensions, mean, spread, seed))
    others = [axis for axis in range(len(dimensions)) if axis not in shared]
    tables = []
    for gone in (others[1:], others[:1]):
        counts = whole.counts
        for axis in sorted(gone, reverse=True):
            place = dimensions[axis].whole
            assert place is not None  # `groups` and `flat` have one whole
            counts = counts.take(place, axis)
        kept = tuple(one for axis, one in enumerate(dimensions) if axis not in gone)
        tables.append(Cube(dimensions=kept, counts=np.ascontiguousarray(counts)))
    return tables[0], tables[1]

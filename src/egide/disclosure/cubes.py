"""Cubes of counts as arrays: dimensions with their totals, every margin, and every relation that ties the cells.

A million cells and all their totals take seconds. A cube shows its zeros: they are constants, no unknown stands for
them, and a total that is zero says nothing more. What remains are *columns*, one per cell that is not zero.
Source: docs/methods/relations.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from egide.disclosure.attack.rows import LARGEST, NO_LIMIT, Flags, Ints, Rows
from egide.errors import ReleaseRefused

NO_TOTAL = -1  # parent of a code that is a part of nothing
_LISTED = 20


def _ints(given: ArrayLike) -> Ints:
    return np.asarray(given, np.int64)


def _tuple(given: Iterable[Dimension]) -> tuple[Dimension, ...]:
    return tuple(given)


@frozen(eq=False)
class Dimension:
    """A tree of codes: `parent[i]` is the place of the total that code i is a part of, `NO_TOTAL` for a whole.

    Usually there is one whole ("France"); several are several tables beside each other.
    """

    name: str
    codes: tuple[str, ...]
    parent: Ints = field(converter=_ints)

    def __attrs_post_init__(self) -> None:
        size, parent = len(self.codes), self.parent
        if not size or parent.shape != (size,):
            raise ValueError(f"{self.name}: {size} codes, {len(parent)} parents; one of each is needed, and one code")
        if len(set(self.codes)) < size:
            twice = sorted({code for code in self.codes if self.codes.count(code) > 1})
            raise ValueError(f"{self.name}: codes given twice: {', '.join(twice)}")
        strange = np.flatnonzero((parent < NO_TOTAL) | (parent >= size))
        if len(strange):
            raise ValueError(f"{self.name}: no such parent for {', '.join(self.codes[one] for one in strange)}")
        endless = np.flatnonzero(self.depth < 0)
        if len(endless):
            raise ValueError(f"{self.name}: totals of themselves: {', '.join(self.codes[one] for one in endless)}")

    @classmethod
    def flat(cls, name: str, leaves: Sequence[str], whole: str = "total") -> Dimension:
        """Parts and one total, which comes last."""
        return cls(name, (*leaves, whole), np.array([len(leaves)] * len(leaves) + [NO_TOTAL]))

    @cached_property
    def depth(self) -> Ints:
        """How many totals stand above each code; negative for one that is, through others, its own total."""
        depth = np.full(len(self.codes), -1, np.int64)
        depth[self.parent == NO_TOTAL] = 0
        level = 0
        while (below := (self.parent != NO_TOTAL) & (depth[self.parent] == level)).any():
            level += 1
            depth[below] = level
        return depth

    @cached_property
    def leaves(self) -> Ints:
        """Places of the codes without parts, in order."""
        return np.setdiff1d(np.arange(len(self.codes)), self.parent)

    @cached_property
    def totals(self) -> Ints:
        """Places of the codes that have parts, deepest first: each comes after those that it adds up."""
        totals = np.unique(self.parent[self.parent != NO_TOTAL])
        return np.asarray(totals[np.argsort(-self.depth[totals], kind="stable")])

    def children(self, code: int) -> Ints:
        """Places of the parts of a code, in order."""
        return np.flatnonzero(self.parent == code)

    @property
    def whole(self) -> int | None:
        """Place of the only code that is a part of nothing; None when there are several."""
        wholes = np.flatnonzero(self.parent == NO_TOTAL)
        return int(wholes[0]) if len(wholes) == 1 else None


@frozen(kw_only=True, eq=False)
class Cube:
    """One count per combination of codes, margins included: `counts` has one axis per dimension, in order of codes."""

    dimensions: tuple[Dimension, ...] = field(converter=_tuple)
    counts: Ints

    def __attrs_post_init__(self) -> None:
        shape = tuple(len(one.codes) for one in self.dimensions)
        if self.counts.shape != shape or self.counts.dtype != np.int64:
            raise ValueError(f"expected whole numbers (int64) in {shape}, got {self.counts.dtype} {self.counts.shape}")
        self._refuse(self.counts < 0, "Un effectif ne peut pas être négatif")
        self._refuse(self.counts > LARGEST, f"Un effectif dépasse {LARGEST}, rien ne peut être prouvé")
        for axis, dimension in enumerate(self.dimensions):
            counts = np.moveaxis(self.counts, axis, 0)
            for code in dimension.totals:
                sums = counts[dimension.children(code)].sum(axis=0)
                if not np.array_equal(sums, counts[code]):
                    raise self._wrong_total(axis, int(code), sums)

    @classmethod
    def of(cls, dimensions: Sequence[Dimension], inner: NDArray[np.integer]) -> Cube:
        """The cube of these inner counts, in order of leaves along each axis, with every margin added up."""
        expected = tuple(len(one.leaves) for one in dimensions)
        if inner.shape != expected:
            raise ValueError(f"expected one inner count per combination of leaves, {expected}, got {inner.shape}")
        if not np.issubdtype(inner.dtype, np.integer):
            raise ValueError(f"expected whole numbers, got {inner.dtype}")
        counts = inner.astype(np.int64)
        for axis, dimension in enumerate(dimensions):
            before = np.moveaxis(counts, axis, 0)
            after = np.zeros((len(dimension.codes), *before.shape[1:]), np.int64)
            after[dimension.leaves] = before
            for code in dimension.totals:
                after[code] = after[dimension.children(code)].sum(axis=0)
            counts = np.moveaxis(after, 0, axis)
        return cls(dimensions=tuple(dimensions), counts=np.ascontiguousarray(counts))

    @cached_property
    def filled(self) -> Ints:
        """The flat cell of each column: those that are not zero, in order."""
        return np.flatnonzero(self.counts)

    @cached_property
    def numbers(self) -> Ints:
        """The exact count of each column."""
        return np.asarray(self.counts.reshape(-1)[self.filled])

    def codes(self, cell: int) -> tuple[str, ...]:
        """How a flat cell is called: one code per dimension."""
        places = np.unravel_index(cell, self.counts.shape)
        return tuple(one.codes[int(place)] for one, place in zip(self.dimensions, places, strict=True))

    def rows(self) -> Rows:
        """Every total over the columns: whole - Σ parts = 0, by dimension, then by total; zero totals left out.

        Bounds are those of whoever knows only that a column is not zero: at least 1.
        """
        return _rows([self._entries(np.cumsum(self.counts.reshape(-1) > 0) - 1)], len(self.filled))

    def _entries(self, column_of_cell: Ints) -> tuple[Ints, Ints, Ints]:
        """Lengths of the rows, then columns and weights of their entries."""
        cells = np.arange(self.counts.size).reshape(self.counts.shape)
        filled = self.counts.reshape(-1) > 0
        lengths, columns, weights = [], [], []
        for axis, dimension in enumerate(self.dimensions):
            along = np.moveaxis(cells, axis, 0).reshape(len(dimension.codes), -1)
            for code in dimension.totals:
                members = along[np.concatenate(([code], dimension.children(code)))].T
                members = members[filled[members[:, 0]]]
                there = filled[members]
                sign = np.broadcast_to(np.r_[1, np.full(members.shape[1] - 1, -1)], members.shape)
                lengths.append(there.sum(axis=1))
                columns.append(column_of_cell[members[there]])
                weights.append(sign[there])
        none = [np.zeros(0, np.int64)]
        return np.concatenate(lengths or none), np.concatenate(columns or none), np.concatenate(weights or none)

    def _refuse(self, wrong: Flags, what: str) -> None:
        cells = np.flatnonzero(wrong)
        if len(cells):
            named = (f"{' × '.join(self.codes(int(one)))} = {self.counts.flat[one]}" for one in cells[:_LISTED])
            raise ReleaseRefused(f"{what} : {' ; '.join(named)}{_more(len(cells))}.")

    def _wrong_total(self, axis: int, code: int, sums: Ints) -> ReleaseRefused:
        counts = np.moveaxis(self.counts, axis, 0)[code]
        cells = np.moveaxis(np.arange(self.counts.size).reshape(self.counts.shape), axis, 0)[code]
        wrong = np.flatnonzero(sums != counts)
        named = [
            f"{' × '.join(self.codes(int(cells.flat[one])))} : attendu {sums.flat[one]}, reçu {counts.flat[one]}"
            for one in wrong[:_LISTED]
        ]
        return ReleaseRefused(
            f"Dans « {self.dimensions[axis].name} », ces totaux ne sont pas la somme de leurs parties : "
            f"{' ; '.join(named)}{_more(len(wrong))}. Corrigez le total ou la partie."
        )


@frozen(kw_only=True, eq=False)
class Linked:
    """Cubes that share cells, as one system. Column j is `cells[j]` in the cube `cubes[j]`, the first that has it."""

    tables: tuple[Cube, ...]
    rows: Rows
    numbers: Ints
    cubes: Ints
    cells: Ints
    columns: tuple[Ints, ...]  # for each cube, the column of each of its flat cells; -1 for a zero

    def codes(self, column: int) -> dict[str, str]:
        """How a column is called: dimension, code."""
        cube = self.tables[int(self.cubes[column])]
        return dict(zip((one.name for one in cube.dimensions), cube.codes(int(self.cells[column])), strict=True))


def linked(*tables: Cube) -> Linked:
    """Join cubes about the same persons: cells with the same codes in the dimensions of the same name are one cell.

    A dimension that a cube does not have stands at its whole there: deaths by region are deaths by region, all ages.
    Raises: ReleaseRefused for shared cells whose counts differ, naming them; ValueError for dimensions of the same
            name with different wholes.
    """
    _same_wholes(tables)
    columns: list[Ints] = []
    cubes, cells = [], []
    width = 0
    for number, table in enumerate(tables):
        mine = np.where(table.counts.reshape(-1) > 0, -2, -1)
        for other, known in zip(tables[:number], columns, strict=True):
            here, there = _shared(table, other)
            if not len(here) or not len(there):  # one of them has no whole where the other has no dimension
                continue
            differ = table.counts.reshape(-1)[here] != other.counts.reshape(-1)[there]
            if differ.any():
                raise _disagree(table, other, here[differ], there[differ])
            mine[here] = np.where(mine[here] == -2, known[there], mine[here])
        new = np.flatnonzero(mine == -2)
        mine[new] = width + np.arange(len(new))
        width += len(new)
        columns.append(mine)
        cubes.append(np.full(len(new), number))
        cells.append(new)
    joined_cubes, joined_cells = np.concatenate(cubes), np.concatenate(cells)
    return Linked(
        tables=tables,
        rows=_rows([table._entries(mine) for table, mine in zip(tables, columns, strict=True)], width),
        numbers=np.concatenate([table.counts.reshape(-1)[new] for table, new in zip(tables, cells, strict=True)]),
        cubes=joined_cubes,
        cells=joined_cells,
        columns=tuple(columns),
    )


def _same_wholes(tables: Sequence[Cube]) -> None:
    wholes: dict[str, set[str | None]] = {}
    for table in tables:
        for one in table.dimensions:
            wholes.setdefault(one.name, set()).add(None if one.whole is None else one.codes[one.whole])
    for name, found in wholes.items():
        if len(found) > 1:
            raise ValueError(f"{name}: one whole is needed in linked cubes, got {', '.join(sorted(map(str, found)))}")


def _shared(one: Cube, other: Cube) -> tuple[Ints, Ints]:
    """Flat cells of both cubes that are the same cells, in the same order."""
    mine, theirs = ({dimension.name: dimension for dimension in cube.dimensions} for cube in (one, other))
    both = [name for name in mine if name in theirs]
    common = {name: [code for code in mine[name].codes if code in set(theirs[name].codes)] for name in both}
    return _cells(one, common, both), _cells(other, common, both)


def _cells(cube: Cube, common: dict[str, list[str]], order: list[str]) -> Ints:
    """Flat cells of these codes, the first dimension of `order` slowest; other dimensions stand at their whole."""
    chosen = []
    for dimension in cube.dimensions:
        if dimension.name in common:
            place = {code: number for number, code in enumerate(dimension.codes)}
            chosen.append(np.array([place[code] for code in common[dimension.name]], np.int64))
        else:
            chosen.append(np.array([] if dimension.whole is None else [dimension.whole], np.int64))
    cells = np.arange(cube.counts.size).reshape(cube.counts.shape)[np.ix_(*chosen)]
    names = [dimension.name for dimension in cube.dimensions]
    return np.asarray(np.moveaxis(cells, [names.index(name) for name in order], range(len(order))).reshape(-1))


def _disagree(one: Cube, other: Cube, here: Ints, there: Ints) -> ReleaseRefused:
    named = [
        f"{' × '.join(one.codes(int(mine)))} = {one.counts.flat[mine]}, "
        f"{' × '.join(other.codes(int(theirs)))} = {other.counts.flat[theirs]}"
        for mine, theirs in zip(here[:_LISTED], there[:_LISTED], strict=True)
    ]
    return ReleaseRefused(
        f"Ces cellules partagées par deux tableaux n’y ont pas le même effectif : {' ; '.join(named)}"
        f"{_more(len(here))}. Corrigez l’un des deux tableaux."
    )


def _rows(parts: Sequence[tuple[Ints, Ints, Ints]], width: int) -> Rows:
    lengths = np.concatenate([one[0] for one in parts])
    height = len(lengths)
    return Rows(
        low=np.ones(width, np.int64),
        high=np.full(width, NO_LIMIT, np.int64),
        starts=np.concatenate(([0], np.cumsum(lengths))).astype(np.int64),
        columns=np.concatenate([one[1] for one in parts]),
        weights=np.concatenate([one[2] for one in parts]),
        at_least=np.zeros(height, np.int64),
        at_most=np.zeros(height, np.int64),
    )


def _more(found: int) -> str:
    return f" ; et {found - _LISTED} autres" if found > _LISTED else ""

"""Cubes against a slow oracle: dictionaries, and every leaf asked what it stands under."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide.disclosure.attack.rows import Rows
from egide.disclosure.cubes import NO_TOTAL, Cube, Dimension, linked
from egide.errors import ReleaseRefused


@st.composite
def trees(draw: st.DrawFn, name: str) -> Dimension:
    """Any tree of up to six codes, in any order; sometimes several wholes."""
    size = draw(st.integers(1, 6))
    above = [draw(st.integers(NO_TOTAL, place - 1)) for place in range(size)]
    order = draw(st.permutations(range(size)))
    parent = np.full(size, NO_TOTAL)
    for place, one in enumerate(above):
        parent[order[place]] = NO_TOTAL if one == NO_TOTAL else order[one]
    return Dimension(name, tuple(f"{name}{place}" for place in range(size)), parent)


@st.composite
def cubes(draw: st.DrawFn) -> Cube:
    dimensions = [draw(trees(name)) for name in "xyz"[: draw(st.integers(1, 3))]]
    shape = tuple(len(one.leaves) for one in dimensions)
    size = int(np.prod(shape))
    inner = draw(st.lists(st.sampled_from([0, 0, 0, 1, 2, 3, 40]), min_size=size, max_size=size))
    return Cube.of(dimensions, np.array(inner, np.int64).reshape(shape))


def parents(dimension: Dimension) -> dict[str, str]:
    pairs = zip(dimension.codes, dimension.parent.tolist(), strict=True)
    return {code: dimension.codes[one] for code, one in pairs if one != NO_TOTAL}


def under(dimension: Dimension, code: str, total: str) -> bool:
    """Is this code the total itself, or a part of it, or a part of a part?"""
    return code == total or (code in parents(dimension) and under(dimension, parents(dimension)[code], total))


def leaves(dimension: Dimension) -> list[str]:
    return [code for code in dimension.codes if code not in parents(dimension).values()]


def as_dict(cube: Cube) -> dict[tuple[str, ...], int]:
    names = product(*(one.codes for one in cube.dimensions))
    return dict(zip(names, cube.counts.reshape(-1).tolist(), strict=True))


def expected_rows(cube: Cube) -> set[frozenset[tuple[tuple[str, ...], int]]]:
    """Each total of something: the whole once, its parts taken away, zeros forgotten."""
    values = as_dict(cube)
    found = set()
    for axis, dimension in enumerate(cube.dimensions):
        for whole in values:
            parts = [code for code, total in parents(dimension).items() if total == whole[axis]]
            if parts and values[whole]:
                cells = {(*whole[:axis], code, *whole[axis + 1 :]): -1 for code in parts} | {whole: 1}
                found.add(frozenset((cell, weight) for cell, weight in cells.items() if values[cell]))
    return found


def written(rows: Rows, names: list[tuple[str, ...]]) -> list[frozenset[tuple[tuple[str, ...], int]]]:
    cuts = zip(rows.starts[:-1].tolist(), rows.starts[1:].tolist(), strict=True)
    entries = list(zip(rows.columns.tolist(), rows.weights.tolist(), strict=True))
    return [frozenset((names[column], weight) for column, weight in entries[first:last]) for first, last in cuts]


@given(cubes())
def test_a_margin_is_the_sum_of_the_leaves_under_it(cube: Cube):
    values = as_dict(cube)
    inner = list(product(*(leaves(one) for one in cube.dimensions)))
    for cell, number in values.items():
        inside = [
            leaf
            for leaf in inner
            if all(under(one, *pair) for one, *pair in zip(cube.dimensions, leaf, cell, strict=True))
        ]
        assert number == sum(values[leaf] for leaf in inside)


@given(cubes())
def test_the_rows_are_all_the_totals_that_are_not_zero(cube: Cube):
    rows = cube.rows()
    names = [cube.codes(cell) for cell in cube.filled.tolist()]
    found = written(rows, names)
    assert set(found) == expected_rows(cube)
    assert len(found) == len(set(found))
    assert [as_dict(cube)[name] for name in names] == cube.numbers.tolist()
    assert rows.holds(cube.numbers)
    assert rows.width == len(cube.filled)


@given(cubes(), st.data())
def test_a_wrong_count_is_refused_by_name(cube: Cube, data: st.DataObject):
    cell = data.draw(st.integers(0, cube.counts.size - 1))
    wrong = cube.counts.copy()
    wrong.flat[cell] += 1
    tied = any(
        code in parents(one) or code in parents(one).values()
        for one, code in zip(cube.dimensions, cube.codes(cell), strict=True)
    )
    if tied:
        with pytest.raises(ReleaseRefused, match="ne sont pas la somme"):
            Cube(dimensions=cube.dimensions, counts=wrong)
    else:
        assert Cube(dimensions=cube.dimensions, counts=wrong).counts.flat[cell] == wrong.flat[cell]


@given(cubes(), st.data())
def test_a_cube_and_its_margin_are_the_same_cells(cube: Cube, data: st.DataObject):
    """A cube linked to what is left of it without one dimension, in another order, has no cell and no relation more."""
    kept = data.draw(st.permutations(range(len(cube.dimensions))))[1:]
    gone = next(iter(set(range(len(cube.dimensions))) - set(kept)))
    whole = cube.dimensions[gone].whole
    if whole is None or not kept:
        return
    order = sorted(kept)
    margin = np.ascontiguousarray(cube.counts.take(whole, gone).transpose([order.index(one) for one in kept]))
    joined = linked(cube, Cube(dimensions=tuple(cube.dimensions[one] for one in kept), counts=margin))
    names = [cube.codes(cell) for cell in joined.cells.tolist()]
    assert joined.numbers.tolist() == cube.numbers.tolist()
    assert set(written(joined.rows, names)) == expected_rows(cube)
    for flat, column in enumerate(joined.columns[1].tolist()):
        assert (column == -1) == (margin.flat[flat] == 0)
        assert column == -1 or margin.flat[flat] == joined.numbers[column]


def test_linked_cubes_keep_the_cells_that_only_one_of_them_has():
    place, age, sex = (Dimension.flat(name, codes) for name, codes in (("place", "ab"), ("age", "01"), ("sex", "fm")))
    one = Cube.of([place, age], np.array([[1, 2], [3, 0]]))
    other = Cube.of([sex, place], np.array([[3, 1], [0, 2]]))
    joined = linked(one, other)
    assert len(joined.numbers) == len(one.numbers) + 5  # f of a, f and m of b, f and m of the whole
    assert joined.codes(int(joined.columns[1][0])) == {"sex": "f", "place": "a"}


def test_linked_cubes_that_disagree_are_refused_by_name():
    place, age, sex = (Dimension.flat(name, codes) for name, codes in (("place", "ab"), ("age", "01"), ("sex", "fm")))
    one = Cube.of([place, age], np.array([[1, 2], [3, 0]]))
    other = Cube.of([sex, place], np.array([[3, 1], [0, 3]]))
    with pytest.raises(ReleaseRefused, match="total × b = 4, b × total = 3 ; total × total = 7, total × total = 6"):
        linked(one, other)


def test_cubes_share_nothing_where_one_has_no_whole():
    place = Dimension.flat("place", "ab")
    age = Dimension("age", ("0", "1"), np.array([NO_TOTAL, NO_TOTAL]))
    one, other = Cube.of([place, age], np.array([[1, 2], [3, 0]])), Cube.of([place], np.array([3, 3]))
    assert len(linked(one, other).numbers) == len(one.numbers) + 3


def test_linked_cubes_need_the_same_whole():
    one, other = (Cube.of([Dimension.flat("place", "ab", whole)], np.array([3, 3])) for whole in ("France", "Europe"))
    with pytest.raises(ValueError, match="place: one whole is needed"):
        linked(one, other)


@pytest.mark.parametrize(
    ("codes", "parent", "said"),
    [
        ((), [], "one code"),
        (("a", "b"), [1], "2 codes, 1 parents"),
        (("a", "a"), [-1, -1], "codes given twice: a"),
        (("a", "b"), [2, -1], "no such parent for a"),
        (("a", "b", "c"), [1, 0, -1], "totals of themselves: a, b"),
    ],
)
def test_a_dimension_is_a_tree(codes: tuple[str, ...], parent: list[int], said: str):
    with pytest.raises(ValueError, match=said):
        Dimension("place", codes, np.array(parent, np.int64))


def test_a_cube_takes_one_whole_number_per_cell():
    place = Dimension.flat("place", "ab")
    for wrong in (np.array([1, 2, 3]), np.array([1.0, 2.0])):
        with pytest.raises(ValueError, match="expected"):
            Cube.of([place], wrong)
    with pytest.raises(ValueError, match="expected whole numbers"):
        Cube(dimensions=[place], counts=np.array([1, 2]))
    with pytest.raises(ReleaseRefused, match="ne peut pas être négatif : a = -1"):
        Cube.of([place], np.array([-1, 2]))
    with pytest.raises(ReleaseRefused, match="dépasse"):
        Cube.of([place], np.array([2**38, 2]))

"""The peer of `benchmarks/disclosure.py` does what its description says, against ranks of dense matrices of fractions.

The oracle publishes a candidate unless some primary cell is then a combination of published cells, found by eliminating
everything anew each time.
"""

from __future__ import annotations

import importlib.util
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from egide.disclosure.cubes import Cube, Dimension


def loaded(name: str) -> ModuleType:
    """A module of the benchmarks: they are scripts, not a package."""
    path = Path(__file__).parents[2] / "benchmarks" / "support" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"benchmark_{name}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


peer = loaded("elimination")


def inner_cells(cube: Cube) -> list[list[Fraction]]:
    """Each column as the inner cells that it adds up."""
    leaves = [one.leaves.tolist() for one in cube.dimensions]
    shape = tuple(len(one) for one in leaves)
    filled = np.flatnonzero(cube.counts[np.ix_(*leaves)].reshape(-1))
    vectors = []
    for leaf in filled.tolist():
        alone = np.zeros(shape, np.int64)
        alone.flat[leaf] = 1
        vectors.append(Cube.of(cube.dimensions, alone).counts.reshape(-1)[cube.filled])
    return [[Fraction(int(one)) for one in column] for column in np.array(vectors).T]


class Space:
    """Everything that published cells add up to."""

    def __init__(self) -> None:
        self.lines: list[tuple[int, list[Fraction]]] = []

    def left(self, vector: list[Fraction]) -> list[Fraction]:
        for place, line in self.lines:
            vector = [mine - vector[place] * theirs for mine, theirs in zip(vector, line, strict=True)]
        return vector

    def publish(self, vector: list[Fraction]) -> None:
        left = self.left(vector)
        place = next((number for number, one in enumerate(left) if one), None)
        if place is not None:
            self.lines.append((place, [one / left[place] for one in left]))

    def copy(self) -> Space:
        other = Space()
        other.lines = list(self.lines)
        return other


def by_the_description(vectors: list[list[Fraction]], numbers: list[int]) -> list[bool]:
    published = Space()
    primary = [vector for vector, number in zip(vectors, numbers, strict=True) if number < 5]
    hidden = [False] * len(numbers)
    order = [one for one in range(len(numbers)) if numbers[one] >= 5]
    for one in sorted(order, key=lambda one: (-numbers[one], -sum(vectors[one]), one)):
        tried = published.copy()
        tried.publish(vectors[one])
        if all(any(tried.left(vector)) for vector in primary):
            published = tried
        else:
            hidden[one] = True
    return hidden


@st.composite
def cubes(draw: st.DrawFn) -> Cube:
    place = Dimension("place", ("a", "b", "c", "d", "ab", "cd", "all"), np.array([4, 4, 5, 5, 6, 6, -1]))
    shapes = [(place, Dimension.flat("age", "01")), (place, Dimension.flat("age", "012"))]
    three = tuple(Dimension.flat(name, "01") for name in "xyz")
    dimensions = draw(st.sampled_from([*shapes, three]))
    shape = tuple(len(one.leaves) for one in dimensions)
    counts = draw(st.lists(st.sampled_from([0, 1, 2, 3, 6, 9, 30]), min_size=int(np.prod(shape)), max_size=12))
    return Cube.of(dimensions, np.array(counts[: int(np.prod(shape))], np.int64).reshape(shape))


def suppressed(cube: Cube, singletons: str) -> list[bool]:
    inner = np.array([sum(vector) for vector in inner_cells(cube)], np.int64)
    numbers = cube.numbers
    return peer.suppressed(cube.rows(), numbers, numbers < 5, inner, singletons=singletons).tolist()


@settings(max_examples=40)
@given(cubes())
def test_without_singletons_it_hides_what_the_description_hides(cube: Cube):
    assert suppressed(cube, "none") == by_the_description(inner_cells(cube), cube.numbers.tolist())


def test_the_largest_numbers_are_published_first_even_where_smaller_ones_must_then_be_hidden():
    """60 and 50 are shown, so 8 is known, then 40, so 9 is known: 30, 20 and 12 are left to protect 3."""
    counts = np.array([[3, 20, 9], [12, 30, 40], [8, 50, 60]])
    cube = Cube.of([Dimension.flat("x", "abc"), Dimension.flat("y", "abc")], counts)
    hidden = cube.numbers[suppressed(cube, "anySum")]
    assert sorted(hidden.tolist()) == [12, 20, 30]


def test_the_sum_of_two_persons_is_not_published():
    """8 + 1 + 1 = 10: with 10 and 8 shown, both ones would be known, since neither is zero."""
    cube = Cube.of([Dimension.flat("x", "abc")], np.array([8, 1, 1]))
    assert suppressed(cube, "none") == [False, False, False, False]
    assert suppressed(cube, "anySum") == [True, False, False, False]
    assert suppressed(cube, "subSpace") == [True, False, False, False]


def test_the_person_counted_alone_does_not_learn_the_cell_beside_in_the_conservative_way():
    """8 + 3 + 1 = 12: whoever is the one knows, with 12 and 8 shown, that 3 is left."""
    cube = Cube.of([Dimension.flat("x", "abc")], np.array([8, 3, 1]))
    assert suppressed(cube, "anySum") == [False, False, False, False]
    assert suppressed(cube, "subSpace") == [True, False, False, False]


def test_the_first_table_of_the_vignette_of_the_package_is_reproduced():
    """GaussSuppression, *Small count frequency table suppression*, first example. Its only primary cell, young ×
    Portugal, is a zero there; it is a one here, since zeros are shown."""
    age, geo = Dimension.flat("age", ["young", "old"]), Dimension.flat("geo", ["Spain", "Iceland", "Portugal"])
    cube = Cube.of([age, geo], np.array([[5, 2, 1], [6, 3, 4]]))
    inner = np.array([sum(vector) for vector in inner_cells(cube)], np.int64)
    hidden = peer.suppressed(cube.rows(), cube.numbers, cube.numbers == 1, inner)
    names = {cube.codes(int(cell)) for cell in cube.filled[hidden]}
    assert names == {("old", "Iceland"), ("old", "Portugal"), ("young", "Iceland")}

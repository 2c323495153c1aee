"""Every cell of a table written as a sum of free cells: right for any numbers that satisfy the relations."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide.disclosure.attack.rows import NO_LIMIT, Flags, Ints, Rows
from egide.disclosure.attack.system import Statement, System, Unknown
from egide.disclosure.cubes import Cube, Dimension, linked
from egide.disclosure.suppress.forms import ROOM, Forms

TREE = Dimension("x", ("x0", "x1", "north", "x2", "total"), np.array([2, 2, 4, 4, -1]))


def flat(name: str, size: int) -> Dimension:
    return Dimension.flat(name, [f"{name}{place}" for place in range(size)])


@st.composite
def tables(draw: st.DrawFn) -> tuple[Rows, Ints]:
    """A cube with a hierarchy, or two cubes that share a margin."""
    inner = draw(st.lists(st.integers(0, 9), min_size=12, max_size=12))
    counts = np.array(inner, np.int64).reshape(3, 2, 2)
    if draw(st.booleans()):
        cube = Cube.of([TREE, flat("y", 2), flat("z", 2)], counts)
        return cube.rows(), cube.numbers
    whole = linked(Cube.of([TREE, flat("y", 2)], counts.sum(axis=2)), Cube.of([TREE, flat("z", 2)], counts.sum(axis=1)))
    return whole.rows, whole.numbers


@st.composite
def systems(draw: st.DrawFn) -> tuple[Rows, Ints]:
    """Any relations that some numbers satisfy: totals with weights, equal cells, rounded shares."""
    numbers = draw(st.lists(st.integers(1, 60), min_size=3, max_size=8))
    cells = st.integers(0, len(numbers) - 1)
    statements = []
    for _ in range(draw(st.integers(0, 5))):
        chosen = draw(st.lists(cells, min_size=1, max_size=4, unique=True))
        terms = [(cell, draw(st.sampled_from([-2, -1, -1, 1, 1, 3]))) for cell in chosen]
        total = sum(weight * numbers[cell] for cell, weight in terms)
        slack = draw(st.sampled_from([0, 0, 0, 2]))
        statements.append(Statement(terms=tuple(terms), low=total - slack, high=total + slack, said="relation"))
    one, two = draw(st.tuples(cells, cells).filter(lambda pair: pair[0] != pair[1]))
    if numbers[one] <= numbers[two] and draw(st.booleans()):
        percent = 100 * numbers[one] // numbers[two]
        nearest = percent + (2 * (100 * numbers[one] - percent * numbers[two]) > numbers[two])
        statements += Statement.share(one, two, nearest, said="part")
    unknowns = {cell: Unknown.below(5) if number < 5 else Unknown.nc(5) for cell, number in enumerate(numbers)}
    return System.of(unknowns, statements).rows, np.array(numbers, np.int64)


def written(forms: Forms, form: int) -> dict[int, int]:
    """The free cells of a form, by their numbers, and how many times each."""
    cut = slice(forms.starts[form], forms.starts[form + 1])
    return dict(zip(forms.free[cut].tolist(), forms.times[cut].tolist(), strict=True))


def moved(forms: Forms, steps: Ints) -> Ints:
    """By how much each form moves when free cells take these steps."""
    terms = (written(forms, form).items() for form in range(forms.count))
    return np.array([sum(times * int(steps[free]) for free, times in one) for one in terms], np.int64)


def changed(forms: Forms, numbers: Ints, steps: Ints) -> tuple[Ints, Ints]:
    """The numbers after these steps, and by how much each form moved."""
    by, after = moved(forms, steps), numbers.copy()
    moving = forms.place >= 0
    after[moving] += by[forms.place[moving]]
    return after, by


def check(rows: Rows, numbers: Ints, movable: Flags, drawn: st.DataObject) -> None:
    forms = Forms.of_rows(rows, numbers, movable, compiled=False)
    assert not np.any(forms.place[~movable] >= 0)
    assert np.array_equal(forms.numbers[forms.place[forms.place >= 0]], numbers[forms.place >= 0])
    for free, home in enumerate(forms.home.tolist()):
        assert written(forms, home) == {free: 1}
    steps = np.array(
        drawn.draw(st.lists(st.integers(-9, 9), min_size=len(forms.home), max_size=len(forms.home))), np.int64
    )
    after, by = changed(forms, numbers, steps)
    # The checks hold: so does every relation. One does not: its relation does not either.
    totals = rows.sums(rows.weights * after[rows.columns])
    holds = bool(np.all((totals >= rows.at_least) & (totals <= rows.at_most)))
    number = (forms.numbers + by)[forms.cells :]
    fits = (number >= forms.low[forms.cells :]) & (number <= forms.high[forms.cells :])
    assert holds == bool(np.all(fits))
    # A place allows what every cell that stands there allows.
    for place in range(forms.cells):
        there = forms.place == place
        assert forms.low[place] == max(-ROOM, rows.low[there].max())
        assert forms.high[place] == min(ROOM, rows.high[there].min())
    # The same by free cell as by form.
    by_form = {(form, free, times) for form in range(forms.count) for free, times in written(forms, form).items()}
    free_cells = np.repeat(np.arange(forms.free_count), np.diff(forms.of_starts))
    by_free = zip(forms.of.tolist(), free_cells.tolist(), forms.of_times.tolist(), strict=True)
    assert by_form == set(by_free)


@given(tables(), st.data())
def test_cells_of_cubes_move_with_their_free_cells_and_every_total_holds(table, data):
    rows, numbers = table
    check(rows, numbers, np.ones(rows.width, bool), data)


@given(tables(), st.data())
def test_cells_that_may_not_move_do_not(table, data):
    rows, numbers = table
    movable = np.array(data.draw(st.lists(st.booleans(), min_size=rows.width, max_size=rows.width)), bool)
    check(rows, numbers, movable, data)


@given(systems(), st.data())
def test_any_relations_are_written_out_or_become_checks(system, data):
    rows, numbers = system
    movable = np.array(data.draw(st.lists(st.booleans(), min_size=rows.width, max_size=rows.width)), bool)
    check(rows, numbers, movable, data)


def rows_of(*relations: dict[int, int], width: int, constants: tuple[int, ...] = ()) -> Rows:
    bounds = np.array(constants or (0,) * len(relations), np.int64)
    return Rows(
        low=np.ones(width, np.int64),
        high=np.full(width, NO_LIMIT),
        starts=np.concatenate(([0], np.cumsum([len(one) for one in relations]))).astype(np.int64),
        columns=np.array([cell for one in relations for cell in one], np.int64),
        weights=np.array([weight for one in relations for weight in one.values()], np.int64),
        at_least=bounds,
        at_most=bounds,
    )


def forms_of(rows: Rows, numbers: list[int], locked: tuple[int, ...] = ()) -> Forms:
    movable = np.ones(rows.width, bool)
    movable[list(locked)] = False
    return Forms.of_rows(rows, np.array(numbers), movable, compiled=False)


def test_a_total_of_one_part_is_that_part():
    chain = rows_of({0: 1, 1: -1}, {2: 1, 1: -1}, {3: 1, 2: -1, 4: -1}, width=5)
    forms = forms_of(chain, [4, 4, 4, 9, 5])
    assert forms.place[0] == forms.place[1] == forms.place[2]
    assert len(set(forms.place.tolist())) == 3 == forms.cells
    assert forms.free_count == 2


def test_a_part_and_its_total_are_not_one_where_another_part_that_cannot_move_keeps_them_apart():
    forms = forms_of(rows_of({0: 1, 1: -1, 2: -1}, width=3), [23, 3, 20], locked=(2,))
    assert forms.place[0] != forms.place[1] and forms.place[2] == -1
    assert forms.numbers[forms.place[:2]].tolist() == [23, 3]
    assert written(forms, int(forms.place[0])) == written(forms, int(forms.place[1])) == {0: 1}


def test_a_cell_alone_in_its_relation_cannot_move():
    forms = forms_of(rows_of({0: 1, 1: -1, 2: -1}, {3: 1, 2: -1}, width=4), [23, 3, 20, 20], locked=(0, 1))
    assert forms.place.tolist() == [-1, -1, -1, -1]
    assert (forms.count, forms.free_count) == (0, 0)


def test_the_second_breakdown_of_a_total_is_a_check_and_a_third_that_follows_is_none():
    two = rows_of({0: 1, 1: -1, 2: -1}, {0: 1, 3: -1, 4: -1}, width=5)
    forms = forms_of(two, [9, 3, 6, 4, 5])
    assert (forms.cells, forms.free_count, forms.count) == (5, 4, 6)
    assert sorted(written(forms, 5).values()) == [-1, -1, 1, 1]
    again = rows_of({0: 1, 1: -1, 2: -1}, {0: 1, 3: -1, 4: -1}, {1: 1, 2: 1, 3: -1, 4: -1}, width=5)
    assert forms_of(again, [9, 3, 6, 4, 5]).count == 7  # both say it; none is implied by a form alone
    same = rows_of({0: 1, 1: -1, 2: -1}, {0: 2, 1: -2, 2: -2}, width=3)
    assert forms_of(same, [9, 3, 6]).count == 3


@pytest.mark.parametrize("width", [1, 3])
def test_cells_without_relations_are_all_free(width: int):
    forms = forms_of(rows_of(width=width), [7] * width)
    assert (forms.cells, forms.free_count) == (width, width)


def test_the_order_of_the_relations_changes_nothing():
    relations = ({0: 1, 1: -1, 2: -1}, {0: 1, 3: -1, 4: -1}, {5: 1, 0: -1, 6: -1})
    numbers = [9, 3, 6, 4, 5, 11, 2]
    one, two = (forms_of(rows_of(*given, width=7), numbers) for given in (relations, relations[::-1]))
    for name in ("place", "numbers", "starts", "free", "times", "home"):
        assert np.array_equal(getattr(one, name), getattr(two, name))

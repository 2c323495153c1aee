"""Which cells stay hidden, for arrays: whatever is shown, a reader who tries every table learns no more than the level.

The reader here shares nothing with the program: it tries whole numbers cell after cell, keeps those that every total
allows, and counts what is left.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from egide.disclosure.attack.audit import audit
from egide.disclosure.attack.findings import FULL, Level, ambiguous
from egide.disclosure.attack.rows import NO_LIMIT, Flags, Ints, Rows
from egide.disclosure.attack.system import Attacker, Shown, Statement, System, Unknown
from egide.disclosure.cubes import Cube, Dimension, linked
from egide.disclosure.secondary import protect, protect_rows
from egide.disclosure.suppress.choosing import REPAIRED
from egide.disclosure.suppress.reveal import EFFORT, SMALL_TABLE, Choice, Weights, reveal
from egide.disclosure.suppress.search import Effort
from egide.errors import ReleaseRefused

thorough = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
LEVELS = pytest.mark.parametrize("level", [FULL, ambiguous(2), ambiguous(3)], ids=["full", "two", "three"])
READERS = pytest.mark.parametrize("attacker", list(Attacker), ids=lambda one: one.name)
COUNTS = st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 8, 12, 14, 40])
_FAR = 400  # above every total of the tables drawn here


class Drawn(NamedTuple):
    rows: Rows
    numbers: Ints
    unsafe: Flags
    locked: Flags
    threshold: int


def flat(name: str, size: int) -> Dimension:
    return Dimension.flat(name, [f"{name}{place}" for place in range(size)])


REGIONS = Dimension("x", ("x0", "x1", "x2", "north", "total"), np.array([3, 3, 4, 4, -1]))


@st.composite
def cubes(draw: st.DrawFn) -> Cube:
    """Two ways, three ways, or regions within a country."""
    dimensions = draw(
        st.sampled_from(
            [
                (flat("x", 2), flat("y", 3)),
                (flat("x", 3), flat("y", 3)),
                (flat("x", 2), flat("y", 2), flat("z", 2)),
                (REGIONS, flat("y", 2)),
            ]
        )
    )
    shape = tuple(len(one.leaves) for one in dimensions)
    inner = draw(st.lists(COUNTS, min_size=int(np.prod(shape)), max_size=int(np.prod(shape))))
    return Cube.of(dimensions, np.array(inner, np.int64).reshape(shape))


@st.composite
def relations(draw: st.DrawFn) -> tuple[Rows, Ints]:
    """A cube, or two cubes that share a margin."""
    if draw(st.booleans()):
        cube = draw(cubes())
        return cube.rows(), cube.numbers
    persons = draw(st.lists(st.tuples(*[st.integers(0, 1)] * 3), min_size=1, max_size=40))
    both = np.zeros((2, 2, 2), np.int64)
    for person in persons:
        both[person] += 1
    axes = [flat(name, 2) for name in "xyz"]
    whole = linked(Cube.of(axes[:2], both.sum(axis=2)), Cube.of([axes[0], axes[2]], both.sum(axis=1)))
    return whole.rows, whole.numbers


@st.composite
def tables(draw: st.DrawFn) -> Drawn:
    """Small counts are unsafe, one large count too sometimes; some other cells may not be hidden."""
    rows, numbers = draw(relations())
    threshold = draw(st.sampled_from([5, 5, 11]))
    unsafe = (numbers > 0) & (numbers < threshold)
    locked = np.zeros(rows.width, bool)
    if rows.width:
        for flags in (unsafe, locked):
            if draw(st.booleans()):
                flags[draw(st.integers(0, rows.width - 1))] = True
    return Drawn(rows, numbers, unsafe, locked & ~unsafe, threshold)


def wanted(level: Level, threshold: int) -> int:
    return threshold - 1 if level.least_values is None else level.least_values


def labels(numbers: Ints, threshold: int, attacker: Attacker) -> tuple[Ints, Ints]:
    """What the label of each cell tells this reader, once hidden."""
    if attacker is Attacker.POSITIVE_ONLY:
        return np.ones(len(numbers), np.int64), np.full(len(numbers), NO_LIMIT)
    small = numbers < threshold
    return np.where(small, 1, threshold), np.where(small, threshold - 1, NO_LIMIT)


def revealed(
    drawn: Drawn,
    level: Level,
    attacker: Attacker,
    weights: Weights | None = None,
    effort: Effort = EFFORT,
) -> Choice:
    """As large tables are protected."""
    need = wanted(level, drawn.threshold)
    return reveal(
        drawn.rows.within(*labels(drawn.numbers, drawn.threshold, attacker)),
        drawn.numbers,
        hidden=drawn.unsafe,
        hideable=~drawn.unsafe & ~drawn.locked,
        needs=np.where(drawn.unsafe, need, 0),
        width=max(need, drawn.threshold - 1),
        beyond=level.least_values is not None,
        weights=np.ones(drawn.rows.width) if weights is None else weights,
        effort=effort,
    )


class Reader:
    """Every table that the labels allow. Knows the shown numbers, the labels and the relations."""

    def __init__(self, rows: Rows, numbers: Ints, hidden: Flags, low: Ints, high: Ints) -> None:
        columns, weights, at = rows.columns.tolist(), rows.weights.tolist(), rows.starts.tolist()
        self.relations = [
            (list(zip(columns[first:last], weights[first:last], strict=True)), least, most)
            for (first, last), least, most in zip(
                pairwise(at), rows.at_least.tolist(), rows.at_most.tolist(), strict=True
            )
        ]
        ends = zip(hidden.tolist(), numbers.tolist(), low.tolist(), high.tolist(), strict=True)
        self.ends = [(least, min(most, _FAR)) if hid else (number, number) for hid, number, least, most in ends]

    def can_be(self, cell: int, number: int) -> bool:
        ends = list(self.ends)
        if not ends[cell][0] <= number <= ends[cell][1]:
            return False
        ends[cell] = (number, number)
        return self._possible(ends)

    def _possible(self, ends: list[tuple[int, int]]) -> bool:
        if not self._close(ends):
            return False
        still = [cell for cell, (low, high) in enumerate(ends) if low < high]
        if not still:
            return True
        cell = min(still, key=lambda one: ends[one][1] - ends[one][0])
        low, high = ends[cell]
        return any(self._possible([*ends[:cell], (one, one), *ends[cell + 1 :]]) for one in range(low, high + 1))

    def _close(self, ends: list[tuple[int, int]]) -> bool:
        """What a child would strike out. False when nothing is left."""
        moved = True
        while moved:
            moved = False
            for terms, least, most in self.relations:
                sides = []
                for cell, weight in terms:
                    low, high = ends[cell]
                    sides.append((weight * low, weight * high) if weight > 0 else (weight * high, weight * low))
                below, above = sum([one for one, _ in sides]), sum([one for _, one in sides])
                if below > most or above < least:
                    return False
                room = min(most - below, above - least)
                for (cell, weight), (down, up) in zip(terms, sides, strict=True):
                    if up - down <= room or abs(weight) != 1:  # all its numbers stay possible
                        continue
                    first, last = sorted(((least - above + up) * weight, (most - below + down) * weight))
                    ends[cell] = new = max(ends[cell][0], first), min(ends[cell][1], last)
                    if new[0] > new[1]:
                        return False
                    moved = True
        return True


def values_left(drawn: Drawn, hidden: Flags, attacker: Attacker, cell: int, level: Level) -> int:
    """Values of the label that stay possible; around the number itself for a large one."""
    reader = Reader(drawn.rows, drawn.numbers, hidden, *labels(drawn.numbers, drawn.threshold, attacker))
    number, span = int(drawn.numbers[cell]), drawn.threshold
    small = number < span and level.least_values is None
    window = range(1, span) if small else range(max(1, number - span), number + span + 1)
    return sum(reader.can_be(cell, one) for one in window)


@READERS
@LEVELS
@thorough
@given(tables())
def test_what_is_called_proven_keeps_the_level_against_a_reader_who_tries_everything(level, attacker, drawn):
    choice = revealed(drawn, level, attacker)
    for cell in np.flatnonzero(drawn.unsafe).tolist():
        assert 1 <= choice.values[cell] <= values_left(drawn, choice.hidden, attacker, cell, level)


@READERS
@LEVELS
@thorough
@given(tables())
def test_what_is_hidden_beside_others_is_needed_by_one_of_them(level, attacker, drawn):
    choice = revealed(drawn, level, attacker)
    beside = choice.hidden & ~drawn.unsafe
    assert np.all(choice.hidden[drawn.unsafe])
    assert not np.any(beside & drawn.locked)
    assert np.array_equal(choice.protects >= 0, beside)
    assert np.all(drawn.unsafe[choice.protects[beside]])


@thorough
@given(tables())
def test_where_nothing_is_unsafe_nothing_is_hidden(drawn):
    calm = drawn._replace(unsafe=np.zeros(drawn.rows.width, bool))
    assert not revealed(calm, FULL, Attacker.LABELS_KNOWN).hidden.any()
    assert not protect_rows(calm.rows, calm.numbers, calm.unsafe, threshold=calm.threshold).hidden.any()


def in_another_order(drawn: Drawn, order: list[int], backwards: bool) -> Drawn:
    """The same relations, listed in another order, their cells too sometimes."""
    rows = drawn.rows.chosen(np.array(order, np.int64))
    if backwards:
        cuts = [range(last - 1, first - 1, -1) for first, last in pairwise(rows.starts.tolist())]
        entries = np.array([one for cut in cuts for one in cut], np.int64)
        rows = evolve(rows, columns=rows.columns[entries], weights=rows.weights[entries])
    return drawn._replace(rows=rows)


@LEVELS
@thorough
@given(tables(), st.data())
def test_the_order_of_the_relations_changes_nothing(level, drawn, data):
    other = in_another_order(drawn, data.draw(st.permutations(range(drawn.rows.height))), data.draw(st.booleans()))
    one, two = (revealed(each, level, Attacker.LABELS_KNOWN) for each in (drawn, other))
    for name in ("hidden", "protects", "values"):
        assert np.array_equal(getattr(one, name), getattr(two, name))


def protected(drawn: Drawn, level: Level, attacker: Attacker):
    return protect_rows(
        drawn.rows,
        drawn.numbers,
        drawn.unsafe,
        level=level,
        attacker=attacker,
        threshold=drawn.threshold,
        locked=drawn.locked,
    )


@READERS
@LEVELS
@thorough
@given(tables(), st.data())
def test_small_tables_are_protected_in_the_same_words(level, attacker, drawn, data):
    found = protected(drawn, level, attacker)
    need = wanted(level, drawn.threshold)
    assert np.array_equal(found.proven | found.short, drawn.unsafe)
    assert not np.any(found.proven & found.short)
    assert np.all(found.hidden[drawn.unsafe])
    assert not np.any(found.hidden & drawn.locked)
    assert np.array_equal(found.protects >= 0, found.hidden & ~drawn.unsafe)
    for cell in np.flatnonzero(found.proven).tolist():
        assert values_left(drawn, found.hidden, attacker, cell, level) >= need
    other = in_another_order(drawn, data.draw(st.permutations(range(drawn.rows.height))), data.draw(st.booleans()))
    again = protected(other, level, attacker)
    for name in ("hidden", "proven", "short", "protects"):
        assert np.array_equal(getattr(found, name), getattr(again, name))


# ---------------------------------------------------------------- sensitive zeros


def crossed(inner: list[list[int]]) -> tuple[dict[str, int], list[Statement]]:
    """Two ways with all their totals; zeros are cells like any others."""
    lines = [[*line, sum(line)] for line in inner]
    lines.append([sum(column) for column in zip(*lines, strict=True)])
    values = {f"{row} {column}": one for row, line in enumerate(lines) for column, one in enumerate(line)}
    last, width = len(lines) - 1, len(lines[0]) - 1
    across = [
        Statement.total(f"{row} {width}", [f"{row} {one}" for one in range(width)], said=f"ligne {row}")
        for row in range(last + 1)
    ]
    down = [
        Statement.total(f"{last} {column}", [f"{row} {column}" for row in range(last)], said=f"colonne {column}")
        for column in range(width + 1)
    ]
    return values, across + down


@pytest.mark.parametrize("level", [FULL, ambiguous(2)], ids=["full", "two"])
@thorough
@given(st.lists(st.lists(COUNTS, min_size=3, max_size=3), min_size=2, max_size=2))
def test_a_sensitive_zero_may_as_well_be_a_four(level, inner):
    values, totals = crossed(inner)
    unsafe = {cell for cell, number in values.items() if number < 5}
    found = protect(values, totals, unsafe, level=level, zero_is_sensitive=True, best_effort=True)
    assert {found.hidden[cell].label for cell in unsafe} <= {"< 5"}
    system = System.of(found.hidden, totals, {c: Shown(value=n) for c, n in values.items() if c not in found.hidden})
    low = np.array([0 if values[cell] < 5 else 5 for cell in system.cells], np.int64)
    high = np.array([4 if values[cell] < 5 else NO_LIMIT for cell in system.cells], np.int64)
    numbers = np.array([values[cell] for cell in system.cells], np.int64)
    reader = Reader(system.rows, numbers, np.ones(len(numbers), bool), low, high)
    for place, cell in enumerate(system.cells):
        if cell in unsafe:
            left = sum(reader.can_be(place, one) for one in range(5))
            assert left >= found.short.get(cell, level.least_values or 5)


# ---------------------------------------------------------------- large tables, and what decides


def large(size: int, seed: int) -> Drawn:
    """Three ways, one small count in ten."""
    chance = np.random.default_rng(seed)
    inner = np.where(chance.random((size,) * 3) < 0.1, chance.integers(1, 5, (size,) * 3), 0)
    inner = np.where(inner > 0, inner, chance.integers(5, 60, (size,) * 3))
    cube = Cube.of([flat(name, size) for name in "xyz"], inner)
    none = np.zeros(len(cube.numbers), bool)
    return Drawn(cube.rows(), cube.numbers, cube.numbers < 5, none, 5)


def beside_strangers(drawn: Drawn, count: int) -> Drawn:
    """The same table among cells that nothing ties and that may not be hidden."""
    rows, more = drawn.rows, np.zeros(count, bool)
    wider = evolve(
        rows,
        low=np.concatenate((rows.low, np.full(count, 1))),
        high=np.concatenate((rows.high, np.full(count, NO_LIMIT))),
    )
    return Drawn(
        wider,
        np.concatenate((drawn.numbers, np.full(count, 9))),
        np.concatenate((drawn.unsafe, more)),
        np.concatenate((drawn.locked, ~more)),
        drawn.threshold,
    )


@pytest.mark.slow  # half a minute, most of it to make the machine code
def test_compiled_loops_choose_as_plain_ones_do():
    plain = large(5, seed=1)
    assert plain.rows.width <= SMALL_TABLE
    compiled = beside_strangers(plain, SMALL_TABLE)
    for level in (FULL, ambiguous(2)):
        one, two = (revealed(each, level, Attacker.LABELS_KNOWN) for each in (plain, compiled))
        for name in ("hidden", "protects", "values"):
            assert np.array_equal(getattr(one, name), getattr(two, name)[: plain.rows.width])


def test_a_wide_table_finds_room_for_all_its_exchanges():
    chance = np.random.default_rng(3)
    inner = chance.integers(8, 40, (16, 19))
    inner[3, 4] = inner[9, 9] = 3
    cube = Cube.of([flat("x", 16), flat("y", 19)], inner)
    none = np.zeros(len(cube.numbers), bool)
    choice = revealed(Drawn(cube.rows(), cube.numbers, cube.numbers < 4, none, 5), FULL, Attacker.LABELS_KNOWN)
    assert choice.values[cube.numbers == 3].tolist() == [4, 4]
    assert choice.hidden.sum() <= 8


@pytest.mark.machine_code
@pytest.mark.parametrize("level", [FULL, ambiguous(2)], ids=["full", "two"])
def test_a_large_table_is_protected_by_what_the_attacker_confirms(level):
    drawn = large(11, seed=2)
    assert drawn.rows.width > REPAIRED
    found = protected(drawn, level, Attacker.LABELS_KNOWN)
    assert found.proven.sum() > 0.9 * drawn.unsafe.sum()
    assert found.hidden.sum() < 0.6 * drawn.rows.width
    places = np.flatnonzero(found.hidden)
    low, high = labels(drawn.numbers, 5, Attacker.LABELS_KNOWN)
    shown = np.where(found.hidden, low, drawn.numbers), np.where(found.hidden, high, drawn.numbers)
    unknowns = [Unknown.below(5) if number < 5 else Unknown.nc(5) for number in drawn.numbers.tolist()]
    system = System.of(dict(enumerate(unknowns)), [])
    seen = audit(evolve(system, rows=drawn.rows.within(*shown)), truth=drawn.numbers, small_only=True)
    left = np.bitwise_count(seen.seen)
    assert np.all(left[found.proven] >= wanted(level, 5))
    assert set(np.flatnonzero(drawn.unsafe)) <= set(places)


def test_named_cells_of_a_large_table_are_protected_alike():
    drawn = large(11, seed=2)
    cells, rows = range(drawn.rows.width), drawn.rows
    terms = list(zip(rows.columns.tolist(), rows.weights.tolist(), strict=True))
    said = [Statement.equal(terms[first:last], said="total") for first, last in pairwise(rows.starts.tolist())]
    unsafe = set(np.flatnonzero(drawn.unsafe).tolist())
    numbers = dict(zip(cells, drawn.numbers.tolist(), strict=True))
    found = protect(numbers, said, unsafe, level=ambiguous(2), best_effort=True)
    assert unsafe <= found.hidden.keys()
    assert found.protects.keys() == found.secondary
    assert set(found.protects.values()) <= unsafe
    assert len(found.short) < len(unsafe) / 10


SQUARE = Cube.of([flat("x", 2), flat("y", 3)], np.array([[3, 20, 14], [12, 30, 25]]))
PLAIN = Drawn(SQUARE.rows(), SQUARE.numbers, SQUARE.numbers < 5, np.zeros(12, bool), 5)


def test_the_dearest_cells_are_shown_first():
    chosen = revealed(PLAIN, FULL, Attacker.LABELS_KNOWN).hidden & ~PLAIN.unsafe
    for again in (
        revealed(PLAIN, FULL, Attacker.LABELS_KNOWN, np.where(chosen, 100.0, 1.0)).hidden,
        protect_rows(PLAIN.rows, PLAIN.numbers, PLAIN.unsafe, weights=np.where(chosen, 100.0, 1.0)).hidden,
    ):
        assert (again & chosen).sum() < chosen.sum()


def test_a_cell_on_which_too_much_rests_stays_hidden_unless_it_is_dear():
    careful = EFFORT._replace(most_moved=0, later=0)
    chosen = revealed(PLAIN, FULL, Attacker.LABELS_KNOWN, effort=careful)
    beside = chosen.hidden & ~PLAIN.unsafe
    assert chosen.values[PLAIN.unsafe].tolist() == [4]
    assert set(chosen.protects[beside].tolist()) == {0}
    dear = np.where(beside, 100.0, 1.0)
    assert not revealed(PLAIN, FULL, Attacker.LABELS_KNOWN, dear, effort=careful).hidden[beside].all()


def one_region_of_one_part() -> tuple[Cube, int, int]:
    """A cube; the part, and the region that is this part and nothing else."""
    regions = Dimension("x", ("x0", "x1", "x2", "north", "south", "total"), np.array([3, 3, 4, 5, 5, -1]))
    cube = Cube.of([regions, flat("y", 2)], np.array([[9, 20], [14, 30], [3, 40]]))
    names = [cube.codes(int(cell)) for cell in cube.filled]
    return cube, names.index(("x2", "y0")), names.index(("south", "y0"))


def test_a_cell_equal_to_an_unsafe_one_is_hidden_for_it():
    cube, part, region = one_region_of_one_part()
    unsafe = np.arange(len(cube.numbers)) == part
    drawn = Drawn(cube.rows(), cube.numbers, unsafe, np.zeros(len(unsafe), bool), 5)
    choice = revealed(drawn, FULL, Attacker.LABELS_KNOWN)
    assert choice.hidden[region] and choice.protects[region] == part
    assert choice.values[part] == 4


def test_a_cell_that_its_source_hid_and_that_nobody_asks_about_hides_no_other():
    cube, part, _ = one_region_of_one_part()
    hidden = np.arange(len(cube.numbers)) == part
    choice = reveal(
        cube.rows().within(*labels(cube.numbers, 5, Attacker.LABELS_KNOWN)),
        cube.numbers,
        hidden=hidden,
        hideable=~hidden,
        needs=np.zeros(len(hidden), np.int64),
        width=4,
        beyond=False,
        weights=np.ones(len(hidden)),
    )
    assert np.array_equal(choice.hidden, hidden)
    assert not choice.values.any()


# ---------------------------------------------------------------- refusals


def rows_of_one_total(width: int) -> Rows:
    return Rows(
        low=np.ones(width, np.int64),
        high=np.full(width, NO_LIMIT),
        starts=np.array([0, width]),
        columns=np.arange(width),
        weights=np.array([1] + [-1] * (width - 1)),
        at_least=np.zeros(1, np.int64),
        at_most=np.zeros(1, np.int64),
    )


@pytest.mark.parametrize(
    ("numbers", "unsafe", "said"),
    [
        ([2, 3, -1], [], r"ne peut pas être négatif : colonnes 2\.$"),
        ([3, 3, 0], [1, 2], r"masquer un zéro : colonnes 2\.$"),
        ([9, 3, 5], [1], r"pas vérifiées par les effectifs : lignes 0\.$"),
        ([9, *[-1] * 30], [], r"colonnes 1, 2, .*, 20 et 10 autres\.$"),
    ],
)
def test_what_cannot_be_protected_is_refused_by_place(numbers, unsafe, said):
    flags = np.isin(np.arange(len(numbers)), unsafe)
    with pytest.raises(ReleaseRefused, match=said):
        protect_rows(rows_of_one_total(len(numbers)), np.array(numbers), flags)

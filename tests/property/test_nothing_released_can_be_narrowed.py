"""Whatever `protect` or `release` lets out, a plain attacker who tries every table learns no more than the level says.

The attacker here shares nothing with the program: it lists all the whole numbers that the labels allow for the hidden
cells, keeps the tables whose totals add up, and looks at what is left.
"""

from __future__ import annotations

from itertools import product

import pytest
from attrs import evolve
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from egide.disclosure.attack.findings import FULL, ambiguous
from egide.disclosure.attack.system import Statement
from egide.disclosure.cells import BelowThreshold
from egide.disclosure.policy import ELEVEN, STATISTICAL_SECRET, TWO_VALUES
from egide.disclosure.release import proposed_ranges
from egide.disclosure.secondary import ProtectionImpossible, protect
from egide.document.typography import content_text
from egide.facts.model import Secret, Unit
from egide.facts.values import BELOW_FIVE, NOT_COMMUNICATED
from support.crossed import Crossed, crossed, plain
from support.examples import examples

thorough = settings(max_examples=examples(150), deadline=None, suppress_health_check=list(HealthCheck))
LEVELS = pytest.mark.parametrize("level", [FULL, ambiguous(2), ambiguous(3)], ids=["full", "two", "three"])


def codes(leaves: str) -> list[str]:
    return [*leaves, "."]


def cross(*axes: str) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """All the cells of a table of several ways, "." for a total, and its totals."""
    relations = []
    for place, leaves in enumerate(axes):
        others = [codes(axis) for axis in axes]
        others[place] = ["."]
        for whole in product(*others):
            parts = ["".join((*whole[:place], leaf, *whole[place + 1 :])) for leaf in leaves]
            relations.append(("".join(whole), parts))
    return ["".join(cell) for cell in product(*axes)], relations


TWO_WAYS = cross("ab", "xyz")
THREE_WAYS = cross("ab", "xy", "mf")
REGIONS = [("H", "12"), ("I", "34")]
HIERARCHY = (
    [place + age for place in "1234" for age in "<>"],
    [
        *(
            (whole + age, [part + age for part in parts])
            for age in "<>."
            for whole, parts in [("H", "12"), ("I", "34")]
        ),
        *(("F" + age, ["H" + age, "I" + age]) for age in "<>."),
        *((place + ".", [place + "<", place + ">"]) for place in "1234HIF"),
    ],
)
LINKED = (
    ["f<c", "f<d", "m<c", "m<d", "f>", "m>"],
    [
        ("f<", ["f<c", "f<d"]),
        ("m<", ["m<c", "m<d"]),
        (".<", ["f<", "m<"]),
        ("c", ["f<c", "m<c"]),
        ("d", ["f<d", "m<d"]),
        (".<", ["c", "d"]),
        ("f.", ["f<", "f>"]),
        ("m.", ["m<", "m>"]),
        ("..", ["f.", "m."]),
        (".>", ["f>", "m>"]),
        ("..", [".<", ".>"]),
    ],
)
SHAPES = pytest.mark.parametrize(
    "shape", [TWO_WAYS, THREE_WAYS, HIERARCHY, LINKED], ids=["two ways", "three ways", "hierarchy", "linked"]
)


def filled(shape, draw) -> dict[str, int]:
    inner, relations = shape
    values = {cell: draw(st.one_of(st.integers(0, 4), st.integers(5, 14))) for cell in inner}
    waiting = list(relations)
    while waiting:
        ready = [one for one in waiting if all(part in values for part in one[1])]
        for whole, parts in ready:
            values[whole] = sum(values[part] for part in parts)
        waiting = [one for one in waiting if one not in ready]
    return values


class Enemy:
    """Every table that the labels allow, tried cell after cell. Knows the shown cells, the labels, the totals."""

    def __init__(self, shown: dict[str, int], hidden: dict[str, str], relations: list) -> None:
        self.ends = {cell: (number, number) for cell, number in shown.items()}
        # No count is above the largest total in sight; where all are hidden, above all totals of this test.
        self.ends |= {cell: (1, 4) if label == "< 5" else (5, 200) for cell, label in hidden.items()}
        self.relations = relations

    def can_be(self, cell: str, number: int) -> bool:
        return self._possible(self.ends | {cell: (number, number)})

    def _possible(self, ends: dict[str, tuple[int, int]]) -> bool:
        ends = self._closed(ends)
        if ends is None:
            return False
        open_cells = [cell for cell, (low, high) in ends.items() if low < high]
        if not open_cells:
            return True
        cell = min(open_cells, key=lambda one: ends[one][1] - ends[one][0])
        low, high = ends[cell]
        return any(self._possible(ends | {cell: (number, number)}) for number in range(low, high + 1))

    def _closed(self, ends):
        """What a child would strike out: a total is at least its parts at least, and so on."""
        ends = dict(ends)
        moved = True
        while moved:
            moved = False
            for whole, parts in self.relations:
                (low, high), least, most = ends[whole], 0, 0
                for part in parts:
                    least, most = least + ends[part][0], most + ends[part][1]
                if low < least or most < high:
                    low, high = max(low, least), min(high, most)
                    ends[whole], moved = (low, high), True
                if low > high:
                    return None
                # A part cannot be further from its most than all the parts may be together, nor from its least.
                below, above = most - low, high - least
                for part in parts:
                    first, last = ends[part]
                    if last - first > min(below, above):
                        ends[part], moved = (max(first, last - below), min(last, first + above)), True
                        if ends[part][0] > ends[part][1]:
                            return None
        return ends


def attacked(shape, values, suppression) -> dict[str, int]:
    """How many values are left behind each `< 5`."""
    hidden = {cell: unknown.label for cell, unknown in suppression.hidden.items()}
    shown = {cell: number for cell, number in values.items() if cell not in hidden}
    enemy = Enemy(shown, hidden, shape[1])
    return {
        cell: sum(enemy.can_be(cell, number) for number in range(1, 5))
        for cell, label in hidden.items()
        if "<" in label
    }


def statements(shape) -> list[Statement]:
    return [Statement.total(whole, parts, said=f"total {whole}") for whole, parts in shape[1]]


def small(values) -> set[str]:
    return {cell for cell, number in values.items() if 0 < number < 5}


@LEVELS
@SHAPES
@thorough
@given(data=st.data())
def test_no_small_count_is_narrowed_below_the_level(shape, level, data):
    values = filled(shape, data.draw)
    try:
        suppression = protect(values, statements(shape), small(values), level=level)
    except ProtectionImpossible:
        assume(False)
        return
    least = 4 if level.least_values is None else level.least_values
    assert {cell for cell, left in attacked(shape, values, suppression).items() if left < least} == set()


@SHAPES
@thorough
@given(data=st.data())
def test_what_falls_short_is_said_and_never_overstated(shape, data):
    values = filled(shape, data.draw)
    suppression = protect(values, statements(shape), small(values), best_effort=True)
    for cell, left in attacked(shape, values, suppression).items():
        assert left >= suppression.short.get(cell, 4)


@SHAPES
@thorough
@given(data=st.data())
def test_a_refusal_is_never_made_where_hiding_everything_would_do(shape, data):
    values = filled(shape, data.draw)
    try:
        protect(values, statements(shape), small(values), level=ambiguous(2))
    except ProtectionImpossible as refusal:
        everything = {cell: "< 5" if number < 5 else "nc" for cell, number in values.items() if number}
        enemy = Enemy({cell: 0 for cell, number in values.items() if not number}, everything, shape[1])
        for cell in refusal.cells:
            assert sum(enemy.can_be(cell, number) for number in range(1, 5)) < 2


@SHAPES
@thorough
@given(data=st.data())
def test_only_what_may_be_hidden_is_hidden(shape, data):
    values = filled(shape, data.draw)
    keep = frozenset(data.draw(st.sets(st.sampled_from(sorted(values)))))
    suppression = protect(values, statements(shape), small(values), keep=keep, best_effort=True)
    assert suppression.secondary & (keep | {cell for cell, number in values.items() if number == 0}) == set()
    assert suppression.hidden.keys() == suppression.why.keys()


# ---------------------------------------------------------------- through the door

POLICIES = pytest.mark.parametrize("policy", [STATISTICAL_SECRET, TWO_VALUES, ELEVEN], ids=lambda one: one.name)


def counted(draw, rows: str, columns: str, largest: int) -> Crossed:
    """A table of two ways, some of whose totals nobody declares."""
    values = {(row, column): draw(st.integers(0, largest)) for row in rows for column in columns}
    lines = [[str(values[row, column]) for column in columns] for row in rows]
    if draw(st.booleans()):
        lines = [[*line, str(sum(map(int, line)))] for line in lines]
        columns = [*columns, "total"]
    if draw(st.booleans()):
        lines.append([str(sum(map(int, line))) for line in zip(*lines, strict=True)])
        rows = [*rows, "total"]
    drawing = ["|".join(["", *columns]), *("|".join([row, *line]) for row, line in zip(rows, lines, strict=True))]
    return crossed("\n".join(drawing))


@POLICIES
@thorough
@given(data=st.data())
def test_nothing_that_the_door_lets_out_can_be_narrowed(policy, data):
    largest = 3 * policy.threshold
    table = counted(data.draw, "ab", "xyz", largest)
    quoted = data.draw(st.sets(st.sampled_from([fact.key for fact in table.facts.values()])))
    try:
        released = table.released(policy, quoted=quoted)
    except ProtectionImpossible:
        assume(False)
        return
    contents = {fact.key: released.cell(f"{row}, {column}").content for (row, column), fact in table.facts.items()}
    relations = [(relation.keys[0], relation.keys[1:]) for relation in table.relations]
    enemy = Enemy({}, {}, relations)
    most = 10 * largest
    enemy.ends = {key: read(content, most) for key, content in contents.items()}
    least = policy.threshold - 1 if policy.level.least_values is None else policy.level.least_values
    for key, content in contents.items():
        if isinstance(content, BelowThreshold):
            assert sum(enemy.can_be(key, number) for number in range(1, policy.threshold)) >= least


def read(content, most: int) -> tuple[int, int]:
    """What anybody reads on the page."""
    text = plain(content_text(content, Unit.COUNT))
    if text.startswith("< "):
        return 1, int(text[2:]) - 1
    if "< nc <" in text:
        low, _, high = text.split(" < ")
        return int(low) + 1, int(high) - 1
    if text == "nc":
        return content.least, most
    return int(text), int(text)


@POLICIES
@settings(thorough, max_examples=examples(40))
@given(data=st.data())
def test_a_range_that_the_door_prints_narrows_nothing_either(policy, data):
    table = counted(data.draw, "ab", "xy", 3 * policy.threshold)
    try:
        proposed = proposed_ranges(table.candidates(), policy)
        key = next((key for key, one in proposed.items() if one is not None), None)
        assume(key is not None)
        released = table.released(policy, ranges=(key,))
    except ProtectionImpossible:
        assume(False)
        return
    contents = {fact.key: released.cell(f"{row}, {column}").content for (row, column), fact in table.facts.items()}
    enemy = Enemy({}, {}, [(relation.keys[0], relation.keys[1:]) for relation in table.relations])
    enemy.ends = {one: read(content, 400) for one, content in contents.items()}
    number = next(fact.value.number for fact in table.facts.values() if fact.key == key)
    assert enemy.ends[key][0] <= number <= enemy.ends[key][1]
    least = policy.threshold - 1 if policy.level.least_values is None else policy.level.least_values
    for one, content in contents.items():
        if isinstance(content, BelowThreshold):
            assert sum(enemy.can_be(one, small) for small in range(1, policy.threshold)) >= least


@thorough
@given(data=st.data())
def test_what_a_source_hid_beside_does_not_narrow_ours(data):
    """Some parts come hidden by their source under the labels that their numbers deserve."""
    table = counted(data.draw, "ab", "xyz", 15)
    parts = [place for place, fact in table.facts.items() if fact.value.number]
    hidden = data.draw(st.sets(st.sampled_from(parts or [next(iter(table.facts))]), max_size=3))
    facts = {place: delivered_hidden(fact) if place in hidden else fact for place, fact in table.facts.items()}
    ours = {fact.key for place, fact in facts.items() if place not in hidden}
    try:
        released = evolve(table, facts=facts).released(TWO_VALUES)
    except ProtectionImpossible:
        assume(False)
        return
    contents = {fact.key: released.cell(f"{row}, {column}").content for (row, column), fact in facts.items()}
    enemy = Enemy({}, {}, [(relation.keys[0], relation.keys[1:]) for relation in table.relations])
    enemy.ends = {one: read(content, 150) for one, content in contents.items()}
    for one, content in contents.items():
        if isinstance(content, BelowThreshold) and one in ours:
            assert sum(enemy.can_be(one, small) for small in range(1, 5)) >= 2


def delivered_hidden(fact):
    number = fact.value.number
    if not number:
        return fact
    secret, value = (Secret.BELOW_FIVE, BELOW_FIVE) if number < 5 else (Secret.NOT_COMMUNICATED, NOT_COMMUNICATED)
    return evolve(fact, secret=secret, value=value)

"""Publications of several tables, hidden at random, against every publication that would print the same.

Subtotals (« dont »), sheets by sex under a sheet of their total, a margin printed in two tables, shares in sentences.
The oracle writes out all the inner counts and keeps those under which every printed cell, and every share, reads alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

import numpy as np
from attrs import define, field
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from egide.disclosure.printed.publication import Publication, audit_publication
from egide.disclosure.printed.reading import read_table
from egide.disclosure.printed.tables import Place
from egide.disclosure.printed.totals import DeclaredTotal
from support.examples import examples
from support.printed import claim

MOST_INNER, MOST_MARGINS = 3, 3  # hidden in one case, so that all can be written out
COLUMNS = ("a", "b")
Numbers = NDArray[np.int64]


@define
class Drawn:
    """Inner counts, printed cells as lists of inner counts to add, and what is said of them."""

    inner: list[int] = field(factory=list)
    cells: dict[Place, list[int]] = field(factory=dict)
    declared: list[DeclaredTotal] = field(factory=list)
    same: list[tuple[Place, Place]] = field(factory=list)
    shares: list[tuple[Place, Place]] = field(factory=list)
    hidden: set[Place] = field(factory=set)

    def value(self, place: Place) -> int:
        return sum(self.inner[rank] for rank in self.cells[place])

    def label(self, place: Place) -> str:
        if place not in self.hidden:
            return str(self.value(place))
        return "< 5" if self.value(place) < 5 else "nc"

    def table(self, name: str, rows: list[list[list[int]]], titles: list[str]) -> None:
        """`rows`: for each line, the inner counts of each column; a column of totals is added."""
        for title, row in zip(titles, rows, strict=True):
            for column, parts in zip((*COLUMNS, "Total"), [*row, joined(row)], strict=True):
                self.cells[Place(table=name, row=title, column=column)] = parts

    def new(self, counts: list[int]) -> list[list[int]]:
        self.inner += counts
        return [[rank] for rank in range(len(self.inner) - len(counts), len(self.inner))]


def joined(parts: Iterable[list[int]]) -> list[int]:
    return list(chain.from_iterable(parts))


def added(*rows: list[list[int]]) -> list[list[int]]:
    return [joined(parts) for parts in zip(*rows, strict=True)]


@st.composite
def publications(draw: st.DrawFn) -> Drawn:
    drawn = Drawn()
    line = st.lists(st.integers(0, 6), min_size=2, max_size=2)
    kind = draw(st.sampled_from(["subtotals", "sheets", "linked"]))
    rows = [drawn.new(draw(line)) for _ in range(3 if kind == "subtotals" else 2)]
    if kind == "subtotals":
        first, second, third = rows
        both = added(first, second)
        titles = ["x", "dont x1", "dont x2", "y", "Total"]
        drawn.table("t", [both, first, second, third, added(both, third)], titles)
        # « dont » lines may leave a part out, unless they are seen to add up somewhere: here they are all the parts.
        drawn.declared = [DeclaredTotal(table="t", axis="row", whole="x", parts=("dont x1", "dont x2"))]
    elif kind == "sheets":
        others = [drawn.new(draw(line)) for _ in range(2)]
        sums = [added(*pair) for pair in zip(rows, others, strict=True)]
        for name, lines in (("h.csv", rows), ("f.csv", others), ("total.csv", sums)):
            drawn.table(name, [*lines, added(*lines)], ["x", "y", "Total"])
    else:
        others = [drawn.new(draw(line)) for _ in range(2)]
        margin = added(*rows)
        drawn.table("t", [*rows, margin], ["x", "y", "Total"])
        drawn.table("u", [margin, others[0], added(margin, others[0])], ["t", "z", "Total"])
        pairs = [(Place(table="t", row="Total", column=one), Place(table="u", row="t", column=one)) for one in COLUMNS]
        drawn.same = [*pairs, tuple(Place(table=t, row=r, column="Total") for t, r in (("t", "Total"), ("u", "t")))]
    _hide(draw, drawn)
    whole = [place for place in drawn.cells if place.column == "Total" and drawn.value(place)]
    if whole and draw(st.booleans()):
        place = draw(st.sampled_from(whole))
        drawn.shares = [(Place(table=place.table, row=place.row, column="a"), place)]
    return drawn


def _hide(draw: st.DrawFn, drawn: Drawn) -> None:
    """Inner cells and margins, never zeros nor what adds up the most, so that nothing is without bound."""
    most = max(map(len, drawn.cells.values()))
    candidates = [place for place in drawn.cells if drawn.value(place) and len(drawn.cells[place]) < most]
    inner = [place for place in candidates if len(drawn.cells[place]) == 1]
    margins = [place for place in candidates if len(drawn.cells[place]) > 1]
    for places, few in ((inner, MOST_INNER), (margins, MOST_MARGINS)):
        if places:
            drawn.hidden |= draw(st.sets(st.sampled_from(places), max_size=few))


def everything(drawn: Drawn) -> dict[Place, Numbers]:
    """The number of each printed cell in every publication that reads alike."""
    shown = {parts[0] for place, parts in drawn.cells.items() if len(parts) == 1 and place not in drawn.hidden}
    free = sum(number for rank, number in enumerate(drawn.inner) if rank not in shown)
    ranges = [np.array([number]) if rank in shown else np.arange(free + 1) for rank, number in enumerate(drawn.inner)]
    ends = {}
    for place, parts in drawn.cells.items():
        if len(parts) == 1 and place in drawn.hidden:
            small = drawn.value(place) < 5
            ends[parts[0]] = np.arange(1, 5) if small else np.arange(5, free + 1)
    grids = np.meshgrid(*[ends.get(rank, one) for rank, one in enumerate(ranges)], indexing="ij")
    tried = [grid.ravel() for grid in grids]
    numbers = {place: np.sum([tried[rank] for rank in parts], axis=0) for place, parts in drawn.cells.items()}
    good = np.ones(len(tried[0]), bool)
    for place, found in numbers.items():
        if place not in drawn.hidden:
            good &= found == drawn.value(place)
        elif drawn.value(place) < 5:
            good &= (found >= 1) & (found <= 4)
        else:
            good &= found >= 5
    for part, whole in drawn.shares:
        printed = percent(drawn.value(part), drawn.value(whole))
        above, below = 200 * numbers[part] + numbers[whole], 2 * numbers[whole]
        good &= (above >= printed * below) & (above < (printed + 1) * below)
    return {place: found[good] for place, found in numbers.items()}


def percent(part: int, whole: int) -> int:
    return (200 * part + whole) // (2 * whole)


def as_publication(drawn: Drawn) -> Publication:
    tables = []
    for name in dict.fromkeys(place.table for place in drawn.cells):
        rows = list(dict.fromkeys(place.row for place in drawn.cells if place.table == name))
        lines = [["", *COLUMNS, "Total"]]
        for row in rows:
            places = [Place(table=name, row=row, column=column) for column in (*COLUMNS, "Total")]
            lines.append([row, *map(drawn.label, places)])
        table, defects = read_table(name, lines)
        assert table is not None, defects
        tables.append(table)
    named = [tuple(f"{place.table}|{place.row}|{place.column}" for place in pair) for pair in drawn.shares]
    claims = [
        claim(f'share(f("{part}"), f("{whole}"))', f"{percent(*map(drawn.value, pair))} %", "round0")
        for (part, whole), pair in zip(named, drawn.shares, strict=True)
    ]
    return Publication(
        tables=tuple(tables), declared=tuple(drawn.declared), same=tuple(drawn.same), claims=tuple(claims)
    )


@settings(max_examples=examples(200), suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(publications())
def test_the_audit_finds_what_every_possible_publication_leaves(drawn):
    met = {place: set(numbers.tolist()) for place, numbers in everything(drawn).items() if place in drawn.hidden}
    report = audit_publication(as_publication(drawn))
    found = {cell.place: cell for cell in report.cells}
    assert {place: (cell.low, cell.high) for place, cell in found.items()} == {
        place: (min(values), max(values)) for place, values in met.items()
    }
    assert {place for place, cell in found.items() if cell.leak} == {
        place for place in met if drawn.value(place) < 5 and met[place] != {1, 2, 3, 4}
    }

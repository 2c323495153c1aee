"""A printed table with totals, audited, against every table that prints the same."""

from __future__ import annotations

from itertools import product

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from egide.disclosure.printed.publication import Publication, audit_publication
from egide.disclosure.printed.reading import read_table
from egide.disclosure.printed.tables import Table
from support.examples import examples

MOST = 7  # counts go from 0 to this, so that every table can be written out


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[int]], list[list[bool]]]:
    """Inner counts, and which of them are hidden (small ones as `< 5`, others as `nc`); totals are all shown."""
    height, width = draw(st.integers(1, 3)), draw(st.integers(2, 3))
    row = st.lists(st.integers(0, MOST), min_size=width, max_size=width)
    flags = st.lists(st.booleans(), min_size=width, max_size=width)
    counts = draw(st.lists(row, min_size=height, max_size=height))
    asked = draw(st.lists(flags, min_size=height, max_size=height))
    hidden = [
        [ask and count > 0 for ask, count in zip(*lines, strict=True)] for lines in zip(asked, counts, strict=True)
    ]
    return counts, hidden


def printed(counts: list[list[int]], hidden: list[list[bool]]) -> list[list[str]]:
    return [
        [("< 5" if count < 5 else "nc") if hide else str(count) for count, hide in zip(line, hides, strict=True)]
        for line, hides in zip(counts, hidden, strict=True)
    ]


def as_table(counts: list[list[int]], cells: list[list[str]]) -> Table:
    columns = [f"c{number}" for number in range(len(cells[0]))]
    lines = [["", *columns, "Total"]]
    lines += [[f"r{rank}", *line, str(sum(counts[rank]))] for rank, line in enumerate(cells)]
    sums = [sum(column) for column in zip(*counts, strict=True)]
    lines.append(["Ensemble", *map(str, sums), str(sum(sums))])
    table, defects = read_table("t", lines)
    assert table is not None, defects
    return table


def every_line(counts: list[int], cells: list[str]) -> list[tuple[int, ...]]:
    """All the counts that print the same line and have the same total."""
    most = sum(counts)
    ranges = {"< 5": range(1, 5), "nc": range(5, most + 1)}
    choices = [ranges.get(cell) or [count] for count, cell in zip(counts, cells, strict=True)]
    return [line for line in product(*choices) if sum(line) == most]


@settings(max_examples=examples(200), suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(tables())
def test_the_audit_finds_what_every_possible_table_leaves(drawn):
    counts, hidden = drawn
    cells = printed(counts, hidden)
    report = audit_publication(Publication(tables=(as_table(counts, cells),)))
    met: dict[tuple[str, str], set[int]] = {
        (f"r{row}", f"c{column}"): set() for row, line in enumerate(hidden) for column, hide in enumerate(line) if hide
    }
    columns = [sum(column) for column in zip(*counts, strict=True)]
    for tried in product(*map(every_line, counts, cells)):
        if [sum(column) for column in zip(*tried, strict=True)] == columns:
            for row, column in product(range(len(counts)), range(len(columns))):
                if hidden[row][column]:
                    met[f"r{row}", f"c{column}"].add(tried[row][column])
    found = {(cell.place.row, cell.place.column): cell for cell in report.cells}
    assert {where: (cell.low, cell.high) for where, cell in found.items()} == {
        where: (min(values), max(values)) for where, values in met.items()
    }
    small = {where for where, cell in found.items() if cell.label == "< 5"}
    assert {where for where, cell in found.items() if cell.leak} == {w for w in small if met[w] != {1, 2, 3, 4}}

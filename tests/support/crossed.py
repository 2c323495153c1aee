"""A table of two ways drawn by hand, as facts with their totals, and what a release prints of it.

table = crossed('''
          |  59 |  62 | total
   minors |   3 |  20 |    23
   adults |  12 |  30 |    42
    total |  15 |  50 |    65
''')
table.printed(table.released())
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from egide.disclosure.policy import STATISTICAL_SECRET, Policy
from egide.disclosure.published import Published
from egide.disclosure.release import Candidates, Release, release
from egide.document.typography import cell_text
from egide.facts.model import Fact, FactKey, Secret
from egide.facts.relations import Relation
from support.facts import fact

SECRETS = {"<5": Secret.BELOW_FIVE, "nc": Secret.NOT_COMMUNICATED}


@frozen
class Crossed:
    """Facts by row and column, and the totals that hold between them."""

    facts: Mapping[tuple[str, str], Fact]
    relations: tuple[Relation, ...]

    def key(self, row: str, column: str) -> FactKey:
        return self.facts[row, column].key

    def candidates(self, **more: Any) -> Candidates:
        requested = {f"{row}, {column}": one for (row, column), one in self.facts.items()}
        return Candidates(requested=requested, relations=self.relations, **more)

    def released(self, policy: Policy = STATISTICAL_SECRET, public: Published | None = None, **more: Any) -> Release:
        return release(self.candidates(**more), policy, public)

    def printed(self, released: Release) -> str:
        """As drawn, one line a row."""
        columns = list(dict.fromkeys(column for _, column in self.facts))
        lines: dict[str, list[str]] = {}
        for row, column in self.facts:
            lines.setdefault(row, []).append(plain(cell_text(released.cell(f"{row}, {column}"))))
        return drawing([["", *columns], *([row, *cells] for row, cells in lines.items())])


def crossed(text: str, **details: Any) -> Crossed:
    """Rows and columns called `total` add up the others. Cells: a number, `<5` or `nc`. `details`: of every fact."""
    heading, *lines = ([cell.strip() for cell in line.split("|")] for line in text.strip("\n").rstrip().splitlines())
    facts = {
        (row, column): fact(_identifier(row, column), SECRETS.get(cell) or int(cell), **details)
        for row, *cells in lines
        for column, cell in zip(heading[1:], cells, strict=True)
    }
    rows, columns = [line[0] for line in lines], heading[1:]
    relations = [
        *(_total(facts, [(row, column) for column in columns], (row, "total")) for row in rows if "total" in columns),
        *(_total(facts, [(row, column) for row in rows], ("total", column)) for column in columns if "total" in rows),
    ]
    return Crossed(facts, tuple(relations))


def _identifier(row: str, column: str) -> str:
    dims = [f"{name}={code}" for name, code in (("row", row), ("column", column)) if code != "total"]
    return "/".join(["s/m/FR/2025", *([";".join(dims)] if dims else [])])


def _total(facts: Mapping[tuple[str, str], Fact], places: list[tuple[str, str]], whole: tuple[str, str]) -> Relation:
    return Relation.total(facts[whole].key, [facts[one].key for one in places if one != whole])


def drawing(rows: list[list[str]]) -> str:
    """Cells between bars, one space around: two drawings of one table are equal whatever their spaces were."""
    return "\n".join(" | ".join(cells) for cells in rows)


def as_drawn(text: str) -> str:
    return drawing([[cell.strip() for cell in line.split("|")] for line in text.strip("\n").rstrip().splitlines()])


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")

"""A national year, attacked from the side: every file that could exist, department by department, as a whole number.

The release is made on coarse tables, by exchanges and propagation. The attack here knows neither: one unknown for
each department and each finest combination of codes, one row for each released cell, and a solver asked for a whole
country in which the hidden count is 1, then 2, 3, 4. Each country found is checked by adding it up.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import highspy
import numpy as np
import pytest
from attrs import evolve

from egide.disclosure.cells import BelowThreshold, Cell, NotCommunicated, Shown
from egide.facts.model import FactKey
from egide.facts.values import Value
from egide.reference import load
from egide_registry.statistics.cubes import departments
from egide_registry.statistics.release import Released
from egide_registry.statistics.rules import DELAYS, FRANCE
from support.registry_year import national

_REGION = {row["code"]: row["region"] for row in load.table("departements")}
_ISSUES = [{"outcome": one} for one in ("pending", "withdrawn")] + [
    {"outcome": one, "delay": delay} for one, delay in product(("granted", "refused"), DELAYS)
]
_STAGES = [{"stage": one} for one in ("not_granted", "not_effective")] + [
    {"stage": "effective", "delay": delay} for delay in DELAYS
]
FINEST: Mapping[str, list[dict[str, str]]] = {
    "psp_current": [{}],
    "psp_requests": [{"kind": kind, **issue} for kind, issue in product(("first", "renewal"), _ISSUES)],
    "psp_appeals": [
        {"way": way, "outcome": outcome}
        for way, outcome in product(("prefect", "court"), ("upheld", "rejected", "pending", "withdrawn"))
    ],
    "psp_rights": _STAGES,
}
_HOLDS = {("outcome", "decided"): {"granted", "refused"}, ("stage", "granted"): {"not_effective", "effective"}}


def counted(key: FactKey, department: str, codes: Mapping[str, str]) -> bool:
    """Is a file of this department with these codes one of those that the key counts?"""
    here = {FRANCE, f"DEP-{department}", f"REG-{_REGION[department]}"}
    return key.territory in here and all(
        codes.get(name) in _HOLDS.get((name, code), {code}) for name, code in key.dims if name != "right"
    )


class Country:
    """All the countries that a reader of these cells can believe in."""

    def __init__(self, cells: Mapping[FactKey, Cell]) -> None:
        (measure,) = {key.measure for key in cells}
        self.keys = list(cells)
        files = list(product(departments(), FINEST[measure]))
        sums = [[place for place, file in enumerate(files) if counted(key, *file)] for key in self.keys]
        empty = {place for key, one in zip(self.keys, sums, strict=True) if _range(cells[key])[1] == 0 for place in one}
        self.left = {place: number for number, place in enumerate(sorted(set(range(len(files))) - empty))}
        self.sums = [[self.left[place] for place in one if place in self.left] for one in sums]
        self.ranges = [_range(cells[key]) for key in self.keys]
        self._witnessed: set[tuple[int, int]] = set()
        self._model = highspy.Highs()
        self._model.setOptionValue("output_flag", False)
        self._model.setOptionValue("threads", 1)
        for _ in self.left:
            self._model.addVar(0, highspy.kHighsInf)
        columns = np.arange(len(self.left), dtype=np.int32)
        whole = np.full(len(self.left), highspy.HighsVarType.kInteger)
        self._model.changeColsIntegrality(len(self.left), columns, whole)
        for (low, high), one in zip(self.ranges, self.sums, strict=True):
            self._model.addRow(low, high, len(one), np.array(one, np.int32), np.ones(len(one)))

    def can_hold(self, key: FactKey, count: int) -> bool:
        """Is there a country in which this cell counts so many, and every other cell is as released?"""
        row = self.keys.index(key)
        if (row, count) in self._witnessed:
            return True
        self._model.changeRowBounds(row, count, count)
        self._model.run()
        found = self._model.getModelStatus() == highspy.HighsModelStatus.kOptimal
        if found:
            files = np.rint(self._model.getSolution().col_value).astype(int)
            counts = [int(files[one].sum()) for one in self.sums]
            assert all(low <= one <= high for (low, high), one in zip(self.ranges, counts, strict=True))
            assert counts[row] == count and files.min() >= 0
            self._witnessed |= set(enumerate(counts))  # one country answers for all its cells
        self._model.changeRowBounds(row, *self.ranges[row])
        return found


def _range(cell: Cell) -> tuple[float, float]:
    match cell.content:
        case BelowThreshold():
            return 1, 4
        case NotCommunicated():
            return 5, highspy.kHighsInf
        case _:
            return float(cell.number), float(cell.number)


def test_the_year_drawn_has_as_many_departments_with_few_paths_as_the_senate_counted() -> None:
    paths = [row.count for row in national() if row.measure == "psp_current"]
    assert len(paths) == 101
    assert sum(1 <= one <= 5 for one in paths) == 26
    assert sum(6 <= one <= 10 for one in paths) == 16
    assert 850 <= sum(paths) <= 1000


FAMILIES = ("psp_current", "psp_requests", "psp_appeals", "psp_rights/aps", "psp_rights/afis")


@pytest.mark.slow
def test_every_hidden_count_of_the_nation_can_still_be_1_2_3_or_4(nation: Released) -> None:
    """The only test at national size: what follows reads a lighter year."""
    for name in FAMILIES:
        measure, _, right = name.partition("/")
        cells = {
            key: cell
            for key, cell in nation.cells.items()
            if key.measure == measure and (key.dim("right") or "") == right
        }
        hidden = [key for key, cell in cells.items() if isinstance(cell.content, BelowThreshold)]
        country = Country(cells)
        assert hidden, name
        assert [(key, count) for key in hidden for count in (1, 2, 3, 4) if not country.can_hold(key, count)] == []
    shows_every_national_count_of_paths_requests_rights_and_ends(nation)
    shows_no_small_count_of_persons(nation)
    assert nation.left_out and all(out.reason for out in nation.left_out)


def test_the_attack_bites_once_what_protects_the_small_counts_is_said(year: Released) -> None:
    cells = {key: cell for key, cell in year.cells.items() if key.measure == "psp_current"}
    true = {f"DEP-{row.department}": row.count for row in national() if row.measure == "psp_current"}
    hidden = [key for key, cell in cells.items() if isinstance(cell.content, BelowThreshold)]
    told = {
        key: evolve(cell, content=Shown(Value.exact(true[key.territory])))
        if isinstance(cell.content, NotCommunicated) and key.territory in true
        else cell
        for key, cell in cells.items()
    }
    country = Country(told)
    assert not all(country.can_hold(key, count) for key in hidden for count in (1, 2, 3, 4))


def test_no_small_count_of_persons_is_shown_anywhere(year: Released) -> None:
    shows_no_small_count_of_persons(year)


def shows_no_small_count_of_persons(year: Released) -> None:
    shown = [cell for cell in year.cells.values() if cell.is_shown and cell.measure.counts != "séances"]
    assert [cell.id for cell in shown if 1 <= cell.number <= 4] == []
    assert sum(cell.number > 0 for cell in shown) > 300  # and there is something to read


def shows_every_national_count_of_paths_requests_rights_and_ends(year: Released) -> None:
    for measure in ("psp_current", "psp_requests", "psp_rights", "psp_ended"):
        national_cells = [
            cell for key, cell in year.cells.items() if key.measure == measure and key.territory == FRANCE
        ]
        assert national_cells and all(cell.is_shown for cell in national_cells)

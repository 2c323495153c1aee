"""The published tables of capture histories (origins: tests/data/mse/README.md), one of each study."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from egide.estimation.histories import Histories, from_rows

FOLDER = Path(__file__).parents[2] / "tests" / "data" / "mse"
NAMES = (
    *("Korea", "Kosovo", "UKdat_5", "UKdat", "Ned_5", "Ned", "NewOrl_5", "NewOrl"),
    *("Rcapture_lesbian", "MadiganYork_3lists", "Artificial_3", "Cruyff_simdat"),
)


@cache
def published() -> dict[str, Histories]:
    """By the name of the file; covariates are summed over."""
    return {name: _table(FOLDER / f"{name}.csv") for name in NAMES}


def _table(path: Path) -> Histories:
    with path.open(encoding="utf-8", newline="") as file:
        heading, *rows = csv.reader(file)
    covariates = ("count", "year", "X1", "X2", "X3", "X4")
    lists = [name for name in heading if name not in covariates]
    persons: dict[tuple[int, ...], int] = {}
    for row in rows:
        marks = tuple(int(mark) for mark in row[: len(lists)])
        persons[marks] = persons.get(marks, 0) + int(row[-1] or 0)
    return from_rows(lists, list(persons.items()))

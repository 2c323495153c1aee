"""Published tables of capture histories and what other systems answered on them (origins: tests/data/mse/README.md)."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from egide.estimation.histories import Histories, from_rows

FOLDER = Path(__file__).parents[1] / "data" / "mse"
TABLES = ("Korea", "Kosovo", "UKdat_5", "UKdat", "Ned_5", "Ned", "NewOrl_5", "NewOrl", "NewOrl_5_2019", "NewOrl_2019")


@cache
def table(name: str) -> Histories:
    """One published table, by the name of its file."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        heading, *rows = csv.reader(file)
    return from_rows(heading[:-1], [([int(mark) for mark in marks], int(count)) for *marks, count in rows])


@cache
def baselines() -> tuple[dict[str, str], ...]:
    """The rows of baselines.csv: package, fn, dataset, nboot, estimate, ci95_low, ci95_high, model, note, published…"""
    with (FOLDER / "baselines.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def answered(package: str, function: str, dataset: str) -> dict[str, str]:
    """The one row of a package whose function begins so."""
    (row,) = [
        row
        for row in baselines()
        if (row["package"], row["dataset"]) == (package, dataset) and row["fn"].startswith(function)
    ]
    return row


@cache
def stratified_table(name: str, lists: int, *covariates: int) -> dict[tuple[str, ...], Histories]:
    """A table with covariates, by their values: `lists` first columns are lists, `covariates` rank the others kept."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        heading, *rows = csv.reader(file)
    counts: dict[tuple[str, ...], list[int]] = {}
    for *cells, count in rows:
        label = tuple(cells[lists + place] for place in covariates)
        cell = sum(int(mark) << place for place, mark in enumerate(cells[:lists]))
        if cell:  # the unseen of the Spina bifida file are empty cells
            counts.setdefault(label, [0] * (1 << lists))[cell] += int(count)
    return {label: Histories(lists=tuple(heading[:lists]), counts=found) for label, found in counts.items()}

"""A coded sample as it is kept: numbers drawn by lot and codes, until the report plus six months. [I/O]

What was estimated from it is kept beside: machine groups change a little from one pass to the next, and two tables of
one sample could be subtracted; so could those of two sheets of one draw. The key, which leads from a number to an ad,
is not copied.
Source: docs/methods/ad-census.md, "The second pass".
"""

from __future__ import annotations

import csv
import json
import shutil
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from egide.diagnostic.census import runs
from egide.diagnostic.census.retention import Kept, Kind, refuse_far_report
from egide.diagnostic.sampling.sheet import NUMBER
from egide.diagnostic.tables import Table
from egide.errors import StoreError

CODES, ESTIMATES, NAME = "codage.csv", "estimations.json", "echantillon"


def keep(store: Path, sheet: Table, made_on: date, report_on: date) -> Kept:
    """Copy the codes into the store and declare until when.

    The same codes given again are not kept twice, nor longer. Raises: StoreError when they come with another day of
    the report, or when another sheet of the same draw was estimated already; Refused when the report is too far.
    """
    refuse_far_report(made_on, report_on)
    parent = store / runs.SAMPLES
    parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = _name(store, made_on)
    aside = Path(tempfile.mkdtemp(prefix=".", dir=store))  # of mode 0700
    try:
        made = aside / name
        made.mkdir(mode=0o700)
        with runs.private(made / CODES) as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(sheet.columns)
            writer.writerows([row.cells[column] for column in sheet.columns] for row in sheet.rows)
        content = (made / CODES).read_bytes()
        others = [
            (one, path)
            for one in runs.kept(store)
            if one.kind is Kind.SAMPLE and (path := parent / one.name / CODES).is_file()
        ]
        for known, path in others:
            if path.read_bytes() != content:
                _refuse_another_sheet(known, path, sheet)
        for known, path in others:
            if path.read_bytes() == content:
                _refuse_another_day(known, report_on)
                return known
        runs.declare_sample(made, made_on, report_on)
        made.rename(parent / name)
        return Kept(name=name, kind=Kind.SAMPLE, made_on=made_on, report_on=report_on)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def estimated(store: Path, one: Kept) -> dict[str, Any] | None:
    """What `keep_estimates` was given; None when nothing was estimated yet. Raises: StoreError when it is damaged."""
    path = store / runs.SAMPLES / one.name / ESTIMATES
    if not path.is_file():
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        found = None
    if not isinstance(found, dict) or not {"at_least", "lines", "warnings"} <= set(found):
        raise StoreError(f"{path}\u00a0: estimations abîmées. Purgez l’échantillon, puis recommencez.")
    return found


def keep_estimates(store: Path, one: Kept, document: Mapping[str, Any]) -> None:
    """Whole or not at all."""
    path = store / runs.SAMPLES / one.name / ESTIMATES
    aside = path.with_name(f".{ESTIMATES}")
    with runs.private(aside) as file:
        json.dump(document, file, ensure_ascii=False, indent=1)
    aside.rename(path)


def _name(store: Path, made_on: date) -> str:
    """`echantillon-2026-04-15-1`. A name that was purged is not given again."""
    rank = 1
    while any(
        (store / part / f"{NAME}-{made_on.isoformat()}-{rank}{end}").exists()
        for part, end in ((runs.SAMPLES, ""), (runs.CERTIFICATES, ".json"))
    ):
        rank += 1
    return f"{NAME}-{made_on.isoformat()}-{rank}"


def _refuse_another_day(known: Kept, report_on: date) -> None:
    if known.report_on != report_on:
        raise StoreError(
            f"{known.name}\u00a0: ces codes sont déjà gardés jusqu’au {known.last_day:%d/%m/%Y}, pour un rapport du "
            f"{known.report_on:%d/%m/%Y}. Redonnez ce jour, ou purgez-les d’abord."
        )


def _refuse_another_sheet(known: Kept, codes: Path, sheet: Table) -> None:
    """Of the same draw: more than half of the numbers of the shorter sheet are in both.

    Numbers are drawn by lot among 90,000, and 20,000 at most: two draws have about 22 % in common at the worst.
    """
    if not (codes.parent / ESTIMATES).is_file():
        return
    with codes.open(encoding="utf-8", newline="") as file:
        theirs = {row[NUMBER] for row in csv.DictReader(file)}
    ours = {row.cells[NUMBER] for row in sheet.rows}
    if 2 * len(ours & theirs) > min(len(ours), len(theirs)):
        raise StoreError(
            f"{known.name}\u00a0: une autre feuille du même tirage est déjà estimée, et deux tableaux se "
            f"soustrairaient. Redonnez cette feuille, ou purgez-la d’abord (census purge --run {known.name} --confirm)."
        )

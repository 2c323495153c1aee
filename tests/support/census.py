"""A small collection of invented bouquets and lessons, its manifest, and the words that must never come out."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P

from egide.diagnostic.census import clock
from egide.diagnostic.census.arrivals import Arrivals, receive
from egide.diagnostic.census.manifest import Manifest, parse
from egide.diagnostic.census.places import gazetteer
from egide.diagnostic.census.reading import read_rows
from egide.diagnostic.duplicates import Ads, Clusters
from egide.linkage.pseudonyms import Key

TODAY = date(2026, 4, 2)
MANIFEST = """
[collecte]
equipe = "Équipe Coquelicot"
autorisation = "décision 2026-12 de la délégation"
autorisation_date = 2026-01-05
base_legale = "mission d'intérêt public, article 6-1-e du RGPD"
aipd_numero = "AIPD-2026-04"
aipd_date = 2026-01-12
finalite = "connaissance d'un territoire"
debut = 2026-03-01
fin = 2026-03-31
departement = "62"
refus = "un site demande une inscription"
lacunes = "aucun"

[[site]]
code = "S1"
categorie = "escorting"
comptage_exact = true

[[site]]
code = "S2"
categorie = "petites-annonces"
pages = 40
comptage_exact = false
"""
HEADINGS = ("texte", "titre", "telephone", "courriel", "nom", "compte", "commune", "date", "site", "page")


def on(day: date | str, patch: pytest.MonkeyPatch) -> None:
    """The commands of the census run on that day."""
    now = datetime.combine(date.fromisoformat(str(day)), time(9), UTC)
    patch.setattr(clock, "now", lambda: now)


def manifest(text: str = MANIFEST) -> Manifest:
    return parse(text.encode(), "manifeste.toml", TODAY)


def ad(**cells: str) -> dict[str, str]:
    """One row of a collection: a neutral ad unless said otherwise."""
    plain = {"texte": "bouquets de saison, livraison le jeudi", "commune": "Arras", "date": "2026-03-12", "site": "S1"}
    return {name: "" for name in HEADINGS} | plain | cells


def csv_of(path: Path, ads: Iterable[Mapping[str, str]], *, encoding: str = "utf-8", delimiter: str = ";") -> Path:
    rows = list(ads)
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def jsonl_of(path: Path, ads: Iterable[Mapping[str, object]]) -> Path:
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in ads), encoding="utf-8")
    return path


def xlsx_of(path: Path, rows: Sequence[Sequence[object]], *, merged: Sequence[str] = ()) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    for reference in merged:
        book.active.merge_cells(reference)
    book.save(path)
    return path


def ods_of(path: Path, rows: Sequence[Sequence[str]], *, wide: Mapping[tuple[int, int], int] | None = None) -> Path:
    """`wide`: (row, column) from 1 → over how many columns that cell is merged."""
    book = OpenDocumentSpreadsheet()
    table = Table(name="Annonces")
    for number, row in enumerate(rows, start=1):
        line = TableRow()
        for rank, text in enumerate(row, start=1):
            span = (wide or {}).get((number, rank), 1)
            cell = TableCell(valuetype="string", **({"numbercolumnsspanned": span} if span > 1 else {}))
            cell.addElement(P(text=text))
            line.addElement(cell)
            for _ in range(span - 1):
                line.addElement(CoveredTableCell())
        table.addElement(line)
    book.spreadsheet.addElement(table)
    book.save(path)
    return path


def received(folder: Path, ads: Iterable[Mapping[str, str]], text: str = MANIFEST) -> Arrivals:
    return receive([read_rows(csv_of(folder / "annonces.csv", ads))], manifest(text), gazetteer())


def each_alone(ads: Ads, *, key: Key) -> Clusters:
    """A clusterer that finds nobody twice."""
    return Clusters(author=np.arange(len(ads)), person=np.arange(len(ads)))

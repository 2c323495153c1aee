"""Small deliveries drawn as tables, and the files an institution would make of them."""

from __future__ import annotations

import copy
import re
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from egide.sources.check import DeliveryReport, check_delivery
from egide.sources.raw import RawDelivery, RawSheet
from egide.sources.schema import SourceSchema, parse_schema

RECEIVED_ON = date(2026, 4, 2)
HEADING = "indicateur | periode | territoire | sexe | valeur | basse | haute | secret | statut | note"
GOOD = f"""
    {HEADING}
    Parcours en cours | 2025-12-31 | France (hors COM) |        | 921 | | | | définitif |
    Parcours en cours | 2025-12-31 | France (hors COM) | Femmes | 893 | | | | définitif |
    Parcours en cours | 2025-12-31 | France (hors COM) | Hommes |  28 | | | | définitif |
    Part des femmes   | 2025       | Paris             |        | 97.5 | | | | provisoire | sur les cas connus
"""

_MEASURES = {
    "psp_current": {"label": "Parcours en cours", "unit": "count", "kind": "stock", "counts": "personnes"},
    "share_women": {"label": "Part des femmes", "unit": "percent", "kind": "level"},
    "growth": {"label": "Évolution", "unit": "percent", "kind": "level", "signed": True},
}
_LABELS = {"Parcours en cours": "psp_current", "Part des femmes": "share_women", "Évolution": "growth"}


def _column(name: str, role: str, *, type: str = "string", codes: Any = None, **more: Any) -> dict[str, Any]:
    ours = {"role": role, **({"codes": codes} if codes else {}), **more.pop("egide", {})}
    return {"name": name, "type": type, "egide": ours, **more}


_REQUIRED = {"constraints": {"required": True}}
_SHEET = {
    "name": "Parcours",
    "title": "Parcours de sortie",
    "schema": {
        "fields": [
            _column("indicateur", "measure", codes=_LABELS, **_REQUIRED),
            _column("periode", "period", **_REQUIRED),
            _column(
                "territoire", "territory", codes={"France (hors COM)": "FR_HORS_COM", "Paris": "DEP-75"}, **_REQUIRED
            ),
            _column("sexe", "dim", codes={"Femmes": "F", "Hommes": "M"}, egide={"dim": "sex"}),
            _column("valeur", "value", type="number"),
            _column("basse", "low", type="number"),
            _column("haute", "high", type="number"),
            _column("secret", "secret", constraints={"enum": ["<5", "nc"]}),
            _column("statut", "status", codes={"définitif": "A", "provisoire": "P"}, **_REQUIRED),
            _column("note", "note"),
        ],
        "primaryKey": ["indicateur", "periode", "territoire", "sexe"],
        "missingValues": [""],
    },
    "totals": [
        {
            "total": {"measure": "psp_current", "dims": {}},
            "parts": [
                {"measure": "psp_current", "dims": {"sex": "F"}},
                {"measure": "psp_current", "dims": {"sex": "M"}},
            ],
        }
    ],
}


def mapping(file_format: str = "xlsx", *, encoding: str = "utf-8", delimiter: str = ",") -> dict[str, Any]:
    """The JSON of a schema that a test may spoil: each call gives a new one."""
    sheet = copy.deepcopy(_SHEET)
    whole: dict[str, Any] = {
        "source": "sdfe",
        "title": "Service des droits des femmes",
        "description": "Les parcours de sortie en cours.",
        "format": file_format,
        "measures": copy.deepcopy(_MEASURES),
        "sheets": [sheet],
    }
    if file_format == "csv":
        sheet["name"] = ""
        whole["csv"] = {"encoding": encoding, "delimiter": delimiter}
        if delimiter == ";":
            for column in sheet["schema"]["fields"]:  # type: ignore[index]
                column |= {"decimalChar": ","} if column["type"] == "number" else {}
    return whole


def schema(file_format: str = "xlsx", **csv: str) -> SourceSchema:
    return parse_schema(mapping(file_format, **csv))


def drawn(table: str) -> list[list[str]]:
    """Rows of cells between bars; spaces around a cell are not part of it, `·` stands for one that is."""
    lines = [line for line in table.splitlines() if line.strip()]
    return [[cell.strip().replace("·", " ") for cell in line.split("|")] for line in lines]


def judged(table: str, *, known_on: date = RECEIVED_ON, spoiled: dict[str, Any] | None = None) -> DeliveryReport:
    """The verdict on one sheet, without a file between. `spoiled` is a schema other than the usual one."""
    sheet = RawSheet(name="Parcours", rows=tuple(map(tuple, drawn(table))))
    raw = RawDelivery(file_name="sdfe.xlsx", sha256="0" * 64, sheets=(sheet,))
    return check_delivery(raw, parse_schema(spoiled or mapping()), known_on)


def rows(lines: str, heading: str = HEADING) -> str:
    """A drawn table of these lines under the usual heading."""
    return f"{heading}\n{lines}"


def found(report: DeliveryReport) -> list[tuple[int | None, str, str]]:
    """(row, column, rule) of each defect."""
    return [(defect.row, defect.column, defect.rule) for defect in report.defects]


_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _stored(cell: str) -> Any:
    if _NUMBER.fullmatch(cell):
        return float(cell) if "." in cell else int(cell)
    return date.fromisoformat(cell) if _DAY.fullmatch(cell) else (cell or None)


def workbook(sheets: dict[str, str]) -> openpyxl.Workbook:
    """A workbook whose numbers and days are stored as such, the way a person would type them."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, table in sheets.items():
        sheet = book.create_sheet(name)
        for row in drawn(table):
            sheet.append([_stored(cell) for cell in row])
    return book


def xlsx(folder: Path, table: str = GOOD, name: str = "Parcours") -> Path:
    path = folder / "sdfe.xlsx"
    workbook({name: table}).save(path)
    return path


def ods(folder: Path, table: str = GOOD, name: str = "Parcours") -> Path:
    document = OpenDocumentSpreadsheet()
    sheet = Table(name=name)
    for row in drawn(table):
        line = TableRow()
        for cell in row:
            stored = _stored(cell)
            match stored:
                case int() | float():
                    made = TableCell(valuetype="float", value=str(stored))
                case date():
                    made = TableCell(valuetype="date", datevalue=stored.isoformat())
                case _:
                    made = TableCell(valuetype="string") if cell else TableCell()
            if cell:
                made.addElement(P(text=cell))
            line.addElement(made)
        sheet.addElement(line)
    document.spreadsheet.addElement(sheet)
    path = folder / "sdfe.ods"
    document.save(path)
    return path


def csv_text(table: str = GOOD, delimiter: str = ",") -> str:
    return "".join(delimiter.join(row) + "\r\n" for row in drawn(table))


def csv(folder: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path = folder / "sdfe.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path

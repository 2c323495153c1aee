"""A copy of an edition with N times its facts, figures, tables and prose, to see how a build grows.

What is copied, and how: copy k (from 1 to N - 1) says of every year Y what the edition says of it, but of the year
Y + 20 k. So every key stays unique, every schema accepts it, totals hold, and each growth, mean, worded claim and
figure of the copy is computed from facts of its own. The dates of receipt and of publication move by as much.
Not copied: `series.toml` and `consistency.toml` (a series has N times more periods, not another name).

    python benchmarks/support/scaled_edition.py editions/2026 a-new-folder 5
"""

from __future__ import annotations

import csv
import json
import re
import shutil
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from egide.sources.catalogue import load_schema

YEARS = 20  # the edition's facts run over eleven years: two copies never meet
PERIOD = "periode"  # the column of every delivery that says when

Rows = list[list[Any]]
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_BOUND = re.compile(r"\{\{.*?(?=\s:\s*[\"“«]|\}\})")  # the expression, without the words that claim it
_ANCHOR = re.compile(r"(\{#|\]\(#)([a-z0-9-]+)")
_PLACED = re.compile(r"^(::: (?:figure|table) )(\S+)", re.MULTILINE)
_NOTE = re.compile(r"\[\^([^\]]+)\]")
_ACCEPTED = "[accepted_leaks]\n"
_DAY = re.compile(r"^(published_on|known_on|received_on) = (\d{4})", re.MULTILINE)
_EXPRESSIONS = ("values", "periods", "base", "departments", "count")  # keys of figures.toml that name a period


def later(text: str, copy: int) -> str:
    """The same words of a later time."""
    return _YEAR.sub(lambda year: str(int(year[0]) + YEARS * copy), text)


def scale(edition: Path, folder: Path, times: int) -> None:
    """Write the copy into `folder`, which must not exist."""
    shutil.copytree(edition, folder)
    if times == 1:
        return
    settings = folder / "edition.toml"
    text = settings.read_text(encoding="utf-8")
    last = YEARS * (times - 1)
    told = tomllib.loads(text)
    moved = _DAY.sub(lambda day: f"{day[1]} = {int(day[2]) + last}", text)
    accepted = told.get("accepted_leaks", {}).items()
    copies = [f"{_toml(later(name, copy))} = {_toml(why)}\n" for copy in range(1, times) for name, why in accepted]
    settings.write_text(moved.replace(_ACCEPTED, _ACCEPTED + "".join(copies)), encoding="utf-8")
    for delivery in told["delivery"]:
        _scale_delivery(folder / "deliveries" / delivery["file"], delivery["source"], times)
    _scale_figures(folder / "figures.toml", times)
    for path in sorted((folder / "prose").glob("*.md")):
        words = path.read_text(encoding="utf-8")
        for copy in range(1, times):
            path.with_name(f"suite-{copy:02}-{path.name}").write_text(_prose(words, copy), encoding="utf-8")


def _scale_delivery(path: Path, source: str, times: int) -> None:
    if path.suffix == ".csv":
        schema = load_schema(source)
        with path.open(encoding=schema.encoding, newline="") as file:
            rows: Rows = list(csv.reader(file, delimiter=schema.delimiter))
        with path.open("w", encoding=schema.encoding, newline="") as file:
            csv.writer(file, delimiter=schema.delimiter).writerows(_scaled(rows, times))
        return
    book = CalamineWorkbook.from_path(path)
    sheets = {name: _scaled(book.get_sheet_by_name(name).to_python(), times) for name in book.sheet_names}
    (_write_xlsx if path.suffix == ".xlsx" else _write_ods)(path, sheets)


def _scaled(rows: Rows, times: int) -> Rows:
    """Whole copies one after the other; a sheet that says no period, such as the reading notes, stays as it is."""
    if not rows or PERIOD not in rows[0]:
        return rows
    place = rows[0].index(PERIOD)
    copies = [
        [later(cell, copy) if column == place else cell for column, cell in enumerate(row)]
        for copy in range(1, times)
        for row in rows[1:]
    ]
    return rows + copies


def _write_xlsx(path: Path, sheets: dict[str, Rows]) -> None:
    from openpyxl import Workbook  # type: ignore[import-untyped]

    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([None if cell == "" else cell for cell in row])
    book.save(path)


def _write_ods(path: Path, sheets: dict[str, Rows]) -> None:
    from odf.opendocument import OpenDocumentSpreadsheet  # type: ignore[import-untyped]
    from odf.table import Table, TableCell, TableRow  # type: ignore[import-untyped]
    from odf.text import P  # type: ignore[import-untyped]

    book = OpenDocumentSpreadsheet()
    for name, rows in sheets.items():
        table = Table(name=name)
        for row in rows:
            line = TableRow()
            for cell in row:
                if isinstance(cell, float):
                    written = TableCell(valuetype="float", value=repr(cell))
                    written.addElement(P(text=repr(cell)))
                else:
                    written = TableCell(valuetype="string") if cell else TableCell()
                    if cell:
                        written.addElement(P(text=str(cell)))
                line.addElement(written)
            table.addElement(line)
        book.spreadsheet.addElement(table)
    book.save(path)


def _scale_figures(path: Path, times: int) -> None:
    drawn = tomllib.loads(path.read_text(encoding="utf-8"))
    copied = {kind: [*_copies(drawn.get(kind, []), times)] for kind in ("figure", "table")}
    path.write_text("".join(f"{key} = {_toml(value)}\n" for key, value in {**drawn, **copied}.items()), "utf-8")


def _copies(specs: list[dict[str, Any]], times: int) -> Iterator[dict[str, Any]]:
    for copy in range(times):
        for spec in specs:
            moved: dict[str, Any] = _expressions(spec, copy)
            moved["id"] = _named(spec["id"], copy)
            if spec.get("number"):
                moved["number"] = spec["number"] + 1000 * copy
            yield moved


def _expressions(value: Any, copy: int, *, inside: bool = False) -> Any:
    """The same specification with the periods of its expressions moved, and its words untouched."""
    if isinstance(value, dict):
        return {key: _expressions(one, copy, inside=inside or key in _EXPRESSIONS) for key, one in value.items()}
    if isinstance(value, list):
        return [_expressions(one, copy, inside=inside) for one in value]
    if not inside or isinstance(value, bool):
        return value
    moved = later(str(value), copy)
    return int(moved) if isinstance(value, int) else moved


def _toml(value: Any) -> str:
    """Inline TOML on one line: what JSON and TOML write alike, but for tables."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _prose(text: str, copy: int) -> str:
    renamed: list[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = [
        (_BOUND, lambda found: later(found[0], copy)),
        (_ANCHOR, lambda found: found[1] + _named(found[2], copy)),
        (_PLACED, lambda found: found[1] + _named(found[2], copy)),
        (_NOTE, lambda found: f"[^{_named(found[1], copy)}]"),
    ]
    for pattern, rename in renamed:
        text = pattern.sub(rename, text)
    return text


def _named(name: str, copy: int) -> str:
    return f"{name}-suite{copy}" if copy else name


if __name__ == "__main__":
    scale(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))

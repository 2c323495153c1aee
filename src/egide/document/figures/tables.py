"""Tables of bound numbers, and the file that goes with each. Pure.

A cell reads as its release says: a number, `< 5`, `nc`, `0`; `–` where the sentence does not exist for the offence;
`non transmis` where no delivery knows it. The legend explains only what occurs.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from io import StringIO

from egide.disclosure.cells import BelowThreshold, Bounded, Cell, Shown
from egide.document.figures.credits import scope_line, source_line
from egide.document.figures.data import (
    NOT_SENT,
    STATUS_MARKS,
    STATUS_WORDS,
    Frame,
    Point,
    hidden_notes,
)
from egide.document.figures.labels import plain, runs
from egide.document.figures.specs import DASH, FigureSpec, Kind, TableSpec
from egide.document.model import Align, Declared, Number, Runs, Table, TableCell, Text
from egide.document.trace import STATUS_LABELS
from egide.document.typography import NBSP, Style, cell_text, places_of
from egide.facts.model import Status, Unit
from egide.facts.values import Value, rounded
from egide.reference.territories import territory_name

DASH_SIGN = "–"
NO_SUCH_POINT = "sans objet"
_UNITS = {
    Unit.PERCENT: " (%)",
    Unit.POINTS: " (points)",
    Unit.YEARS: " (ans)",
    Unit.MONTHS: " (mois)",
    Unit.DAYS: " (jours)",
    Unit.EUR: " (€)",
    Unit.MILLION_EUR: " (millions d’euros)",
}


def build_table(spec: TableSpec, cells: Mapping[str, Cell | None], *, institutions: Mapping[str, str]) -> Table:
    """The table with its cells. An expression that has no cell reads « non transmis ».

    Raises: EditionRefused for a source without a name. Source, scope and notes end the legend: a table that
    stands alone in the text carries them itself.
    """
    held = _cells(spec, cells)
    legend = (
        *legend_of(spec, cells),
        source_line(f"figures.toml, {spec.id}", held, institutions, spec.source),
        scope_line(held, spec.scope),
    )
    return Table(
        id=spec.id, caption=runs(spec.title), rows=rows_of(spec, cells), legend=tuple(line for line in legend if line)
    )


def rows_of(spec: TableSpec, cells: Mapping[str, Cell | None]) -> tuple[tuple[TableCell, ...], ...]:
    mixed = _mixed(_cells(spec, cells))
    heading = _heading(runs(spec.corner), [runs(one) for one in spec.columns])
    body = tuple(
        (
            TableCell(runs=runs(row.label), header=True, indent=row.indent),
            *(TableCell(runs=_value(one, cells, mixed=mixed), align=Align.RIGHT) for one in row.expressions),
        )
        for row in spec.rows
    )
    return (heading, *body)


def legend_of(spec: TableSpec, cells: Mapping[str, Cell | None]) -> tuple[str, ...]:
    """What its signs mean, when they occur, then the notes of its author."""
    held = _cells(spec, cells)
    asked = [one for row in spec.rows for one in row.expressions]
    missing = any(one not in ("", DASH) and cells.get(one) is None for one in asked)
    lines = [*_status_legend(held), *hidden_notes(held)]
    if DASH in asked:
        lines.append(f"{DASH_SIGN}{NBSP}: peine qui n’est pas encourue pour cette infraction.")
    if missing and spec.missing:
        lines.append(plain(spec.missing))
    return (*lines, *map(plain, spec.notes))


def data_table(spec: FigureSpec, frame: Frame, cells: Mapping[str, Cell | None]) -> Table:
    """Every value of a chart: periods or categories by series. A figure without any point keeps a row that says so."""
    mixed = _mixed(frame.cells())
    caption: Runs = (Text(f"Données de la figure{NBSP}: "), *runs(spec.title))
    corner: Runs = (
        Text("Période" if frame.dated else "Territoire" if spec.kind in (Kind.MAP, Kind.ZONES) else "Catégorie"),
    )
    if spec.kind is Kind.FLOW or not frame.known():
        rows = (
            _heading(corner, [(Text("Valeur"),)]),
            (
                TableCell(runs=(Text("Ensemble"),), header=True),
                TableCell(runs=(Text("sans donnée chiffrée" if spec.kind is Kind.FLOW else NOT_SENT),)),
            ),
        )
        return Table(id=f"{spec.id}-donnees", caption=caption, rows=rows)
    body = [
        (
            TableCell(runs=_name(spec, frame, position), header=True),
            *(_point(row.points[position], mixed=mixed, signed=spec.kind is Kind.INDEX) for row in frame.rows),
        )
        for position in range(len(frame.positions))
    ]
    for one in spec.classes:
        if one.count:
            name: Runs = (Text(f"Nombre de départements{NBSP}: "), *runs(one.label))
            body.append(
                (
                    TableCell(runs=name, header=True),
                    TableCell(runs=_value(one.count, cells, mixed=mixed), align=Align.RIGHT),
                )
            )
    heading = _heading(corner, [_series_name(series.label, series.panel, spec.base) for series in spec.series])
    return Table(
        id=f"{spec.id}-donnees",
        caption=caption,
        rows=(heading, *body),
        legend=(*(_status_legend(frame.cells()) if mixed else ()), *hidden_notes(frame.cells())),
    )


def csv_of(table: Table) -> str:
    """The table as a file: commas, quotation marks where needed, lines ended by a line feed, UTF-8.

    Numbers are plain, with a decimal point, and rounded as printed: a file never says more than the page. A range
    reads `300..301` or `501..`; hidden cells keep their label (`<5`, `nc`); `non transmis` stays in words. A column
    whose values are not all definitive is followed by one that gives each status.
    """
    heading, *body = table.rows
    columns = list(zip(*body, strict=True))
    fields: list[list[str]] = []
    for rank, (name, column) in enumerate(zip(heading, columns, strict=True)):
        held = [_number(cell) for cell in column]
        units = {number.cell.measure.unit for number in held if number}
        unit = _UNITS.get(next(iter(units)), "") if len(units) == 1 and rank else ""
        fields.append([_plain(name.runs) + unit, *(_field(cell) for cell in column)])
        if any(number and number.cell.status is not Status.NORMAL for number in held):
            statuses = [STATUS_LABELS[number.cell.status] if number else "" for number in held]
            fields.append([f"{_plain(name.runs)} (statut)", *statuses])
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerows(zip(*fields, strict=True))
    return out.getvalue()


def with_precaution(text: str, precaution: str) -> str:
    """A figure's file with one more column, the same words in each row: a table copied elsewhere keeps them."""
    heading, *rows = csv.reader(StringIO(text))
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerows([[*heading, "precaution"], *([*row, precaution] for row in rows)])
    return out.getvalue()


def _heading(corner: Runs, names: Iterable[Runs]) -> tuple[TableCell, ...]:
    return (
        TableCell(runs=corner, header=True),
        *(TableCell(runs=name, header=True, align=Align.RIGHT) for name in names),
    )


def _name(spec: FigureSpec, frame: Frame, position: int) -> Runs:
    if spec.kind is Kind.MAP:
        return (Text(territory_name(frame.positions[position])),)
    return (Declared(frame.full(position)),) if frame.dated else runs(frame.positions[position])


def _series_name(label: str, panel: str, base: str) -> Runs:
    if base:
        return (*runs(label), Text(", évolution depuis "), Declared(base))
    return runs(label) if not panel or panel == label else (*runs(panel), Text(f"{NBSP}: "), *runs(label))


def _cells(spec: TableSpec, cells: Mapping[str, Cell | None]) -> tuple[Cell, ...]:
    return tuple(cell for one in spec.expressions() if (cell := cells.get(one)) is not None)


def _mixed(cells: Sequence[Cell]) -> bool:
    return len({cell.status for cell in cells}) > 1


def _value(expression: str, cells: Mapping[str, Cell | None], *, mixed: bool) -> Runs:
    if expression == DASH:
        return (Text(DASH_SIGN),)
    if not expression:
        return (Text(NO_SUCH_POINT),)
    return _printed(cells.get(expression), mixed=mixed)


def _point(point: Point, *, mixed: bool, signed: bool) -> TableCell:
    told: Runs = _printed(point.cell, mixed=mixed, signed=signed) if point.expression else (Text(NO_SUCH_POINT),)
    return TableCell(runs=told, align=Align.RIGHT)


def _printed(cell: Cell | None, *, mixed: bool, signed: bool = False) -> Runs:
    if cell is None:
        return (Text(NOT_SENT),)
    number = Number(cell=cell, text=cell_text(cell, style=Style.SIGNED if signed else Style.USUAL))
    mark = STATUS_MARKS[cell.status]
    return (number, Text(f"{NBSP}({mark})")) if mixed and mark else (number,)


def _status_legend(cells: Sequence[Cell]) -> list[str]:
    statuses = {cell.status for cell in cells}
    if statuses == {Status.NORMAL}:
        return []
    if len(statuses) == 1:
        return [f"Toutes les données sont {STATUS_WORDS[status][1]}." for status in statuses]
    return [
        f"({STATUS_MARKS[status]}){NBSP}: donnée {words[0]}."
        for status, words in STATUS_WORDS.items()
        if status in statuses
    ]


def _number(cell: TableCell) -> Number | None:
    return next((run for run in cell.runs if isinstance(run, Number)), None)


def _plain(held: Runs) -> str:
    return "".join(run.text for run in held if isinstance(run, Text | Declared | Number))


def _field(cell: TableCell) -> str:
    number = _number(cell)
    if number is None:
        return _plain(cell.runs)
    match number.cell.content:
        case Shown(value):
            return _range(value, number.cell.measure.unit)
        case BelowThreshold(limit):
            return f"<{limit}"
        case Bounded():
            return re.sub(r"\s", "", number.text)
        case _:
            return "nc"


def _range(value: Value, unit: Unit) -> str:
    low, high = (None if bound is None else _decimal(bound, unit) for bound in (value.low, value.high))
    return low if low is not None and low == high else f"{low or ''}..{high or ''}"


def _decimal(number: Fraction, unit: Unit) -> str:
    places = places_of(unit, number)
    text = f"{float(rounded(number, places)):.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text and unit is not Unit.EUR else text

"""What an audit found, in French: lines for a terminal, a page, rows for a program."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from egide.disclosure.attack.pencil import interval
from egide.disclosure.printed.publication import HiddenCell, PublicationReport
from egide.errors import Refused
from egide.indicators.words import listed, quoted
from egide.sources.messages import counted

NBSP = "\u00a0"


def rows(report: PublicationReport) -> list[dict[str, Any]]:
    """One object per hidden cell. `low` or `high` null: no bound. `values` null: not listed one by one."""
    return [
        {
            "table": cell.place.table,
            "row": cell.place.row,
            "column": cell.place.column,
            "label": cell.label,
            "low": cell.low,
            "high": cell.high,
            "leak": cell.leak,
            "narrowed": cell.narrowed,
            "proven": cell.proven,
            "how": cell.how,
            "values": None if cell.values is None else list(cell.values),
            "reasons": list(cell.reasons),
        }
        for cell in report.cells
    ]


def refused_rows(refusal: Refused) -> dict[str, list[dict[str, str]]]:
    """Why there is no list: an object, so that no program takes it for one without hidden cells."""
    return {
        "refused": [
            {"place": one.place, "expected": one.expected, "got": one.got, "way_out": one.way_out}
            for one in refusal.defects
        ]
    }


def lines(report: PublicationReport) -> Iterator[str]:
    """Leaks first, each with its arithmetic; then what is narrowed; then a count of what holds."""
    for cell in report.leaks:
        yield f"fuite     {cell.place}{NBSP}: {quoted(cell.label)} vaut {left(cell)}"
        yield from (f"            {reason}" for reason in cell.reasons)
        if not cell.proven:
            yield "            Les limites de calcul ont arrêté la preuve : la cellule est comptée comme une fuite."
    for cell in report.narrowed:
        yield f"resserrée {cell.place}{NBSP}: {quoted(cell.label)} vaut {left(cell)}"
    yield summary(report)
    yield from notes(report)


def left(cell: HiddenCell) -> str:
    """What remains possible: `1 à 3`, `1 ou 4`, `au moins 5`."""
    if cell.values is None or cell.low is None or cell.high is None or len(cell.values) == cell.high - cell.low + 1:
        return interval(cell.low, cell.high)
    *others, last = map(str, cell.values)
    return f"{', '.join(others)} ou {last}" if others else last


def summary(report: PublicationReport) -> str:
    hold = len(report.cells) - len(report.leaks) - len(report.narrowed)
    found = (
        counted(len(report.leaks), "fuite"),
        counted(len(report.narrowed), "cellule resserrée sans fuite", "cellules resserrées sans fuite"),
        counted(hold, "intacte"),
    )
    read = counted(report.tables, "tableau", "tableaux")
    hidden = counted(len(report.cells), "cellule masquée", "cellules masquées")
    return f"{read}, {hidden}{NBSP}: {', '.join(found)}."


def notes(report: PublicationReport) -> Iterator[str]:
    """What the audit could not use: silence would let a reader believe that it did."""
    if report.cells and not report.sums:
        yield "Aucun total ne porte sur une cellule masquée : déclarez-les dans audit.toml s’il y en a."
    if report.unexplained:
        fewer = counted(report.unexplained, "fuite est donnée", "fuites sont données")
        yield f"L’arithmétique des premières fuites seulement est écrite{NBSP}: {fewer} sans la leur."
    if report.aside:
        what = counted(report.aside, "ligne ou colonne", "lignes ou colonnes")
        yield f"Laissé de côté, car ce ne sont pas des effectifs{NBSP}: {what} de pourcentages ou de moyennes."
    if report.claims_unread:
        yield f"Affirmations sur des cellules masquées dont rien n’a été tiré{NBSP}: {listed(report.claims_unread)}."


@cache
def template(name: str) -> Any:
    """A page of `cli/templates`, where what is put in cannot be taken for markup."""
    loader = PackageLoader("egide.cli", "templates")
    pages = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return pages.get_template(name)


def page(report: PublicationReport, title: str, level: str) -> str:
    """A page of its own: no script, no address, readable with a screen reader and in black and white."""
    text = template("audit.html.jinja").render(
        report=report,
        title=title,
        level={"full": "entier", "ambiguous": "ambigu"}[level],
        summary=summary(report),
        notes=list(notes(report)),
        left=left,
        tables=list(dict.fromkeys(cell.place.table for cell in report.cells)),
    )
    return str(text)

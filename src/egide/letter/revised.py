"""The section that lists what was revised since last known. Nobody writes it: it follows from the vintages. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from egide.disclosure.cells import Cell
from egide.document.model import Align, Declared, Number, Paragraph, Section, Table, TableCell, Text
from egide.letter.checks import Revision, revisions
from egide.reference.periods import Period

_HEADINGS = ("Ce qui est compté", "Période", "Connu le", "Valeur d’alors", "Valeur d’aujourd’hui")


def revised_section(cells: Iterable[Cell]) -> tuple[Section, ...]:
    """One section with its table, or nothing when no printed number was revised."""
    found = revisions(cells)
    if not found:
        return ()
    caption = (Text("Valeurs révisées depuis leur dernière connaissance"),)
    heading = tuple(TableCell(runs=(Text(name),), header=True) for name in _HEADINGS)
    table = Table(id="revisions-table", caption=caption, rows=(heading, *(_row(one) for one in found)))
    words = "Une valeur provisoire est suivie, jamais remplacée en silence : voici celles qui ont changé."
    return (
        Section(
            id="revisions", level=1, title=(Text("Ce qui a été révisé"),), blocks=(Paragraph((Text(words),)), table)
        ),
    )


def _row(revision: Revision) -> tuple[TableCell, ...]:
    cell = revision.cell
    known_on = Period.parse(revision.before.known_on).french()
    return (
        TableCell(runs=(Declared(cell.label),), header=True),
        TableCell(runs=(Declared(Period.parse(cell.period).french()),)),
        TableCell(runs=(Declared(known_on),)),
        TableCell(runs=(Declared(revision.was),), align=Align.RIGHT),
        TableCell(runs=(Number(cell=cell, text=revision.now),), align=Align.RIGHT),
    )

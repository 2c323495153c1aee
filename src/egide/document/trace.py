"""Each number's way, read backwards: what it is, where it was read or how it was computed, what it was before.

Pure: it reads cells and gives entries; `trace.json` and the panel on the page show the same entries.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from attrs import frozen

from egide.disclosure.cells import Cell
from egide.document.typography import cell_text, content_text
from egide.facts.model import Status
from egide.reference.periods import Period
from egide.reference.territories import territory_name

STATUS_LABELS = {
    Status.NORMAL: "définitif",
    Status.PROVISIONAL: "provisoire",
    Status.SEMI_DEFINITIVE: "semi-définitif",
    Status.ESTIMATED: "estimé",
}


@frozen(kw_only=True)
class Step:
    """One line of a journey: a heading and its words."""

    name: str
    text: str


@frozen(kw_only=True)
class Operand:
    anchor: str
    label: str
    shown: str


@frozen(kw_only=True)
class TraceEntry:
    """A cell's journey in a reader's words."""

    anchor: str  # for a page: "n-" and ten characters that stay the same from build to build
    id: str
    label: str
    shown: str
    status: str
    steps: tuple[Step, ...]
    operands: tuple[Operand, ...]
    vintages: tuple[Step, ...]  # day -> what was shown then


def anchor(cell_id: str) -> str:
    return "n-" + hashlib.sha256(cell_id.encode()).hexdigest()[:10]


def entries(cells: Iterable[Cell]) -> tuple[TraceEntry, ...]:
    """One entry a cell, in the order of the cells, each once."""
    known = {cell.id: cell for cell in cells}
    return tuple(_entry(cell, known) for cell in known.values())


def _entry(cell: Cell, known: dict[str, Cell]) -> TraceEntry:
    operands = [known[identifier] for identifier in cell.journey.operands if identifier in known]
    return TraceEntry(
        anchor=anchor(cell.id),
        id=cell.id,
        label=cell.label,
        shown=cell_text(cell),
        status=STATUS_LABELS[cell.status],
        steps=tuple(_steps(cell)),
        operands=tuple(Operand(anchor=anchor(one.id), label=one.label, shown=cell_text(one)) for one in operands),
        vintages=tuple(
            Step(
                name=vintage.known_on,
                text=f"{content_text(vintage.content, cell.measure.unit)} ({STATUS_LABELS[vintage.status]})",
            )
            for vintage in cell.journey.vintages
        ),
    )


def _steps(cell: Cell) -> Iterable[Step]:
    journey = cell.journey
    yield Step(name="Champ", text=territory_name(cell.territory))
    yield Step(name="Période", text=Period.parse(cell.period).french())
    if journey.formula:
        yield Step(name="Calcul", text=journey.formula)
    if journey.method:
        yield Step(name="Méthode", text=journey.method)
    if origin := journey.origin:
        where = f"feuille {origin.sheet}, ligne {origin.row}" if origin.sheet else f"ligne {origin.row}"
        yield Step(name="Livraison", text=f"{origin.delivery}, {where}, colonne {origin.column}")
        # The store keeps the file's SHA-256. Published, it would tell whoever guesses a hidden cell of a small file.
    if journey.note:
        yield Step(name="Note", text=journey.note)

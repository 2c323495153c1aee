"""A publication drawn in a test: its tables as printed, its declared totals, its claims."""

from __future__ import annotations

from collections.abc import Iterable

from egide.disclosure.attack.findings import FULL, Level
from egide.disclosure.printed.publication import HiddenCell, Publication, PublicationReport, audit_publication
from egide.disclosure.printed.reading import read_table
from egide.disclosure.printed.tables import Place, Table
from egide.disclosure.printed.totals import DeclaredSum, DeclaredTotal
from egide.errors import DeliveryRefused


def table(drawing: str, name: str = "t") -> Table:
    """Cells between bars, the headings first. Raises DeliveryRefused with the defects of the drawing."""
    lines = [[cell.strip() for cell in line.split("|")] for line in drawing.strip().splitlines()]
    read, defects = read_table(name, lines)
    if read is None:
        raise DeliveryRefused(defects)
    return read


def claim(formula: str, displayed: str, rounding: str, agrees: str = "") -> dict[str, str]:
    return {"claim_id": "a1", "formula": formula, "displayed": displayed, "rounding": rounding, "agrees": agrees}


class Audited:
    """What the attacker found; `audited["row", "column"]` is one hidden cell of the first table."""

    def __init__(
        self,
        *drawings: str,
        level: Level = FULL,
        declared: Iterable[DeclaredTotal] = (),
        declared_sums: Iterable[DeclaredSum] = (),
        same: Iterable[tuple[Place, Place]] = (),
        claims: Iterable[dict[str, str]] = (),
    ) -> None:
        tables = tuple(table(drawing, f"t{rank}") for rank, drawing in enumerate(drawings, 1))
        publication = Publication(
            tables=tables,
            declared=tuple(declared),
            declared_sums=tuple(declared_sums),
            same=tuple(same),
            claims=tuple(claims),
        )
        self.report: PublicationReport = audit_publication(publication, level)
        self._cells = {cell.place: cell for cell in self.report.cells}

    def cell(self, row: str, column: str, name: str = "t1") -> HiddenCell:
        return self._cells[Place(table=name, row=row, column=column)]

    def __getitem__(self, where: tuple[str, str]) -> tuple[int | None, int | None]:
        cell = self.cell(*where)
        return cell.low, cell.high

    @property
    def leaks(self) -> set[tuple[str, str]]:
        return {(cell.place.row, cell.place.column) for cell in self.report.leaks}


def refusal(*drawings: str, **settings: object) -> str:
    """The words a publication is refused with; empty when it is not."""
    try:
        Audited(*drawings, **settings)  # type: ignore[arg-type]
    except DeliveryRefused as refused:
        return str(refused).replace("\u00a0", " ").replace("\u202f", " ")
    return ""

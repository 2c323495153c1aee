"""A table of text cells with their coordinates: what a file of answers or of ads holds before anyone believes it."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen


def unshown(cell: str) -> str:
    """How a message tells what came without quoting it: a cell in the wrong place may hold a name or a number."""
    if not cell:
        return "rien"
    return f"un texte de {len(cell)} caractère{'s' if len(cell) > 1 else ''}"


@frozen(kw_only=True, repr=False)
class Row:
    """One row. `number` is what a spreadsheet shows beside it, the header being row 1."""

    number: int
    cells: Mapping[str, str]  # column -> text as typed, blanks trimmed; an empty cell is ""


@frozen(kw_only=True, repr=False)
class Table:
    """One sheet or one file. Not printable by accident: its cells may hold what must never reach a log."""

    file_name: str
    sheet: str  # "" when the format has none
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def place(self, row: Row | None = None, column: str | None = None) -> str:
        """Where something is, for a message: "annonces.xlsx, feuille Site, ligne 41, colonne texte"."""
        parts = [self.file_name]
        if self.sheet:
            parts.append(f"feuille {self.sheet}")
        if row is not None:
            parts.append(f"ligne {row.number}")
        if column is not None:
            parts.append(f"colonne {column}")
        return ", ".join(parts)

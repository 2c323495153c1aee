"""A delivery as it came: cells of text with their coordinates, before anything is understood."""

from __future__ import annotations

from attrs import frozen

Row = tuple[str, ...]


@frozen(kw_only=True)
class RawSheet:
    """One sheet. `rows[0]` is the heading; `rows[i]` is row `i + 1` of the spreadsheet.

    A number reads as it would be typed without its format: `12`, `12.5`; a day reads `2025-12-31`; an empty
    cell reads `""`. Rows of a CSV are as long as written, rows of a spreadsheet are padded with empty cells.
    """

    name: str  # empty for a CSV
    rows: tuple[Row, ...]
    uncomputed: frozenset[tuple[int, int]] = frozenset()
    # (row, column) from 1, of formulas saved without their result: their text is empty


@frozen(kw_only=True)
class RawDelivery:
    """One file."""

    file_name: str
    sha256: str  # of its bytes
    sheets: tuple[RawSheet, ...]  # in file order; rows only for those a schema knows

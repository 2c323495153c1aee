"""The data as CSV: UTF-8, comma, one heading line, one line a number."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from egide.document.dataset import Dataset, text


def csv_bytes(dataset: Dataset) -> bytes:
    """Headings are the names of the columns; numbers have a decimal point, days are 2025-12-31."""
    rows = ([text(row, column) for column in dataset.columns] for row in dataset.rows)
    return table_bytes([column.name for column in dataset.columns], rows)


def table_bytes(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV with quotes only where they are needed and lines that end alike on every machine."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows(rows)
    return out.getvalue().encode()

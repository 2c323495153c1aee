"""What the observatory receives: the released cells as a file that `egide check registre` accepts. Pure: text out.

The same cells give the same bytes. Source: docs/methods/registry-statistics.md.
"""

from __future__ import annotations

import csv
from io import StringIO

from egide.disclosure.cells import BelowThreshold, Cell, NotCommunicated
from egide.facts.model import FactKey, Secret
from egide.sources.schema import FieldSpec, Role, SourceSchema
from egide_registry.statistics.release import Released


def file_name(released: Released) -> str:
    """The year and the day in clear: two releases never have one name."""
    return f"registre-{released.version.year}-{released.version.day.isoformat()}.csv"


def delivery(released: Released, schema: SourceSchema) -> bytes:
    """One row a released cell, hidden ones under their label, in the order of the schema's own lists.

    Raises: TypeError for anything but a release: no other number may leave.
    """
    if not isinstance(released, Released):
        raise TypeError(f"only a release is delivered, got {type(released).__name__}")
    (sheet,) = schema.sheets
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=schema.delimiter, lineterminator="\r\n")
    writer.writerow([spec.name for spec in sheet.fields])
    rows = [[_text(spec, key, cell) for spec in sheet.fields] for key, cell in released.cells.items()]
    rows.sort(key=lambda row: [_rank(spec, text) for spec, text in zip(sheet.fields, row, strict=True)])
    writer.writerows(rows)
    return text.getvalue().encode(schema.encoding)


def _text(spec: FieldSpec, key: FactKey, cell: Cell) -> str:
    match spec.role:
        case Role.MEASURE:
            return _label(spec, key.measure)
        case Role.TERRITORY:
            return _label(spec, key.territory)
        case Role.DIM:
            code = key.dim(spec.dim)
            return "" if code is None else _label(spec, code)
        case Role.PERIOD:
            return key.period
        case Role.VALUE:
            return str(cell.number) if cell.is_shown else ""
        case Role.SECRET:
            return _secret(cell)
        case Role.STATUS:
            return _label(spec, cell.status)
        case _:
            return ""


def _label(spec: FieldSpec, code: str) -> str:
    return next(label for label, known in spec.codes.items() if known == code)


def _secret(cell: Cell) -> str:
    match cell.content:
        case BelowThreshold():
            return Secret.BELOW_FIVE
        case NotCommunicated():
            return Secret.NOT_COMMUNICATED
        case _:
            return Secret.NONE


def _rank(spec: FieldSpec, text: str) -> tuple[int, str]:
    """The whole, which has no code, before its parts; these as the schema lists them."""
    return spec.labels.index(text) + 1 if text in spec.labels else 0, text

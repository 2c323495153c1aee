"""The publication's record, `trace.json`: each released number with its journey and the sentences that say it. Pure."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from attrs import asdict

from egide.disclosure.cells import Cell
from egide.disclosure.release import Release
from egide.document.model import Document
from egide.document.trace import TraceEntry, entries
from egide.document.uses import Use, uses

FORMAT = "egide-trace-1"


def record(document: Document, release: Release) -> dict[str, Any]:
    """Every released cell, printed or not, as plain data. Holds no hidden value."""
    released = tuple(release.by_id.values())
    expressions: dict[str, list[str]] = defaultdict(list)
    for expression, cell in release.by_expression.items():
        expressions[cell.id].append(expression)
    places: dict[str, list[Use]] = defaultdict(list)
    for use in uses(document):
        places[use.cell_id].append(use)
    return {
        "format": FORMAT,
        "title": document.title,
        "issue": document.issue,
        "published_on": document.published_on.isoformat(),
        "known_on": document.known_on.isoformat(),
        **({"precaution": document.precaution} if document.precaution else {}),
        "numbers": [
            _number(cell, entry, places[cell.id], expressions[cell.id])
            for cell, entry in zip(released, entries(released), strict=True)
        ],
    }


def _number(cell: Cell, entry: TraceEntry, places: list[Use], expressions: list[str]) -> dict[str, Any]:
    value = cell.value if cell.is_shown else None
    key = cell.journey.key
    return {
        "id": cell.id,
        "key": cell.id.rpartition("@")[0],
        "anchor": entry.anchor,
        "expressions": expressions,
        "label": entry.label,
        "shown": entry.shown,
        "low": None if value is None or value.low is None else str(value.low),
        "high": None if value is None or value.high is None else str(value.high),
        "unit": cell.measure.unit.value,
        "status": entry.status,
        "source": list(cell.sources),
        "territory": cell.territory,
        "period": cell.period,
        "dimensions": dict(key.dims) if key else {},
        "steps": [asdict(step) for step in entry.steps],
        "operands": list(cell.journey.operands),
        "vintages": [asdict(vintage) for vintage in entry.vintages],
        "said_in": [{"section": use.section, "title": use.title, "sentence": use.sentence} for use in places],
    }

"""A fact as a row of text, and back. Bounds are written as exact fractions (`1571/100`): a float would lie."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from egide.facts.model import Fact, FactKey, Kind, Measure, Origin, Secret, Status, Unit
from egide.facts.values import Bound, Value

FORMAT = "1"  # of the files; another number is another reader
KEY = ("source", "measure", "territory", "period", "dims")
DEFINITION = ("measure", "unit", "kind", "counts", "overlapping")


def key_record(key: FactKey) -> dict[str, str]:
    """The five columns that identify a key."""
    return {
        "source": key.source,
        "measure": key.measure,
        "territory": key.territory,
        "period": key.period,
        "dims": json.dumps(key.dims, ensure_ascii=False),
    }


def definition_record(measure: Measure) -> dict[str, str]:
    """What may not change under a measure's name. Its label may: it is only how it is called."""
    return {
        "measure": measure.code,
        "unit": measure.unit,
        "kind": measure.kind,
        "counts": measure.counts,
        "overlapping": json.dumps(measure.overlapping),
    }


def to_record(fact: Fact) -> dict[str, Any]:
    value = fact.value
    return {
        **key_record(fact.key),
        **definition_record(fact.measure),
        "known_on": fact.known_on,
        "stated": value is not None,
        "low": _text(value.low if value else None),
        "high": _text(value.high if value else None),
        "status": fact.status,
        "secret": fact.secret,
        "note": fact.note,
        "label": fact.measure.label,
        "delivery": fact.origin.delivery,
        "sha256": fact.origin.sha256,
        "sheet": fact.origin.sheet,
        "row": fact.origin.row,
        "column": fact.origin.column,
    }


def from_record(record: Mapping[str, Any]) -> Fact:
    """Raises KeyError, ValueError or TypeError when the row is not one `to_record` wrote."""
    return Fact(
        key=FactKey(
            source=record["source"],
            measure=record["measure"],
            territory=record["territory"],
            period=record["period"],
            dims=dict(json.loads(record["dims"])),
        ),
        measure=Measure(
            code=record["measure"],
            label=record["label"],
            unit=Unit(record["unit"]),
            kind=Kind(record["kind"]),
            counts=record["counts"],
            overlapping=json.loads(record["overlapping"]),
        ),
        value=Value(_bound(record["low"]), _bound(record["high"])) if record["stated"] else None,
        status=Status(record["status"]),
        secret=Secret(record["secret"]),
        known_on=record["known_on"],
        origin=Origin(
            delivery=record["delivery"],
            sha256=record["sha256"],
            sheet=record["sheet"],
            row=record["row"],
            column=record["column"],
        ),
        note=record["note"],
    )


def _text(bound: Bound) -> str | None:
    return None if bound is None else str(bound)


def _bound(text: str | None) -> Bound:
    return None if text is None else Fraction(text)

"""The gate all deliveries pass: cells of text in, facts out, or every defect at once.

Rules, each with its message in `messages`: the sheets and columns of the schema; in each row what the column and the
measure allow; across rows one statement per key, totals, ratios and scopes that hold.
Source: docs/how-to/envoyer-une-livraison.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice

from egide.facts.model import Fact
from egide.sources import sheet_messages
from egide.sources.codes import nearest
from egide.sources.headings import match_headings
from egide.sources.raw import RawDelivery, RawSheet
from egide.sources.report import DeliveryDefect, DeliveryReport
from egide.sources.rows import Found, Keyed, SheetReader
from egide.sources.schema import SourceSchema
from egide.sources.sums import Clash, duplicates, false_inclusions, false_ratios, false_totals

__all__ = ["MAX_DEFECTS", "DeliveryDefect", "DeliveryReport", "check_delivery"]

MAX_DEFECTS = 10_000  # listed; a hostile file could hold millions


def check_delivery(raw: RawDelivery, schema: SourceSchema, known_on: date) -> DeliveryReport:
    """Judge one delivery received on `known_on`.

    In:     cells of text, as `egide.sources.read` gives them.
    Out:    one fact per row, each with its origin; or the defects, sheet by sheet in row order. Never both.
    """
    found = [*_sheet_names(raw, schema)]
    facts: list[Fact] = []
    keys: list[Keyed] = []
    unlisted = 0
    for sheet in schema.sheets:
        present = [item for item in raw.sheets if item.name == sheet.name]
        if len(present) != 1:
            continue  # already reported
        headings = match_headings(present[0].rows[0] if present[0].rows else (), sheet)
        reader = SheetReader(raw=raw, schema=schema, sheet=sheet, headings=headings, known_on=known_on)
        complaints = _sheet(present[0], reader)
        found += islice(complaints, max(MAX_DEFECTS - len(found), 0))
        unlisted += sum(1 for _ in complaints)
        found += _clashes(false_totals(sheet.totals, reader.facts))
        facts += reader.facts
        keys += reader.keys
    found += _clashes(false_ratios(schema.ratios, facts))
    found += _clashes(false_inclusions(schema.inclusions, facts))
    found += (Found(sheet=item.sheet, row=item.row, complaint=complaint) for item, complaint in duplicates(keys))
    order = {sheet.name: place for place, sheet in enumerate(schema.sheets)}
    found.sort(key=lambda item: (order.get(item.sheet, len(order)), item.row or 0))
    return DeliveryReport(
        source=schema.source,
        file_name=raw.file_name,
        facts=() if found else tuple(facts),
        defects=tuple(_defect(item, raw.file_name) for item in found[:MAX_DEFECTS]),
        unlisted=unlisted + max(len(found) - MAX_DEFECTS, 0),
    )


def _sheet_names(raw: RawDelivery, schema: SourceSchema) -> Iterator[Found]:
    names = [sheet.name for sheet in raw.sheets]
    expected = [sheet.name for sheet in schema.sheets]
    unknown = [name for name in dict.fromkeys(names) if name not in (*expected, *schema.ignored_sheets)]
    for name in expected:
        if name not in names:
            yield Found(sheet=name, complaint=sheet_messages.absent_sheet(name, nearest(name, unknown)))
    for name in unknown:
        yield Found(sheet=name, complaint=sheet_messages.extra_sheet(expected))
    for name, times in Counter(names).items():
        if times > 1:
            yield Found(sheet=name, complaint=sheet_messages.double_sheet())


def _sheet(present: RawSheet, reader: SheetReader) -> Iterator[Found]:
    """The complaints of one sheet, its first row included."""
    name, headings = reader.sheet.name, reader.headings
    filled = [any(row) for row in present.rows]
    if not any(filled[:1]) or not (any(filled[1:]) or present.uncomputed):
        yield Found(sheet=name, complaint=sheet_messages.empty_sheet())
        return
    for column, complaint in headings.complaints:
        yield Found(sheet=name, row=1, column=column, complaint=complaint)
    if headings.found:
        yield from reader.read(present)


def _clashes(clashes: Iterable[Clash]) -> Iterator[Found]:
    for fact, complaint in clashes:
        origin = fact.origin
        yield Found(sheet=origin.sheet, row=origin.row, column=origin.column, complaint=complaint)


def _defect(found: Found, file_name: str) -> DeliveryDefect:
    place = [
        file_name,
        f"feuille {found.sheet}" if found.sheet else "",
        f"ligne {found.row}" if found.row else "",
        f"colonne {found.column}" if found.column else "",
    ]
    return DeliveryDefect.of(
        found.complaint,
        ", ".join(part for part in place if part),
        sheet=found.sheet,
        row=found.row,
        column=found.column,
    )

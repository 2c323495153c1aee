"""Facts for a command: an edition's deliveries recorded once, then read as of a day. [I/O]"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from attrs import frozen

from egide.cli.console import Progress
from egide.errors import Defect, DeliveryRefused
from egide.facts.book import FactBook
from egide.facts.relations import Relation, relations_of
from egide.facts.store import Store
from egide.letter.edition import DeliveryEntry, Edition
from egide.sources.catalogue import known_sources, load_schema
from egide.sources.check import check_delivery
from egide.sources.read import read_delivery


@frozen(kw_only=True)
class KnownFacts:
    """What is known on a day, and the totals the institutions declare between these facts."""

    book: FactBook
    relations: tuple[Relation, ...]


def facts_of(edition: Edition, folder: Path, *, as_of: date | None, progress: Progress) -> KnownFacts:
    """Record the deliveries the store does not hold yet, then read it.

    Raises DeliveryRefused with the defects of every delivery, and then none of them is recorded.
    """
    store = Store(folder)
    with progress.step(f"livraisons ({len(edition.deliveries)})"):
        record_all(store, edition.deliveries)
    with progress.step("faits"):
        book = store.facts(as_of or edition.known_on)
    return KnownFacts(book=book, relations=declared_relations(book))


def record_all(store: Store, deliveries: Iterable[DeliveryEntry]) -> None:
    """Check every delivery that is not recorded yet, then record them all, or none."""
    recorded = {(one.source, one.known_on, one.file_name, one.sha256) for one in store.deliveries()}
    accepted, defects = [], list[Defect]()
    for entry in deliveries:
        schema = load_schema(entry.source)
        try:
            raw = read_delivery(entry.file, schema)
        except DeliveryRefused as refusal:
            defects += refusal.defects
            continue
        if (entry.source, entry.received_on, raw.file_name, raw.sha256) in recorded:
            continue
        report = check_delivery(raw, schema, entry.received_on)
        defects += report.defects
        accepted.append(report.facts)
    if defects:
        raise DeliveryRefused(defects)
    for facts in accepted:
        store.append(facts)


def declared_relations(book: FactBook) -> tuple[Relation, ...]:
    """The totals that each institution's schema declares, wherever all their terms are known."""
    return tuple(_relations(book))


def _relations(book: FactBook) -> Iterator[Relation]:
    facts = tuple(book)
    for source in sorted({fact.key.source for fact in facts} & set(known_sources())):
        stated = [fact for fact in facts if fact.key.source == source]
        for sheet in load_schema(source).sheets:
            yield from relations_of(sheet.totals, stated)

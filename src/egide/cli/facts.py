"""Facts for a command: an edition's deliveries recorded once, then read as of a day. [I/O]"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from egide.cli.caches import FilesCache
from egide.cli.console import Progress
from egide.cli.folders import Places
from egide.errors import Defect, DeliveryRefused, EditionRefused
from egide.facts.book import FactBook
from egide.facts.ratios import AtLeast, PrintedRatio, Ties, inclusions_of, ratios_of
from egide.facts.records import from_record, to_record
from egide.facts.relations import Relation, hierarchies, relations_of
from egide.letter.edition import DeliveryEntry, Edition
from egide.sources.catalogue import known_sources, load_schema
from egide.sources.check import check_delivery
from egide.sources.read import read_delivery

if TYPE_CHECKING:
    from egide.facts.store import Store


@frozen(kw_only=True)
class KnownFacts:
    """What is known on a day, and what the institutions declare between these facts."""

    book: FactBook
    ties: Ties

    @property
    def relations(self) -> tuple[Relation, ...]:
        return self.ties.totals


def facts_of(edition: Edition, places: Places, *, progress: Progress) -> KnownFacts:
    """Record the deliveries the store does not hold yet, then read what was known on the edition’s day.

    Raises DeliveryRefused with the defects of every delivery, and then none of them is recorded.
    """
    _refuse_unknown_sources(edition.deliveries)
    with progress.step(f"livraisons ({len(edition.deliveries)}) et faits"):
        kept = FilesCache(places.cache / "facts")
        book = _kept(kept.get(_state(edition, places.store)), edition)
        if book is None:
            book = _read(edition, places.store)
            kept.put(_state(edition, places.store), {_FACTS: _packed(book)})
    if not len(book):
        _refuse_ignorance(edition)
    ties = declared_ties(book)
    return KnownFacts(book=book.narrowed(ties.totals), ties=ties)


def _refuse_ignorance(edition: Edition) -> None:
    """Nothing is known that day: say it once, rather than once for each number."""
    days = sorted(entry.received_on.isoformat() for entry in edition.deliveries)
    way_out = f"La première livraison de l’édition date du {days[0]}." if days else "L’édition n’a aucune livraison."
    defect = Defect(
        place="edition.toml, known_on",
        expected="un jour où des faits sont connus",
        got=edition.known_on.isoformat(),
        way_out=way_out,
    )
    raise EditionRefused([defect])


def _read(edition: Edition, folder: Path) -> FactBook:
    # Here and not above: starting the engine takes longer than all the rest of a rebuild.
    from egide.facts.store import Store

    store = Store(folder)
    record_all(store, edition.deliveries)
    return store.facts(edition.known_on)


_FACTS = "faits.json"


def _state(edition: Edition, folder: Path) -> str:
    """Changes when another delivery is asked for or recorded, another day, or when a recorded file was touched.

    Recorded files never change: one that did is read again, and refused by the store.
    """
    asked = [(one.source, one.received_on.isoformat(), one.file.name, _sha256(one.file)) for one in edition.deliveries]
    recorded = [
        (path.relative_to(folder).as_posix(), (state := path.stat()).st_size, state.st_mtime_ns)
        for path in sorted(folder.glob("*/*.parquet"))
    ]
    return json.dumps([asked, recorded, edition.known_on.isoformat()])


def _sha256(path: Path) -> str:
    """Of the file as it lies there; nothing for one that cannot be read, which is for the check to say."""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _packed(book: FactBook) -> bytes:
    rows = [to_record(fact) for known in book for fact in book.vintages(known.key)]
    return json.dumps([{**row, "known_on": row["known_on"].isoformat()} for row in rows]).encode()


def _kept(files: Mapping[str, bytes] | None, edition: Edition) -> FactBook | None:
    if files is None:
        return None
    rows = json.loads(files[_FACTS])
    facts = (from_record({**row, "known_on": date.fromisoformat(row["known_on"])}) for row in rows)
    return FactBook(facts, edition.known_on)


def record_all(store: Store, deliveries: Sequence[DeliveryEntry]) -> None:
    """Check every delivery that is not recorded yet, then record them all, or none."""
    recorded = {(one.source, one.known_on, one.file_name, one.sha256) for one in store.deliveries()}
    accepted, defects = [], list[Defect]()
    for entry in deliveries:
        if (entry.source, entry.received_on, entry.file.name, _sha256(entry.file)) in recorded:
            continue  # what was checked once is read from the store
        schema = load_schema(entry.source)
        try:
            raw = read_delivery(entry.file, schema)
        except DeliveryRefused as refusal:
            defects += refusal.defects
            continue
        report = check_delivery(raw, schema, entry.received_on)
        defects += report.defects
        accepted.append(report.facts)
    if defects:
        raise DeliveryRefused(defects)
    for facts in accepted:
        store.append(facts)


def _refuse_unknown_sources(deliveries: Iterable[DeliveryEntry]) -> None:
    unknown = [entry for entry in deliveries if entry.source not in known_sources()]
    if unknown:
        raise EditionRefused(
            Defect(
                place=f"edition.toml, livraison {entry.file.name}",
                expected="une source connue",
                got=f"«\u00a0{entry.source}\u00a0»",
                way_out="«\u00a0egide schema\u00a0» donne leur liste.",
            )
            for entry in unknown
        )


def declared_ties(book: FactBook) -> Ties:
    """The totals, ratios and scopes that each institution's schema declares, wherever all their terms are known.

    A territory that is stated with all its parts is their sum too, unless the numbers say that it is not: persons of
    no known department are common, and nobody declared that there are none.
    """
    totals: list[Relation] = []
    ratios: list[PrintedRatio] = []
    inclusions: list[AtLeast] = []
    facts = tuple(book)
    for source in sorted({fact.key.source for fact in facts} & set(known_sources())):
        stated = [fact for fact in facts if fact.key.source == source]
        schema = load_schema(source)
        for sheet in schema.sheets:
            totals += relations_of(sheet.totals, stated)
        ratios += ratios_of(schema.ratios, stated)
        inclusions += inclusions_of(schema.inclusions, stated)
    values = {fact.key: fact.value for fact in facts if fact.value is not None}
    totals += [sum_ for sum_ in hierarchies(facts) if sum_.is_possible(values)]
    return Ties(totals=tuple(dict.fromkeys(totals)), ratios=tuple(ratios), inclusions=tuple(inclusions))

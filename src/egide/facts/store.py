"""The append-only memory of what institutions stated. There is no update and no delete. [I/O]

One immutable Parquet file for each delivery, `<source>/<day>--<start of its sha256>.parquet`. It is written aside,
forced to disk, then renamed: a crash leaves the store as it was. Files written aside by a crash are never read
and are swept at the next write.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
from attrs import define, field, frozen
from ibis.expr.types import Table

from egide.errors import StoreError
from egide.facts import engines, records
from egide.facts.book import FactBook
from egide.facts.model import Fact, FactKey

_LOCK = ".lock"
_ASIDE = ".aside"
_METADATA = b"egide"
_SCHEMA = pa.schema(
    [
        *(pa.field(name, pa.string(), nullable=False) for name in records.KEY),
        pa.field("known_on", pa.date32(), nullable=False),
        pa.field("stated", pa.bool_(), nullable=False),  # false: asked for, not known
        pa.field("low", pa.string()),  # null: no bound on that side
        pa.field("high", pa.string()),
        *(pa.field(name, pa.string(), nullable=False) for name in ("status", "secret", "note")),
        *(pa.field(name, pa.string(), nullable=False) for name in ("label", "unit", "kind", "counts", "overlapping")),
        *(pa.field(name, pa.string(), nullable=False) for name in ("delivery", "sha256", "sheet")),
        pa.field("row", pa.int64(), nullable=False),
        pa.field("column", pa.string(), nullable=False),
    ]
)


@frozen(kw_only=True)
class Delivery:
    """One recorded delivery."""

    source: str
    known_on: date
    file_name: str
    sha256: str
    facts: int


@frozen(kw_only=True)
class Receipt:
    """The answer to `append`."""

    delivery: Delivery
    already_recorded: bool

    def text(self) -> str:
        recorded = self.delivery
        day = recorded.known_on.isoformat()
        number = f"{recorded.facts} fait{'s' if recorded.facts > 1 else ''}"
        if self.already_recorded:
            return f"{recorded.file_name}\u00a0: déjà enregistré à la date du {day} ({number}), rien n’a changé."
        return f"{recorded.file_name}\u00a0: {number} de la source {recorded.source} enregistrés à la date du {day}."


_Query = Callable[[Table], Table]


@define
class Store:
    """A folder of deliveries. One writer at a time; readers need no lock."""

    folder: Path
    _judged: dict[tuple[Path, int, int], Delivery] = field(factory=dict, init=False, repr=False)

    def append(self, facts: Iterable[Fact]) -> Receipt:
        """Record one delivery, whole or not at all. The same file on the same day is recorded once.

        Raises: StoreError for facts of several deliveries, sources or days, a key stated twice, a key already
                stated that day by another file, a measure whose unit, kind or what it counts has changed;
                and when the folder cannot be written.
        """
        stated = tuple(facts)
        delivery = _delivery(stated)
        path = self.folder / delivery.source / f"{delivery.known_on.isoformat()}--{delivery.sha256[:12]}.parquet"
        try:
            with self._writing():
                if path.exists():
                    return Receipt(delivery=self._recorded(path, delivery), already_recorded=True)
                self._check_against_the_past(stated, delivery)
                _write(stated, delivery, path)
        except OSError as error:
            raise StoreError(f"Le dossier {self.folder} ne peut pas être écrit ({error.strerror}).") from None
        return Receipt(delivery=delivery, already_recorded=False)

    def facts(self, as_of: date | None = None, *, vintages: bool = True) -> FactBook:
        """What was known on a day; without a day, all that is known.

        `vintages=False` leaves the choice of the latest statement to the engine: faster on a long history, but
        the book then holds no earlier statement.
        """
        found = self._read(lambda table: _latest(_known(table, as_of)) if not vintages else _known(table, as_of))
        return FactBook(found, as_of)

    def vintages(self, key: FactKey) -> tuple[Fact, ...]:
        """Every statement of one key, oldest first."""
        wanted = records.key_record(key)
        return self._read(
            lambda table: table.filter([table[name] == text for name, text in wanted.items()]).order_by("known_on")
        )

    def deliveries(self) -> tuple[Delivery, ...]:
        """Every recorded delivery, oldest first."""
        return tuple(
            sorted(map(self._judge, self._files()), key=lambda item: (item.known_on, item.source, item.sha256))
        )

    # ---- reading ----

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob("*/*.parquet"))

    def _read(self, query: _Query, files: Sequence[Path] | None = None) -> tuple[Fact, ...]:
        return tuple(map(records.from_record, self._rows(query, files)))

    def _rows(self, query: _Query, files: Sequence[Path] | None = None) -> list[dict[str, Any]]:
        """Rows of these files, of all by default. An engine is started only when there is something to read."""
        files = self._files() if files is None else files
        for path in files:
            self._judge(path)
        if not files:
            return []
        engine = engines.connect()
        try:
            rows: list[dict[str, Any]] = (
                query(engine.read_parquet([str(path) for path in files])).to_pyarrow().to_pylist()
            )
        finally:
            engine.disconnect()
        return rows

    def _judge(self, path: Path) -> Delivery:
        """Read a file whole, checksums included, before any of it is believed. Once for each state of the file."""
        try:
            state = path.stat()
            seen = (path, state.st_mtime_ns, state.st_size)
            if seen not in self._judged:
                self._judged[seen] = _read_delivery(path)
            return self._judged[seen]
        except (OSError, ValueError, KeyError, TypeError, pa.ArrowException) as error:
            raise StoreError(
                f"{path} est illisible ({type(error).__name__}). Le fichier est abîmé ou n’est pas d’Égide\u00a0:"
                " reprenez-le d’une sauvegarde, ou enregistrez de nouveau la livraison dont il vient."
            ) from None

    # ---- writing ----

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        # The system lets go of the lock when a process dies, so a crash blocks nobody.
        with (self.folder / _LOCK).open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise StoreError(
                    f"Un autre enregistrement est en cours dans {self.folder}. Recommencez ensuite."
                ) from None
            for left in self.folder.glob(f"*/*{_ASIDE}"):
                left.unlink()
            yield

    def _recorded(self, path: Path, delivery: Delivery) -> Delivery:
        recorded = self._judge(path)
        if recorded.sha256 != delivery.sha256:
            raise StoreError(f"{path} tient déjà une autre livraison, dont l’empreinte commence de la même façon.")
        return recorded

    def _check_against_the_past(self, facts: Sequence[Fact], delivery: Delivery) -> None:
        mine = {fact.measure.code: fact.measure for fact in facts}
        mine_before = sorted((self.folder / delivery.source).glob("*.parquet"))
        past = self._rows(lambda table: table.select(*records.DEFINITION).distinct(), mine_before)
        for definition in sorted(past, key=lambda item: str(item["measure"])):
            measure = mine.get(definition["measure"])
            if measure and (now := records.definition_record(measure)) != definition:
                changed = ", ".join(
                    f"{name} {definition[name] or 'vide'} devient {now[name] or 'vide'}"
                    for name in records.DEFINITION
                    if now[name] != definition[name]
                )
                raise StoreError(
                    f"L’indicateur {measure.code} de la source {delivery.source} ne compte plus la même chose"
                    f" ({changed}). Donnez-lui un autre nom."
                )
        same_day = self._read(lambda table: table.filter(table.known_on == delivery.known_on), mine_before)
        before = {fact.key: fact.origin.delivery for fact in same_day}
        if again := before.keys() & {fact.key for fact in facts}:
            first = min(again)
            raise StoreError(
                f"{delivery.file_name}\u00a0: {first} est déjà enregistré à la date du {delivery.known_on.isoformat()},"
                f" dans un autre état du fichier {before[first]}. Une correction reçue se date d’un autre jour"
                " (received_on). Si le premier envoi n’était qu’un brouillon, supprimez"
                f" {self.folder / delivery.source} et recommencez."
            )


def _known(table: Table, day: date | None) -> Table:
    return table if day is None else table.filter(table.known_on <= ibis.literal(day))


def _latest(table: Table) -> Table:
    order = ibis.row_number().over(group_by=records.KEY, order_by=table.known_on.desc())
    return table.mutate(recency=order).filter(ibis._.recency == 0).drop("recency")


def _delivery(facts: Sequence[Fact]) -> Delivery:
    """What the facts have in common. Raises StoreError when they are not one delivery."""
    if not facts:
        raise StoreError("Une livraison sans aucun fait ne s’enregistre pas.")
    found = {(fact.key.source, fact.known_on, fact.origin.delivery, fact.origin.sha256) for fact in facts}
    if len(found) > 1:
        raise StoreError("Les faits viennent de plusieurs sources, jours ou fichiers\u00a0: enregistrez-les un par un.")
    source, known_on, file_name, sha256 = found.pop()
    if not re.fullmatch(r"[a-z0-9_]+", source) or not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise StoreError(f"{source!r} n’est pas un nom de source, ou {sha256!r} pas une empreinte.")
    key, times = Counter(fact.key for fact in facts).most_common(1)[0]
    if times > 1:
        raise StoreError(f"{key} est dit {times} fois dans {file_name}.")
    definitions = {(fact.measure.code, fact.measure) for fact in facts}
    code, times = Counter(code for code, _ in definitions).most_common(1)[0]
    if times > 1:
        raise StoreError(f"L’indicateur {code} a deux définitions dans {file_name}.")
    return Delivery(source=source, known_on=known_on, file_name=file_name, sha256=sha256, facts=len(facts))


def _write(facts: Sequence[Fact], delivery: Delivery, path: Path) -> None:
    """Aside, to disk, then into place: the rename is the moment the delivery exists."""
    about = {
        "format": records.FORMAT,
        "source": delivery.source,
        "known_on": delivery.known_on.isoformat(),
        "file_name": delivery.file_name,
        "sha256": delivery.sha256,
        "facts": delivery.facts,
    }
    schema = _SCHEMA.with_metadata({_METADATA: json.dumps(about, ensure_ascii=False)})
    table = pa.Table.from_pylist([records.to_record(fact) for fact in sorted(facts, key=lambda fact: fact.key)], schema)
    path.parent.mkdir(exist_ok=True)
    aside = path.with_name(path.name + _ASIDE)
    with aside.open("wb") as file:
        pq.write_table(table, file, compression="zstd", write_page_checksum=True)
        file.flush()
        os.fsync(file.fileno())
    os.rename(aside, path)
    for folder in (path.parent, path.parent.parent):
        _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read_delivery(path: Path) -> Delivery:
    with pq.ParquetFile(path, page_checksum_verification=True) as file:
        table = file.read()
    about = json.loads((table.schema.metadata or {})[_METADATA])
    if about["format"] != records.FORMAT or not table.schema.equals(_SCHEMA):
        raise ValueError("another format")
    delivery = Delivery(
        source=about["source"],
        known_on=date.fromisoformat(about["known_on"]),
        file_name=about["file_name"],
        sha256=about["sha256"],
        facts=about["facts"],
    )
    expected = f"{delivery.known_on.isoformat()}--{delivery.sha256[:12]}.parquet"
    if (path.parent.name, path.name, table.num_rows) != (delivery.source, expected, delivery.facts):
        raise ValueError("a file that was renamed or cut")
    return delivery

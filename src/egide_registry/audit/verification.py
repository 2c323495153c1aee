"""[I/O] Does the journal hold? Reads through the alias `journal`, in one snapshot, a chain at a time.

A chain begins where its last purge ended, at a signed head. Every later signed head must be met on the way, and be
the same in the second place. Source: docs/methods/journal.md.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from attrs import frozen
from django.db import connections, transaction

from egide_registry.audit.anchors import Anchor
from egide_registry.audit.chain import Entry, Head, Verdict, beginning, signed_bytes, verify
from egide_registry.audit.guards import LEAST_KEPT
from egide_registry.audit.models import Head as HeadRow
from egide_registry.audit.models import Seal
from egide_registry.security import vault
from egide_registry.security.keys.service import UnknownOwner
from egide_registry.theme import french

SIGNER = "journal"  # owner of the signing key in the key service
BATCH = 5_000  # rows the server sends at a time
STEP = 250_000  # rows between two signs of progress

# The text of identifiers and of moments, so that nothing is parsed to be written again.
ENTRIES = """
SELECT chain, seq, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), event, mandate::text, person::text,
    subject::text, detail, previous, hash
FROM audit_entry WHERE chain = %s ORDER BY seq
"""

Progress = Callable[[str, int], None]  # chain, entries read


@frozen(kw_only=True)
class ChainReport:
    """What was found about one chain. Without faults, it holds."""

    chain: str
    start: Head  # of the last purged segment, or the beginning
    verdict: Verdict
    seals: int
    anchors: int
    faults: tuple[str, ...]

    def __str__(self) -> str:
        last = french.number(self.verdict.head.seq)
        after = f", après purge jusqu’au n°\u00a0{french.number(self.start.seq)}" if self.start.seq else ""
        seen = (
            f"Chaîne {self.chain}\u00a0: {counted(self.verdict.count, 'inscription')} jusqu’au n°\u00a0{last}{after}, "
            f"{counted(self.seals, 'tête signée')}, {counted(self.anchors, 'ancre')}"
        )
        if not self.faults:
            return f"{seen}\u00a0: intacte."
        return "\n".join([f"{seen}\u00a0: ROMPUE.", *(f"  {fault}" for fault in self.faults)])


def counted(number: int, thing: str) -> str:
    """« 0 tête signée », « 2 têtes signées »: every word takes the mark of the plural."""
    words = thing if number < 2 else " ".join(f"{word}s" for word in thing.split())
    return f"{french.number(number)} {words}"


class BrokenJournal(Exception):
    """A chain does not hold."""

    def __init__(self, report: ChainReport) -> None:
        super().__init__(str(report))
        self.report = report


def known_chains(found: Iterable[Anchor]) -> list[str]:
    """Every chain that anything speaks of: a chain wiped out of the database is still in the second place."""
    with connections["journal"].cursor() as cursor:
        cursor.execute(
            "SELECT chain FROM audit_head UNION SELECT chain FROM audit_seal UNION SELECT chain FROM audit_entry"
        )
        names = {name for (name,) in cursor.fetchall()}
    return sorted(names | {anchor.head.chain for anchor in found})


def verify_chain(
    chain: str, *, found: Iterable[Anchor], on: date, progress: Progress = lambda chain, count: None
) -> ChainReport:
    """Read a whole chain and everything that speaks of it. `found`: the second place; `on`: today."""
    anchors = {anchor for anchor in found if anchor.head.chain == chain}
    with transaction.atomic(using="journal"):
        with connections["journal"].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        seals = list(Seal.objects.using("journal").filter(chain=chain).order_by("seq"))
        start = _start(chain, seals)
        needed = [seal for seal in seals if seal.seq >= start.seq]
        faults = [*_anchor_faults(seals, needed, anchors)]
        marks = {}
        for seal in needed:
            head = Head(chain=chain, seq=seal.seq, hash=bytes(seal.hash))
            if _signed(head, seal.day, bytes(seal.signature)):
                marks[seal.seq] = head.hash
            else:
                faults.append(f"tête du {french.day(seal.day)} (n°\u00a0{seal.seq})\u00a0: signature fausse.")
        faults += [fault for seal in seals if (fault := _purge_fault(seal, on))]
        for anchor in anchors:
            # A signed head that only the second place still knows is a head all the same.
            if anchor.head.seq > start.seq and _signed(anchor.head, anchor.day, anchor.signature):
                marks[anchor.head.seq] = anchor.head.hash
        row = HeadRow.objects.using("journal").filter(chain=chain).first()
        end = Head(chain=chain, seq=row.seq, hash=bytes(row.hash)) if row else beginning(chain)
        verdict = verify(_entries(chain, progress), start=start, marks=marks, end=end)
    if verdict.broken is not None:
        faults.insert(0, str(verdict.broken))
    return ChainReport(
        chain=chain, start=start, verdict=verdict, seals=len(seals), anchors=len(anchors), faults=tuple(faults)
    )


def _start(chain: str, seals: Sequence[Seal]) -> Head:
    purged = [seal for seal in seals if seal.purged_on is not None]
    return Head(chain=chain, seq=purged[-1].seq, hash=bytes(purged[-1].hash)) if purged else beginning(chain)


def _signed(head: Head, day: date, signature: bytes) -> bool:
    try:
        return vault.service().verify(SIGNER, signed_bytes(head, day), signature)
    except UnknownOwner:
        return False  # nothing was ever signed here


def _purge_fault(seal: Seal, on: date) -> str | None:
    """A segment said to be purged before its time, or in the future: a removal in disguise."""
    if seal.purged_on is None:
        return None
    kept = (seal.purged_on - seal.day).days
    if kept >= LEAST_KEPT and seal.purged_on <= on:
        return None
    return (
        f"tête du {french.day(seal.day)} (n°\u00a0{seal.seq})\u00a0: dite purgée le {french.day(seal.purged_on)}, "
        f"soit {kept} jours plus tard\u202f; attendu {LEAST_KEPT} au moins, et pas après aujourd’hui."
    )


def _anchor_faults(seals: Sequence[Seal], needed: Sequence[Seal], anchors: set[Anchor]) -> Iterator[str]:
    """Where the two places disagree. Anchors older than the last purge may have gone with it."""
    there = {(seal.day, seal.seq, bytes(seal.hash)) for seal in seals}
    anchored = {(anchor.day, anchor.head.seq, anchor.head.hash) for anchor in anchors}
    for day, seq, _ in sorted(anchored - there):
        yield f"ancre du {french.day(day)} (n°\u00a0{seq})\u00a0: la base ne connaît pas cette tête."
    for seal in needed:
        if (seal.day, seal.seq, bytes(seal.hash)) not in anchored:
            yield (
                f"tête du {french.day(seal.day)} (n°\u00a0{seal.seq})\u00a0: absente du second lieu. "
                "Si la nuit a échoué, relancer seal_journal."
            )


def _entries(chain: str, progress: Progress) -> Iterator[Entry]:
    """The entries of a chain, streamed: memory does not grow with the journal."""
    read = 0
    with connections["journal"].chunked_cursor() as cursor:
        cursor.execute(ENTRIES, [chain])
        while rows := cursor.fetchmany(BATCH):
            yield from map(Entry._make, rows)
            read += len(rows)
            if read % STEP == 0:
                progress(chain, read)

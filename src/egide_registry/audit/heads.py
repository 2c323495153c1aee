"""[I/O] The night work of the journal: sign the heads, and let go of what has been kept long enough.

Works through the alias `journal`: the role that owns the journal, whose password the site does not have.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

from attrs import frozen
from django.db import connections, transaction

from egide_registry.audit import anchors
from egide_registry.audit.anchors import Anchor
from egide_registry.audit.chain import Head, signed_bytes
from egide_registry.audit.details import Detail, canonical_detail
from egide_registry.audit.events import Event
from egide_registry.audit.guards import LEAST_KEPT
from egide_registry.audit.models import Head as HeadRow
from egide_registry.audit.models import Seal
from egide_registry.audit.verification import SIGNER, BrokenJournal, verify_chain
from egide_registry.security import vault

LOOKED_BACK = timedelta(days=31)  # anchors that a failed night left out are added later


@frozen(kw_only=True)
class Purge:
    """What a purge takes away, or would: entries of a chain up to the seal of a day."""

    chain: str
    up_to: int
    day: date
    count: int
    done: bool


def anchor_of(seal: Seal) -> Anchor:
    """A seal of the database as the second place knows it."""
    head = Head(chain=seal.chain, seq=seal.seq, hash=bytes(seal.hash))
    return Anchor(day=seal.day, head=head, signature=bytes(seal.signature))


def chains() -> list[str]:
    """Every chain that has a head."""
    return list(HeadRow.objects.using("journal").order_by("chain").values_list("chain", flat=True))


@transaction.atomic(using="journal")
def seal_chain(chain: str, *, day: date) -> Seal:
    """Sign the head of a chain, once a day. The signed head is an entry that says so: a night without one shows."""
    known = Seal.objects.using("journal").filter(chain=chain, day=day).first()
    if known is not None:
        return known
    seq = _append(chain, Event.JOURNAL_SEALED, day=day)
    row = HeadRow.objects.using("journal").get(chain=chain)
    head = Head(chain=chain, seq=seq, hash=bytes(row.hash))
    signature = vault.service().sign(SIGNER, signed_bytes(head, day))
    return Seal.objects.using("journal").create(chain=chain, day=day, seq=seq, hash=head.hash, signature=signature)


def seal_all(*, day: date, folder: Path, only: Iterable[str] = ()) -> int:
    """Sign every chain (or those named) and write the same to the second place. Gives the number of chains.

    Run again after a failure, it does what is left. Raises AnchorsUnreadable before anything is signed.
    """
    anchors.read(folder)
    vault.service().create(SIGNER)
    named = list(only) or chains()
    for chain in named:
        seal_chain(chain, day=day)
    lately = Seal.objects.using("journal").filter(chain__in=named, day__gt=day - LOOKED_BACK, day__lte=day)
    by_day: dict[date, list[Anchor]] = {}
    for seal in lately.order_by("day", "chain"):
        by_day.setdefault(seal.day, []).append(anchor_of(seal))
    for of_day, found in by_day.items():
        anchors.append(folder, of_day, found)
    return len(named)


def purge_journal(chain: str, *, on: date, kept_days: int, folder: Path, dry_run: bool = True) -> Purge | None:
    """Take away the entries up to the newest seal that is `kept_days` old. None: nothing is that old.

    Raises: ValueError below the legal least; BrokenJournal if the chain does not hold, since a purge would hide it.
    """
    if kept_days < LEAST_KEPT:
        raise ValueError(
            f"Purge du journal\u00a0: attendu {LEAST_KEPT} jours de conservation ou plus, reçu {kept_days}."
        )
    seals = Seal.objects.using("journal").filter(chain=chain)
    seal = seals.filter(purged_on=None, day__lte=on - timedelta(days=kept_days)).order_by("-seq").first()
    if seal is None or seals.filter(purged_on__isnull=False, seq__gte=seal.seq).exists():
        return None
    report = verify_chain(chain, found=anchors.read(folder), on=on)
    if report.faults:
        raise BrokenJournal(report)
    planned = Purge(chain=chain, up_to=seal.seq, day=seal.day, count=seal.seq - report.start.seq, done=False)
    if dry_run:
        return planned
    with transaction.atomic(using="journal"), connections["journal"].cursor() as cursor:
        cursor.execute("SELECT security.purge_journal(%s, %s, %s)", [chain, seal.seq, kept_days])
        count = int(cursor.fetchone()[0])
        _append(chain, Event.JOURNAL_PURGED, up_to=seal.seq, entries=count)
    return Purge(chain=chain, up_to=seal.seq, day=seal.day, count=count, done=True)


def _append(chain: str, event: Event, **detail: Detail) -> int:
    """An entry by nobody, in a named chain: only the owner of the journal may."""
    with connections["journal"].cursor() as cursor:
        cursor.execute(
            "SELECT security.append(%s, %s, NULL, NULL, NULL, %s)", [chain, event.value, canonical_detail(detail)]
        )
        return int(cursor.fetchone()[0])

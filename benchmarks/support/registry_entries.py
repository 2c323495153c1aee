"""The entries of the journal of a department, really chained: what verifying them costs is what it would cost."""

from __future__ import annotations

import os
import random
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "support.registry_settings")
django.setup()

import psycopg  # noqa: E402

from egide_registry.audit import chain  # noqa: E402

EVENTS = (("file_read", '{"page":"file"}'), ("file_listed", '{"page":"list"}'), ("request_saved", '{"section":"work"}'))


class Place(Protocol):
    """A department, as far as its journal needs to know it: its code, and mandates with their persons by role."""

    @property
    def code(self) -> str: ...
    @property
    def by_role(self) -> Mapping[Any, Sequence[tuple[Any, Any, Any]]]: ...


def write_journal(
    connection: psycopg.Connection[Any],
    here: Place,
    made: Sequence[uuid.UUID],
    entries: int,
    chance: random.Random,
) -> int:
    """A true chain after the one that is there: the same bytes as the database would have hashed, then its head."""
    found = connection.execute("SELECT seq, hash FROM audit_head WHERE chain = %s", [here.code]).fetchone()
    head = chain.Head(chain=here.code, seq=found[0], hash=bytes(found[1])) if found else chain.beginning(here.code)
    subjects = [str(one) for one in made] or [None]
    who = [(str(mandate), str(person)) for rows in here.by_role.values() for mandate, person, _ in rows]
    copy_columns = "chain, seq, at, event, mandate, person, subject, detail, previous, hash"
    previous, seq = head.hash, head.seq
    moment = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=head.seq)
    left = entries
    while left:
        size = min(left, 50_000)
        lines = []
        for _ in range(size):
            seq += 1
            moment += timedelta(seconds=11, microseconds=1)
            at = moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            event, detail = EVENTS[seq % 3]
            mandate, person = who[seq % len(who)]
            subject = subjects[int(chance.random() * len(subjects))]
            entry = chain.Entry(here.code, seq, at, event, mandate, person, subject, detail, previous, b"")
            link = chain.link(previous, entry)
            lines.append(
                f"{here.code}\t{seq}\t{at}\t{event}\t{mandate}\t{person}\t{subject or chr(92) + 'N'}\t{detail}"
                f"\t\\\\x{previous.hex()}\t\\\\x{link.hex()}\n"
            )
            previous = link
        with connection.cursor().copy(f"COPY audit_entry ({copy_columns}) FROM STDIN") as copy:
            copy.write("".join(lines))
        left -= size
    connection.execute(
        "INSERT INTO audit_head (chain, seq, hash) VALUES (%s, %s, %s) "
        "ON CONFLICT (chain) DO UPDATE SET seq = excluded.seq, hash = excluded.hash",
        [here.code, seq, previous],
    )
    return entries

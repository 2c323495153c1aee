"""The chain of the journal: the bytes of an entry, its link to the one before, and what a broken chain tells. Pure.

    link = sha256(previous link || canonical bytes)

`security.journal_bytes` writes the same bytes in SQL; a test compares both. Source: docs/methods/journal.md.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from attrs import frozen

START: Final = b"\0" * 32  # what the first entry of a chain is tied to
FORMAT: Final = b"egide journal 1\n"
SIGNED: Final = b"egide journal head 1\n"


class Entry(NamedTuple):
    """One entry as it is hashed; identifiers and moment (UTC) as text. A tuple, because millions are read."""

    chain: str
    seq: int
    at: str  # 2026-03-02T08:15:00.000001Z
    event: str
    mandate: str | None
    person: str | None
    subject: str | None
    detail: str
    previous: bytes
    hash: bytes


@frozen(kw_only=True)
class Head:
    """How far a chain goes: the number and the link of its last entry."""

    chain: str
    seq: int
    hash: bytes


class Wrong(StrEnum):
    """What may be wrong with a link."""

    ALTERED = "altérée"
    MISSING = "manquante"
    REORDERED = "déplacée"
    REPLAYED = "rejouée"
    UNTIED = "dénouée"
    ADDED = "ajoutée"


@frozen(kw_only=True)
class Break:
    """The first link that does not hold, and why, in French."""

    seq: int
    wrong: Wrong
    why: str

    def __str__(self) -> str:
        return f"inscription n°\u00a0{self.seq} {self.wrong.value}\u00a0: {self.why}"


@frozen(kw_only=True)
class Verdict:
    """How far the chain holds, how many entries were read, and where it breaks (None: nowhere)."""

    head: Head
    count: int
    broken: Break | None


def beginning(chain: str) -> Head:
    """The head of a chain without entries."""
    return Head(chain=chain, seq=0, hash=START)


def canonical(entry: Entry) -> bytes:
    """All that happened, each part with its length in bytes: no two entries give the same bytes."""
    return FORMAT + b"".join(
        b"-," if part is None else b"%d:%b," % (len(encoded := part.encode()), encoded)
        for part in (
            entry.chain,
            str(entry.seq),
            entry.at,
            entry.event,
            entry.mandate,
            entry.person,
            entry.subject,
            entry.detail,
        )
    )


def link(previous: bytes, entry: Entry) -> bytes:
    """The 32 bytes that tie an entry to the one before it."""
    return hashlib.sha256(previous + canonical(entry)).digest()


def signed_bytes(head: Head, day: date) -> bytes:
    """What is signed at the end of a day."""
    content = {"chain": head.chain, "day": day.isoformat(), "hash": head.hash.hex(), "seq": head.seq}
    return SIGNED + json.dumps(content, sort_keys=True, separators=(",", ":")).encode()


def verify(
    entries: Iterable[Entry], *, start: Head, marks: Mapping[int, bytes] | None = None, end: Head | None = None
) -> Verdict:
    """Follow a chain from `start` and stop at the first link that does not hold.

    In:  the entries after `start`, in order; `marks`, links known from elsewhere by their number (signed heads);
         `end`, where the chain must stop exactly. Without marks and end, a chain cut at its tail looks whole, and so
         does one whose tail was written anew.
    Out: a verdict. One pass, constant memory; after a break the rest is read once more to say what happened.
    """
    marks = marks or {}
    chain, seq, previous, count = start.chain, start.seq, start.hash, 0
    stream = iter(entries)
    for entry in stream:
        expected = link(previous, entry)
        held = entry.seq == seq + 1 and entry.chain == chain and entry.previous == previous and entry.hash == expected
        if held and marks and entry.seq in marks:
            held = marks[entry.seq] == expected
        if not held:
            head = Head(chain=chain, seq=seq, hash=previous)
            return Verdict(head=head, count=count, broken=_diagnosis(entry, stream, head))
        seq, previous, count = entry.seq, expected, count + 1
    head = Head(chain=chain, seq=seq, hash=previous)
    return Verdict(head=head, count=count, broken=_at_the_end(head, marks, end))


def _at_the_end(head: Head, marks: Mapping[int, bytes], end: Head | None) -> Break | None:
    furthest = max([*marks, end.seq if end else 0, 0])
    if furthest > head.seq:
        why = f"la chaîne s’arrête au n°\u00a0{head.seq}, elle allait jusqu’au n°\u00a0{furthest}."
        return Break(seq=head.seq + 1, wrong=Wrong.MISSING, why=why)
    if end is not None and head.seq > end.seq:
        why = f"la tête de la chaîne est au n°\u00a0{end.seq}, la suite n’a pas été écrite par le journal."
        return Break(seq=end.seq + 1, wrong=Wrong.ADDED, why=why)
    if end is not None and head.hash != end.hash:
        why = "la dernière inscription n’est pas celle que connaît la tête de la chaîne."
        return Break(seq=head.seq, wrong=Wrong.ALTERED, why=why)
    return None


def _diagnosis(entry: Entry, rest: Iterator[Entry], head: Head) -> Break:
    """What happened at the link after `head`. Reads the rest of the chain: done once, when something is wrong."""
    expected = head.seq + 1
    if entry.chain != head.chain:
        why = f"elle vient de la chaîne {entry.chain}."
        return Break(seq=expected, wrong=Wrong.REPLAYED, why=why)
    if entry.seq < expected:
        why = f"le n°\u00a0{entry.seq} revient après le n°\u00a0{head.seq}."
        return Break(seq=entry.seq, wrong=Wrong.REPLAYED, why=why)
    if entry.seq > expected:
        if any(later.seq == expected for later in rest):
            return Break(seq=expected, wrong=Wrong.REORDERED, why=f"le n°\u00a0{entry.seq} est à sa place.")
        why = f"après le n°\u00a0{head.seq} vient le n°\u00a0{entry.seq}."
        return Break(seq=expected, wrong=Wrong.MISSING, why=why)
    if entry.previous == head.hash and entry.hash == link(head.hash, entry):
        why = "le chaînage tient, mais une tête signée dit autre chose\u00a0: la chaîne a été réécrite."
        return Break(seq=expected, wrong=Wrong.ALTERED, why=why)
    if entry.hash == link(entry.previous, entry):
        why = f"elle est entière mais suit autre chose que le n°\u00a0{head.seq} présent, qui a été réécrit ou échangé."
        return Break(seq=expected, wrong=Wrong.UNTIED, why=why)
    for later in rest:
        if later.hash == link(head.hash, later._replace(seq=expected)):
            why = f"ce qui était ici se trouve au n°\u00a0{later.seq}."
            return Break(seq=expected, wrong=Wrong.REORDERED, why=why)
    for number in range(1, expected):
        if entry.hash == link(entry.previous, entry._replace(seq=number)):
            return Break(seq=expected, wrong=Wrong.REPLAYED, why=f"c’est une copie du n°\u00a0{number}.")
    return Break(seq=expected, wrong=Wrong.ALTERED, why="son contenu ne correspond plus à son empreinte.")

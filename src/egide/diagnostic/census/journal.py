"""The log of what was done with collections: lines are added, never changed, and none holds data. [I/O]

A line says when, what, of which run, and how it ended: nothing else can be written. Lines are numbered without a gap,
so that a line taken out shows; lines cut off the end show too, as long as what is kept tells of one of them
(`runs.witness`). Source: docs/methods/census-hard-rules.md, rule 11.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from attrs import field, frozen

from egide.errors import StoreError

NAME = "journal.jsonl"
_RUN = re.compile(r"[a-z0-9-]{0,40}")
_KEYS = ("rang", "quand", "acte", "passage", "resultat")


class Act(StrEnum):
    """What happened."""

    IMPORT = "import"
    ACCESS = "lecture"
    EXPORT = "export"
    ESTIMATE = "estimation"
    PURGE = "purge"


class Outcome(StrEnum):
    """How it ended."""

    DONE = "fait"
    REFUSED = "refuse"
    DRY_RUN = "a-blanc"


@frozen(kw_only=True)
class Entry:
    """One line. `run` is the name we gave a run, "" when there is none yet."""

    rank: int
    at: datetime
    act: Act
    run: str = field(default="")
    outcome: Outcome

    @run.validator
    def _a_name_of_ours(self, attribute: object, value: str) -> None:
        if not _RUN.fullmatch(value):
            raise ValueError("a run is named by small letters, digits and dashes")


def note(store: Path, act: Act, outcome: Outcome, *, at: datetime, run: str = "") -> Entry:
    """Add one line, on disk before this returns. Raises StoreError when the log was damaged."""
    store.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(store / NAME, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "r+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        entry = Entry(rank=len(_entries(file.read(), store)) + 1, at=at, act=act, run=run, outcome=outcome)
        file.write(json.dumps(line(entry)) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return entry


def line(entry: Entry) -> dict[str, Any]:
    """One line as it is written."""
    values = (entry.rank, entry.at.isoformat(timespec="seconds"), entry.act.value, entry.run, entry.outcome.value)
    return dict(zip(_KEYS, values, strict=True))


def read(store: Path) -> tuple[Entry, ...]:
    """Every line, in order. Raises StoreError when one is missing, moved or no line of ours."""
    path = store / NAME
    return _entries(path.read_text(encoding="utf-8"), store) if path.is_file() else ()


def _entries(text: str, store: Path) -> tuple[Entry, ...]:
    found = []
    for rank, written in enumerate(text.splitlines(), start=1):
        entry = _entry(written)
        if entry is None or entry.rank != rank:
            raise StoreError(
                f"{store / NAME}, ligne {rank}\u00a0: attendu la ligne n° {rank} du journal, reçu autre chose. "
                "Une ligne a été retirée ou changée\u00a0: prévenez la personne responsable avant tout nouveau passage."
            )
        found.append(entry)
    return tuple(found)


def _entry(written: str) -> Entry | None:
    try:
        found: Any = json.loads(written)
        if tuple(found) != _KEYS:
            return None
        return Entry(
            rank=found["rang"],
            at=datetime.fromisoformat(found["quand"]),
            act=Act(found["acte"]),
            run=found["passage"],
            outcome=Outcome(found["resultat"]),
        )
    except (ValueError, TypeError):
        return None

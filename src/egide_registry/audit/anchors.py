"""[I/O] The second place of the signed heads: one file a day, one JSON line a chain, added and never rewritten.

The folder belongs on another machine or on write-once storage: what is there convicts a database restored, cut or
written anew. Source: docs/methods/journal.md.
"""

import json
import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from attrs import frozen

from egide_registry.audit.chain import Head


class AnchorsUnreadable(Exception):
    """The folder or a line of it cannot be read."""


@frozen(kw_only=True)
class Anchor:
    """A signed head: `signature` signs `chain.signed_bytes(head, day)`."""

    day: date
    head: Head
    signature: bytes

    def line(self) -> str:
        """As it is written."""
        content = {
            "chain": self.head.chain,
            "day": self.day.isoformat(),
            "hash": self.head.hash.hex(),
            "seq": self.head.seq,
            "signature": self.signature.hex(),
        }
        return json.dumps(content, sort_keys=True, separators=(",", ":"))


def file_of(folder: Path, day: date) -> Path:
    """Where the heads of a day are."""
    return folder / f"journal-{day.isoformat()}.jsonl"


def append(folder: Path, day: date, anchors: Iterable[Anchor]) -> None:
    """Add the heads of a day that are not there yet, and return once they are on the disk."""
    there = set(read_day(folder, day))
    lines = "".join(f"{anchor.line()}\n" for anchor in anchors if anchor not in there)
    if not lines:
        return
    try:
        handle = os.open(file_of(folder, day), os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)
    except OSError as problem:
        raise _unreadable(folder, problem) from None
    with open(handle, "ab") as file:
        file.write(lines.encode())
        file.flush()
        os.fsync(handle)
    entry = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)  # the name of a new file is on the disk too
    try:
        os.fsync(entry)
    finally:
        os.close(entry)


def read_day(folder: Path, day: date) -> list[Anchor]:
    """The heads of one day; none if there is no file. Raises AnchorsUnreadable."""
    path = file_of(folder, day)
    return _read(path) if path.exists() else []


def read(folder: Path) -> list[Anchor]:
    """All the heads, oldest first. Raises AnchorsUnreadable, also when there is no such folder."""
    if not folder.is_dir():
        raise AnchorsUnreadable(f"Dossier des ancres {folder}\u00a0: attendu un dossier, reçu rien. Donner --anchors.")
    return [anchor for path in sorted(folder.glob("journal-*.jsonl")) for anchor in _read(path)]


def _read(path: Path) -> list[Anchor]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise _unreadable(path, problem) from None
    return [_parsed(line, f"{path}, ligne {number}") for number, line in enumerate(lines, start=1)]


def _parsed(line: str, place: str) -> Anchor:
    try:
        content: dict[str, Any] = json.loads(line)
        head = Head(chain=content["chain"], seq=int(content["seq"]), hash=bytes.fromhex(content["hash"]))
        day = date.fromisoformat(content["day"])
        return Anchor(day=day, head=head, signature=bytes.fromhex(content["signature"]))
    except (ValueError, KeyError, TypeError):
        raise AnchorsUnreadable(
            f"{place}\u00a0: attendu une tête signée en JSON, reçu autre chose. "
            "Ne pas corriger le fichier\u202f: en rendre une copie saine."
        ) from None


def _unreadable(path: Path, problem: Exception) -> AnchorsUnreadable:
    return AnchorsUnreadable(f"{path}\u00a0: attendu un fichier d’ancres accessible, reçu {type(problem).__name__}.")

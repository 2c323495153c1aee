"""What one cell of a file of lists says: on the list or not, so many persons, or a range of them. Pure."""

from __future__ import annotations

import re

_ON = frozenset({"1", "oui", "x", "vrai", "true"})
_OFF = frozenset({"0", "non", "faux", "false"})
_SPACES = re.compile(r"[\s\u00a0\u202f]+")
_BELOW = re.compile(r"<(\d{1,6})")
_RANGE = re.compile(r"(\d{1,9})[-–à](\d{1,9})")
_SAFE = re.compile(r"[-+<>=\d.,\s\u00a0\u202f]{1,12}")
MOST_PERSONS = 10**9


def mark(cell: str) -> bool | None:
    """On the list? None for a text that is no mark; an empty cell is for the caller to judge."""
    text = cell.casefold()
    return True if text in _ON else False if text in _OFF else None


def persons(cell: str) -> tuple[int, int] | None:
    """Fewest and most persons: "12" is 12 to 12, "< 5" and "1-4" are 1 to 4. None for anything else."""
    text = _SPACES.sub("", cell)
    if text.isascii() and text.isdigit():
        number = int(text[:12])
        return (number, number) if number <= MOST_PERSONS else None
    if (below := _BELOW.fullmatch(text)) and int(below[1]) > 1:
        return 1, int(below[1]) - 1
    if (ends := _RANGE.fullmatch(text)) and int(ends[1]) <= int(ends[2]) <= MOST_PERSONS:
        return int(ends[1]), int(ends[2])
    return None


def told(cell: str) -> str:
    """How a message tells what came: figures are quoted, any other text could be somebody's name."""
    if not cell:
        return "rien"
    if _SAFE.fullmatch(cell):
        return f"«\u00a0{cell}\u00a0»"
    return f"un texte de {len(cell)} caractère{'s' if len(cell) > 1 else ''}"

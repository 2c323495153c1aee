"""Erase the two folders of a linkage, or the one somebody holds, once the report is out. [I/O]

No date is written in them: nothing there says when the report is. Source: docs/methods/consolidation.md.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from egide.diagnostic.census.runs import blank
from egide.diagnostic.consolidation.folders import COUNTING, DECISIONS, LEVELS, LINKING, PAIRS, SITUATIONS
from egide.errors import StoreError

_OURS = {LINKING: frozenset((SITUATIONS, PAIRS, DECISIONS)), COUNTING: frozenset((LEVELS,))}


def to_erase(folder: Path) -> tuple[Path, ...]:
    """The files of a folder that `situations link` wrote: both parts, or either, under any name.

    Raises: StoreError when it holds anything else, a link included: it would be lost.
    """
    found = sorted(path for path in folder.rglob("*") if not path.is_dir() or path.is_symlink())
    parts: dict[Path, set[str]] = {}
    for path in found:
        parts.setdefault(path.parent, set()).add(path.name)
    ours = bool(found) and all(
        any(names == whole and part in (folder, folder / name) for name, whole in _OURS.items())
        for part, names in parts.items()
    )
    if not ours or any(path.is_symlink() for path in found):
        raise StoreError(
            f"{folder}\u00a0: attendu un dossier écrit par «\u00a0situations link\u00a0», ou l’une de ses deux parts, "
            "reçu autre chose. Rien n’a été effacé."
        )
    return tuple(found)


def erase(folder: Path) -> None:
    """Zeros over each file, then no folder. Raises as `to_erase`, before anything is touched."""
    for path in to_erase(folder):
        blank(path)
    shutil.rmtree(folder)

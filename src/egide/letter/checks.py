"""What the publication checks of itself: the same number everywhere, and what was revised since last known. Pure.

Two institutions, or two sections, often state the same thing. The edition lists such pairs in `consistency.toml`;
each pair must print alike, or carry the reason why it does not. An unexplained difference stops the build.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import asdict, frozen

from egide.disclosure.cells import Cell, Vintage
from egide.document.typography import cell_text, content_text
from egide.errors import Defect, EditionRefused


@frozen(kw_only=True)
class Same:
    """Two expressions that must print alike. `accepted`: why they do not, when the authors know."""

    says: str
    left: str
    right: str
    accepted: str = ""


@frozen(kw_only=True)
class Verdict:
    says: str
    left: str
    right: str
    left_shown: str
    right_shown: str
    agrees: bool
    accepted: str


def parse_consistency(settings: Mapping[str, Any]) -> tuple[Same, ...]:
    """Read the `[[same]]` tables of `consistency.toml`. Raises EditionRefused with all that is missing."""
    defects, found = [], []
    for rank, entry in enumerate(settings.get("same", ()), start=1):
        missing = [name for name in ("says", "left", "right") if not isinstance(entry.get(name), str)]
        unknown = sorted(set(entry) - {"says", "left", "right", "accepted"})
        if missing or unknown:
            defects.append(
                Defect(
                    place=f"consistency.toml, [[same]] n° {rank}",
                    expected="says, left, right et, au besoin, accepted",
                    got=", ".join([*(f"{name} absent" for name in missing), *(f"{name} inconnu" for name in unknown)]),
                    way_out="Complétez l’entrée.",
                )
            )
        else:
            found.append(Same(**entry))
    if defects:
        raise EditionRefused(defects)
    return tuple(found)


def consistency(pairs: Iterable[Same], cells: Mapping[str, Cell]) -> tuple[Verdict, ...]:
    """Compare each pair as printed. Raises EditionRefused for a difference nobody explained, or an explanation
    that is no longer needed."""
    verdicts = tuple(_verdict(pair, cells) for pair in pairs if pair.left in cells and pair.right in cells)
    defects = [_defect(verdict) for verdict in verdicts if verdict.agrees == bool(verdict.accepted)]
    if defects:
        raise EditionRefused(defects)
    return verdicts


def _verdict(pair: Same, cells: Mapping[str, Cell]) -> Verdict:
    left, right = cell_text(cells[pair.left]), cell_text(cells[pair.right])
    return Verdict(**asdict(pair), left_shown=left, right_shown=right, agrees=left == right)


def _defect(verdict: Verdict) -> Defect:
    if verdict.agrees:
        return Defect(
            place=f"consistency.toml, « {verdict.says} »",
            expected="une explication seulement là où les nombres diffèrent",
            got=f"{verdict.left_shown} des deux côtés",
            way_out="Retirez « accepted ».",
        )
    return Defect(
        place=f"consistency.toml, « {verdict.says} »",
        expected=f"{verdict.left_shown} ({verdict.left})",
        got=f"{verdict.right_shown} ({verdict.right})",
        way_out="Corrigez l’une des deux livraisons ou expliquez l’écart par « accepted ».",
    )


@frozen(kw_only=True)
class Revision:
    """A printed number that was stated differently before."""

    cell: Cell
    before: Vintage
    was: str
    now: str


def revisions(cells: Iterable[Cell]) -> tuple[Revision, ...]:
    """Printed cells whose last earlier vintage read otherwise, in order of the cells."""
    found = []
    for cell in cells:
        if cell.journey.vintages:
            before = cell.journey.vintages[-1]
            was, now = content_text(before.content, cell.measure.unit), cell_text(cell)
            if was != now:
                found.append(Revision(cell=cell, before=before, was=was, now=now))
    return tuple(found)

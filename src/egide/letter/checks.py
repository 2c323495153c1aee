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


@frozen(kw_only=True)
class Within:
    """Two expressions of which the first counts no more than the second: a scope inside another one."""

    says: str
    part: str
    whole: str


def parse_inclusions(settings: Mapping[str, Any]) -> tuple[Within, ...]:
    """Read the `[[within]]` tables of `consistency.toml`. Raises EditionRefused with all that is missing."""
    names = ("says", "part", "whole")
    return tuple(Within(**entry) for entry in _entries(settings, "within", names, optional=()))


def parse_consistency(settings: Mapping[str, Any]) -> tuple[Same, ...]:
    """Read the `[[same]]` tables of `consistency.toml`. Raises EditionRefused with all that is missing."""
    return tuple(Same(**entry) for entry in _entries(settings, "same", ("says", "left", "right"), ("accepted",)))


def _entries(
    settings: Mapping[str, Any], table: str, required: tuple[str, ...], optional: tuple[str, ...]
) -> list[Mapping[str, str]]:
    defects, found = [], []
    for rank, entry in enumerate(settings.get(table, ()), start=1):
        missing = [name for name in required if not isinstance(entry.get(name), str)]
        unknown = sorted(set(entry) - {*required, *optional})
        if missing or unknown:
            defects.append(
                Defect(
                    place=f"consistency.toml, [[{table}]] n° {rank}",
                    expected=", ".join(required) + "".join(f" et, au besoin, {name}" for name in optional),
                    got=", ".join([*(f"{name} absent" for name in missing), *(f"{name} inconnu" for name in unknown)]),
                    way_out="Complétez l’entrée.",
                )
            )
        else:
            found.append(entry)
    if defects:
        raise EditionRefused(defects)
    return found


def consistency(pairs: Iterable[Same], cells: Mapping[str, Cell]) -> tuple[Verdict, ...]:
    """Compare each pair as printed. Raises EditionRefused for a difference nobody explained, or an explanation
    that is no longer needed."""
    verdicts = tuple(_verdict(pair, cells) for pair in pairs if pair.left in cells and pair.right in cells)
    defects = [_defect(verdict) for verdict in verdicts if verdict.agrees == bool(verdict.accepted)]
    if defects:
        raise EditionRefused(defects)
    return verdicts


def inclusions(declared: Iterable[Within], cells: Mapping[str, Cell]) -> None:
    """Check each declared scope on what is printed. Raises EditionRefused for a part larger than its whole."""
    defects = []
    for one in declared:
        part, whole = cells.get(one.part), cells.get(one.whole)
        if part is None or whole is None:
            continue  # told, with its reason, when it was asked for
        least, most = part.value.low, whole.value.high
        if least is not None and most is not None and least > most:
            defects.append(
                Defect(
                    place=f"consistency.toml, « {one.says} »",
                    expected=f"au plus {cell_text(whole)} ({one.whole})",
                    got=f"{cell_text(part)} ({one.part})",
                    way_out="Corrigez l’une des deux livraisons, ou retirez l’entrée.",
                )
            )
    if defects:
        raise EditionRefused(defects)


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

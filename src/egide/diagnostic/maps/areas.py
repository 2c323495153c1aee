"""Zones merged with their neighbours until each one that shows something shows enough. Pure.

Nested over the years: given last year's areas, this year's are unions of them, so that the difference of two maps
uncovers nobody. Source: docs/methods/maps.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import frozen

from egide.diagnostic.maps.counts import Counts, Enough
from egide.diagnostic.maps.zones import Neighbours
from egide.diagnostic.thresholds import Behind


@frozen(kw_only=True)
class Area:
    """Zones shown as one: codes in order, and what stands behind the whole."""

    zones: tuple[str, ...]
    behind: Behind

    @property
    def is_empty(self) -> bool:
        return self.behind.persons == 0


def areas_of(
    counts: Counts,
    neighbours: Neighbours,
    *,
    enough: Enough,
    former: Iterable[Sequence[str]] = (),
) -> tuple[Area, ...]:
    """A partition of the zones, as fine as merging one area after another allows.

    In:     `former`, the areas of the last edition, which are never cut.
    Out:    areas in the order of their first zone. One that is neither empty nor enough has no neighbour left with
            anything in it: it must be hidden.
    Raises: KeyError for a zone of `former` that is not counted.
    """
    whole = [tuple(sorted(one)) for one in former]
    held = {code for zones in whole for code in zones}
    start = [*whole, *((code,) for code in counts.zones if code not in held)]
    areas = {zones[0]: Area(zones=zones, behind=counts.behind(zones)) for zones in start}
    while (short := _smallest_short(areas.values(), enough, neighbours)) is not None:
        joined = _joined(areas, short, counts, enough, neighbours)
        if joined is None:
            break
        for area in joined:
            del areas[area.zones[0]]
        zones = tuple(sorted(code for area in joined for code in area.zones))
        areas[zones[0]] = Area(zones=zones, behind=counts.behind(zones))
    return tuple(areas[first] for first in sorted(areas))


def shown_share(areas: Iterable[Area], enough: Enough) -> float:
    """Share of the persons of each area who are in one that can be shown, from 0 to 1; 1 when there is nobody."""
    parts = [(area.behind.persons, enough(area.behind)) for area in areas]
    everyone = sum(persons for persons, _ in parts)
    return sum(persons for persons, fine in parts if fine) / everyone if everyone else 1.0


def _smallest_short(areas: Iterable[Area], enough: Enough, neighbours: Neighbours) -> Area | None:
    """The area that needs others most, among those that have some to go to."""
    everything = tuple(areas)
    short = [area for area in everything if not area.is_empty and not enough(area.behind)]
    able = [area for area in short if _paths(area, everything, neighbours)]
    return min(able, key=lambda area: (area.behind.persons, area.zones), default=None)


def _joined(
    areas: Mapping[str, Area], short: Area, counts: Counts, enough: Enough, neighbours: Neighbours
) -> tuple[Area, ...] | None:
    """The area and what it is merged with: enough at once if possible, with as few persons as possible."""
    paths = _paths(short, tuple(areas.values()), neighbours)

    def cost(path: tuple[Area, ...]) -> tuple[bool, int, int, tuple[str, ...]]:
        behind = counts.behind([code for area in path for code in area.zones])
        return (not enough(behind), len(path), behind.persons, path[-1].zones)

    return min(paths, key=cost, default=None)


def _paths(start: Area, areas: Sequence[Area], neighbours: Neighbours) -> list[tuple[Area, ...]]:
    """Shortest ways, through empty areas, to each area with somebody in it; all of the nearest ring."""
    home = {code: area for area in areas for code in area.zones}
    reached: dict[tuple[str, ...], tuple[Area, ...]] = {start.zones: (start,)}
    ring: list[tuple[Area, ...]] = [(start,)]
    while ring:
        found: list[tuple[Area, ...]] = []
        following: list[tuple[Area, ...]] = []
        for path in ring:
            beside = {home[other].zones: home[other] for code in path[-1].zones for other in neighbours[code]}
            for zones in sorted(beside.keys() - reached.keys()):
                area = beside[zones]
                reached[zones] = (*path, area)
                (following if area.is_empty else found).append(reached[zones])
        if found:
            return found
        ring = following
    return []

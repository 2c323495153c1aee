"""Zones of a territory and which of them touch: what counts are laid on before any is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import cos, isfinite, radians

import numpy as np
from attrs import field, frozen

Neighbours = Mapping[str, frozenset[str]]


@frozen(kw_only=True)
class Zone:
    """An inter-municipal grouping, a living area or a square of a grid, at its label point in degrees."""

    code: str
    name: str
    longitude: float = field()
    latitude: float = field()

    @longitude.validator
    @latitude.validator
    def _on_earth(self, attribute: object, value: float) -> None:
        if not isfinite(value) or abs(self.longitude) > 180 or abs(getattr(self, "latitude", 0.0)) > 90:
            raise ValueError(f"zone {self.code}: no such place on earth")


def touching(zones: Sequence[Zone]) -> Neighbours:
    """Who is next to whom, from label points alone: the Gabriel graph.

    Two zones are neighbours when no third one lies in the disc whose diameter joins them. The graph is connected, so
    that merging can always go on. A list of neighbours that somebody drew is better where there is one.
    Source: Gabriel and Sokal, "A new statistical approach to geographic variation analysis", Syst. Zool. 18 (1969).
    """
    if not zones:
        return {}
    squeeze = cos(radians(sum(zone.latitude for zone in zones) / len(zones)))
    x = np.array([zone.longitude * squeeze for zone in zones])
    y = np.array([zone.latitude for zone in zones])
    apart = (x[:, None] - x) ** 2 + (y[:, None] - y) ** 2
    inside = (apart[:, None, :] + apart[None, :, :]) < apart[:, :, None]
    linked = ~inside.any(axis=2) & ~np.eye(len(zones), dtype=bool)
    return {
        zone.code: frozenset(zones[int(other)].code for other in np.flatnonzero(linked[place]))
        for place, zone in enumerate(zones)
    }


def squares(places: Sequence[Zone], *, kilometres: float) -> dict[str, Zone]:
    """The square of a grid that each place falls in, by the place's code; squares are `kilometres` wide.

    The grid starts at whole multiples of its side from 0° N 0° E, not at the department: it cannot be shifted to make
    a count fall where one likes (de Wolf, arXiv 2606.13327). Refuses a side that is not above zero.
    """
    if not kilometres > 0:
        raise ValueError("a square has a side above zero")
    high = kilometres / 111.32
    found = {}
    for place in places:
        row = int(np.floor(place.latitude / high))
        wide = high / cos(radians((row + 0.5) * high))
        column = int(np.floor(place.longitude / wide))
        found[place.code] = Zone(
            code=f"{row}:{column}",
            name=f"Carré {row}:{column}",
            longitude=(column + 0.5) * wide,
            latitude=(row + 0.5) * high,
        )
    return found

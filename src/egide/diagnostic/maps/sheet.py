"""The whole map: layers drawn at the label points of their areas, the table and the text that say the same. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from attrs import frozen

from egide.diagnostic.maps.layer_map import HATCHED, LayerMap, Size
from egide.diagnostic.maps.zones import Zone
from egide.document.charts.marks import chart
from egide.document.charts.svg import finished, svg_of
from egide.document.charts.zones import ABSENT, HIDDEN, NONE_OR_FEW, ZONE_NOTES, Place, zone_map
from egide.document.typography import NBSP, THIN

PRECAUTIONS = (
    "Une même personne peut apparaître dans plusieurs couches ou zones\u00a0: les symboles ne s’additionnent pas.",
    "Aucun taux par habitant n’a de sens sur ces nombres, et aucune comparaison brute avec un autre territoire.",
)


@frozen(kw_only=True)
class MapSheet:
    """What leaves: a drawing, a table of words, and the same in sentences for who does not see it."""

    title: str
    svg: str
    alternative: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]


def sheet_of(
    title: str,
    department: str,
    zones: Sequence[Zone],
    layers: Sequence[LayerMap],
    *,
    draw: Callable[[dict[str, Any]], str] = svg_of,
) -> MapSheet:
    """The sheet of one department, overseas included.

    In:     layers over the same zones and with the same classes, in the order of the legend.
    Raises: ValueError when they are not; KeyError for a department without an outline.
    """
    codes = {zone.code for zone in zones}
    if not layers or any({code for area, _ in one.areas for code in area} != codes for one in layers):
        raise ValueError("every layer speaks of every zone")
    if len({one.sizes for one in layers}) > 1:
        raise ValueError("the layers of one map share their classes")
    known = {zone.code: zone for zone in zones}
    areas = dict.fromkeys(area for one in layers for area, _ in one.areas)
    places = [_place([known[code] for code in area], [_rank(one, area) for one in layers]) for area in areas]
    sizes = layers[0].sizes
    rows = tuple((place.name, *(_words(rank, sizes) for rank in place.ranks)) for place in places)
    drawing = zone_map(department, places, [one.name for one in layers], [size.label for size in sizes])
    alternative = _alternative(title, layers, places, sizes)
    return MapSheet(
        title=title,
        svg=finished(draw(chart(drawing)), id="carte", title=title, description=alternative),
        alternative=alternative,
        columns=("Zone", *(one.name for one in layers)),
        rows=rows,
        notes=(*ZONE_NOTES, *PRECAUTIONS),
    )


def _rank(layer: LayerMap, area: tuple[str, ...]) -> int:
    """ABSENT when this layer shows these zones otherwise grouped."""
    rank = dict(layer.areas).get(area, ABSENT)
    return HIDDEN if rank == HATCHED else rank


def _place(zones: Sequence[Zone], ranks: Sequence[int]) -> Place:
    return Place(
        name=_joined([zone.name for zone in zones]),
        longitude=sum(zone.longitude for zone in zones) / len(zones),
        latitude=sum(zone.latitude for zone in zones) / len(zones),
        ranks=tuple(ranks),
    )


def _joined(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} et {last}" if first else last


def _words(rank: int, sizes: Sequence[Size]) -> str:
    if rank == ABSENT:
        return "regroupée autrement"
    return NONE_OR_FEW if rank == HIDDEN else sizes[rank].persons


def _alternative(title: str, layers: Sequence[LayerMap], places: Sequence[Place], sizes: Sequence[Size]) -> str:
    """One sentence a layer: the zones of each class, from the most to the fewest."""
    sentences = [f"Carte du département par zones. {title}."]
    for number, layer in enumerate(layers):
        parts = []
        for rank in (*reversed(range(len(sizes))), HIDDEN):
            held = [place.name for place in places if place.ranks[number] == rank]
            if held:
                parts.append(f"{_words(rank, sizes)} ({' / '.join(held)})")
        sentences.append(f"{layer.name}{NBSP}: {f'{THIN}; '.join(parts)}.")
    return " ".join(sentences)

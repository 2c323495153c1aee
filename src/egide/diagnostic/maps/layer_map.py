"""One layer of a map: areas by class, what an attacker can still work out, and a refusal when that is too much.

Classes, a hatched box and nothing else leave: no count, no radius, no tooltip. Everything that is said is put to
`egide.disclosure.attack`, which looks for the counts behind. Source: docs/methods/maps.md, goal G10 of the method.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from itertools import pairwise

from attrs import field, frozen

from egide.diagnostic.maps.areas import Area, areas_of, shown_share
from egide.diagnostic.maps.counts import Counts, Enough
from egide.diagnostic.maps.zones import Neighbours
from egide.disclosure.attack.audit import audit
from egide.disclosure.attack.system import Statement, System, Unknown
from egide.document.typography import NBSP
from egide.errors import ReleaseRefused

HATCHED = -1


@frozen(kw_only=True)
class Size:
    """A class of the legend: `low` persons or more, `high` at most; None: no upper end."""

    low: int
    high: int | None = None

    @property
    def label(self) -> str:
        return f"{self.low} à {self.high}" if self.high is not None else f"{self.low} ou plus"

    @property
    def persons(self) -> str:
        return f"{self.low} à {self.high} personnes" if self.high is not None else f"{self.low} personnes ou plus"

    def holds(self, persons: int) -> bool:
        return self.low <= persons and (self.high is None or persons <= self.high)


FINE = (Size(low=5, high=9), Size(low=10, high=24), Size(low=25))
COARSE = (Size(low=11, high=24), Size(low=25))  # where eleven persons are the least that may be shown


@frozen(kw_only=True)
class LayerMap:
    """What may be drawn and printed: groups of zones and the rank of their class, HATCHED for none or too few."""

    name: str
    sizes: tuple[Size, ...]
    areas: tuple[tuple[tuple[str, ...], int], ...]
    shown: float = field(repr=False)  # share of the persons who are in a class: for the authors, never printed
    total: int | None = None  # persons of the layer, when the publication says it

    def rank_of(self, zone: str) -> int:
        return next(rank for zones, rank in self.areas if zone in zones)


def layer_map(
    name: str,
    counts: Counts,
    neighbours: Neighbours,
    *,
    enough: Enough,
    sizes: Sequence[Size] = FINE,
    total_is_public: bool = False,
    former: Iterable[Sequence[str]] = (),
    also_public: Iterable[Statement] = (),
) -> LayerMap:
    """The layer, once no small count of a zone or of an area can be narrowed by anyone who reads it.

    In:     `total_is_public`: the publication prints the persons of the layer;
            `also_public`: what else is said of these zones (cells are zone codes).
    Raises: ReleaseRefused naming the layer and what gives it away, when merging everything does not help;
            ValueError for classes that leave a gap or have an upper end.

    An area that `enough` lets out and that falls under the first class is hatched, as if it held too few.
    """
    _check(sizes)
    areas = areas_of(counts, neighbours, enough=enough, former=former)
    said = tuple(also_public)
    while True:
        ranked = tuple((area, _rank(area, sizes, enough)) for area in areas)
        if (leak := _leak(ranked, counts, sizes, total_is_public=total_is_public, said=said)) is None:
            break
        coarser = _coarser(areas, leak, counts, neighbours)
        if coarser is None:
            raise ReleaseRefused(
                f"Carte, couche «{NBSP}{name}{NBSP}»{NBSP}: ce qui est public laisse deviner un petit effectif,"
                " et aucune zone voisine ne peut le couvrir. Ne publiez pas le total de cette couche, ou pas la couche."
            )
        areas = coarser
    return LayerMap(
        name=name,
        sizes=tuple(sizes),
        areas=tuple((area.zones, rank) for area, rank in ranked),
        shown=shown_share(areas, enough),
        total=counts.behind(counts.zones).persons if total_is_public else None,
    )


def _check(sizes: Sequence[Size]) -> None:
    for before, after in pairwise(sizes):
        if before.high is None or after.low != before.high + 1:
            raise ValueError("classes follow each other without a gap")
    if not sizes or sizes[-1].high is not None:
        raise ValueError("the last class has no upper end")


def _rank(area: Area, sizes: Sequence[Size], enough: Enough) -> int:
    if not enough(area.behind):
        return HATCHED
    return next((rank for rank, size in enumerate(sizes) if size.holds(area.behind.persons)), HATCHED)


def _leak(
    ranked: Sequence[tuple[Area, int]],
    counts: Counts,
    sizes: Sequence[Size],
    *,
    total_is_public: bool,
    said: Sequence[Statement],
) -> Area | None:
    """An area in which a reader can narrow a small count; None when there is none.

    He is taken to know that a hatched area holds fewer than the first class, whenever that is true of all of them.
    """
    least = sizes[0].low
    few = all(area.behind.persons < least for area, rank in ranked if rank == HATCHED)
    unknowns: dict[Hashable, Unknown] = {code: Unknown(label="zone", low=0, plain=True) for code in counts.zones}
    statements = list(said)
    for area, rank in ranked:
        low, high = (0, least - 1 if few else None) if rank == HATCHED else (sizes[rank].low, sizes[rank].high)
        words = f"carte, {'hachures' if rank == HATCHED else sizes[rank].label}"
        statements += _held(area.zones, low, high, additive=counts.additive, said=words)
    if total_is_public:
        everyone = counts.behind(counts.zones).persons
        statements += _held(counts.zones, everyone, everyone, additive=counts.additive, said="total de la couche")
    found = audit(System.of(unknowns, statements))
    for area, rank in ranked:
        ends = [found[code] for code in area.zones]
        small = [0 < counts.behind([code]).persons < least for code in area.zones]
        narrow = [end.low != 0 or (end.high is not None and end.high < least - 1) for end in ends]
        if any(bad and count for bad, count in zip(narrow, small, strict=True)):
            return area
        if rank == HATCHED and not area.is_empty and any(narrow):
            return area
    return None


def _held(zones: Sequence[str], low: int, high: int | None, *, additive: bool, said: str) -> list[Statement]:
    """What a number of persons in several zones says of each: their sum, or at most their sum and at least each."""
    together = Statement(
        terms=tuple((code, 1) for code in zones), low=low, high=high if additive or len(zones) == 1 else None, said=said
    )
    if additive or len(zones) == 1 or high is None:
        return [together]
    return [together, *(Statement(terms=((code, 1),), high=high, said=said) for code in zones)]


def _coarser(areas: Sequence[Area], leak: Area, counts: Counts, neighbours: Neighbours) -> tuple[Area, ...] | None:
    """The same areas, but the leaking one merged with the smallest that touches it."""
    touching = {other for code in leak.zones for other in neighbours[code]} - set(leak.zones)
    beside = [area for area in areas if touching & set(area.zones)]
    if not beside:
        return None
    partner = min(beside, key=lambda area: (area.is_empty, area.behind.persons, area.zones))
    zones = tuple(sorted((*leak.zones, *partner.zones)))
    merged = Area(zones=zones, behind=counts.behind(zones))
    return tuple(
        sorted((merged, *(area for area in areas if area not in (leak, partner))), key=lambda area: area.zones)
    )

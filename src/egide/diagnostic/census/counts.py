"""Ads, authors and persons by category of site, territory and month, and what of it may be shown.

Counts are exact here and stay inside the run. What is printed is a partition whose every part may be shown by itself:
parts that may not are put together, with the smallest other one if need be, so that subtracting from the total
gives nothing back. Maps and the report go through their own protection. Source: docs/methods/ad-census.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import numpy as np
from attrs import frozen

from egide.diagnostic.census.features import Features
from egide.diagnostic.thresholds import Behind, behind, publishable

Cell = tuple[str, ...]


def tally(features: Features, *by: str) -> dict[Cell, Behind]:
    """Who stands behind each combination of labels ("categorie", "commune", "mois"…), in order of labels.

    One person may stand behind several cells: persons and authors do not add up, ads do.
    """
    places = _places(features, by)
    person, author = features.numbers["personne"], features.numbers["auteur"]
    return {cell: behind(person[here], author[here]) for cell, here in sorted(places.items())}


def told_by_zone(features: Features, zone: str = "epci") -> dict[str, Behind]:
    """The same by zone, each person counted in one zone only: that of most of their ads, the first code when equal.

    This is what `egide.diagnostic.maps` takes. Ads whose zone is not known are left out.
    """
    codes = features.labels[zone]
    ads: dict[int, Counter[str]] = {}
    for code, person in zip(codes, features.numbers["personne"].tolist(), strict=True):
        if code:
            ads.setdefault(person, Counter())[code] += 1
    homes = Counter(min(found, key=lambda code: (-found[code], code)) for found in ads.values())
    return {
        cell: Behind(persons=homes[cell], authors=all_of.authors, ads=all_of.ads, most=all_of.most)
        for (cell,), all_of in tally(features, zone).items()
        if cell
    }


@frozen(kw_only=True)
class Part:
    """One line that may be shown: the cells it stands for and how many ads they hold together."""

    cells: tuple[Cell, ...]
    ads: int


def shown(
    features: Features, *by: str, crossed: bool, among: Collection[Cell] | None = None, of: str = ""
) -> tuple[Part, ...]:
    """A partition of the ads into parts that may be shown, the mixed one last; nothing when even all may not.

    crossed: 11 persons a part instead of 5, as for communes. among, of: only the ads whose label `of` is in `among`.
    """
    person, author = features.numbers["personne"], features.numbers["auteur"]
    places = _places(features, by)
    if among is not None:
        inside = np.array([(label,) in among for label in features.labels[of]], np.bool_)
        places = {cell: here[inside[here]] for cell, here in places.items() if inside[here].any()}
    sizes = {cell: len(here) for cell, here in places.items()}
    safe = [cell for cell, here in places.items() if publishable(behind(person[here], author[here]), crossed=crossed)]
    mixed = [cell for cell in places if cell not in set(safe)]
    safe.sort(key=lambda cell: (sizes[cell], cell))
    while mixed:
        here = np.concatenate([places[cell] for cell in mixed])
        if len(mixed) > 1 and publishable(behind(person[here], author[here]), crossed=crossed):
            break
        if not safe:
            return ()
        mixed.append(safe.pop(0))
    parts = [Part(cells=(cell,), ads=sizes[cell]) for cell in sorted(safe)]
    if mixed:
        parts.append(Part(cells=tuple(sorted(mixed)), ads=sum(sizes[cell] for cell in mixed)))
    return tuple(parts)


def territories(features: Features) -> tuple[tuple[Part, tuple[Part, ...]], ...]:
    """Parts by EPCI, each with its parts by commune, or none where the communes of the part may not be told apart.

    Communes are put together inside their part only: an EPCI minus its communes shown gives nothing smaller.
    """
    found = []
    for part in shown(features, "epci", crossed=False):
        communes = shown(features, "commune", crossed=True, among=part.cells, of="epci")
        found.append((part, communes if len(communes) > 1 else ()))
    return tuple(found)


def by_site(features: Features) -> Mapping[str, int]:
    """Ads of each site."""
    return Counter(features.labels["site"])


def _places(features: Features, by: Sequence[str]) -> dict[Cell, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    found: dict[Cell, list[int]] = {}
    for place, cell in enumerate(zip(*(features.labels[name] for name in by), strict=True)):
        found.setdefault(cell, []).append(place)
    return {cell: np.array(here, np.int64) for cell, here in found.items()}

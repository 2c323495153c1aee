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
from numpy.typing import NDArray

from egide.diagnostic.census.features import Features
from egide.diagnostic.thresholds import Behind, behind, parts, publishable

Cell = tuple[str, ...]
Places = NDArray[np.int64]


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

    def fit(here: Places) -> bool:
        return publishable(behind(person[here], author[here]), crossed=crossed)

    return tuple(Part(cells=cells, ads=sum(len(places[cell]) for cell in cells)) for cells in parts(places, fit))


def whole(features: Features) -> int | None:
    """Ads of the run, or None when even all of them may not be shown."""
    cell = behind(features.numbers["personne"], features.numbers["auteur"])
    return len(features) if publishable(cell, crossed=False) else None


def territories(features: Features) -> tuple[tuple[Part, tuple[Part, ...]], ...]:
    """Parts by EPCI, each with its parts by commune, or none where the communes of the part may not be told apart.

    Communes are put together inside their part only: an EPCI minus its communes shown gives nothing smaller.
    """
    found = []
    for part in shown(features, "epci", crossed=False):
        communes = shown(features, "commune", crossed=True, among=part.cells, of="epci")
        found.append((part, communes if len(communes) > 1 else ()))
    return tuple(found)


def coarsened(features: Features) -> Features:
    """The same without the communes and months that are told on no line of their own: what is counted stays the same.

    An ad alone in its commune and month could be found again, in another run or by who knows it.
    """
    told = {
        "commune": {cell for _, inside in territories(features) for cell in _alone(inside)},
        "mois": set(_alone(shown(features, "mois", crossed=False))),
    }
    blanked = {name: [label if (label,) in told[name] else "" for label in features.labels[name]] for name in told}
    return Features(labels={**features.labels, **blanked}, numbers=features.numbers)


def _alone(lines: Sequence[Part]) -> list[Cell]:
    return [line.cells[0] for line in lines if len(line.cells) == 1]


def told_sites(features: Features) -> frozenset[str]:
    """Sites whose own number of ads may be said: alone on their line among those of their category.

    An extrapolation gives the number of ads read back (ads x pages read / pages), so it is no less telling.
    """
    return frozenset(
        site
        for part in shown(features, "categorie", crossed=False)
        for line in shown(features, "site", crossed=False, among=part.cells, of="categorie")
        if len(line.cells) == 1
        for (site,) in line.cells
    )


def by_site(features: Features) -> Mapping[str, int]:
    """Ads of each site."""
    return Counter(features.labels["site"])


def _places(features: Features, by: Sequence[str]) -> dict[Cell, Places]:
    found: dict[Cell, list[int]] = {}
    for place, cell in enumerate(zip(*(features.labels[name] for name in by), strict=True)):
        found.setdefault(cell, []).append(place)
    return {cell: np.array(here, np.int64) for cell, here in found.items()}

"""Who stands behind a group of zones: counts that add up, or distinct persons that do not. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from egide.diagnostic.thresholds import Behind, behind, publishable

Labels = NDArray[np.int64]


Enough = Callable[[Behind], bool]


def enough(cell: Behind) -> bool:
    """The rule for zones of several municipalities."""
    return publishable(cell, crossed=False)


def enough_in_detail(cell: Behind) -> bool:
    """The rule for municipalities one by one."""
    return publishable(cell, crossed=True)


@frozen(kw_only=True, repr=False)
class Counts:
    """The zones of a layer, empty ones included, and who stands behind any group of them.

    additive: are the persons of two zones together the sum of both? Not when one person is advertised in both.
    """

    zones: tuple[str, ...]
    behind: Callable[[Sequence[str]], Behind] = field(eq=False)
    additive: bool

    @classmethod
    def added(cls, persons: Mapping[str, int]) -> Counts:
        """Persons told of by professionals, each under one zone of the layer."""
        return cls.told({zone: Behind(persons=number) for zone, number in persons.items()})

    @classmethod
    def told(cls, cells: Mapping[str, Behind]) -> Counts:
        """Counts that somebody else made, each person under one zone. Authors may be the same from zone to zone: of
        several zones they are taken to be as few, and the largest to hold as much, as can be.
        """

        def together(zones: Sequence[str]) -> Behind:
            held = [cells[zone] for zone in zones]
            persons = sum(one.persons for one in held)
            if all(one.ads is None for one in held):
                return Behind(persons=persons)
            return Behind(
                persons=persons,
                authors=max(one.authors or 0 for one in held),
                ads=sum(one.ads or 0 for one in held),
                most=sum(one.most or 0 for one in held),
            )

        return cls(zones=tuple(sorted(cells)), behind=together, additive=True)

    @classmethod
    def distinct(cls, zones: Sequence[str], *, zone: Labels, person: Labels, author: Labels) -> Counts:
        """Ads, of shape (n,): the place of each in `zones` (negative: elsewhere), its person and its author.

        A person shown in two zones counts once in both together.
        """
        place = {code: rank for rank, code in enumerate(zones)}

        def together(codes: Sequence[str]) -> Behind:
            inside = np.isin(zone, [place[code] for code in codes])
            return behind(person[inside], author[inside])

        return cls(zones=tuple(sorted(zones)), behind=together, additive=False)

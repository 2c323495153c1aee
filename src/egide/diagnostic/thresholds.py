"""When a cell of the diagnostic may be shown: persons and authors are counted, never ads.

One person may post 300 ads and one organiser may write for 40 persons: a threshold on ads would protect neither. Who
holds more than half of a cell's ads could subtract their own and read the rest. What passes here still goes through
`egide.disclosure`. Source: docs/methods/clues.md, "Thresholds".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import numpy as np
from attrs import field, frozen
from attrs.validators import ge, optional
from numpy.typing import NDArray

Cell = TypeVar("Cell", str, tuple[str, ...])

LEAST_PERSONS = 5
LEAST_PERSONS_CROSSED = 11  # communes, ages, or a cross with clues
LEAST_AUTHORS = 3
LARGEST_SHARE = 0.5  # of the ads of the cell; exactly one half may be shown


@frozen(kw_only=True)
class Behind:
    """Who stands behind one cell. No authors and no ads (None) when professionals told of the persons."""

    persons: int = field(validator=ge(0))
    authors: int | None = field(default=None, validator=optional(ge(0)))
    ads: int | None = field(default=None, validator=optional(ge(0)))
    most: int | None = field(default=None, validator=optional(ge(0)))  # ads of whoever has most, author or person

    def __attrs_post_init__(self) -> None:
        if len({part is None for part in (self.authors, self.ads, self.most)}) > 1:
            raise ValueError("authors, ads and the largest holder are known together or not at all")


def behind(person: NDArray[np.int64], author: NDArray[np.int64]) -> Behind:
    """Who stands behind a cell, from the person and the author of each of its ads.

    In:     two arrays of shape (ads,), any labels.
    Raises: ValueError when their lengths differ.
    """
    if len(person) != len(author):
        raise ValueError(f"{len(person)} persons but {len(author)} authors")
    of_person = np.unique(person, return_counts=True)[1]
    of_author = np.unique(author, return_counts=True)[1]
    return Behind(
        persons=len(of_person),
        authors=len(of_author),
        ads=len(person),
        most=int(max(of_person.max(initial=0), of_author.max(initial=0))),
    )


def publishable(cell: Behind, *, crossed: bool) -> bool:
    """May a cell be shown? An empty one may not: zero is a small number too.

    crossed: the cell is a commune, an age, or crosses anything with clues: 11 persons instead of 5.
    """
    if cell.persons < (LEAST_PERSONS_CROSSED if crossed else LEAST_PERSONS):
        return False
    if cell.authors is None or cell.ads is None or cell.most is None:
        return True
    return cell.authors >= LEAST_AUTHORS and cell.most <= LARGEST_SHARE * cell.ads


def parts(
    places: Mapping[Cell, NDArray[np.int64]], fit: Callable[[NDArray[np.int64]], bool]
) -> tuple[tuple[Cell, ...], ...]:
    """A partition of the cells into parts that may each be shown by itself; nothing when even all together may not.

    Those that may not be are put together, with the smallest other one if need be, and come last: subtracting from
    the total gives nothing back.
    In:     places: cell → places of its ads; fit: may the ads at these places be one part?
    """
    safe = [cell for cell, here in places.items() if fit(here)]
    mixed = [cell for cell in places if cell not in set(safe)]
    safe.sort(key=lambda cell: (len(places[cell]), cell))
    while mixed:
        if len(mixed) > 1 and fit(np.concatenate([places[cell] for cell in mixed])):
            break
        if not safe:
            return ()
        mixed.append(safe.pop(0))
    found: list[tuple[Cell, ...]] = [(cell,) for cell in sorted(safe)]
    if mixed:
        found.append(tuple(sorted(mixed)))
    return tuple(found)

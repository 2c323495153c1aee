"""Sites that show the same ads: said by what they share, never by how many ads they have.

Two sites are mirrors when at least half of their distinct texts together are on both, or when four fifths of their
persons are and a fifth of their texts. Eleven sites with 17 ads each may be mirrors or chance: with counts alone the
answer is "same count, to be checked". Source: docs/methods/ad-census.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

LEAST_TEXTS = 5  # on each site: fewer say nothing
SHARED_TEXTS = 0.5
SHARED_PERSONS = 0.8
SOME_TEXTS = 0.2
LEAST_ALIKE = 3  # sites of one count before it is worth checking
Ints = NDArray[np.int64]


@frozen(kw_only=True)
class Overlap:
    """Two sites, and what they have in common, as shares of what both have together (Jaccard)."""

    one: str
    other: str
    texts: float
    persons: float

    @property
    def mirror(self) -> bool:
        return self.texts >= SHARED_TEXTS or (self.persons >= SHARED_PERSONS and self.texts >= SOME_TEXTS)


def overlaps(site: Sequence[str], copy: Ints, person: Ints) -> tuple[Overlap, ...]:
    """Every pair of sites that share a text or a person, in order of codes; sites with too few texts left out.

    site, copy, person: shape (n,), of each ad: its site, which texts are identical, who is shown.
    """
    codes = sorted(set(site))
    rank = {code: place for place, code in enumerate(codes)}
    where = np.array([rank[code] for code in site], np.int64)
    texts, of_texts = _shared(where, copy, len(codes))
    persons, of_persons = _shared(where, person, len(codes))
    enough = of_texts >= LEAST_TEXTS
    found = []
    for one, other in zip(*np.nonzero(np.triu((texts + persons) > 0, 1)), strict=True):
        if enough[one] and enough[other]:
            found.append(
                Overlap(
                    one=codes[one],
                    other=codes[other],
                    texts=float(texts[one, other] / (of_texts[one] + of_texts[other] - texts[one, other])),
                    persons=float(persons[one, other] / (of_persons[one] + of_persons[other] - persons[one, other])),
                )
            )
    return tuple(found)


def groups(found: Sequence[Overlap]) -> tuple[tuple[str, ...], ...]:
    """Sites that mirror one another, directly or through a third, largest group first."""
    pairs = [(each.one, each.other) for each in found if each.mirror]
    codes = sorted({code for pair in pairs for code in pair})
    if not codes:
        return ()
    rank = {code: place for place, code in enumerate(codes)}
    rows, columns = zip(*((rank[one], rank[other]) for one, other in pairs), strict=True)
    graph = coo_array((np.ones(len(pairs)), (rows, columns)), shape=(len(codes), len(codes)))
    number, label = connected_components(graph, directed=False)
    gathered = [tuple(code for code in codes if label[rank[code]] == group) for group in range(number)]
    return tuple(sorted(gathered, key=lambda group: (-len(group), group)))


def same_count(ads: Mapping[str, int]) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """Counts that three sites or more have in common, and these sites: to be checked, no more."""
    by_count: dict[int, list[str]] = {}
    for code, number in ads.items():
        by_count.setdefault(number, []).append(code)
    alike = [
        (number, tuple(sorted(codes)))
        for number, codes in by_count.items()
        if number >= LEAST_TEXTS and len(codes) >= LEAST_ALIKE
    ]
    return tuple(sorted(alike, key=lambda each: (-len(each[1]), each[0])))


def _shared(where: Ints, group: Ints, sites: int) -> tuple[Ints, Ints]:
    """Distinct groups on both sites, shape (sites, sites), and on each, shape (sites,)."""
    pairs = np.unique(np.column_stack((where, np.unique(group, return_inverse=True)[1])), axis=0)
    ones = np.ones(len(pairs), np.int64)
    held = csr_array((ones, (pairs[:, 0], pairs[:, 1])), shape=(sites, int(pairs[:, 1].max(initial=0)) + 1))
    both = np.asarray((held @ held.T).todense(), np.int64)
    return both, np.diag(both).copy()

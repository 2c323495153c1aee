"""What several ads show together, as clues N1 to N4: true or false each, of shape (ads,). Pure.

"Several persons" are those of the person-level clusters; what decided those clusters is in docs/methods/clues.md.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from egide.diagnostic.clues.links import Links
from egide.diagnostic.duplicates.ads import Clusters

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


def several_ads_clues(clusters: Clusters, links: Links, *, block_alone: bool) -> dict[str, Bools]:
    """Clues N1 to N4 of each ad, by code.

    N1: its author writes for several persons. N2: the same, within one day or one area. N3: its account shows several
    persons. N4: one of its phones is given for several persons, or the first eight digits of one are; the latter only
    among ads of one author, unless `block_alone` (a small territory, where chance neighbours are rare).
    """
    person, author = clusters.person, clusters.author
    holder = person[links.phone_ad]
    block = links.block if block_alone else _both(author[links.phone_ad], links.block)
    shared = _several(links.phone, holder) | _several(block, holder)
    same_terms = [_several(_both(author, known), person) for known in (links.days, links.areas)]
    return {
        "N1": _several(author, person),
        "N2": same_terms[0] | same_terms[1],
        "N3": _several(links.accounts, person),
        "N4": np.bincount(links.phone_ad[shared], minlength=len(person)) > 0,
    }


def _several(group: Ints, person: Ints) -> Bools:
    """Does the group of each entry hold two persons or more? Never when the group is unknown (below 0)."""
    if not len(group):
        return np.zeros(0, dtype=np.bool_)
    number = np.unique(group, return_inverse=True)[1].astype(np.int64)
    lowest = np.full(int(number.max()) + 1, np.iinfo(np.int64).max)
    highest = np.full(len(lowest), np.iinfo(np.int64).min)
    np.minimum.at(lowest, number, person)
    np.maximum.at(highest, number, person)
    differ: Bools = (lowest < highest)[number] & (group >= 0)
    return differ


def _both(first: Ints, second: Ints) -> Ints:
    """One number for each pair of values; -1 where either is unknown."""
    left = np.unique(first, return_inverse=True)[1].astype(np.int64)
    right = np.unique(second, return_inverse=True)[1].astype(np.int64)
    pair = left * (int(right.max(initial=0)) + 1) + right
    return np.where((first < 0) | (second < 0), -1, pair)

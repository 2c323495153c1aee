"""From raw texts to authors and persons: the whole machine, in one pass, under the key of the run.

Source: docs/methods/near-duplicates.md.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from egide.diagnostic.duplicates.ads import UNKNOWN, Ads, Clusters
from egide.diagnostic.duplicates.authors import Links, by_identity, by_line, by_wording, parted, telling_lines
from egide.diagnostic.duplicates.folding import fold
from egide.diagnostic.duplicates.grams import sketched, wordings
from egide.diagnostic.duplicates.identities import identities
from egide.diagnostic.duplicates.likeness import near_pairs
from egide.diagnostic.duplicates.persons import persons
from egide.diagnostic.duplicates.phones import lines
from egide.diagnostic.duplicates.proposals import Neighbours
from egide.linkage.pseudonyms import Key

Ints = NDArray[np.int64]


def cluster(ads: Ads, *, key: Key) -> Clusters:
    """Group the ads by who writes and by who is shown. One configuration for every size.

    `key` seeds the sketches and digests the numbers: nothing made here can be compared with another run.
    """
    if not len(ads):
        return Clusters(author=np.empty(0, dtype=np.int64), person=np.empty(0, dtype=np.int64))
    folded = fold(ads.texts)
    seeds = np.array(key.words("sketches", 2), dtype=np.uint64)
    given = lines(folded, key, fold(ads.phones) if ads.phones is not None else None)
    shown = identities(folded)
    place = _labels(ads.places, len(ads))
    account = _labels(ads.accounts, len(ads))
    found = wordings(folded, seeds[0])
    del folded
    worth, wording = sketched(found, seeds[1]), found.of_ad
    del found
    near = near_pairs(worth)
    author = by_wording(wording, worth, near, given)[wording]
    given = telling_lines(author, given)
    del worth, near
    held = np.flatnonzero(account >= 0)
    links = Links(ad=given.ad, label=given.line).joined(Links(ad=held, label=account[held]))
    lined = np.zeros(len(ads), dtype=bool)
    lined[links.ad] = True
    author = by_identity(by_line(author, links), shown.name, shown.age, place, lined)
    line = np.full(len(ads), UNKNOWN, dtype=np.int64)
    line[given.ad[::-1]] = given.line[::-1]
    block = np.full(len(ads), UNKNOWN, dtype=np.int64)
    block[given.ad[::-1]] = given.block_of_line[given.line[::-1]]
    author = parted(author, block, shown.name, place)
    return Clusters(author=author, person=persons(author, shown.name, shown.age, place, line))


def neighbours(ads: Ads, *, key: Key) -> tuple[Ints, Neighbours]:
    """What the coding screen needs: the wording of each ad, and pairs of ads with like wordings, in memory only.

    One ad stands for all those of one wording. Likeness: share of what either says that both say, 0 to 1.
    """
    if not len(ads):
        nothing = np.empty(0, dtype=np.int64)
        return nothing, Neighbours(left=nothing, right=nothing, likeness=np.empty(0))
    seeds = np.array(key.words("neighbours", 2), dtype=np.uint64)
    found = wordings(fold(ads.texts), seeds[0])
    near = near_pairs(sketched(found, seeds[1]))
    first = np.unique(found.of_ad, return_index=True)[1]
    return found.of_ad, Neighbours(
        left=first[near.left], right=first[near.right], likeness=near.jaccard.astype(np.float64)
    )


def _labels(texts: Sequence[str] | None, count: int) -> Ints:
    """Equal labels for equal texts, `UNKNOWN` for an empty one."""
    if texts is None:
        return np.full(count, UNKNOWN, dtype=np.int64)
    known: dict[str, int] = {"": UNKNOWN}
    return np.fromiter((known.setdefault(text, len(known)) for text in texts), dtype=np.int64, count=count)

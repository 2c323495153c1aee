"""Other people's libraries, each as its users use it, to group ads by text and telephone.

For all of them: texts folded to a-z one by one and digits dropped; equal texts put aside first; runs of five
characters; 128 permutations; candidate pairs kept when the exact share of common runs reaches the threshold (gaoya
verifies its own); then telephone, then connected components. Numbers are given to them as Égide reads them, since
none of these libraries reads "O6". One thread. A pair already joined is not verified again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Ints = NDArray[np.int64]
RUN = 5
PERMUTATIONS = 128
_BATCH = 5_000
_OTHER = re.compile("[^a-z]+")


def folded(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _OTHER.sub(" ", bare).strip()


def runs(text: str) -> set[str]:
    return {text[place : place + RUN] for place in range(max(1, len(text) - RUN + 1))}


class Joined:
    """Connected components, as pairs come."""

    def __init__(self, count: int) -> None:
        self._up = list(range(count))

    def root(self, one: int) -> int:
        up = self._up
        while up[one] != one:
            up[one] = up[up[one]]
            one = up[one]
        return one

    def join(self, one: int, other: int) -> None:
        self._up[self.root(one)] = self.root(other)

    def labels(self) -> Ints:
        return np.array([self.root(one) for one in range(len(self._up))], dtype=np.int64)


def grouped(texts: Sequence[str], library: str, threshold: float) -> Ints:
    """Group of each text by a library of LIBRARIES, which groups different texts."""
    plain = [folded(text) for text in texts]
    place = {text: rank for rank, text in enumerate(dict.fromkeys(plain))}
    of_text = np.array([place[text] for text in plain], dtype=np.int64)
    return LIBRARIES[library](list(place), threshold)[of_text]


def alone(count: int) -> Ints:
    """Every ad by itself."""
    return np.arange(count, dtype=np.int64)


def exact(texts: list[str], threshold: float) -> Ints:
    """Nothing but equal texts."""
    return alone(len(texts))


def with_datasketch(texts: list[str], threshold: float) -> Ints:
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
    joined = Joined(len(texts))
    shingled = ([run.encode() for run in runs(text)] for text in texts)
    for rank, sketch in enumerate(MinHash.generator(shingled, num_perm=PERMUTATIONS)):
        _verified(texts, rank, index.query(sketch), threshold, joined)
        index.insert(rank, sketch, check_duplication=False)
    return joined.labels()


def with_rensa(texts: list[str], threshold: float) -> Ints:
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(threshold=threshold, num_perm=PERMUTATIONS, num_bands=16 if threshold >= 0.7 else 32)
    joined = Joined(len(texts))
    for first in range(0, len(texts), _BATCH):
        shingled = [list(runs(text)) for text in texts[first : first + _BATCH]]
        sketches = RMinHash.from_token_sets(shingled, PERMUTATIONS, 42)
        index.insert_many(sketches, first)
        for rank, candidates in enumerate(index.query_all(sketches), first):
            _verified(texts, rank, candidates, threshold, joined)
    return joined.labels()


def with_gaoya(texts: list[str], threshold: float) -> Ints:
    from gaoya.minhash import MinHashStringIndex

    # Bands from the S-curve of the library itself; 32 bits; its own five-letter runs and verification.
    index = MinHashStringIndex(32, threshold, None, None, PERMUTATIONS, "char", False, (RUN, RUN), "vec")
    joined = Joined(len(texts))
    for rank, text in enumerate(texts):
        for other in index.query(text):
            joined.join(rank, other)
        index.insert_document(rank, text)
    return joined.labels()


LIBRARIES: dict[str, Callable[[list[str], float], Ints]] = {
    "exact": exact,
    "datasketch": with_datasketch,
    "rensa": with_rensa,
    "gaoya": with_gaoya,
}


_MODULES = {"datasketch": "datasketch", "rensa": "rensa", "gaoya": "gaoya.minhash"}


def loaded(library: str) -> None:
    """Import it now."""
    if library in _MODULES:
        import_module(_MODULES[library])


def with_phones(groups: Ints, ad: Ints, line: Ints) -> Ints:
    """The same groups, those that give one telephone number being one. `ad`, `line`: who gives which."""
    size = int(groups.max(initial=-1)) + 1
    ends = size + int(line.max(initial=-1)) + 1
    links = coo_array((np.ones(len(ad), dtype=np.int8), (groups[ad], size + line)), shape=(ends, ends))
    found: Ints = connected_components(links, directed=False)[1].astype(np.int64)[groups]
    return found


def _verified(texts: list[str], rank: int, candidates: Iterable[int], threshold: float, joined: Joined) -> None:
    own: set[str] | None = None
    for other in candidates:
        if other == rank or joined.root(other) == joined.root(rank):
            continue
        own = own or runs(texts[rank])
        others = runs(texts[other])
        common = len(own & others)
        if common >= threshold * (len(own) + len(others) - common):
            joined.join(other, rank)

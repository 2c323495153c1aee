"""Which clues each ad bears: held in memory, read by this package only, and never written down."""

from __future__ import annotations

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from egide.diagnostic.clues._groups import several_ads_clues
from egide.diagnostic.clues._texts import one_ad_clues
from egide.diagnostic.clues.catalogue import CODES
from egide.diagnostic.clues.links import Links
from egide.diagnostic.duplicates.ads import Clusters
from egide.diagnostic.duplicates.folding import Folded


@frozen(kw_only=True, eq=False, repr=False)
class Marks:
    """Nine answers for each ad. Nobody can ask how many clues an ad has: tables of territories tell shares."""

    _said: NDArray[np.bool_] = field()  # shape (n, 9), columns as in CODES

    @_said.validator
    def _of_nine(self, attribute: object, value: NDArray[np.bool_]) -> None:
        if value.ndim != 2 or value.shape[1] != len(CODES) or value.dtype != np.bool_:
            raise ValueError(f"marks have the shape (ads, {len(CODES)}) and are true or false")

    def __len__(self) -> int:
        return len(self._said)

    def drawn(self, places: NDArray[np.int64]) -> Marks:
        """The marks of the ads at these places: those of a sample."""
        return Marks(said=self._said[places])

    def __reduce__(self) -> str:
        raise TypeError("which clues an ad bears is never written down")


def observe(folded: Folded, links: Links, clusters: Clusters, *, block_alone: bool = False) -> Marks:
    """What the machine sees of the nine clues, on a whole corpus.

    In:     texts folded, links and clusters of the same ads; `block_alone` as in docs/methods/clues.md, clue N4.
    Raises: ValueError when they are not of as many ads.
    """
    if not len(folded) == len(links) == len(clusters.person) == len(clusters.author):
        raise ValueError("texts, links and clusters of different numbers of ads")
    found = one_ad_clues(folded) | several_ads_clues(clusters, links, block_alone=block_alone)
    return Marks(said=np.column_stack([found[code] for code in CODES]))


def coded(said: NDArray[np.bool_]) -> Marks:
    """What a person who read the sampled ads answered: shape (n, 9), columns N1 to N9."""
    return Marks(said=said)

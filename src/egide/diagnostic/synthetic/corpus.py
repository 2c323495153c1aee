"""An invented corpus and its truth."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from egide.diagnostic.duplicates.ads import Ads


@frozen(kw_only=True, eq=False, repr=False)
class Truth:
    """Who is behind each ad. Persons run by one organiser have one author."""

    person: NDArray[np.int64]  # shape (n,)
    author: NDArray[np.int64]  # shape (n,)


@frozen(kw_only=True, eq=False, repr=False)
class Corpus:
    """Ads as a collecting team would hand them over, with the truth they never have."""

    ads: Ads
    sites: tuple[str, ...]  # code of the site of each ad
    truth: Truth

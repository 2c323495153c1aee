"""An invented corpus and its truth."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from egide.diagnostic.duplicates.ads import Ads

# What a text can tell alone: slugs of the clues N5 to N9 of the territorial study.
CLUES = ("third_person", "in_english", "inconsistent_description", "passing_through", "always_available")


@frozen(kw_only=True, eq=False, repr=False)
class Truth:
    """Who is behind each ad. Persons run by one organiser have one author.

    clues: for each of CLUES, whether the text as shown says it, shape (n,). Empty when not known.
    """

    person: NDArray[np.int64]  # shape (n,)
    author: NDArray[np.int64]  # shape (n,)
    clues: Mapping[str, NDArray[np.bool_]] = field(factory=dict)


@frozen(kw_only=True, eq=False, repr=False)
class Corpus:
    """Ads as a collecting team would hand them over, with the truth they never have."""

    ads: Ads
    sites: tuple[str, ...]  # code of the site of each ad
    truth: Truth

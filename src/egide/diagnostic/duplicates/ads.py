"""What the machine is given of a corpus: lists in memory, for one run, and nothing that could be searched."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

Ints = NDArray[np.int64]
UNKNOWN = -1


@frozen(kw_only=True, eq=False, repr=False)
class Ads:
    """`n` ads, in the order received. A list that is not given is unknown for all of them.

    texts:  title and body, as read; may be empty.
    phones: what stood in the site's own field for it, as typed, several allowed; "" when none.
    places: any label that is equal when the declared municipality is (Insee code, say); "" when not known.
    days:   ISO day of publication, "" when not known.
    accounts: what the site calls the author's account; "" when not known.
    Refuses lists of different lengths.
    """

    texts: Sequence[str]
    phones: Sequence[str] | None = None
    places: Sequence[str] | None = None
    days: Sequence[str] | None = None
    accounts: Sequence[str] | None = None

    def __attrs_post_init__(self) -> None:
        for name in ("phones", "places", "days", "accounts"):
            found = getattr(self, name)
            if found is not None and len(found) != len(self.texts):
                raise ValueError(f"{len(self.texts)} texts, but {len(found)} {name}")

    def __len__(self) -> int:
        return len(self.texts)


@frozen(kw_only=True, eq=False, repr=False)
class Clusters:
    """Two levels, never mixed: who writes, and who is shown. Numbers mean nothing from one run to the next.

    author: shape (n,), group of the ad by who wrote it.
    person: shape (n,), group of the ad by who is advertised. Persons of one organiser share an author.
    """

    author: Ints = field()
    person: Ints = field()

    @property
    def authors(self) -> int:
        return len(np.unique(self.author))

    @property
    def persons(self) -> int:
        return len(np.unique(self.person))

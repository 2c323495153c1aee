"""What several ads may have in common, as plain numbers: digests, days and places without their content."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from egide.diagnostic.duplicates.ads import UNKNOWN

Ints = NDArray[np.int64]


@frozen(kw_only=True, eq=False, repr=False)
class Links:
    """Of `n` ads, numbered by `numbered`: equal numbers mean equal digests, days or areas; `UNKNOWN` (-1) is nothing.

    accounts, days, areas: shape (n,). An area is a commune or a small group of communes.
    phone_ad, phone, block: shape (m,), one entry per phone given: which ad, which number, which first eight digits.
    Refuses columns of different lengths and entries of ads that do not exist.
    """

    accounts: Ints
    days: Ints
    areas: Ints
    phone_ad: Ints
    phone: Ints
    block: Ints

    def __attrs_post_init__(self) -> None:
        if not len(self.accounts) == len(self.days) == len(self.areas):
            raise ValueError("accounts, days and areas of different lengths")
        if not len(self.phone_ad) == len(self.phone) == len(self.block):
            raise ValueError("phones, their ads and their blocks of different lengths")
        if len(self.phone_ad) and not 0 <= self.phone_ad.min() <= self.phone_ad.max() < len(self.accounts):
            raise ValueError("a phone of an ad that does not exist")

    def __len__(self) -> int:
        return len(self.accounts)


def numbered(values: Sequence[bytes | str]) -> Ints:
    """A number for each distinct value, in no meaningful order; `UNKNOWN` for an empty one."""
    seen: dict[bytes | str, int] = {}
    return np.fromiter((seen.setdefault(one, len(seen)) if one else UNKNOWN for one in values), np.int64, len(values))

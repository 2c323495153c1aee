"""Ads of a site from its first pages: mean of relevant ads a page × number of pages, with its error.

    ads = P × mean(r),  standard error = P × s / √n × √(1 − n / P),  interval = ads ± t(n − 1) × standard error

`n` pages read of `P`; exact when all were read. The interval holds if the pages read were drawn at random. The first
ten are not: sites sort by date or by payment. So the warning goes wherever the number goes.
Source: docs/methods/ad-census.md; Cochran, Sampling Techniques, 3rd edition, chapter 2.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen
from scipy.stats import t

WARNING = (
    "Les premières pages ne sont pas tirées au sort\u00a0: les sites y placent les annonces récentes ou payées, et la "
    "dernière page est rarement pleine. L’intervalle ne dit que l’écart entre les pages lues."
)


@frozen(kw_only=True)
class Extrapolated:
    """Ads of one site. `low` and `high` are None when one page alone was read: nothing tells the error."""

    ads: float
    low: float | None
    high: float | None
    read: int  # pages
    pages: int

    @property
    def exact(self) -> bool:
        return self.read == self.pages

    @property
    def warning(self) -> str:
        return "" if self.exact else WARNING


def extrapolated(relevant: Sequence[int], pages: int, level: float = 0.95) -> Extrapolated:
    """From the relevant ads of each page read, empty pages included as 0.

    The lower bound is never below the ads already seen. Refuses no page, more pages than there are, a negative count.
    """
    read = len(relevant)
    if not 1 <= read <= pages:
        raise ValueError(f"{read} pages read of {pages}")
    if min(relevant) < 0:
        raise ValueError("a page holds no negative number of ads")
    if not 0 < level < 1:
        raise ValueError("a level lies between 0 and 1")
    counts = np.asarray(relevant, float)
    seen, ads = float(counts.sum()), float(pages * counts.mean())
    if read == pages:
        return Extrapolated(ads=seen, low=seen, high=seen, read=read, pages=pages)
    if read == 1:
        return Extrapolated(ads=ads, low=None, high=None, read=read, pages=pages)
    error = pages * counts.std(ddof=1) / read**0.5 * (1 - read / pages) ** 0.5
    margin = float(t.ppf((1 + level) / 2, read - 1) * error)
    return Extrapolated(ads=ads, low=max(seen, ads - margin), high=ads + margin, read=read, pages=pages)

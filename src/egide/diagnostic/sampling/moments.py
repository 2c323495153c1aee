"""Totals of a stratified sample drawn without replacement, with what their intervals need.

Everything works on the last axis, so one call may hold thousands of simulated surveys of one design.
Source: docs/methods/survey-sampling.md.
"""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray
from scipy.special import stdtrit

from egide.diagnostic.sampling.intervals import Interval
from egide.errors import Defect, Refused

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@frozen(kw_only=True, eq=False)
class Design:
    """Which stratum each drawn unit comes from, and how many units each stratum holds.

    stratum: shape (n,), from 0 to H − 1. sizes: shape (H,), units of the whole corpus.
    Refuses, all at once: an empty sample, a stratum nobody was drawn from, more drawn than there are.
    """

    stratum: Ints
    sizes: Ints

    def __attrs_post_init__(self) -> None:
        if len(self.stratum) and not 0 <= self.stratum.min() <= self.stratum.max() < len(self.sizes):
            raise ValueError("a drawn unit names a stratum that has no size")
        defects = [] if len(self.stratum) > 1 else [_defect("Échantillon", "au moins deux annonces", len(self.stratum))]
        for place, (drawn, size) in enumerate(zip(self.drawn.tolist(), self.sizes.tolist(), strict=True), start=1):
            if drawn > size:
                defects.append(_defect(f"Strate {place}", f"au plus {size} annonces, son effectif", drawn))
            elif drawn == 0 < size:
                defects.append(_defect(f"Strate {place}", "au moins une annonce tirée", 0))
        if defects:
            raise Refused(defects)

    @property
    def drawn(self) -> Ints:
        """Shape (H,)."""
        return np.bincount(self.stratum, minlength=len(self.sizes)).astype(np.int64)

    @property
    def weights(self) -> Floats:
        """Shape (n,): units of the corpus that each drawn one stands for."""
        weights: Floats = (self.sizes / np.maximum(self.drawn, 1))[self.stratum]
        return weights

    def groups(self) -> Design:
        """Strata whose one drawn unit shows no spread are put together; alone, with the smallest other stratum.

        For the variance only: weights stay those of the strata. The spread between the strata put together is then
        counted as chance, which widens the interval. Source: Cochran (1977), 5A.12.
        """
        drawn = self.drawn
        lonely = (drawn == 1) & (self.sizes > 1)
        if not lonely.any() or len(self.sizes) == 1:
            return self
        joined = lonely.copy()
        if joined.sum() == 1:
            others = np.where(joined | (drawn == 0), np.iinfo(np.int64).max, drawn)
            joined[int(others.argmin())] = True
        label = np.where(joined, 0, np.cumsum(~joined))
        return Design(stratum=label[self.stratum], sizes=np.bincount(label, self.sizes).astype(np.int64))


@frozen(kw_only=True, eq=False)
class Imagined:
    """A little evidence that was not observed, so that a sample with no surprise does not claim there is none.

    weight: shape (…, H), imagined units per stratum for each of the two values, fractions of a unit.
    values: shape (…, H, 2).
    """

    weight: Floats
    values: Floats


@frozen(kw_only=True, eq=False)
class Moments:
    """Of an estimated total: shapes (…,). `third` is the third central moment, `degrees` Satterthwaite's."""

    total: Floats
    variance: Floats
    third: Floats
    degrees: Floats


def moments(values: Floats, design: Design, imagined: Imagined | None = None) -> Moments:
    """Estimated total of `values`, shape (…, n), over the whole corpus, with its variance estimated by design.

    With z = weight × value in each stratum, variance = Σ (1 − f) n / (n − 1) Σ (z − z̄)². A stratum read whole adds
    nothing to it. Degrees of freedom: V² / Σ V_h² / (n_h − 1). Source: docs/methods/survey-sampling.md.
    """
    groups = design.groups()
    n, f = groups.drawn.astype(float), groups.drawn / np.maximum(groups.sizes, 1)
    belongs = np.zeros((len(groups.stratum), len(n)))
    belongs[np.arange(len(groups.stratum)), groups.stratum] = 1.0
    z = values * design.weights
    sums, seen = z @ belongs, np.broadcast_to(n, (*z.shape[:-1], len(n)))
    if imagined is None:
        extra, extra_weight = np.zeros((len(n), 2)), np.zeros(len(n))
    else:
        into = _into_groups(design, groups)
        share = into * design.sizes[:, None] / np.maximum(groups.sizes, 1)
        extra = (share.T @ imagined.values) * (groups.sizes / np.maximum(n, 1))[:, None]
        extra_weight = imagined.weight @ into
        sums = sums + extra_weight * extra.sum(axis=-1)
        seen = seen + 2 * extra_weight
    mean = sums / np.maximum(seen, 1e-12)
    gap, far = z - mean @ belongs.T, extra - mean[..., None]
    second = (gap**2) @ belongs + extra_weight * (far**2).sum(axis=-1)
    third = (gap**3) @ belongs + extra_weight * (far**3).sum(axis=-1)
    free = np.maximum(seen - 1, 1e-12)
    spread = (1 - f) * n**2 / np.maximum(seen * free, 1e-12) * second
    spread = np.where(n > 1, spread, 0.0)  # one unit alone: only when its stratum is that unit, or nothing is known
    lean = (1 - f) * (1 - 2 * f) * n**3 / np.maximum(seen * free * np.maximum(seen - 2, 0.5), 1e-12) * third
    variance = spread.sum(axis=-1)
    return Moments(
        total=(n * mean).sum(axis=-1),
        variance=variance,
        third=np.where(n > 1, lean, 0.0).sum(axis=-1),
        degrees=variance**2 / np.maximum((spread**2 / free).sum(axis=-1), 1e-300),
    )


def symmetric(found: Moments, level: float) -> tuple[Floats, Floats]:
    """Student's interval of the total. With no variance at all, the total itself."""
    half = stdtrit(np.maximum(found.degrees, 1.0), (1 + level) / 2) * np.sqrt(found.variance)
    return found.total - half, found.total + half


def leaning(found: Moments, level: float) -> tuple[Floats, Floats]:
    """Student's interval, corrected for skewness by Hall's cubic: longer on the side where rare large values hide.

    Source: Hall (1992), Journal of the Royal Statistical Society B 54, p. 221-228. Skewness is kept within ±1.5.
    """
    deviation = np.sqrt(found.variance)
    known = found.variance > 0
    skew = np.clip(np.where(known, found.third / np.where(known, deviation, 1.0) ** 3, 0.0), -1.5, 1.5)
    bend = np.where(np.abs(skew) < 1e-6, 1e-6, skew) / 3
    quantile = stdtrit(np.maximum(found.degrees, 1.0), (1 + level) / 2)
    low, high = (
        found.total - deviation * (np.cbrt(1 + 3 * bend * (side * quantile - bend / 2)) - 1) / bend for side in (1, -1)
    )
    return low, high


def interval(bounds: tuple[Floats, Floats], low: float, high: float) -> Interval:
    """One survey's bounds, kept within what is possible."""
    return Interval(*(min(max(float(bound), low), high) for bound in bounds))


def _into_groups(design: Design, groups: Design) -> Floats:
    into = np.zeros((len(design.sizes), len(groups.sizes)))
    into[design.stratum, groups.stratum] = 1.0
    return into


def _defect(place: str, expected: str, got: int) -> Defect:
    return Defect(
        place=place,
        expected=expected,
        got=str(got),
        way_out="Complétez le tirage, ou réunissez les strates avant de tirer.",
    )

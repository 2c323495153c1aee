"""How many ads to draw from each stratum: whole numbers that add up exactly, never above what the stratum holds.

Every rule here minimises a sum over strata by giving the ads one at a time to the stratum that gains most: for convex
sums that is the exact whole-number optimum (Gross 1956; Wright 2012), with minima and caps and no rounding afterwards.
Source: docs/methods/survey-sampling.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from egide.diagnostic.sampling.moments import Floats, Ints
from egide.errors import Defect, Refused


def proportional(sizes: Sequence[int], total: int, minimum: int = 1) -> Ints:
    """Shape (H,): as the sizes of the strata, nearest in `Σ (n_h − q_h)² / q_h` (Sainte-Laguë), q the exact quotas.

    `minimum` ads in each stratum, or all of them where there are fewer. Refuses a total that the minima exceed, or
    above what there is.
    """
    held = _held(sizes, "annonces")
    return _given(held, total, minimum, lambda n: held / (n + 0.5))


def neyman(sizes: Sequence[int], spreads: Sequence[float], total: int, minimum: int = 2) -> Ints:
    """Shape (H,): the shortest interval of the whole, `Σ (N_h S_h)² / n_h`, for spreads S_h expected within strata.

    Source: Neyman (1934); whole numbers: Wright (2012), Survey Methodology 38. Refuses the same.
    """
    return _optimal(sizes, np.asarray(sizes) * _spread(spreads, len(sizes), "écart-type"), total, minimum)


def power(
    sizes: Sequence[int], importance: Sequence[float], spreads: Sequence[float], total: int, minimum: int = 2,
    exponent: float = 0.5,
) -> Ints:  # fmt: skip
    """Shape (H,): between equal precision everywhere (exponent 0) and the best whole (1): `Σ (X_h^q CV_h)² / n_h`.

    importance: X_h, such as the ads or the inhabitants; spreads: CV_h, spread over mean within the stratum.
    Source: Bankier (1988), The American Statistician 42, p. 174-177. Refuses the same, and an exponent out of [0, 1].
    """
    if not 0 <= exponent <= 1:
        raise ValueError(f"exponent {exponent} out of [0, 1]")
    scale = _spread(importance, len(sizes), "importance") ** exponent
    return _optimal(sizes, scale * _spread(spreads, len(sizes), "coefficient de variation"), total, minimum)


def _optimal(sizes: Sequence[int], scale: Floats, total: int, minimum: int) -> Ints:
    held = _held(sizes, "annonces")

    def gain(n: Ints) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            # Where nothing varies any number will do: by size, and only once no stratum that varies can take more.
            found: Floats = np.where(scale > 0, scale**2 / (n * (n + 1.0)), -(n + 0.5) / held)
        return found

    return _given(held, total, minimum, gain)


def _given(held: Ints, total: int, minimum: int, gain: Callable[[Ints], Floats]) -> Ints:
    """One ad at a time to the stratum that gains most, the first one on equal gains."""
    given = np.minimum(held, minimum)
    if minimum < 0 or not given.sum() <= total <= held.sum():
        raise Refused(
            [
                Defect(
                    place="Répartition de l’échantillon",
                    expected=f"un total de {int(given.sum())} (les minimums réunis) à {int(held.sum())} annonces",
                    got=str(total),
                    way_out="Réunissez des strates, baissez le minimum ou changez la taille de l’échantillon.",
                )
            ]
        )
    for _ in range(total - int(given.sum())):
        given[int(np.where(given < held, gain(given), -np.inf).argmax())] += 1
    return given


def _held(sizes: Sequence[int], what: str) -> Ints:
    held = np.asarray(sizes, dtype=np.int64)
    _refuse_negative(held.tolist(), what)
    return held


def _spread(values: Sequence[float], strata: int, what: str) -> Floats:
    if len(values) != strata:
        raise ValueError(f"{len(values)} values for {strata} strata")
    found = np.asarray(values, dtype=np.float64)
    _refuse_negative(found.tolist(), what)
    return found


def _refuse_negative(values: Sequence[float], what: str) -> None:
    defects = [
        Defect(
            place=f"Strate {place}, {what}",
            expected="un nombre positif ou nul",
            got=f"{value:g}",
            way_out="Corrigez le tableau des strates.",
        )
        for place, value in enumerate(values, start=1)
        if not 0 <= value < float("inf")
    ]
    if defects:
        raise Refused(defects)

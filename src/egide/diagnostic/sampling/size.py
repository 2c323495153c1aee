"""How many ads to draw for a margin of error. Source: docs/methods/survey-sampling.md."""

from __future__ import annotations

import math

from scipy.special import ndtri

from egide.errors import Defect, Refused

PLACE = "Taille de l’échantillon"
_COUNT_FIRST = "Comptez d’abord les annonces du corpus."
_WRITTEN = "5 points s’écrivent 0,05\u202f; un niveau de 95 sur 100, 0,95."


def sample_size(population: int, margin: float = 0.05, level: float = 0.95, proportion: float = 0.5) -> int:
    """Ads to draw so that a share is known within `margin` at `level`, out of `population` ads.

    `n0 = z² p (1 − p) / margin²`, then `ceil(n0 / (1 + (n0 − 1) / N))`: 699 gives 249, 7,393 gives 366.

    In:     margin, level, proportion: ratios strictly between 0 and 1. A proportion of one half is the worst case.
    Out:    a whole number between 1 and the population.
    Raises: Refused, with all the defects at once: an empty population, a ratio out of ]0, 1[.
    Source: docs/methods/survey-sampling.md (Cochran 1977, 4.4); methodology of the diagnostic of Pas-de-Calais.
    """
    defects = [] if population >= 1 else [_defect("population", "au moins une annonce", str(population), _COUNT_FIRST)]
    for name, ratio in (("marge", margin), ("niveau", level), ("proportion attendue", proportion)):
        if not 0 < ratio < 1:
            defects.append(_defect(name, "un nombre entre 0 et 1, bornes exclues", f"{ratio:g}", _WRITTEN))
    if defects:
        raise Refused(defects)
    z = float(ndtri((1 + level) / 2))
    unlimited = z * z * proportion * (1 - proportion) / (margin * margin)
    # A first draw below one ad (a margin wider than the doubt itself) still means one ad.
    return max(1, min(population, math.ceil(unlimited / (1 + (unlimited - 1) / population))))


def _defect(what: str, expected: str, got: str, way_out: str) -> Defect:
    return Defect(place=f"{PLACE}, {what}", expected=expected, got=got.replace(".", ","), way_out=way_out)

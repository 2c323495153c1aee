"""What share of the ads has some feature, from a coded sample, with the interval that the design allows.

Source: docs/methods/survey-sampling.md. Follows `svyciprop(method = "beta")` of the R package survey.
"""

from __future__ import annotations

import numpy as np
from attrs import field, frozen
from scipy.special import stdtrit

from egide.diagnostic.sampling.intervals import Interval, clopper_pearson, wilson
from egide.diagnostic.sampling.moments import Design, Flags, Floats, Ints, moments
from egide.errors import Defect, Refused

ONE_SIDED = "Toutes les annonces codées se ressemblent\u00a0: l’intervalle suppose un tirage simple de même taille."


@frozen(kw_only=True)
class Share:
    """A share of the ads, a ratio in [0, 1]."""

    value: float
    wilson: Interval
    clopper_pearson: Interval
    base: int  # coded ads the share is over
    ads: float  # ads of the corpus that this base stands for
    design_effect: float  # variance over that of a simple draw of `base` ads with replacement
    degrees_of_freedom: float
    warnings: tuple[str, ...] = field(default=())


def estimate_share(
    has: Flags, design: Design, *, of: Flags | None = None, cluster: Ints | None = None, level: float = 0.95
) -> Share:
    """Share of the ads that have a feature, among all or among those of a domain (`of`: known, of one site…).

    In:     has: shape (n,), whether each coded ad has it; of: shape (n,), whether it belongs to the domain.
            cluster: shape (n,), page or batch each ad was drawn with; then `design` describes the clusters, one row
            per distinct value in increasing order, and every ad of a drawn cluster is coded.
    Out:    ratio of two estimated totals, its variance linearised (Taylor), strata and finite populations kept.
    Raises: Refused when no coded ad belongs to the domain: an unknown share is not zero.
    Source: docs/methods/survey-sampling.md (Särndal, Swensson and Wretman 1992, 5.5; Korn and Graubard 1998).
    """
    inside = np.ones(len(has), dtype=bool) if of is None else of
    unit = np.arange(len(has)) if cluster is None else np.unique(cluster, return_inverse=True)[1]
    if len(design.stratum) != int(unit.max(initial=-1)) + 1 or len(has) != len(inside):
        raise ValueError(f"{len(has)} answers, {len(inside)} flags, {len(design.stratum)} drawn units")
    base = int(inside.sum())
    if base == 0:
        raise Refused(
            [
                Defect(
                    place="Part à estimer",
                    expected="au moins une annonce codée dans le domaine",
                    got="aucune",
                    way_out="Une part inconnue n’est pas zéro\u00a0: élargissez le domaine ou codez-en davantage.",
                )
            ]
        )
    weight = design.weights[unit]
    ads = float(weight @ inside)
    share = float(weight @ (inside & has)) / ads
    per_unit = np.bincount(unit, inside * (has - share) / ads).astype(np.float64)
    found = moments(per_unit, design)
    used = np.unique(unit[inside])  # drawn units that hold some of the domain, and their strata, as R's degf does
    freedom = float(max(1, len(used) - len(np.unique(design.stratum[used]))))
    plain = share * (1 - share) / base
    one_sided = plain <= 0
    effect = _simple_effect(weight[inside], base, ads) if one_sided else float(found.variance) / plain
    # A simple draw of n has n − 1 degrees of freedom; fewer count as fewer ads (Korn and Graubard).
    q = (1 + level) / 2
    lost = float((stdtrit(freedom, q) / stdtrit(max(base - 1, 1), q)) ** 2)
    return Share(
        value=share,
        wilson=wilson(share * base, base, level, effect * lost),
        clopper_pearson=clopper_pearson(share * base, base, level, effect * lost),
        base=base,
        ads=ads,
        design_effect=effect,
        degrees_of_freedom=freedom,
        warnings=(ONE_SIDED,) if one_sided and effect > 0 else (),
    )


def _simple_effect(weight: Floats, base: int, ads: float) -> float:
    """Where nothing varies in the sample: unequal weights (Kish 1965) and the finite population, no more."""
    unequal = base * float((weight**2).sum()) / float(weight.sum()) ** 2
    return unequal * max(0.0, (ads - base) / max(ads - 1, 1.0))

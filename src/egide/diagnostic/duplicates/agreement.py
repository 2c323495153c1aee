"""Do two coders say the same of the same ads? Cohen's kappa of the double coding, with an interval.

Égide only warns: whether to go on, recode or rewrite the instructions is the team's to decide.
Source: docs/methods/distinct-persons.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from attrs import field, frozen
from scipy.special import ndtri

from egide.diagnostic.sampling.intervals import Interval
from egide.errors import Defect, Refused

# Below, Landis and Koch (1977) say "moderate" at best; a convention, so a warning and nothing more.
EXPECTED_KAPPA = 0.6
LOW = (
    "L’accord des deux codeurs est faible ou mal connu\u00a0: la borne basse du kappa est sous 0,6. Relisez ensemble "
    "les annonces où ils diffèrent avant d’employer ces codes."
)
ONE_ANSWER = "Les deux codeurs donnent partout la même et unique réponse\u00a0: le kappa n’est pas défini."


@frozen(kw_only=True)
class Agreement:
    """kappa: 1 is full agreement, 0 what chance would give; None when it is not defined."""

    pairs: int
    observed: float  # share of ads coded alike
    kappa: float | None
    interval: Interval | None
    warnings: tuple[str, ...] = field(default=())


def cohen_kappa(first: Sequence[str], second: Sequence[str], level: float = 0.95) -> Agreement:
    """Two codings of the same ads, one code each, in the same order. Codes have no order between them.

    Raises: Refused for fewer than two ads. Refuses lists of different lengths.
    Source: Cohen (1960); large-sample variance: Fleiss, Cohen and Everitt (1969), Psychological Bulletin 72.
    """
    if len(first) != len(second):
        raise ValueError(f"{len(first)} codes against {len(second)}")
    n = len(first)
    if n < 2:
        raise Refused(
            [
                Defect(
                    place="Double codage",
                    expected="au moins deux annonces codées deux fois",
                    got=str(n),
                    way_out="Faites coder une annonce sur dix par une seconde personne.",
                )
            ]
        )
    codes, places = np.unique(np.array([*first, *second], dtype=np.str_), return_inverse=True)
    table = np.zeros((len(codes), len(codes)))
    np.add.at(table, (places[:n], places[n:]), 1 / n)
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    observed, chance = float(np.trace(table)), float(rows @ columns)
    if len(codes) == 1:
        return Agreement(pairs=n, observed=observed, kappa=None, interval=None, warnings=(ONE_ANSWER,))
    kappa = (observed - chance) / (1 - chance)
    # Derivative of kappa by each cell, minus its mean: the delta method gives the variance of Fleiss et al.
    slope = np.eye(len(codes)) / (1 - chance) - (1 - observed) * (columns[:, None] + rows) / (1 - chance) ** 2
    variance = float((table * slope**2).sum() - (table * slope).sum() ** 2) / n
    half = float(ndtri((1 + level) / 2)) * math.sqrt(max(0.0, variance))
    interval = Interval(max(-1.0, kappa - half), min(1.0, kappa + half))
    return Agreement(
        pairs=n,
        observed=observed,
        kappa=kappa,
        interval=interval,
        warnings=(LOW,) if interval.low < EXPECTED_KAPPA else (),
    )

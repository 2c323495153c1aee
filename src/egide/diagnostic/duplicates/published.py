"""The point method of the study of Pas-de-Calais, beside ours: `persons = ads × (1 − share of duplicates)`.

It holds only if each duplicate was searched among all the ads. Here too is the number it should have been if the share
was seen inside the sample. Source: docs/methods/distinct-persons.md; methodology of the study, parts 4.8 and 4.9.
"""

from __future__ import annotations

import numpy as np
from attrs import frozen
from scipy.optimize import brentq
from scipy.special import gammaln

from egide.diagnostic.sampling.intervals import Interval, wilson, with_finite_population
from egide.errors import Defect, Refused

ONLY_IF_SEARCHED_IN_ALL = (
    "Ce nombre ne vaut que si, pour chaque annonce de l’échantillon, les doublons ont été cherchés parmi toutes les "
    "annonces. S’ils n’ont été vus qu’à l’intérieur de l’échantillon, il est beaucoup trop élevé."
)


@frozen(kw_only=True)
class Published:
    """The study's number, and what it becomes under the other reading of the same share."""

    persons: int  # rounded, as printed: 699 at 61 % is 273
    interval: Interval  # of the sampling alone, in persons; the study prints none
    if_within_sample: Interval | None  # None where no number of persons can show so many duplicates
    warning: str = ONLY_IF_SEARCHED_IN_ALL


def point_method(ads: int, coded: int, duplicate_share: float, level: float = 0.95) -> Published:
    """699 ads, 249 coded, 0.61 give 273 persons; 102 to 130 if the 61 % were seen among the 249 only.

    Raises: Refused, all at once: fewer than 2 coded or more than the ads, a share out of [0, 1[.
    """
    defects = []
    if not 2 <= coded <= ads:
        defects.append(_defect("annonces codées", f"un nombre de 2 à {ads}, le nombre d’annonces", str(coded)))
    if not 0 <= duplicate_share < 1:
        defects.append(_defect("part de doublons", "un nombre de 0 à 1, 1 exclu", f"{duplicate_share:g}"))
    if defects:
        raise Refused(defects)
    share = wilson(duplicate_share * coded, coded, level, with_finite_population(coded, ads))
    return Published(
        persons=round(ads * (1 - duplicate_share)),
        interval=Interval(ads * (1 - share.high), ads * (1 - share.low)),
        if_within_sample=within_sample(ads, coded, duplicate_share),
    )


def within_sample(ads: int, coded: int, duplicate_share: float) -> Interval | None:
    """Persons that would show this share of duplicates inside a simple sample, by two assumptions.

    low:  all persons have the same number of ads; no other spread needs fewer persons.
    high: numbers of ads follow a geometric law, a common shape of such counts; a longer tail would need still more.
    Both solve `distinct(persons) = coded × (1 − share)`. It shows how much the two readings differ; it is no estimate.
    """
    seen = coded * (1 - duplicate_share)
    if duplicate_share <= 0 or seen < 1:
        return None
    return Interval(
        brentq(lambda persons: seen_if_equal(ads, coded, persons) - seen, 1, ads),
        brentq(lambda persons: seen_if_geometric(ads, coded, persons) - seen, 1, ads),
    )


def seen_if_equal(ads: int, coded: int, persons: float) -> float:
    """Distinct persons expected in a simple sample when each has ads / persons ads: hypergeometric law."""
    rest = ads - ads / persons
    if rest < coded:
        return persons  # not one can be missed
    missed = gammaln(rest + 1) - gammaln(rest - coded + 1) - gammaln(ads + 1) + gammaln(ads - coded + 1)
    return float(persons * (1 - np.exp(missed)))


def seen_if_geometric(ads: int, coded: int, persons: float) -> float:
    """The same when numbers of ads are geometric with that mean, each ad being drawn with chance coded / ads."""
    stop, missed = persons / ads, 1 - coded / ads
    return float(persons * (1 - stop * missed / (1 - (1 - stop) * missed)))


def _defect(what: str, expected: str, got: str) -> Defect:
    return Defect(
        place=f"Méthode de l’étude, {what}",
        expected=expected,
        got=got.replace(".", ","),
        way_out="Reprenez le nombre dans le rapport\u00a0; 61\u202f% s’écrit 0,61.",
    )

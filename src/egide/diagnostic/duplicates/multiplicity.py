"""Distinct persons behind a corpus of ads, when only a sample was coded by hand, with an interval.

For each sampled ad the coder says how many ads of the whole corpus show the same person, m. Then `Σ weight / m`
estimates the persons without bias, whatever their number of ads. Source: docs/methods/distinct-persons.md.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from attrs import field, frozen

from egide.diagnostic.sampling.intervals import Interval
from egide.diagnostic.sampling.moments import Design, Floats, Ints, interval, leaning, moments
from egide.errors import CalculationRefused, Defect, Refused

SMALLEST_MEASURED = 60  # coded ads: below, nobody measured what the intervals cover

IN_SAMPLE_REFUSED = (
    "Les doublons ont été cherchés parmi les seules annonces de l’échantillon\u00a0: le nombre de personnes ne peut "
    "pas en être tiré. La part de doublons y est très en dessous de celle du corpus\u00a0: sur 699 annonces dont "
    "61\u202f% de doublons, 200 annonces codées en montrent 33\u202f%, soit 28 points de moins. Pour chaque annonce "
    "codée, cherchez dans tout le corpus combien d’annonces montrent la même personne, puis recommencez."
)
FEW_CODED = "Moins de 60 annonces codées\u00a0: la couverture de l’intervalle n’a pas été mesurée si bas."


class Searched(StrEnum):
    """Where the coder looked for other ads of the same person."""

    CORPUS = "corpus"
    SAMPLE = "échantillon"


@frozen(kw_only=True, eq=False, repr=False)
class Coded:
    """What the coders found, one value per sampled ad.

    same_person: shape (n,), ads of the whole corpus that show the same person, the sampled one included: 1 or more.
    design: stratum of each sampled ad, and ads of each stratum.
    Refuses, all at once, numbers below 1 or above the corpus.
    """

    same_person: Ints
    design: Design
    searched: Searched

    def __attrs_post_init__(self) -> None:
        if len(self.same_person) != len(self.design.stratum):
            raise ValueError(f"{len(self.same_person)} numbers for {len(self.design.stratum)} sampled ads")
        wrong = np.flatnonzero((self.same_person < 1) | (self.same_person > self.ads))
        if len(wrong):
            raise Refused(
                Defect(
                    place=f"Annonce codée n° {place + 1}, annonces de la même personne",
                    expected=f"un nombre entier de 1 (elle seule) à {self.ads} (tout le corpus)",
                    got=str(self.same_person[place]),
                    way_out="Comptez l’annonce elle-même et toutes les autres de la même personne.",
                )
                for place in wrong.tolist()
            )

    @property
    def ads(self) -> int:
        return int(self.design.sizes.sum())


@frozen(kw_only=True)
class Persons:
    """Distinct persons and the share of duplicates, one and the same doubt: `share = 1 − persons / ads`."""

    persons: float
    persons_interval: Interval
    ads: int
    coded: int
    level: float
    method: str  # what to print beside the number
    warnings: tuple[str, ...] = field(default=())

    @property
    def duplicate_share(self) -> float:
        return 1 - self.persons / self.ads

    @property
    def duplicate_share_interval(self) -> Interval:
        return Interval(1 - self.persons_interval.high / self.ads, 1 - self.persons_interval.low / self.ads)


def distinct_persons(coded: Coded, level: float = 0.95) -> Persons:
    """The multiplicity estimator. Between 93 and 97 % of its 95 % intervals hold the truth from 60 coded ads up.

    Raises: CalculationRefused when duplicates were searched inside the sample only.
    Source: docs/methods/distinct-persons.md (Birnbaum and Sirken 1965; interval: Hall 1992).
    """
    refuse_in_sample(coded)
    low, high = bounds(coded.same_person, coded.design, level)
    values = 1 / coded.same_person
    return Persons(
        persons=float(values @ coded.design.weights),
        persons_interval=interval((low, high), low=1.0, high=float(coded.ads)),
        ads=coded.ads,
        coded=len(values),
        level=level,
        method="estimateur de multiplicité",
        warnings=few_coded(len(values)),
    )


def bounds(same_person: Ints, design: Design, level: float) -> tuple[Floats, Floats]:
    """Ends of the interval of the persons, shapes (…,), for numbers of shape (…, n)."""
    return leaning(moments(1 / same_person, design), level)


def refuse_in_sample(coded: Coded) -> None:
    if coded.searched is Searched.SAMPLE:
        raise CalculationRefused(IN_SAMPLE_REFUSED)


def few_coded(number: int) -> tuple[str, ...]:
    return (FEW_CODED,) if number < SMALLEST_MEASURED else ()

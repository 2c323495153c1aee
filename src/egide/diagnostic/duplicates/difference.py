"""The same persons, corrected around machine groups: the machine counts, the coders measure its error.

`persons = machine groups + Σ weight (1 / m − 1 / m̂)`, m coded, m̂ the ads of the machine's group. Unbiased whatever
the machine does; the better it groups, the shorter the interval. Source: docs/methods/distinct-persons.md.
"""

from __future__ import annotations

import numpy as np

from egide.diagnostic.duplicates.multiplicity import Coded, Persons, few_coded, refuse_in_sample
from egide.diagnostic.sampling.moments import Design, Floats, Imagined, Ints, interval, moments, symmetric

CLASS_ENDS = (2, 3, 5, 9)  # machine groups of 1, 2, 3-4, 5-8, 9 ads or more
# Spread of 1 / m to expect in each class: the machine is least to be believed where it found nobody else.
EXPECTED_SPREAD = (0.30, 0.16, 0.13, 0.12, 0.10)
MIXED_STRATA = (
    "L’échantillon n’a pas été tiré par taille de groupe de la machine\u00a0: sur un grand corpus, l’intervalle "
    "autour des groupes est trop court sous 200 annonces codées. L’estimateur de multiplicité, lui, tient."
)


def group_sizes(person: Ints) -> Ints:
    """m̂ of each ad, shape (n,): ads of its machine group."""
    _, label, sizes = np.unique(person, return_inverse=True, return_counts=True)
    return sizes[label].astype(np.int64)


def size_classes(person: Ints) -> Ints:
    """The stratum to draw each ad from, shape (n,), 0 to 4, by the size of its machine group.

    Coding the same number of ads, an interval is a fifth to a half shorter than with strata by site.
    """
    return np.digitize(group_sizes(person), CLASS_ENDS).astype(np.int64)


def distinct_persons_around(coded: Coded, person: Ints, sampled: Ints, level: float = 0.95) -> Persons:
    """The difference estimator.

    In:     person: shape (ads of the corpus,), machine group of each ad (`Clusters.person`);
            sampled: shape (n,), place in the corpus of each coded ad.
    Raises: CalculationRefused when duplicates were searched inside the sample only.
    Source: docs/methods/distinct-persons.md (Särndal, Swensson and Wretman 1992, 6.3).
    """
    refuse_in_sample(coded)
    if len(person) != coded.ads or len(sampled) != len(coded.same_person):
        raise ValueError(f"{len(person)} machine groups for {coded.ads} ads, {len(sampled)} places of coded ads")
    found = group_sizes(person)
    machine = found[sampled]
    error = 1 / coded.same_person - 1 / machine
    groups = len(np.unique(person))
    low, high = bounds(coded.same_person, machine, coded.design, level)
    return Persons(
        persons=groups + float(error @ coded.design.weights),
        persons_interval=interval((groups + low, groups + high), low=1.0, high=float(coded.ads)),
        ads=coded.ads,
        coded=len(error),
        level=level,
        method="estimateur par différence autour des groupes de la machine",
        warnings=few_coded(len(error)) + ((MIXED_STRATA,) if _mixed(machine, coded.design) else ()),
    )


def bounds(same_person: Ints, machine: Ints, design: Design, level: float) -> tuple[Floats, Floats]:
    """Ends of the interval of persons minus machine groups, shapes (…,), for numbers of shape (…, n).

    A good machine leaves few errors to observe, and a sample that met none would claim there is none. So each survey
    is given imagined errors both ways, halfway to the furthest possible one and at most 0.3, spread over the strata: 2
    ads each way when the coders met fewer than 5 errors (what Agresti and Coull 1998 add to a share), down to half a
    percent of the coded ads, or half an ad, when they met many.
    """
    error = 1 / same_person - 1 / machine
    met = (same_person != machine).sum(axis=-1)
    least = min(2.0, max(0.5, len(design.stratum) / 200))
    weight = np.clip(10 / (met + 1), least, 2.0)[..., None] * design.sizes / design.sizes.sum()
    alike = _stratum_means(1 / machine, design)
    values = np.stack([np.minimum((1 - alike) / 2, 0.3), -alike / 2], axis=-1)
    return symmetric(moments(error, design, Imagined(weight=weight, values=values)), level)


def _stratum_means(values: Floats, design: Design) -> Floats:
    """Mean of a value in each stratum, shape (…, H)."""
    belongs = design.stratum[:, None] == np.arange(len(design.sizes))
    means: Floats = values @ belongs / np.maximum(design.drawn, 1)
    return means


def _mixed(machine: Ints, design: Design) -> bool:
    """Whether some stratum holds machine groups of several classes."""
    kinds = np.digitize(machine, CLASS_ENDS)
    return any(len(np.unique(kinds[design.stratum == one])) > 1 for one in range(len(design.sizes)))

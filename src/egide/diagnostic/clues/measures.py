"""How far each clue can be believed, measured against the coded sample; and which clues may then be counted at all.

Source: docs/methods/clues.md, "What is published".
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from egide.diagnostic.clues.catalogue import CODES, clue
from egide.diagnostic.clues.estimates import Estimate, lift, share_among
from egide.diagnostic.clues.marks import Marks
from egide.diagnostic.duplicates.ads import Clusters
from egide.diagnostic.sampling.moments import Design
from egide.diagnostic.thresholds import behind, publishable
from egide.errors import Defect, Refused

Bools = NDArray[np.bool_]


@frozen(kw_only=True)
class Measure:
    """What is known of one clue. None: not measured, because too few persons or authors bear it in the sample.

    precision: among the ads where the machine finds the clue, share where the coder reads it.
    recall:    among the ads where the coder reads it, share where the machine finds it.
    lift:      how many times more often ads with the clue, as coded, were judged organised by a third party, than all.
    """

    code: str
    precision: Estimate | None
    recall: Estimate | None
    lift: Estimate | None

    @property
    def may_be_published(self) -> bool:
        """Measured, and tied to organisation beyond doubt: the whole interval of the lift is above 1."""
        measured = self.precision is not None and self.recall is not None
        return measured and self.lift is not None and self.lift.interval.low > 1


def measure(machine: Marks, coder: Marks, organised: Bools, *, people: Clusters, design: Design) -> tuple[Measure, ...]:
    """The nine clues against the coded sample, in order.

    In:     marks of the sampled ads by the machine and by the coder; the coder's judgement of each ad as organised by
            a third party, made on other grounds than these clues; who stands behind the sampled ads; the design.
    Raises: ValueError when they are not of as many ads.
    """
    n = len(design.stratum)
    if not len(machine) == len(coder) == len(organised) == len(people.person) == n:
        raise ValueError("marks, judgements and design of different numbers of ads")
    return tuple(
        _one(code, machine._said[:, rank], coder._said[:, rank], organised, people, design)
        for rank, code in enumerate(CODES)
    )


def _one(code: str, found: Bools, read: Bools, organised: Bools, people: Clusters, design: Design) -> Measure:
    def enough(ads: Bools) -> bool:
        return publishable(behind(people.person[ads], people.author[ads]), crossed=True)

    return Measure(
        code=code,
        precision=share_among(read, found, design) if enough(found) else None,
        recall=share_among(found, read, design) if enough(read) else None,
        lift=lift(read, organised, design) if enough(read) else None,
    )


@frozen(kw_only=True)
class Published:
    """Clues that may be counted, with what is known of each. Made by `checked` only."""

    measures: tuple[Measure, ...]

    def __attrs_post_init__(self) -> None:
        if not self.measures or not all(one.may_be_published for one in self.measures):
            raise ValueError("clues to publish come from `checked`")

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(one.code for one in self.measures)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What must be printed beside the numbers of these clues."""
        return tuple(clue(code).warning for code in self.codes if clue(code).warning)

    def columns(self) -> list[int]:
        return [CODES.index(code) for code in self.codes]


def checked(asked: Sequence[str], measures: Sequence[Measure]) -> Published:
    """The clues asked for, if each was measured and each lift is above 1 over its whole interval.

    Raises: Refused, with every clue that may not be published and why; also for no clue, or one that is not of the
            nine, or twice the same.
    """
    known = {one.code: one for one in measures}
    defects = [] if asked else [_defect("liste des indices", "au moins un indice", "aucun", "Nommez-en un, N1 à N9.")]
    for place, code in enumerate(asked):
        if code not in CODES:
            defects.append(_defect("liste des indices", "un code de N1 à N9", "un autre code", "Corrigez la liste."))
        elif code in asked[:place]:
            defects.append(_defect(_name(code), "une seule fois", "deux fois", "Retirez une des deux mentions."))
        else:
            defects += _defects(code, known.get(code))
    if defects:
        raise Refused(defects)
    return Published(measures=tuple(known[code] for code in asked))


def _defects(code: str, found: Measure | None) -> list[Defect]:
    if found is None or found.precision is None or found.recall is None or found.lift is None:
        way_out = "Codez davantage d’annonces qui le portent (11 personnes, 3 auteurs au moins), ou retirez-le."
        return [
            _defect(_name(code), "une précision, un rappel et un lien mesurés sur l’échantillon codé", "rien", way_out)
        ]
    if found.lift.interval.low <= 1:
        low, high = (f"{bound:.2f}".replace(".", ",") for bound in (found.lift.interval.low, found.lift.interval.high))
        return [
            _defect(
                _name(code),
                "un lien avec l’organisation par un tiers supérieur à 1 dans tout son intervalle",
                f"de {low} à {high}",
                "Retirez-le\u00a0: il accuserait au hasard.",
            )
        ]
    return []


def _name(code: str) -> str:
    return f"Indice {code} («\u00a0{clue(code).label}\u00a0»)"


def _defect(place: str, expected: str, got: str, way_out: str) -> Defect:
    return Defect(place=place, expected=expected, got=got, way_out=way_out)

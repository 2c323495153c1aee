"""From tables of strata, of ads and of codes to the calls of this package, and back to plain documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import asdict, field, frozen

from egide.diagnostic.duplicates.agreement import Agreement, cohen_kappa
from egide.diagnostic.duplicates.multiplicity import Persons
from egide.diagnostic.sampling.allocation import neyman, power, proportional
from egide.diagnostic.sampling.intervals import Interval
from egide.diagnostic.sampling.reading import Filled
from egide.diagnostic.sampling.shares import Share, estimate_share
from egide.diagnostic.sampling.sheet import SAME_PERSON, STRATUM
from egide.diagnostic.tables import Table, unshown
from egide.errors import Defect, DeliveryRefused

PROPORTIONAL, NEYMAN, POWER = METHODS = ("proportional", "neyman", "power")
ADS, SPREAD, IMPORTANCE = "annonces", "ecart_type", "importance"
_NUMBERS = {PROPORTIONAL: (ADS,), NEYMAN: (ADS, SPREAD), POWER: (ADS, SPREAD, IMPORTANCE)}


@frozen(kw_only=True)
class Strata:
    """One value per stratum, in the order of the table."""

    codes: Sequence[str]
    ads: Sequence[int]
    spreads: Sequence[float] = field(default=())
    importance: Sequence[float] = field(default=())

    @classmethod
    def counted(cls, stratum_of_each: Sequence[str]) -> Strata:
        held = sorted(Counter(stratum_of_each).items())
        return cls(codes=[code for code, _ in held], ads=[number for _, number in held])


def strata_of(table: Table, method: str) -> Strata:
    """One row per stratum. Raises: DeliveryRefused with all the defects, in row order."""
    wanted = _NUMBERS[method]
    _refuse_missing(table, (STRATUM, *wanted))
    defects: list[Defect] = []
    values: dict[str, list[float]] = {column: [] for column in wanted}
    codes: list[str] = []
    for row in table.rows:
        if not row.cells[STRATUM] or row.cells[STRATUM] in codes:
            defects.append(_defect(table.place(row, STRATUM), "un code par strate", "une case vide ou déjà donnée"))
        codes.append(row.cells[STRATUM])
        for column in wanted:
            number = _number(row.cells[column], whole=column == ADS)
            if number is None:
                expected = "un nombre entier positif ou nul" if column == ADS else "un nombre positif ou nul"
                defects.append(_defect(table.place(row, column), expected, _said(row.cells[column])))
            values[column].append(number or 0.0)
    if defects:
        raise DeliveryRefused(defects)
    return Strata(
        codes=codes,
        ads=[int(one) for one in values[ADS]],
        spreads=values.get(SPREAD, ()),
        importance=values.get(IMPORTANCE, ()),
    )


def stratum_of_each(table: Table) -> list[str]:
    """One row per ad. Raises: DeliveryRefused: no such column, or a row without its stratum."""
    _refuse_missing(table, (STRATUM,))
    defects = [
        _defect(table.place(row, STRATUM), "le code de la strate de l’annonce", "une case vide")
        for row in table.rows
        if not row.cells[STRATUM]
    ]
    if defects:
        raise DeliveryRefused(defects)
    return [row.cells[STRATUM] for row in table.rows]


def allocated(strata: Strata, total: int, method: str, minimum: int) -> dict[str, int]:
    """Stratum → ads to draw."""
    match method:
        case "neyman":
            given = neyman(strata.ads, strata.spreads, total, minimum)
        case "power":
            given = power(strata.ads, strata.importance, strata.spreads, total, minimum)
        case _:
            given = proportional(strata.ads, total, minimum)
    return dict(zip(strata.codes, given.tolist(), strict=True))


def share_of(filled: Filled, column: str, level: float) -> Share:
    """Share of yes among the ads whose answer is known."""
    has, known = filled.yes(column)
    return estimate_share(has, filled.design, of=known, level=level)


def agreements(first: Filled, second: Filled, level: float) -> dict[str, Agreement]:
    """Column → agreement over the ads that both sheets code. Numbers of ads of a person are compared as codes."""
    place = {number: rank for rank, number in enumerate(first.numbers)}
    unknown = [number for number in second.numbers if number not in place]
    if unknown:
        raise DeliveryRefused(
            [
                _defect("Feuille du second codeur", "des numéros de la première feuille", f"{len(unknown)} autres"),
            ]
        )
    both = [place[number] for number in second.numbers]
    found = {
        column: cohen_kappa([said[one] for one in both], second.answers[column], level)
        for column, said in first.answers.items()
        if column in second.answers
    }
    mine = [str(first.same_person[one]) for one in both]
    return {SAME_PERSON: cohen_kappa(mine, [str(one) for one in second.same_person.tolist()], level), **found}


def estimates_document(
    persons: Persons, shares: Mapping[str, Share], agreed: Mapping[str, Agreement]
) -> dict[str, Any]:
    """For a script: plain numbers, ratios in [0, 1]."""
    return {
        "persons": {
            "value": persons.persons,
            "interval": _ends(persons.persons_interval),
            "duplicate_share": persons.duplicate_share,
            "duplicate_share_interval": _ends(persons.duplicate_share_interval),
            "ads": persons.ads,
            "coded": persons.coded,
            "level": persons.level,
            "method": persons.method,
            "warnings": list(persons.warnings),
        },
        "shares": {column: asdict(one) for column, one in shares.items()},
        "agreement": {column: asdict(one) for column, one in agreed.items()},
    }


def _ends(found: Interval) -> list[float]:
    return [found.low, found.high]


def _refuse_missing(table: Table, columns: Sequence[str]) -> None:
    defects = [
        _defect(table.place(column=column), "cette colonne", "aucune")
        for column in columns
        if column not in table.columns
    ]
    if defects:
        raise DeliveryRefused(defects)


def _number(text: str, *, whole: bool) -> float | None:
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return None
    good = np.isfinite(number) and number >= 0 and (not whole or number == int(number))
    return number if good else None


def _said(text: str) -> str:
    return unshown(text) if text else "une case vide"


def _defect(place: str, expected: str, got: str) -> Defect:
    return Defect(place=place, expected=expected, got=got, way_out="Corrigez le fichier puis recommencez.")

"""What `egide diagnostic census estimate` says: numbers with their intervals, and what they do not prove. [I/O]

Whatever is printed or kept is rounded, for full floats give counts back: shares to whole percents, persons to whole
ones, links to a tenth; intervals outward, so that they still cover.
Source: docs/methods/ad-census.md, "The second pass".
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import click

from egide.diagnostic.census.estimation import Estimates
from egide.diagnostic.clues import PROVES_NOTHING, Estimate, Measure, ShareTable
from egide.diagnostic.clues.catalogue import clue
from egide.diagnostic.clues.tables import TOGETHER
from egide.diagnostic.duplicates.multiplicity import Persons
from egide.diagnostic.sampling.intervals import Interval
from egide.document.typography import digits, sentence

UNPLACED = "hors intercommunalité ou commune inconnue"
_HIDDEN = "non communicable : trop peu de personnes ou d’auteurs"
_UNMEASURED = "non mesuré"
_PERCENT, _TENTH = 100, 10
_WHY = (
    "  Non publié : non mesuré (moins de 11 personnes ou de 3 auteurs le portent), ou lien dont l’intervalle descend à "
    "1 ou moins."
)


def said(found: Estimates, zones: Mapping[str, str], at_least: int, period: str) -> dict[str, Any]:
    """The document for a script, with the same in words: `lines`, and `warnings` for standard error."""
    number = f"{_whole(found.ads)} annonces" if found.persons else "nombre d’annonces non communicable"
    lines = [
        f"Collecte {period} : {number}, dont {_whole(found.coded)} codées. Intervalles à 95 %.",
        *_persons_lines(found),
    ]
    for column, share in found.others.items():
        lines += ["", f"{column} : {_share(share) if share else _HIDDEN}"]
    if found.measures:
        lines += _measures_lines(found)
        lines += _shares_lines(found, zones, at_least) + _pairs_lines(found)
        lines += ["", PROVES_NOTHING]
    else:
        lines += ["", "Indices : la feuille n’a pas leurs colonnes, rien n’en est dit."]
    words = {"lines": [sentence(line) for line in lines], "warnings": _warnings(found)}
    return {"at_least": at_least, **_document(found, zones), **words}


def say(document: Mapping[str, Any]) -> None:
    """What `said` made: its words on standard output, warnings on standard error."""
    for line in document["lines"]:
        click.echo(line)
    for warning in document["warnings"]:
        click.echo(click.style("Attention — ", fg="yellow", bold=True) + warning, err=True)


def _warnings(found: Estimates) -> list[str]:
    persons = (*found.persons.warnings, *found.around.warnings) if found.persons and found.around else ()
    study = (found.study.warning,) if found.study else ()
    return list(dict.fromkeys((*persons, *study, *(found.published.warnings if found.published else ()))))


def _persons_lines(found: Estimates) -> list[str]:
    lines = ["", "Personnes distinctes et part de doublons"]
    if found.persons is None or found.around is None or found.study is None:
        return [*lines, f"  {_HIDDEN}"]
    for one in (found.persons, found.around):
        duplicates = f"doublons {_percent(one.duplicate_share)}, {_range(one.duplicate_share_interval)}"
        lines += [f"  {one.method} :", f"    {_people(one.persons, one.persons_interval)} ; {duplicates}"]
    study = found.study
    lines += ["  méthode par point de l’étude, pour comparer :", f"    {_people(study.persons, study.interval)}"]
    if study.if_within_sample:
        low, high = _ends(study.if_within_sample)
        lines.append(
            f"    la même part, vue dans le seul échantillon, voudrait dire de {_whole(low)} à {_whole(high)} personnes"
        )
    return lines


def _measures_lines(found: Estimates) -> list[str]:
    lines = ["", "Ce que vaut chaque indice, mesuré sur l’échantillon codé"]
    for one in found.measures:
        lines.append(f"  {one.code} {clue(one.code).label} : {'publiable' if one.may_be_published else 'non publié'}")
        if one.precision is None and one.recall is None and one.lift is None:
            lines.append(f"    {_UNMEASURED}")
            continue
        for name, value in (("précision", one.precision), ("rappel", one.recall)):
            lines.append(f"    {name} : {_share(value) if value else _UNMEASURED}")
        lines.append(f"    lien avec l’organisation : {_ratio(one.lift) if one.lift else _UNMEASURED}")
    return [*lines, _WHY]


def _shares_lines(found: Estimates, zones: Mapping[str, str], at_least: int) -> list[str]:
    if found.published is None:
        return ["", "Aucun indice ne peut être publié : ni parts, ni croisements."]
    codes = found.published.codes
    lines = ["", f"Part des annonces qui portent au moins {at_least} des indices publiables ({', '.join(codes)})"]
    if at_least > len(codes):
        return [*lines, f"  sans objet : {len(codes)} seulement peuvent être publiés"]
    for table in (found.everywhere, found.territories):
        lines += [f"  {territory} : {_share(share) if share else _HIDDEN}" for territory, share in _rows(table, zones)]
    if found.territories is None:
        lines.append(f"  Par territoire : {_HIDDEN}")
    return lines


def _pairs_lines(found: Estimates) -> list[str]:
    if found.pairs is None:
        return []
    lines = ["", "Indices ensemble, en part de toutes les annonces"]
    for cell in found.pairs.cells:
        name = cell.first if cell.first == cell.second else f"{cell.first} et {cell.second}"
        lines.append(f"  {name} : {_share(cell.share) if cell.share else _HIDDEN}")
    return lines


def _rows(table: ShareTable | None, zones: Mapping[str, str]) -> list[tuple[str, Estimate | None]]:
    """Territories in words; « Ensemble » when it is all of them."""
    if table is None:
        return []
    whole = len(table.cells) == 1
    return [
        ("Ensemble" if whole else " + ".join(zones.get(one, one) for one in cell.territory.split(TOGETHER)), cell.share)
        for cell in table.cells
    ]


def _document(found: Estimates, zones: Mapping[str, str]) -> dict[str, Any]:
    """For a script: the same numbers, shares in [0, 1], None where nothing may be shown. With the sentence."""
    shares = (found.everywhere, found.territories)
    return {
        "ads": found.ads if found.persons else None,
        "coded": found.coded,
        "persons": [_persons(one) for one in (found.persons, found.around) if one],
        "point_method": found.study
        and {
            "persons": _nearest(found.study.persons),
            "interval": _ends(found.study.interval),
            "if_within_sample": found.study.if_within_sample and _ends(found.study.if_within_sample),
            "warning": found.study.warning,
        },
        "others": {column: _estimate(share) for column, share in found.others.items()},
        "clues": {one.code: _measure(one) for one in found.measures},
        "clue_warnings": list(found.published.warnings) if found.published else [],
        "shares": [
            {"territory": name, "at_least": table.at_least, "share": _estimate(share)}
            for table in shares
            if table
            for name, share in _rows(table, zones)
        ],
        "pairs": [
            {"first": cell.first, "second": cell.second, "share": _estimate(cell.share)}
            for cell in (found.pairs.cells if found.pairs else ())
        ],
        "sentence": PROVES_NOTHING,
    }


def _persons(found: Persons) -> dict[str, Any]:
    return {
        "method": found.method,
        "value": _nearest(found.persons),
        "interval": _ends(found.persons_interval),
        "duplicate_share": _nearest(found.duplicate_share, _PERCENT),
        "duplicate_share_interval": _ends(found.duplicate_share_interval, _PERCENT),
        "warnings": list(found.warnings),
    }


def _measure(found: Measure) -> dict[str, Any]:
    shares = {"precision": _estimate(found.precision), "recall": _estimate(found.recall)}
    return {"published": found.may_be_published, **shares, "lift": _estimate(found.lift, _TENTH)}


def _estimate(found: Estimate | None, parts: int = _PERCENT) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"value": _nearest(found.value, parts), "interval": _ends(found.interval, parts)}


def _nearest(number: float, parts: int = 1) -> float:
    """To the nearest hundredth when `parts` is 100."""
    return math.floor(number * parts + 0.5) / parts if parts > 1 else math.floor(number + 0.5)


def _ends(found: Interval, parts: int = 1) -> list[float]:
    """Outward; 0.29 is 29 percents, whatever 0.29 * 100 is in floats."""
    low, high = math.floor(round(found.low * parts, 6)), math.ceil(round(found.high * parts, 6))
    return [low / parts, high / parts] if parts > 1 else [low, high]


def _share(found: Estimate) -> str:
    return f"{_percent(found.value)}, {_range(found.interval)}"


def _people(number: float, within: Interval) -> str:
    low, high = _ends(within)
    return f"{_whole(_nearest(number))} personnes, de {_whole(low)} à {_whole(high)}"


def _range(found: Interval) -> str:
    low, high = _ends(found, _PERCENT)
    return f"de {_percent(low)} à {_percent(high)}"


def _ratio(found: Estimate) -> str:
    value, low, high = (
        digits(Fraction(one).limit_denominator(10**6), 1, fixed=True)
        for one in (_nearest(found.value, _TENTH), *_ends(found.interval, _TENTH))
    )
    return f"× {value}, de {low} à {high}"


def _percent(ratio: float) -> str:
    return digits(Fraction(_nearest(100 * ratio))) + "\u202f%"


def _whole(number: float) -> str:
    return digits(Fraction(number).limit_denominator(10**6))

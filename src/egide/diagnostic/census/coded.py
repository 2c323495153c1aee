"""A filled coding sheet brought back to the ads it was drawn from, for a second pass through the door. Pure.

The key leads from a number of the sheet to the rank of an ad in the files of the team, read again in the same order.
Whatever does not fit is refused here: inside the door no message may say what is wrong. Source:
docs/methods/ad-census.md, "The second pass".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from attrs import field, frozen

from egide.diagnostic.clues import CLUES, Marks, coded
from egide.diagnostic.duplicates.multiplicity import Coded, Searched, refuse_in_sample
from egide.diagnostic.sampling.moments import Flags, Ints
from egide.diagnostic.sampling.reading import Filled, read_filled
from egide.diagnostic.sampling.sheet import FIXED, NO, NUMBER, STRATUM, STRATUM_ADS, YES
from egide.diagnostic.tables import Table, unshown
from egide.errors import Defect, DeliveryRefused
from egide.sources.messages import NBSP, counted

RANK = "rang"
ORGANISED = "organise"  # judged organised by a third party, on other grounds than the clues
CLUE_COLUMNS = tuple(clue.code for clue in CLUES)
_A_CODE = re.compile(r"(?!.*[0-9]{3})[A-Za-z][0-9A-Za-z_-]{0,23}")
_OUR_NUMBER = re.compile(r"[1-9][0-9]{4}")
_OURS = "Reprenez les fichiers du tirage, sans les trier ni les compléter."


@frozen(kw_only=True, eq=False, repr=False)
class CodedSample:
    """`n` coded ads: where each stands in the corpus, and what its reader answered.

    marks, organised: None together when the sheet has no column of clues. others: further columns of yes or no.
    """

    places: Ints  # shape (n,)
    persons: Coded
    marks: Marks | None = field(default=None)
    organised: Flags | None = field(default=None)
    others: Mapping[str, tuple[Flags, Flags]] = field(factory=dict)  # column → yes, known


def coded_sample(sheet: Table, key: Table, sites: Sequence[str]) -> CodedSample:
    """`sites`: site of each ad of the corpus, in the order read; the strata of the draw.

    Raises: DeliveryRefused with every defect at once; CalculationRefused when other ads of the same person were
    looked for in the sample only.
    """
    filled = read_filled(sheet)
    places, defects = _places(sheet, key, filled, len(sites))
    defects += _strata(sheet, places, sites)
    defects += _answers(sheet)
    if defects:
        raise DeliveryRefused(defects)
    searched = Searched.SAMPLE if filled.within_sample else Searched.CORPUS
    persons = Coded(same_person=filled.same_person, design=filled.design, searched=searched)
    refuse_in_sample(persons)
    whole = set(CLUE_COLUMNS) <= set(filled.answers)
    others = {column: filled.yes(column) for column in filled.answers if column not in CLUE_COLUMNS}
    return CodedSample(
        places=np.array([places[number] for number in filled.numbers], np.int64),
        persons=persons,
        marks=coded(np.column_stack([filled.yes(one)[0] for one in CLUE_COLUMNS])) if whole else None,
        organised=filled.yes(ORGANISED)[0] if whole else None,
        others=others,
    )


def _places(sheet: Table, key: Table, filled: Filled, ads: int) -> tuple[dict[str, int], list[Defect]]:
    """Number of the sheet → place of the ad, from 0."""
    if key.columns != (NUMBER, RANK):
        got = counted(len(key.columns), "autre colonne", "autres colonnes")
        return {}, [_defect(key.place(), f"les colonnes {NUMBER} et {RANK}", got, "Donnez cle.csv.")]
    defects: list[Defect] = []
    found: dict[str, int] = {}
    taken: set[int] = set()
    for row in key.rows:
        number, written = row.cells[NUMBER], row.cells[RANK]
        rank = int(written) if re.fullmatch("[0-9]{1,9}", written) else 0
        if not 1 <= rank <= ads or rank in taken or number in found or not _OUR_NUMBER.fullmatch(number):
            expected = f"un numéro de cinq chiffres et un rang de 1 à {ads}, une seule fois"
            defects.append(_defect(key.place(row), expected, "autre chose", _OURS))
            continue
        found[number] = rank - 1
        taken.add(rank)
    absent = len(set(filled.numbers) - set(found))
    if absent:
        defects.append(_defect(sheet.place(), "des numéros de la clé", counted(absent, "autre"), _OURS))
    uncoded = len(set(found) - set(filled.numbers))
    if uncoded and not absent:
        got = f"{counted(uncoded, 'annonce')} sans ligne"
        way_out = "Codez-les toutes\u00a0: en laisser fausserait les parts."
        defects.append(_defect(sheet.place(), "chaque annonce tirée", got, way_out))
    return found, defects


def _strata(sheet: Table, places: Mapping[str, int], sites: Sequence[str]) -> list[Defect]:
    """The files must be those of the draw: each stratum is a site, as large as it was."""
    held, drawn, defects = Counter(sites), set(), []
    for row in sheet.rows:
        stratum, place = row.cells[STRATUM], places.get(row.cells[NUMBER])
        drawn.add(stratum)
        if row.cells[STRATUM_ADS] != str(held[stratum]) or (place is not None and sites[place] != stratum):
            defects.append(sheet.place(row, STRATUM))
    if defects:
        got = f"autre chose dans {counted(len(defects), 'ligne')}, dont la première"
        way_out = "Donnez les fichiers du tirage, inchangés et dans le même ordre."
        return [_defect(defects[0], "le site de l’annonce et ses effectifs, comme au tirage", got, way_out)]
    lost = len(set(held) - drawn)
    if lost:
        way_out = "Tirez au moins deux annonces de chaque site."
        return [_defect(sheet.place(), "une annonce tirée de chaque site", f"{counted(lost, 'site')} sans", way_out)]
    return []


def _answers(sheet: Table) -> list[Defect]:
    """Yes, no or nothing; never nothing for the clues, which are compared one by one."""
    columns = [column for column in sheet.columns if column not in FIXED]
    asked = (ORGANISED, *CLUE_COLUMNS)
    there = [column for column in asked if column in columns]
    defects = [
        _defect(sheet.place(column=column), "cette colonne, avec les autres indices", "aucune", "Ajoutez-la.")
        for column in asked
        if there and column not in there
    ]
    for column in columns:
        name = f"n°{NBSP}{sheet.columns.index(column) + 1}"  # a heading may itself be a piece of an ad
        if not _A_CODE.fullmatch(column):
            expected = "un titre de 1 à 24 lettres sans accent, chiffres (deux de suite au plus), tirets ou soulignés"
            defects.append(_defect(sheet.place(column=name), expected, unshown(column), "Renommez ou ôtez la colonne."))
        allowed = (YES, NO) if column in there else (YES, NO, "")
        wrong = [row for row in sheet.rows if row.cells[column] not in allowed]
        if wrong:
            more = f", et dans {counted(len(wrong) - 1, 'autre ligne', 'autres lignes')}" if len(wrong) > 1 else ""
            place = sheet.place(wrong[0], name)
            got = f"{unshown(wrong[0].cells[column])}{more}"
            defects.append(_defect(place, " ou ".join(one or "rien" for one in allowed), got, "Corrigez la feuille."))
    return defects


def _defect(place: str, expected: str, got: str, way_out: str) -> Defect:
    return Defect(place=place, expected=expected, got=got, way_out=way_out)

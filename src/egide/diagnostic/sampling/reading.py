"""A filled coding sheet, read back whole or refused whole. Source: docs/methods/survey-sampling.md."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import frozen

from egide.diagnostic.sampling.moments import Design, Flags, Ints
from egide.diagnostic.sampling.sheet import (
    FIXED,
    NO,
    NUMBER,
    SAME_PERSON,
    SEARCHED,
    SEARCHES,
    STRATUM,
    STRATUM_ADS,
    YES,
)  # fmt: skip
from egide.diagnostic.tables import Row, Table, unshown
from egide.errors import Defect, DeliveryRefused


@frozen(kw_only=True, eq=False, repr=False)
class Filled:
    """What the sheet says, ad by ad in its order. Sizes n."""

    numbers: tuple[str, ...]
    design: Design
    within_sample: bool  # some ad was searched inside the sample only
    same_person: Ints
    answers: Mapping[str, tuple[str, ...]]  # column → codes, "" where not known

    def yes(self, column: str) -> tuple[Flags, Flags]:
        """Whether each ad has the feature, and whether that is known."""
        said = np.array(self.answers[column])
        return said == YES, said != ""

    @property
    def features(self) -> tuple[str, ...]:
        """Columns answered by yes or no only, at least once."""
        return tuple(column for column, said in self.answers.items() if {*said} - {""} and {*said} <= {YES, NO, ""})


def read_filled(table: Table) -> Filled:
    """Raises: DeliveryRefused with every defect at once, in row order; no cell is quoted but our own codes."""
    defects = [
        _defect(table.place(column=column), "cette colonne", "aucune", "Repartez de la feuille tirée par Égide.")
        for column in FIXED
        if column not in table.columns
    ]
    if not table.rows:
        defects.append(_defect(table.place(), "au moins deux annonces", "aucune", "Remplissez la feuille de codage."))
    if defects:
        raise DeliveryRefused(defects)
    defects = [
        _defect(table.place(column=column), "un code par annonce", "une colonne vide", "Remplissez-la d’abord.")
        for column in (SAME_PERSON, SEARCHED)
        if not any(row.cells[column].strip() for row in table.rows)
    ]
    if defects:  # once a column, not once a row
        raise DeliveryRefused(defects)
    sizes: dict[str, int] = {}
    numbers: set[str] = set()
    same: list[int] = []
    for row in table.rows:
        same.append(_whole(table, row, SAME_PERSON, defects))
        held = _whole(table, row, STRATUM_ADS, defects)
        if sizes.setdefault(row.cells[STRATUM], held) != held:
            defects.append(
                _defect(
                    table.place(row, STRATUM_ADS),
                    "le même nombre d’annonces dans toute la strate",
                    "un autre nombre",
                    "Reprenez celui de la feuille tirée par Égide.",
                )
            )
        if row.cells[SEARCHED] not in SEARCHES:
            defects.append(
                _defect(
                    table.place(row, SEARCHED),
                    "« corpus » ou « échantillon »".replace("« ", "«\u00a0").replace(" »", "\u00a0»"),
                    _said(row.cells[SEARCHED]),
                    "Dites où les autres annonces de la même personne ont été cherchées.",
                )
            )
        if row.cells[NUMBER] in numbers or not row.cells[NUMBER]:
            got = "le même numéro deux fois" if row.cells[NUMBER] else "une case vide"
            defects.append(
                _defect(table.place(row, NUMBER), "un numéro par annonce", got, "Gardez une ligne par annonce tirée.")
            )
        numbers.add(row.cells[NUMBER])
    if defects:
        raise DeliveryRefused(defects)
    codes = sorted(sizes)
    return Filled(
        numbers=tuple(row.cells[NUMBER] for row in table.rows),
        design=Design(
            stratum=np.array([codes.index(row.cells[STRATUM]) for row in table.rows], dtype=np.int64),
            sizes=np.array([sizes[code] for code in codes], dtype=np.int64),
        ),
        within_sample=any(row.cells[SEARCHED] != SEARCHES[0] for row in table.rows),
        same_person=np.array(same, dtype=np.int64),
        answers={
            column: tuple(row.cells[column] for row in table.rows)
            for column in table.columns
            if column not in FIXED and column
        },
    )


def _whole(table: Table, row: Row, column: str, defects: list[Defect]) -> int:
    """A whole number from 1, or 1 and a defect."""
    text = row.cells[column].strip()
    if text.isascii() and text.isdigit() and int(text[:9]) >= 1:
        return int(text[:9])
    defects.append(
        _defect(
            table.place(row, column),
            "un nombre entier, 1 ou plus",
            _said(text),
            "L’annonce elle-même compte\u00a0: écrivez 1 quand elle est seule.",
        )
    )
    return 1


def _said(text: str) -> str:
    return unshown(text) if text else "une case vide"


def _defect(place: str, expected: str, got: str, way_out: str) -> Defect:
    return Defect(place=place, expected=expected, got=got, way_out=way_out)

"""From the rows of a partner's list to normalised persons, or every defect at once, none quoting what the list holds.

Even headings are never quoted: in a file without them the first row is a person. Pure: the command opens the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from attrs import define, field

from egide.errors import Defect, DeliveryRefused
from egide.sources.messages import NBSP, THIN, counted
from egide.unseen.linking import normal
from egide.unseen.linking.normal import Born
from egide.unseen.linking.tokens import Person

# Field of a person: headings that are understood without being declared, once normalised.
FIELDS = {
    "nom": ("nom", "nom de famille", "nom de naissance", "patronyme"),
    "prenom": ("prenom", "prenoms", "prenom s"),
    "naissance": ("naissance", "date de naissance", "date naissance", "ne le", "nee le", "ddn"),
    "sexe": ("sexe", "genre"),
    "lieu": ("lieu", "lieu de naissance", "commune de naissance", "pays de naissance"),
}
COMPULSORY = ("nom", "prenom")
_EXPECTED_DATE = "une date comme 2001-03-12, 12/03/2001, 12 mars 2001, 03/2001 ou 2001, ou rien"
_EXPECTED_SEX = "f, m, ou rien"
MOST_ROWS = 1_000_000
_RANK = re.compile(r" \(\d+\)$")  # what reading adds to a heading that comes back


@define(kw_only=True)
class _Reader:
    today: date
    columns: Mapping[str, str]  # field → heading
    defects: list[Defect] = field(factory=list)

    def person(self, number: int, cells: Mapping[str, str]) -> Person:
        told = {name: cells.get(heading, "") for name, heading in self.columns.items()}
        for name in [name for name, text in told.items() if text.startswith("#")]:  # #N/A, #REF!, #NOM?
            self._complain(number, name, "une valeur, ou rien", "une erreur de calcul du tableur")
            told[name] = ""
        return Person(
            surname=normal.surname(told.get("nom", "")),
            given=normal.given_name(told.get("prenom", "")),
            born=self._born(number, told.get("naissance", "")),
            sex=self._sex(number, told.get("sexe", "")),
            place=normal.place(told.get("lieu", "")),
        )

    def _born(self, number: int, text: str) -> Born | None:
        if normal.is_unknown(text):
            return None
        found = normal.born(text, today=self.today)
        if found is None:
            self._complain(number, "naissance", _EXPECTED_DATE, "une autre écriture, ou une date impossible")
        return found

    def _sex(self, number: int, text: str) -> str:
        found = normal.sex(text)
        if found is None:
            self._complain(number, "sexe", _EXPECTED_SEX, "autre chose")
        return found or ""

    def _complain(self, number: int, name: str, expected: str, got: str) -> None:
        self.defects.append(
            Defect(
                place=f"ligne {number}, {name}",
                expected=expected,
                got=got,
                way_out="Corrigez la cellule d’après le dossier, ou videz-la.",
            )
        )


def persons(
    columns: Sequence[str],
    rows: Iterable[tuple[int, Mapping[str, str]]],
    *,
    declared: Mapping[str, str],
    today: date,
) -> tuple[Person, ...]:
    """One person a row, in the order of the rows. Columns that are no field are not read.

    columns: headings. rows: (number of the row, cells by heading). declared: heading → field, over what is understood.
    Raises: DeliveryRefused with every defect, in row order.
    """
    found, defects = _fields(columns, declared)
    if defects:
        raise DeliveryRefused(defects)
    reader = _Reader(today=today, columns=found)
    read = tuple(reader.person(number, cells) for number, cells in rows)
    if len(read) > MOST_ROWS:
        reader.defects.append(
            Defect(
                place="la liste",
                expected=f"au plus {counted(MOST_ROWS, 'ligne')}",
                got=counted(len(read), "ligne"),
                way_out="Séparez-la par année ou par territoire.",
            )
        )
    if reader.defects:
        raise DeliveryRefused(reader.defects)
    return read


def _fields(columns: Sequence[str], declared: Mapping[str, str]) -> tuple[dict[str, str], list[Defect]]:
    """Heading of each field, and what is wrong with them."""
    defects: list[Defect] = []
    known = set(columns)
    found: dict[str, str] = {}
    for heading, name in declared.items():
        if heading not in known:
            defects.append(
                Defect(
                    place=f"--column, {name}",
                    expected="le titre exact d’une colonne de la liste",
                    got="un titre que la liste n’a pas",
                    way_out="Recopiez le titre depuis la première ligne, accents compris.",
                )
            )
        elif name in found:
            defects.append(_twice(name))
        found.setdefault(name, heading)
    for name, headings in FIELDS.items():
        if name in found:
            continue
        likely = [one for one in columns if one not in declared and normal.letters(_RANK.sub("", one)) in headings]
        if len(likely) > 1:
            defects.append(_twice(name))
        elif likely:
            found[name] = likely[0]
    for name in COMPULSORY:
        if name not in found and not any(one.place.endswith(name) for one in defects):
            defects.append(
                Defect(
                    place="première ligne de la liste",
                    expected=f"une colonne «{NBSP}{name}{NBSP}»",
                    got="aucune",
                    way_out=f'Ajoutez une ligne de titres, ou déclarez la colonne{NBSP}: --column "TITRE={name}".',
                )
            )
    if not {"naissance", "lieu"} & found.keys() and not defects:
        defects.append(
            Defect(
                place="première ligne de la liste",
                expected=f"une colonne «{NBSP}naissance{NBSP}», ou à défaut «{NBSP}lieu{NBSP}»",
                got="ni l’une ni l’autre",
                way_out=f"Un nom seul ne fait aucun jeton{THIN}; déclarez la colonne par --column.",
            )
        )
    return found, defects


def _twice(name: str) -> Defect:
    return Defect(
        place=f"colonnes, {name}",
        expected="une seule colonne pour ce champ",
        got="plusieurs",
        way_out=f'Dites laquelle{NBSP}: --column "TITRE={name}".',
    )

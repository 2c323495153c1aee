"""From the rows of a file to counts by capture history, or every defect at once. Pure: the command opens the file.

Three shapes, known by the headings alone:
* one row a history: one column a list (1/0, oui/non, x), and a column `effectif` (or `count`);
* one row a person: one column a list, and if need be a column `personne` that is dropped;
* one row a membership: a column `personne` and a column `liste`.
Identifiers serve to join the rows of one person and go no further. Source: docs/methods/estimate-page.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import numpy as np
from attrs import define, field

from egide.document.typography import NBSP, THIN
from egide.errors import Defect, DeliveryRefused
from egide.estimation.censored.table import Censored
from egide.estimation.histories import MOST_LISTS, Flags, Ints
from egide.sources.messages import counted
from egide.unseen.marks import mark, persons, told
from egide.unseen.reading import Reading, history_name

COUNTS = frozenset({"effectif", "effectifs", "count", "counts"})
PERSONS = frozenset({"personne", "person", "identifiant", "id", "pseudonyme"})
MEMBERSHIPS = frozenset({"liste", "list"})
_MOST_SLIPS = 3  # cells that are no mark, told one by one; beyond, the column is taken for something else than a list
_LINES_TOLD = 8


class SheetRow(Protocol):
    @property
    def number(self) -> int: ...

    @property
    def cells(self) -> Mapping[str, str]: ...


class Sheet(Protocol):
    """Text cells with their coordinates, as the readers of the project give them."""

    @property
    def file_name(self) -> str: ...

    @property
    def columns(self) -> tuple[str, ...]: ...

    @property
    def rows(self) -> Sequence[SheetRow]: ...


def read_lists(sheet: Sheet, *, strata: Sequence[str] = (), apart: Iterable[tuple[str, str]] = ()) -> Reading:
    """Counts by history. `strata`: columns of covariates; `apart`: pairs of lists on which nobody can be at once.

    Raises: DeliveryRefused with every defect, in row order.
    """
    intake = _Intake(sheet=sheet, strata=tuple(strata))
    shape = intake.shape()
    if shape is not None:
        intake.take(shape)
    reading = intake.reading(tuple(apart))
    if reading is None:
        raise DeliveryRefused(intake.defects)
    return reading


@define(kw_only=True)
class _Shape:
    lists: tuple[str, ...]  # columns of marks; names come from the rows in a file of memberships
    count: str | None = None
    person: str | None = None
    membership: str | None = None


@define(kw_only=True)
class _Intake:
    sheet: Sheet
    strata: tuple[str, ...]
    defects: list[Defect] = field(factory=list)
    lists: tuple[str, ...] = ()
    counts: dict[tuple[str, ...], dict[int, tuple[int, int] | None]] = field(factory=dict)  # None: left empty

    # ---- headings

    def shape(self) -> _Shape | None:
        known = self.sheet.columns
        for name in self.strata:
            if name not in known:
                self._complain(None, name, "une colonne de ce nom", "aucune", "Corrigez --strata, ou ajoutez-la.")
        free = [name for name in known if name not in self.strata]
        count = self._only(free, COUNTS)
        person, membership = self._only(free, PERSONS), self._only(free, MEMBERSHIPS)
        if count is None and membership is not None:
            if person is None or len(free) != 2:
                self._complain(
                    None,
                    membership,
                    f"deux colonnes, «{NBSP}personne{NBSP}» et «{NBSP}liste{NBSP}»",
                    f"{len(free)} colonnes",
                    "Gardez ces deux-là, et nommez les covariables par --strata.",
                )
                return None
            return _Shape(lists=(), person=person, membership=membership)
        marks = tuple(name for name in free if name not in (count, person))
        if count is not None and person is not None:
            self._complain(
                None,
                person,
                "une colonne d’effectifs ou une colonne de personnes, pas les deux",
                "les deux",
                "Retirez la colonne des personnes d’un tableau déjà compté.",
            )
        if not self._enough(len(marks)):
            return None
        return _Shape(lists=marks, count=count, person=person)

    def _only(self, free: Sequence[str], names: frozenset[str]) -> str | None:
        found = [name for name in free if name.casefold() in names]
        for extra in found[1:]:
            self._complain(None, extra, "une seule colonne de ce rôle", f"{len(found)}", "Gardez la bonne.")
        return found[0] if found else None

    def _enough(self, lists: int) -> bool:
        if 2 <= lists <= MOST_LISTS:
            return True
        self._complain(
            None,
            None,
            f"de 2 à {MOST_LISTS} listes",
            f"{lists}",
            "Une colonne par liste\u202f; les autres colonnes se nomment par --strata."
            if lists < 2
            else "Réunissez des listes, ou retirez-en. Les autres colonnes se nomment par --strata.",
        )
        return False

    # ---- rows

    def take(self, shape: _Shape) -> None:
        if shape.membership is not None:
            self._memberships(shape)
            return
        others = self._others(shape)
        self.lists = tuple(name for name in shape.lists if name not in others)
        blank = self._blank_is_off()
        seen: dict[tuple[tuple[str, ...], int], int] = {}
        known: dict[str, int] = {}
        for row in self.sheet.rows:
            stratum, cell = self._stratum(row), self._history(row, blank)
            told_once = self._once(row, shape.person, known)
            if cell is None or stratum is None or not told_once:
                continue
            if others:  # what is not a list tells rows apart, and hides which lists a row is on
                stratum = (*stratum, *(row.cells[name] for name in others))
            if shape.count is None:
                if cell == 0 and not others:
                    self._complain(row, None, "une personne présente sur une liste au moins", "aucune", _ON_NO_LIST)
                    continue
                self._add(stratum, cell, (1, 1))
                continue
            sound, number = (True, None) if others and not cell else self._count(row, shape.count, cell)
            if (earlier := seen.setdefault((stratum, cell), row.number)) != row.number:
                self._complain(
                    row,
                    None,
                    "une ligne par croisement de listes",
                    f"le même qu’à la ligne {earlier}",
                    "Réunissez les deux lignes.",
                )
            elif cell and sound:
                self._add(stratum, cell, number)

    def _others(self, shape: _Shape) -> tuple[str, ...]:
        """Columns that can hardly be lists, each complained of once: no mark at all, or many cells that are none."""
        found = []
        for name in shape.lists:
            filled = [(row.number, mark(row.cells[name])) for row in self.sheet.rows if row.cells[name]]
            wrong = [number for number, on in filled if on is None]
            if wrong and (len(wrong) > _MOST_SLIPS or len(wrong) == len(filled)):
                found.append(name)
                self._complain(
                    None,
                    name,
                    "1 ou 0, oui ou non, x, dans la colonne d’une liste",
                    f"autre chose à {counted(len(wrong), 'ligne')} sur {len(filled)}{NBSP}: {_some(wrong)}",
                    f"Si ce n’est pas une liste, ajoutez --strata {name}, ou retirez-la{THIN}; sinon, corrigez-la.",
                )
        return tuple(found)

    def _blank_is_off(self) -> dict[str, bool]:
        """Where "no" is never written, an empty cell says it; elsewhere it says nothing."""
        return {name: all(mark(row.cells[name]) is not False for row in self.sheet.rows) for name in self.lists}

    def _history(self, row: SheetRow, blank: Mapping[str, bool]) -> int | None:
        cell, sound = 0, True
        for place, name in enumerate(self.lists):
            text = row.cells[name]
            on = False if not text and blank[name] else mark(text)
            if on is None:
                self._complain(row, name, "1 ou 0, oui ou non, x", told(text), "Dites si l’on est sur cette liste.")
                sound = False
            cell |= int(on or False) << place
        return cell if sound else None

    def _count(self, row: SheetRow, column: str, cell: int) -> tuple[bool, tuple[int, int] | None]:
        """Whether the count can be taken, and the count; None: left empty."""
        text = row.cells[column]
        found = persons(text)
        if cell == 0:
            if found != (0, 0) and text:
                self._complain(row, column, "rien, ou 0, pour qui n’est sur aucune liste", told(text), _ON_NO_LIST)
            return False, None
        if found is None and text:
            self._complain(
                row,
                column,
                f"un nombre entier de personnes, «{NBSP}<{NBSP}5{NBSP}», une étendue «{NBSP}1-4{NBSP}», ou rien",
                told(text),
                "Écrivez un compte sans signe ni décimale\u202f; laissez vide un croisement qui ne peut être observé.",
            )
            return False, None
        return True, found

    def _once(self, row: SheetRow, column: str | None, known: dict[str, int]) -> bool:
        if column is None:
            return True
        person = row.cells[column]
        if not person:
            self._complain(row, column, "un identifiant", "rien", "Remplissez-le, ou retirez la colonne.")
            return False
        if (earlier := known.setdefault(person, row.number)) != row.number:
            self._complain(
                row, column, "une ligne par personne", f"celle de la ligne {earlier}", "Réunissez ses lignes."
            )
            return False
        return True

    def _memberships(self, shape: _Shape) -> None:
        assert shape.person is not None and shape.membership is not None
        places: dict[str, int] = {}
        found: dict[str, tuple[tuple[str, ...], int, int]] = {}  # person -> stratum, history, first row
        for row in self.sheet.rows:
            person, name, stratum = row.cells[shape.person], row.cells[shape.membership], self._stratum(row)
            for column, text in ((shape.person, person), (shape.membership, name)):
                if not text:
                    self._complain(row, column, "une cellule remplie", "rien", "Remplissez-la.")
            if not person or not name or stratum is None:
                continue
            bit = 1 << places.setdefault(name, len(places))
            first, history, line = found.setdefault(person, (stratum, 0, row.number))
            if first != stratum:
                self._complain(
                    row,
                    None,
                    f"la même strate qu’à la ligne {line}, pour la même personne",
                    "une autre",
                    "Choisissez-en une.",
                )
            found[person] = (first, history | bit, line)
        if not self._enough(len(places)):
            return
        names = sorted(places)  # whatever the order of the rows
        self.lists = tuple(names)
        moved = {1 << places[name]: 1 << place for place, name in enumerate(names)}
        for stratum, history, _ in found.values():
            self._add(stratum, sum(new for old, new in moved.items() if history & old), (1, 1))

    def _stratum(self, row: SheetRow) -> tuple[str, ...] | None:
        columns = [name for name in self.strata if name in row.cells]
        values = tuple(row.cells[name] for name in columns)
        for name, value in zip(columns, values, strict=True):
            if not value:
                self._complain(row, name, "une valeur", "rien", f"Écrivez «{NBSP}inconnu{NBSP}» si elle l’est.")
        return values if all(values) else None

    def _add(self, stratum: tuple[str, ...], cell: int, number: tuple[int, int] | None) -> None:
        cells = self.counts.setdefault(stratum, {})
        before = cells.get(cell, (0, 0))
        cells[cell] = None if number is None or before is None else (before[0] + number[0], before[1] + number[1])

    # ---- the whole

    def reading(self, apart: tuple[tuple[str, str], ...]) -> Reading | None:
        """None when anything is wrong; `defects` then says all of it."""
        if not self.lists:
            return None
        forbidden = self._forbidden(apart)
        unobserved = sorted({cell for cells in self.counts.values() for cell, one in cells.items() if one is None})
        strata = [(stratum, self._table(cells)) for stratum, cells in sorted(self.counts.items())]
        nobody = np.zeros(1 << len(self.lists), dtype=np.int64)
        low = sum((one for _, (one, _) in strata), nobody)
        high = sum((other for _, (_, other) in strata), nobody)
        self._check_whole(high, forbidden, unobserved)
        if self.defects:
            return None
        possible = ~forbidden
        possible[unobserved] = False
        tables = [
            (stratum, Censored(lists=self.lists, low=one, high=other, possible=possible))
            for stratum, (one, other) in strata
        ]
        return Reading(
            table=Censored(lists=self.lists, low=low, high=high, possible=possible),
            columns=self.strata,
            strata=tuple(tables) if self.strata else (),
            unobserved=tuple(cell for cell in unobserved if not forbidden[cell]),
        )

    def _forbidden(self, apart: tuple[tuple[str, str], ...]) -> Flags:
        cells = np.arange(1 << len(self.lists))
        forbidden = np.zeros(len(cells), dtype=np.bool_)
        for pair in apart:
            unknown = [name for name in pair if name not in self.lists]
            if unknown or pair[0] == pair[1]:
                self._complain(
                    None,
                    None,
                    "deux listes différentes du fichier dans --apart",
                    ", ".join(pair),
                    f"Les listes sont{NBSP}: {', '.join(self.lists)}.",
                )
                continue
            both = sum(1 << self.lists.index(name) for name in pair)
            forbidden |= (cells & both) == both
        return forbidden

    def _table(self, cells: Mapping[int, tuple[int, int] | None]) -> tuple[Ints, Ints]:
        low, high = np.zeros(1 << len(self.lists), dtype=np.int64), np.zeros(1 << len(self.lists), dtype=np.int64)
        for cell, number in cells.items():
            if number is not None:
                low[cell], high[cell] = number
        return low, high

    def _check_whole(self, high: Ints, forbidden: Flags, unobserved: list[int]) -> None:
        cells = np.arange(len(high))
        # Rows that were refused may have been those of this list.
        for place, name in enumerate(() if self.defects else self.lists):
            if not high[(cells >> place & 1) == 1].any():
                self._complain(None, name, "une personne au moins", "personne", "Retirez cette liste.")
        for cell in np.flatnonzero(forbidden & (high > 0)).tolist():
            self._complain(
                None,
                None,
                f"personne à la fois sur {history_name(self.lists, cell)}",
                "quelqu’un",
                "Retirez --apart, ou corrigez le fichier.",
            )
        for cell in unobserved:
            if high[cell]:
                self._complain(
                    None,
                    None,
                    f"{history_name(self.lists, cell)}{NBSP}: vide dans toutes les strates, ou dans aucune",
                    "vide dans une seule",
                    "Écrivez 0 là où personne n’a été vu.",
                )

    def _complain(self, row: SheetRow | None, column: str | None, expected: str, got: str, way_out: str) -> None:
        parts = [self.sheet.file_name]
        if row is not None:
            parts.append(f"ligne {row.number}")
        if column is not None:
            parts.append(f"colonne {column}")
        self.defects.append(Defect(place=", ".join(parts), expected=expected, got=got, way_out=way_out))


def _some(lines: Sequence[int]) -> str:
    return ", ".join(map(str, lines[:_LINES_TOLD])) + "…" * (len(lines) > _LINES_TOLD)


_ON_NO_LIST = "Ceux qui ne sont sur aucune liste sont ce que l’on cherche\u202f: retirez cette ligne."

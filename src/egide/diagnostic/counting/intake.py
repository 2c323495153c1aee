"""From a table of situations to situations: every defect at once, and no cell's content in a message.

Columns, in any order (docs/methods/counting-a-minima.md): `reponse` and `nombre` are needed; `repondants`, `certitude`,
`lieu`, `debut`, `fin`, `ages`, `sexes`, `formes`, `nationalites` may be absent or empty. A column of any other name
is refused: what is not known here may be a name or a phone number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from egide.diagnostic.counting.reading import read_number
from egide.diagnostic.counting.situations import AGES, FORMS, GROUPS, SEXES, Level, Situation
from egide.diagnostic.tables import Row, Table, unshown
from egide.errors import Defect, DeliveryRefused
from egide.sources.messages import NBSP, THIN, quoted

NEEDED = ("reponse", "nombre")
COLUMNS = (
    *NEEDED,
    *("repondants", "certitude", "lieu", "debut", "fin", "ages", "sexes", "formes", "nationalites"),
)
LEVELS = {
    "": Level.UNSTATED,
    **dict.fromkeys(("risque", "a risque", "en risque"), Level.AT_RISK),
    **dict.fromkeys(("probable", "probables"), Level.PROBABLE),
    **dict.fromkeys(("avere", "averee", "averes", "averees"), Level.ESTABLISHED),
}
_PLACE = re.compile(r"(?:\d{2}|2[AB]|97\d)|(?:\d{5}|2[AB]\d{3})")
_YEAR = re.compile(r"(?:19|20)\d\d")


def situations(table: Table, *, new_id: Callable[[], str]) -> tuple[Situation, ...]:
    """One situation a row. `new_id` gives a random identifier, never used before.

    Raises: DeliveryRefused with every defect.
    """
    defects = list(_columns(table))
    if defects:
        raise DeliveryRefused(defects)
    reader = _Reader(table)
    found = tuple(reader.read(row, new_id()) for row in table.rows)
    if reader.defects:
        raise DeliveryRefused(reader.defects)
    return found


def _columns(table: Table) -> Sequence[Defect]:
    """What is wrong with the headings. An unknown one is told by its rank: without headings it is an answer."""
    defects = [
        Defect(
            place=table.place(),
            expected=f"une colonne {quoted(name)}",
            got="aucune de ce nom",
            way_out=f"Ajoutez-la{THIN}; colonnes lues{NBSP}: {', '.join(COLUMNS)}.",
        )
        for name in NEEDED
        if name not in table.columns
    ]
    defects += [
        Defect(
            place=f"{table.place()}, colonne n°{NBSP}{rank}",
            expected=f"une colonne parmi {', '.join(COLUMNS)}",
            got="une colonne inconnue",
            way_out=f"Retirez-la{NBSP}: elle pourrait porter une donnée qui n’a rien à faire ici.",
        )
        for rank, name in enumerate(table.columns, start=1)
        if name not in COLUMNS
    ]
    return defects


class _Reader:
    """Reads rows and keeps what is wrong with them, in row order."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._teams: dict[str, int] = {}
        self.defects: list[Defect] = []

    def read(self, row: Row, new_id: str) -> Situation:
        answer = row.cells["reponse"]
        if not answer:
            self._wrong(row, "reponse", "un numéro de réponse", "rien", f"Numérotez les réponses{NBSP}: 1, 2, 3…")
        return Situation(
            id=new_id,
            answer=answer,
            respondents=self._respondents(row, answer),
            told_in=self._table.place(row, "nombre"),
            number=read_number(row.cells["nombre"]),
            level=self._level(row),
            place=self._place(row),
            years=self._years(row),
            ages=self._codes(row, "ages", AGES),
            sexes=self._codes(row, "sexes", SEXES),
            forms=self._codes(row, "formes", FORMS),
            groups=self._codes(row, "nationalites", GROUPS),
        )

    def _wrong(self, row: Row, column: str, expected: str, got: str, way_out: str) -> None:
        place = self._table.place(row, column)
        self.defects.append(Defect(place=place, expected=expected, got=got, way_out=way_out))

    def _cell(self, row: Row, column: str) -> str:
        return row.cells.get(column, "")

    def _not_so(self, row: Row, column: str, expected: str, way_out: str) -> None:
        self._wrong(row, column, expected, unshown(self._cell(row, column)), way_out)

    def _respondents(self, row: Row, answer: str) -> int:
        written = self._cell(row, "repondants").removesuffix(".0")
        if written and not (written.isascii() and written.isdigit() and int(written) >= 1):
            self._not_so(row, "repondants", "un nombre entier d’au moins 1", "Écrivez combien ont répondu ensemble.")
            return 1
        number = int(written or 1)
        known = self._teams.setdefault(answer, number)
        if number != known:
            way_out = "Une réponse d’équipe porte le même nombre sur toutes ses lignes."
            self._wrong(row, "repondants", f"{known}, comme la première ligne de cette réponse", str(number), way_out)
        return known

    def _level(self, row: Row) -> Level:
        written = self._cell(row, "certitude").lower().replace("é", "e").replace("à", "a")
        if written not in LEVELS:
            self._not_so(row, "certitude", "avéré, probable, risque ou rien", "Corrigez la cellule, ou videz-la.")
            return Level.UNSTATED
        return LEVELS[written]

    def _place(self, row: Row) -> str | None:
        written = self._cell(row, "lieu")
        if written and not _PLACE.fullmatch(written):
            way_out = f"Mettez le code à la place du nom{NBSP}: 62 pour le département, 62041 pour une commune."
            self._not_so(row, "lieu", "un code Insee de département ou de commune", way_out)
            return None
        return written or None

    def _years(self, row: Row) -> tuple[int, int] | None:
        ends = []
        for column in ("debut", "fin"):
            written = self._cell(row, column).removesuffix(".0")
            if written and not _YEAR.fullmatch(written):
                self._not_so(row, column, "une année, comme 2018", "Gardez l’année seule.")
                return None
            ends.append(int(written) if written else None)
        first, last = ends
        if first is not None and last is not None and first > last:
            self._wrong(row, "fin", f"une année à partir de {first}", str(last), "Échangez début et fin.")
            return None
        known = [end for end in ends if end is not None]
        return (known[0], known[-1]) if known else None

    def _codes(self, row: Row, column: str, known: Sequence[str]) -> frozenset[str]:
        found = {code.strip() for code in re.split(r"[;,|]", self._cell(row, column)) if code.strip()}
        if not found <= set(known):
            way_out = "Plusieurs codes se séparent par un point-virgule."
            self._not_so(row, column, f"des codes parmi {', '.join(known)}", way_out)
            return frozenset()
        return frozenset(found)

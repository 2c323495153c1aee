"""The two folders of a linkage: one for who links, one for who counts. [I/O]

`rapprochement/` holds coded fields under random ids, and pairs: no team, no answer, no row number, and rows in order of
ids, since neighbours in a file were often told together. `comptage/` holds, under the same ids, a level and a number.
Neither holds a way back to a sender, and no list of such a way is written anywhere. Decisions are added to one file
and never rewritten. Source: docs/methods/consolidation.md (hard rule 14).
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from egide.diagnostic.census.reading import read_table
from egide.diagnostic.consolidation.decisions import Decision, Entry
from egide.diagnostic.consolidation.interval import Told
from egide.diagnostic.consolidation.likeness import Pair
from egide.diagnostic.counting.situations import Level, Situation
from egide.diagnostic.tables import Row, Table, unshown
from egide.errors import Defect, DeliveryRefused, StoreError
from egide.sources.messages import quoted

LINKING, COUNTING = "rapprochement", "comptage"
SITUATIONS, PAIRS, DECISIONS, LEVELS = "situations.csv", "paires.csv", "decisions.csv", "niveaux.csv"
CODED = ("lieu", "debut", "fin", "ages", "sexes", "formes", "nombre")
_ID = re.compile(r"[0-9a-f]{16}")


def write(folder: Path, situations: Sequence[Situation], pairs: Sequence[Pair]) -> None:
    """Both folders, new, readable by their owner only. Situations with any sign of a minor are on no screen.

    Raises: StoreError when the folder is there already: decisions may be in it.
    """
    if folder.exists():
        raise StoreError(f"{folder} existe déjà\u00a0: donnez un dossier nouveau.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent, prefix=".situations-") as made:  # 0700; whole, or not at all
        whole = Path(made) / folder.name
        whole.mkdir(mode=0o700)
        _fill(whole, sorted(situations, key=lambda situation: situation.id), pairs)
        whole.rename(folder)


def _fill(folder: Path, ordered: Sequence[Situation], pairs: Sequence[Pair]) -> None:
    linking, counting = folder / LINKING, folder / COUNTING
    for part in (linking, counting):
        part.mkdir(mode=0o700)
    shown = [situation for situation in ordered if not situation.of_minors]
    _write(linking / SITUATIONS, ("id", *CODED), [_coded(situation) for situation in shown])
    _write(linking / PAIRS, ("a", "b", "probabilite"), [(p.one, p.other, f"{p.probability:.6f}") for p in pairs])
    _write(linking / DECISIONS, ("a", "b", "decision"), [])
    levels = [(s.id, s.level.name.lower(), str(s.number.count)) for s in ordered]
    _write(counting / LEVELS, ("id", "niveau", "personnes"), levels)


def _coded(situation: Situation) -> tuple[str, ...]:
    first, last = situation.years or ("", "")
    codes = ("; ".join(sorted(part)) for part in (situation.ages, situation.sexes, situation.forms))
    return (situation.id, situation.place or "", str(first), str(last), *codes, str(situation.number.count))


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=",", lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def read_situations(folder: Path) -> dict[str, tuple[str, ...]]:
    """Coded fields by id, in the order of `CODED`."""
    rows = _rows(folder / SITUATIONS, "id", *CODED)
    return {row.cells["id"]: tuple(row.cells[name] for name in CODED) for row in rows}


def read_pairs(folder: Path) -> tuple[Pair, ...]:
    """In the order written: the likeliest first."""
    path = folder / PAIRS
    return tuple(
        Pair(one=row.cells["a"], other=row.cells["b"], probability=float(row.cells["probabilite"]))
        for row in _rows(path, "a", "b", "probabilite")
    )


def read_told(folder: Path) -> tuple[Told, ...]:
    path = folder / LEVELS
    return tuple(
        Told(id=row.cells["id"], level=Level[row.cells["niveau"].upper()], persons=int(row.cells["personnes"]))
        for row in _rows(path, "id", "niveau", "personnes")
    )


def _rows(path: Path, *columns: str) -> Sequence[Row]:
    """Rows of a file that `write` made. Raises: StoreError when it is not one, or is not whole."""
    if path.is_file() and path.read_text(encoding="utf-8").count("\n") == 1:
        return ()
    table = read_table(path)
    if table.columns != columns:
        raise StoreError(f"{path.name} n’est pas le fichier attendu\u00a0: ses colonnes ont changé.")
    defects = [defect for row in table.rows for defect in _unfit(table, row)]
    if defects:
        raise DeliveryRefused(defects)
    return table.rows


_SHAPES = {
    "id": _ID,
    "a": _ID,
    "b": _ID,
    "probabilite": re.compile(r"[01]\.\d{6}"),
    "personnes": re.compile(r"\d{1,3}"),
    "niveau": re.compile("|".join(level.name.lower() for level in Level)),
    "decision": re.compile("|".join(decision.value for decision in Decision)),
}


def _unfit(table: Table, row: Row) -> Sequence[Defect]:
    return [
        Defect(
            place=table.place(row, column),
            expected=f"ce que {quoted('situations link')} avait écrit",
            got=unshown(cell),
            way_out="Reprenez le fichier d’origine, ou recommencez le rapprochement.",
        )
        for column, cell in row.cells.items()
        if column in _SHAPES and not _SHAPES[column].fullmatch(cell)
    ]


def read_decisions(folder: Path) -> tuple[Entry, ...]:
    """Every line, the oldest first. Raises: StoreError when the last one is cut short."""
    path = folder / DECISIONS
    if path.is_file() and not path.read_bytes().endswith(b"\n"):
        raise StoreError(f"La dernière ligne de {path} n’est pas entière\u00a0: effacez-la, puis reprenez.")
    return tuple(
        Entry(pair=(row.cells["a"], row.cells["b"]), decision=Decision(row.cells["decision"]))
        for row in _rows(path, "a", "b", "decision")
    )


def add_decision(folder: Path, entry: Entry) -> None:
    """One line more, on the disk before the next question."""
    with open(folder / DECISIONS, "a", encoding="utf-8", newline="") as file:
        file.write(f"{entry.pair[0]},{entry.pair[1]},{entry.decision.value}\n")
        file.flush()
        os.fsync(file.fileno())

"""The folder that `egide link` makes: counts only, working material that nobody publishes as it is.

`tableau.csv`, what `egide estimate` reads: one column of 0 and 1 a list, then `count`. `tirage-001.csv`…: the same
under the doubt on the links. `resume.json`: what was linked. Source: docs/methods/list-tokens.md.
"""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

from egide.errors import StoreError
from egide.estimation.histories import Histories, from_rows
from egide.unseen.linking.tables import Linked

TABLE, SUMMARY = "tableau.csv", "resume.json"
_DRAWS = "tirage-*.csv"
WARNING = (
    (
        "Dossier de travail : de petits effectifs y sont en clair. Il ne se publie pas et ne se transmet pas ;"
        " seul ce qui passe par le secret statistique sort."
    )
    .replace(" :", "\u00a0:")
    .replace(" ;", "\u202f;")
)


def files(given: Linked, *, seed: int) -> dict[str, bytes]:
    """Contents by file name."""
    found = {TABLE: _csv(given.table), SUMMARY: json.dumps(summary(given, seed=seed), indent=2, ensure_ascii=False)}
    found |= {f"tirage-{rank:03}.csv": _csv(one) for rank, one in enumerate(given.drawn, start=1)}
    return {name: text.encode() for name, text in found.items()}


def summary(given: Linked, *, seed: int) -> dict[str, object]:
    """What was linked, in numbers, for a script."""
    found = given.found
    return {
        "avertissement": WARNING,
        "listes": [
            {"nom": one.name, "fiches": one.records, "personnes": one.persons, "sans_jeton": one.without}
            for one in given.lists
        ],
        "personnes": given.table.seen,
        "sur_deux_listes_ou_plus": given.table.repeated,
        "paires": given.pairs,
        "liens_trouves_au_mieux": None if given.at_best is None else round(given.at_best, 3),
        "liens_trouves_mesures": None if found is None else [found.recall, found.low, found.high],
        "tirages": len(given.drawn),
        "graine": seed,
    }


def read_tables(folder: Path) -> tuple[Histories, tuple[Histories, ...]]:
    """The table of such a folder, and its draws, for `estimation.linkage_error.carried`. [I/O]

    Raises: StoreError for a folder or a file that this module did not write.
    """
    if not (folder / TABLE).exists():
        raise StoreError(
            f"{folder}\u00a0: attendu un dossier fait par «\u00a0egide link\u00a0», reçu un dossier sans {TABLE}. "
            "Donnez celui-là, ou un fichier."
        )
    return _read(folder / TABLE), tuple(_read(path) for path in sorted(folder.glob(_DRAWS)))


def _read(path: Path) -> Histories:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            heading, *rows = csv.reader(file)
        return from_rows(heading[:-1], [([int(mark) for mark in marks], int(count)) for *marks, count in rows])
    except (ValueError, IndexError):
        pass  # its message may quote the file
    raise StoreError(
        f"{path}\u00a0: attendu un tableau écrit par «\u00a0egide link\u00a0», reçu autre chose. Refaites le dossier."
    )


def _csv(given: Histories) -> str:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*given.lists, "count"])
    for cell in range(1, len(given.counts)):
        writer.writerow([*(cell >> place & 1 for place in range(given.k)), int(given.counts[cell])])
    return text.getvalue()

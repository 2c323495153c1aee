"""A coder who is always right: fills a coding sheet from the truth that goes with an invented corpus."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from egide.diagnostic.census.coded import CLUE_COLUMNS, ORGANISED
from egide.diagnostic.census.reading import read_table
from egide.diagnostic.sampling.sheet import NUMBER, SAME_PERSON, SEARCHED, SEARCHES
from egide.diagnostic.synthetic.corpus import CLUES
from support.census import xlsx_of


def fill(sheet: Path, key: Path, truth: Path, output: Path, *, searched: str = SEARCHES[0]) -> Path:
    """The sheet filled: number of ads of the same person in the corpus, organised or not, clues when it asks for them.

    N1 and N2 are "somebody writes for several persons"; N3 and N4, which the truth file does not tell, are always no.
    """
    with truth.open(encoding="utf-8", newline="") as file:
        told = list(csv.DictReader(file))
    ads = Counter(one["personne"] for one in told)
    hands = Counter(author for author, _ in {(one["auteur"], one["personne"]) for one in told})
    rank = {row.cells[NUMBER]: int(row.cells["rang"]) for row in read_table(key).rows}
    table = read_table(sheet)
    rows: list[list[object]] = [list(table.columns)]
    for row in table.rows:
        one = told[rank[row.cells[NUMBER]] - 1]
        several = hands[one["auteur"]] > 1
        says = dict(
            zip(CLUE_COLUMNS, [several, several, False, False, *(one[name] == "1" for name in CLUES)], strict=True)
        )
        answers = {column: "oui" if yes else "non" for column, yes in ({ORGANISED: several} | says).items()}
        answers |= {SEARCHED: searched, SAME_PERSON: str(ads[one["personne"]])}
        rows.append([answers.get(column, row.cells[column]) for column in table.columns])
    return xlsx_of(output, rows)

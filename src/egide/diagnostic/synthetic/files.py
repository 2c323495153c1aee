"""An invented corpus as the files a collecting team would hand over, and its truth beside them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from io import StringIO

from egide.diagnostic.synthetic.corpus import Corpus

COLUMNS = ("site", "date", "insee", "telephone", "compte", "texte")  # among those that the census may read
_LINE = "ligne"


def ads_csv(corpus: Corpus) -> str:
    """One line per ad, columns COLUMNS; an empty cell is what was not seen."""
    return _csv([COLUMNS, *_rows(corpus)])


def ads_jsonl(corpus: Corpus) -> str:
    """The same, one object per line."""
    rows = (dict(zip(COLUMNS, row, strict=True)) for row in _rows(corpus))
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def truth_csv(corpus: Corpus) -> str:
    """One line per ad: its row in the other file, headings being row 1; who is shown, who writes, 1 for each clue."""
    truth = corpus.truth
    head = (_LINE, "personne", "auteur", *truth.clues)
    told = [truth.clues[clue].astype(int).tolist() for clue in truth.clues]
    lines = range(2, len(corpus.ads) + 2)
    return _csv([head, *zip(lines, truth.person.tolist(), truth.author.tolist(), *told, strict=True)])


def _rows(corpus: Corpus) -> Iterator[tuple[str, ...]]:
    ads = corpus.ads
    unseen = [""] * len(ads)
    columns = (corpus.sites, ads.days, ads.places, ads.phones, ads.accounts, ads.texts)
    return zip(*(column or unseen for column in columns), strict=True)


def _csv(rows: list[tuple[object, ...]]) -> str:
    written = StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue()

"""From answers to the table that counting reads: one line a situation, ready for a person to add place and certainty.

What is open in the questionnaire (where, how sure) is coded by a person from the texts; nothing here guesses it.
Columns and codes: docs/methods/counting-a-minima.md.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from egide.diagnostic.questionnaire.answers import Answers

CODING_FILE = "situations-a-coder.csv"
_COLUMNS = (
    *("reponse", "repondants", "nombre", "certitude", "lieu", "debut", "fin"),
    *("ages", "sexes", "formes", "nationalites"),
)
_CODED = ("S.A3", "S.A2", "S.B1", "S.A4")


def coding_csv(answers: Iterable[Answers]) -> bytes:
    """The table in CSV, UTF-8. A number that is missing stays empty: counting gives it its default of 1."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows(_rows(answers))
    return text.getvalue().encode("utf-8-sig")


def _rows(answers: Iterable[Answers]) -> Iterator[tuple[str, ...]]:
    for one in sorted(answers, key=lambda one: one.number):
        team = one.numbers.get("Q0.8", "")
        respondents = team if team.isascii() and team.isdigit() and int(team) else ""
        for situation in one.situations:
            coded = ("|".join(situation.codes.get(question, ())) for question in _CODED)
            yield (one.number, respondents, situation.numbers.get("S.A1", ""), "", "", "", "", *coded)

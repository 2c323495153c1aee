"""Answers for tests: invented, neutral, and marked so that a leak can be found."""

from functools import cache
from typing import Any

from hypothesis import strategies as st

from egide.diagnostic.questionnaire.keys import PrivateKey, new_key
from egide.diagnostic.questionnaire.load import load
from egide.diagnostic.questionnaire.model import Place
from egide.diagnostic.tables import Row, Table

CANARY = "canari-zibeline-4271"
QUESTIONNAIRE = load()
BRANCHES = ("Q0.7", "Q1.1", "S.A4", "S.B7", "Q2.1", "Q2.8", "Q2.11", "Q3.3", "Q4.2")  # what conditions look at


@cache
def team_key() -> PrivateKey:
    return new_key()


def table(columns: str, *rows: str) -> Table:
    """A table from lines cut at each "|"."""
    names = tuple(name.strip() for name in columns.split("|"))
    cells = [dict(zip(names, (cell.strip() for cell in row.split("|")), strict=True)) for row in rows]
    return Table(
        file_name="export.csv",
        sheet="",
        columns=names,
        rows=tuple(Row(number=rank, cells=one) for rank, one in enumerate(cells, start=2)),
    )


def ticks(most_situations: int = 3) -> st.SearchStrategy[dict[Place, frozenset[str]]]:
    """Any choices for the questions that open others, stale ones included."""
    places = [place for place, _ in QUESTIONNAIRE.places(most_situations) if place.question in BRANCHES]

    def chosen(place: Place) -> st.SearchStrategy[Any]:
        question = QUESTIONNAIRE.by_id[place.question]
        most = len(question.codes) if question.multiple else 1
        return st.frozensets(st.sampled_from(sorted(question.codes)), max_size=most)

    return st.fixed_dictionaries({place: chosen(place) for place in places})

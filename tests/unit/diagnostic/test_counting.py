"""What professionals tell: teams count once, levels stay apart, and nothing personal can come in."""

from __future__ import annotations

import itertools

import pytest
from attrs import fields

from egide.diagnostic.counting import Level, Situation, count, read_number
from egide.diagnostic.counting.intake import situations
from egide.diagnostic.counting.report import lines
from egide.diagnostic.counting.situations import Circle
from egide.diagnostic.tables import Row, Table
from egide.errors import DeliveryRefused


def table(text: str) -> Table:
    heading, *rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return Table(
        file_name="situations.csv",
        sheet="",
        columns=tuple(heading),
        rows=tuple(Row(number=n, cells=dict(zip(heading, row, strict=True))) for n, row in enumerate(rows, start=2)),
    )


def read(text: str) -> tuple[Situation, ...]:
    ranks = itertools.count()
    return situations(table(text), new_id=lambda: f"{next(ranks):016x}")


def refusal(text: str) -> str:
    with pytest.raises(DeliveryRefused) as refused:
        read(text)
    return str(refused.value)


def test_a_team_counts_its_situation_once():
    found = count(read("reponse|repondants|nombre\nr1|8|1\nr1|8|2\nr2||1"))
    assert (found.answers, found.respondents, found.circles[Circle.IN_OR_AT_RISK].least) == (2, 9, 4)


def test_167_in_or_at_risk_of_whom_152_are_never_added():
    """Figures of the Pas-de-Calais study: 167 persons in or at risk, of whom 152 probable or established."""
    found = count(read("reponse|nombre|certitude\nr1|100|avéré\nr2|52|probable\nr3|15|risque"))
    assert [found.circles[circle].least for circle in Circle] == [167, 152, 100]
    said = "\n".join(lines(found))
    assert "Au moins 167\u00a0personnes" in said and "dont au moins 152\u00a0personnes" in said
    assert "319" not in said


def test_a_level_that_is_not_told_is_in_the_widest_circle_only():
    found = count(read("reponse|nombre|certitude\nr1|3|"))
    assert [found.circles[circle].least for circle in Circle] == [3, 0, 0]


def test_each_count_says_which_rules_made_it():
    said = "\n".join(lines(count(read("reponse|nombre\nr1|3 ou 4\nr2|\nr3|12 rue du port"))))
    assert "le plus petit\u00a0: 1\u00a0situation" in said
    assert "pas de nombre\u00a0: une personne\u00a0: 1\u00a0situation" in said


def test_what_is_not_understood_is_told_by_its_place_and_not_by_its_words():
    found = count(read("reponse|nombre\nr1|3\nr2|chambre 12 avec Zoulika"))
    assert found.to_settle == ("situations.csv, ligne 3, colonne nombre",)
    assert "Zoulika" not in "\n".join(lines(found)) + repr(found)


def test_all_defects_come_at_once_in_row_order_without_content():
    said = refusal(
        "reponse|repondants|nombre|certitude|lieu|debut|fin|ages\n"
        "|1|1|||||\n"
        "r2|zzz|1|sûr|Zedville|20188|2019|vieux\n"
        "r3|2|1||62041|2019|2017|\n"
        "r3|3|1|||||"
    )
    places = [line.split(" : ")[0].removeprefix("situations.csv, ") for line in said.splitlines()]
    assert places == [
        "ligne 2, colonne reponse",
        "ligne 3, colonne repondants",
        "ligne 3, colonne certitude",
        "ligne 3, colonne lieu",
        "ligne 3, colonne debut",
        "ligne 3, colonne ages",
        "ligne 4, colonne fin",
        "ligne 5, colonne repondants",
    ]
    assert not any(word in said for word in ("zzz", "sûr", "Zedville", "20188", "vieux"))


def test_a_column_that_is_not_known_is_refused_without_its_name():
    """Without headings, the first row is an answer, and its cells are no names of columns."""
    said = refusal("reponse|nombre|0612345678\nr1|3|x")
    assert "colonne n°\u00a03" in said and "0612345678" not in said


def test_missing_columns_are_named():
    assert "«\u00a0nombre\u00a0»" in refusal("reponse\nr1")


def test_a_situation_has_no_field_for_a_name_a_birth_or_a_contact():
    assert {field.name for field in fields(Situation)} == {
        *("id", "answer", "respondents", "told_in", "number", "level"),
        *("place", "years", "ages", "sexes", "forms", "groups"),
    }


def test_a_situation_is_not_printed_by_accident():
    (situation,) = read("reponse|nombre|lieu\nr1|3|62041")
    assert "62041" not in repr(situation)


def test_one_answer_from_two_teams_is_a_fault_of_the_caller():
    one, other = (
        Situation(id=i, answer="r", respondents=n, told_in="", number=read_number("1"), level=Level.PROBABLE)
        for i, n in (("a", 1), ("b", 2))
    )
    with pytest.raises(ValueError, match="respondents"):
        count([one, other])


def test_a_period_runs_forwards():
    with pytest.raises(ValueError, match="period"):
        Situation(id="a", answer="r", told_in="", number=read_number("1"), years=(2019, 2017))

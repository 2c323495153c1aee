"""Which questions are asked: the skip rules of the questionnaire of 2018-2020, one test a rule."""

import json
from importlib.resources import files

import pytest

from egide.diagnostic.questionnaire.branching import asked
from egide.diagnostic.questionnaire.load import load
from egide.diagnostic.questionnaire.model import Place, questionnaire_from
from egide.errors import UnknownIdentifier

QUESTIONS = load()
SEEN = {Place("Q1.1"): {"temoin"}}


def names(ticked):
    return [place.name for place in asked(QUESTIONS, ticked)]


def test_there_are_fifty_eight_questions_of_which_four_identify_somebody():
    assert len(QUESTIONS.questions) == 58
    assert [one.id for one in QUESTIONS.questions if one.personal] == ["Q0.2", "Q0.4", "Q0.5", "Q4.3"]


def test_twenty_six_questions_are_open():
    """The count given with the published questionnaire: lines and paragraphs, neither numbers nor addresses."""
    assert sum(one.kind in ("text", "long_text") for one in QUESTIONS.questions) == 26


def test_without_any_box_at_q1_1_one_goes_straight_to_part_three():
    found = names({})
    assert found[found.index("Q1.1") + 1] == "Q3.1a"


@pytest.mark.parametrize("box", ["risque", "identifie", "rapporte", "temoin"])
def test_any_box_at_q1_1_opens_the_first_situation_and_part_two(box):
    found = names({Place("Q1.1"): {box}})
    assert {"Q1.2", "S.A1@1", "S.B7@1", "Q2.1", "Q2.14"} <= set(found)
    assert "S.A1@2" not in found


def test_adding_a_situation_asks_the_same_questions_again():
    found = names({**SEEN, Place("S.B7", 1): {"oui"}})
    again = [name.removesuffix("@2") for name in found if name.endswith("@2")]
    assert again == [name.removesuffix("@1") for name in found if name.endswith("@1")]


def test_not_adding_a_situation_leads_to_part_two():
    found = names({**SEEN, Place("S.B7", 1): {"non"}})
    assert found[found.index("S.B7@1") + 1] == "Q2.1"


@pytest.mark.parametrize(
    ("place", "code", "opened"),
    [
        (Place("Q0.7"), "collectif", "Q0.8"),
        (Place("Q2.1"), "oui", "Q2.2"),
        (Place("Q2.1"), "oui", "Q2.5"),
        (Place("Q2.8"), "non", "Q2.9"),
        (Place("Q2.11"), "oui", "Q2.12"),
        (Place("Q3.3"), "oui", "Q3.4"),
        (Place("Q4.2"), "oui", "Q4.4"),
        (Place("S.A4", 1), "ue", "S.A5@1"),
        (Place("S.A4", 1), "hors_ue", "S.A5@1"),
        (Place("S.A4", 1), "hors_ue", "S.A6@1"),
    ],
)
def test_one_answer_opens_its_question_and_the_others_do_not(place, code, opened):
    assert opened in names({**SEEN, place: {code}})
    assert opened not in names(SEEN)


def test_an_answer_left_in_a_closed_part_opens_nothing():
    assert "Q2.2" not in names({Place("Q2.1"): {"oui"}})  # part II was skipped
    closed = {**SEEN, Place("S.B7", 1): {"non"}, Place("S.B7", 2): {"oui"}}
    assert not [name for name in names(closed) if name.endswith(("@2", "@3"))]


def changed(change):
    path = files("egide.diagnostic.questionnaire") / "data" / "questionnaire-1.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    change({one["id"]: one for section in data["sections"] for one in section["questions"]}, data)
    return data


@pytest.mark.parametrize(
    ("fault", "change"),
    [
        ("a question less", lambda by_id, data: data["sections"][0]["questions"].pop()),
        ("an identifier twice", lambda by_id, data: by_id["Q0.3"].update(id="Q0.1")),
        ("a later question", lambda by_id, data: by_id["Q0.1"].update(show_if={"question": "Q2.1"})),
        ("an option nobody has", lambda by_id, data: by_id["Q0.8"]["show_if"].update(any_of=["foule"])),
        ("an open question", lambda by_id, data: by_id["Q0.8"].update(show_if={"question": "Q0.1"})),
        ("a choice without options", lambda by_id, data: by_id["Q2.1"].pop("options")),
        ("an address that is not personal", lambda by_id, data: by_id["Q0.4"].pop("personal")),
        ("one situation asked by the outside", lambda by_id, data: by_id["Q2.6"].update(show_if={"question": "S.B7"})),
        ("a loop in two pieces", lambda by_id, data: data["sections"].append(data["sections"].pop(2))),
    ],
)
def test_a_questionnaire_that_contradicts_itself_is_not_loaded(fault, change):
    with pytest.raises(ValueError):
        questionnaire_from(changed(change))


def test_a_version_nobody_wrote_is_refused():
    with pytest.raises(UnknownIdentifier, match="attendu 1"):
        load("0")

"""Branching, sealing and joined options, each against something written another way."""

import json
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egide.diagnostic.questionnaire.branching import asked
from egide.diagnostic.questionnaire.cells import read_cell
from egide.diagnostic.questionnaire.contact import without_contact
from egide.diagnostic.questionnaire.sealing import LEAST, Content, Unsealable, padded_size, seal, unseal
from support.questionnaire import QUESTIONNAIRE, team_key, ticks

DATA = json.loads(
    (files("egide.diagnostic.questionnaire") / "data" / "questionnaire-1.json").read_text(encoding="utf-8")
)
SECTION_OF = {one["id"]: section for section in DATA["sections"] for one in section["questions"]}
QUESTION_OF = {one["id"]: one for section in DATA["sections"] for one in section["questions"]}


def slowly_asked(identifier, situation, ticked):
    """The definition, read in the file each time: no order, no memory, one question alone."""
    section, question = SECTION_OF[identifier], QUESTION_OF[identifier]

    def met(condition, rank):
        if condition is None:
            return True
        of = condition["question"]
        rank = rank if SECTION_OF[of].get("repeated") else 0
        chosen = ticked.get((of, rank), frozenset())
        wanted = condition.get("any_of") or [option["code"] for option in QUESTION_OF[of]["options"]]
        return slowly_asked(of, rank, ticked) and not chosen.isdisjoint(wanted)

    before = situation <= 1 or met(DATA["situations"]["again"], situation - 1)
    return before and met(section.get("show_if"), situation) and met(question.get("show_if"), situation)


@given(ticks())
@settings(max_examples=60)
def test_the_questions_asked_are_those_of_the_definition(ticked):
    found = set(asked(QUESTIONNAIRE, ticked))
    every = [
        (identifier, rank)
        for identifier, section in SECTION_OF.items()
        for rank in (range(1, 6) if section.get("repeated") else [0])
    ]
    assert found == {place for place in every if slowly_asked(*place, ticked)}


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
contents = st.builds(
    Content,
    version=st.just("1"),
    number=st.text("0123456789abcdef", min_size=32, max_size=32),
    pairs=st.lists(st.tuples(texts, texts), max_size=20).map(tuple),
)


@given(contents)
@settings(max_examples=40)
def test_what_was_sealed_opens_again_whole_and_all_short_answers_have_one_length(content):
    sealed = seal(content, team_key().public_key())
    assert unseal(sealed, team_key()) == content
    assert len(sealed) == 16 + 8 + 65 + LEAST + 16


@given(contents, st.data())
@settings(max_examples=60)
def test_a_byte_changed_cut_or_added_anywhere_is_refused(content, data):
    sealed = bytearray(seal(content, team_key().public_key()))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))
    for other in (bytes(sealed), bytes(sealed[:place]), bytes(sealed) + b"\0"):
        with pytest.raises(Unsealable):
            unseal(other, team_key())


@given(st.integers(1, 2**20))
def test_a_length_tells_at_most_which_power_of_two(size):
    assert padded_size(size) in {2**power for power in range(14, 21)}
    assert size <= padded_size(size) < max(2 * size, LEAST + 1)


MULTIPLE = [question for question in QUESTIONNAIRE.questions if question.multiple]


@given(st.sampled_from(MULTIPLE), st.data(), st.sampled_from([", ", ";", "; "]), st.booleans())
def test_any_options_joined_in_one_cell_are_found_again_though_labels_hold_commas(question, data, joint, trailing):
    options = data.draw(st.lists(st.sampled_from(question.options), min_size=1, unique=True))
    cell = joint.join(option.label for option in options) + (";" if trailing and ";" in joint else "")
    read = read_cell(question, cell)
    assert read.codes == {option.code for option in options}
    assert read.other == ""


@given(st.from_regex(r"0[1-9]([ .-]?[0-9]{2}){4}", fullmatch=True), st.from_regex(r"[a-z ]{0,12}", fullmatch=True))
def test_a_telephone_number_never_stays_in_a_text(number, around):
    clean, removed = without_contact(f"{around} {number} {around}")
    assert removed == 1
    assert number not in clean

"""What the forms of the exit path ask, and what an answer must be. No database, no page."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from importlib import resources
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egide_registry.psp.rules import forms
from egide_registry.psp.rules.form_model import NAMES_WARNING, SchemaRefused
from egide_registry.psp.rules.form_schema import parse
from egide_registry.psp.rules.forms import Answers, AnswerSet, Kind, Question, Schema, Statistics

DAY = date(2026, 3, 2)
FIRST, RENEWAL = forms.load("first", 1), forms.load("renewal", 1)
SHIPPED = [forms.load(kind, version) for kind in ("first", "renewal") for version in forms.versions(kind)]
BOTH = pytest.mark.parametrize("schema", SHIPPED, ids=lambda one: f"{one.kind}-{one.version}")
FEW = settings(max_examples=40)  # each one draws a whole form
TEXTS = (Kind.TEXT, Kind.LONG_TEXT)


# ---- answers drawn from a form ----

LETTERS = st.characters(whitelist_categories=("L", "N", "P"))


def values(question: Question) -> st.SearchStrategy[Any]:
    if question.kind in TEXTS:
        return st.text(LETTERS, min_size=1, max_size=min(question.max_length or 1, 12))
    if question.kind is Kind.DATE:
        return st.dates(date(1900, 1, 1), DAY if question.past else date(2040, 1, 1)).map(date.isoformat)
    if question.kind is Kind.NUMBER:
        return st.integers(question.minimum, question.maximum)
    if question.kind is Kind.CHOICES:
        return st.lists(st.sampled_from(list(question.choices)), min_size=1, unique=True)
    return st.just(question.must) if question.must else st.sampled_from(list(question.choices))


def asked(schema: Schema, question: Question, answers: Answers) -> bool:
    """Written otherwise than the rules: all the conditions up to the first question hold."""
    chain = []
    while question.shown_when is not None:
        chain.append(question.shown_when)
        question = schema.question(question.shown_when.question)
    given_codes = [(condition, answers.get(condition.question)) for condition in chain]
    return all(
        any(code in condition.among for code in (answer if isinstance(answer, list) else [answer]))
        for condition, answer in given_codes
    )


@st.composite
def filled(draw: st.DrawFn, schema: Schema, required_only: bool = False) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for question in schema.questions:
        wanted = question.required or (not required_only and draw(st.booleans()))
        if asked(schema, question, answers) and wanted:
            answers[question.id] = draw(values(question))
    return answers


def places(schema: Schema, answers: Answers, *, final: bool = True) -> list[str]:
    return [defect.question for defect in forms.check(schema, answers, final=final, on=DAY)]


# ---- what is accepted and refused ----


@FEW
@given(st.data(), st.sampled_from(SHIPPED))
def test_answers_drawn_from_the_form_are_accepted(data: st.DataObject, schema: Schema) -> None:
    answers = data.draw(filled(schema))
    assert forms.check(schema, answers, final=True, on=DAY) == []
    assert forms.kept(schema, answers) == answers
    assert all(step.complete for step in forms.completeness(schema, answers))


@FEW
@given(st.data(), st.sampled_from(SHIPPED))
def test_one_wrong_answer_is_refused_at_its_place_and_not_repeated(data: st.DataObject, schema: Schema) -> None:
    answers = data.draw(filled(schema))
    hangs_on = {question.shown_when.question for question in schema.questions if question.shown_when}
    free = [name for name in answers if name not in hangs_on]  # another answer may hang on the others
    question = schema.question(data.draw(st.sampled_from(free)))
    wrong: list[Any] = [3.5, {"a": 1}, True, "\x00zzqx"]
    wrong += ["x" * ((question.max_length or 0) + 1)] if question.kind in TEXTS else ["zzqx", ["zzqx"]]
    wrong += [[*question.choices, *question.choices]] if question.kind is Kind.CHOICES else []
    wrong += [(DAY + timedelta(days=1)).isoformat()] if question.past else []
    wrong += ["20260101", "2026-02-30", "1899-12-31"] if question.kind is Kind.DATE else []
    wrong += [(question.maximum or 0) + 1, -1, "3"] if question.kind is Kind.NUMBER else []
    answer = data.draw(st.sampled_from(wrong))
    found = forms.check(schema, {**answers, question.id: answer}, final=True, on=DAY)
    assert [defect.question for defect in found] == [question.id]
    assert "zzqx" not in found[0].text() and question.label in found[0].place
    assert found[0].way_out and found[0].expected and found[0].got


@FEW
@given(st.data(), st.sampled_from(SHIPPED))
def test_a_required_answer_that_is_taken_away_is_asked_for(data: st.DataObject, schema: Schema) -> None:
    answers = data.draw(filled(schema, required_only=True))
    name = data.draw(st.sampled_from(list(answers)))
    answers[name] = data.draw(st.sampled_from([None, "", "  ", []]))
    answers = {**forms.kept(schema, answers)}  # what hung on it is no longer asked
    assert places(schema, answers) == [name]
    assert places(schema, answers, final=False) == []


@FEW
@given(st.data(), st.sampled_from(SHIPPED))
def test_a_hidden_question_is_never_required_and_never_answered(data: st.DataObject, schema: Schema) -> None:
    answers = data.draw(filled(schema))
    hidden = [question for question in schema.questions if not asked(schema, question, answers)]
    if not hidden:
        return
    question = data.draw(st.sampled_from(hidden))
    assert question.id not in places(schema, answers)
    answered = {**answers, question.id: data.draw(values(question))}
    assert question.id in places(schema, answered)
    assert question.id not in forms.kept(schema, answered)


@FEW
@given(st.data(), st.sampled_from(SHIPPED))
def test_the_defects_of_the_pages_are_those_of_the_form(data: st.DataObject, schema: Schema) -> None:
    answers = {question.id: data.draw(st.sampled_from([None, "zz", "yes"])) for question in schema.questions}
    pages = [
        defect
        for section in schema.sections
        for defect in forms.check(schema, answers, section=section.id, final=True, on=DAY)
    ]
    assert pages == forms.check(schema, answers, final=True, on=DAY)
    steps = forms.completeness(schema, answers)
    assert sum(step.defects for step in steps) == len(forms.check(schema, answers, final=False))


def test_an_answer_to_a_question_that_is_not_in_the_form_is_refused_without_repeating_it() -> None:
    (defect,) = forms.check(FIRST, {"zzqx": "zzqx"}, final=False)
    assert "zzqx" not in defect.text()
    assert defect.question == ""


def test_a_request_is_not_filed_without_the_agreement_of_the_person() -> None:
    (defect,) = forms.check(FIRST, {"consent_request": "no"}, section="commitment", final=True, on=DAY)[-1:]
    assert defect.question == "consent_request"
    assert "brouillon" in defect.way_out
    assert forms.check(FIRST, {"consent_request": "no"}, final=False) == []


def test_a_final_check_needs_its_day() -> None:
    with pytest.raises(ValueError, match="day"):
        forms.check(FIRST, {}, final=True)


def test_a_text_on_one_line_refuses_a_second_line() -> None:
    assert places(FIRST, {"family_name": "Un\nDeux"}, final=False) == ["family_name"]
    assert places(FIRST, {"assessment": "Un\nDeux"}, final=False) == []


# ---- progress, agreements, statistics ----


def test_progress_counts_only_what_is_asked_now() -> None:
    steps = {step.section: step for step in forms.completeness(FIRST, {"asks_afis": "yes", "children": 99})}
    assert (steps["resources"].answered, steps["resources"].required) == (1, 4)
    assert steps["resources"].defects == 1
    assert steps["statistics"].asked == 0
    without = {step.section: step for step in forms.completeness(FIRST, {"asks_afis": "no", "children": 0})}
    assert (without["resources"].answered, without["resources"].required) == (2, 2)
    assert without["resources"].complete


HOW = {"consent_language": "ro", "consent_interpreter": "yes", "consent_date": "2026-03-01"}


def test_an_agreement_says_to_what_whom_and_how_it_was_given() -> None:
    (agreed,) = forms.consents(FIRST, {**HOW, "consent_request": "yes", "consent_statistics": "no"})
    assert agreed.consent.id == "request"
    assert agreed.consent.text_version == "first-request-1"
    assert agreed.consent.purpose and agreed.consent.recipient and agreed.consent.withdrawal
    assert (agreed.language, agreed.interpreter, agreed.on) == ("ro", "yes", date(2026, 3, 1))


@pytest.mark.parametrize("missing", HOW)
def test_an_agreement_without_its_language_interpreter_or_day_is_none(missing: str) -> None:
    how = {name: answer for name, answer in HOW.items() if name != missing}
    assert forms.consents(FIRST, {**how, "consent_request": "yes"}) == ()


def test_without_an_agreement_only_what_is_asked_of_the_state_is_counted() -> None:
    answers = {**HOW, "asks_afis": "yes", "housing": "hotel", "nationality": "RO"}
    assert forms.statistics(FIRST, answers) == {"asks_afis": "yes"}
    agreed = {**answers, "consent_statistics": "yes", "age_at_start": "18_24"}
    assert forms.statistics(FIRST, agreed) == {
        "asks_afis": "yes",
        "housing": "hotel",
        "nationality": "RO",
        "age_at_start": "18_24",
    }
    assert forms.statistics(FIRST, {**agreed, "consent_statistics": "no"}) == {"asks_afis": "yes"}


@FEW
@given(st.data(), st.sampled_from(SHIPPED))
def test_a_statistic_is_always_a_code_of_a_list(data: st.DataObject, schema: Schema) -> None:
    for name, answer in forms.statistics(schema, data.draw(filled(schema))).items():
        codes = answer if isinstance(answer, list) else [answer]
        assert set(codes) <= set(schema.question(name).choices)


# ---- versions, renewal ----


def test_answers_are_read_back_with_the_version_they_were_given_under() -> None:
    given_answers = AnswerSet(kind="first", version=1, answers={"family_name": "Exemple", "work_actions": ["training"]})
    read = forms.loads(given_answers.dumps())
    assert read == given_answers
    assert forms.schema_of(read) is FIRST


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "zzqx",
        '{"kind": "first", "version": 1}',
        '{"kind": "first", "version": 9, "answers": {}}',
        '{"kind": "first", "version": true, "answers": {}}',
        '{"kind": ["zzqx"], "version": 1, "answers": {}}',
    ],
)
def test_what_is_not_an_answer_set_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(forms.AnswersRefused) as refusal:
        forms.loads(text)
    assert "zzqx" not in str(refusal.value)


def test_an_unknown_form_or_version_is_refused() -> None:
    assert forms.versions("first") == (1,)
    assert forms.versions("nothing") == ()
    for kind, version in (("first", 99), ("nothing", 1), ("../first", 1)):
        with pytest.raises(SchemaRefused):
            forms.load(kind, version)


@FEW
@given(st.data())
def test_a_renewal_starts_with_what_its_form_carries_and_nothing_else(data: st.DataObject) -> None:
    answers = data.draw(filled(FIRST))
    draft = forms.carry_over(AnswerSet(kind="first", version=1, answers=answers), RENEWAL)
    carried = {question.id for question in RENEWAL.questions if question.carried}
    assert (draft.kind, draft.version) == ("renewal", 1)
    assert dict(draft.answers) == {name: answers[name] for name in answers if name in carried}
    assert forms.check(RENEWAL, draft.answers, final=False) == []


def test_a_carried_answer_that_is_no_longer_sound_is_asked_again() -> None:
    last = AnswerSet(kind="first", version=1, answers={"family_name": "Exemple", "nationality": "zz", "children": 50})
    assert dict(forms.carry_over(last, RENEWAL).answers) == {"family_name": "Exemple"}


def test_neither_an_agreement_nor_what_changes_with_time_is_carried() -> None:
    carried = {question.id for question in RENEWAL.questions if question.carried}
    assert {name for name in carried if name.startswith(("consent_", "doc_", "path_", "asks_"))} == set()
    assert carried & {"residence_right", "housing", "activity", "in_danger"} == set()


def test_what_a_version_changed_is_listed() -> None:
    old, new = drawn(), drawn()
    del old["sections"][0]["questions"][1]
    new["sections"][0]["questions"][0] |= {"label": "Autrement", "max_length": 9}
    del new["sections"][0]["questions"][2]
    said = [(change.question, change.what) for change in forms.changes(read(old), read(new))]
    assert said == [
        ("happy", "retirée"),
        ("why", "retirée"),
        ("name", "label modifié"),
        ("name", "max_length modifié"),
        ("since", "ajoutée"),
    ]
    assert forms.changes(FIRST, FIRST) == ()


# ---- an ill-formed form ----


def drawn() -> dict[str, Any]:
    return {
        "title": "Essai",
        "before": ["Avant"],
        "sections": [
            {
                "id": "one",
                "title": "Une",
                "questions": [
                    {
                        "id": "name",
                        "label": "Nom",
                        "kind": "text",
                        "use": "…",
                        "sensitivity": "identity",
                        "max_length": 5,
                    },
                    {"id": "since", "label": "Depuis", "kind": "date", "use": "…", "sensitivity": "situation"},
                    {"id": "happy", "label": "Bien", "kind": "yes_no_unknown", "use": "…", "sensitivity": "situation"},
                    {
                        **{"id": "why", "label": "Pourquoi", "kind": "long_text", "use": "…", "max_length": 5},
                        **{"sensitivity": "health", "shown_when": {"question": "happy", "among": ["no"]}},
                    },
                ],
            }
        ],
        "consents": [],
    }


def read(raw: dict[str, Any]) -> Schema:
    if not any(one["id"] == "happy" for one in raw["sections"][0]["questions"]):
        raw["sections"][0]["questions"] = [one for one in raw["sections"][0]["questions"] if "shown_when" not in one]
    return parse(raw, "drawn", 1)


def on(number: int, **said: Any) -> Callable[[dict[str, Any]], None]:
    return lambda raw: raw["sections"][0]["questions"][number].update(said)


def without(number: int, key: str) -> Callable[[dict[str, Any]], None]:
    def forget(raw: dict[str, Any]) -> None:
        del raw["sections"][0]["questions"][number][key]

    return forget


BROKEN: list[tuple[str, Callable[[dict[str, Any]], None], str]] = [
    ("an unknown kind", on(0, kind="photo"), "question name, kind"),
    ("an unknown sensitivity", on(0, sensitivity="public"), "question name, sensitivity"),
    ("a question without use", without(0, "use"), "question 1"),
    ("an empty use", on(0, use=" "), "question 1, use"),
    ("a key nothing reads", on(0, widht=3), "question 1"),
    ("a wrong type", on(0, required="oui"), "question 1, required"),
    ("the same id twice", on(1, id="name"), "question name"),
    ("an id that is none", on(0, id="Nom !"), "question Nom !"),
    ("a condition on a later question", on(0, shown_when={"question": "happy", "among": ["no"]}), "name, shown_when"),
    ("a condition on no question", on(3, shown_when={"question": "sad", "among": ["no"]}), "why, shown_when"),
    ("a condition on no code", on(3, shown_when={"question": "happy", "among": ["maybe"]}), "why, shown_when"),
    ("a condition on free text", on(3, shown_when={"question": "name", "among": ["no"]}), "why, shown_when"),
    ("a statistic on free text", on(0, statistics="duty"), "question name"),
    ("a statistic on a date", on(1, statistics="duty"), "question since"),
    ("a statistic without an agreement to ask", on(2, statistics="consent"), "drawn-1"),
    ("a text without length", without(0, "max_length"), "question name"),
    ("a choice without choices", on(2, kind="choice"), "question happy"),
    ("choices of a text", on(0, choices={"a": "A", "b": "B"}), "question name"),
    ("a number without bounds", on(1, kind="number"), "question since"),
    ("bounds upside down", on(1, kind="number", minimum=3, maximum=1), "question since"),
    ("a past that is no date", on(0, past=True), "question name"),
    ("a must that is no code", on(2, must="maybe", must_reason="…"), "question happy"),
    ("a must without its reason", on(2, must="yes"), "question happy"),
    ("a carried question whose condition is not", on(3, carried=True), "question why"),
    ("a required statistic", lambda raw: raw["sections"][0].update(statistical=True), "question name"),
    ("an empty section", lambda raw: raw["sections"][0].update(questions=[]), "rubrique one"),
    ("nothing before", lambda raw: raw.update(before=[]), "before"),
    ("no title", lambda raw: raw.pop("title"), "formulaire drawn-1"),
    ("an agreement without its words", lambda raw: raw.update(consents=[{"id": "a"}]), "accord 1"),
]


@pytest.mark.parametrize(("change", "place"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_an_ill_formed_form_is_refused_at_its_place(change: Callable[[dict[str, Any]], None], place: str) -> None:
    raw = drawn()
    change(raw)
    with pytest.raises(SchemaRefused) as refusal:
        parse(raw, "drawn", 1)
    assert any(defect.place.endswith(place) for defect in refusal.value.defects), str(refusal.value)


def test_all_the_defects_of_a_form_come_at_once() -> None:
    raw = drawn()
    on(0, statistics="duty")(raw)
    on(1, kind="photo")(raw)
    without(2, "use")(raw)
    with pytest.raises(SchemaRefused) as refusal:
        parse(raw, "drawn", 1)
    said = str(refusal.value)
    assert all(part in said for part in ("une réponse codée pour statistics", "photo", "la clé use"))


@FEW
@given(st.data())
def test_whatever_is_in_the_file_it_is_read_or_refused(data: st.DataObject) -> None:
    raw = json.loads(resources.files("egide_registry.psp").joinpath("schemas", "first-1.json").read_text("utf-8"))
    original = copy.deepcopy(raw)
    section = data.draw(st.sampled_from(raw["sections"]))
    question = data.draw(st.sampled_from(section["questions"]))
    key = data.draw(st.sampled_from(sorted(question)))
    question[key] = data.draw(st.sampled_from([None, 0, "", [], {}, "x", [1], {"a": 1}, question[key]]))
    try:
        parse(raw, "first", 1)
    except SchemaRefused as refusal:
        assert refusal.defects and raw != original


# ---- what the shipped forms promise ----


@BOTH
def test_every_question_says_what_it_is_for_and_free_text_warns_about_names(schema: Schema) -> None:
    for question in schema.questions:
        assert question.use.endswith((".", "…"))
        own = question.sensitivity in ("identity", "contact")
        assert question.warning == (NAMES_WARNING if question.kind in TEXTS and not own else "")


@BOTH
def test_care_and_help_are_told_before_the_first_question(schema: Schema) -> None:
    assert all(number in schema.before[0] for number in ("17", "112", "114", "3919"))


@BOTH
def test_the_optional_statistics_are_on_a_page_of_their_own_after_the_agreement(schema: Schema) -> None:
    for section in (one for one in schema.sections if one.statistical):
        assert all(question.shown_when is not None for question in section.questions)
        assert all(question.shown_when.question == "consent_statistics" for question in section.questions)  # type: ignore[union-attr]
    duty = {question.id for question in schema.questions if question.statistics is Statistics.DUTY}
    assert duty == {"asks_housing", "asks_aps", "asks_afis"}


@BOTH
def test_an_association_fills_the_form_in_ten_minutes(schema: Schema) -> None:
    typed = [question for question in schema.questions if question.required and question.kind in TEXTS]
    assert len(schema.questions) <= 60
    assert len(typed) <= 5  # all the rest is chosen, dated or counted
    assert max(len(section.questions) for section in schema.sections) <= 12


@BOTH
def test_neither_a_complaint_nor_a_diagnosis_is_asked_for(schema: Schema) -> None:
    said = " ".join(question.label + " ".join(question.choices.values()) for question in schema.questions).lower()
    assert not re.search(r"plainte|diagnostic|séropositi|religion|téléphone", said)


@pytest.mark.parametrize("name", ["first-1", "renewal-1", "countries"])
def test_the_french_of_the_forms_is_correctly_set(name: str) -> None:
    text = resources.files("egide_registry.psp").joinpath("schemas", f"{name}.json").read_text("utf-8")
    said = [one for one in re.findall(r'"((?:[^"\\]|\\.)*)"', text)]
    assert [one for one in said if re.search(r"'| [:;!?»]|« |[a-zé][;!?»]", one)] == []


@BOTH
def test_the_reference_has_a_row_for_each_question(schema: Schema) -> None:
    rows = forms.describe(schema)
    assert [row.question.id for row in rows] == [question.id for question in schema.questions]
    assert all(bool(row.condition) == (row.question.shown_when is not None) for row in rows)

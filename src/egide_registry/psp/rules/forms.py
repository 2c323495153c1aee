"""What answers to a form must be: checked, counted, carried over, compared. The models are those of `form_model`.

An answer is a value of JSON: a text, a whole number, a code, a list of codes, a day as 2026-12-31.
An empty answer is no answer. An answer to a question that its condition hides is refused, never kept in silence.
Source: CASF L.121-9 and R.121-12-11 to -13; circular DGCS/B2/2017/18 (annexes 6 and 7), in our own words.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from attrs import fields, frozen

from egide_registry.psp.rules.form_model import (
    STATISTICS_CONSENT,
    YES,
    Answers,
    AnswerSet,
    AnswersRefused,
    Consent,
    FormDefect,
    Kind,
    Question,
    Schema,
    Section,
    Sensitivity,
    Statistics,
)
from egide_registry.psp.rules.form_schema import load, versions

__all__ = [
    "AnswerSet",
    "Answers",
    "AnswersRefused",
    "Change",
    "Consent",
    "ConsentGiven",
    "FormDefect",
    "Kind",
    "Progress",
    "Question",
    "Row",
    "Schema",
    "Section",
    "Sensitivity",
    "Statistics",
    "carry_over",
    "changes",
    "check",
    "completeness",
    "condition_text",
    "consents",
    "describe",
    "is_shown",
    "kept",
    "load",
    "loads",
    "schema_of",
    "statistics",
    "versions",
]


def schema_of(answer_set: AnswerSet) -> Schema:
    """The form these answers were given to, in its version. Raises SchemaRefused when it is not here."""
    return load(answer_set.kind, answer_set.version)


def loads(text: str) -> AnswerSet:
    """Read back what `AnswerSet.dumps` wrote. Raises AnswersRefused, without repeating what was read."""
    try:
        raw = json.loads(text)
        kind, version, answers = raw["kind"], raw["version"], raw["answers"]
    except (ValueError, TypeError, KeyError):
        kind = version = answers = None
    if type(kind) is str and type(version) is int and isinstance(answers, dict) and version in versions(kind):
        return AnswerSet(kind=kind, version=version, answers=answers)
    expected = "un formulaire connu, sa version et ses réponses"
    raise AnswersRefused([_form_defect(expected, "autre chose", "Reprenez une version enregistrée.")])


# ---------------------------------------------------------------- which questions are asked


def is_blank(answer: object) -> bool:
    return answer is None or (isinstance(answer, str) and not answer.strip()) or answer in ([], ())


def is_shown(schema: Schema, question: Question, answers: Answers) -> bool:
    """Whether the question is asked, given the other answers: a hidden question hides those that hang on it."""
    condition = question.shown_when
    if condition is None:
        return True
    parent = schema.question(condition.question)
    return any(code in condition.among for code in _codes(answers.get(parent.id))) and is_shown(schema, parent, answers)


def _codes(answer: object) -> tuple[object, ...]:
    return tuple(answer) if isinstance(answer, list | tuple) else (answer,)


def kept(schema: Schema, answers: Answers) -> dict[str, object]:
    """The answers worth keeping: given, and to questions that are asked. What is no longer asked is not kept."""
    found: dict[str, object] = {}
    for question in schema.questions:  # a condition looks back only, so one pass is enough
        answer = answers.get(question.id)
        if not is_blank(answer) and is_shown(schema, question, found):
            found[question.id] = answer
    return found


def condition_text(schema: Schema, question: Question) -> str:
    """The condition in words, for who sees the question anyway; empty when it is always asked."""
    condition = question.shown_when
    if condition is None:
        return ""
    parent = schema.question(condition.question)
    wanted = " ou ".join(f"«\u00a0{parent.choices[code]}\u00a0»" for code in condition.among)
    return f"À remplir seulement si la réponse à «\u00a0{parent.label}\u00a0» est {wanted}."


# ---------------------------------------------------------------- checks


def check(
    schema: Schema, answers: Answers, *, section: str | None = None, final: bool, on: date | None = None
) -> list[FormDefect]:
    """Everything wrong with these answers, in the order of the form.

    In:     `section` limits the check to one page; `final` also wants the required answers; `on`: the day of the check.
    Raises: ValueError for a final check without its day, KeyError for an unknown section.
    """
    if final and on is None:
        raise ValueError("a final check needs the day it is made on")
    known = {question.id for question in schema.questions}
    strangers = sum(name not in known for name in answers)
    found = []
    if strangers:
        got = f"{strangers} réponse(s) à des questions inconnues"
        found.append(_form_defect(f"les questions de «\u00a0{schema.title}\u00a0»", got, "Rechargez la page."))
    for one in schema.sections if section is None else (schema.section(section),):
        for question in one.questions:
            wrong = _wrong(schema, question, answers, final, on)
            if wrong is not None:
                place = f"Rubrique «\u00a0{one.title}\u00a0», «\u00a0{question.label}\u00a0»"
                expected, got, way_out = wrong
                said = {"place": place, "expected": expected, "got": got, "way_out": way_out}
                found.append(FormDefect(**said, section=one.id, question=question.id))
    return found


_Wrong = tuple[str, str, str] | None  # expected, got, way out


def _form_defect(expected: str, got: str, way_out: str) -> FormDefect:
    return FormDefect(place="Formulaire", expected=expected, got=got, way_out=way_out, section="", question="")


def _wrong(schema: Schema, question: Question, answers: Answers, final: bool, on: date | None) -> _Wrong:
    answer = answers.get(question.id)
    if not is_shown(schema, question, answers):
        way_out = f"Laissez cette réponse vide ou corrigez l’autre. {condition_text(schema, question)}"
        return None if is_blank(answer) else ("aucune réponse", "une réponse", way_out)
    if is_blank(answer):
        missing = final and question.required
        return (
            (_EXPECTED[question.kind], "rien", "Répondez à cette question\u00a0: elle est obligatoire.")
            if missing
            else None
        )
    wrong = _CHECKS[question.kind](question, answer, on)
    if wrong is None and final and question.must and answer != question.must:
        wanted = f"«\u00a0{question.choices[question.must]}\u00a0»"
        return wanted, "une autre réponse", question.must_reason
    return wrong


def _check_text(question: Question, answer: object, _: date | None) -> _Wrong:
    if not isinstance(answer, str):
        return "un texte", "autre chose", "Écrivez un texte."
    longest = question.max_length or 0
    if len(answer) > longest:
        return f"{longest} caractères au plus", f"{len(answer)} caractères", "Raccourcissez le texte."
    breaks = "\n\t" if question.kind is Kind.LONG_TEXT else ""
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in breaks for sign in answer):
        expected = "du texte" if breaks else "du texte sur une seule ligne"
        return expected, "un signe invisible ou un retour à la ligne", "Récrivez le texte sans copier-coller."
    return None


def _check_date(question: Question, answer: object, on: date | None) -> _Wrong:
    day = _day(answer)
    if day is None:
        return _EXPECTED[Kind.DATE], "une date qui n’existe pas ou mal écrite", "Écrivez le jour, le mois et l’année."
    if question.past and on is not None and day > on:
        return "une date passée ou celle du jour", "une date à venir", "Vérifiez l’année."
    return None if day.year >= 1900 else ("une date depuis 1900", "une date plus ancienne", "Vérifiez l’année.")


def _day(answer: object) -> date | None:
    try:
        day = date.fromisoformat(answer) if isinstance(answer, str) else None
    except ValueError:
        return None
    return day if day is not None and day.isoformat() == answer else None


def _check_code(question: Question, answer: object, _: date | None) -> _Wrong:
    if isinstance(answer, str) and answer in question.choices:
        return None
    return "une réponse de la liste", "autre chose", "Choisissez dans la liste."


def _check_codes(question: Question, answer: object, _: date | None) -> _Wrong:
    codes = list(answer) if isinstance(answer, list | tuple) else [None]
    known = all(isinstance(code, str) and code in question.choices for code in codes)
    if known and len(set(codes)) == len(codes):
        return None
    return "des réponses de la liste, chacune une fois", "autre chose", "Choisissez dans la liste."


def _check_number(question: Question, answer: object, _: date | None) -> _Wrong:
    low, high = question.minimum or 0, question.maximum or 0
    if type(answer) is not int:
        return "un nombre entier", "autre chose", "Écrivez le nombre en chiffres, sans virgule ni unité."
    if low <= answer <= high:
        return None
    return f"un nombre entier de {low} à {high}", "un nombre hors de ces bornes", "Vérifiez le nombre."


_EXPECTED = {
    Kind.TEXT: "un texte",
    Kind.LONG_TEXT: "un texte",
    Kind.DATE: "une date, comme 31/12/2026",
    Kind.CHOICE: "une réponse de la liste",
    Kind.CHOICES: "au moins une réponse de la liste",
    Kind.YES_NO_UNKNOWN: "oui, non ou ne sait pas",
    Kind.NUMBER: "un nombre entier",
    Kind.COUNTRY: "un pays de la liste",
}
_CHECKS: dict[Kind, Callable[[Question, Any, date | None], _Wrong]] = {
    Kind.TEXT: _check_text,
    Kind.LONG_TEXT: _check_text,
    Kind.DATE: _check_date,
    Kind.CHOICE: _check_code,
    Kind.CHOICES: _check_codes,
    Kind.YES_NO_UNKNOWN: _check_code,
    Kind.NUMBER: _check_number,
    Kind.COUNTRY: _check_code,
}


# ---------------------------------------------------------------- progress


@frozen(kw_only=True)
class Progress:
    """How far one page is: `answered` of `required` questions that are asked now, and `defects` in all its answers.

    A page of which no question is asked now (`asked` is 0) can be skipped.
    """

    section: str
    title: str
    asked: int
    answered: int
    required: int
    defects: int

    @property
    def complete(self) -> bool:
        return self.answered == self.required and self.defects == 0


def completeness(schema: Schema, answers: Answers) -> tuple[Progress, ...]:
    """One line per page, for the steps. An answer that is wrong is not counted as given."""
    wrong = {defect.question: defect.section for defect in check(schema, answers, final=False)}
    lines = []
    for section in schema.sections:
        asked = [one for one in section.questions if is_shown(schema, one, answers)]
        required = [one for one in asked if one.required]
        given = [one for one in required if not is_blank(answers.get(one.id)) and one.id not in wrong]
        line = Progress(
            section=section.id,
            title=section.title,
            asked=len(asked),
            answered=len(given),
            required=len(required),
            defects=sum(place == section.id for place in wrong.values()),
        )
        lines.append(line)
    return tuple(lines)


# ---------------------------------------------------------------- consents and statistics


@frozen(kw_only=True)
class ConsentGiven:
    """One yes, with what was said to the person, how, and on which day. A no, or no answer, gives none."""

    consent: Consent
    language: str
    interpreter: str
    on: date


def consents(schema: Schema, answers: Answers) -> tuple[ConsentGiven, ...]:
    """The agreements given. One that lacks its language, interpreter or day is not one yet."""
    sound = _sound(schema, answers)
    day = _day(sound.get("consent_date"))
    language, interpreter = sound.get("consent_language"), sound.get("consent_interpreter")
    if day is None or not isinstance(language, str) or not isinstance(interpreter, str):
        return ()
    given = (one for one in schema.consents if sound.get(one.question) == YES)
    return tuple(ConsentGiven(consent=one, language=language, interpreter=interpreter, on=day) for one in given)


def statistics(schema: Schema, answers: Answers) -> dict[str, object]:
    """The coded answers that may be counted, by question: the duty ones, and the others only with the agreement.

    Out:    what goes to the registry's cube, never further: it leaves only through disclosure control.
    Source: the duty items are what the file itself asks of the State (a permit, an allowance, housing), which it must
            count to answer; everything else is the person's to give, and to take back.
    """
    agreed = STATISTICS_CONSENT in {given.consent.id for given in consents(schema, answers)}
    open_to = {Statistics.DUTY, Statistics.CONSENT} if agreed else {Statistics.DUTY}
    sound = _sound(schema, answers)
    return {one.id: sound[one.id] for one in schema.questions if one.statistics in open_to and one.id in sound}


def _sound(schema: Schema, answers: Answers) -> dict[str, object]:
    """Answers that are asked, given and without defect."""
    found = kept(schema, answers)
    wrong = {defect.question for defect in check(schema, found, final=False)}
    return {name: answer for name, answer in found.items() if name not in wrong}


# ---------------------------------------------------------------- from one request to the next


def carry_over(last: AnswerSet, into: Schema) -> AnswerSet:
    """The first draft of a renewal: answers that its form declares `carried`, where they are still sound.

    A code that the new form no longer knows, or a text that became too long, is asked again.
    """
    carried = {one.id for one in into.questions if one.carried}
    proposed = {name: answer for name, answer in last.answers.items() if name in carried}
    return AnswerSet(kind=into.kind, version=into.version, answers=_sound(into, proposed))


@frozen(kw_only=True)
class Change:
    """What a version of a form changed, for who must explain why two files differ."""

    question: str
    what: str


def changes(old: Schema, new: Schema) -> tuple[Change, ...]:
    """Questions removed, then added or altered in the order of the new form; a reordering alone says nothing."""
    before = {question.id: question for question in old.questions}
    after = {question.id: question for question in new.questions}
    removed = (Change(question=name, what="retirée") for name in before if name not in after)
    return (*removed, *(change for one in after.values() for change in _altered(before.get(one.id), one)))


def _altered(before: Question | None, after: Question) -> Iterator[Change]:
    if before is None:
        yield Change(question=after.id, what="ajoutée")
        return
    for attribute in fields(Question):
        name = attribute.name
        if getattr(before, name) != getattr(after, name):
            yield Change(question=after.id, what=f"{name} modifié")


# ---------------------------------------------------------------- the reference page


@frozen(kw_only=True)
class Row:
    """One question as the reference page prints it."""

    section: str
    question: Question
    condition: str


def describe(schema: Schema) -> tuple[Row, ...]:
    """Every question, in order, with what the reference page says of it."""
    return tuple(
        Row(section=section.title, question=question, condition=condition_text(schema, question))
        for section in schema.sections
        for question in section.questions
    )

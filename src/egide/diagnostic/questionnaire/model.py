"""The questions as a versioned object that checks itself: identifiers, options, conditions, their number.

A question is asked of the respondent (`S.B1`) or once for each situation described (a repeated section). A place is
one question of one situation; its name is what a form's field and a sealed answer call it: `Q1.1`, `S.B1@2`, and
`S.B1.autre@2` for the words written beside the option "autre". Source: docs/methods/sealed-answers.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple

from attrs import frozen

QUESTIONS = {"1": 58}  # how many each version asks; the rows of a grid are questions


class Kind(StrEnum):
    TEXT = "text"  # a line
    LONG_TEXT = "long_text"  # a paragraph
    NUMBER = "number"  # as people say it: "3 ou 4"; read by egide.diagnostic.counting, never here
    CHOICE = "choice"
    EMAIL = "email"
    PHONE = "phone"


class Place(NamedTuple):
    """One question as one respondent meets it. `situation` counts from 1; 0: asked once."""

    question: str
    situation: int = 0

    @property
    def name(self) -> str:
        return f"{self.question}@{self.situation}" if self.situation else self.question

    @property
    def other_name(self) -> str:
        """The field of the words that go with the option "autre"."""
        return f"{self.question}.autre" + (f"@{self.situation}" if self.situation else "")


@frozen(kw_only=True)
class Option:
    code: str
    label: str


@frozen(kw_only=True)
class Condition:
    """An earlier choice that must hold one of these codes; without codes, any box ticked will do."""

    question: str
    any_of: tuple[str, ...] = ()


@frozen(kw_only=True)
class Question:
    """One question. `personal` ones identify somebody: on paper only, on the sheet that is torn off."""

    id: str
    label: str
    kind: Kind
    options: tuple[Option, ...] = ()
    multiple: bool = False
    other: str = ""  # code of the option that is followed by words; "" when none is
    show_if: Condition | None = None
    personal: bool = False
    help: str = ""
    stem: str = ""  # the sentence that several questions in a row complete (a grid)

    def __attrs_post_init__(self) -> None:
        codes = [option.code for option in self.options]
        if (self.kind is Kind.CHOICE) != bool(codes) or len(codes) != len(set(codes)):
            raise ValueError(f"{self.id}: a choice, and only a choice, has options, each with its own code")
        if self.other and self.other not in codes:
            raise ValueError(f"{self.id}: {self.other!r} is not one of its options")
        if self.kind in (Kind.EMAIL, Kind.PHONE) and not self.personal:
            raise ValueError(f"{self.id}: an address or a telephone number is personal")

    @cached_property
    def codes(self) -> frozenset[str]:
        return frozenset(option.code for option in self.options)


@frozen(kw_only=True)
class Section:
    id: str
    title: str
    questions: tuple[Question, ...]
    intro: str = ""
    show_if: Condition | None = None
    repeated: bool = False  # once for each situation


@frozen(kw_only=True)
class Note:
    """A short text before the questions: the questionnaire also informs."""

    title: str
    text: str


@frozen(kw_only=True)
class Questionnaire:
    """One version. Repeated sections follow each other; `again` is the answer that opens one more situation."""

    version: str
    title: str
    audience: str
    origin: str
    duration_minutes: int
    intro: tuple[Note, ...]
    situations_title: str
    unit: str  # what one situation is
    again: Condition
    sections: tuple[Section, ...]

    def __attrs_post_init__(self) -> None:
        ids = [question.id for question in self.questions]
        doubles = sorted({one for one in ids if ids.count(one) > 1})
        if doubles or len(ids) != QUESTIONS.get(self.version):
            raise ValueError(f"version {self.version}: {len(ids)} questions, of which twice {doubles}")
        runs = [repeated for repeated, _ in groupby(section.repeated for section in self.sections)]
        if runs.count(True) != 1:
            raise ValueError("repeated sections follow each other")
        self._check_conditions()

    def _check_conditions(self) -> None:
        seen: dict[str, tuple[Question, bool]] = {}
        for section in self.sections:
            self._check(section.show_if, section.id, seen, within=False)
            for question in section.questions:
                self._check(question.show_if, question.id, seen, within=section.repeated)
                seen[question.id] = question, section.repeated
        self._check(self.again, "again", seen, within=True)
        if not seen[self.again.question][1]:
            raise ValueError("a question of the situation itself opens the next one")

    def _check(
        self, condition: Condition | None, of: str, seen: Mapping[str, tuple[Question, bool]], *, within: bool
    ) -> None:
        if condition is None:
            return
        question, repeated = seen.get(condition.question, (None, False))
        if question is None or question.kind is not Kind.CHOICE or question.personal or (repeated and not within):
            raise ValueError(f"{of}: {condition.question} is not an earlier choice that it can look at")
        if not set(condition.any_of) <= question.codes:
            raise ValueError(f"{of}: {condition.question} has no such option")

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """All of them, in order; those of a situation once."""
        return tuple(question for section in self.sections for question in section.questions)

    @cached_property
    def by_id(self) -> Mapping[str, Question]:
        return {question.id: question for question in self.questions}

    @cached_property
    def repeated(self) -> frozenset[str]:
        """Identifiers of the questions asked once for each situation."""
        return frozenset(one.id for section in self.sections if section.repeated for one in section.questions)

    def places(self, situations: int) -> Iterator[tuple[Place, Section]]:
        """Every question in the order it is met, with this many situations described."""
        loop = [section for section in self.sections if section.repeated]
        for section in self.sections:
            if not section.repeated:
                yield from ((Place(question.id), section) for question in section.questions)
            elif section is loop[0]:
                for rank in range(1, situations + 1):
                    yield from ((Place(question.id, rank), part) for part in loop for question in part.questions)


def questionnaire_from(data: Mapping[str, Any]) -> Questionnaire:
    """The object that the package's JSON describes. Raises KeyError, TypeError or ValueError: the file is ours."""
    situations = data["situations"]
    return Questionnaire(
        version=data["version"],
        title=data["title"],
        audience=data["audience"],
        origin=data["origin"],
        duration_minutes=data["duration_minutes"],
        intro=tuple(Note(**note) for note in data["intro"]),
        situations_title=situations["title"],
        unit=situations["unit"],
        again=_condition(situations["again"]),
        sections=tuple(
            Section(
                **{**section, "show_if": _shown_if(section)}
                | {"questions": tuple(_question(question) for question in section["questions"])}
            )
            for section in data["sections"]
        ),
    )


def _question(data: Mapping[str, Any]) -> Question:
    options = tuple(Option(**option) for option in data.get("options", ()))
    return Question(**{**data, "kind": Kind(data["kind"]), "options": options, "show_if": _shown_if(data)})


def _condition(data: Mapping[str, Any]) -> Condition:
    return Condition(question=data["question"], any_of=tuple(data.get("any_of", ())))


def _shown_if(data: Mapping[str, Any]) -> Condition | None:
    return _condition(data["show_if"]) if "show_if" in data else None

"""A form of the exit path as a model: what is asked, why, of which sensitivity, and what an answer must be.

`form_schema` reads it from its file; `forms` says what answers must be.
No defect repeats what was answered: a message may end in a log, an answer may not.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from attrs import field, frozen

from egide.errors import Defect, Refused

Answers: TypeAlias = Mapping[str, object]  # by question; what came in is checked, never trusted

NAMES_WARNING = "N’écrivez le nom d’aucune autre personne, ni ce qui permettrait de la reconnaître."
YES = "yes"
CONSENT_QUESTIONS = ("consent_language", "consent_interpreter", "consent_date")
STATISTICS_CONSENT = "statistics"


class Kind(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO_UNKNOWN = "yes_no_unknown"
    NUMBER = "number"
    COUNTRY = "country"


class Sensitivity(StrEnum):
    """Who may see an answer depends on this class, not on the question."""

    IDENTITY = "identity"
    CONTACT = "contact"
    HEALTH = "health"
    SITUATION = "situation"
    ADMINISTRATIVE = "administrative"


class Statistics(StrEnum):
    """Whether a coded answer is counted: never, as the State's own count of what was asked of it, or if consented."""

    NEVER = "never"
    DUTY = "duty"
    CONSENT = "consent"


TEXTS = frozenset({Kind.TEXT, Kind.LONG_TEXT})
LISTED = frozenset({Kind.CHOICE, Kind.CHOICES})
CODED = LISTED | {Kind.YES_NO_UNKNOWN, Kind.COUNTRY}


def frozen_map(mapping: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType(dict(mapping))


def _frozen_answers(answers: Answers) -> Answers:
    return MappingProxyType(dict(answers))


@frozen(kw_only=True)
class FormDefect(Defect):
    """A defect of an answer, with the section and the question to go back to; empty when it is of no question."""

    section: str
    question: str

    def text(self) -> str:
        return f"{self.place}\u00a0: attendu {self.expected}, reçu {self.got}. {self.way_out}"

    @property
    def message(self) -> str:
        """The same without its place, to be shown beside the field."""
        return f"Attendu\u00a0: {self.expected}. Reçu\u00a0: {self.got}. {self.way_out}"


class SchemaRefused(Refused):
    """A schema file that does not say what it must; a fault of ours, never of who answers."""


class AnswersRefused(Refused):
    """Answers that cannot be read back: not ours, or of a form that is not here."""


@frozen(kw_only=True)
class Condition:
    """The question is asked only when an earlier one got one of these codes."""

    question: str
    among: tuple[str, ...]


@frozen(kw_only=True)
class Question:
    id: str
    label: str
    kind: Kind
    use: str  # what the answer is for, shown under « À quoi cela sert »
    sensitivity: Sensitivity
    required: bool = False  # for a final check; a draft may leave anything empty
    choices: Mapping[str, str] = field(factory=dict, converter=frozen_map, hash=False)  # code → label, if coded
    shown_when: Condition | None = None
    max_length: int | None = None  # characters, of a text
    minimum: int | None = None  # of a number, with `unit`
    maximum: int | None = None
    unit: str = ""
    past: bool = False  # a date that cannot be later than the day of the check
    must: str = ""  # the one code without which nothing can be filed
    must_reason: str = ""  # said to who answered otherwise
    statistics: Statistics = Statistics.NEVER
    carried: bool = False  # proposed again in the next renewal
    hint: str = ""
    source: str = ""  # the text of law or circular, when there is one

    @property
    def warning(self) -> str:
        """Free text about the person herself (name, address) needs no warning; any other does."""
        own = self.sensitivity in (Sensitivity.IDENTITY, Sensitivity.CONTACT)
        return NAMES_WARNING if self.kind in TEXTS and not own else ""


@frozen(kw_only=True)
class Section:
    """One short page. A statistical section holds optional questions only, apart from what the file needs."""

    id: str
    title: str
    statistical: bool = False
    introduction: str = ""
    questions: tuple[Question, ...]


@frozen(kw_only=True)
class Consent:
    """What one yes stands for. `text_version` changes with any word of `text`."""

    id: str
    question: str
    purpose: str
    recipient: str
    text_version: str
    text: str
    withdrawal: str


@frozen(kw_only=True)
class Schema:
    kind: str
    version: int
    title: str
    before: tuple[str, ...]  # said before the first question: help and care come first
    sections: tuple[Section, ...]
    consents: tuple[Consent, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for section in self.sections for question in section.questions)

    def section(self, name: str) -> Section:
        """Raises KeyError when no section has this id."""
        return {section.id: section for section in self.sections}[name]

    def question(self, name: str) -> Question:
        """Raises KeyError when no question has this id."""
        return {question.id: question for question in self.questions}[name]

    def consent_asked_by(self, question: Question) -> Consent | None:
        return next((one for one in self.consents if one.question == question.id), None)


@frozen(kw_only=True)
class AnswerSet:
    """Answers with the form they answer. Values are those of JSON: text, whole number, list of codes, day as text."""

    kind: str
    version: int
    answers: Answers = field(converter=_frozen_answers, hash=False)

    def dumps(self) -> str:
        return json.dumps({"kind": self.kind, "version": self.version, "answers": dict(self.answers)})

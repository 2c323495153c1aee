"""A Django form for one section of a form of the exit path. It asks and translates; `rules.forms` alone judges.

Nothing is lost without JavaScript: a question that hangs on another one of the same page is shown with its condition
in words, and the server checks it. One that hangs on an earlier page, answered otherwise, is not shown at all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, ClassVar

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from egide_registry.psp.rules.forms import (
    Answers,
    Kind,
    Question,
    Schema,
    Section,
    check,
    condition_text,
    is_shown,
    kept,
)

MOST_RADIOS = 8  # beyond, a list to open
_NOTHING: Answers = MappingProxyType({})
# Another person answers for her, maybe on a shared computer: nothing is remembered, nor sent to a spell checker.
_DISCREET = MappingProxyType({"autocomplete": "off", "spellcheck": "false"})


class AnswerField(forms.Field):
    """One question. Takes what the browser sends, gives a value of JSON or None; refuses nothing by itself."""

    def __init__(self, question: Question, schema: Schema) -> None:
        self.question = question
        condition = question.shown_when
        self.shown_when = "" if condition is None else condition.question
        self.shown_among = "" if condition is None else " ".join(condition.among)
        super().__init__(
            label=question.label,
            help_text=help_text(question, schema),
            widget=_widget(question),
            required=question.required,
            template_name="psp/fields/field.html",
        )

    def clean(self, value: Any) -> object:
        """`required` only marks the label: a draft may lack anything, and the final check is the rules'."""
        if self.question.kind is Kind.CHOICES:
            return list(value or ()) or None
        said = str(value or "").replace("\r\n", "\n").strip()
        return _READ.get(self.question.kind, str)(said) if said else None


def help_text(question: Question, schema: Schema) -> SafeString:
    """Hint, condition, warning and use, as the text that describes the field."""
    context = {
        "question": question,
        "condition": condition_text(schema, question),
        "consent": schema.consent_asked_by(question),
    }
    return render_to_string("psp/fields/help.html", context)


def _day(said: str) -> str:
    """A day as 2026-12-31, also when it was typed 31/12/2026; what is no date is left for the rules to refuse."""
    try:
        return datetime.strptime(said, "%d/%m/%Y").date().isoformat()
    except ValueError:
        return said


def _number(said: str) -> int | str:
    digits = re.sub(r"\s", "", said)
    return int(digits) if re.fullmatch(r"[0-9]{1,9}", digits) else said


_READ: Mapping[Kind, Any] = {Kind.DATE: _day, Kind.NUMBER: _number}


def _widget(question: Question) -> forms.Widget:
    kind, discreet = question.kind, dict(_DISCREET)
    if kind is Kind.TEXT:
        return forms.TextInput(attrs={**discreet, "maxlength": question.max_length})
    if kind is Kind.LONG_TEXT:
        rows = 8 if (question.max_length or 0) > 800 else 3
        return forms.Textarea(attrs={**discreet, "maxlength": question.max_length, "rows": rows})
    if kind is Kind.DATE:
        return forms.DateInput(attrs={**discreet, "type": "date"})
    if kind is Kind.NUMBER:
        return forms.TextInput(attrs={**discreet, "inputmode": "numeric"})
    codes = list(question.choices.items())
    if kind is Kind.CHOICES:
        return forms.CheckboxSelectMultiple(choices=codes)
    if len(codes) > MOST_RADIOS:
        return forms.Select(choices=[("", "Choisir dans la liste"), *codes])
    # A radio cannot be unticked: who may stay silent needs a button for it.
    return forms.RadioSelect(choices=codes if question.required else [*codes, ("", "Sans réponse")])


class SectionForm(forms.Form):
    """One page of a form. Made by `section_form`, with the answers already given, on the day of the check."""

    schema: ClassVar[Schema]
    section: ClassVar[Section]
    use_required_attribute = False

    def __init__(
        self, data: Any = None, *, answers: Answers = _NOTHING, on: date | None = None, final: bool = False, **more: Any
    ) -> None:
        """`answers` are those of the whole form so far; `final` also wants the required questions answered."""
        mine = {question.id for question in self.section.questions}
        self.on, self.final = on, final
        initial = {name: answer for name, answer in answers.items() if name in mine}
        self.elsewhere = {name: answer for name, answer in answers.items() if name not in mine}
        super().__init__(data, initial=initial, **more)
        for question in self.section.questions:
            if self._is_hidden_by_an_earlier_page(question):
                del self.fields[question.id]

    def _is_hidden_by_an_earlier_page(self, question: Question) -> bool:
        condition = question.shown_when
        if condition is None:
            return False
        if any(one.id == condition.question for one in self.section.questions):
            return condition.question not in self.fields
        return not is_shown(self.schema, question, self.elsewhere)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        defects = check(self.schema, self._merged(given), section=self.section.id, final=self.final, on=self.on)
        for defect in defects:
            self.add_error(defect.question if defect.question in self.fields else None, defect.message)
        return given

    def _merged(self, given: Mapping[str, object]) -> dict[str, object]:
        return {**self.elsewhere, **{name: answer for name, answer in given.items() if answer is not None}}

    def answers(self) -> dict[str, object]:
        """Every answer of the whole form with those of this valid page; what is no longer asked is dropped."""
        return kept(self.schema, self._merged(self.cleaned_data))


def section_form(schema: Schema, section: str) -> type[SectionForm]:
    """The form of one section, a field per question. Raises KeyError when no section has this id."""
    found = schema.section(section)
    fields = {question.id: AnswerField(question, schema) for question in found.questions}
    return type("SectionForm", (SectionForm,), {**fields, "schema": schema, "section": found})

"""One cell of an export read as an answer: options by code or label, several in one cell, yes and no, words.

None of this quotes a cell: what fits no option is refused by its length alone.
"""

from __future__ import annotations

import re

from attrs import frozen

from egide.diagnostic.questionnaire.answers import Entry
from egide.diagnostic.questionnaire.columns import named_option
from egide.diagnostic.questionnaire.fields import LONGEST
from egide.diagnostic.questionnaire.headings import folded
from egide.diagnostic.questionnaire.model import Kind, Question

_YES = frozenset({"y", "yes", "oui", "o", "1", "1 0", "x", "true", "vrai", "coche", "checked", "selected"})
_NO = frozenset({"n", "no", "non", "0", "0 0", "false", "faux", "non coche", "not selected", "n a", "na"})
_OTHER = frozenset({"oth", "autre", "other"})
_WHOLE = re.compile(r"(\d+)\.0+")  # how some tools write 3


@frozen(kw_only=True)
class Unfit:
    """A cell that is no answer to its question."""

    expected: str


def read_cell(question: Question, value: str) -> Entry | Unfit:
    """The whole answer to a question; `value` is not empty."""
    if question.kind is Kind.NUMBER:
        most = LONGEST[Kind.NUMBER]
        return Entry(text=_WHOLE.sub(r"\1", value)) if len(value) <= most else Unfit(expected=f"au plus {most} signes")
    if question.kind is not Kind.CHOICE:
        return Entry(text=value)
    return _several(question, value) if question.multiple else _one(question, value)


def read_box(question: Question, option: str, value: str) -> Entry | Unfit:
    """One box in its own column: yes, no, the option itself; beside "autre", words tick it."""
    said = folded(value)
    if said in _NO:
        return Entry()
    if said in _YES or named_option(value, question) == option:
        return Entry(codes=frozenset({option}))
    if option == question.other:
        return Entry(codes=frozenset({option}), other=value)
    return Unfit(expected="Oui, Non, Y, N, 1, 0 ou rien")


def _one(question: Question, value: str) -> Entry | Unfit:
    code = named_option(value, question) or _yes_or_no(question, value)
    if code:
        return Entry(codes=frozenset({code}))
    if question.other:
        words = "" if folded(value) in _OTHER else value
        return Entry(codes=frozenset({question.other}), other=words)
    return Unfit(expected=_options(question))


def _yes_or_no(question: Question, value: str) -> str:
    if question.codes != {"oui", "non"}:
        return ""
    said = folded(value)
    return "oui" if said in _YES else "non" if said in _NO else ""


def _several(question: Question, value: str) -> Entry | Unfit:
    """Options joined by ";" or by ", ". Labels may hold commas: at each point the longest one that fits is taken."""
    separator = ";" if ";" in value else ","
    pieces = [piece for piece in map(str.strip, value.split(separator)) if piece]
    codes: set[str] = set()
    words: list[str] = []
    longest = 1 + max(option.label.count(separator) for option in question.options)
    at = 0
    while at < len(pieces):
        for end in range(min(len(pieces), at + longest), at, -1):
            code = named_option(f"{separator} ".join(pieces[at:end]), question)
            if code:
                codes.add(code)
                at = end
                break
        else:
            words.append(pieces[at])
            at += 1
    if words and not question.other:
        return Unfit(
            expected=f"des options parmi {_options(question)}, séparées par «\u00a0;\u00a0» ou «\u00a0,\u00a0»"
        )
    if words:
        codes.add(question.other)
    return Entry(codes=frozenset(codes), other=f"{separator} ".join(words))


def _options(question: Question) -> str:
    return ", ".join(f"«\u00a0{option.label}\u00a0»" for option in question.options)

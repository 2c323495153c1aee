"""How the text of one cell is understood: a code, a period, a number, or a complaint. One cell at a time."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date
from difflib import get_close_matches
from fractions import Fraction

from egide.facts.model import Secret
from egide.reference.periods import Period
from egide.reference.territories import SCOPES, is_territory
from egide.sources import messages
from egide.sources.messages import Complaint
from egide.sources.schema import NUMERIC, FieldSpec, FileFormat, Role

FIRST_YEAR = 1990  # the oldest series of the Letter begins later: an earlier year is a slip of the pen

Understood = str | Fraction | None
Judge = Callable[[str], Understood | Complaint]

_NUMBER = re.compile(r"-?[0-9]{1,15}(?:[.,][0-9]{1,15})?")
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009]")
_BELOW_FIVE = frozenset({"<5", "<05", "moinsde5", "moinsdecinq"})
_NOT_COMMUNICATED = frozenset({"nc", "n.c.", "n.c", "n/c", "noncommuniqué", "secret"})
_BOUNDED = re.compile(r"(?:[~≈><≥≤±+]|environ|plus de|moins de|près de|au moins|au plus).*[0-9].*|[0-9].*\+")
_ERRORS = re.compile(r"#(?:REF|N/A|DIV/0|VALUE|VALEUR|NAME|NOM|NUM|NOMBRE|NULL|NUL|ERREUR|SPILL|CALC)[!?]?|Err:[0-9]+")


def judge(spec: FieldSpec, file_format: FileFormat, known_on: date) -> Judge:
    """The function that understands the cells of one column."""
    inner = _inner(spec, file_format, known_on)

    def understand(text: str) -> Understood | Complaint:
        if not text:
            return messages.required() if spec.required else None
        if text != text.strip():
            return messages.blanks(text) if text.strip() else messages.blanks_only()
        if _ERRORS.fullmatch(text):
            return messages.cell_error(text)
        if not text.isprintable() and any(unicodedata.category(char) == "Cc" and char != "\n" for char in text):
            return messages.control_characters(text)
        return inner(text)

    return understand


def _inner(spec: FieldSpec, file_format: FileFormat, known_on: date) -> Judge:
    if spec.role in NUMERIC:
        # A spreadsheet stores numbers without a decimal mark of its own; they are read with a point.
        marks = {spec.decimal_mark} if file_format is FileFormat.CSV else {spec.decimal_mark, "."}
        return lambda text: number(text, spec, marks)
    if spec.role is Role.PERIOD:
        return lambda text: period(text, spec, known_on)
    if spec.codes:
        return lambda text: code(text, spec)
    return lambda text: allowed(text, spec)


def code(text: str, spec: FieldSpec) -> str | Complaint:
    """The code behind a label, matched to the letter."""
    if text in spec.codes:
        return spec.codes[text]
    near = nearest(text, spec.labels)
    if spec.role is Role.TERRITORY and (text in SCOPES.values() or is_territory(text)):
        return messages.wrong_scope(text, spec.labels, near)
    return messages.unknown_code(text, spec.labels, near)


def allowed(text: str, spec: FieldSpec) -> str | Complaint:
    if not spec.allowed or text in spec.allowed:
        return text
    return messages.unknown_code(text, spec.allowed, nearest(text, spec.allowed))


def period(text: str, spec: FieldSpec, known_on: date) -> str | Complaint:
    """A period in its standard form, begun before the delivery and not absurdly old."""
    try:
        parsed = Period.parse(text)
    except ValueError:
        return messages.malformed_period(text)
    if not text.isascii():
        return messages.malformed_period(text)
    if parsed.first.year < FIRST_YEAR or parsed.first > known_on:
        return messages.implausible_period(text, FIRST_YEAR, known_on.isoformat())
    return allowed(text, spec)


def number(text: str, spec: FieldSpec, marks: Iterable[str]) -> Fraction | Complaint:
    """An exact number, written with digits and one of the decimal marks."""
    if not _NUMBER.fullmatch(text):
        return _not_a_number(text, spec)
    used = next((mark for mark in ".," if mark in text), None)
    if used and used not in marks:
        return messages.wrong_mark(text, spec.decimal_mark)
    value = Fraction(text.replace(",", ".")) if used else Fraction(int(text))  # much faster, and most are whole
    if spec.minimum is not None and value < spec.minimum:
        return messages.negative(text) if spec.minimum == 0 else messages.below_minimum(text, spec.minimum)
    if spec.maximum is not None and value > spec.maximum:
        return messages.over_hundred(text) if spec.maximum == 100 else messages.above_maximum(text, spec.maximum)
    return messages.not_whole(text, "") if spec.whole and used else value


def _not_a_number(text: str, spec: FieldSpec) -> Complaint:
    squeezed = _SPACES.sub("", text).lower()
    if squeezed in _BELOW_FIVE:
        return messages.secret_in_number(text, Secret.BELOW_FIVE)
    if squeezed in _NOT_COMMUNICATED:
        return messages.secret_in_number(text, Secret.NOT_COMMUNICATED)
    if _NUMBER.fullmatch(squeezed.removesuffix("%")) and squeezed.endswith("%"):
        return messages.percent_sign(text, squeezed.removesuffix("%"))
    if _NUMBER.fullmatch(squeezed):
        return messages.spaced_number(text, squeezed)
    if _BOUNDED.fullmatch(text.lower()):
        return messages.bounded_number(text)
    if re.fullmatch(r"-?[0-9.,]+", squeezed):
        return messages.wrong_mark(text, spec.decimal_mark)
    return messages.not_a_number(text, f"12{spec.decimal_mark}5")


def nearest(text: str, labels: Iterable[str]) -> tuple[str, ...]:
    """The labels that look like the text, best first; case and accents do not count."""
    folded: dict[str, str] = {}
    for label in labels:
        folded.setdefault(fold(label), label)
    return tuple(folded[match] for match in get_close_matches(fold(text), folded, n=3, cutoff=0.6))


def fold(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(char for char in letters if not unicodedata.combining(char)).split())

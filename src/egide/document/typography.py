"""French typography of numbers and sentences, and how each cell reads. The only place that turns a number into text.

Narrow no-break space (U+202F) between thousands, before `%`, `;`, `!`, `?` and after a sign; no-break space (U+00A0)
before a colon, inside guillemets and before a unit in words; decimal comma; true minus (U+2212).
Source: docs/methods/typography.md.
"""

from __future__ import annotations

import re
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from egide.disclosure.cells import BelowThreshold, Bounded, Cell, Content, NotCommunicated, Shown, Withheld
from egide.facts.model import Unit
from egide.facts.values import Value, rounded

THIN = "\u202f"  # narrow no-break space
NBSP = "\u00a0"
MINUS = "\u2212"

_SUFFIX = {
    Unit.PERCENT: f"{THIN}%",
    Unit.EUR: f"{NBSP}€",
    Unit.MILLION_EUR: f"{NBSP}millions d’euros",
}
_WORD = {
    Unit.POINTS: ("point", "points"),
    Unit.YEARS: ("an", "ans"),
    Unit.MONTHS: ("mois", "mois"),
    Unit.DAYS: ("jour", "jours"),
}
_UNITS = (
    *("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze"),
    *("treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"),
)
_TENS = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante"}


class Style(StrEnum):
    """How a number is printed where the author does not want the usual way of its unit."""

    USUAL = "usual"
    ABSOLUTE = "abs"  # "une baisse de 8 %": without its sign
    SIGNED = "signed"  # "+ 168 %"
    BARE = "bare"  # without its unit
    WORDS = "words"  # "six", for whole numbers up to 69


def digits(number: Fraction, places: int = 0, *, fixed: bool = False) -> str:
    """The number rounded half away from zero, thousands apart, decimal comma; `fixed` keeps final zeros."""
    value = rounded(number, places)
    whole, _, decimals = f"{float(abs(value)):.{places}f}".partition(".") if places else (str(abs(value)), "", "")
    if not fixed:
        decimals = decimals.rstrip("0")
    text = f"{int(whole):,}".replace(",", THIN) + (f",{decimals}" if decimals else "")
    return f"{MINUS}{text}" if value < 0 else text


def words(number: int) -> str:
    """A whole number from 0 to 69 in letters."""
    if 0 <= number < 20:
        return _UNITS[number]
    tens, unit = divmod(number, 10)
    if tens not in _TENS:
        raise ValueError(f"{number} ne s’écrit pas en lettres ici\u00a0: de 0 à 69 seulement.")
    if unit == 0:
        return _TENS[tens]
    return f"{_TENS[tens]} et un" if unit == 1 else f"{_TENS[tens]}-{_UNITS[unit]}"


def places_of(unit: Unit, number: Fraction) -> int:
    """Decimals that the unit is usually printed with: none but for amounts, mean ages and ratios."""
    if unit is Unit.EUR:
        return 0 if number.denominator == 1 else 2
    if unit in (Unit.RATIO, Unit.YEARS, Unit.MILLION_EUR, Unit.MONTHS):
        return 1
    return 0 if unit is not Unit.COUNT or number.denominator == 1 else 1


@lru_cache(maxsize=16384)  # figures, tables, page and trace print the same numbers again and again
def quantity(number: Fraction, unit: Unit, *, style: Style = Style.USUAL, places: int | None = None) -> str:
    """One exact number with its unit, in the style asked."""
    decimals = places_of(unit, number) if places is None else places
    if style is Style.ABSOLUTE:
        number = abs(number)
    if style is Style.WORDS:
        if number.denominator != 1:
            raise ValueError(f"Seul un nombre entier s’écrit en lettres, pas {number}.")
        text = words(int(number))
    else:
        text = digits(abs(number), decimals, fixed=places is not None or unit is Unit.EUR)
        shown = rounded(number, decimals)
        if style is Style.SIGNED:
            text = f"{'+' if shown > 0 else MINUS if shown < 0 else ''}{THIN if shown else ''}{text}"
        elif shown < 0:
            text = f"{MINUS}{THIN}{text}"
    if style is Style.BARE:
        return text
    if unit in _WORD:
        singular, plural = _WORD[unit]
        return f"{text}{NBSP}{plural if abs(number) >= 2 else singular}"
    return text + _SUFFIX.get(unit, "")


def interval(value: Value, unit: Unit, *, style: Style = Style.USUAL, places: int | None = None) -> str:
    """A value with its doubt: one number when every possibility prints alike, otherwise a range in words."""
    if value.low is not None and value.high is not None:
        low = quantity(value.low, unit, style=style, places=places)
        high = quantity(value.high, unit, style=style, places=places)
        if low == high:
            return low
        bare = quantity(value.low, unit, style=Style.BARE if style is Style.USUAL else style, places=places)
        return f"{bare} à {high}"
    if value.low is not None:
        return f"au moins {quantity(value.low, unit, style=style, places=places)}"
    if value.high is not None:
        return f"au plus {quantity(value.high, unit, style=style, places=places)}"
    return "non connu"


def content_text(content: Content, unit: Unit, *, style: Style = Style.USUAL, places: int | None = None) -> str:
    """What the reader sees of a cell."""
    match content:
        case Shown(value):
            return interval(value, unit, style=style, places=places)
        case BelowThreshold(limit):
            return f"<{NBSP}{limit}"
        case NotCommunicated() | Withheld():
            return "nc"
        case Bounded(value):
            low = digits((value.low or Fraction(0)) - 1)
            return f"{low}{NBSP}<{NBSP}nc" + ("" if value.high is None else f"{NBSP}<{NBSP}{digits(value.high + 1)}")


def cell_text(cell: Cell, *, style: Style = Style.USUAL, places: int | None = None) -> str:
    return content_text(cell.content, cell.measure.unit, style=style, places=places)


_SPACE = f"[ {NBSP}{THIN}]*"
_RULES = (
    (re.compile(_SPACE + r"([;!?])"), THIN + r"\1"),
    (re.compile(f"(?<=[^ {NBSP}{THIN}])[ {NBSP}{THIN}]+:(?=\\s|$)"), NBSP + ":"),
    (re.compile(f"«{_SPACE}"), f"«{NBSP}"),
    (re.compile(f"{_SPACE}»"), f"{NBSP}»"),
    (re.compile(r"(?<=\w)'(?=\w)"), "’"),
)


def sentence(text: str) -> str:
    """Spaces and apostrophes of French prose. Idempotent; leaves numbers to `quantity`."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text

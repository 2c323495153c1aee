"""Worded claims: words that stand for a number, and the condition under which they are true.

« près de 900 » claims a value just below 900; « neuf sur dix » a share about 90 %; « doublé » a multiple about 2.
A claim holds only if *every* number its value leaves possible bears it out: in doubt, the build stops.
Source of the margins: docs/methods/worded-claims.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from attrs import field, frozen

from egide.document.typography import quantity, words
from egide.facts.model import Unit
from egide.facts.values import Value

NEAR = Fraction(5, 100)  # « près de », « environ »: within 5 % of the number said
SHARE_MARGIN = Fraction(3)  # « un tiers », « neuf sur dix »: within 3 points of the share said
MULTIPLE_MARGIN = Fraction(10, 100)  # « doublé », « multiplié par sept »: within 10 % of the multiple said
ROUGH = Fraction(15, 100)  # « une quinzaine »: within 15 % of the number said
STABLE = Fraction(2)  # « stable »: less than 2 % either way


@frozen
class Condition:
    """The numbers that bear the words out: an interval whose ends may be excluded."""

    low: Fraction | None = None
    high: Fraction | None = None
    open_low: bool = field(default=False, kw_only=True)
    open_high: bool = field(default=False, kw_only=True)
    units: frozenset[Unit] = field(default=frozenset(), kw_only=True)  # empty: any

    def holds(self, value: Value) -> bool:
        return self._above(value.low) and self._below(value.high)

    def _above(self, low: Fraction | None) -> bool:
        if self.low is None:
            return True
        return low is not None and (low > self.low if self.open_low else low >= self.low)

    def _below(self, high: Fraction | None) -> bool:
        if self.high is None:
            return True
        return high is not None and (high < self.high if self.open_high else high <= self.high)

    def text(self, unit: Unit) -> str:
        """The condition in words, for the author whose sentence is refused."""
        parts = []
        if self.low is not None:
            parts.append(f"{'supérieure' if self.open_low else 'au moins égale'} à {_shown(self.low, unit)}")
        if self.high is not None:
            parts.append(f"{'inférieure' if self.open_high else 'au plus égale'} à {_shown(self.high, unit)}")
        return "une valeur " + " et ".join(parts)


class UnknownWording(ValueError):
    """These words are not among the tested ones: their truth cannot be checked."""


def condition(text: str, unit: Unit) -> Condition:
    """What must be true for these words to be written of a value in this unit.

    Raises UnknownWording when the words are not among the tested ones or do not suit the unit.
    """
    wording = " ".join(text.casefold().replace("\u202f", " ").replace("\u00a0", " ").replace("’", "'").split())
    for pattern, make in _PATTERNS:
        if match := pattern.fullmatch(wording):
            made = make(match)
            if made.units and unit not in made.units:
                names = ", ".join(sorted(one.value for one in made.units))
                raise UnknownWording(f"« {text} » se dit d’une valeur en {names}, pas en {unit.value}")
            return made
    raise UnknownWording(f"« {text} » n’est pas une tournure vérifiable")


def _shown(number: Fraction, unit: Unit) -> str:
    return quantity(number, unit, places=None if number.denominator == 1 else 1)


# ---------------------------------------------------------------- reading numbers in words

_LETTERS = {words(number): Fraction(number) for number in range(70)} | {"une": Fraction(1)}
_ROUGH_WORDS = {
    f"une {name}": Fraction(number)
    for name, number in {
        "dizaine": 10,
        "douzaine": 12,
        "quinzaine": 15,
        "vingtaine": 20,
        "trentaine": 30,
        "quarantaine": 40,
        "cinquantaine": 50,
        "soixantaine": 60,
        "centaine": 100,
    }.items()
}
_FRACTIONS = {
    "un dixième": Fraction(10),
    "un cinquième": Fraction(20),
    "un quart": Fraction(25),
    "le quart": Fraction(25),
    "un tiers": Fraction(100, 3),
    "le tiers": Fraction(100, 3),
    "la moitié": Fraction(50),
    "deux tiers": Fraction(200, 3),
    "les deux tiers": Fraction(200, 3),
    "trois quarts": Fraction(75),
    "les trois quarts": Fraction(75),
}
_MULTIPLES = {"doublé": 2, "triplé": 3, "quadruplé": 4, "quintuplé": 5, "décuplé": 10}
_PERCENT = frozenset({Unit.PERCENT})
_RATIO = frozenset({Unit.RATIO})
_CHANGE = frozenset({Unit.PERCENT, Unit.POINTS, Unit.COUNT})


def _read(text: str) -> Fraction:
    """A number in digits (thousands apart, decimal comma, an optional unit after it) or in letters."""
    if text in _LETTERS:
        return _LETTERS[text]
    if text in _ROUGH_WORDS:
        return _ROUGH_WORDS[text]
    number = re.match(r"\d[\d ]*(?:,\d+)?", text)
    if number is None:
        raise UnknownWording(f"« {text} » n’est pas un nombre lisible")
    return Fraction(number[0].replace(" ", "").replace(",", "."))


def _around(number: Fraction, margin: Fraction, *, below_only: bool = False) -> Condition:
    if below_only:
        return Condition(number * (1 - margin), number, open_high=True)
    return Condition(number * (1 - margin), number * (1 + margin))


def _hedged_share(hedge: str, share: Fraction) -> Condition:
    """A share said in words, alone or behind « près de », « plus de », « moins de », « environ »."""
    if hedge in ("plus de", "plus d'", "plus des"):
        return Condition(share, share + 2 * SHARE_MARGIN, open_low=True, units=_PERCENT)
    if hedge in ("moins de", "moins d'", "moins des"):
        return Condition(share - 2 * SHARE_MARGIN, share, open_high=True, units=_PERCENT)
    if hedge in ("près de", "près d'", "près des", "presque", "presque les"):
        return Condition(share - SHARE_MARGIN, share, open_high=True, units=_PERCENT)
    return Condition(share - SHARE_MARGIN, share + SHARE_MARGIN, units=_PERCENT)


def _hedged_multiple(hedge: str, multiple: Fraction) -> Condition:
    margin = MULTIPLE_MARGIN * multiple
    if hedge in ("plus que", "plus de"):
        return Condition(multiple, multiple + multiple / 2, open_low=True, units=_RATIO)
    if hedge in ("presque", "près de"):
        return Condition(multiple - margin, multiple, open_high=True, units=_RATIO)
    return Condition(multiple - margin, multiple + margin, units=_RATIO)


def _hedged_number(hedge: str, number: Fraction) -> Condition:
    table: dict[str, Condition] = {
        "plus de": Condition(number, None, open_low=True),
        "moins de": Condition(None, number, open_high=True),
        "au moins": Condition(number, None),
        "au plus": Condition(None, number),
        "environ": _around(number, NEAR),
        "autour de": _around(number, NEAR),
        "près de": _around(number, NEAR, below_only=True),
        "presque": _around(number, NEAR, below_only=True),
    }
    return table[hedge]


_NUMBER = r"(?P<n>\d[\d ]*(?:,\d+)?|" + "|".join(sorted(_LETTERS, key=len, reverse=True)) + ")"
_OUT_OF = r"(?P<n>\d+|" + "|".join(_LETTERS) + r") sur (?P<m>\d+|" + "|".join(_LETTERS) + ")"
_HEDGES_OF_SHARE = ("près de", "près des", "près d'", "presque", "presque les", "plus de", "plus des", "plus d'")
_SHARE_HEDGE = f"(?:(?P<h>{'|'.join(_HEDGES_OF_SHARE)}|moins de|moins des|moins d'|environ) ?)?"
_HEDGES_OF_NUMBER = "plus de|moins de|au moins|au plus|environ|autour de|près de|presque"
_UNIT = r"(?: ?(?:%|€|ans?|mois|jours?|points?|euros))?"

Make = Callable[[re.Match[str]], Condition]
_PATTERNS: tuple[tuple[re.Pattern[str], Make], ...] = (
    (
        re.compile(_SHARE_HEDGE + _OUT_OF),
        lambda m: _hedged_share(m["h"] or "", 100 * _read(m["n"]) / _read(m["m"])),
    ),
    (
        re.compile(_SHARE_HEDGE + f"(?P<f>{'|'.join(_FRACTIONS)})"),
        lambda m: _hedged_share(m["h"] or "", _FRACTIONS[m["f"]]),
    ),
    (re.compile("la (?:grande )?majorité"), lambda m: _majority(m[0])),
    (
        re.compile("la quasi-totalité|presque tous|presque toutes"),
        lambda m: Condition(Fraction(95), Fraction(100), units=_PERCENT),
    ),
    (re.compile("la totalité|tous|toutes"), lambda m: Condition(Fraction(100), Fraction(100), units=_PERCENT)),
    (re.compile("aucun|aucune|nul|nulle"), lambda m: Condition(Fraction(0), Fraction(0))),
    (
        re.compile(f"(?:(?P<h>plus que|presque) )?(?P<w>{'|'.join(_MULTIPLES)})e?s?"),
        lambda m: _hedged_multiple(m["h"] or "", Fraction(_MULTIPLES[m["w"]])),
    ),
    (
        re.compile(f"(?:(?P<h>plus que|presque) )?multipliée?s? par (?:(?P<i>plus de|près de|presque) )?{_NUMBER}"),
        lambda m: _hedged_multiple(m["h"] or m["i"] or "", _read(m["n"])),
    ),
    (
        re.compile(f"(?:(?P<h>plus de|près de|presque) )?{_NUMBER} fois plus"),
        lambda m: _hedged_multiple(m["h"] or "", _read(m["n"])),
    ),
    (
        re.compile("en hausse|augmenté|augmente|progressé|progresse|une hausse|une progression"),
        lambda m: _sign(rising=True),
    ),
    (
        re.compile("en baisse|en recul|diminué|diminue|reculé|recule|baissé|une baisse|un recul"),
        lambda m: _sign(rising=False),
    ),
    (re.compile("stable|stables"), lambda m: Condition(-STABLE, STABLE, units=_PERCENT)),
    (re.compile("la plus élevée?|le plus élevé|le premier|la première"), lambda m: Condition(Fraction(1), Fraction(1))),
    (re.compile("|".join(_ROUGH_WORDS)), lambda m: _around(_read(m[0]), ROUGH)),
    (
        re.compile(f"(?P<h>{_HEDGES_OF_NUMBER}) (?:{_NUMBER}{_UNIT}|(?P<r>{'|'.join(_ROUGH_WORDS)}))"),
        lambda m: _hedged_number(m["h"], _read(m["n"] or m["r"])),
    ),
    (
        re.compile(f"(?P<h>plus|moins|près) d'(?P<r>{'|'.join(_ROUGH_WORDS)})"),
        lambda m: _hedged_number(m["h"] + " de", _read(m["r"])),
    ),
    (
        re.compile("|".join(sorted(_LETTERS, key=len, reverse=True))),
        lambda m: Condition(_LETTERS[m[0]], _LETTERS[m[0]]),
    ),
)


def _majority(words_said: str) -> Condition:
    floor = Fraction(66) if "grande" in words_said else Fraction(50)
    return Condition(floor, Fraction(100), open_low=True, units=_PERCENT)


def _sign(*, rising: bool) -> Condition:
    if rising:
        return Condition(Fraction(0), None, open_low=True, units=_CHANGE)
    return Condition(None, Fraction(0), open_high=True, units=_CHANGE)

"""A number of persons written by hand in French: what the words leave possible, and the number kept.

The number kept is the lowest that the words leave possible: "3 ou 4" counts 3, "moins de 5" counts 1 (a situation
is of somebody), "une dizaine" counts 10. Nothing written counts 1. What is not understood counts 1 and goes to a
person. Source: docs/methods/counting-a-minima.md (table of phrases), methodology of the departmental diagnostic.
"""

from __future__ import annotations

import re
import unicodedata
from enum import Enum

from attrs import frozen

from egide.diagnostic.counting.grammar import Phrase, understand
from egide.diagnostic.counting.vocabulary import AMBIGUOUS, LARGEST, SPELT, UNTOLD
from egide.facts.values import Value


class Rule(Enum):
    """Which rule gave the number. The value is the sentence shown beside it."""

    STATED = "nombre écrit"
    LOWEST = "plusieurs nombres possibles : le plus petit"
    FLOOR = "nombre écrit comme un minimum"
    CEILING = "nombre écrit comme un maximum : une personne au moins"
    ABOUT = "nombre écrit comme approché : tel quel"
    SEVERAL = "« plusieurs » : deux au moins"
    ADDED = "plusieurs groupes écrits : leur somme"
    NONE = "aucune personne"
    UNTOLD = "pas de nombre : une personne"
    NOT_UNDERSTOOD = "non compris : une personne, à trancher"


@frozen(kw_only=True)
class Reading:
    """`possible` holds every number the words leave; `count` is the one kept, its lowest. Never the words."""

    possible: Value
    rule: Rule

    @property
    def count(self) -> int:
        assert self.possible.low is not None
        return int(self.possible.low)

    @property
    def understood(self) -> bool:
        return self.rule is not Rule.NOT_UNDERSTOOD


_UNTOLD = Reading(possible=Value.at_least(1), rule=Rule.UNTOLD)
_NOT_UNDERSTOOD = Reading(possible=Value.at_least(1), rule=Rule.NOT_UNDERSTOOD)
_LONGEST = 200  # letters: a longer text tells a story, and a person reads it


def read_number(text: str) -> Reading:
    """The number of persons of one situation. Never refuses: what is not understood says so."""
    if len(text) > _LONGEST:
        return _NOT_UNDERSTOOD
    folded = _fold(text)
    plain = _without_dates(_in_figures(folded))
    if plain in AMBIGUOUS:
        return _NOT_UNDERSTOOD
    if not plain or all(word in UNTOLD for word in re.findall(r"[a-z]+|\S", plain)):
        return _UNTOLD
    phrase = _with_remarks(plain)
    if phrase is None or (phrase.told and (phrase.low > LARGEST or (phrase.high or 0) > LARGEST)):
        return _NOT_UNDERSTOOD
    if not phrase.told:
        return _UNTOLD
    return Reading(possible=Value(phrase.low, phrase.high), rule=_rule(phrase))


def _rule(phrase: Phrase) -> Rule:
    if phrase.high == 0:
        return Rule.NONE
    for mark in (Rule.CEILING, Rule.SEVERAL, Rule.FLOOR, Rule.LOWEST, Rule.ABOUT, Rule.ADDED):
        if mark.name in phrase.marks:
            return mark
    return Rule.STATED if phrase.low == phrase.high else Rule.LOWEST


def _with_remarks(text: str) -> Phrase | None:
    """Words and what stands in brackets are two statements of one number: both hold, or neither is believed."""
    inside = re.findall(r"\(([^()]*)\)", text)
    outside = re.sub(r"\([^()]*\)", " ", text)
    found = understand(outside)
    for remark in inside:
        other = understand(remark)
        if found is None or other is None:
            return None
        found = found.meet(other) if found.told and other.told else (found if found.told else other)
    return found


def _fold(text: str) -> str:
    """Lower case, no accents, one kind of hyphen and blank."""
    letters = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe"))
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    for hyphen in "‐‑‒–—−":
        bare = bare.replace(hyphen, "-")
    bare = re.sub(r"[’'`«»\"]", " ", bare).replace("≥", ">=").replace("≤", "<=").replace("≈", "~")
    return re.sub(r"\s+", " ", bare).strip(" .!;:")


_WAYS = "|".join(way.replace("-", "[ -]") for way in sorted(SPELT, key=len, reverse=True))
_SPELT = re.compile(rf"(?<![a-z0-9])(?:{_WAYS})e?(?![a-z0-9])".replace("une?", "un"))
_SOMEONE = re.compile(r"\bquelqu un\b")
_SOME = re.compile(r"\bquelques[ -]un(?:e?s)\b")
_THOUSANDS = re.compile(r"(?<!\d)\d{1,3}(?: \d{3})+(?!\d)")
_WHOLE = re.compile(r"(?<=\d)[.,]0+(?!\d)")  # 3.0: how a spreadsheet gives a whole number


def _in_figures(text: str) -> str:
    text = _SOME.sub("quelques", _SOMEONE.sub("un", text))
    text = _SPELT.sub(lambda found: str(_spelt_value(found[0])), text)
    text = _THOUSANDS.sub(lambda found: found[0].replace(" ", ""), text)
    return _WHOLE.sub("", text)


def _spelt_value(words: str) -> int:
    key = words.replace(" ", "-")
    return SPELT[key] if key in SPELT else SPELT[key.removesuffix("e")]


_YEAR = r"(?:19|20)\d\d(?!\d)"
_AGES = re.compile(
    r"(?:\bagee?s? )?(?:\b(?:de|d|entre|environ|depuis|moins de|plus de) ?)*"
    r"(?<!\d)\d{1,2}(?: ?(?:a|et|ou|-|/) ?\d{1,2})? ?ans?\b"
)
_YEARS = re.compile(
    r"(?:\b(?:en|depuis|vers|de|d|entre|debut|fin|annees?|l|jusqu|apres|avant|courant) ?)*"
    rf"(?<!\d){_YEAR}(?: ?(?:a|et|ou|-|/|,) ?{_YEAR})*"
)


def _without_dates(text: str) -> str:
    """Ages, lengths of time and years are numbers of something else."""
    return re.sub(r"\s+", " ", re.sub(r"\(\s*\)", " ", _YEARS.sub(" ", _AGES.sub(" ", text)))).strip(" .,;:")

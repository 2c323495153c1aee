"""Names and birth dates brought to one writing, so that two partners make the same token of the same person.

Nothing here is kept or shown: a value that cannot be read is said unreadable, never quoted.
Source: docs/methods/list-tokens.md.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from attrs import frozen

# What a file writes where nothing is known; compared once normalised.
UNKNOWN = frozenset(
    (
        *("inconnu", "inconnue", "inconnus", "anonyme", "sans", "neant", "aucun", "aucune", "nc", "nr", "nsp"),
        *("x", "xx", "xxx", "nonrenseigne", "nonrenseignee", "nonconnu", "nonconnue", "noncommunique"),
        *("noncommuniquee", "nonprecise", "nonprecisee", "nonidentifie", "nonidentifiee", "nonspecifie"),
        *("nonspecifiee", "indetermine", "indeterminee", "sansnom", "sansprenom", "snp", "null"),
    )
)
_NOT_AVAILABLE = "n a"  # "N/A"; "Na" is a name
_PARTICLES = frozenset(
    (
        *("de", "du", "des", "d", "la", "le", "les", "l", "el", "al", "a", "da", "dos", "do", "di"),
        *("van", "von", "der", "den", "ben", "bin", "bint", "ould"),
    )
)
_MARRIED = frozenset(("epouse", "ep", "epse", "veuve", "vve", "divorcee", "usage"))
_BORN = frozenset(("nee", "ne"))
_ARTICLES = frozenset(("el", "al", "abd", "abdel", "abdul", "abdoul"))  # of a given name: never the whole of it
_COMMON_MIDDLE = frozenset(("thi", "van"))  # before the given name of most Vietnamese women, of most men
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "þ": "th"})
# Letters to Unicode, marks to readers: apostrophes, then what is only for a transliteration or for the look.
_MARKS = str.maketrans(dict.fromkeys("ʼʻʹˈ", "'") | dict.fromkeys("ʿʾـ", ""))
_APOSTROPHES = re.compile("['’‘ʼʻʹˈ´`]")
_UNSEEN = frozenset(("Mn", "Mc", "Me", "Cf"))  # accents; joiners, soft hyphens, marks of direction
_FIRST_YEAR = 1900
_MONTHS = (
    *("janvier", "fevrier", "mars", "avril", "mai", "juin"),
    *("juillet", "aout", "septembre", "octobre", "novembre", "decembre"),
)
_MONTH_NUMBERS = {name: rank for rank, name in enumerate(_MONTHS, start=1)} | {
    short: rank
    for rank, shorts in enumerate(
        ("janv jan", "fevr fev", "mar", "avr", "", "", "juil", "aou", "sept sep", "oct", "nov", "dec"), start=1
    )
    for short in shorts.split()
}
_YEAR_FIRST = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
_MONTH_YEAR = re.compile(r"()(\d{1,2})[-/. ](\d{4})")
_YEAR_MONTH = re.compile(r"(\d{4})-(\d{1,2})()")
_YEAR = re.compile(r"(\d{4})()()")
_TOLD = re.compile(r"(\d{1,2})(?:er)?\s+([a-z]+)\.?\s+(\d{4})")
_WOMAN = frozenset(("f", "femme", "feminin", "fille", "2", "w"))
_MAN = frozenset(("m", "h", "homme", "masculin", "garcon", "1"))

# Letters that French ears confuse, then vowels: what is left is how a name begins and its consonants.
_SOUNDS = (
    (re.compile("ph"), "f"),
    (re.compile("(sch|tch|ch|sh)"), "j"),
    (re.compile("(ck|kh|qu|q)"), "k"),
    (re.compile("gu(?=[eiy])"), "k"),
    (re.compile("g(?=[eiy])|dj"), "j"),
    (re.compile("g"), "k"),
    (re.compile("c(?=[eiy])"), "s"),
    (re.compile("c"), "k"),
    (re.compile("[zx]"), "s"),
    (re.compile("v|w"), "v"),
    (re.compile("m(?=[bp])"), "n"),
    (re.compile("(?<=.)[aeiouyh]"), ""),
    (re.compile("^[aeiouyh]"), "a"),
    (re.compile(r"(.)\1+"), r"\1"),
    (re.compile("(?<=..)[tdsr]$"), ""),
)


@frozen(kw_only=True)
class Born:
    """A birth date as far as it is known."""

    year: int
    month: int | None = None
    day: int | None = None


def letters(text: str) -> str:
    """Small letters, figures and single spaces: accents gone, hyphens and apostrophes are spaces."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept = "".join(
        letter if letter.isalnum() else "" if unicodedata.category(letter) in _UNSEEN else " "
        for letter in folded.translate(_LETTERS).translate(_MARKS)
    )
    return " ".join(kept.split())


def is_unknown(text: str) -> bool:
    """Whether a cell says that nothing is known: empty, "?", "inconnu", "NR"…"""
    told = letters(text)
    bare = told.replace(" ", "")
    return not bare or bare in UNKNOWN or told == _NOT_AVAILABLE


def surname(text: str) -> str:
    """The name at birth, in one word: no particle, no mark, no name by marriage. "" when nothing is known."""
    if is_unknown(text):
        return ""
    words = letters(text).split()
    for place, word in enumerate(words):
        if word in _BORN and place + 1 < len(words):
            words = words[place + 1 :]
            break
        if word in _MARRIED and place:
            words = words[:place]
            break
    return "".join([word for word in words if word not in _PARTICLES] or words)


def given_name(text: str) -> str:
    """The first given name; of a double one, its first half: "Marie-Claire" is as often written "Marie".

    What never is a given name alone goes with the next word ("N'Deye", "Abdel Kader") or leaves to it ("Thi Lan").
    """
    if is_unknown(text):
        return ""
    words = letters(_APOSTROPHES.sub("", text)).split() or [""]
    while len(words) > 1 and words[0] in _COMMON_MIDDLE:
        words = words[1:]
    while len(words) > 1 and (len(words[0]) == 1 or words[0] in _ARTICLES):
        words = [words[0] + words[1], *words[2:]]
    return words[0]


def sound(name: str) -> str:
    """How a normalised name begins and its consonants, by ear: coarse on purpose. Never empty for a name."""
    code = name
    for pattern, told in _SOUNDS:
        code = pattern.sub(told, code)
    return code


def sex(text: str) -> str | None:
    """ "f", "m", "" when not known; None when it cannot be read."""
    if is_unknown(text):
        return ""
    bare = letters(text)
    return "f" if bare in _WOMAN else "m" if bare in _MAN else None


def place(text: str) -> str:
    """A place in one word, "saint" written out. "" when not known."""
    if is_unknown(text):
        return ""
    words = {"st": "saint", "ste": "sainte"}
    return "".join(words.get(word, word) for word in letters(text).split())


def born(text: str, *, today: date) -> Born | None:
    """A birth date in any of the writings met; None when it cannot be read, cannot be, or is after `today`.

    1 January and a day or month of 0 are read as a year alone: that is how files write a day that nobody knows.
    Two figures for a year are refused: 1905 or 2005 would be a guess.
    """
    bare = " ".join(unicodedata.normalize("NFKC", text).split())
    for pattern, order in ((_YEAR_FIRST, (0, 1, 2)), (_YEAR_LAST, (2, 1, 0)), (_MONTH_YEAR, (2, 1, 0))):
        if match := pattern.fullmatch(bare):
            return _possible(*(int(match.groups()[at] or 0) for at in order), today=today)
    for pattern in (_YEAR_MONTH, _YEAR):
        if match := pattern.fullmatch(bare):
            return _possible(*(int(each or 0) for each in match.groups()), today=today)
    if match := _TOLD.fullmatch(letters(bare.replace(".", " "))):
        month = _MONTH_NUMBERS.get(match[2])
        return None if month is None else _possible(int(match[3]), month, int(match[1]), today=today)
    return None


def _possible(year: int, month: int, day: int, *, today: date) -> Born | None:
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        return None
    if year < _FIRST_YEAR or first > today:
        return None
    if not month or (month, day) == (1, 1):
        return Born(year=year)
    return Born(year=year, month=month, day=day or None)

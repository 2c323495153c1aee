"""Telephone numbers of an ad, found as they are hidden and written in one way: `+33612345678`.

The plain rule, one text at a time; a faster one is right when it finds the same. What it reads and what it leaves:
docs/methods/ad-census.md. A number is a person's: nothing here is printed, kept or raised with one in it.
Source: ARCEP decision 2022-1583 (French numbering plan), ITU-T E.164 and its list of country codes.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import cache

from attrs import define

MAX_GAP = 8  # characters between two groups of one number: spaces, dots, an emoji and its joiners
_MOST_DIGITS = 20  # of the longest number, with its 00 and its (0)

# A letter is read as a digit only inside or at the head of digits, and never when it belongs to a word.
_TOKEN = re.compile(
    r"(?P<digits>(?:(?<![^\W\d_])[OoIl](?=[OoIl]{0,9}[0-9]))?[0-9](?:[0-9]|[OoIl](?=[OoIl]{0,9}(?:[0-9]|(?![^\W\d_]))))*)"
    r"|(?P<letter>(?<![^\W_])[Oo](?![^\W_]))"
    r"|(?P<word>[^\W\d_]+)"
)
_LETTERS = str.maketrans("OoIl", "0011")
# Patterns begin with what they eat and look behind after: the library then skips whatever cannot begin them.
_TIME = re.compile(r"[0-9](?<![0-9]{2})[0-9]?\s?(?:[hH:]\s?[0-9]{2}(?![0-9])|[hH](?![^\W\d_]))")
_DAY = re.compile(
    r"[0-9](?<![0-9]{2})(?<![0-9][./-][0-9])[0-9]?([./-])[0-9]{1,2}\1(?:19|20)[0-9]{2}(?![0-9])(?![./-][0-9])"
)
# Where a number may start: a zero in any dress, or a plus sign. Only from there is it worth cutting into tokens.
_START = re.compile(
    r"\+|0(?<![0-9]0)|[Oo](?<![^\W_].)(?=[OoIl]{0,9}[0-9]|(?![^\W_]))"
    r"|[zZ](?<![^\W\d_].)[eEéÉ]\u0301?[rR][oO](?![^\W\d_])"
)

_WORDS = {
    word: value
    for value, words in {
        0: "zero zéro",
        1: "un une",
        2: "deux",
        3: "trois",
        4: "quatre",
        5: "cinq",
        6: "six",
        7: "sept",
        8: "huit",
        9: "neuf",
        10: "dix",
        11: "onze",
        12: "douze",
        13: "treize",
        14: "quatorze",
        15: "quinze",
        16: "seize",
        20: "vingt vingts",
        30: "trente",
        40: "quarante",
        50: "cinquante",
        60: "soixante",
    }.items()
    for word in words.split()
}

# First three digits after the leading zero of a number dialled in France -> country code of its territory.
_OVERSEAS = {
    "508": "508",
    "590": "590",
    "690": "590",
    "691": "590",
    "594": "594",
    "694": "594",
    "596": "596",
    "696": "596",
    "697": "596",
    "262": "262",
    "263": "262",
    "269": "262",
    "639": "262",
    "692": "262",
    "693": "262",
}
# Digits after the country code. Elsewhere: from 7 to 12.
_LENGTHS = {
    **dict.fromkeys(("33", "262", "590", "594", "596"), (9, 9)),
    **dict.fromkeys(("508", "681", "687"), (6, 6)),
    "689": (8, 8),
    "1": (10, 10),
    "7": (10, 10),
    "32": (8, 9),
    **dict.fromkeys(("34", "40", "41", "212", "213", "237", "351"), (9, 9)),
    "216": (8, 8),
    **dict.fromkeys(("44", "57", "225", "234"), (10, 10)),
    "55": (10, 11),
    "49": (10, 11),
    "39": (9, 10),
    "352": (6, 9),
}
_ANY_LENGTH = (7, 12)
# Beginnings of the country codes of three digits; those of 1 and 7 have one, the others two.
_THREE_DIGITS = "21 22 23 24 25 26 28 29 35 37 38 42 50 59 67 68 69 80 83 85 87 88 89 96 97 99"


def in_text(text: str) -> tuple[str, ...]:
    """The distinct numbers that a text shows, in order: French ones, and foreign ones written with `+` or `00`.

    Never a number that starts or ends in the middle of a group of digits, a date, an hour, or a 08 number, which
    belongs to a site and not to an author.
    """
    text = _plain_digits(text)
    if not _START.search(text):
        return ()
    text = _DAY.sub(" x ", _TIME.sub(" x ", text))
    found: dict[str, None] = {}
    place = 0
    while start := _START.search(text, place):
        number, place = _number_from(text, start.start())
        if number:
            found[number] = None
        else:
            place = start.end()
    return tuple(found)


def in_field(cell: str) -> tuple[str, ...]:
    """The same for a site's own field, where a spreadsheet may have eaten the first zero or the plus sign."""
    if found := in_text(cell):
        return found
    pieces = (re.sub(r"\D", "", piece) for piece in re.split(r"[/;,|\n]|\bou\b|\bet\b", cell))
    bare = (_national("0" + piece.removeprefix("33")) for piece in pieces if _BARE.fullmatch(piece))
    return tuple(dict.fromkeys(filter(None, bare)))


_BARE = re.compile(r"(?:33)?[1-9][0-9]{8}")


def without_last_two(number: str) -> str:
    """The first eight digits of a French number of ten. Lines bought together often differ by the last two."""
    return number[:-2]


def _plain_digits(text: str) -> str:
    """Full-width, circled, bold… digits become 0 to 9."""
    if not text.isascii() and not _odd_digits().isdisjoint(text):
        for char in _odd_digits().intersection(text):
            text = text.replace(char, str(unicodedata.digit(char)))
    return text


@cache
def _odd_digits() -> frozenset[str]:
    odd = map(chr, range(0x80, sys.maxunicode + 1))
    return frozenset(char for char in odd if unicodedata.digit(char, None) is not None)


@define
class _Group:
    """Digits that stand together, and where they end. `value`: the spelled number they come from, if any."""

    digits: str
    end: int
    value: int | None = None


def _groups(text: str, start: int) -> list[_Group]:
    """From this place, groups with nothing but signs between them. A word that is no number, or a gap, ends them."""
    groups: list[_Group] = []
    end, total, and_word = start, 0, False
    for token in _TOKEN.finditer(text, start):
        if token.start() - end > MAX_GAP or total > _MOST_DIGITS:
            break
        said, end = token.group(), token.end()
        if token.lastgroup == "word":
            value = _WORDS.get(said.lower().replace("e\u0301", "é"))
            if value is None:
                if said.lower() == "et" and groups and groups[-1].value is not None:
                    and_word = True
                    continue
                break
            if groups and _joins(groups[-1], value, end):
                and_word = False
                continue
            if and_word:  # « vingt et un » is a number, « six et huit » two words
                break
            groups.append(_Group(str(value), end, value))
        elif and_word:
            break
        else:
            groups.append(_Group(said.translate(_LETTERS), end))
        total += len(groups[-1].digits)
    return groups


def _joins(group: _Group, value: int, end: int) -> bool:
    """Grow a spelled number by the next word where French does: soixante-douze, quatre-vingt-dix-sept."""
    before = group.value
    if before is None:
        return False
    if before == 4 and value == 20:
        joined = 80
    elif (
        (before in (20, 30, 40, 50) and 1 <= value <= 9)
        or (before in (60, 80) and 1 <= value <= 16)
        or (before in (10, 70, 90) and 7 <= value <= 9)
    ):
        joined = before + value
    else:
        return False
    group.value, group.digits, group.end = joined, str(joined), end
    return True


def _number_from(text: str, start: int) -> tuple[str, int]:
    """The number that starts here and where it ends; `("", …)` when none does."""
    digits, ends = "", {}
    for group in _groups(text, start):
        digits += group.digits
        ends[len(digits)] = group.end
    if text[start] == "+":
        number, length = _international(digits, ends, 0)
    elif digits.startswith("00"):
        number, length = _international(digits, ends, 2)
    else:
        number, length = _national(digits[:10]), 10
    return (number, ends[length]) if number and length in ends else ("", start)


def _national(digits: str) -> str:
    """`0612345678` in its international form; "" when it is none, or a service's."""
    if len(digits) != 10 or digits[0] != "0" or digits[1] in "08":
        return ""
    code = _OVERSEAS.get(digits[1:4], "33")
    return f"+{code}{digits[4:] if code == '508' else digits[1:]}"


def _international(digits: str, ends: dict[int, int], start: int) -> tuple[str, int]:
    """What follows `+` or `00`: the number, and where it ends in `digits`. The longest that ends with a group."""
    code = _country_code(digits[start : start + 3])
    if not code:
        return "", 0
    body = start + len(code)
    shortest, longest = _LENGTHS.get(code, _ANY_LENGTH)
    if digits[body : body + 1] == "0" and (code == "33" or code in _OVERSEAS.values()):
        body += 1  # +33 (0)6
    for length in range(longest, shortest - 1, -1):
        if body + length in ends:
            rest = digits[body : body + length]
            return (_national("0" + rest) if code == "33" else f"+{code}{rest}"), body + length
    return "", 0


def _country_code(digits: str) -> str:
    if len(digits) < 3 or digits[0] == "0":
        return ""
    return digits[0] if digits[0] in "17" else digits if digits[:2] in _THREE_DIGITS else digits[:2]

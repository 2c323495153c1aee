"""The day an ad says it was published, from a date or a date typed as text. What is not a full date is not known."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_MONTHS = "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre"
_MONTH = {name: rank for rank, name in enumerate(_MONTHS.split(), start=1)}
_SHORT = {"janv": 1, "fev": 2, "fevr": 2, "avr": 4, "juil": 7, "sept": 9, "oct": 10, "nov": 11, "dec": 12}
# What may follow a day: an hour. Anything else, digits above all, may be what a date must not hide: 06.11.22 33 44.
_SECONDS = r"(?: ?(?:[:m]|min) ?(?:[0-5]\d)?(?:[.,]\d{1,9})?)?(?: ?z| ?[+-]\d{2}:?\d{2})?"
_HOUR = rf"(?:[t ,]*(?:a )?(?:[01]?\d|2[0-3]) ?[:h] ?(?:[0-5]\d{_SECONDS})?)?"
_ISO = re.compile(rf"(\d{{4}})-(\d{{1,2}})-(\d{{1,2}}){_HOUR}")
_FRENCH = re.compile(rf"(\d{{1,2}})[/.\-](\d{{1,2}})[/.\-](\d{{4}}|\d{{2}}){_HOUR}")
_SPELLED = re.compile(rf"(?:[a-z]+\.? )?(\d{{1,2}})(?:er)? ([a-z]+)\.? (\d{{4}}){_HOUR}")
_FIRST_YEAR = 1995  # no ad is online before; 0611-12-13 is no day


def day_of(text: str) -> date | None:
    """`2026-03-12`, `12/03/2026`, `12.03.26`, `jeudi 12 mars 2026 à 10 h`. None for anything else, such as « hier ».

    Two digits of a year are of this century. Day before month, as French sites write it. Only an hour may follow.
    """
    plain = unicodedata.normalize("NFKD", text.strip().lower())
    plain = " ".join("".join(char for char in plain if not unicodedata.combining(char)).split())
    if found := _ISO.fullmatch(plain):
        year, month, day = int(found[1]), int(found[2]), int(found[3])
    elif found := _FRENCH.fullmatch(plain):
        day, month, year = int(found[1]), int(found[2]), int(found[3])
        year += 2000 if year < 100 else 0
    elif found := _SPELLED.fullmatch(plain):
        day, month, year = int(found[1]), _MONTH.get(found[2]) or _SHORT.get(found[2], 0), int(found[3])
    else:
        return None
    try:
        return date(year, month, day) if year >= _FIRST_YEAR else None
    except ValueError:
        return None

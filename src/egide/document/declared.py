"""Digits that are not figures: a date, an article of law, a name. Authors write `{2025}`, and it is checked."""

from __future__ import annotations

import re
from collections.abc import Collection

from egide.reference.periods import MONTHS

_YEAR = r"(?:1[89]|20)\d\d"
_DAY = r"(?:1er|[1-9]|[12]\d|3[01])"
_MONTH = "(?:" + "|".join(MONTHS) + ")"
_DATE = re.compile(f"{_DAY} {_MONTH}(?: {_YEAR})?|{_MONTH} {_YEAR}|{_YEAR}(?:[-–]{_YEAR})?")
_TAIL = r"(?:-\d+)*(?:-[A-Z])?(?: (?:bis|ter|quater))?"
_ANY = r"(?:[LRDA]\.? ?)?\d+" + _TAIL  # behind the word "article", any number is one
_BARE = r"(?:[LRDA]\.? ?\d+|\d{3}-\d+)" + _TAIL  # without it, only what nothing else looks like
_MORE = "(?:(?:, | et | à ){0})*"
_ARTICLE = re.compile(f"[Aa]rticles? {_ANY}{_MORE.format(_ANY)}|{_BARE}{_MORE.format(_BARE)}")
_LAW = re.compile(r"(?:n° ?(?:19|20)?\d\d|(?:19|20)\d\d)-\d{2,4}")


def is_declared(text: str, names: Collection[str]) -> bool:
    """Is this a date, an article or law number, or one of the edition's names?

    A bare number such as `{12}` is none of these: articles need their word, a letter or a hyphen.
    """
    plain = " ".join(text.replace("\u202f", " ").replace("\u00a0", " ").split())
    return plain in names or any(form.fullmatch(plain) for form in (_DATE, _LAW, _ARTICLE))

"""Dates, numbers and sentences as French prints them. Pure; spaces and signs come from `egide.document.typography`."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from egide.document.typography import NBSP, digits, sentence
from egide.reference.periods import MONTHS

Number = int | Decimal | Fraction

__all__ = ["day", "moment", "money", "number", "sentence"]


def day(value: date) -> str:
    """« 1er mars 2026 », without a break inside the date."""
    first = "1er" if value.day == 1 else str(value.day)
    return f"{first}{NBSP}{MONTHS[value.month - 1]}{NBSP}{value.year}"


def moment(value: datetime) -> str:
    """« 1er mars 2026 à 9 h 05 », in the zone that the value carries."""
    return f"{day(value)} à {value.hour}{NBSP}h{NBSP}{value.minute:02}"


def number(value: Number, places: int = 0) -> str:
    """Thousands apart, decimal comma, true minus; rounded half away from zero."""
    return digits(Fraction(value), places)


def money(value: Number) -> str:
    """Euros: no decimals for a whole amount, two otherwise."""
    amount = Fraction(value)
    whole = amount.denominator == 1
    return f"{digits(amount, 0 if whole else 2, fixed=not whole)}{NBSP}€"

"""How numbers and names read in refusals and in arithmetic shown to a person. French, plain text.

Printed pages go through `egide.document.typography`; this layer lies below it and has only these few words.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from egide.facts.values import Value, rounded

NBSP = "\u00a0"
THIN = "\u202f"
MINUS = "\u2212"


def quoted(text: str) -> str:
    """Between French guillemets; guillemets already inside become English ones, as typography asks."""
    inner = text.replace(f"«{NBSP}", "“").replace(f"{NBSP}»", "”")
    return f"«{NBSP}{inner}{NBSP}»"


def listed(texts: Iterable[str]) -> str:
    """`a`, `a et b`, `a, b et c`."""
    items = list(texts)
    return " et ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def french(number: Fraction, places: int = 4) -> str:
    """At most `places` decimals, comma, thousands apart, true minus."""
    shown = rounded(number, places)
    scaled = format(abs(int(shown * 10**places)), f"0{places + 1}d")
    head, tail = (scaled[:-places], scaled[-places:].rstrip("0")) if places else (scaled, "")
    text = f"{int(head):,}".replace(",", THIN) + (f",{tail}" if tail else "")
    return (MINUS if shown < 0 else "") + text


def possible(value: Value) -> str:
    """Everything a value leaves possible, in words."""
    if value.is_exact:
        return french(value.number)
    if value.low is None and value.high is None:
        return "n’importe quel nombre"
    if value.high is None:
        return f"{french(value.low or Fraction(0))} ou plus"
    if value.low is None:
        return f"{french(value.high)} ou moins"
    return f"entre {french(value.low)} et {french(value.high)}"

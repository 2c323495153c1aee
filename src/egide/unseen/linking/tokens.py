"""From one person to keyed tokens: each rule binds a part of the name and a part of the birth date or of the place.

No token is of a name alone: the commonest digest would then be the commonest name. Two records are compared when a
token of one rule is equal in both. A rule whose fields are not all known gives no token.
Source: docs/methods/list-tokens.md.
"""

from __future__ import annotations

from collections.abc import Callable

from attrs import frozen

from egide.linkage.pseudonyms import Key
from egide.unseen.linking.normal import Born, sound

VERSION = "1"
Tokens = tuple[str, ...]  # one a rule, in hexadecimal; "" where the rule gives none


@frozen(kw_only=True, repr=False)
class Person:
    """Normalised fields of one record; "" and None are not known. Never shown: it has no repr."""

    surname: str = ""
    given: str = ""
    born: Born | None = None
    sex: str = ""
    place: str = ""

    @property
    def day(self) -> str:
        """The whole date, "" unless all of it is known."""
        known = self.born
        if known is None or known.month is None or known.day is None:
            return ""
        return f"{known.year}-{known.month:02}-{known.day:02}"

    @property
    def year(self) -> str:
        return "" if self.born is None else str(self.born.year)

    @property
    def month(self) -> str:
        return "" if self.born is None or self.born.month is None else f"{self.born.year}-{self.born.month:02}"

    @property
    def anniversary(self) -> str:
        return self.day[5:]

    @property
    def turned(self) -> str:
        """The same date for who exchanges day and month."""
        return "" if not self.day else "-".join([self.day[:4], *sorted((self.day[5:7], self.day[8:]))])


def _heard(name: str) -> str:
    return sound(name) if name else ""


# Name of the rule, which is the use of its tokens, and the fields it binds. Their order is no secret.
RULES: dict[str, Callable[[Person], tuple[str, ...]]] = {
    "whole": lambda one: (*sorted((one.surname, one.given)), one.day),  # family and given names are often exchanged
    "turned": lambda one: (one.surname, one.given, one.turned),
    "anniversary": lambda one: (one.surname, one.given, one.anniversary),
    "names": lambda one: (one.surname, one.given, one.year),
    "sound": lambda one: (_heard(one.surname), one.day),
    "given": lambda one: (_heard(one.given), one.day),
    "year": lambda one: (_heard(one.surname), _heard(one.given), one.year),
    "month": lambda one: (one.surname[:3], one.given[:1], one.month),
    "place": lambda one: (_heard(one.surname), _heard(one.given), one.sex, one.place),
}


def tokens(one: Person, key: Key) -> Tokens:
    """One token a rule. Raises KeyDestroyed."""
    return tuple(
        key.digest(f"t{VERSION}:{name}", "\x1f".join(parts)).hex() if all(parts) else ""
        for name, parts in ((name, rule(one)) for name, rule in RULES.items())
    )

"""Which statements of a key are one and the same number, from delivery to delivery and from edition to edition. Pure.

An institution that states a number again leaves it the same unknown for a reader who kept last year's Letter; a
revision makes another one. The observatory knows which: it holds what was delivered. Where an institution hides a
number twice, it is taken for the same unless something in clear beside it, in a total or a share, was revised: then
nobody can say. Source: docs/methods/attacker.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

from attrs import frozen

from egide.disclosure.published import Published
from egide.facts.model import Fact, FactKey
from egide.facts.ratios import Ties
from egide.facts.values import Value


@frozen(order=True)
class Number:
    """A key, and the day of the first statement of this number of it: what the attacker calls a cell."""

    key: FactKey
    since: date

    def __str__(self) -> str:
        return str(self.key)


@frozen
class _Stated:
    value: Value
    hidden: bool  # by who stated it: the number behind may be any of them


class Identities:
    """The number behind each statement."""

    def __init__(self, vintages: Mapping[FactKey, Sequence[Fact]], published: Published, ties: Ties) -> None:
        self._stated: dict[FactKey, dict[date, _Stated]] = defaultdict(dict)
        for cell in published.cells():
            self._stated[cell.key][cell.known_on] = _Stated(cell.value, not cell.is_shown)
        for key, facts in vintages.items():
            for fact in facts:  # what was delivered says more than what was printed of it
                if fact.value is not None:
                    self._stated[key][fact.known_on] = _Stated(fact.value, fact.is_hidden)
        self._beside = _beside(ties)
        self._first = {(key, day): first for key in list(self._stated) for day, first in self._first_days(key).items()}

    def of(self, key: FactKey, known_on: date) -> Number:
        return Number(key, self._first.get((key, known_on), known_on))

    def _first_days(self, key: FactKey) -> Mapping[date, date]:
        """For each statement of the key, the first one of the same number: those in a row that can be equal."""
        stated = self._stated[key]
        days = sorted(stated)
        found = {days[0]: days[0]}
        possible = stated[days[0]].value
        for before, day in pairwise(days):
            found[day] = found[before]
            guessed = stated[before].hidden or stated[day].hidden
            try:
                possible = possible.meet(stated[day].value)
            except ValueError:
                found[day] = day
            if guessed and self._revised_beside(key, before, day):
                found[day] = day
            if found[day] == day:
                possible = stated[day].value
        return found

    def _revised_beside(self, key: FactKey, before: date, day: date) -> bool:
        """Did a number in clear, tied to this one, change between the two days?"""
        return any(
            (was := self._clear(other, before)) is not None
            and (now := self._clear(other, day)) is not None
            and was != now
            for other in self._beside.get(key, ())
        )

    def _clear(self, key: FactKey, day: date) -> Value | None:
        days = [known_on for known_on in self._stated.get(key, ()) if known_on <= day]
        latest = self._stated[key][max(days)] if days else None
        return None if latest is None or latest.hidden else latest.value


def _beside(ties: Ties) -> Mapping[FactKey, set[FactKey]]:
    """The keys that a total or a ratio ties to each."""
    found: dict[FactKey, set[FactKey]] = defaultdict(set)
    groups = [*(total.keys for total in ties.totals), *((ratio.printed, *ratio.keys) for ratio in ties.ratios)]
    for keys in groups:
        for key in keys:
            found[key].update(keys)
    return found

"""Facts as known on a day: the latest statement of each key, and those it followed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from difflib import get_close_matches

from egide.errors import StoreError, UnknownIdentifier
from egide.facts.model import Fact, FactKey, SeriesKey
from egide.facts.relations import Relation, tighten
from egide.reference.periods import Period


class FactBook:
    """What was known on `day`, by key. Immutable once made; iterates in key order.

    In:     facts of any sources and days; those known after `day` are left out. Without a day, all are in.
    Raises: StoreError when one source states one key twice on one day, differently: there is no latest then.
    """

    def __init__(self, facts: Iterable[Fact], day: date | None = None) -> None:
        self.day = day
        history: dict[FactKey, dict[date, Fact]] = defaultdict(dict)
        for fact in facts:
            if day is not None and fact.known_on > day:
                continue
            known = history[fact.key].setdefault(fact.known_on, fact)
            if _statement(known) != _statement(fact):
                raise StoreError(
                    f"{fact.id} est dit de deux façons le même jour, par {known.origin.delivery}"
                    f" et par {fact.origin.delivery}."
                )
        self._vintages = {key: tuple(history[key][on] for on in sorted(history[key])) for key in sorted(history)}
        self._series: dict[SeriesKey, dict[str, Fact]] = defaultdict(dict)
        for key in sorted(self._vintages, key=lambda key: Period.parse(key.period)):
            self._series[key.series][key.period] = self._vintages[key][-1]

    def __len__(self) -> int:
        return len(self._vintages)

    def __iter__(self) -> Iterator[Fact]:
        """The latest statement of each key."""
        return (vintages[-1] for vintages in self._vintages.values())

    def __contains__(self, key: FactKey) -> bool:
        return key in self._vintages

    def __getitem__(self, key: FactKey) -> Fact:
        """The latest statement. Raises UnknownIdentifier, with the nearest keys, when there is none."""
        if key not in self._vintages:
            near = get_close_matches(str(key), map(str, self._vintages), n=3)
            hint = f" Clés proches\u00a0: {', '.join(near)}." if near else ""
            raise UnknownIdentifier(f"Aucun fait {key}.{hint}")
        return self._vintages[key][-1]

    def get(self, key: FactKey) -> Fact | None:
        return self._vintages[key][-1] if key in self._vintages else None

    def series(self, key: SeriesKey) -> dict[str, Fact]:
        """Period → latest fact, in time order. Empty when nothing is known of the series."""
        return dict(self._series.get(key, {}))

    def all_series(self) -> tuple[SeriesKey, ...]:
        return tuple(sorted(self._series))

    def vintages(self, key: FactKey) -> tuple[Fact, ...]:
        """Every statement of the key up to the day, oldest first. Empty when there is none."""
        return self._vintages.get(key, ())

    def narrowed(self, relations: Iterable[Relation]) -> FactBook:
        """The same book, each hidden count cut down to what the totals leave possible: `nc` is rarely "5 or more".

        Raises Contradiction, with the total that leaves nothing. Source: docs/methods/relations.md.
        """
        totals = tuple(relations)
        named = {key for relation in totals for key in relation.keys}
        known = {key: value for key in named if (fact := self.get(key)) and (value := fact.value) is not None}
        left = tighten(known, totals)
        book = FactBook((), self.day)
        book._vintages = {
            key: (*earlier, latest.with_value(left[key]) if latest.is_hidden and key in left else latest)
            for key, (*earlier, latest) in self._vintages.items()
        }
        book._series = {key: {period: book[key.at(period)] for period in known} for key, known in self._series.items()}
        return book


def _statement(fact: Fact) -> tuple[object, ...]:
    """What a fact says, apart from where it was read."""
    return (fact.measure, fact.value, fact.status, fact.secret, fact.note)

"""The overlaps of lists through the door: one count a history and the total of each list. Pure.

A list's total is often published by the institution that keeps it, so it is taken to be public and stays shown. For
each list that has a small count, one larger count is hidden with it, which takes up whatever the small one may be; and
the number of all persons seen, which would tie them all, is given as a range. What is hidden thus follows from which
counts are nought, small or large, all of which is printed: who knows this rule learns nothing from its outcome.
Source: docs/methods/estimate-page.md.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import date

import numpy as np
from attrs import frozen

from egide.disclosure.attack.audit import audit
from egide.disclosure.attack.findings import protection
from egide.disclosure.attack.system import Shown, Statement, System, Unknown
from egide.disclosure.cells import Cell
from egide.disclosure.policy import STATISTICAL_SECRET, Policy
from egide.disclosure.release import Candidates, release
from egide.errors import ReleaseRefused
from egide.estimation.censored.table import Censored
from egide.estimation.histories import Flags, Histories, named
from egide.facts.model import Fact, FactKey, Kind, Measure, Origin, Secret, Status, Unit
from egide.facts.relations import Relation
from egide.facts.values import NOT_COMMUNICATED, Value
from egide.unseen.reading import history_name

SOURCE = "listes"
_PERSONS = Measure(code="personnes_vues", label="Personnes vues", unit=Unit.COUNT, kind=Kind.FLOW, counts="personnes")


@frozen(kw_only=True)
class Frame:
    """What the numbers of a page hold for."""

    territory: str
    period: str
    known_on: date
    file_name: str


@frozen(kw_only=True, eq=False)
class Overlaps:
    """What may be read of a table. `cells`: of each history, by its number; `totals`: of each list.

    seen: everybody; None when a count is hidden. possible: histories that somebody can have. Everything that a page
    says is worked out from this.
    """

    lists: tuple[str, ...]
    cells: Mapping[int, Cell]
    totals: tuple[Cell, ...]
    seen: Cell | None
    possible: Flags

    @property
    def hides(self) -> bool:
        return any(not cell.is_shown for cell in self.cells.values())

    def known(self) -> Censored:
        """The same, as counts between bounds: what anybody can read, and no more."""
        size = 1 << len(self.lists)
        low, high = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
        for cell, one in self.cells.items():
            value = one.value
            whole = [int(self.totals[place].number) for place in range(len(self.lists)) if cell >> place & 1]
            low[cell] = int(value.low or 0)
            high[cell] = min(whole) if value.high is None else int(value.high)
        return Censored(lists=self.lists, low=low, high=high, possible=self.possible)

    def sums(self) -> tuple[tuple[tuple[int, ...], int, int], ...]:
        """What the histories of each list add up to: histories, fewest, most."""
        found = []
        for place, total in enumerate(self.totals):
            members = tuple(cell for cell in self.cells if cell >> place & 1)
            found.append((members, int(total.number), int(total.number)))
        return tuple(found)


def overlaps(given: Histories, frame: Frame, policy: Policy = STATISTICAL_SECRET) -> Overlaps:
    """Raises: ReleaseRefused when a small count cannot be protected so, as when a list has fewer than five persons."""
    cells = [cell for cell in range(1, 1 << given.k) if given.possible[cell]]
    beside = hidden_beside(given, cells, policy.threshold)
    facts = {cell: _fact(frame, _history(given, cell), int(given.counts[cell]), cell in beside) for cell in cells}
    totals = tuple(
        _fact(frame, {"liste": name}, sum(int(given.counts[cell]) for cell in cells if cell >> place & 1))
        for place, name in enumerate(codes(given.lists))
    )
    relations = tuple(
        Relation.total(total.key, [facts[cell].key for cell in cells if cell >> place & 1])
        for place, total in enumerate(totals)
    )
    labels = {facts[cell].key.series: f"Personnes vues par {history_name(given.lists, cell)}" for cell in cells}
    labels |= {
        total.key.series: f"Personnes de la liste {name}" for total, name in zip(totals, given.lists, strict=True)
    }
    every = [*facts.values(), *totals]
    seen = None if beside or _small(given, cells, policy.threshold) else _fact(frame, {}, given.seen)
    if seen is not None:
        labels[seen.key.series] = "Personnes vues par une liste au moins"
        every.append(seen)
    released = release(
        Candidates(
            requested={str(fact.key): fact for fact in every},
            relations=relations,
            labels=labels,
            keep=frozenset(total.key for total in totals),
        ),
        policy,
    )
    made = {cell: released.cell(str(fact.key)) for cell, fact in facts.items()}
    _refuse_another_choice(made, beside | _small(given, cells, policy.threshold))
    _attacked(released.by_expression, relations)
    return Overlaps(
        lists=given.lists,
        cells=made,
        totals=tuple(released.cell(str(total.key)) for total in totals),
        seen=None if seen is None else released.cell(str(seen.key)),
        possible=given.possible,
    )


def hidden_beside(given: Histories, cells: Sequence[int], threshold: int = 5) -> frozenset[int]:
    """For each list with a hidden count, its first large one: that of the list alone if it can be, else the next.

    Read off which counts are nought, small or large, and from nothing else.
    """
    hidden = set(_small(given, cells, threshold))
    small = frozenset(hidden)
    large = sorted((cell for cell in cells if given.counts[cell] >= threshold), key=lambda one: (one.bit_count(), one))
    served: set[int] = set()
    while True:
        waiting = [place for place in range(given.k) if place not in served and any(one >> place & 1 for one in hidden)]
        if not waiting:
            return frozenset(hidden) - small
        served.add(waiting[0])
        free = [cell for cell in large if cell >> waiting[0] & 1 and cell not in hidden]
        hidden.update(free[:1])


def _small(given: Histories, cells: Sequence[int], threshold: int) -> frozenset[int]:
    return frozenset(cell for cell in cells if 0 < given.counts[cell] < threshold)


def _refuse_another_choice(made: Mapping[int, Cell], chosen: frozenset[int]) -> None:
    """A choice that follows the counts themselves could be read backwards."""
    if any(not cell.is_shown for place, cell in made.items() if place not in chosen):
        raise ReleaseRefused(
            "Trop de petits effectifs pour un tableau de recoupements\u00a0: les masquer demanderait un choix qui "
            "trahirait leur valeur."
        )


def codes(lists: Sequence[str]) -> tuple[str, ...]:
    """Lists' names as parts of identifiers, each its own."""
    plain = ["".join(letter if letter.isalnum() or letter in "-._" else "_" for letter in name) for name in lists]
    return tuple(one if plain.count(one) == 1 else f"{one}-{place}" for place, one in enumerate(plain, start=1))


def _history(given: Histories, cell: int) -> dict[str, str]:
    return {"vues_par": "+".join(named(codes(given.lists), cell))}


def _fact(frame: Frame, dims: Mapping[str, str], persons: int, hidden: bool = False) -> Fact:
    """`hidden`: kept back before the door, which is told nothing more than "5 or more"."""
    key = FactKey(source=SOURCE, measure=_PERSONS.code, territory=frame.territory, period=frame.period, dims=dict(dims))
    return Fact(
        key=key,
        measure=_PERSONS,
        value=NOT_COMMUNICATED if hidden else Value.exact(persons),
        secret=Secret.NOT_COMMUNICATED if hidden else Secret.NONE,
        status=Status.NORMAL,
        known_on=frame.known_on,
        origin=Origin(delivery=frame.file_name, sha256="", sheet="", row=1, column="effectif"),
    )


def _attacked(cells: Mapping[str, Cell], relations: tuple[Relation, ...]) -> None:
    """Once more from the other side: a reader who adds and subtracts everything shown."""
    hidden: dict[Hashable, Unknown] = {
        key: Unknown.of(cell.content, name=cell.label) for key, cell in cells.items() if not cell.is_shown
    }
    shown: dict[Hashable, Shown] = {
        key: Shown(value=cell.number, name=cell.label) for key, cell in cells.items() if cell.is_shown
    }
    statements = [
        Statement.equal(((str(key), weight) for key, weight in relation.terms), said="total") for relation in relations
    ]
    leaks = protection(audit(System.of(hidden, statements, shown), small_only=True))
    if leaks:
        names = ", ".join(cells[str(one.finding.cell)].label for one in leaks)
        raise ReleaseRefused(f"Ces petits effectifs se retrouveraient par soustraction\u00a0: {names}.")

"""What a person decided of each pair, what follows from it, and what contradicts it. Pure.

Nothing is decided by default. Two decisions can settle a third pair: if A is B and B is C, A is C; if A is B and B is
not C, A is not C. Source: docs/methods/consolidation.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from functools import cached_property

from attrs import frozen

from egide.diagnostic.consolidation.likeness import Class, Pair

Ids = tuple[str, str]


class Decision(Enum):
    """What a person said, with the letter that says it and is written in the file."""

    SAME = "m"
    DIFFERENT = "d"
    UNDONE = "u"


@frozen(kw_only=True)
class Entry:
    """One line of the file of decisions: later lines on a pair replace earlier ones."""

    pair: Ids
    decision: Decision


class Groups:
    """Situations believed the same, by union and find."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def root(self, one: str) -> str:
        while (parent := self._parent.get(one, one)) != one:
            self._parent[one] = self._parent.get(parent, parent)
            one = parent
        return one

    def join(self, one: str, other: str) -> None:
        a, b = sorted((self.root(one), self.root(other)))
        self._parent[b] = a


def standing(entries: Iterable[Entry]) -> dict[Ids, Decision]:
    """The decision that stands for each pair, in the order of the last word on it."""
    found: dict[Ids, Decision] = {}
    for entry in entries:
        found.pop(entry.pair, None)
        if entry.decision is not Decision.UNDONE:
            found[entry.pair] = entry.decision
    return found


@frozen(kw_only=True)
class Beliefs:
    """Pairs and decisions together, with what follows from them."""

    pairs: tuple[Pair, ...]
    decided: Mapping[Ids, Decision]

    @cached_property
    def _groups(self) -> Groups:
        groups = Groups()
        for one, other in self.same:
            groups.join(one, other)
        return groups

    @cached_property
    def _apart(self) -> frozenset[Ids]:
        """Roots of groups that a person said different."""
        return frozenset(
            _ordered(self._groups.root(one), self._groups.root(other))
            for (one, other), decision in self.decided.items()
            if decision is Decision.DIFFERENT
        )

    @property
    def same(self) -> tuple[Ids, ...]:
        """Pairs believed the same: by the machine beyond doubt unless a person said otherwise, or by a person."""
        sure = ((p.one, p.other) for p in self.pairs if p.belief is Class.SAME)
        said = (pair for pair, decision in self.decided.items() if decision is Decision.SAME)
        return (*(pair for pair in sure if self.decided.get(pair) is not Decision.DIFFERENT), *said)

    def settled(self, pair: Ids) -> Decision | None:
        """What is decided of a pair, or follows from decisions; None: still in doubt."""
        if pair in self.decided:
            return self.decided[pair]
        one, other = self._groups.root(pair[0]), self._groups.root(pair[1])
        if one == other:
            return Decision.SAME
        return Decision.DIFFERENT if _ordered(one, other) in self._apart else None

    @property
    def doubtful(self) -> tuple[Ids, ...]:
        """Pairs still in doubt, the likeliest first."""
        return tuple(ids for p in self.pairs if self.settled(ids := (p.one, p.other)) is None)

    @property
    def contradictions(self) -> tuple[Ids, ...]:
        """Pairs that a person said different, and that other pairs make the same."""
        return tuple(
            pair
            for pair, decision in self.decided.items()
            if decision is Decision.DIFFERENT and self._groups.root(pair[0]) == self._groups.root(pair[1])
        )


def _ordered(one: str, other: str) -> Ids:
    return (one, other) if one <= other else (other, one)


def groups_of(ids: Sequence[str], pairs: Iterable[Ids]) -> tuple[tuple[str, ...], ...]:
    """Transitive closure: situations that chains of pairs tie together, every situation in one group."""
    tied = Groups()
    for one, other in pairs:
        tied.join(one, other)
    found: dict[str, list[str]] = {}
    for one in ids:
        found.setdefault(tied.root(one), []).append(one)
    return tuple(tuple(group) for group in found.values())

"""What the attacker found: the bounds of each hidden cell, how they were obtained, and whether they protect it.

One row of arrays per hidden cell, so that a million of them stay possible; a `Finding` is one row, made on demand.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from functools import cached_property

import numpy as np
from attrs import define, frozen

from egide.disclosure.attack.reach import WINDOW, window_bits
from egide.disclosure.attack.rows import NO_LIMIT, Flags, Ints
from egide.disclosure.attack.settle import How
from egide.disclosure.attack.system import System


@frozen(kw_only=True)
class Finding:
    """What is left of one hidden cell. `values`: the numbers verified possible one by one, where that was asked."""

    cell: Hashable
    label: str
    low: int | None
    high: int | None
    how: How
    narrowed: bool  # less than what the label says to this attacker
    values: frozenset[int]
    complete: bool  # every whole number between the bounds is either in `values` or proven impossible

    @property
    def is_proven(self) -> bool:
        return self.how is not How.NOT_PROVEN and self.how is not How.NOT_SOUGHT


@define(kw_only=True, eq=False)
class Findings:
    """One row of arrays per hidden cell, in the order of `system.cells`."""

    system: System
    low: Ints
    high: Ints
    base: Ints  # the value that bit 0 of `seen` and `never` stands for
    seen: Ints
    never: Ints
    how: Ints

    @cached_property
    def _place(self) -> Mapping[Hashable, int]:
        return {cell: number for number, cell in enumerate(self.system.cells)}

    def number_of(self, cell: Hashable) -> int:
        """Which row of the arrays speaks of this cell. Raises KeyError when it is not hidden."""
        return self._place[cell]

    def __getitem__(self, cell: Hashable) -> Finding:
        return self.at(self.number_of(cell))

    def __iter__(self) -> Iterator[Finding]:
        return (self.at(number) for number in range(len(self.low)))

    def at(self, number: int) -> Finding:
        low, high, base = int(self.low[number]), int(self.high[number]), int(self.base[number])
        seen, never = int(self.seen[number]), int(self.never[number])
        finite = low != -NO_LIMIT and high != NO_LIMIT and base <= low and high < base + WINDOW
        return Finding(
            cell=self.system.cells[number],
            label=self.system.unknowns[number].label,
            low=None if low == -NO_LIMIT else low,
            high=None if high == NO_LIMIT else high,
            how=How(int(self.how[number])),
            narrowed=low > int(self.system.rows.low[number]) or high < int(self.system.rows.high[number]),
            values=frozenset(base + step for step in range(seen.bit_length()) if seen >> step & 1),
            complete=finite and all((seen | never) >> (one - base) & 1 for one in range(low, high + 1)),
        )

    @property
    def narrowed(self) -> Flags:
        """Cells whose bounds are closer than their labels say."""
        rows = self.system.rows
        return np.asarray((self.low > rows.low) | (self.high < rows.high))

    @property
    def unproven(self) -> Flags:
        return np.asarray(self.how == int(How.NOT_PROVEN))


@frozen(kw_only=True)
class Level:
    """How much of a small count must stay hidden. `least_values` None: every value that its label allows."""

    least_values: int | None = None


FULL = Level()


def ambiguous(values: int = 2) -> Level:
    """At least so many values stay possible."""
    return Level(least_values=values)


@frozen(kw_only=True)
class Breach:
    """A small count that is not protected at the level asked: given away, or not proven safe."""

    finding: Finding
    missing: frozenset[int]  # values of its label that are impossible, or were not verified
    proven: bool  # False: the limits stopped the work before; treated as a breach all the same


def protection(findings: Findings, level: Level = FULL) -> tuple[Breach, ...]:
    """The small counts that are not protected. Empty: every one is, by values each met by a verified solution."""
    breaches = []
    for number in np.flatnonzero(_doubtful(findings, level)).tolist():
        unknown = findings.system.unknowns[number]
        finding = findings.at(number)
        low, high = unknown.low or 0, unknown.high
        allowed = frozenset(finding.values if high is None else range(low, high + 1))
        missing = allowed - finding.values
        safe = not missing if level.least_values is None else len(finding.values) >= level.least_values
        if not safe:
            excluded = frozenset(one for one in missing if _is_excluded(findings, finding, number, one))
            proven = missing == excluded if level.least_values is None else finding.is_proven and finding.complete
            breaches.append(Breach(finding=finding, missing=missing, proven=proven))
    return tuple(breaches)


def _doubtful(findings: Findings, level: Level) -> Flags:
    """The small counts that the values met do not protect at first sight, on whole arrays."""
    unknowns = findings.system.unknowns
    small = np.fromiter((unknown.small for unknown in unknowns), dtype=bool, count=len(unknowns))
    if level.least_values is not None:
        return np.asarray(small & (np.bitwise_count(findings.seen) < level.least_values))
    highs = np.fromiter((_far(unknown.high) for unknown in unknowns), dtype=np.int64, count=len(unknowns))
    allowed = window_bits(findings.base, highs, findings.base)
    beyond = highs >= findings.base + WINDOW
    return np.asarray(small & (beyond | (allowed & ~findings.seen != 0)))


def _far(high: int | None) -> int:
    return NO_LIMIT if high is None else high


def _is_excluded(findings: Findings, finding: Finding, number: int, value: int) -> bool:
    if (finding.low is not None and value < finding.low) or (finding.high is not None and value > finding.high):
        return True
    step = value - int(findings.base[number])
    return 0 <= step < WINDOW and bool(int(findings.never[number]) >> step & 1)

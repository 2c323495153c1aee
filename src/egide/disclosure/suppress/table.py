"""A table about to be protected, as arrays: exact numbers, what hiding each cell would say, what may not be hidden.

Every cell of the publication is a column, hidden or not; a shown cell is one whose range is its own number. The same
rows then serve the choice of cells, the attacker and the repairs. Source: docs/methods/secondary-suppression.md.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property
from itertools import pairwise

import numpy as np
from attrs import evolve, frozen

from egide.disclosure.attack.audit import audit
from egide.disclosure.attack.findings import Findings, Level
from egide.disclosure.attack.reach import WINDOW
from egide.disclosure.attack.rows import NO_LIMIT, Flags, Ints, Rows, by_column
from egide.disclosure.attack.settle import How, Limits
from egide.disclosure.attack.system import Attacker, Contradictory, Statement, System, Unknown
from egide.disclosure.suppress.reveal import Weights, prices_of
from egide.errors import ReleaseRefused

_SHOWN = Unknown(label="montré")
_ROOM = 2**20  # room of a number that nothing limits: as good as endless, and sums of it cannot overflow


@frozen(kw_only=True, eq=False)
class Table:
    """Arrays in key order, one entry per cell. `rows.low` and `rows.high`: what its label would allow, once hidden."""

    keys: tuple[Hashable, ...]
    system: System
    numbers: Ints
    unsafe: Flags
    given: Flags  # hidden already, by whoever delivered them
    hideable: Flags  # safe cells that may be hidden
    weights: Weights
    costs: Ints
    threshold: int
    wanted: int  # values that must stay possible for each unsafe cell
    beyond: bool  # whether values that its label excludes to others count among them

    @classmethod
    def of(
        cls,
        values: Mapping[Hashable, int],
        statements: Iterable[Statement],
        unsafe: AbstractSet[Hashable],
        *,
        weights: Mapping[Hashable, float],
        level: Level,
        locked: AbstractSet[Hashable],
        threshold: int,
        zero_is_sensitive: bool = False,
        given: Mapping[Hashable, Unknown] | None = None,
        attacker: Attacker = Attacker.LABELS_KNOWN,
    ) -> Table:
        """Raises: ReleaseRefused for negative counts, for unsafe cells that no label can hide (zeros) or that are not
        in the table; Contradictory for totals that do not add, with all of them."""
        _check(values, unsafe, zero_is_sensitive)
        keys = tuple(sorted(values, key=str))
        numbers = np.fromiter((values[key] for key in keys), dtype=np.int64, count=len(keys))
        small = (numbers > (-1 if zero_is_sensitive else 0)) & (numbers < threshold)
        below, large = Unknown.below(threshold), Unknown.nc(threshold)
        if zero_is_sensitive:
            below = evolve(below, low=0, plain=True)
        labels = {key: below if is_small else large for key, is_small in zip(keys, small.tolist(), strict=True)}
        already = {} if given is None else given
        system = System.of({**labels, **already}, statements, attacker=attacker)
        flags, locks, gone = (
            np.fromiter((key in chosen for key in keys), dtype=bool, count=len(keys))
            for chosen in (unsafe, locked, already)
        )
        empty = (numbers == 0) & ~gone & ~flags
        rows = system.rows.within(np.where(empty, 0, system.rows.low), np.where(empty, 0, system.rows.high))
        _check_sums(rows, system, numbers)
        weight = np.fromiter((weights.get(key, 1.0) for key in keys), dtype=np.float64, count=len(keys))
        return cls(
            keys=keys,
            system=evolve(system, rows=rows),
            numbers=numbers,
            unsafe=flags,
            given=gone & ~flags,
            hideable=(numbers > 0) & ~flags & ~locks & ~gone,
            weights=weight,
            costs=prices_of(numbers, weight),
            threshold=threshold,
            wanted=threshold - (not zero_is_sensitive) if level.least_values is None else level.least_values,
            beyond=level.least_values is not None,
        )

    @property
    def rows(self) -> Rows:
        return self.system.rows

    @cached_property
    def touching(self) -> tuple[Ints, Ints]:
        """Rows of each cell: starts, then row numbers."""
        return by_column(self.rows)

    @cached_property
    def rows_of_cells(self) -> list[list[int]]:
        starts, rows_of = self.touching
        return _cut(rows_of, starts)

    @cached_property
    def cells_of_rows(self) -> list[list[int]]:
        return _cut(self.rows.columns, self.rows.starts)

    @cached_property
    def up(self) -> Ints:
        """How far each cell could rise under its label."""
        return np.asarray(np.where(self.rows.high == NO_LIMIT, _ROOM, self.rows.high - self.numbers))

    @cached_property
    def down(self) -> Ints:
        return np.asarray(np.minimum(self.numbers - self.rows.low, _ROOM))

    @cached_property
    def last(self) -> Ints:
        """The last value that counts for each cell: of its label, even for a reader who takes it to say less."""
        of_label = (self.numbers < self.threshold) & ~np.array(self.beyond)
        return np.asarray(np.where(of_label, self.threshold - 1, NO_LIMIT))

    @cached_property
    def counting(self) -> Ints:
        """Bits of the values that count: bit k, the first value of the label plus k."""
        return np.asarray(np.where(self.last < NO_LIMIT, (1 << min(self.wanted, WINDOW)) - 1, -1))

    def beside(self, cell: int) -> list[int]:
        """The cells that stand in a relation with this one, itself included."""
        starts, rows_of = self.touching
        beside: list[int] = np.unique(self.rows.chosen(rows_of[starts[cell] : starts[cell + 1]]).columns).tolist()
        return beside

    def seen_by_attacker(self, hidden: Flags) -> Rows:
        """What the attacker holds: the same rows, with the ranges of the labels for what is hidden."""
        rows = self.rows
        return rows.within(np.where(hidden, rows.low, self.numbers), np.where(hidden, rows.high, self.numbers))

    def attacked(self, hidden: Flags, asked: Flags, limits: Limits) -> Findings:
        """What the attacker proves about some of the hidden cells, value by value."""
        labels, shown = self.system.unknowns, _SHOWN
        unknowns = tuple(
            (evolve(label, small=True) if ask else evolve(label, small=False)) if hide else shown
            for label, hide, ask in zip(labels, hidden.tolist(), asked.tolist(), strict=True)
        )
        system = evolve(self.system, rows=self.seen_by_attacker(hidden), unknowns=unknowns)
        return audit(system, limits, truth=self.numbers, small_only=True)

    def left(self, findings: Findings) -> Ints:
        """How many values are proven to stay possible for each cell; as many as are wanted at most."""
        first = np.where(self.rows.low == -NO_LIMIT, 0, self.rows.low)
        met = np.bitwise_count(findings.seen & self.counting).astype(np.int64)
        proven = (findings.how != int(How.NOT_PROVEN)) & (findings.how != int(How.NOT_SOUGHT))
        # A large number lies beyond the values followed one by one: its bounds speak, once they are proven.
        far = (self.numbers >= self.threshold) & (self.numbers >= first)
        width = np.where(findings.high == NO_LIMIT, _ROOM, findings.high - findings.low + 1)
        return np.asarray(np.where(far & proven, np.maximum(met, width), met))


def _cut(numbers: Ints, starts: Ints) -> list[list[int]]:
    flat, ends = numbers.tolist(), starts.tolist()
    return [flat[first:last] for first, last in pairwise(ends)]


def _check(values: Mapping[Hashable, int], unsafe: AbstractSet[Hashable], zero_is_sensitive: bool) -> None:
    def listed(keys: Iterable[Hashable]) -> str:
        return ", ".join(sorted(map(str, keys)))

    if negative := [key for key, number in values.items() if number < 0]:
        raise ReleaseRefused(f"Un effectif ne peut pas être négatif : {listed(negative)}.")
    if strangers := [key for key in unsafe if key not in values]:
        raise ReleaseRefused(f"Ces cellules à protéger ne sont pas dans le tableau : {listed(strangers)}.")
    if not zero_is_sensitive and (zeros := [key for key in unsafe if values[key] == 0]):
        raise ReleaseRefused(
            f"Aucune mention ne peut masquer un zéro (« < 5 » veut dire 1 à 4) : {listed(zeros)}. "
            "Publiez une ventilation moins fine."
        )


def _check_sums(rows: Rows, system: System, numbers: Ints) -> None:
    totals = rows.sums(rows.weights * numbers[rows.columns])
    wrong = np.flatnonzero((totals < rows.at_least) | (totals > rows.at_most))
    if len(wrong):
        said = [system.statements[int(system.origins[row])] for row in wrong]
        listed = " ; ".join(one.said for one in said[:20])
        raise Contradictory(f"Ces relations ne sont pas vérifiées par les valeurs : {listed}.", said)

"""The choice of what to hide, being made: repairs for small tables, revealing for large ones, then the attacker's word.

In a small table, whatever single relations give away is repaired first, by the cheapest change that makes the lost
value possible again (`circuits`); the attacker then tries what is not proven yet, and what it narrows is repaired
likewise; at the end what turned out not to be needed is shown again (`reveal`). In a large table everything is hidden
at first, and `reveal` does it all. Hiding more never tells more, so that what was proven once stays proven.
Source: docs/methods/secondary-suppression.md.
"""

from __future__ import annotations

import numpy as np
from attrs import define, field

from egide.disclosure.attack.components import reduce
from egide.disclosure.attack.propagation import Bounds
from egide.disclosure.attack.rows import NO_LIMIT, Flags, Ints
from egide.disclosure.attack.settle import Limits
from egide.disclosure.suppress.circuits import cheapest_change
from egide.disclosure.suppress.reveal import Choice, reveal
from egide.disclosure.suppress.table import Table

REPAIRED = 1500  # cells up to which changes are sought one by one
_SIZES = (3, 8, 3000)  # boxes of so many cells each way, then all cells around, among which a repair is sought
_ROUNDS = 12
_NEVER_MORE = 62


@define(eq=False, slots=False)
class Choosing:
    """`need`: values to keep for each unsafe cell; `met`: bit k, value low + k is possible; `roots`: for whom."""

    table: Table
    limits: Limits
    hidden: Flags = field(init=False)
    roots: Ints = field(init=False)
    left: Ints = field(init=False)

    def __attrs_post_init__(self) -> None:
        table = self.table
        count = len(table.keys)
        self._need = np.where(table.unsafe, table.wanted, 0)
        self.hidden = table.unsafe | table.given
        self.roots = np.where(self.hidden, np.arange(count), -1)
        self._met = np.zeros(count, np.int64)
        self._note(np.arange(count), table.numbers)
        self._proven = ~table.unsafe
        self._least, self._most = table.rows.low, table.rows.high  # of each cell, whatever is hidden
        self._given_up = np.zeros(count, bool)
        self.left = np.zeros(count, np.int64)

    def lower_hopes(self) -> tuple[Flags, Ints]:
        """Cells too narrow even if everything that may be hidden were, and the values that they could keep: nothing can
        be done for them, and less is asked."""
        table = self.table
        everything = table.unsafe | table.given | table.hideable
        bounds = reduce(table.seen_by_attacker(everything)).bounds
        self._least, self._most = bounds.low, bounds.high
        possible = self._widths_of(bounds)
        hopeless = table.unsafe & (possible < self._need)
        # What cannot reach the level gets two values where it can: more would cost its whole neighbourhood.
        self._need = np.where(possible < self._need, np.minimum(possible, 2), self._need)
        return hopeless, possible

    def run(self) -> None:
        if len(self.table.keys) > REPAIRED:
            self._reveal()
            self._prove()
            return
        table = self.table
        for _ in range(_ROUNDS):  # what single relations give away is seen at once: no need for the whole attacker
            narrow = np.flatnonzero(table.unsafe & (self._widths(self.hidden) < self._need))
            if not self._repair(narrow):
                break
        for _ in range(_ROUNDS):
            self._prove()
            if self._proven.all() or not self._repair(np.flatnonzero(~self._proven)):
                break
        self._prove()
        self._show_again()

    def _reveal(self) -> None:
        """Hide all that may be, then show what is not needed."""
        wanted = np.where(self.table.unsafe, self.table.wanted, 0)
        choice = self._asked(self.table.hideable, wanted)
        self._take(choice)
        self.left = choice.values
        self._proven |= self.table.unsafe & (choice.values >= self._need)

    def _show_again(self) -> None:
        """Show what turned out not to be needed, unless anything that was proven would have to be proven anew."""
        table = self.table
        kept = np.where(table.unsafe, self.values_kept, 0)
        choice = self._asked(self.hidden & table.hideable, kept)
        if bool(np.all(choice.values >= kept)):
            self._take(choice)

    def _asked(self, hideable: Flags, needs: Ints) -> Choice:
        table = self.table
        return reveal(
            table.rows,
            table.numbers,
            hidden=table.unsafe | table.given,
            hideable=hideable,
            needs=needs,
            width=max(table.wanted, table.threshold - 1),
            beyond=table.beyond,
            weights=table.weights,
        )

    def _take(self, choice: Choice) -> None:
        told = choice.protects >= 0
        self.roots[told] = choice.protects[told]
        self.hidden = choice.hidden

    @property
    def values_kept(self) -> Ints:
        """Values proven to stay possible for each unsafe cell; as many as are wanted at most."""
        return np.minimum(self.table.wanted, np.maximum(self.left, np.bitwise_count(self._met)))

    def _prove(self) -> None:
        """Ask the attacker about what is not proven yet."""
        table = self.table
        self._proven |= np.bitwise_count(self._met) >= self._need
        asked = table.unsafe & ~self._proven
        if not asked.any():
            return
        findings = table.attacked(self.hidden, asked, self.limits)
        self._met[asked] |= findings.seen[asked] & table.counting[asked]
        self.left = np.maximum(self.left, table.left(findings))
        self._proven |= asked & (self.left >= self._need)

    @property
    def short(self) -> Flags:
        return np.asarray(~self._proven | (self._need < np.where(self.table.unsafe, self.table.wanted, 0)))

    def _widths(self, hidden: Flags) -> Ints:
        """How many values relations leave to each cell; never fewer than are truly possible."""
        return self._widths_of(reduce(self.table.seen_by_attacker(hidden)).bounds)

    def _widths_of(self, bounds: Bounds) -> Ints:
        high = np.minimum(bounds.high, self.table.last)
        endless = (high == NO_LIMIT) | (bounds.low == -NO_LIMIT)
        return np.asarray(np.where(endless, self.table.wanted, high - bounds.low + 1))

    def _note(self, columns: Ints, numbers: Ints) -> None:
        steps = numbers - self.table.rows.low[columns]
        followed = (steps >= 0) & (steps < _NEVER_MORE)
        met = np.where(followed, np.left_shift(1, np.where(followed, steps, 0)), 0)
        self._met[columns] |= met & self.table.counting[columns]

    def _repair(self, cells: Ints) -> bool:
        """Make values possible for these cells again. False: nothing more could be hidden for any of them."""
        before, known = int(self.hidden.sum()), int(np.bitwise_count(self._met).sum())
        for column in cells[~self._given_up[cells]].tolist():
            self._given_up[column] = not self._widen(column)
        return int(self.hidden.sum()) > before or int(np.bitwise_count(self._met).sum()) > known

    def _widen(self, column: int) -> bool:
        """Make room for one cell. False: some value that it needs is out of reach, now and later."""
        table = self.table
        low, number = int(table.rows.low[column]), int(table.numbers[column])
        suggested = False
        # All values: the farthest first, the others come with them most of the time. Some: the nearest, the cheapest.
        away = -1 if self._need[column] >= table.threshold - 1 else 1
        last = min(int(self._most[column]), int(table.last[column]), number + table.wanted)
        first = max(int(self._least[column]), number - table.wanted)
        for value in sorted(range(first, last + 1), key=lambda one: (away * abs(one - number), one)):
            if int(self._met[column]).bit_count() >= self._need[column]:
                return True
            if value - low < _NEVER_MORE and int(self._met[column]) >> (value - low) & 1:
                continue
            for size in _SIZES:
                change = cheapest_change(table, self.hidden, column, value - number, size=size)
                if change is not None and not change.whole and bool(np.all(self.hidden[change.columns])):
                    change = cheapest_change(table, self.hidden, column, value - number, size=size, whole=True)
                if change is None:
                    continue
                new = change.columns[~self.hidden[change.columns]]
                self.hidden[new] = True
                self.roots[new] = column
                if change.whole:
                    self._note(change.columns, table.numbers[change.columns] + change.moves)
                suggested = True
                break
        return suggested or int(self._met[column]).bit_count() >= self._need[column]

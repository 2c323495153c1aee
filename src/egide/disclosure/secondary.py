"""Which cells must be hidden beside the unsafe ones, so that nobody can work these back out.

Whatever single relations give away is repaired first, by the cheapest change that makes the lost value possible again
(`circuits`); then the attacker tries (`audit`) what is not proven yet, and what it narrows is repaired likewise. Hiding
more never tells more, so that what was proven once stays proven. Same question, same answer, whatever the order of the
cells.
Source: docs/methods/secondary-suppression.md.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from collections.abc import Set as AbstractSet

import numpy as np
from attrs import field, frozen

from egide.disclosure.attack.audit import DEFAULT
from egide.disclosure.attack.components import reduce
from egide.disclosure.attack.findings import FULL, Level
from egide.disclosure.attack.propagation import Bounds
from egide.disclosure.attack.rows import NO_LIMIT, Flags, Ints
from egide.disclosure.attack.settle import Limits
from egide.disclosure.attack.system import Attacker, Statement, Unknown
from egide.disclosure.cells import BelowFive, Content, NotCommunicated
from egide.disclosure.suppress.circuits import cheapest_change
from egide.disclosure.suppress.table import Table
from egide.errors import ReleaseRefused
from egide.facts.relations import Relation

_SIZES = (3, 8, 3000)  # boxes of so many cells each way, then all cells around, among which a repair is sought
_ROUNDS = 12
_NEVER_MORE = 62


@frozen(kw_only=True)
class Suppression:
    """What is hidden, under which label, and why. Cells that are not here are shown.

    short: unsafe cells for which the level asked cannot be reached, with how many values are proven to stay possible.
           Always empty unless `best_effort` was asked for.
    """

    hidden: Mapping[Hashable, Unknown]
    why: Mapping[Hashable, str]  # French, for the authors
    unsafe: AbstractSet[Hashable]
    short: Mapping[Hashable, int] = field(factory=dict)

    @property
    def secondary(self) -> frozenset[Hashable]:
        """Cells hidden only to protect others."""
        return frozenset(self.hidden) - self.unsafe

    def content(self, key: Hashable) -> Content | None:
        """What a page prints instead of this number; None when it is shown. Only for the threshold of 5."""
        unknown = self.hidden.get(key)
        if unknown is None:
            return None
        if unknown.small and unknown.high != 4:
            raise ValueError(f"no cell content is printed « {unknown.label} »")
        return BelowFive() if unknown.small else NotCommunicated()


class ProtectionImpossible(ReleaseRefused):
    """These cells stay too narrow: proven so whatever is hidden, or no cell whose hiding would help was found near.

    cells: how many values each could keep at best, or keeps as far as proven.
    """

    def __init__(self, message: str, cells: Mapping[Hashable, int]) -> None:
        self.cells = dict(cells)
        super().__init__(message)


def protect(
    values: Mapping[Hashable, int],
    relations: Iterable[Statement | Relation],
    unsafe: AbstractSet[Hashable],
    *,
    weights: Mapping[Hashable, float] | None = None,
    level: Level = FULL,
    keep: AbstractSet[Hashable] = frozenset(),
    already_public: AbstractSet[Hashable] = frozenset(),
    threshold: int = 5,
    given: Mapping[Hashable, Unknown] | None = None,
    attacker: Attacker = Attacker.LABELS_KNOWN,
    names: Mapping[Hashable, str] | None = None,
    limits: Limits = DEFAULT,
    best_effort: bool = False,
) -> Suppression:
    """Hide what the unsafe cells need beside them.

    In:     `values`, the exact number of every cell; `relations`, everything that ties them, of all tables together;
            `unsafe`, those that may not be shown: non-zero ones below the threshold become `< 5`, others `nc`.
            `weights`, how dear a cell is to the reader (1 unless said; totals, series and quoted cells deserve more);
            `keep`, cells that must stay shown; `already_public`, cells that cannot be hidden any more;
            `given`, cells that the source itself hid, under its labels: `values` holds any numbers for them that fit
            the relations, since the attacker could believe in those as well as in the true ones.
            `attacker`, what readers are told of labels; under POSITIVE_ONLY one label stands for all that is hidden.
    Out:    labels such that, for an attacker who knows what labels mean and holds every relation, each unsafe cell
            keeps all the values of its label (`FULL`) or at least n (`ambiguous(n)`; also the rule for unsafe cells
            that are not small, which keep threshold − 1 values at level `FULL`). Proven, not estimated.
    Raises: ProtectionImpossible, naming the cells and a way out, unless `best_effort`, which gets them as far as
            possible and says so in `short`; ReleaseRefused for unsafe cells already public, unsafe zeros, negative
            counts; Contradictory for relations that the values belie.
    Source: docs/methods/secondary-suppression.md.
    """
    called = {} if names is None else names
    if leaked := sorted(called.get(key, str(key)) for key in unsafe & already_public):
        raise ReleaseRefused(f"À masquer, mais déjà publiés, donc déjà connus : {', '.join(leaked)}.")
    table = Table.of(
        values,
        [statement_of(one) for one in relations],
        unsafe,
        weights=weights or {},
        level=level,
        locked=keep | already_public,
        threshold=threshold,
        given=given,
        attacker=attacker,
    )
    work = _Work(table, limits, called)
    work.lower_hopes(refuse=None if best_effort else (keep, already_public))
    work.run()
    if work.short.any() and not best_effort:
        raise work.impossible(work.short, work.left, keep, already_public)
    return work.suppression()


def statement_of(relation: Statement | Relation) -> Statement:
    """A total or a hierarchy between facts, as something that a reader is told."""
    if isinstance(relation, Statement):
        return relation
    return Statement.equal(relation.terms, relation.constant, said=str(relation))


class _Work:
    """The choice being made. `need`: values to keep for each unsafe cell; `met`: bit k, value low + k is possible."""

    def __init__(self, table: Table, limits: Limits, names: Mapping[Hashable, str]) -> None:
        self._table, self._limits, self._names = table, limits, names
        self._need = np.where(table.unsafe, table.wanted, 0)
        self._hidden = table.unsafe | table.given
        self._roots = np.where(self._hidden, np.arange(len(table.keys)), -1)
        self._met = np.zeros(len(table.keys), np.int64)
        self._note(np.arange(len(table.keys)), table.numbers)
        self._proven = ~table.unsafe
        self._least, self._most = table.rows.low, table.rows.high  # of each cell, whatever is hidden
        self._given_up = np.zeros(len(table.keys), bool)
        self.left = np.zeros(len(table.keys), np.int64)

    def lower_hopes(self, refuse: tuple[AbstractSet[Hashable], AbstractSet[Hashable]] | None) -> None:
        """Cells too narrow even if everything that may be hidden were: nothing can be done for them."""
        table = self._table
        everything = table.unsafe | table.given | table.hideable
        bounds = reduce(table.seen_by_attacker(everything)).bounds
        self._least, self._most = bounds.low, bounds.high
        possible = self._widths_of(bounds)
        hopeless = table.unsafe & (possible < self._need)
        if refuse is not None and hopeless.any():
            raise self.impossible(hopeless, possible, *refuse)
        # What cannot reach the level gets two values where it can: more would cost its whole neighbourhood.
        self._need = np.where(possible < self._need, np.minimum(possible, 2), self._need)

    def run(self) -> None:
        table = self._table
        for _ in range(_ROUNDS):  # what single relations give away is seen at once: no need for the whole attacker
            narrow = np.flatnonzero(table.unsafe & (self._widths(self._hidden) < self._need))
            if not self._repair(narrow):
                break
        for _ in range(_ROUNDS):
            self._prove()
            if self._proven.all() or not self._repair(np.flatnonzero(~self._proven)):
                break
        self._prove()

    def _prove(self) -> None:
        """Ask the attacker about what is not proven yet."""
        table = self._table
        self._proven |= np.bitwise_count(self._met) >= self._need
        asked = table.unsafe & ~self._proven
        if not asked.any():
            return
        findings = table.attacked(self._hidden, asked, self._limits)
        self._met[asked] |= findings.seen[asked]
        self.left = table.left(findings)
        self._proven |= asked & (self.left >= self._need)

    @property
    def short(self) -> Flags:
        return np.asarray(~self._proven | (self._need < np.where(self._table.unsafe, self._table.wanted, 0)))

    def _widths(self, hidden: Flags) -> Ints:
        """How many values relations leave to each cell; never fewer than are truly possible."""
        return self._widths_of(reduce(self._table.seen_by_attacker(hidden)).bounds)

    def _widths_of(self, bounds: Bounds) -> Ints:
        endless = (bounds.high == NO_LIMIT) | (bounds.low == -NO_LIMIT)
        return np.asarray(np.where(endless, self._table.wanted, bounds.high - bounds.low + 1))

    def _note(self, columns: Ints, numbers: Ints) -> None:
        steps = numbers - self._table.rows.low[columns]
        followed = (steps >= 0) & (steps < _NEVER_MORE)
        self._met[columns] |= np.where(followed, np.left_shift(1, np.where(followed, steps, 0)), 0)

    def _repair(self, cells: Ints) -> bool:
        """Make values possible for these cells again. False: nothing more could be hidden for any of them."""
        before, known = int(self._hidden.sum()), int(np.bitwise_count(self._met).sum())
        for column in cells[~self._given_up[cells]].tolist():
            self._given_up[column] = not self._widen(column)
        return int(self._hidden.sum()) > before or int(np.bitwise_count(self._met).sum()) > known

    def _widen(self, column: int) -> bool:
        """Make room for one cell. False: some value that it needs is out of reach, now and later."""
        table = self._table
        low, number = int(table.rows.low[column]), int(table.numbers[column])
        suggested = False
        # All values: the farthest first, the others come with them most of the time. Some: the nearest, the cheapest.
        away = -1 if self._need[column] == table.threshold - 1 else 1
        last = min(int(self._most[column]), number + table.wanted)
        first = max(int(self._least[column]), number - table.wanted)
        for value in sorted(range(first, last + 1), key=lambda one: (away * abs(one - number), one)):
            if int(self._met[column]).bit_count() >= self._need[column]:
                return True
            if value - low < _NEVER_MORE and int(self._met[column]) >> (value - low) & 1:
                continue
            for size in _SIZES:
                change = cheapest_change(table, self._hidden, column, value - number, size=size)
                if change is not None and not change.whole and bool(np.all(self._hidden[change.columns])):
                    change = cheapest_change(table, self._hidden, column, value - number, size=size, whole=True)
                if change is None:
                    continue
                new = change.columns[~self._hidden[change.columns]]
                self._hidden[new] = True
                self._roots[new] = column
                if change.whole:
                    self._note(change.columns, table.numbers[change.columns] + change.moves)
                suggested = True
                break
        return suggested or int(self._met[column]).bit_count() >= self._need[column]

    def suppression(self) -> Suppression:
        table = self._table
        cells = np.flatnonzero(self._hidden & ~table.given).tolist()
        why = {}
        for cell in cells:
            key, root = table.keys[cell], table.keys[int(self._roots[cell])]
            why[key] = "effectif à protéger" if table.unsafe[cell] else f"masqué pour protéger « {self._name(root)} »"
        return Suppression(
            hidden={table.keys[cell]: table.system.unknowns[cell] for cell in cells},
            why=why,
            unsafe=frozenset(table.keys[cell] for cell in np.flatnonzero(table.unsafe)),
            short={table.keys[cell]: self._count(cell) for cell in np.flatnonzero(self.short).tolist()},
        )

    def _count(self, cell: int) -> int:
        return min(self._table.wanted, max(int(self.left[cell]), int(self._met[cell]).bit_count()))

    def _name(self, key: Hashable) -> str:
        return self._names.get(key, str(key))

    def impossible(
        self, cells: Flags, left: Ints, keep: AbstractSet[Hashable], public: AbstractSet[Hashable]
    ) -> ProtectionImpossible:
        table = self._table
        found = {table.keys[cell]: int(left[cell]) for cell in np.flatnonzero(cells).tolist()}
        lines = []
        for key in list(found)[:20]:
            line = f"« {self._name(key)} » garde au mieux {found[key]} valeur(s) possible(s) sur {table.wanted}"
            beside = self._beside(table.keys.index(key))
            for names, words in ((beside & public, "déjà publié"), (beside & keep, "à garder visible")):
                if names:
                    line += f" ; {words} à côté : {', '.join(sorted(map(self._name, names)))}"
            lines.append(line)
        more = f" Et {len(found) - 20} autres." if len(found) > 20 else ""
        way_out = "Publiez la ventilation moins fine (les seuls totaux de ces cellules), ou demandez un autre niveau."
        return ProtectionImpossible(
            "Masquer d’autres cellules ne suffit pas. " + " ; ".join(lines) + f".{more} {way_out}", found
        )

    def _beside(self, cell: int) -> set[Hashable]:
        rows = self._table.rows
        starts, rows_of = self._table.touching
        mine = rows.chosen(rows_of[starts[cell] : starts[cell + 1]])
        return {self._table.keys[one] for one in mine.columns.tolist()}

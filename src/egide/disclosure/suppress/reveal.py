"""Which cells stay hidden: all are at first, and each is shown in turn, the dearest first, as long as every small count
keeps the values that it needs.

What it needs is carried by exchanges (`exchanges`): whole changes of the table that move nothing shown. Showing one
more cell kills those that move it; they are merged two by two into others that do not. A cell whose showing would leave
a small count without them stays hidden, to protect that one. At the end each exchange left is checked against the
relations themselves. Source: docs/methods/secondary-suppression.md.
"""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from attrs import define, frozen
from numpy.typing import NDArray

from egide.disclosure.attack.rows import Flags, Ints, Rows
from egide.disclosure.suppress.compiled import kernels
from egide.disclosure.suppress.exchanges import NO_ROOM, REFUSED, Goals, Store, Trial
from egide.disclosure.suppress.forms import ROOM, Forms
from egide.disclosure.suppress.search import Effort, Shape, desk

EFFORT = Effort(depth=16, width=3, choices=40, later=30, partners=64, most_cells=6000, most_moved=200)
# Tables of more cells than this are given less for each.
_LESS = {
    200_000: Effort(depth=8, width=3, choices=10, later=0, partners=8, most_cells=1500, most_moved=20),
    30_000: Effort(depth=8, width=3, choices=10, later=10, partners=32, most_cells=6000, most_moved=60),
}
_SCALE = 64  # price of a cell of weight 1 and value 1
_SUSPECTS = 8  # small counts last protected, first asked about
SMALL_TABLE = 400  # free cells and totals up to which plain Python is quicker than loading machine code

Weights = NDArray[np.float64]
Array = TypeVar("Array", Ints, Flags)


@frozen(kw_only=True, eq=False)
class Choice:
    """Arrays by column. `protects`: for a cell hidden beside others, a small count that needs it; -1 elsewhere.
    `values`: how many values, its own included, verified exchanges leave to each cell of `needs`."""

    hidden: Flags
    protects: Ints
    values: Ints


def reveal(
    rows: Rows,
    numbers: Ints,
    *,
    hidden: Flags,
    hideable: Flags,
    needs: Ints,
    width: int,
    beyond: bool,
    weights: Weights,
    effort: Effort | None = None,
) -> Choice:
    """Choose among hideable cells those that must stay hidden.

    In:     `rows`, satisfied by `numbers`, with the ranges of labels as bounds; `hidden`, cells that are so anyway;
            `needs`, how many values each of these must keep (0 for none); values are told apart among `width` from the
            first that the label allows, the others count together, and only if `beyond`; `weights`, how dear each cell
            is to the reader: the dearest are shown first, and among equals the smallest, which bind the others least.
    Out:    hidden cells and what is proven of them: needs that cannot be met are met as far as found.
    """
    compiled = rows.width > SMALL_TABLE
    forms = Forms.of_rows(rows, numbers, hidden | hideable, compiled=compiled)
    work = _Work(forms, kernels(compiled=compiled), effort or affordable(rows.width))
    work.set_goals(rows, numbers, needs, width, beyond)
    work.start()
    decided = forms.place >= 0
    small = np.full(forms.count, -1, np.int64)
    asked = np.flatnonzero((needs > 0) & decided)
    small[forms.place[asked[::-1]]] = asked[::-1]
    safe = np.zeros(forms.count, bool)
    safe[forms.place[hideable & decided]] = True
    safe &= small < 0
    dear, prices = np.zeros(forms.count), np.zeros(forms.count, np.int64)
    np.maximum.at(dear, forms.place[decided], weights[decided])
    np.add.at(prices, forms.place[decided], prices_of(numbers, weights)[decided])
    cells = np.flatnonzero(safe[: forms.cells])
    order = cells[np.lexsort((forms.numbers[cells], -dear[cells]))]
    work.run(order, prices, dear > dear[cells].min(initial=np.inf))
    kept = np.zeros(rows.width, bool)
    kept[decided] = ~work.shown[forms.place[decided]]
    reasons = np.full(rows.width, -1, np.int64)
    beside = kept & ~hidden
    own = small[forms.place[beside]]
    reasons[beside] = np.where(own >= 0, own, small[work.blamed[forms.place[beside]]])
    chosen = hidden | beside
    return Choice(hidden=chosen, protects=reasons, values=work.verified(rows, numbers, needs, chosen))


def affordable(cells: int) -> Effort:
    """How much is looked at for each cell of a table of so many."""
    return next((effort for most, effort in _LESS.items() if cells > most), EFFORT)


def prices_of(numbers: Ints, weights: Weights) -> Ints:
    """What hiding each cell costs, in whole numbers: a large number tells more than a small one, not in proportion."""
    return np.asarray(np.maximum(1, np.rint(_SCALE * weights * (1 + np.log2(np.maximum(numbers, 1))))).astype(np.int64))


@define(eq=False, slots=False)
class _Work:
    forms: Forms
    loops: Any
    effort: Effort

    def __attrs_post_init__(self) -> None:
        forms = self.forms
        exact = np.arange(forms.count) >= forms.cells
        self.fixed = exact & (forms.low == forms.high)
        self.shape = Shape(
            forms.numbers,
            np.where(self.fixed, -ROOM, forms.low),
            np.where(self.fixed, ROOM, forms.high),
            forms.starts,
            forms.free,
            forms.of_starts,
            forms.of,
            forms.of_times,
            forms.home,
        )
        self.shown = np.zeros(forms.count, bool)
        self.blamed = np.full(forms.count, -1, np.int64)
        self.undecided = np.zeros(forms.count, bool)
        self.followed = np.zeros(forms.count, bool)  # forms of which the exchanges are listed
        self.suspects = np.full(_SUSPECTS, -1, np.int64)
        entries = len(forms.of)
        self.store = Store(
            begin=np.zeros(2 * forms.free_count + 64, np.int64),
            length=np.zeros(2 * forms.free_count + 64, np.int64),
            reach=np.zeros(2 * forms.free_count + 64, np.int64),
            root=np.zeros(2 * forms.free_count + 64, np.int64),
            alive=np.zeros(2 * forms.free_count + 64, bool),
            forms=np.zeros(3 * entries + 64, np.int32),
            steps=np.zeros(3 * entries + 64, np.int32),
            head=np.full(forms.count, -1, np.int64),
            following=np.zeros(3 * entries + 64, np.int32),
            owner=np.zeros(3 * entries + 64, np.int32),
            used=np.zeros(3, np.int64),
        )
        self.trial = _trial(4096, 8 * max(1, int(np.diff(forms.of_starts).max(initial=1))) * 64)

    def set_goals(self, rows: Rows, numbers: Ints, needs: Ints, width: int, beyond: bool) -> None:
        forms = self.forms
        asked = np.flatnonzero((needs > 0) & (forms.place >= 0))
        places = np.unique(forms.place[asked])
        row = np.full(forms.count, -1, np.int64)
        row[places] = np.arange(len(places))
        need, base = np.zeros(len(places), np.int64), np.zeros(len(places), np.int64)
        np.maximum.at(need, row[forms.place[asked]], needs[asked] - 1)
        # A large number is followed around itself, a small one from the first value of its label.
        first = np.maximum(rows.low[asked], 0)
        far = numbers[asked] - first >= width
        base[row[forms.place[asked]]] = np.where(far, numbers[asked] - width // 2, first)
        cover = np.zeros((len(places), width + 1), np.int64)
        self.goals = Goals(row=row, base=base, need=need, cover=cover, width=width, beyond=beyond)
        self.desk = desk(forms.count, len(places), width)

    def start(self) -> None:
        """Exchanges of one free cell each; what they cannot carry is not asked for later."""
        first = 0
        while first < self.forms.free_count:
            count, after = self.loops.paths(
                first, self.shape, self.goals, self.fixed & False, self.desk, self.effort, self.trial
            )
            if after == first:
                self.trial = _trial(2 * len(self.trial.reach), 2 * len(self.trial.forms))
                continue
            first = after
            self._keep(count)
        used = self.store.used
        owners = np.repeat(np.arange(used[0]), self.store.length[: used[0]])
        self._cover(owners)
        met = (self.goals.cover[:, : self.goals.width + self.goals.beyond] > 0).sum(axis=1)
        np.minimum(self.goals.need, met, out=self.goals.need)

    def _cover(self, owners: Ints) -> None:
        goals, store = self.goals, self.store
        forms, steps = store.forms[: len(owners)], store.steps[: len(owners)].astype(np.int64)
        mine = goals.row[forms] >= 0
        row, number = goals.row[forms[mine]], self.shape.numbers[forms[mine]]
        reach, steps = store.reach[owners[mine]], steps[mine]
        for times in range(1, goals.width + 2):
            some = reach >= times
            value = number[some] + times * steps[some] - goals.base[row[some]]
            value = np.where((value < 0) | (value >= goals.width), goals.width, value)
            np.add.at(goals.cover, (row[some], value), 1)

    def run(self, cells: Ints, prices: Ints, dear: Flags) -> None:
        """Show the checks first, which hold whatever is hidden, then the cells in order, where nothing is lost."""
        order = np.concatenate((np.flatnonzero(self.fixed), cells))
        self.undecided[:] = False
        self.undecided[order] = True
        self.followed[:] = self.undecided | (self.goals.row >= 0)
        self._relink()
        priced = np.where(self.fixed, prices.max(initial=1), prices)
        for form in order.tolist():
            forced = bool(self.fixed[form])
            if not forced:
                blame = self.loops.blocked(
                    form, self.suspects, self.shape, self.goals, self.store, self.desk, self.effort
                )
                if blame >= 0:
                    self._blame(form, int(blame))
                    continue
            while True:
                made = self.loops.attempt(
                    form,
                    forced,
                    bool(dear[form]),
                    self.shape,
                    self.goals,
                    self.store,
                    self.undecided,
                    self.shown,
                    priced,
                    self.desk,
                    self.effort,
                    self.trial,
                )
                if made != NO_ROOM:
                    break
                self.trial = _trial(2 * len(self.trial.reach), 2 * len(self.trial.forms))
            if made == REFUSED:
                self._blame(form, int(self.desk.blamed[0]))
                continue
            self.undecided[form] = self.followed[form] = False
            if made:
                self._keep(int(made))

    def _blame(self, form: int, small: int) -> None:
        """This form stays hidden because of that small count, which is the first to be asked about from now on."""
        self.blamed[form] = small
        self.undecided[form] = self.followed[form] = False
        others = self.suspects[self.suspects != small]
        self.suspects[:] = np.concatenate(([small], others))[:_SUSPECTS]

    def _keep(self, count: int) -> None:
        store = self.store
        entries = int(self.trial.begin[count])
        if store.used[1] + entries > len(store.forms) or store.used[2] + entries > len(store.owner):
            self._relink()
            store = self.store
        if store.used[0] + count > len(store.begin):
            more = 2 * len(store.begin) + count
            store = store._replace(**{name: _longer(getattr(store, name), more) for name in _BY_EXCHANGE})
        if store.used[1] + entries > len(store.forms) // 4 * 3:
            more = 2 * len(store.forms) + entries
            store = store._replace(**{name: _longer(getattr(store, name), more) for name in _BY_ENTRY})
        self.store = store
        self.loops.keep(self.trial, count, self.followed, store)

    def _relink(self) -> None:
        """Forget dead exchanges; link each undecided form to the living ones that move it."""
        store = self.store
        living = np.flatnonzero(store.alive[: store.used[0]])
        lengths = store.length[living]
        begins = np.concatenate(([0], np.cumsum(lengths)))
        entries = np.repeat(store.begin[living] - begins[:-1], lengths) + np.arange(begins[-1])
        forms, steps = store.forms[entries], store.steps[entries]
        for name in ("length", "reach", "root", "alive"):
            getattr(store, name)[: len(living)] = getattr(store, name)[living]
        store.begin[: len(living)] = begins[:-1]
        store.alive[len(living) :] = False
        store.forms[: len(forms)] = forms
        store.steps[: len(forms)] = steps
        linked = np.flatnonzero(self.followed[forms])
        owners = np.repeat(np.arange(len(living)), lengths)[linked]
        order = np.argsort(forms[linked], kind="stable")
        named = forms[linked][order]
        before = np.concatenate(([-1], order[:-1])) if len(order) else order
        first = np.concatenate(([True], named[1:] != named[:-1])) if len(order) else np.zeros(0, bool)
        store.head[:] = -1
        store.owner[: len(linked)] = owners
        store.following[order] = np.where(first, -1, before)
        store.head[named] = order
        store.used[:] = len(living), len(forms), len(linked)

    def verified(self, rows: Rows, numbers: Ints, needs: Ints, hidden: Flags) -> Ints:
        """Values that checked exchanges of hidden cells leave to each cell that needs some, its own included."""
        self._relink()
        store, forms, goals = self.store, self.forms, self.goals
        by_form = np.argsort(forms.place, kind="stable")
        by_form = by_form[forms.place[by_form] >= 0]
        members_from = np.concatenate(([0], np.cumsum(np.bincount(forms.place[by_form], minlength=forms.cells))))
        by_column = np.argsort(rows.columns, kind="stable")
        rows_from = np.concatenate(([0], np.cumsum(np.bincount(rows.columns, minlength=rows.width))))
        ok = np.zeros(len(store.begin), bool)
        self.loops.holding(
            0,
            int(store.used[0]),
            store,
            members_from,
            by_form,
            numbers,
            np.where(hidden, np.maximum(rows.low, -ROOM), numbers),
            np.where(hidden, np.minimum(rows.high, ROOM), numbers),
            rows_from,
            rows.row_of_entries()[by_column],
            rows.weights[by_column],
            rows.sums(rows.weights * numbers[rows.columns]),
            rows.at_least,
            rows.at_most,
            np.zeros(rows.height, np.int64),
            ok,
        )
        store.alive[: store.used[0]] &= ok[: store.used[0]]
        self._relink()
        goals.cover[:] = 0
        self._cover(np.repeat(np.arange(store.used[0]), store.length[: store.used[0]]))
        met = (goals.cover[:, : goals.width + goals.beyond] > 0).sum(axis=1)
        values = np.zeros(rows.width, np.int64)
        asked = np.flatnonzero(needs > 0)
        values[asked] = 1
        there = asked[forms.place[asked] >= 0]
        values[there] += met[goals.row[forms.place[there]]]
        return values


_BY_EXCHANGE = ("begin", "length", "reach", "root", "alive")
_BY_ENTRY = ("forms", "steps", "following", "owner")


def _longer(array: Array, room: int) -> Array:
    longer = np.zeros(room, array.dtype)
    longer[: len(array)] = array
    return longer


def _trial(exchanges: int, entries: int) -> Trial:
    return Trial(
        begin=np.zeros(exchanges + 1, np.int64),
        reach=np.zeros(exchanges, np.int64),
        root=np.zeros(exchanges, np.int64),
        forms=np.zeros(entries, np.int32),
        steps=np.zeros(entries, np.int32),
    )

"""How exchanges are merged when one more cell is shown, and when that is refused.

Compiled for large tables: plain loops over arrays of numbers. Source: docs/methods/secondary-suppression.md.
"""

from __future__ import annotations

import numpy as np

from egide.disclosure.attack.rows import Flags, Ints
from egide.disclosure.suppress.exchanges import (
    NO_ROOM,
    REFUSED,
    Goals,
    Store,
    Trial,
    count_values,
    fitting,
    met,
    written,
)
from egide.disclosure.suppress.search import Desk, Effort, Shape, balance

NEAR_LIMIT = 6  # an exchange is never made more often than this to meet another one
_FAR = 7919


def merged(
    one: int,
    ones: int,
    other: int,
    others: int,
    at: int,
    shape: Shape,
    store: Store,
    desk: Desk,
    trial: Trial,
) -> int:
    """Write `ones` times an exchange (already laid out in `desk.change`) plus `others` times another. Its end."""
    if at + store.length[one] + store.length[other] > len(trial.forms):
        return NO_ROOM
    end = at
    for entry in range(store.begin[other], store.begin[other] + store.length[other]):
        form = store.forms[entry]
        desk.seen[form] = True
        step = ones * desk.change[form] + others * store.steps[entry]
        if step != 0:
            trial.forms[end] = form
            trial.steps[end] = step
            end += 1
    for entry in range(store.begin[one], store.begin[one] + store.length[one]):
        form = store.forms[entry]
        if not desk.seen[form]:
            trial.forms[end] = form
            trial.steps[end] = ones * store.steps[entry]
            end += 1
    for entry in range(store.begin[other], store.begin[other] + store.length[other]):
        desk.seen[store.forms[entry]] = False
    return end


def ancestor(rank: int, family: Ints) -> int:
    """The one that stands for all the exchanges that mergings have joined to this one."""
    while family[rank] != rank:
        family[rank] = family[family[rank]]
        rank = family[rank]
    return rank


def partner(
    rank: int,
    moved: Ints,
    dying: Ints,
    opposite: Ints,
    family: Ints,
    limit: int,
    shape: Shape,
    store: Store,
    undecided: Flags,
    prices: Ints,
    desk: Desk,
    effort: Effort,
) -> tuple[int, int, int, int]:
    """The exchange whose merging with `dying[rank]` moves the least that is dear: which, how many times each, reach.

    Looked for near in the order of the free cells they began with, then farther. -1: none fits.
    """
    one = dying[rank]
    base = 0
    for entry in range(store.begin[one], store.begin[one] + store.length[one]):
        form = store.forms[entry]
        if undecided[form]:
            base += prices[form]
    middle = np.searchsorted(opposite, rank)
    best, best_cost, best_ones, best_others, best_reach = -1, 2**62, 1, 1, 0
    many = len(opposite)
    for trial in range(effort.partners):
        if trial >= effort.partners // 2 and many > effort.partners:
            place = (middle + trial * many // effort.partners + rank * _FAR % 17) % many
        else:
            place = middle + (trial // 2 if trial % 2 == 0 else -(trial // 2) - 1)
        if place < 0 or place >= many:
            continue
        if ancestor(opposite[place], family) == ancestor(rank, family):
            continue
        other = dying[opposite[place]]
        mine, theirs = abs(moved[rank]), abs(moved[opposite[place]])
        common, rest = mine, theirs
        while rest:
            common, rest = rest, common % rest
        ones, others = theirs // common, mine // common
        if ones > NEAR_LIMIT or others > NEAR_LIMIT:
            continue
        reach = min(limit, store.reach[one] // ones)
        cost, size = base, store.length[one]
        for entry in range(store.begin[other], store.begin[other] + store.length[other]):
            form = store.forms[entry]
            before = desk.change[form]
            step = ones * before + others * store.steps[entry]
            if before == 0:
                size += 1
                if undecided[form]:
                    cost += prices[form]
            elif step == 0:
                size -= 1
                if undecided[form]:
                    cost -= prices[form]
            if step != 0:
                reach = min(reach, fitting(form, step, shape))
                if reach < 1:
                    break
        # An exchange and its opposite come to nothing.
        if reach >= 1 and 0 < size <= effort.most_cells and cost < best_cost:
            best, best_cost, best_ones, best_others, best_reach = opposite[place], cost, ones, others, reach
    return best, best_ones, best_others, best_reach


def added(
    number: int,
    at: int,
    end: int,
    reach: int,
    root: int,
    touched: int,
    shape: Shape,
    goals: Goals,
    desk: Desk,
    trial: Trial,
) -> int:
    """Note one more exchange of the trial and what it makes possible. How many small counts are touched now."""
    trial.begin[number + 1] = end
    trial.reach[number] = reach
    trial.root[number] = root
    for place in range(at, end):
        one = trial.forms[place]
        if goals.row[one] >= 0:
            if not desk.counted[one]:
                desk.counted[one] = True
                desk.touched[touched] = one
                touched += 1
            count_values(one, trial.steps[place], reach, 1, shape, goals, desk.gains)
    return touched


def bearer(number: int, goals: Goals, store: Store) -> int:
    """A small count that an exchange moves; -1 if there is none."""
    for entry in range(store.begin[number], store.begin[number] + store.length[number]):
        if goals.row[store.forms[entry]] >= 0:
            return int(store.forms[entry])
    return -1


def rescued(
    one: int,
    made: int,
    at: int,
    touched: int,
    shape: Shape,
    goals: Goals,
    shown: Flags,
    desk: Desk,
    effort: Effort,
    trial: Trial,
) -> tuple[int, int, int]:
    """Look for new exchanges for a small count about to lose a value, from each of its free cells.

    Out: exchanges in the trial, entries and small counts touched then; first number NO_ROOM when there is no room.
    """
    row = goals.row[one]
    chosen, steps = np.zeros(effort.depth + 1, np.int64), np.zeros(effort.depth + 1, np.int64)
    for item in range(shape.starts[one], shape.starts[one + 1]):
        for step in (1, -1):
            if met(row, goals, desk.gains) >= goals.need[row]:
                return made, at, touched
            free = shape.free[item]
            size = balance(free, step, one, shape, shown, desk, effort, effort.later, chosen, steps)
            if size == 0:
                continue
            if made >= len(trial.reach):
                return NO_ROOM, at, touched
            end, reach = written(size, chosen, steps, goals.width + 1, at, shape, desk, trial)
            if end == NO_ROOM:
                return NO_ROOM, at, touched
            touched = added(made, at, end, reach, free, touched, shape, goals, desk, trial)
            made, at = made + 1, end
    return made, at, touched


def attempt(
    form: int,
    forced: bool,
    dear: bool,
    shape: Shape,
    goals: Goals,
    store: Store,
    undecided: Flags,
    shown: Flags,
    prices: Ints,
    desk: Desk,
    effort: Effort,
    trial: Trial,
) -> int:
    """Show one more form: every exchange that moves it dies, merged with another that moves it the other way.

    Out: how many exchanges replace them, written in `trial`, the store's dead marked; or REFUSED, with the small count
    that would lose a value in `desk.blamed[0]`, nothing changed; or NO_ROOM, likewise. `forced`: never refused; small
    counts that lose values then need fewer. `dear`: tried however many exchanges it moves.
    """
    count = 0
    link = store.head[form]
    while link >= 0:
        if store.alive[store.owner[link]]:
            count += 1
            if count > effort.most_moved and not (forced or dear):
                desk.blamed[0] = bearer(store.owner[link], goals, store)
                if desk.blamed[0] >= 0:
                    return REFUSED
        link = store.following[link]
    if count > len(trial.reach):
        return NO_ROOM
    dying, moved = np.zeros(count, np.int64), np.zeros(count, np.int64)
    roots = np.zeros(count, np.int64)
    count = 0
    link = store.head[form]
    while link >= 0:
        number = store.owner[link]
        if store.alive[number]:
            dying[count], roots[count] = number, store.root[number]
            count += 1
        link = store.following[link]
    sequence = np.argsort(roots, kind="mergesort")
    dying = dying[sequence]
    touched = 0
    for rank in range(count):
        number = dying[rank]
        for entry in range(store.begin[number], store.begin[number] + store.length[number]):
            one = store.forms[entry]
            if one == form:
                moved[rank] = store.steps[entry]
            if goals.row[one] >= 0:
                if not desk.counted[one]:
                    desk.counted[one] = True
                    desk.touched[touched] = one
                    touched += 1
                count_values(one, store.steps[entry], store.reach[number], -1, shape, goals, desk.gains)
    for place in range(touched):
        one = desk.touched[place]
        desk.lost[one] = goals.need[goals.row[one]] - met(goals.row[one], goals, desk.gains)
    # Exchanges that carry what would be lost come first: where one cannot be replaced, the rest need not be tried.
    bearing = np.zeros(count, np.int64)
    for rank in range(count):
        number = dying[rank]
        for entry in range(store.begin[number], store.begin[number] + store.length[number]):
            one = store.forms[entry]
            if goals.row[one] >= 0 and desk.lost[one] > 0:
                bearing[rank] += 1
                desk.left[one] += 1
    rises, falls = np.flatnonzero(moved > 0), np.flatnonzero(moved < 0)
    order = np.argsort(-bearing, kind="mergesort")
    family = np.arange(count)
    made, at, outcome = 0, 0, 0
    trial.begin[0] = 0
    shown[form] = True
    for turn in range(count):
        rank = order[turn]
        number = dying[rank]
        for entry in range(store.begin[number], store.begin[number] + store.length[number]):
            desk.change[store.forms[entry]] = store.steps[entry]
        found, ones, others, reach = partner(
            rank,
            moved,
            dying,
            falls if moved[rank] > 0 else rises,
            family,
            goals.width + 1,
            shape,
            store,
            undecided,
            prices,
            desk,
            effort,
        )
        end = at
        if found >= 0:
            family[ancestor(rank, family)] = ancestor(found, family)
            end = merged(number, ones, dying[found], others, at, shape, store, desk, trial)
        for entry in range(store.begin[number], store.begin[number] + store.length[number]):
            desk.change[store.forms[entry]] = 0
        if end == NO_ROOM or made >= len(trial.reach):
            outcome = NO_ROOM
            break
        if found >= 0:
            touched = added(made, at, end, reach, store.root[number], touched, shape, goals, desk, trial)
            made, at = made + 1, end
        if bearing[rank] == 0 or forced:
            continue
        for entry in range(store.begin[number], store.begin[number] + store.length[number]):
            one = store.forms[entry]
            row = goals.row[one]
            if row < 0 or desk.lost[one] <= 0:
                continue
            desk.left[one] -= 1
            if desk.left[one] > 0 or met(row, goals, desk.gains) >= goals.need[row]:
                continue
            if effort.later > 0:
                found, at, touched = rescued(one, made, at, touched, shape, goals, shown, desk, effort, trial)
                if found == NO_ROOM:
                    outcome = NO_ROOM
                    break
                made = found
            if met(row, goals, desk.gains) < goals.need[row]:
                outcome = REFUSED
                desk.blamed[0] = one
                break
        if outcome != 0:
            break
    for rank in range(count):
        number = dying[rank]
        for entry in range(store.begin[number], store.begin[number] + store.length[number]):
            desk.left[store.forms[entry]] = 0
    if outcome == 0 and not forced:
        for place in range(touched):
            one = desk.touched[place]
            if met(goals.row[one], goals, desk.gains) < goals.need[goals.row[one]]:
                outcome = REFUSED
                desk.blamed[0] = one
                break
    for place in range(touched):
        one = desk.touched[place]
        row = goals.row[one]
        if outcome == 0:
            for value in range(goals.width + 1):
                goals.cover[row, value] += desk.gains[row, value]
        for value in range(goals.width + 1):
            desk.gains[row, value] = 0
        desk.lost[one] = 0
        desk.counted[one] = False
        if outcome == 0 and forced:
            goals.need[row] = min(goals.need[row], met(row, goals, desk.gains))
    if outcome != 0:
        shown[form] = False
        return outcome
    for rank in range(count):
        store.alive[dying[rank]] = False
    return made

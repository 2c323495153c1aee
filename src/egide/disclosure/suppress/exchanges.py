"""Exchanges: whole changes of a table that move nothing shown, and how they are merged when one more cell is shown.

An exchange is a list of forms and steps. `reach`: how many times it can be made before some number leaves its range.
Compiled for large tables: plain loops over arrays of numbers. Source: docs/methods/secondary-suppression.md.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from egide.disclosure.attack.rows import Flags, Ints
from egide.disclosure.suppress.search import Desk, Effort, Shape, balance


class Goals(NamedTuple):
    """What must stay possible. `row[form]`: its row in `cover`, or -1. `width` values are followed from `base`; all the
    others count in the last column, and only matter where `beyond`."""

    row: Ints
    base: Ints
    need: Ints  # values besides its own
    cover: Ints  # how many living exchanges give each value
    width: int
    beyond: bool


class Store(NamedTuple):
    """Exchanges, end to end; `used`: how many exchanges, entries and links."""

    begin: Ints
    length: Ints
    reach: Ints
    root: Ints
    alive: Flags
    forms: Ints
    steps: Ints
    head: Ints  # by form, the last link to an exchange that moves it; -1 for none
    following: Ints
    owner: Ints
    used: Ints


class Trial(NamedTuple):
    """Exchanges that would replace others."""

    begin: Ints
    reach: Ints
    root: Ints
    forms: Ints
    steps: Ints


REFUSED, NO_ROOM = -1, -2
_NEAR_LIMIT = 6  # an exchange is never made more often than this to meet another one
_FAR = 7919
_SUSPECTED = 1  # how many small counts are suspected, times the partners tried for each


def fitting(form: int, step: int, shape: Shape) -> int:
    """How many times a form can take a step."""
    if step > 0:
        return int((shape.high[form] - shape.numbers[form]) // step)
    return int((shape.numbers[form] - shape.low[form]) // -step)


def count_values(form: int, step: int, reach: int, sign: int, shape: Shape, goals: Goals, table: Ints) -> None:
    """Add `sign` to every value that an exchange gives to a small count."""
    row = goals.row[form]
    if row >= 0:
        for times in range(1, reach + 1):
            value = shape.numbers[form] + times * step - goals.base[row]
            if value < 0 or value >= goals.width:
                value = goals.width
            table[row, value] += sign


def met(row: int, goals: Goals, more: Ints) -> int:
    """How many values besides its own a small count can take, with `more` added to what is known."""
    count = 0
    for value in range(goals.width + goals.beyond):
        if goals.cover[row, value] + more[row, value] > 0:
            count += 1
    return count


def keep(trial: Trial, count: int, followed: Flags, store: Store) -> None:
    """Put the exchanges of a trial in the store, linked to the forms that are followed among those that they move."""
    for new in range(count):
        number, entry, link = store.used[0], store.used[1], store.used[2]
        store.begin[number] = entry
        store.length[number] = trial.begin[new + 1] - trial.begin[new]
        store.reach[number] = trial.reach[new]
        store.root[number] = trial.root[new]
        store.alive[number] = True
        for place in range(trial.begin[new], trial.begin[new + 1]):
            form = trial.forms[place]
            store.forms[entry] = form
            store.steps[entry] = trial.steps[place]
            entry += 1
            if followed[form]:
                store.following[link] = store.head[form]
                store.owner[link] = number
                store.head[form] = link
                link += 1
        store.used[0] = number + 1
        store.used[1] = entry
        store.used[2] = link


def written(
    size: int, chosen: Ints, steps: Ints, most: int, at: int, shape: Shape, desk: Desk, trial: Trial
) -> tuple[int, int]:
    """Write balanced steps of free cells as an exchange, from place `at`. Its end, and its reach; end -2: no room."""
    end = at
    for item in range(size):
        for entry in range(shape.of_starts[chosen[item]], shape.of_starts[chosen[item] + 1]):
            form = shape.of[entry]
            if not desk.seen[form]:
                if end >= len(trial.forms):
                    for place in range(at, end):
                        desk.seen[trial.forms[place]] = False
                        desk.change[trial.forms[place]] = 0
                    return NO_ROOM, 0
                desk.seen[form] = True
                trial.forms[end] = form
                end += 1
            desk.change[form] += steps[item] * shape.of_times[entry]
    last, reach = at, most
    for place in range(at, end):
        form = trial.forms[place]
        step = desk.change[form]
        desk.seen[form] = False
        desk.change[form] = 0
        if step != 0:
            trial.forms[last] = form
            trial.steps[last] = step
            last += 1
            reach = min(reach, fitting(form, step, shape))
    return last, reach


def paths(
    first: int, shape: Shape, goals: Goals, shown: Flags, desk: Desk, effort: Effort, trial: Trial
) -> tuple[int, int]:
    """One exchange up and one down for each free cell from `first` on, balanced only where a range asks for it.

    Out: how many were written, and the free cell to go on from; stops when room is short.
    """
    free_count = len(shape.of_starts) - 1
    chosen, steps = np.zeros(effort.depth + 1, np.int64), np.zeros(effort.depth + 1, np.int64)
    count, at = 0, 0
    for free in range(first, free_count):
        if count + 2 >= len(trial.reach):
            return count, free
        begun = count
        for step in (1, -1):
            chosen[0], steps[0] = free, step
            end, reach = written(1, chosen, steps, goals.width + 1, at, shape, desk, trial)
            if end != NO_ROOM and reach < 1:
                size = balance(free, step, shape.home[free], shape, shown, desk, effort, effort.choices, chosen, steps)
                if size == 0:
                    continue
                end, reach = written(size, chosen, steps, goals.width + 1, at, shape, desk, trial)
            if end == NO_ROOM:
                return begun, free
            if reach < 1:
                continue
            trial.begin[count], trial.begin[count + 1] = at, end
            trial.reach[count], trial.root[count] = reach, free
            count, at = count + 1, end
    return count, free_count


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
        if ones > _NEAR_LIMIT or others > _NEAR_LIMIT:
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


def step_of(number: int, form: int, store: Store) -> int:
    """By how much an exchange moves a form."""
    for entry in range(store.begin[number], store.begin[number] + store.length[number]):
        if store.forms[entry] == form:
            return int(store.steps[entry])
    return 0


def blocked(form: int, suspects: Ints, shape: Shape, goals: Goals, store: Store, desk: Desk, effort: Effort) -> int:
    """The small count, among a few suspects, that would lose a value if this form were shown; -1: none is sure to.

    It looks at the exchanges of one small count, not at all those that move the form: most refusals are found so.
    """
    sample = np.zeros(_SUSPECTED * effort.partners, np.int64)
    count = 0
    link = store.head[form]
    while link >= 0 and count < len(sample):
        if store.alive[store.owner[link]]:
            sample[count] = store.owner[link]
            count += 1
        link = store.following[link]
    for turn in range(len(suspects) + count):
        suspect = suspects[turn] if turn < len(suspects) else shape.home[store.root[sample[turn - len(suspects)]]]
        if suspect < 0 or goals.row[suspect] < 0 or goals.need[goals.row[suspect]] == 0:
            continue
        row = goals.row[suspect]
        for value in range(goals.width + 1):
            desk.gains[row, value] = -goals.cover[row, value]
        link = store.head[suspect]
        while link >= 0:
            number = store.owner[link]
            link = store.following[link]
            if not store.alive[number]:
                continue
            moved = step_of(number, form, store)
            step, reach = step_of(number, suspect, store), store.reach[number]
            if moved == 0:
                count_values(suspect, step, reach, 1, shape, goals, desk.gains)
                continue
            for place in range(min(count, effort.partners)):
                other = sample[place]
                opposite = step_of(other, form, store)
                if (opposite > 0) == (moved > 0):
                    continue
                common, rest = abs(moved), abs(opposite)
                while rest:
                    common, rest = rest, common % rest
                ones, others = abs(opposite) // common, abs(moved) // common
                both = ones * step + others * step_of(other, suspect, store)
                if both != 0 and max(ones, others) <= _NEAR_LIMIT:
                    turns = max(1, min(reach // ones, store.reach[other] // others, fitting(suspect, both, shape)))
                    count_values(suspect, both, turns, 1, shape, goals, desk.gains)
            if met(row, goals, desk.gains) >= goals.need[row]:
                break
        short = met(row, goals, desk.gains) < goals.need[row]
        for value in range(goals.width + 1):
            desk.gains[row, value] = 0
        if short:
            return int(suspect)
    return -1


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


def holding(
    first: int,
    last: int,
    store: Store,
    members_from: Ints,
    members: Ints,
    numbers: Ints,
    low: Ints,
    high: Ints,
    rows_from: Ints,
    rows_of: Ints,
    row_weights: Ints,
    sums: Ints,
    at_least: Ints,
    at_most: Ints,
    room: Ints,
    ok: Flags,
) -> None:
    """Check living exchanges from the first to the last against the relations themselves, as often as they reach.

    `room` has one zero per relation, and is left so. `ok`: which exchanges leave every relation and range satisfied.
    """
    for number in range(first, last):
        if not store.alive[number]:
            continue
        fine = True
        reach = store.reach[number]
        for turn in range(2):
            for entry in range(store.begin[number], store.begin[number] + store.length[number]):
                form, step = store.forms[entry], store.steps[entry]
                if form >= len(members_from) - 1:
                    continue
                for item in range(members_from[form], members_from[form + 1]):
                    column = members[item]
                    after = numbers[column] + reach * step
                    if after < low[column] or after > high[column]:
                        fine = False
                    for place in range(rows_from[column], rows_from[column + 1]):
                        row = rows_of[place]
                        if turn == 0:
                            room[row] += row_weights[place] * step
                        elif room[row] != 0:
                            after = sums[row] + reach * room[row]
                            if after < at_least[row] or after > at_most[row]:
                                fine = False
            if turn == 1:
                for entry in range(store.begin[number], store.begin[number] + store.length[number]):
                    form = store.forms[entry]
                    if form >= len(members_from) - 1:
                        continue
                    for item in range(members_from[form], members_from[form + 1]):
                        for place in range(rows_from[members[item]], rows_from[members[item] + 1]):
                            room[rows_of[place]] = 0
        ok[number] = fine

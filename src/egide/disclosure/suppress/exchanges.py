"""Exchanges: whole changes of a table that move nothing shown; how they are kept, begun and checked.

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

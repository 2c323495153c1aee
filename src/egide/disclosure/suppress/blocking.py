"""Refusals found early: a small count that would lose a value if one more cell were shown.

Compiled for large tables: plain loops over arrays of numbers. Source: docs/methods/secondary-suppression.md.
"""

from __future__ import annotations

import numpy as np

from egide.disclosure.attack.rows import Ints
from egide.disclosure.suppress.exchanges import Goals, Store, count_values, fitting, met
from egide.disclosure.suppress.merging import NEAR_LIMIT
from egide.disclosure.suppress.search import Desk, Effort, Shape


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
    sample = np.zeros(effort.partners, np.int64)
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
                if both != 0 and max(ones, others) <= NEAR_LIMIT:
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

"""A change of one free cell, balanced by others until nothing shown moves: depth first, most constrained cell first.

Compiled for large tables: plain loops over arrays of numbers.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from egide.disclosure.attack.rows import Flags, Ints


class Shape(NamedTuple):
    """The forms of a table (see `forms.Forms`), as loops want them."""

    numbers: Ints
    low: Ints
    high: Ints
    starts: Ints
    free: Ints
    of_starts: Ints
    of: Ints
    of_times: Ints
    home: Ints


class Desk(NamedTuple):
    """Room to work in, one place per form; left as found (zeros) after each use."""

    change: Ints
    other: Ints
    broken: Ints
    where: Ints
    touched: Ints
    lost: Ints
    left: Ints
    seen: Flags
    counted: Flags
    gains: Ints  # one row per small count, one column per value
    blamed: Ints  # the small count that a refusal protects


def desk(forms: int, small: int, width: int) -> Desk:
    """An empty one."""
    return Desk(
        change=np.zeros(forms, np.int64),
        other=np.zeros(forms, np.int64),
        broken=np.zeros(forms, np.int64),
        where=np.zeros(forms, np.int64),
        touched=np.zeros(forms, np.int64),
        lost=np.zeros(forms, np.int64),
        left=np.zeros(forms, np.int64),
        seen=np.zeros(forms, np.bool_),
        counted=np.zeros(forms, np.bool_),
        gains=np.zeros((small, width + 1), np.int64),
        blamed=np.zeros(1, np.int64),
    )


class Effort(NamedTuple):
    """How much is looked at, in counts of work, never in seconds.

    depth, width: free cells that a balanced change may move, and choices kept for each; `choices` and `later`, made in
    all for a free cell whose range forbids to move it alone, and for a small count about to lose a value. partners:
    exchanges tried to meet another; most_cells: of one exchange; most_moved: exchanges that one more cell may touch
    (beyond, it stays hidden: too much rests on it).
    """

    depth: int
    width: int
    choices: int
    later: int
    partners: int
    most_cells: int
    most_moved: int


_TRIED = 40  # cells looked at to repair one sum, evenly taken among its free cells
_HOPELESS = 400  # a choice that breaks so much more is not looked at further


def excess(form: int, change: int, shape: Shape, shown: Flags) -> int:
    """By how much this change of a form is too large: any, for one that is shown."""
    if change == 0:
        return 0
    if shown[form]:
        return abs(change)
    number = shape.numbers[form] + change
    if number < shape.low[form]:
        return int(shape.low[form] - number)
    if number > shape.high[form]:
        return int(number - shape.high[form])
    return 0


def shift(free: int, step: int, shape: Shape, shown: Flags, desk: Desk, broken: int, total: int) -> tuple[int, int]:
    """Add a step to one free cell; how many forms are broken now, and by how much in all."""
    for entry in range(shape.of_starts[free], shape.of_starts[free + 1]):
        form = shape.of[entry]
        before = desk.other[form]
        after = before + step * shape.of_times[entry]
        was, now = excess(form, before, shape, shown), excess(form, after, shape, shown)
        desk.other[form] = after
        if was == 0 and now != 0:
            desk.where[form] = broken
            desk.broken[broken] = form
            broken += 1
        elif was != 0 and now == 0:
            broken -= 1
            last = desk.broken[broken]
            desk.broken[desk.where[form]] = last
            desk.where[last] = desk.where[form]
        total += now - was
    return broken, total


def balance(
    start: int,
    step: int,
    goal: int,
    shape: Shape,
    shown: Flags,
    desk: Desk,
    effort: Effort,
    most: int,
    chosen: Ints,
    steps: Ints,
) -> int:
    """Free cells and steps, from `start`, after which nothing is broken and the form `goal` has moved.

    Out: how many, written in `chosen` and `steps`; 0 when none was found in `most` choices.
    """
    depth, width = effort.depth, effort.width
    options = np.zeros((depth + 1, width), np.int64)
    option_steps = np.zeros((depth + 1, width), np.int64)
    scores = np.zeros(width, np.int64)
    offered = np.zeros(depth + 1, np.int64)
    taken = np.zeros(depth + 1, np.int64)
    broken, total = shift(start, step, shape, shown, desk, 0, 0)
    chosen[0] = start
    steps[0] = step
    size, used, fresh, found = 1, 0, True, False
    while True:
        if total == 0 and desk.other[goal] != 0:
            found = True
            break
        if fresh:
            offered[size], taken[size], fresh = 0, 0, False
            if size < depth and total > 0 and used < most:
                used += 1
                worst, fewest = -1, 2**62
                for place in range(broken):
                    form = desk.broken[place]
                    parts = shape.starts[form + 1] - shape.starts[form]
                    if parts < fewest:
                        fewest, worst = parts, form
                number = shape.numbers[worst] + desk.other[worst]
                if shown[worst]:
                    needed = -desk.other[worst]
                elif number < shape.low[worst]:
                    needed = shape.low[worst] - number
                else:
                    needed = shape.high[worst] - number
                count = 0
                for entry in range(shape.starts[worst], shape.starts[worst + 1], max(1, fewest // _TRIED)):
                    free = shape.free[entry]
                    if free == start:
                        continue
                    score = 0
                    for item in range(shape.of_starts[free], shape.of_starts[free + 1]):
                        form = shape.of[item]
                        before = desk.other[form]
                        after = before + needed * shape.of_times[item]
                        score += excess(form, after, shape, shown) - excess(form, before, shape, shown)
                        if score > _HOPELESS:
                            break
                    if count < width or score < scores[count - 1]:
                        place = count if count < width else width - 1
                        while place > 0 and scores[place - 1] > score:
                            scores[place] = scores[place - 1]
                            options[size, place] = options[size, place - 1]
                            option_steps[size, place] = option_steps[size, place - 1]
                            place -= 1
                        scores[place] = score
                        options[size, place] = free
                        option_steps[size, place] = needed
                        count = min(count + 1, width)
                offered[size] = count
        if taken[size] < offered[size]:
            chosen[size] = options[size, taken[size]]
            steps[size] = option_steps[size, taken[size]]
            taken[size] += 1
            broken, total = shift(chosen[size], steps[size], shape, shown, desk, broken, total)
            size += 1
            fresh = True
        elif size == 1 or used >= most:
            break
        else:
            size -= 1
            broken, total = shift(chosen[size], -steps[size], shape, shown, desk, broken, total)
    for place in range(size):
        for entry in range(shape.of_starts[chosen[place]], shape.of_starts[chosen[place] + 1]):
            desk.other[shape.of[entry]] = 0
    return size if found else 0

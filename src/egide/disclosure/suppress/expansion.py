"""Each cell written out as a sum of free cells. Compiled for large tables: plain loops over arrays of numbers."""

from __future__ import annotations

import numpy as np

from egide.disclosure.attack.rows import Flags, Ints

_PRIME = 2147483647  # two sums of pseudo-random numbers modulo it tell in a moment whether a check says anything


def expand(
    starts: Ints,
    columns: Ints,
    weights: Ints,
    exact: Flags,
    follows: Ints,
    order: Ints,
    checks: Ints,
    room: int,
) -> tuple[Ints, Ints, Ints, Ints] | None:
    """Places in `order` (parts before their whole), then checks. None: more room is needed.

    Out: where each form begins and ends, its free places and how many times each. A check that always holds is empty.
    """
    count = len(follows)
    begins = np.zeros(count + len(checks), np.int64)
    ends = np.zeros(count + len(checks), np.int64)
    free = np.zeros(room, np.int64)
    times = np.zeros(room, np.int64)
    marks = np.zeros((count, 2), np.int64)
    sums = np.zeros(count, np.int64)
    touched = np.zeros(count, np.int64)
    seen = np.zeros(count, np.bool_)
    used = 0
    for step in range(count + len(checks)):
        is_place = step < count
        form = order[step] if is_place else step
        begins[form] = used
        row = follows[form] if is_place else checks[step - count]
        if is_place and row < 0:
            if used + 1 > room:
                return None
            free[used] = form
            times[used] = 1
            used += 1
            marks[form, 0] = (form * 1103515245 + 12345) % _PRIME
            marks[form, 0] = marks[form, 0] * (marks[form, 0] + 7) % _PRIME
            marks[form, 1] = (form * 69621 + 1013904223) % _PRIME
            marks[form, 1] = marks[form, 1] * (marks[form, 1] + 11) % _PRIME * (form + 3) % _PRIME
            ends[form] = used
            continue
        one, two, sign = 0, 0, 1
        for entry in range(starts[row], starts[row + 1]):
            if is_place and columns[entry] == form:
                sign = -weights[entry]
        for entry in range(starts[row], starts[row + 1]):
            part = columns[entry]
            if not (is_place and part == form):
                one = (one + weights[entry] * sign * marks[part, 0]) % _PRIME
                two = (two + weights[entry] * sign * marks[part, 1]) % _PRIME
        if is_place:
            marks[form, 0] = one
            marks[form, 1] = two
        elif exact[row] and one == 0 and two == 0:
            ends[form] = used
            continue
        found = 0
        for entry in range(starts[row], starts[row + 1]):
            part = columns[entry]
            if is_place and part == form:
                continue
            for item in range(begins[part], ends[part]):
                one_free = free[item]
                if not seen[one_free]:
                    seen[one_free] = True
                    touched[found] = one_free
                    found += 1
                sums[one_free] += weights[entry] * sign * times[item]
        if used + found > room:
            return None
        for item in range(found):
            one_free = touched[item]
            seen[one_free] = False
            if sums[one_free] != 0:
                free[used] = one_free
                times[used] = sums[one_free]
                sums[one_free] = 0
                used += 1
        ends[form] = used
    return begins, ends, free, times

"""The loops of `leaps`: depth first through the models of one table, leaving out what a bound proves to be no better.

Plain Python that `egide.compiled` makes machine code of. Source: docs/methods/exact-model-search.md.
"""

from __future__ import annotations

import numpy as np

from egide.estimation.choice.bounding import HUGE, climb, cold, dual, factor_aside, faithful
from egide.estimation.fitting.newton import (
    CERTIFIED,
    ORDER,
    bits,
    live_terms,
    logarithms,
    newton,
    solve,
    subset,
    superset,
    watch,
)
from egide.estimation.histories import Flags, Floats, Ints

SLACK = 1e-8  # nothing is better than the answer by more than this


def warm(
    parent: Ints, before: int, theta: Floats, matrix: Floats, terms: Ints, size: int, out: Floats, step: Floats
) -> bool:
    """Into out: where the larger model's quadratic puts the maximum without the one term it loses. False if not one.

    parent, before, theta, matrix: the larger model's live terms, how many, its fit and factor.
    """
    if before - size != 1:
        if before == size:
            out[:size] = theta[:size]
        return before == size
    lost = 0
    while lost < size and parent[lost] == terms[lost]:
        lost += 1
    step[:before] = 0.0
    step[lost] = 1.0
    solve(matrix, step, before)
    for row in range(before):
        if row != lost:
            out[row - (row > lost)] = theta[row] - step[row] * theta[lost] / step[lost]
    return bool(step[lost] > 0.0)


def wald_statistics(
    terms: Ints,
    size: int,
    theta: Floats,
    matrix: Floats,
    given: Ints,
    first: int,
    up: Ints,
    mask: int,
    possible: Flags,
    totals: Floats,
    key: Floats,
    work: Floats,
) -> None:
    """Into key: about how much -2 log-likelihood grows without each interaction of the mask (an order to look in).

    Of a live term, Wald's statistic: its square over its variance. Of one that nobody bears, twice the persons whom the
    model would then expect where it forbids them. An interaction weighs no less than those that contain it.
    """
    eta, dead, column = work[0], work[1], work[2]
    dead[:] = 0.0
    for place in range(up.shape[0]):
        key[place] = 0.0
        if mask >> place & 1 and totals[given[first + place]] <= 0:
            dead[given[first + place]] = 1.0
    subset(dead)
    logarithms(theta, terms, size, eta)
    row = 0
    for place in range(up.shape[0]):
        if not mask >> place & 1:
            continue
        term = given[first + place]
        if totals[term] <= 0:
            for cell in range(1, eta.shape[0]):
                if possible[cell] and cell & term == term and dead[cell] == 1.0:
                    key[place] += 2.0 * np.exp(min(eta[cell], 10.0))
            continue
        while terms[row] != term:
            row += 1
        if matrix[row, row] < HUGE:
            variance = 0.0
            for lower in range(row, size):
                left = 1.0 if lower == row else 0.0
                for inner in range(row, lower):
                    left -= matrix[lower, inner] * column[inner]
                column[lower] = left / matrix[lower, lower]
                variance += column[lower] * column[lower]
            key[place] = theta[row] * theta[row] / variance
    for place in range(up.shape[0] - 1, -1, -1):
        for above in range(place + 1, up.shape[0]):
            if up[place] & mask >> above & 1:
                key[place] = max(key[place], key[above])


def terms_of(given: Ints, first: int, mask: int, terms: Ints) -> int:
    """Into terms: the empty set, the single lists and the interactions of the mask; how many."""
    terms[:first] = given[:first]
    wide = first
    for place in range(given.shape[0] - first):
        if mask >> place & 1:
            terms[wide] = given[first + place]
            wide += 1
    return wide


def saturated(counts: Floats) -> float:
    """The log-likelihood, without factorials, of a model that expects each count as it is: no model has more."""
    found = 0.0
    for cell in range(1, counts.shape[0]):
        if counts[cell] > 0:
            found += counts[cell] * (np.log(counts[cell]) - 1.0)
    return found


def lightest(order: Ints, width: int, up: Ints, mask: int) -> int:
    """The place in `order` of the lightest interaction that no other of the mask contains; -1 if there is none."""
    last = width - 1
    while last >= 0 and up[order[last]] & mask != 1 << order[last]:
        last -= 1
    return last


def heaviest_first(key: Floats, among: int, order: Ints) -> int:
    """Into order: the interactions of a mask, the heaviest first; how many."""
    width = 0
    for place in range(key.shape[0]):
        if among >> place & 1:
            at = width
            while at > 0 and key[order[at - 1]] < key[place]:
                order[at] = order[at - 1]
                at -= 1
            order[at] = place
            width += 1
    return width


def search(
    counts: Floats,
    possible: Flags,
    given: Ints,
    first: int,
    up: Ints,
    down: Ints,
    penalty: float,
    most: int,
    answer: Floats,
    doubtful: Ints,
    floors: Floats,
) -> tuple[int, int, int]:
    """The best of one table: its mask (-1: none), how many models were fitted, and how many are doubtful.

    given: all terms, of which the empty set and the single lists are the `first`. up, down: of each interaction, as
    masks, itself with those that contain it, or that it contains. answer: criterion, logarithm of the unseen, a floor
    of all others. doubtful, floors: models whose existence Newton's method leaves undecided and that could be better,
    with a floor of their criterion. Criteria are without the factorials. It stops after `most` models or when there is
    no room for another doubtful one: then the floor of all others is that of what it has not looked at.
    """
    cells, all_terms, deep = counts.shape[0], given.shape[0], up.shape[0] + 1
    totals = counts.copy()
    superset(totals)
    if totals[0] <= 0.0:
        return -1, 0, 0
    # One row for each level of the descent: its model (mask, kept interactions, live terms), its fit, the bound of its
    # family with the dual point that reaches it, and its submodels in order with the turn of the next one.
    work, free, room = np.empty((6, cells)), np.empty((4, cells)), np.empty((all_terms, all_terms))
    theta, matrix, points = np.empty((deep, all_terms)), np.empty((deep, all_terms, all_terms)), np.empty((deep, cells))
    alive, live, size = (
        np.empty((deep, cells), np.bool_),
        np.empty((deep, all_terms), np.int64),
        np.zeros(deep, np.int64),
    )
    masks, kept, upper = np.zeros(deep, np.int64), np.zeros(deep, np.int64), np.empty(deep)
    order, width, turn = np.empty((deep, all_terms), np.int64), np.zeros(deep, np.int64), np.zeros(deep, np.int64)
    watched, everywhere = np.empty(cells, np.bool_), bool(possible.all())
    terms, key = np.empty(all_terms, np.int64), np.empty(up.shape[0])
    best, chosen, unseen, others, fits, doubts = np.inf, -1, 0.0, np.inf, 0, 0
    level, mask, keep, diving = 0, useful(totals, possible, given, first), 0, True
    while True:
        # Go down to the model `mask`, of whose family every member keeps `keep`: start from the fit of the model above.
        masks[level], kept[level], turn[level], width[level] = mask, keep, 0, 0
        wide = terms_of(given, first, mask, terms)
        size[level] = live_terms(totals, possible, terms[:wide], live[level], free[0], alive[level])
        if level == 0:
            points[0] = counts
            upper[0] = saturated(counts)
            theta[0] = np.inf  # nothing to start from
        else:
            points[level], upper[level] = points[level - 1], upper[level - 1]
            above = level - 1
            if not warm(
                live[above], size[above], theta[above], matrix[above], live[level], size[level], theta[level], free[0]
            ):
                theta[level] = np.inf
        # Bound its likelihood, only as far as is needed to know whether the family, or the model, can be better.
        fixed = penalty * (first + bits(keep))
        whole = penalty * (first + bits(mask))
        useless = -np.inf if diving else (fixed - best - SLACK) / 2
        bound, _found = climb(
            counts,
            totals,
            alive[level],
            live[level],
            size[level],
            theta[level],
            matrix[level],
            points[level],
            free[0],
            work,
            useless,
            (whole - best - SLACK) / 2,
        )
        fits += 1
        if bound < upper[level]:
            upper[level] = bound
            points[level] = free[0]
        # Judge the model itself: fitted to the end only where it may be the best.
        floor = whole - 2 * upper[level]
        if floor > best + SLACK:
            others = min(others, floor)
        elif mask != chosen:
            watch(live[level], size[level], alive[level], everywhere, watched)
            status, value = newton(
                counts,
                totals,
                alive[level],
                live[level],
                size[level],
                free[0],
                free[1],
                free[2],
                room,
                free[3],
                watched,
            )
            value = whole - 2 * value
            if status != CERTIFIED:
                doubtful[doubts], floors[doubts] = mask, floor
                doubts += 1
            elif value < best:
                others, best, chosen, unseen = min(others, best), value, mask, free[0][0]
            else:
                others = min(others, value)
        # Line up the submodels, the weightiest interaction lost first.
        if upper[level] >= useless and mask & ~keep:
            wald_statistics(
                live[level],
                size[level],
                theta[level],
                matrix[level],
                given,
                first,
                up,
                mask,
                possible,
                totals,
                key,
                work,
            )
            width[level] = heaviest_first(key, mask & ~keep, order[level])
        # First descent: drop the lightest again and again, for a good model to compare with; then begin again on top.
        if diving:
            last = lightest(order[level], width[level], up, mask)
            if last >= 0 and (key[order[level, last]] < penalty or chosen < 0):
                mask ^= 1 << order[level, last]
                level += 1
                continue
            diving, level = False, 0
        if fits >= most or doubts == doubtful.shape[0]:
            for left in range(level + 1):
                if turn[left] < width[left]:
                    others = min(others, penalty * (first + bits(kept[left])) - 2 * upper[left])
            level = -1
        # Climb to a level that has a family left to look at, and take it: it loses `place`, the next ones keep it.
        going = False
        while level >= 0 and not going:
            fixed = penalty * (first + bits(kept[level])) - 2 * upper[level]
            if fixed > best + SLACK or turn[level] == width[level]:
                if turn[level] < width[level]:
                    others = min(others, fixed)
                level -= 1
                continue
            place = order[level, turn[level]]
            turn[level] += 1
            if kept[level] >> place & 1:
                continue
            keep, mask = kept[level], masks[level] & ~up[place]
            kept[level] |= down[place]
            going = up[place] & keep == 0
        if not going:
            if bits(masks[0]) < up.shape[0]:
                others = min(others, best + penalty)  # with an interaction that is of no use
            answer[0], answer[1], answer[2] = best, unseen, others
            return chosen, fits, doubts
        level += 1


def useful(totals: Floats, possible: Flags, given: Ints, first: int) -> int:
    """The interactions that can change a fit: somebody bears all their parts, and some possible history contains them.

    The others cost a parameter and give nothing: no best model has them.
    """
    found = 0
    for place in range(given.shape[0] - first):
        term = given[first + place]
        fine = False
        for cell in range(1, totals.shape[0]):
            fine = fine or (possible[cell] and cell & term == term)
        part = (term - 1) & term
        while part:
            fine = fine and totals[part] > 0
            part = (part - 1) & term
        if fine:
            found |= 1 << place
    return found


def search_all(
    tables: Floats,
    possible: Flags,
    given: Ints,
    first: int,
    up: Ints,
    down: Ints,
    penalties: Floats,
    most: int,
    answers: Floats,
    chosen: Ints,
    fits: Ints,
    doubts: Ints,
    doubtful: Ints,
    floors: Floats,
) -> None:
    """`search` on every table, shape (tables, 2^k); answers: shape (tables, 3); doubtful, floors: (tables, room)."""
    for table in range(tables.shape[0]):
        chosen[table], fits[table], doubts[table] = search(
            tables[table],
            possible,
            given,
            first,
            up,
            down,
            penalties[table],
            most,
            answers[table],
            doubtful[table],
            floors[table],
        )


LOOPS = (
    *ORDER[:-1],
    factor_aside,
    dual,
    faithful,
    cold,
    climb,
    warm,
    wald_statistics,
    terms_of,
    saturated,
    lightest,
    heaviest_first,
    useful,
    search,
    search_all,
)

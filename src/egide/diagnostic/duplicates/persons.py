"""Inside the ads of one author, who is shown: ads that agree on name, age, town and number more than chance would.

Each pair of ads weighs for or against one person, as in record linkage (Fellegi and Sunter 1969); what an ad does not
say weighs nothing. A number that an author gives under several names says little of who is shown.
Source: docs/methods/near-duplicates.md.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from egide.diagnostic.duplicates.machine import kernels

Ints = NDArray[np.int64]

# Natural logarithms of how much likelier an agreement is for one person than for two of one author.
_NAME_SAME, _NAME_OTHER = 3.0, -1.5
_AGE_SAME, _AGE_NEAR, _AGE_OTHER = 2.2, -0.3, -1.3
_PLACE_SAME, _PLACE_OTHER = 0.8, -0.35
_LINE_OTHER = -3.0
_LINE_SAME_MOST = 3.0
_ALONE = 1.2  # an author of at most three names on one line is most often one person
_LEAST = -0.1  # mean weight below which an ad is of somebody else
_ROUNDS = 3
_SORTS_MOST = 1_000  # sorts of ads of one author that are compared with each other
_SEEN_BEFORE = 200  # sorts before one that are read to judge a number
_PLAIN_ADS = 60

WEIGHTS = np.array(
    [
        *(_NAME_SAME, _NAME_OTHER, _AGE_SAME, _AGE_NEAR, _AGE_OTHER, _PLACE_SAME, _PLACE_OTHER),
        *(_LINE_OTHER, _LINE_SAME_MOST, _ALONE, _LEAST),
    ]
)


def persons(author: Ints, name: Ints, age: Ints, place: Ints, line: Ints) -> Ints:
    """Label of the person of each ad, shape (n,); -1 in a trait: not said. Two authors never share a person."""
    ads = len(author)
    if not ads:
        return np.empty(0, dtype=np.int64)
    _, hand = np.unique(author, return_inverse=True)
    traits = np.stack([hand.astype(np.int64), name, age, place, line], axis=1)
    marks, cell, counts = np.unique(_packed(traits), return_inverse=True, return_counts=True)
    first = np.empty(len(marks), dtype=np.int64)
    first[cell] = np.arange(ads)
    cells = traits[first]
    order = np.lexsort((-counts, cells[:, 0]))
    cells, counts = cells[order], counts[order]
    place_of = np.empty(len(order), dtype=np.int64)
    place_of[order] = np.arange(len(order))
    label = np.empty(len(cells), dtype=np.int64)
    bounds = np.flatnonzero(np.diff(cells[:, 0], prepend=-1, append=-1))
    _loops(compiled=ads > _PLAIN_ADS).tell_apart(np.ascontiguousarray(cells), counts, bounds, WEIGHTS, label)
    found: Ints = label[place_of[cell]]
    return found


def _packed(traits: Ints) -> Ints:
    """Rows as single numbers, equal when the rows are and in the order of the rows."""
    spans = traits.max(axis=0) + 2  # -1 is a value
    who = (traits[:, 0] * spans[1] + traits[:, 1] + 1) * spans[2] + traits[:, 2] + 1
    where = np.unique((traits[:, 3] + 1) * spans[4] + traits[:, 4] + 1, return_inverse=True)[1].astype(np.int64)
    packed: Ints = np.unique(who, return_inverse=True)[1] * (where.max() + 1) + where
    return packed


def weigh(one: Ints, other: Ints, line_same: float, weights: Any) -> float:
    """For or against one person behind two sorts of ads of one author."""
    total = 0.0
    if one[1] >= 0 and other[1] >= 0:
        total += weights[0] if one[1] == other[1] else weights[1]
    if one[2] >= 0 and other[2] >= 0:
        apart = abs(one[2] - other[2])
        total += weights[2] if apart == 0 else weights[3] if apart <= 5 else weights[4]
    if one[3] >= 0 and other[3] >= 0:
        total += weights[5] if one[3] == other[3] else weights[6]
    if one[4] >= 0 and other[4] >= 0:
        total += line_same if one[4] == other[4] else weights[7]
    return total


def line_worth(cells: Ints, counts: Ints, begin: int, end: int, weights: Any) -> tuple[float, float]:
    """What one number in common says in the ads of an author, and how likely the author is alone."""
    strangers = 1.0  # pairs that differ in name, and in age or town, met with numbers
    sharing = 0.5  # of them, with the same number
    names = 0
    several_lines = False
    line = -1
    for one in range(begin, end):
        if cells[one, 4] >= 0:
            if line >= 0 and cells[one, 4] != line:
                several_lines = True
            line = cells[one, 4]
        new = cells[one, 1] >= 0
        for other in range(max(begin, one - _SEEN_BEFORE), one):
            if cells[other, 1] == cells[one, 1]:
                new = False
            elif cells[other, 1] >= 0 and cells[one, 1] >= 0 and cells[other, 4] >= 0 and cells[one, 4] >= 0:
                ages = cells[other, 2] >= 0 and cells[one, 2] >= 0 and abs(cells[other, 2] - cells[one, 2]) > 5
                towns = cells[other, 3] >= 0 and cells[one, 3] >= 0 and cells[other, 3] != cells[one, 3]
                if ages or towns:
                    strangers += 1.0
                    sharing += cells[other, 4] == cells[one, 4]
        names += new
    same = min(np.log(0.97 * strangers / sharing), weights[8])
    alone = weights[9] if names <= 3 and not several_lines else 0.0
    return max(same, 0.0), alone


def best_group(
    one: int, begin: int, mine: Ints, cells: Ints, counts: Ints, sums: Any, ads: Any, groups: int, rules: Any
) -> int:
    """The group of `mine` with which a sort of ads agrees best; -1 when it agrees with none."""
    weights, line_same, least = rules
    sums[:groups] = 0.0
    ads[:groups] = 0.0
    for other in range(len(mine)):
        if mine[other] >= 0 and begin + other != one:
            held = np.float64(counts[begin + other])
            sums[mine[other]] += held * weigh(cells[one], cells[begin + other], line_same, weights)
            ads[mine[other]] += held
    best = -1
    most = least
    for group in range(groups):
        if ads[group] > 0 and sums[group] / ads[group] >= most:
            best = group
            most = sums[group] / ads[group]
    return best


def tell_apart(cells: Ints, counts: Ints, bounds: Ints, weights: Any, label: Ints) -> None:
    """Label the sorts of ads of each author, the commonest first; then let each go where it agrees best.

    Of an author with very many sorts, the commonest ones make the groups and the others join them or stay alone.
    """
    following = 0
    for hand in range(len(bounds) - 1):
        begin = bounds[hand]
        end = bounds[hand + 1]
        line_same, alone = line_worth(cells, counts, begin, end, weights)
        rules = (weights, line_same, weights[10] - alone)
        size = min(end - begin, _SORTS_MOST)
        mine = np.full(size, -1, dtype=np.int64)
        sums = np.zeros(size + 1)
        ads = np.zeros(size + 1)
        groups = 0
        for _ in range(_ROUNDS):
            changed = False
            for one in range(size):
                best = best_group(begin + one, begin, mine, cells, counts, sums, ads, groups, rules)
                if best < 0:
                    if mine[one] >= 0 and ads[mine[one]] == 0:
                        continue  # already alone
                    if groups == size:
                        continue
                    best = groups
                    groups += 1
                changed = changed or best != mine[one]
                mine[one] = best
            if not changed:
                break
        for one in range(size):
            label[begin + one] = following + mine[one]
        others = groups
        for one in range(begin + size, end):
            best = best_group(one, begin, mine, cells, counts, sums, ads, groups, rules)
            if best < 0:
                best = others
                others += 1
            label[one] = following + best
        following += others


_LOOPS = (weigh, line_worth, best_group, tell_apart)


@cache
def _loops(*, compiled: bool) -> Any:
    return kernels(_LOOPS, compiled=compiled)

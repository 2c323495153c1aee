"""Secondary suppression by Gaussian elimination: the peer that the benchmark counts cells against.

This is OUR reading of a published method, written from its description alone, because R is not needed to run the
benchmark: Ø. Langsrud, "Secondary Cell Suppression by Gaussian Elimination: An Algorithm Suitable for Handling Issues
with Zeros and Singletons", *Privacy in Statistical Databases* 2024 (doi 10.1007/978-3-031-69651-0_6), and the manuals
of the R packages GaussSuppression and SSBtools. It counts the cells that the method hides on the same data. Its
processor time is that of this Python; that of the R package is the one measured and quoted in issue 3. On tables with
as many cells, it hides about half as many as was measured of the package: the tables differ, and perhaps our reading of
singletons does. Its counts are therefore those of a frugal peer. Checked against ranks of matrices of fractions and
the first example of the package's vignette (tests/property/test_benchmark_peer.py).

The rule, as described:

* candidates (cells that need no protection) are taken by decreasing value; equal ones, those that add up more inner
  cells first;
* each is published, unless some primary cell would then be a linear combination of published cells;
* zeros are published. A cell of 1 is a *singleton*: a published sum of singletons gives them all away, since none of
  them is zero. `anySum`, the default, forbids sums of singletons, also across groups: we forbid those that one line of
  the elimination states, a sum with equal weights of cells of 1 as a combination of published cells. `subSpace`, the
  conservative one, looks for dependence as if singletons were known, and forbids any combination of them. `none` looks
  at primary cells alone.

Done here in the dual, which is the same linear algebra: the relations between cells, reduced. A primary cell is a
combination of published cells when some combination of relations has no other hidden cell. Primary cells are
eliminated first: those that depend on other primary cells whatever is published need no care, and are forgotten. Each
line left says `primary = combination of candidates`, or ties candidates only; publishing a candidate takes it out of
the lines; a primary whose line would become empty keeps it. Weights are whole numbers modulo a large prime.
"""

from __future__ import annotations

from collections.abc import Iterable
from heapq import heapify, heappop, heappush
from itertools import pairwise
from random import Random
from typing import Literal

import numpy as np

from egide.disclosure.attack.rows import Flags, Ints, Rows

PRIME = 2**61 - 1

Line = dict[int, int]  # weight of each column, from 1 to PRIME - 1; their sum, so weighted, is zero


Singletons = Literal["none", "anySum", "subSpace"]


def suppressed(rows: Rows, numbers: Ints, primary: Flags, inner: Ints, *, singletons: Singletons = "anySum") -> Flags:
    """The candidates that are hidden.

    In: every total over the non-zero cells; their counts; the primary ones; how many inner cells each one adds up.
    """
    work = _Elimination(_lines(rows))
    ones = set() if singletons == "none" else set(np.flatnonzero(primary & (numbers == 1)).tolist())
    hidden = set(np.flatnonzero(primary).tolist())
    pivots = work.eliminate(sorted(hidden - ones))
    if singletons == "subSpace":
        needed = _determined([(column, _without(line, ones)) for column, line in pivots], hidden - ones)
        needed += [_without(line, ones) for line in work.rest() if ones & line.keys()]
        ties = [line for line in work.rest() if not ones & line.keys()]
    else:
        sums = work.sums_of(ones)
        pivots += work.eliminate(sorted(ones))
        needed, ties = _determined(pivots, hidden) + sums, work.rest()
    order = np.lexsort((np.arange(len(numbers)), -inner, -numbers))
    needed = [line for line in needed if line]  # nothing that could be hidden would help the others
    return _publish(needed, ties, order[~primary[order]].tolist(), len(numbers))


def _without(line: Line, columns: set[int]) -> Line:
    return {column: weight for column, weight in line.items() if column not in columns}


def _lines(rows: Rows) -> Iterable[Line]:
    columns, weights, starts = rows.columns.tolist(), rows.weights.tolist(), rows.starts.tolist()
    for first, last in pairwise(starts):
        yield {column: weights[at] % PRIME for at, column in enumerate(columns[first:last], first)}


class _Elimination:
    """Lines with, for each column, those it stands in."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self.lines: list[Line] = []
        self.at: dict[int, set[int]] = {}
        for line in lines:
            for column in line:
                self.at.setdefault(column, set()).add(len(self.lines))
            self.lines.append(dict(line))

    def rest(self) -> list[Line]:
        return [line for line in self.lines if line]

    def eliminate(self, chosen: Iterable[int]) -> list[tuple[int, Line]]:
        """Take these columns out of the lines: each with the line that gives it by what was not yet taken out.

        The column in the fewest lines goes first, by its shortest line, so that the lines stay short.
        """
        waiting = [(len(self.at.get(column, ())), column) for column in chosen]
        heapify(waiting)
        pivots = []
        while waiting:
            count, column = heappop(waiting)
            mine = self.at.get(column)
            if not mine:
                continue
            if len(mine) != count:
                heappush(waiting, (len(mine), column))
                continue
            number = min(mine, key=lambda one: (len(self.lines[one]), one))
            self.solve(number, column)
            pivots.append((column, self.take(number)))
        return pivots

    def solve(self, number: int, column: int) -> int:
        """Give this column weight 1 in its line, and take it out of all the others."""
        line = self.lines[number]
        inverse = pow(line[column], -1, PRIME)
        for one in line:
            line[one] = line[one] * inverse % PRIME
        for other in list(self.at[column]):
            if other != number:
                self.subtract(other, line, column)
        return column

    def take(self, number: int) -> Line:
        """A line, from now on among the others no more."""
        line = self.lines[number]
        for one in line:
            self.at[one].discard(number)
        self.lines[number] = {}
        return line

    def forget(self, column: int) -> None:
        """Its number is published."""
        for one in self.at.pop(column, ()):
            del self.lines[one][column]

    def subtract(self, number: int, line: Line, column: int) -> None:
        mine = self.lines[number]
        factor = mine[column]
        for one, weight in line.items():
            before = mine.get(one)
            after = ((before or 0) - factor * weight) % PRIME
            if after:
                mine[one] = after
                if before is None:
                    self.at.setdefault(one, set()).add(number)
            elif before is not None:
                del mine[one]
                self.at[one].discard(number)

    def sums_of(self, ones: set[int]) -> list[Line]:
        """Of the lines that say how much some of these add up to, with equal weights: the other side."""
        found = []
        for line in self.lines:
            weights = {weight for column, weight in line.items() if column in ones}
            if len(weights) == 1:
                found.append(_without(line, ones))
        return found


def _determined(pivots: list[tuple[int, Line]], hidden: set[int]) -> list[Line]:
    """The primary cells that candidates alone determine, each as a combination of them.

    Found by giving random numbers to the primary cells that no line gives, and zero to the candidates: what candidates
    determine is then zero. Another cell is zero by chance once in 2^61.
    """
    chance = Random(1)
    given = {column for column, _ in pivots}
    value = {column: chance.randrange(1, PRIME) for column in sorted(hidden - given)}
    for column, line in reversed(pivots):
        value[column] = -sum(line[one] * value[one] for one in line if one in hidden and one != column) % PRIME
    wanted = [column for column in value if not value[column]]
    needed = set(wanted)
    for column, line in pivots:  # what they are written with, in turn
        if column in needed:
            needed.update(one for one in line if one in given)
    full: dict[int, Line] = {}
    for column, line in reversed(pivots):
        if column not in needed:
            continue
        mine = {one: weight for one, weight in line.items() if one not in given}
        for one in line:
            if one in given and one != column:
                _subtract(mine, full[one], line[one])
        full[column] = mine
    return [full[column] for column in wanted]


def _subtract(line: Line, other: Line, factor: int) -> None:
    for one, weight in other.items():
        after = (line.get(one, 0) - factor * weight) % PRIME
        if after:
            line[one] = after
        else:
            line.pop(one, None)


def _publish(needed: list[Line], ties: list[Line], order: list[int], width: int) -> Flags:
    """Go through the candidates. `needed`: lines of which something must stay hidden; `ties`: between candidates.

    Every tie gives one candidate, its *pivot*, by others, and no other line has that candidate.
    """
    work = _Elimination([*needed, *ties])
    kept = len(needed)
    tie_of = _solved(work, range(kept, kept + len(ties)), {column: position for position, column in enumerate(order)})
    hidden = np.zeros(width, bool)
    for column in order:
        number = tie_of.pop(column, None)
        if number is None:
            if any(one < kept and len(work.lines[one]) == 1 for one in work.at.get(column, ())):
                hidden[column] = True
            else:
                work.forget(column)
            continue
        told = {one: weight for one, weight in work.lines[number].items() if one != column}
        if told and any(one < kept and _proportional(work.lines[one], told) for one in _rarest(work, told)):
            hidden[column], tie_of[column] = True, number
            continue
        work.forget(column)
        if told:
            tie_of[work.solve(number, min(told, key=lambda one: (len(work.at[one]), one)))] = number
    return hidden


def _solved(work: _Elimination, ties: Iterable[int], place: dict[int, int]) -> dict[int, int]:
    """Which tie gives which candidate: the shortest first, by its candidate in the fewest lines, the last published."""
    waiting = [(len(work.lines[number]), number) for number in ties]
    heapify(waiting)
    found = {}
    while waiting:
        length, number = heappop(waiting)
        line = work.lines[number]
        if len(line) != length:
            heappush(waiting, (len(line), number))
        elif line:
            found[work.solve(number, min(line, key=lambda one: (len(work.at[one]), -place[one])))] = number
    return found


def _rarest(work: _Elimination, line: Line) -> set[int]:
    return min((work.at[one] for one in line), key=len)


def _proportional(one: Line, other: Line) -> bool:
    if one.keys() != other.keys():
        return False
    first = next(iter(one))
    return all(one[column] * other[first] % PRIME == other[column] * one[first] % PRIME for column in one)

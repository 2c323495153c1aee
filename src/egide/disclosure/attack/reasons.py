"""What gives a hidden cell away: a small set of statements, and the arithmetic from them to the cell, in French.

The set comes from `clashes`: none of its statements can be spared. The arithmetic is, in this order: a direct
deduction; sums of statements that make one; a supposition that leads nowhere; or, failing these, the mere list, with
what was tried. Source: docs/methods/attacker.md.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from math import gcd

import numpy as np
from attrs import evolve, frozen

from egide.disclosure.attack.clashes import Clash, cannot_be, smallest_clash
from egide.disclosure.attack.components import Part
from egide.disclosure.attack.exact import combined, whole_multipliers_of_nothing
from egide.disclosure.attack.findings import Finding, Findings
from egide.disclosure.attack.pencil import MOST_LINES, Pencil, interval, number, range_end, signed_sum
from egide.disclosure.attack.rows import NO_LIMIT, Ints, Rows
from egide.disclosure.attack.solver import Said, Solver
from egide.disclosure.attack.steps import deduce
from egide.disclosure.attack.system import Contradictory, Statement, System


@frozen(kw_only=True)
class Reason:
    """Why a cell says less than its label. `lines`: French, one deduction each."""

    cell: Hashable
    statements: tuple[Statement, ...]
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def explain(findings: Findings, cell: Hashable) -> Reason | None:
    """The statements and the arithmetic that narrow this cell. None when nothing narrows it.

    A cell that is "not proven" is explained as far as it was narrowed.
    """
    system, column = findings.system, findings.number_of(cell)
    finding = findings.at(column)
    denied = _denied(finding, system.rows, column)
    clashes = [(ends, clash) for ends in denied if (clash := cannot_be(system.rows, column, *ends)) is not None]
    if not clashes:
        return None
    origins = sorted({int(row) for _, clash in clashes for row in clash.part.origins})
    lines = _directly(system, origins, column, finding)
    if lines is None:
        told = (line for ends, clash in clashes for line in _indirectly(system, clash, column, ends))
        lines = list(dict.fromkeys(told))
    return Reason(cell=cell, statements=_statements(system, origins), lines=tuple(lines))


def contradiction(system: System, seeds: Sequence[int]) -> Contradictory:
    """The refusal of a system without solution, found around these rows: the smallest set met, in words."""
    clash = smallest_clash(system.rows, seeds)
    if clash is None:
        return Contradictory("Les énoncés se contredisent ; aucun petit ensemble n’a pu être isolé.", [])
    statements = _statements(system, clash.part.origins.tolist())
    pencil = Pencil(system=system, part=clash.part)
    lines = _leading_nowhere(pencil, _multipliers(clash.part.rows), adding_first=False)
    heading = f"Ces énoncés se contredisent (le plus petit ensemble trouvé : {len(statements)}) :"
    return Contradictory("\n".join([heading, *lines]), statements)


def _denied(finding: Finding, rows: Rows, column: int) -> list[tuple[int | None, int | None]]:
    """The ranges that the cell's label leaves open and everything public closes."""
    denied: list[tuple[int | None, int | None]] = []
    if finding.low is not None and finding.low > int(rows.low[column]):
        denied.append((None, finding.low - 1))
    if finding.high is not None and finding.high < int(rows.high[column]):
        denied.append((finding.high + 1, None))
    if finding.complete and finding.low is not None and finding.high is not None:
        inside = (one for one in range(finding.low, finding.high + 1) if one not in finding.values)
        denied += [(one, one) for one in inside]
    return denied


def _statements(system: System, rows: Sequence[int]) -> tuple[Statement, ...]:
    numbers = dict.fromkeys(int(system.origins[row]) for row in rows)
    return tuple(system.statements[number] for number in numbers)


def _part(system: System, origins: Sequence[int]) -> Part:
    picked = system.rows.chosen(np.array(origins, dtype=np.int64))
    columns, places = np.unique(picked.columns, return_inverse=True)
    inner = evolve(picked, low=picked.low[columns], high=picked.high[columns], columns=places.astype(np.int64))
    return Part(rows=inner, columns=columns, origins=np.array(origins, dtype=np.int64))


def _directly(system: System, origins: Sequence[int], column: int, finding: Finding) -> list[str] | None:
    """One narrowing after the other, straight to both bounds; None when that does not reach them."""
    part = _part(system, origins)
    place = int(np.searchsorted(part.columns, column))
    made = deduce(part.rows)
    reached = range_end(made.bounds[0][place]), range_end(made.bounds[1][place])
    if reached != (finding.low, finding.high) or not _values_follow(finding):
        return None
    return Pencil(system=system, part=part).lines(made.leading_to((place, 0), (place, 1)))


def _values_follow(finding: Finding) -> bool:
    """No value is missing between the bounds."""
    if not finding.complete or finding.low is None or finding.high is None:
        return True
    return all(one in finding.values for one in range(finding.low, finding.high + 1))


def _indirectly(system: System, clash: Clash, column: int, ends: tuple[int | None, int | None]) -> list[str]:
    pencil = Pencil(system=system, part=clash.part)
    place = int(np.searchsorted(clash.part.columns, column))
    times = _multipliers(clash.part.rows)
    if times is not None and (told := _by_adding_equalities(pencil, times, place)) is not None:
        return told
    supposed = f"Supposons que {pencil.name(place)} vaille {interval(*ends)}."
    return [supposed, *_leading_nowhere(pencil, times, adding_first=True)]


def _leading_nowhere(pencil: Pencil, times: Sequence[int] | None, *, adding_first: bool) -> list[str]:
    """The arithmetic of a clash. Narrowing that goes on and on is written, in part, only when nothing else is."""
    added = [] if times is None else _by_adding(pencil, times)
    narrowed = _by_supposing(pencil)
    if added and (adding_first or len(narrowed) >= MOST_LINES):
        return added
    return narrowed or added or _by_trying(pencil)


def _multipliers(rows: Rows) -> list[int] | None:
    """How many times each row is added (or taken away) for the sum to be impossible."""
    nothing: Ints = np.zeros(rows.width, np.int64)
    answer = Solver(rows).least(nothing, rows.low, rows.high)
    if answer.said is not Said.NOTHING or answer.multipliers is None:
        return None
    times = whole_multipliers_of_nothing(rows, answer.multipliers)
    if times is None:
        return None
    divisor = gcd(*times) or 1
    return [one // divisor for one in times]


def _recipe(pencil: Pencil, times: Sequence[int]) -> tuple[list[str], str]:
    """The statements used, numbered, and how they are added: `(1) + (2) − (3)`."""
    used = [row for row, one in enumerate(times) if one]
    lines = []
    for place, row in enumerate(used, 1):
        sign = pencil.leaning(row)
        as_said, counted = pencil.equation(row, sign), pencil.counted(row, sign)
        whole = "" if as_said.split(" = ")[0] == counted.split(" = ")[0] else f", soit {counted} en nombres entiers"
        lines.append(f"({place}) {pencil.said(row)} : {as_said}{whole}.")
    return lines, signed_sum((times[row] * pencil.leaning(row), f"({place})") for place, row in enumerate(used, 1))


def _by_adding_equalities(pencil: Pencil, times: Sequence[int], place: int) -> list[str] | None:
    """Totals added and subtracted until one is left that bounds the cell. None when they are not all totals."""
    rows = pencil.part.rows
    weights = combined(rows, times)
    if place not in weights or any(one and rows.at_least[row] != rows.at_most[row] for row, one in enumerate(times)):
        return None
    sign = 1 if weights[place] > 0 else -1
    times = [one * sign for one in times]
    weights = {column: weight * sign for column, weight in weights.items()}
    bound = sum(one * int(rows.at_least[row]) for row, one in enumerate(times) if one)
    lines, recipe = _recipe(pencil, times)
    total = signed_sum((weight, pencil.name(column)) for column, weight in weights.items())
    own = weights.pop(place)
    ends = [
        [int((rows.high if (weight > 0) == upper else rows.low)[column]) for column, weight in weights.items()]
        for upper in (True, False)
    ]
    sums = [
        None
        if any(abs(one) == NO_LIMIT for one in end)
        else sum(w * e for w, e in zip(weights.values(), end, strict=True))
        for end in ends
    ]
    low = None if sums[0] is None else -(-(bound - sums[0]) // own)
    high = None if sums[1] is None else (bound - sums[1]) // own
    known = f" ; {_known(pencil, list(weights))}" if weights else ""
    conclusion = f"{pencil.name(place)} vaut {interval(low, high)}"
    return [*lines, f"{recipe} donne {total} = {number(bound)}{known}, donc {conclusion}."]


def _known(pencil: Pencil, columns: Sequence[int]) -> str:
    rows = pencil.part.rows
    ranges = [interval(range_end(int(rows.low[column])), range_end(int(rows.high[column]))) for column in columns]
    return ", ".join(f"{pencil.labelled(one)} vaut {known}" for one, known in zip(columns, ranges, strict=True))


def _by_adding(pencil: Pencil, times: Sequence[int]) -> list[str]:
    """Statements added and subtracted until one is left that cannot be."""
    rows = pencil.part.rows
    weights = combined(rows, times)
    bound = sum(one * int((rows.at_least if one > 0 else rows.at_most)[row]) for row, one in enumerate(times) if one)
    most = [int((rows.high if weight > 0 else rows.low)[column]) for column, weight in weights.items()]
    if any(abs(one) == NO_LIMIT for one in most):
        return []
    total = signed_sum((weight, pencil.name(column)) for column, weight in weights.items())
    reach = sum(weight * one for weight, one in zip(weights.values(), most, strict=True))
    lines, recipe = _recipe(pencil, times)
    end = f"{recipe} donne {total} ≥ {number(bound)}"
    if not weights:
        return [*lines, f"{end} : c’est impossible."]
    known = _known(pencil, list(weights))
    return [*lines, f"{end}, alors que {known} : au plus {number(reach)}. C’est impossible."]


def _by_supposing(pencil: Pencil) -> list[str]:
    """One narrowing after the other until a cell has no value left."""
    made = deduce(pencil.part.rows)
    if made.crossed is None:
        return []
    column = made.crossed
    lines = pencil.lines(made.leading_to((column, 0), (column, 1)))
    low, high = interval(made.bounds[0][column], None), interval(None, made.bounds[1][column])
    return [*lines, f"{pencil.labelled(column)} vaudrait {low} et {high} : c’est impossible."]


def _by_trying(pencil: Pencil) -> list[str]:
    rows = pencil.part.rows
    lines = [
        f"({row + 1}) {pencil.said(row)} : {pencil.equation(row, pencil.leaning(row))}." for row in range(rows.height)
    ]
    return [*lines, "Aucune répartition en nombres entiers ne satisfait ces énoncés ensemble : toutes ont été exclues."]

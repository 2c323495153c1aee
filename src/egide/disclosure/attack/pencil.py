"""A deduction in French, line by line, so that it can be checked with a pencil.

Each line says where the statement is read, writes it with its shown numbers, recalls what is known of the other
hidden cells, and concludes. Narrow no-break spaces between thousands, decimal comma.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import groupby

from attrs import frozen

from egide.disclosure.attack.components import Part
from egide.disclosure.attack.rows import NO_LIMIT
from egide.disclosure.attack.steps import Step
from egide.disclosure.attack.system import Number, Shown, Statement, System

THIN = "\u202f"
MINUS = "\u2212"
MOST_LINES = 20  # of one deduction: a reader checks no more; a longer one is cut in its middle
_LAST_LINES = 4
_LISTED = 6  # statements, and cells, named for the lines left out


def number(value: Number) -> str:
    """`1 062`, `88,5`, `−3`, or `1/3` when no decimal writing ends."""
    exact = Fraction(value)
    sign, size = (f"{MINUS}{THIN}" if exact < 0 else ""), abs(exact)
    if size.denominator == 1:
        return f"{sign}{int(size):,}".replace(",", THIN)
    for places in range(1, 7):
        if (size * 10**places).denominator == 1:
            whole, decimals = divmod(int(size * 10**places), 10**places)
            return f"{sign}{whole:,}".replace(",", THIN) + "," + str(decimals).zfill(places)
    return f"{sign}{size.numerator}/{size.denominator}"


def interval(low: int | None, high: int | None) -> str:
    """`14 à 17`, `5`, `au moins 5`, `au plus 17`."""
    if low is not None and low == high:
        return number(low)
    if low is not None and high is not None:
        return f"{number(low)} à {number(high)}"
    if low is not None:
        return f"au moins {number(low)}"
    return "n’importe quel nombre" if high is None else f"au plus {number(high)}"


def signed_sum(terms: Iterable[tuple[Number, str]]) -> str:
    """`a + 2 × b − c`, what is added first."""
    text = ""
    for weight, what in sorted(terms, key=lambda term: term[0] < 0):
        size: Number = abs(Fraction(weight))
        factor = what if size == 1 else f"{number(size)} × {what}"
        if not text:
            text = factor if weight > 0 else f"{MINUS}{THIN}{factor}"
        else:
            text += f" + {factor}" if weight > 0 else f" {MINUS} {factor}"
    return text or "0"


@frozen(kw_only=True)
class Pencil:
    """Writes deductions made on `part`, whose unknowns and rows belong to `system`."""

    system: System
    part: Part

    def lines(self, steps: Sequence[Step]) -> list[str]:
        """One line per statement used for one cell; both sides of a range are written together. Of a long deduction,
        the first and the last ones, and between them what the others repeat."""
        runs = [list(run) for _, run in groupby(steps, key=lambda step: (step.row, step.column))]
        if len(runs) <= MOST_LINES:
            return [self._line(run) for run in runs]
        first = MOST_LINES - _LAST_LINES - 1
        head, middle, tail = runs[:first], runs[first:-_LAST_LINES], runs[-_LAST_LINES:]
        return [*map(self._line, head), self._left_out(middle), *map(self._line, tail)]

    def _left_out(self, runs: Sequence[Sequence[Step]]) -> str:
        """How many lines are not written, the statements they use, and what they end with: enough to redo them."""
        said = list(dict.fromkeys(self.said(run[0].row) for run in runs))
        listed = " ; ".join(said[:_LISTED]) + (f" ; et {len(said) - _LISTED} autres" if len(said) > _LISTED else "")
        held: dict[int, dict[int, int]] = {}
        for run in runs:
            for step in run:
                held.setdefault(step.column, {})[step.side] = step.value
        ends = [f"{self.name(one)} vaut {interval(end.get(0), end.get(1))}" for one, end in held.items()]
        more = f", et de même pour {len(ends) - _LISTED} autres cellules" if len(ends) > _LISTED else ""
        return (
            f"[{len(runs)} lignes semblables ne sont pas écrites : les mêmes calculs, repris avec ce qui vient d’être "
            f"trouvé ({listed}), jusqu’à {', '.join(ends[:_LISTED])}{more}.]"
        )

    def said(self, row: int) -> str:
        return self.statement(row).said

    def statement(self, row: int) -> Statement:
        return self.system.statements[int(self.system.origins[int(self.part.origins[row])])]

    def name(self, column: int) -> str:
        place = int(self.part.columns[column])
        return self.system.unknowns[place].name or str(self.system.cells[place])

    def labelled(self, column: int) -> str:
        """The name with the label it is printed under: `alternatives (« < 5 »)`."""
        label = self.system.unknowns[int(self.part.columns[column])].label
        return f"{self.name(column)} («\u00a0{label}\u00a0»)"

    def equation(self, row: int, sign: int = 1, sides: frozenset[int] = frozenset((0, 1))) -> str:
        """The statement with its shown numbers on the right. `sign` -1 turns it round; `sides`: the bounds wanted."""
        statement = self.statement(row)
        over, _ = statement.over(self.system.shown)
        left = signed_sum((sign * weight, self._name_of(cell)) for cell, weight in over.items())
        shown = [(cell, sign * weight) for cell, weight in statement.terms if cell in self.system.shown]
        low, high = (statement.low, statement.high) if sign > 0 else (statement.high, statement.low)
        strict = (statement.low_strict, statement.high_strict)
        low_strict, high_strict = strict if sign > 0 else strict[::-1]
        if low is not None and low == high:
            return f"{left} = {_right(sign * low, shown, self.system.shown)}"
        parts = []
        if low is not None and 0 in sides:
            parts.append(f"{left} {'>' if low_strict else '≥'} {_right(sign * low, shown, self.system.shown)}")
        if high is not None and 1 in sides:
            parts.append(f"{left} {'<' if high_strict else '≤'} {_right(sign * high, shown, self.system.shown)}")
        return " et ".join(parts)

    def leaning(self, row: int) -> int:
        """1 or -1: which way round the statement reads best, with most of its hidden cells added."""
        over, _ = self.statement(row).over(self.system.shown)
        return 1 if sum(1 if weight > 0 else -1 for weight in over.values()) >= 0 else -1

    def counted(self, row: int, sign: int = 1) -> str:
        """The same statement as it is used: whole weights, whole bounds, shown numbers taken away."""
        rows = self.part.rows
        span = slice(int(rows.starts[row]), int(rows.starts[row + 1]))
        weights = zip(rows.weights[span].tolist(), rows.columns[span].tolist(), strict=True)
        left = signed_sum((sign * weight, self.name(column)) for weight, column in weights)
        ends = [range_end(sign * int(one[row])) for one in (rows.at_least, rows.at_most)]
        low, high = ends[::sign]
        if low is not None and low == high:
            return f"{left} = {number(low)}"
        below = "" if low is None else f"{number(low)} ≤ "
        return f"{below}{left}" + ("" if high is None else f" ≤ {number(high)}")

    def _line(self, run: Sequence[Step]) -> str:
        step = run[0]
        sides = frozenset(one.side for one in run)
        equation = self.equation(step.row, self._sign(step), sides)
        known = self._known(run)
        values = {one.side: one.value for one in run}
        conclusion = f"{self.name(step.column)} vaut {interval(values.get(0), values.get(1))}"
        joined = f" ; {known}, donc {conclusion}" if known else f", donc {conclusion}"
        return f"{self.said(step.row)} : {equation}{joined}."

    def _known(self, run: Sequence[Step]) -> str:
        """What is known of the other hidden cells, as far as these steps use it."""
        held: dict[int, dict[int, int]] = {}
        for step in run:
            for column, side, value in step.others:
                held.setdefault(column, {})[side] = value
        rows = self.part.rows
        phrases = []
        for column, ends in held.items():
            by_label = all(value == int((rows.high if side else rows.low)[column]) for side, value in ends.items())
            who = self.labelled(column) if by_label else self.name(column)
            phrases.append(f"{who} vaut {interval(ends.get(0), ends.get(1))}")
        return ", ".join(phrases)

    def _sign(self, step: Step) -> int:
        """Turn the statement round when the cell concluded about is subtracted in it."""
        cell = self.system.cells[int(self.part.columns[step.column])]
        over, _ = self.statement(step.row).over(self.system.shown)
        return 1 if over[cell] > 0 else -1

    def _name_of(self, cell: Hashable) -> str:
        place = next(n for n, column in enumerate(self.part.columns) if self.system.cells[int(column)] == cell)
        return self.name(place)


def _right(bound: Number, shown: Sequence[tuple[Hashable, Number]], values: Mapping[Hashable, Shown]) -> str:
    """`956 − 938 = 18`: the bound less what is shown, and what that makes."""
    terms: list[tuple[Number, str]] = [(1 if bound > 0 else -1, number(abs(Fraction(bound))))] if bound else []
    terms += [(-weight, number(values[cell].value)) for cell, weight in shown if weight and values[cell].value]
    total = Fraction(bound) - sum((Fraction(weight) * values[cell].value for cell, weight in shown), Fraction(0))
    text = signed_sum(terms)
    return number(total) if text == number(total) or not terms else f"{text} = {number(total)}"


def range_end(bound: int) -> int | None:
    return None if abs(bound) == NO_LIMIT else bound

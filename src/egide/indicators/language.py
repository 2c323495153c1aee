"""The language of prose, figures and tables: `share(a[2025], b[2025])`, `a.growth(2021, 2025)`. Read, never run.

Names are series, brackets hold a period, functions are those of the catalogue. A method on a series is a shorter
way to write a function: both have the same canonical text, so the same number has one identifier.
Source: docs/methods/README.md.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Protocol

from attrs import frozen

from egide.errors import CalculationRefused, UnknownIdentifier
from egide.facts.model import Fact, FactKey, SeriesKey
from egide.indicators import grammar
from egide.indicators.catalogue import FORMULAS, apply
from egide.indicators.derived import Operand, Term
from egide.indicators.words import listed, quoted
from egide.reference.periods import Period

MAX_PERIODS = 60  # periods a mean may run over


@frozen(kw_only=True)
class NamedSeries:
    """A name an author may write, what it stands for, and its French caption."""

    name: str
    key: SeriesKey
    label: str


class Facts(Protocol):
    """What a calculation asks of a book of facts: one fact, or all the points of a series."""

    def get(self, key: FactKey, /) -> Fact | None: ...

    def series(self, key: SeriesKey, /) -> Mapping[str, Fact]: ...


@frozen
class Reference:
    """One point of a series."""

    name: str
    period: str

    def __str__(self) -> str:
        year = re.fullmatch(r"[1-9]\d{3}", self.period)
        return f"{self.name}[{self.period}]" if year else f'{self.name}["{self.period}"]'


@frozen
class Call:
    formula: str
    arguments: tuple[Node, ...]

    def __str__(self) -> str:
        return f"{self.formula}({', '.join(map(str, self.arguments))})"


Node = Reference | Call


@frozen
class Expression:
    """What to compute. `canonical` is its one text: two expressions that ask for the same thing have the same."""

    node: Node

    @property
    def canonical(self) -> str:
        return str(self.node)

    def references(self) -> tuple[tuple[str, str], ...]:
        """Every (name, period) it needs, in order, each once."""
        return tuple(dict.fromkeys(_references(self.node)))


def _references(node: Node) -> Iterator[tuple[str, str]]:
    if isinstance(node, Reference):
        yield node.name, node.period
    else:
        for argument in node.arguments:
            yield from _references(argument)


def parse(text: str, *, x: str | int | None = None) -> Expression:
    """Read an expression. `x` is the period that stands for the letter x in a figure's template `a[x]`.

    Raises CalculationRefused, in French, with the position of what cannot be read.
    """
    return Expression(_Reader(text, None if x is None else str(x)).node(grammar.read(text)))


class MissingPoint(UnknownIdentifier):
    """The series exists, this period of it does not: a figure leaves the point out and says so."""


def evaluate(expression: Expression | str, series: Mapping[str, NamedSeries], book: Facts) -> Operand:
    """The fact an expression points at, or the result it asks for.

    Raises UnknownIdentifier for a name nobody declared (MissingPoint for a period nobody stated), and
    CalculationRefused for what a statistician would not compute.
    """
    asked = parse(expression) if isinstance(expression, str) else expression
    return _term(asked.node, series, book).operand


def _term(node: Node, series: Mapping[str, NamedSeries], book: Facts) -> Term:
    if isinstance(node, Call):
        result = apply(node.formula, [_term(argument, series, book) for argument in node.arguments])
        return Term(operand=result, text=str(node), label=result.label)
    if node.name not in series:
        near = get_close_matches(node.name, series, n=3)
        hint = f" Noms proches : {listed(map(quoted, near))}." if near else ""
        raise UnknownIdentifier(f"{quoted(node.name)} n’est le nom d’aucune série.{hint}")
    named = series[node.name]
    fact = book.get(named.key.at(node.period))
    if fact is None:
        periods = [quoted(period) for period in sorted(book.series(named.key))]
        known = f"Périodes connues : {listed(periods)}." if periods else "Aucune période n’est connue."
        raise MissingPoint(f"{quoted(node.name)} n’a pas de valeur pour {quoted(node.period)}. {known}")
    return Term(operand=fact, text=str(node), label=named.label)


# ---------------------------------------------------------------- reading


class _Reader:
    """Turns Python's syntax tree into ours, and refuses everything that is not in the language."""

    def __init__(self, text: str, x: str | None) -> None:
        self._text = text
        self._x = x

    def node(self, tree: ast.expr) -> Node:
        match tree:
            case ast.Subscript(value=ast.Name(id=name), slice=period):
                return Reference(name, self._period(period))
            case ast.Call(func=ast.Name(id=name), keywords=[]):
                return self._function(tree, name)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method), keywords=[]):
                return self._method(tree, name, method)
            case ast.Name(id=name):
                raise self._refusal(tree, f"précisez la période, par exemple {quoted(f'{name}[2025]')}")
            case ast.Constant():
                raise self._refusal(tree, "un nombre ne s’écrit pas dans une expression, il se désigne")
            case ast.BinOp() | ast.UnaryOp() | ast.Compare() | ast.BoolOp():
                raise self._refusal(tree, f"les opérateurs n’existent pas ici ; formules : {listed(FORMULAS)}")
            case _:
                raise self._refusal(tree, "on attend une série avec sa période, ou une formule")

    def _function(self, tree: ast.Call, name: str) -> Node:
        if name not in FORMULAS:
            raise self._refusal(tree, f"{quoted(name)} n’est pas une formule ; formules : {listed(FORMULAS)}")
        if not FORMULAS[name].takes(len(tree.args)):
            raise self._refusal(tree, f"la formule s’écrit {quoted(FORMULAS[name].signature)}")
        return Call(name, tuple(self.node(argument) for argument in tree.args))

    def _method(self, tree: ast.Call, name: str, method: str) -> Node:
        if method not in _METHODS:
            raise self._refusal(tree, f"{quoted(method)} ne suit pas une série ; on peut écrire {listed(_METHODS)}")
        if len(tree.args) != 2:
            raise self._refusal(tree, f"{quoted(method)} prend deux périodes")
        first, last = (self._period(argument) for argument in tree.args)
        if method != "mean":
            return Call(method, (Reference(name, first), Reference(name, last)))
        periods = _between(first, last)
        if periods is None:
            reason = f"on ne sait pas quelles périodes vont de {quoted(first)} à {quoted(last)}"
            raise self._refusal(tree, f"{reason} ({MAX_PERIODS} au plus, années, années scolaires ou jours)")
        return Call("mean", tuple(Reference(name, period) for period in periods))

    def _period(self, tree: ast.expr) -> str:
        match tree:
            case ast.Name(id="x") if self._x is not None:
                text = self._x
            case ast.Constant(value=int() as year) if type(year) is int:
                text = str(year)
            case ast.Constant(value=str() as written):
                text = written
            case _:
                raise self._refusal(tree, 'on attend une période : 2025 ou "2025-12-31" ou "2017..2024"')
        try:
            return Period.parse(text).text
        except ValueError:
            reason = f"{quoted(text)} n’est pas une période : on attend 2025, 2025-12-31, 2024-2025 ou 2017..2024"
            raise self._refusal(tree, reason) from None

    def _refusal(self, tree: ast.expr, reason: str) -> CalculationRefused:
        return grammar.refusal(self._text, grammar.position(self._text, tree), reason)


_METHODS = ("growth", "difference", "points", "cagr", "multiple", "index", "mean")


def _between(first: str, last: str) -> list[str] | None:
    """All the years from one to the other, both included; None when it is not clear what lies between."""
    step = next((step for shape, step in _STEPS if re.fullmatch(shape, first) and re.fullmatch(shape, last)), None)
    periods = [first]
    while step and periods[-1] != last and len(periods) < MAX_PERIODS:
        following = step(periods[-1])
        if following is None:
            return None
        periods.append(following)
    return periods if periods[-1] == last and first != last else None


def _next_year(period: str) -> str | None:
    return str(int(period) + 1)


def _next_school_year(period: str) -> str | None:
    return f"{period[5:]}-{int(period[5:]) + 1}"


def _next_day(period: str) -> str | None:
    """The same day a year later; 29 February has none."""
    day = date.fromisoformat(period)
    return None if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1).isoformat()


_STEPS: tuple[tuple[str, Callable[[str], str | None]], ...] = (
    (r"\d{4}", _next_year),
    (r"\d{4}-\d{4}", _next_school_year),
    (r"\d{4}-\d{2}-\d{2}", _next_day),
)

"""All the numbers a publication asks for, at once, and everything that is refused, at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from egide.errors import CalculationRefused, EgideError, UnknownIdentifier
from egide.indicators.derived import Operand
from egide.indicators.language import Expression, Facts, NamedSeries, evaluate, parse
from egide.indicators.words import quoted


def compute(
    expressions: Iterable[Expression | str], series: Mapping[str, NamedSeries], book: Facts
) -> dict[str, Operand]:
    """Canonical text -> fact or result, in the order asked, each once.

    Raises CalculationRefused with one line per expression that cannot be computed; UnknownIdentifier when all that
    is wrong is names or periods that do not exist.
    """
    results: dict[str, Operand] = {}
    problems: dict[str, EgideError] = {}
    for asked, outcome in attempt(expressions, series, book).items():
        if isinstance(outcome, EgideError):
            problems[asked] = outcome
        else:
            results[asked] = outcome
    if problems:
        unknown = all(isinstance(problem, UnknownIdentifier) for problem in problems.values())
        kind = UnknownIdentifier if unknown else CalculationRefused
        raise kind("\n".join(_told(asked, str(problem)) for asked, problem in problems.items()))
    return results


def _told(asked: str, problem: str) -> str:
    return problem if problem.startswith(quoted(asked)) else f"{quoted(asked)} : {problem}"


def attempt(
    expressions: Iterable[Expression | str], series: Mapping[str, NamedSeries], book: Facts
) -> dict[str, Operand | EgideError]:
    """Canonical text -> result, or what is wrong with it: for a caller who knows the place each one comes from.

    An expression that cannot be read has no canonical text and stands under its own.
    """
    outcomes: dict[str, Operand | EgideError] = {}
    for expression in expressions:
        text = expression if isinstance(expression, str) else expression.canonical
        try:
            asked = parse(expression) if isinstance(expression, str) else expression
            text = asked.canonical
            if text not in outcomes:
                outcomes[text] = evaluate(asked, series, book)
        except EgideError as problem:
            outcomes[text] = problem
    return outcomes

"""A formula with its numbers put in, as a person would copy it to check it with a pencil."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from fractions import Fraction

from egide.indicators.claim_language import ClaimFact
from egide.indicators.words import MINUS, NBSP, french, possible

_SIGNS: Mapping[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: MINUS,
    ast.Mult: "×",
    ast.Div: "/",
    ast.Eq: "=",
    ast.NotEq: "≠",
    ast.Lt: "<",
    ast.LtE: "≤",
    ast.Gt: ">",
    ast.GtE: "≥",
}
_FUNCTIONS = {"abs": "valeur absolue de", "round": "arrondi de", "min": "plus petit de", "max": "plus grand de"}
_SUM, _PRODUCT, _ATOM = 1, 2, 3  # how tightly a text holds together


def pencil(tree: ast.expr, facts: Mapping[str, ClaimFact]) -> str:
    """The whole arithmetic of a formula that `evaluate` accepts: `100 × (755 + 27) / 1 127`."""
    return _text(tree, facts)[0]


def _text(tree: ast.expr, facts: Mapping[str, ClaimFact]) -> tuple[str, int]:
    match tree:
        case ast.Constant(value=int() | float() as number):
            return french(Fraction(str(number)), 10), _ATOM
        case ast.Constant(value=value):
            return str(value), _ATOM
        case ast.UnaryOp(operand=operand):
            return f"{MINUS}{_held(operand, facts, _ATOM)}", _SUM
        case ast.BinOp(left=left, op=op, right=right):
            level = _SUM if isinstance(op, ast.Add | ast.Sub) else _PRODUCT
            stronger = level + isinstance(op, ast.Sub | ast.Div)  # a − (b − c) keeps its parentheses
            return f"{_held(left, facts, level)} {_SIGNS[type(op)]} {_held(right, facts, stronger)}", level
        case ast.BoolOp(values=statements):
            return " et ".join(_text(statement, facts)[0] for statement in statements), 0
        case ast.Compare(left=first, ops=ops, comparators=others):
            parts = [_text(first, facts)[0]]
            for sign, other in zip(ops, others, strict=True):
                parts += [_SIGNS[type(sign)], _text(other, facts)[0]]
            return " ".join(parts), 0
        case ast.Call(func=ast.Name(id="f"), args=[ast.Constant(value=str() as name)]) if name in facts:
            return _fact(facts[name]), _ATOM
        case ast.Call(func=ast.Name(id="share"), args=[part, whole]):
            return f"100 × {_held(part, facts, _PRODUCT)} / {_held(whole, facts, _ATOM)}", _PRODUCT
        case ast.Call(func=ast.Name(id="growth"), args=[earlier, later]):
            rise = f"({_held(later, facts, _SUM)} {MINUS} {_held(earlier, facts, _PRODUCT)})"
            return f"100 × {rise} / {_held(earlier, facts, _ATOM)}", _PRODUCT
        case ast.Call(func=ast.Name(id="cagr"), args=[earlier, later, years]):
            change = f"({_held(later, facts, _PRODUCT)} / {_held(earlier, facts, _ATOM)})"
            return f"100 × ({change}^(1 / {_held(years, facts, _ATOM)}) {MINUS} 1)", _PRODUCT
        case ast.Call(func=ast.Name(id=name), args=arguments):  # f of a text that is itself computed comes here too
            inside = f"{NBSP}; ".join(_text(argument, facts)[0] for argument in arguments)
            return f"{_FUNCTIONS.get(name, name)} ({inside})", _ATOM
    raise AssertionError(f"evaluated beforehand: {ast.dump(tree)}")


def _held(tree: ast.expr, facts: Mapping[str, ClaimFact], level: int) -> str:
    text, own = _text(tree, facts)
    return text if own >= level else f"({text})"


def _fact(fact: ClaimFact) -> str:
    if fact.value is None:
        return "(non connu)"
    return french(fact.value.number, 6) if fact.value.is_exact else f"({possible(fact.value)})"

"""One line of text into a checked syntax tree, shared by both languages. Nothing is ever run by Python.

A text is short and shallow, so that no formula, however hostile, can exhaust memory or the stack.
"""

from __future__ import annotations

import ast
import warnings

from egide.errors import CalculationRefused
from egide.indicators.words import quoted

MAX_LENGTH = 6000  # characters: a sum over all departments takes about 3000
MAX_DEPTH = 150  # a chain of additions is as deep as it is long: one term per department fits


def read(text: str) -> ast.expr:
    """The syntax tree of one expression. Raises CalculationRefused, in French, with the position."""
    line = " ".join(text.split())
    if not line:
        raise CalculationRefused("Une expression vide ne désigne aucun nombre.")
    if len(line) > MAX_LENGTH:
        raise CalculationRefused(
            f"L’expression {quoted(line[:60] + '…')} compte {len(line)} caractères : {MAX_LENGTH} au plus."
        )
    try:
        with warnings.catch_warnings():  # Python warns of odd escapes; here they are just unknown names
            warnings.simplefilter("ignore")
            tree = ast.parse(line, mode="eval").body
    except SyntaxError as problem:
        raise refusal(line, problem.offset or 1, "elle n’est pas bien formée") from None
    except (ValueError, MemoryError, RecursionError):
        raise refusal(line, 1, "elle n’est pas bien formée") from None
    if _depth(tree) > MAX_DEPTH:
        raise refusal(line, 1, f"elle est imbriquée sur plus de {MAX_DEPTH} niveaux")
    return tree


def position(text: str, node: ast.expr) -> int:
    """The character a node begins at, from 1. Python counts bytes, a reader counts characters."""
    line = " ".join(text.split())
    return len(line.encode()[: node.col_offset].decode(errors="ignore")) + 1


def refusal(text: str, character: int, reason: str) -> CalculationRefused:
    line = " ".join(text.split())
    shown = line if len(line) <= 120 else line[:117] + "…"
    return CalculationRefused(f"Expression {quoted(shown)}, caractère {character} : {reason}.")


def _depth(tree: ast.expr) -> int:
    """Counted level by level: a recursive count would itself overflow on what it must refuse."""
    depth, level = 0, [tree]
    while level and depth <= MAX_DEPTH:
        depth += 1
        level = [child for node in level for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
    return depth

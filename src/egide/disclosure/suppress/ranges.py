"""A hidden number that could be said more closely: the narrowest class it can be printed in without harm.

Classes lie on a grid that does not depend on the number (2, 5, 10, 20, 50… wide, from a multiple of their width), so
that the place of the number in its class cannot be guessed from the way the class was chosen.
Source: docs/methods/secondary-suppression.md.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping

import numpy as np
from attrs import evolve

from egide.disclosure.attack.audit import DEFAULT
from egide.disclosure.attack.findings import FULL, Level
from egide.disclosure.attack.settle import Limits
from egide.disclosure.attack.system import Attacker, Statement, Unknown
from egide.disclosure.secondary import Suppression, statement_of
from egide.disclosure.suppress.table import Table
from egide.facts.relations import Relation

_WIDEST = 10**6


def narrowest_safe_range(
    key: Hashable,
    suppression: Suppression,
    values: Mapping[Hashable, int],
    relations: Iterable[Statement | Relation],
    *,
    level: Level = FULL,
    threshold: int = 5,
    zero_is_sensitive: bool = False,
    given: Mapping[Hashable, Unknown] | None = None,
    attacker: Attacker = Attacker.LABELS_KNOWN,
    limits: Limits = DEFAULT,
) -> Unknown | None:
    """`x < nc < y` for one cell hidden `nc`, all the others hidden as they are.

    In:     the same values, relations, `given` cells and `attacker` as `protect` was given, and what it answered.
    Out:    the narrowest class of the grid that leaves every unsafe cell as protected as before; None when no class
            does, and the cell stays `nc`. One range at a time: print it, then ask for the next with it in `relations`.
    Raises: ValueError for a cell that is not hidden `nc`, or that is unsafe itself.
    Source: docs/methods/secondary-suppression.md.
    """
    if key not in suppression.secondary or values[key] < threshold:
        raise ValueError(f"{key} is not hidden to protect another cell, as « nc »")
    said = [statement_of(one) for one in relations]
    table = Table.of(
        values,
        said,
        suppression.unsafe,
        weights={},
        level=level,
        locked=frozenset(),
        threshold=threshold,
        zero_is_sensitive=zero_is_sensitive,
        given=given,
        attacker=attacker,
    )
    chosen = np.fromiter((one in suppression.hidden for one in table.keys), dtype=bool, count=len(table.keys))
    hidden = chosen | table.given
    need = np.where(table.unsafe, table.wanted, 0)
    places = {one: number for number, one in enumerate(table.keys)}
    for short, count in suppression.short.items():
        need[places[short]] = count
    place = places[key]
    for first, last in _classes(values[key], threshold):
        rows = table.rows
        low, high = rows.low.copy(), rows.high.copy()
        low[place], high[place] = first, last
        printed = evolve(table, system=evolve(table.system, rows=rows.within(low, high)))
        if bool(np.all(printed.left(printed.attacked(hidden, table.unsafe, limits)) >= need)):
            return Unknown.between(first - 1, last + 1)
    return None


def _classes(number: int, threshold: int) -> Iterator[tuple[int, int]]:
    """Classes that hold the number, narrowest first; the first number of one is never below the threshold."""
    scale = 1
    while scale < _WIDEST:
        for width in (2 * scale, 5 * scale, 10 * scale):
            first = number // width * width
            low, high = max(first, threshold), first + width - 1
            if low < high:
                yield low, high
        scale *= 10

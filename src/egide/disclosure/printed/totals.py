"""Which line of a printed table is the sum of which others: declared, or recognised.

A line is a row or a column. « Total » and « Ensemble » are the sum of the lines that are not themselves a part of
another; lines that begin with « dont » are parts of the line above them; in tables of codes, `prison_firm` and
`prison_suspended` are the parts of `prison` if they add up to it. Without a heading that says so, the last or the
first line is a total if it is the sum of the others wherever all are shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from attrs import frozen

from egide.disclosure.attack.system import Statement
from egide.disclosure.printed.tables import Hidden, Place, Table
from egide.errors import Defect
from egide.indicators.words import listed, quoted

Axis = Literal["row", "column"]
TOTALS = frozenset({"total", "ensemble", "total général", "totaux"})
_OVERWHELMING = 10  # one sum that holds may be chance when it is smaller


@frozen(kw_only=True)
class Breakdown:
    """`whole` is the sum of `parts`; or, not `exact`, at least as large as each of them."""

    axis: Axis
    whole: str
    parts: tuple[str, ...]
    exact: bool = True


@frozen(kw_only=True)
class DeclaredTotal:
    """What `audit.toml` says of one line of one table. No parts: the line is not a total of the others."""

    table: str
    axis: Axis
    whole: str
    parts: tuple[str, ...]


def check_declared(declared: Iterable[DeclaredTotal], tables: Sequence[Table]) -> Iterator[Defect]:
    """A declared line that no table has."""
    by_name = {table.name: table for table in tables}
    for one in declared:
        table = by_name.get(one.table)
        place = f"audit.toml, total {quoted(one.whole)}"
        if table is None:
            names = listed(map(quoted, by_name)) or "aucun"
            yield Defect(
                place=place, expected=f"un tableau du dossier ({names})", got=quoted(one.table), way_out="Nommez-le."
            )
            continue
        headings = table.rows if one.axis == "row" else table.columns
        for name in dict.fromkeys((one.whole, *one.parts)):
            if name not in headings or (name == one.whole and name in one.parts):
                kind = "une ligne" if one.axis == "row" else "une colonne"
                expected = f"{kind} de {one.table}, autre que le total lui-même"
                yield Defect(place=place, expected=expected, got=quoted(name), way_out="Reprenez le titre à la lettre.")


def breakdowns(table: Table, declared: Iterable[DeclaredTotal] = ()) -> list[Breakdown]:
    """Every sum that the table shows, along both its axes."""
    mine = [one for one in declared if one.table == table.name]
    return [one for axis in ("row", "column") for one in _along(table, axis, [d for d in mine if d.axis == axis])]


def _along(table: Table, axis: Axis, declared: Sequence[DeclaredTotal]) -> Iterator[Breakdown]:
    names = table.rows if axis == "row" else table.columns
    told = {one.whole for one in declared}
    for one in declared:
        if one.parts:
            yield Breakdown(axis=axis, whole=one.whole, parts=one.parts)
    inner = {part for one in declared if not _is_total(one.whole) for part in one.parts}
    for whole, parts in _families(names, table.codes):
        adds_up = len(parts) > 1 and _holds(table, Breakdown(axis=axis, whole=whole, parts=parts)) > 0
        if not adds_up and table.codes:
            continue  # one code merely begins like another
        inner.update(parts)
        if whole not in told and adds_up:
            yield Breakdown(axis=axis, whole=whole, parts=parts)
        elif whole not in told:
            yield from (Breakdown(axis=axis, whole=whole, parts=(part,), exact=False) for part in parts)
    tops = tuple(name for name in names if name not in inner and not _is_total(name))
    headed = [name for name in names if _is_total(name)]
    for whole in headed:
        if whole not in told and tops:
            yield Breakdown(axis=axis, whole=whole, parts=tops)
    if not headed and len(tops) > 2:
        for whole in (tops[-1], tops[0]):
            found = Breakdown(axis=axis, whole=whole, parts=tuple(name for name in tops if name != whole))
            if whole not in told and _holds(table, found) > 1:
                yield found
                return


def _is_total(name: str) -> bool:
    return name.casefold() in TOTALS


def _families(names: Sequence[str], codes: bool) -> Iterator[tuple[str, tuple[str, ...]]]:
    if codes:
        for whole in names:
            if parts := tuple(name for name in names if name.startswith(f"{whole}_")):
                yield whole, parts
        return
    whole, parts = "", ()
    for name in names:
        if name.casefold().startswith("dont "):
            parts = (*parts, name)
            continue
        if whole and parts:
            yield whole, parts
        whole, parts = name, ()
    if whole and parts:
        yield whole, parts


def _holds(table: Table, one: Breakdown) -> int:
    """How many times the sum is seen to hold, a large one counting twice; -1 when it is seen not to hold."""
    times = 0
    for _, whole, parts in _sums(table, one):
        shown = [cell for _, cell in parts if isinstance(cell, int)]
        if not isinstance(whole[1], int) or len(shown) < len(parts):
            continue
        if sum(shown) != whole[1]:
            return -1
        if sum(1 for number in shown if number) > 1:
            times += 1 + (whole[1] >= _OVERWHELMING)
    return times


Located = tuple[Place, int | Hidden]


def _sums(table: Table, one: Breakdown) -> Iterator[tuple[str, Located, list[Located]]]:
    """Each place where the breakdown is printed: the crossing line, the whole, the parts that exist there."""
    for line in table.columns if one.axis == "row" else table.rows:

        def at(name: str, line: str = line) -> tuple[str, str]:
            return (name, line) if one.axis == "row" else (line, name)

        if (whole := table.cells.get(at(one.whole))) is None:
            continue
        parts = [(table.place(*at(part)), table.cells[at(part)]) for part in one.parts if at(part) in table.cells]
        if parts:
            yield line, (table.place(*at(one.whole)), whole), parts


def statements(table: Table, one: Breakdown) -> Iterator[Statement | Defect]:
    """What the breakdown says wherever it is printed; a defect where what is shown belies it."""
    for _, (place, whole), parts in _sums(table, one):
        sign = 1 if one.exact else 0
        shown = [cell for _, cell in parts if isinstance(cell, int)]
        all_shown = isinstance(whole, int) and len(shown) == len(parts)
        if isinstance(whole, int) and all_shown and (sum(shown) != whole if sign else max(shown) > whole):
            yield _false_sum(place, whole, shown, one)
            continue
        if all_shown:
            continue
        terms = [(place, 1), *((part, -1) for part, _ in parts)]
        yield Statement(terms=tuple(terms), low=0, high=0 if one.exact else None, said=str(place))


def _false_sum(place: Place, whole: int, shown: Sequence[int], one: Breakdown) -> Defect:
    added = " + ".join(map(str, shown))
    expected = (
        f"{sum(shown)}, somme des parties ({added})" if one.exact else f"au moins {max(shown)}, sa plus grande part"
    )
    way_out = (
        "Corrigez le nombre ; ou, si ce titre n’est pas la somme des autres, dites-le dans audit.toml : "
        f'[[total]] table = "{place.table}", {one.axis} = "{one.whole}", parts = [].'
    )
    return Defect(place=str(place), expected=expected, got=str(whole), way_out=way_out)

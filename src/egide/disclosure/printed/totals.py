"""Which line of a printed table is the sum of which others: declared, or recognised.

A line is a row or a column. « Total » and « Ensemble » are the sum of the lines that are not themselves a part of
another; lines that begin with « dont » are parts of the line above them; in tables of codes, `prison_firm` and
`prison_suspended` are the parts of `prison` if they add up to it. Without a heading that says so, the last or the
first line is a total if it is the sum of the others wherever all are shown. In a table of more dimensions, the same
is sought along each of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from attrs import frozen

from egide.disclosure.attack.system import Statement
from egide.disclosure.printed.tables import Hidden, Place, Table
from egide.errors import Defect
from egide.indicators.words import listed, quoted

Axis = Literal["row", "column"]
TOTALS = frozenset({"total", "ensemble", "total général", "total general", "totaux"})
_OVERWHELMING = 10  # one sum that holds may be chance when it is smaller
_WRITTEN = 12  # shown parts written one by one in an explanation; beyond, their sum


@frozen(kw_only=True)
class Breakdown:
    """`whole` is the sum of `parts`; or, not `exact`, at least as large as each of them."""

    axis: Axis
    whole: str
    parts: tuple[str, ...]
    exact: bool = True


@frozen(kw_only=True)
class DeclaredTotal:
    """What `audit.toml` says of one line of one table. No parts: the line is not a total of the others.

    `dimension` names the column of codes of a long file in which `whole` and `parts` are found.
    """

    table: str
    axis: Axis
    whole: str
    parts: tuple[str, ...]
    dimension: str = ""


@frozen(kw_only=True)
class Sum:
    """One printed sum: where its whole and its parts are."""

    whole: Place
    total: int | Hidden
    parts: tuple[tuple[Place, int | Hidden], ...]
    exact: bool = True
    way_out: str = ""  # what to declare when it is no sum

    @property
    def gap(self) -> int | None:
        """What the shown whole lacks to be the sum of its parts, all shown; None when something is hidden."""
        return _gap(self.total, [cell for _, cell in self.parts], self.exact)

    def statement(self) -> Statement:
        """What a reader is told. Of many shown parts, only the sum is kept."""
        shown = [cell for _, cell in self.parts if isinstance(cell, int)]
        folded = len(shown) > _WRITTEN
        kept = [place for place, cell in self.parts if not folded or not isinstance(cell, int)]
        least = sum(shown) if folded else 0
        terms = [(self.whole, 1), *((place, -1) for place in kept)]
        return Statement(terms=tuple(terms), low=least, high=least if self.exact else None, said=str(self.whole))


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
        if one.dimension and one.dimension not in table.dimensions:
            expected = f"une colonne de codes de {one.table} ({listed(map(quoted, table.dimensions)) or 'aucune'})"
            yield Defect(place=place, expected=expected, got=quoted(one.dimension), way_out="Nommez-la.")
            continue
        headings = _headings(table, one)
        for name in dict.fromkeys((one.whole, *one.parts)):
            if name not in headings or (name == one.whole and name in one.parts):
                kind = "une ligne" if one.axis == "row" else "une colonne"
                expected = f"{kind} de {one.table}, autre que le total lui-même"
                yield Defect(place=place, expected=expected, got=quoted(name), way_out="Reprenez le titre à la lettre.")


def _headings(table: Table, one: DeclaredTotal) -> Sequence[str]:
    if one.dimension and one.dimension != table.dimensions[-1]:
        rank = table.dimensions.index(one.dimension)
        return [titles[rank] for titles in (table.coordinates or {row: (row,) for row in table.rows}).values()]
    return table.rows if one.axis == "row" and not one.dimension else table.columns


def breakdowns(table: Table, declared: Iterable[DeclaredTotal] = ()) -> list[Breakdown]:
    """Every sum that the table shows, along both its axes."""
    mine = [one for one in declared if one.table == table.name]
    found: list[Breakdown] = []
    for rank, dimension in enumerate(table.dimensions[:-1] if table.coordinates else ()):
        told = [one for one in mine if one.dimension == dimension]
        for names in _crossed(table, rank):
            found += _along(table, "row", told, {table.coordinates[name][rank]: name for name in names})
    axes: tuple[Axis, ...] = ("column",) if table.coordinates else ("row", "column")
    for axis in axes:
        dimension = "" if not table.dimensions else table.dimensions[-1 if axis == "column" else 0]
        told = [one for one in mine if (one.dimension == dimension if one.dimension else one.axis == axis)]
        found += _along(table, axis, told, {name: name for name in (table.rows if axis == "row" else table.columns)})
    return found


def _crossed(table: Table, rank: int) -> Iterable[tuple[str, ...]]:
    """The rows that differ in one coordinate only."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for row, titles in table.coordinates.items():
        groups.setdefault(titles[:rank] + titles[rank + 1 :], []).append(row)
    return map(tuple, groups.values())


def _along(
    table: Table, axis: Axis, declared: Sequence[DeclaredTotal], named: Mapping[str, str]
) -> Iterator[Breakdown]:
    """`named`: the lines, by what heads them along the dimension looked at."""
    told = {one.whole for one in declared}
    for one in declared:
        parts = tuple(named[part] for part in one.parts if part in named)
        if parts and one.whole in named:
            yield Breakdown(axis=axis, whole=named[one.whole], parts=parts)
    inner = {part for one in declared if not _is_total(one.whole) for part in one.parts}
    for whole, parts in _families(list(named), table.codes):
        family = Breakdown(axis=axis, whole=named[whole], parts=tuple(named[part] for part in parts))
        adds_up = len(parts) > 1 and _holds(table, family) > 0
        if not adds_up and table.codes:
            continue  # one code merely begins like another
        inner.update(parts)
        if whole not in told and adds_up:
            yield family
        elif whole not in told:
            yield from (Breakdown(axis=axis, whole=family.whole, parts=(part,), exact=False) for part in family.parts)
    tops = tuple(name for title, name in named.items() if title not in inner and not _is_total(title))
    headed = [title for title in named if _is_total(title)]
    for whole in headed:
        if whole not in told and tops:
            yield Breakdown(axis=axis, whole=named[whole], parts=tops)
    if not headed and len(tops) > 2 and not table.coordinates:
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


Key = tuple[str, str]
Located = list[tuple[Key, int | Hidden]]


def _printed(table: Table, one: Breakdown) -> Iterator[tuple[Key, int | Hidden, Located]]:
    """Each place where the breakdown is printed: the whole, and the parts that exist there."""
    cells, by_row = table.cells, one.axis == "row"
    for line in table.columns if by_row else table.rows:
        where = (one.whole, line) if by_row else (line, one.whole)
        if (whole := cells.get(where)) is None:
            continue
        keys = [(part, line) if by_row else (line, part) for part in one.parts]
        if parts := [(key, cell) for key in keys if (cell := cells.get(key)) is not None]:
            yield where, whole, parts


def _gap(whole: int | Hidden, parts: Sequence[int | Hidden], exact: bool = True) -> int | None:
    """What a shown whole lacks to be the sum of its parts, all shown; None when something is hidden."""
    shown = [cell for cell in parts if isinstance(cell, int)]
    if not isinstance(whole, int) or len(shown) < len(parts):
        return None
    return sum(shown) - whole if exact else max(0, max(shown) - whole)


def _holds(table: Table, one: Breakdown) -> int:
    """How many times the sum is seen to hold, a large one counting twice; -1 when it is seen not to hold."""
    times = 0
    for _, whole, parts in _printed(table, one):
        gap = _gap(whole, [cell for _, cell in parts], one.exact)
        if gap:
            return -1
        if gap == 0 and isinstance(whole, int) and sum(1 for _, cell in parts if cell) > 1:
            times += 1 + (whole >= _OVERWHELMING)
    return times


def sums(table: Table, one: Breakdown) -> Iterator[Sum]:
    """The breakdown wherever it tells something: a cell is hidden in it, or it does not hold."""
    way_out = f'[[total]] table = "{table.name}", {one.axis} = "{one.whole}", parts = []'
    if rank := _rank(table, one):
        way_out = f'[[total]] table = "{table.name}", dimension = "{rank[0]}", whole = "{rank[1]}", parts = []'
    for where, whole, parts in _printed(table, one):
        if _gap(whole, [cell for _, cell in parts], one.exact) != 0:
            held = tuple((table.place(*key), cell) for key, cell in parts)
            yield Sum(whole=table.place(*where), total=whole, parts=held, exact=one.exact, way_out=way_out)


def _rank(table: Table, one: Breakdown) -> tuple[str, str] | None:
    """The column of codes along which a row of a long file is broken down, and the code of the whole."""
    if not table.coordinates or one.axis == "column":
        return None
    whole, part = table.coordinates[one.whole], table.coordinates[one.parts[0]]
    rank = next(n for n, (left, right) in enumerate(zip(whole, part, strict=True)) if left != right)
    return table.dimensions[rank], whole[rank]


def stacked(tables: Sequence[Table]) -> Iterator[tuple[Table, tuple[Table, ...]]]:
    """Tables of one workbook, or of one folder, with the same titles, one of which is called « Total »: it adds the
    others up. The name of a table is its file, or `file/sheet`."""
    groups: dict[tuple[object, ...], list[Table]] = {}
    for table in tables:
        if not table.codes:
            book = table.name.rpartition("/")[0]
            groups.setdefault((book, frozenset(table.rows), frozenset(table.columns)), []).append(table)
    for group in groups.values():
        wholes = [table for table in group if _is_total(_called(table))]
        if len(wholes) == 1 and len(group) > 2:
            yield wholes[0], tuple(table for table in group if table is not wholes[0])


def _called(table: Table) -> str:
    book, _, name = table.name.rpartition("/")
    return name if book else name.rpartition(".")[0] or name


@frozen(kw_only=True)
class DeclaredSum:
    """What `audit.toml` says of a whole table: the sum of others cell by cell, or of none."""

    table: str
    tables: tuple[str, ...]


def added_tables(declared: Sequence[DeclaredSum], tables: Sequence[Table]) -> Iterator[Sum]:
    """Sums of tables, declared (and checked), or recognised."""
    by_name = {table.name: table for table in tables}
    told = {one.table for one in declared}
    pairs = [(by_name[one.table], tuple(by_name[name] for name in one.tables)) for one in declared]
    for whole, parts in [*pairs, *(pair for pair in stacked(tables) if pair[0].name not in told)]:
        yield from sums_of_tables(whole, parts, f'[[total]] table = "{whole.name}", tables = []')


def check_declared_sums(declared: Iterable[DeclaredSum], tables: Sequence[Table]) -> Iterator[Defect]:
    """A declared table that is not there."""
    names = [table.name for table in tables]
    for one in declared:
        for name in dict.fromkeys((one.table, *one.tables)):
            if name not in names or (name == one.table and name in one.tables):
                place = f"audit.toml, total {quoted(one.table)}"
                expected = f"un tableau du dossier ({listed(map(quoted, names))}), autre que le total lui-même"
                yield Defect(place=place, expected=expected, got=quoted(name), way_out="Nommez-le à la lettre.")


def sums_of_tables(whole: Table, parts: Sequence[Table], way_out: str) -> Iterator[Sum]:
    """One table that adds up others, cell by cell."""
    for where, total in whole.cells.items():
        held = tuple((part.place(*where), part.cells[where]) for part in parts if where in part.cells)
        if held and _gap(total, [cell for _, cell in held]) != 0:
            yield Sum(whole=whole.place(*where), total=total, parts=held, way_out=way_out)


def false_sums(added: Sequence[Sum], threshold: int) -> Iterator[Defect]:
    """The cells to blame for sums that do not hold, as few as can be.

    A wrong margin spoils the sum below it and the sum beside it by the same amount: the cell where both meet is named
    once, rather than two sums that are right.
    """
    left = [one for one in added if one.gap]
    for place, change in _to_blame(left, _suspected(added, threshold) if left else {}):
        spoilt = [one for one in left if _change(one, place) == change]
        if not spoilt:
            continue
        left = [one for one in left if _change(one, place) != change]
        yield _false_sum(spoilt, place, change)


Changes = tuple[int, int | None]  # from, to


def _suspected(added: Sequence[Sum], threshold: int) -> dict[Place, list[Changes]]:
    """Shown cells of sums that no numbers behind their labels satisfy, and the corrections that would let some."""
    found: dict[Place, list[Changes]] = {}
    for one in added:
        if one.gap is not None or not one.exact or not isinstance(one.total, int):
            continue
        ranges = [cell.unknown(threshold, "") for _, cell in one.parts if isinstance(cell, Hidden)]
        highs = [unknown.high for unknown in ranges if unknown.high is not None]
        shown = sum(cell for _, cell in one.parts if isinstance(cell, int)) - one.total
        low = shown + sum(unknown.low or 0 for unknown in ranges)
        high = shown + sum(highs) if len(highs) == len(ranges) else None
        if low <= 0 and (high is None or high >= 0):
            continue
        found.setdefault(one.whole, []).append((low, high))
        if high is not None:
            for place, cell in one.parts:
                if isinstance(cell, int):
                    found.setdefault(place, []).append((-high, -low))
    return found


def _to_blame(wrong: Sequence[Sum], suspected: Mapping[Place, Sequence[Changes]]) -> Iterator[tuple[Place, int]]:
    """Corrections, those that mend most first; then wholes before parts, which are many."""
    mended: Counter[tuple[Place, int]] = Counter()
    wholes = {one.whole for one in wrong}
    for one in wrong:
        gap = one.gap or 0
        mended[one.whole, gap] += 1
        mended.update((place, -gap) for place, _ in one.parts if one.exact)
    for place, change in mended:
        changes = suspected.get(place, ())
        mended[place, change] += sum(low <= change and (high is None or change <= high) for low, high in changes)
    possible = [(found, times) for found, times in mended.items() if times > 1 or found[0] in wholes]
    yield from (found for found, _ in sorted(possible, key=lambda item: (-item[1], item[0][0] not in wholes)))


def _change(one: Sum, place: Place) -> int | None:
    """What must be added to the number at this place for the sum to hold; None when it is not in it."""
    gap = one.gap or 0
    if place == one.whole:
        return gap
    return -gap if one.exact and any(part == place for part, _ in one.parts) else None


def _false_sum(spoilt: Sequence[Sum], place: Place, change: int) -> Defect:
    """`spoilt`: the sums that this one correction mends."""
    first = next((one for one in spoilt if one.whole == place), spoilt[0])
    value = first.total if first.whole == place else dict(first.parts)[place]
    assert isinstance(value, int)
    if first.whole != place:
        sums_there = listed(str(one.whole) for one in spoilt)
        agreed = "soient la somme de leurs" if len(spoilt) > 1 else "soit la somme de ses"
        expected = f"{value + change}, pour que {sums_there} {agreed} parties"
    elif first.exact:
        expected = f"{value + change}, somme des parties{_written(first)}"
    else:
        expected = f"au moins {value + change}, sa plus grande part"
    way_out = (
        "Corrigez le nombre ; ou, si ce titre n’est pas la somme des autres, dites-le dans audit.toml : "
        f"{first.way_out}."
    )
    return Defect(place=str(place), expected=expected, got=str(value), way_out=way_out)


def _written(one: Sum) -> str:
    if len(one.parts) > _WRITTEN:
        return f" ({len(one.parts)} cellules)"
    return f" ({' + '.join(str(cell) for _, cell in one.parts)})"

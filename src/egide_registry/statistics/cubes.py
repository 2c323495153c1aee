"""From the aggregate rows of a year to cubes with all their margins, and to facts tied by every total. Pure.

What comes in is checked whole: one wrong row refuses everything, with every defect of every row.
Source: docs/methods/registry-statistics.md.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import date

import numpy as np
from attrs import evolve, field, frozen

from egide.disclosure.cubes import NO_TOTAL, Cube, Dimension, linked
from egide.errors import Defect, Refused
from egide.facts.model import Fact, FactKey, Measure, Origin, Status
from egide.facts.relations import Relation
from egide.facts.values import Value
from egide.reference import load
from egide_registry.statistics.rules import (
    FAMILIES,
    FRANCE,
    SOURCE,
    WHOLE,
    Family,
    Layer,
    Level,
    Row,
    Tree,
    family_of,
    leaf_of,
)

_TERRITORY = "territoire"
_PREFIX = {Level.FRANCE: FRANCE, Level.REGION: "REG-", Level.DEPARTMENT: "DEP-"}


class RowsRefused(Refused):
    """The rows of the registry are not what the statistics are made of."""

    exit_code = 3


@frozen(kw_only=True, eq=False)
class Tied:
    """Cells that totals tie, as facts: those asked for, and those that the totals need besides."""

    cubes: tuple[Cube, ...]
    asked: tuple[FactKey, ...] = field(repr=False)
    facts: Mapping[FactKey, Fact] = field(repr=False)
    relations: tuple[Relation, ...] = field(repr=False)

    @property
    def judged(self) -> Mapping[FactKey, Fact]:
        """Those whose small counts must stay hidden: asked for, or a part of something.

        A total that is printed nowhere is judged by its parts: that two departments with `< 5` each make at least 2
        together is what their labels say, and says nothing more of either.
        """
        wholes = {relation.keys[0] for relation in self.relations}
        asked = frozenset(self.asked)
        return {key: fact for key, fact in self.facts.items() if key in asked or key not in wholes}


@frozen(kw_only=True, eq=False)
class Table:
    """The counts of one family in one year, and what is asked of them: keys of each layer, in the family's order."""

    family: Family
    year: int
    day: date
    where: Dimension = field(repr=False)
    measure: Measure
    drawn: str  # fingerprint of all the rows
    rows: tuple[Row, ...] = field(repr=False)

    @property
    def asked(self) -> tuple[tuple[Layer, tuple[FactKey, ...]], ...]:
        return tuple((layer, tuple(self._asked(layer))) for layer in self.family.layers)

    def base(self, layer: Layer, key: FactKey) -> FactKey | None:
        """The whole that this key of the layer is a part of; None where the layer names none."""
        return None if layer.of is None else self._named(key.territory, layer.of)

    def tied(self, asked: Mapping[Layer, tuple[FactKey, ...]]) -> Tied:
        """The facts and totals of these layers, of which these keys are asked for.

        National cells have all the trees of the family. Those of departments and regions have the parts that these
        layers ask for, and `other`: a finer table with the same margins exists whatever these hold, as long as both
        share only what the coarser one has, so that finer cells would tell the attacker nothing more.
        """
        local = [layer for layer in asked if layer.level is not Level.FRANCE]
        cubes = [*(self._local(local) if local else ()), *(self._national() if FRANCE in self.where.codes else ())]
        linked(*cubes)  # refuses cells that two cubes share and count differently
        facts: dict[FactKey, Fact] = {}
        relations: dict[Relation, None] = {}
        for cube in cubes:
            cells = [cube.codes(cell) for cell in range(cube.counts.size)]
            keys = [self._named(territory, node) for territory, *node in cells]
            facts |= {key: self._fact(key, count) for key, count in zip(keys, cube.counts.flat, strict=True)}
            relations.update(dict.fromkeys(_totals(cube, keys)))
        every = tuple(dict.fromkeys(key for keys in asked.values() for key in keys))
        return Tied(cubes=tuple(cubes), asked=every, facts=facts, relations=tuple(relations))

    def _asked(self, layer: Layer) -> Iterator[FactKey]:
        prefix = _PREFIX[layer.level]
        return (
            self._named(territory, node)
            for territory in self.where.codes
            if territory.startswith(prefix)
            for node in layer.nodes
        )

    def _national(self) -> Iterator[Cube]:
        for trees in self.family.choices:
            counted = Counter[tuple[str, ...]]()
            for row in self.rows:
                counted[FRANCE, *_known(leaf_of(self.family, row, trees))] += row.count
            axes = [_dimension(axis.name, tree) for axis, tree in zip(self.family.axes, trees, strict=True)]
            yield _cube([Dimension(_TERRITORY, (FRANCE,), [NO_TOTAL]), *axes], counted)

    def _local(self, layers: list[Layer]) -> Iterator[Cube]:
        where = _only(self.where, {layer.level for layer in layers})
        nodes = [node for layer in layers for node in layer.nodes]
        chosen = [frozenset(codes) - {WHOLE} for codes in zip(*nodes, strict=True)]
        cuts = [axis.cut(codes) for axis, codes in zip(self.family.axes, chosen, strict=True)]
        counted = Counter[tuple[str, ...]]()
        for row in self.rows:
            leaf = _known(leaf_of(self.family, row, [fine for fine, _ in cuts]))
            held = (
                fine.within(code, codes) if codes else WHOLE
                for code, (fine, _), codes in zip(leaf, cuts, chosen, strict=True)
            )
            if (place := _place(where, self.where, row.department)) is not None:
                counted[place, *held] += row.count
        axes = [_dimension(axis.name, coarse) for axis, (_, coarse) in zip(self.family.axes, cuts, strict=True)]
        yield _cube([where, *axes], counted)

    def _named(self, territory: str, node: Iterable[str]) -> FactKey:
        return FactKey(
            source=SOURCE,
            measure=self.family.measure,
            territory=territory,
            period=self.family.period(self.year),
            dims=self.family.dims(tuple(node)),
        )

    def _fact(self, key: FactKey, count: np.int64) -> Fact:
        return Fact(
            key=key,
            measure=self.measure,
            value=Value.exact(int(count)),
            status=Status.NORMAL,
            known_on=self.day,
            origin=Origin(delivery=SOURCE, sha256=self.drawn, sheet=self.family.name, row=1, column="count"),
        )


def departments() -> tuple[str, ...]:
    """The 101 departments, by their codes. Collectivities have no commission."""
    return tuple(row["code"] for row in load.table("departements") if row["zone"] != "com")


def territories(covered: frozenset[str]) -> Dimension:
    """Departments that answer, regions of which all do, France where all do: an absent department is not a zero."""
    every = [row for row in load.table("departements") if row["zone"] != "com"]
    absent = {row["region"] for row in every if row["code"] not in covered}
    regions = tuple(dict.fromkeys(row["region"] for row in every if row["region"] not in absent))
    parts = [row for row in every if row["code"] in covered]
    whole = [] if absent else [FRANCE]
    codes = (*(f"DEP-{row['code']}" for row in parts), *(f"REG-{one}" for one in regions), *whole)
    above = len(codes) - 1 if whole else NO_TOTAL
    place = {region: len(parts) + number for number, region in enumerate(regions)}
    parent = [
        *(place.get(row["region"], NO_TOTAL) for row in parts),
        *(above for _ in regions),
        *(NO_TOTAL for _ in whole),
    ]
    return Dimension(_TERRITORY, codes, np.array(parent))


def _only(where: Dimension, levels: AbstractSet[Level]) -> Dimension:
    """The same tree with France and these levels alone: each place hangs on the nearest one that stays."""
    prefixes = tuple(_PREFIX[level] for level in {Level.FRANCE, *levels})
    kept = [place for place, code in enumerate(where.codes) if code.startswith(prefixes)]
    rank = {place: number for number, place in enumerate(kept)}
    return Dimension(
        where.name,
        tuple(where.codes[place] for place in kept),
        [rank.get(_above(where, place, rank), NO_TOTAL) for place in kept],
    )


def _above(where: Dimension, place: int, kept: Mapping[int, int]) -> int:
    """The nearest total above that is kept, NO_TOTAL if there is none."""
    above = int(where.parent[place])
    while above != NO_TOTAL and above not in kept:
        above = int(where.parent[above])
    return above


def _place(kept: Dimension, where: Dimension, department: str) -> str | None:
    """Where the counts of a department go: itself, or its region; None where neither is kept."""
    place = where.codes.index(f"DEP-{department}")
    while place != NO_TOTAL and where.codes[place] not in kept.codes:
        place = int(where.parent[place])
    return None if place == NO_TOTAL else where.codes[place]


def tables(
    rows: Iterable[Row],
    *,
    year: int,
    covered: frozenset[str],
    day: date,
    measures: Mapping[str, Measure],
) -> tuple[Table, ...]:
    """One table a family, every combination without a row being a zero.

    In:     `covered`, the departments whose files are all in the registry; `measures`, of the schema `registre`;
            `day`, when the rows were drawn.
    Raises: RowsRefused, in French, with all the defects: unknown measure, codes, department, period; a count that is
            no whole number; the same row twice.
    """
    given = tuple(rows)
    if defects := [*_strange(covered), *_defects(given, year, covered)]:
        raise RowsRefused(defects)
    drawn, where = _fingerprint(given, covered), territories(covered)
    return tuple(
        Table(
            family=family,
            year=year,
            day=day,
            where=where,
            measure=measures[family.measure],
            drawn=drawn,
            rows=tuple(row for row in given if family_of(row) == family),
        )
        for family in FAMILIES
    )


def _strange(covered: frozenset[str]) -> Iterator[Defect]:
    if not covered:
        yield _defect("départements couverts", "ceux dont tous les dossiers sont au registre", "aucun")
    for code in sorted(covered - set(departments())):
        yield _defect("départements couverts", "un code de département, comme 62, 2A ou 971", f"«\u00a0{code}\u00a0»")


def _defects(rows: tuple[Row, ...], year: int, covered: frozenset[str]) -> Iterator[Defect]:
    seen: dict[Row, int] = {}
    for number, row in enumerate(rows, 1):
        family = family_of(row)
        if family is None:
            yield _said(number, "measure", "une mesure du registre et ses précisions", _words(row))
            continue
        if row.department not in covered:
            yield _said(number, "department", "un département couvert", row.department)
        if row.period != family.period(year):
            yield _said(number, "period", family.period(year), row.period)
        if type(row.count) is not int or row.count < 0:
            yield _said(number, "count", "un nombre entier, zéro ou plus", repr(row.count))
        named = {name for name, _ in row.dims}
        if named - family.dimensions or any(None in leaf_of(family, row, trees) for trees in family.choices):
            yield _said(number, "dims", f"une ligne des plus fines de «\u00a0{family.name}\u00a0»", _words(row))
        first = seen.setdefault(evolve(row, count=0), number)
        if first != number:
            yield _said(number, "ligne", "une seule ligne par combinaison", f"la même que la ligne {first}")


def _said(number: int, column: str, expected: str, got: str) -> Defect:
    return _defect(f"ligne {number}, {column}", expected, f"«\u00a0{got}\u00a0»")


def _defect(place: str, expected: str, got: str) -> Defect:
    way_out = "Corrigez la vue statistique, puis recommencez\u00a0: rien n’a été diffusé."
    return Defect(place=place, expected=expected, got=got, way_out=way_out)


def _words(row: Row) -> str:
    return " ".join([row.measure, *(f"{name}={code}" for name, code in row.dims)])


def _fingerprint(rows: tuple[Row, ...], covered: frozenset[str]) -> str:
    lines = sorted(f"{_words(row)} {row.department} {row.period} {row.count}" for row in rows if row.count)
    return hashlib.sha256("\n".join([*lines, *sorted(covered)]).encode()).hexdigest()


def _known(leaf: tuple[str | None, ...]) -> tuple[str, ...]:
    return tuple(code for code in leaf if code is not None)  # `_defects` has refused a row without one


def _cube(dimensions: list[Dimension], counted: Mapping[tuple[str, ...], int]) -> Cube:
    places = [{one.codes[place]: number for number, place in enumerate(one.leaves)} for one in dimensions]
    inner = np.zeros([len(one) for one in places], np.int64)
    for cell, count in counted.items():
        inner[tuple(one[code] for one, code in zip(places, cell, strict=True))] = count
    return Cube.of(dimensions, inner)


def _dimension(name: str, tree: Tree) -> Dimension:
    place = {code: number for number, code in enumerate(tree.codes)}
    above = dict(tree.parents)
    return Dimension(name, tree.codes, np.array([place.get(above.get(code, ""), NO_TOTAL) for code in tree.codes]))


def _totals(cube: Cube, keys: list[FactKey]) -> Iterator[Relation]:
    """Every total along every dimension, zeros included."""
    cells = np.arange(cube.counts.size).reshape(cube.counts.shape)
    for axis, dimension in enumerate(cube.dimensions):
        along = np.moveaxis(cells, axis, 0).reshape(len(dimension.codes), -1)
        for code in dimension.totals:
            for whole, *parts in along[np.concatenate(([code], dimension.children(code)))].T.tolist():
                yield Relation.total(keys[whole], [keys[part] for part in parts])

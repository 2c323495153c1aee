"""What ties facts together: totals and hierarchies as linear equalities, and how they narrow hidden values.

A relation says that a weighted sum of facts equals a constant, whatever the hidden numbers are. The consistency
check asks whether any completion exists; the attacker asks how few there are. Both read the same relations.
Source: docs/methods/relations.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cache

from attrs import field, frozen

from egide.errors import EgideError
from egide.facts.model import Fact, FactKey, Kind
from egide.facts.values import Value
from egide.reference import load, territories

_SWEEPS = 1000  # see `tighten`: some systems close in for ever without arriving


def _sorted_dims(dims: Mapping[str, str] | Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(dict(dims).items()))


@frozen(kw_only=True)
class Term:
    """One side of a total, at any period: a measure and the dimensions that matter to the total."""

    measure: str
    dims: tuple[tuple[str, str], ...] = field(default=(), converter=_sorted_dims)
    territory: str | None = None  # None: the territory of the row, the same for every term


@frozen(kw_only=True)
class Total:
    """`total` is the sum of `parts`, for each period and each combination of what no term names."""

    total: Term
    parts: tuple[Term, ...]

    @property
    def named(self) -> frozenset[str]:
        """Dimensions the total speaks about. On every other one its terms agree."""
        return frozenset(name for term in (self.total, *self.parts) for name, _ in term.dims)


def exact_weights(terms: Iterable[tuple[FactKey, int | Fraction]]) -> tuple[tuple[FactKey, Fraction], ...]:
    return tuple((key, Fraction(weight)) for key, weight in terms)


@frozen(kw_only=True)
class Relation:
    """Σ coefficient × fact = constant."""

    terms: tuple[tuple[FactKey, Fraction], ...] = field(converter=exact_weights)
    constant: Fraction = field(default=Fraction(0), converter=Fraction)

    @classmethod
    def total(cls, whole: FactKey, parts: Sequence[FactKey]) -> Relation:
        return cls(terms=[(whole, Fraction(1)), *((part, Fraction(-1)) for part in parts)])

    @property
    def keys(self) -> tuple[FactKey, ...]:
        return tuple(key for key, _ in self.terms)

    def is_possible(self, values: Mapping[FactKey, Value]) -> bool:
        """Is there a choice of the hidden numbers that makes it true? A key without a value may be any number."""
        return weighted(self.terms, values).contains(self.constant)

    def __str__(self) -> str:
        return " + ".join(f"{weight} × {key}" for key, weight in self.terms) + f" = {self.constant}"


def weighted(terms: Iterable[tuple[FactKey, Fraction]], values: Mapping[FactKey, Value]) -> Value:
    """Everything that the sum may be."""
    total = Value.exact(0)
    for key, weight in terms:
        total += values.get(key, Value(None, None)) * Value.exact(weight)
    return total


class Contradiction(EgideError):
    """No choice of the hidden numbers satisfies this relation and those already applied."""

    def __init__(self, relation: Relation) -> None:
        self.relation = relation
        super().__init__(f"Aucune valeur ne satisfait : {relation}.")


def relations_of(totals: Iterable[Total], facts: Iterable[Fact]) -> tuple[Relation, ...]:
    """One relation wherever every term of a total is stated. A fact asked for but not known states nothing."""
    stated = [fact.key for fact in facts if fact.value is not None]
    known = frozenset(stated)
    by_measure = defaultdict(list)
    for key in stated:
        by_measure[key.measure].append(key)
    found: dict[Relation, None] = {}
    for total in totals:
        for key in by_measure[total.total.measure]:
            if not fits(key, total.total, total.named):
                continue
            parts = [counterpart(key, part, total.named) for part in total.parts]
            if all(part in known for part in parts):
                found[Relation.total(key, parts)] = None
    return tuple(found)


def fits(key: FactKey, term: Term, named: frozenset[str]) -> bool:
    """Is the key what the term says, on the dimensions that its declaration names?"""
    mine = tuple((name, code) for name, code in key.dims if name in named)
    return mine == term.dims and term.territory in (None, key.territory)


def counterpart(key: FactKey, term: Term, named: frozenset[str], period: str | None = None) -> FactKey:
    """The key of another term of the same declaration: what no term names stays the same."""
    others = {name: code for name, code in key.dims if name not in named}
    return FactKey(
        source=key.source,
        measure=term.measure,
        territory=term.territory or key.territory,
        period=period or key.period,
        dims={**others, **dict(term.dims)},
    )


def hierarchies(facts: Iterable[Fact]) -> tuple[Relation, ...]:
    """A territory is the sum of the departments, or of the regions, it is made of, where all of them are stated.

    Left out: levels, which never add up, and measures that count a person once in each territory
    (`territory` among their overlapping dimensions).
    """
    groups: dict[tuple[object, ...], dict[str, FactKey]] = defaultdict(dict)
    for fact in facts:
        key, measure = fact.key, fact.measure
        if fact.value is not None and measure.kind is not Kind.LEVEL and "territory" not in measure.overlapping:
            groups[key.source, key.measure, key.period, key.dims][key.territory] = key
    return tuple(
        Relation.total(key, [stated[part] for part in parts])
        for stated in groups.values()
        for territory, key in stated.items()
        for parts in _divisions(territory)
        if all(part in stated for part in parts)
    )


@cache
def _divisions(territory: str) -> tuple[tuple[str, ...], ...]:
    """The ways to cut a territory into departments, then into regions. Empty for a department."""
    cuts = (
        tuple(
            code
            for code in (f"{prefix}-{row['code']}" for row in load.table(table))
            if code != territory and territories.contains(territory, code)
        )
        for prefix, table in (("DEP", "departements"), ("REG", "regions"))
    )
    return tuple(cut for cut in cuts if cut)


def tighten(
    values: Mapping[FactKey, Value], relations: Iterable[Relation], *, whole: bool = True
) -> dict[FactKey, Value]:
    """What remains possible for each fact once each relation has been applied to the others, until nothing moves.

    In:     what is known of each fact; a key of a relation that is absent may be any number.
    Out:    the same keys, and those of the relations, with values that are never wider.
    Unit:   that of each fact. `whole`: every fact is counted in whole units.
    Raises: Contradiction, with the relation that leaves nothing.
    Source: docs/methods/relations.md. No feasible number is ever excluded; the result may stay wider than
            the exact bounds, which only solving the whole system gives. Some systems close in without end
            (x = y / 2 and y = x / 2 on rationals): after 1,000 sweeps the result so far, which is sound, is returned.
    """
    system = tuple(relations)
    result = dict(values)
    for relation in system:
        for key in relation.keys:
            result.setdefault(key, Value(None, None))
    if whole:
        for key, value in result.items():
            try:
                result[key] = value.whole()
            except ValueError:
                raise Contradiction(Relation(terms=[(key, Fraction(1))])) from None
    using = defaultdict(list)
    for index, relation in enumerate(system):
        for key in relation.keys:
            using[key].append(index)
    waiting = dict.fromkeys(range(len(system)))
    for _ in range(_SWEEPS * max(len(system), 1)):
        if not waiting:
            break
        index = next(iter(waiting))
        del waiting[index]
        for key in _apply(system[index], result, whole):
            waiting.update(dict.fromkeys(using[key]))
    return result


def _apply(relation: Relation, values: dict[FactKey, Value], whole: bool) -> list[FactKey]:
    """Narrow each fact of one relation by the others, in place; the facts that moved."""
    weights = _merged(relation)
    if not weights and relation.constant != 0:
        raise Contradiction(relation)
    moved = []
    total = _Sum()
    for key, weight in weights.items():
        total.add(values[key] * Value.exact(weight), 1)
    for key, weight in weights.items():
        before = values[key]
        total.add(before * Value.exact(weight), -1)
        try:
            after = before.meet((Value.exact(relation.constant) - total.value) / Value.exact(weight))
            after = after.whole() if whole else after
        except ValueError:
            raise Contradiction(relation) from None
        total.add(after * Value.exact(weight), 1)
        if after != before:
            values[key] = after
            moved.append(key)
    return moved


class _Sum:
    """A running sum of values that can also give one back: missing bounds are counted, not added."""

    def __init__(self) -> None:
        self._bounds = [Fraction(0), Fraction(0)]
        self._missing = [0, 0]

    def add(self, value: Value, times: int) -> None:
        for end, bound in enumerate((value.low, value.high)):
            if bound is None:
                self._missing[end] += times
            else:
                self._bounds[end] += times * bound

    @property
    def value(self) -> Value:
        low, high = (None if gone else bound for bound, gone in zip(self._bounds, self._missing, strict=True))
        return Value(low, high)


def _merged(relation: Relation) -> dict[FactKey, Fraction]:
    """A fact that comes twice counts with the sum of its weights; none left, it says nothing."""
    weights: dict[FactKey, Fraction] = defaultdict(Fraction)
    for key, weight in relation.terms:
        weights[key] += weight
    return {key: weight for key, weight in weights.items() if weight}

"""What rows must respect together: one row per key, totals that are the sum of their parts, ratios of their counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from egide.facts.model import Fact, FactKey, Origin
from egide.facts.ratios import Inclusion, PrintedRatio, Ratio, inclusions_of, ratios_of
from egide.facts.relations import Contradiction, Relation, Total, relations_of, tighten
from egide.facts.values import Value
from egide.sources import messages
from egide.sources.messages import Complaint, plain
from egide.sources.rows import Keyed, is_counted

Clash = tuple[Fact, Complaint]


def duplicates(rows: Iterable[Keyed]) -> Iterator[tuple[Keyed, Complaint]]:
    """Each row that states a key again, with the row that stated it first."""
    first: dict[FactKey, Keyed] = {}
    for row in rows:
        earlier = first.setdefault(row.key, row)
        if earlier is not row:
            yield row, messages.double_key(_row(earlier, row), _row(row, earlier))


def false_totals(totals: Iterable[Total], facts: Iterable[Fact]) -> Iterator[Clash]:
    """Each total that no choice of the hidden numbers makes true, alone or together with the others."""
    stated = {fact.key: fact for fact in facts}
    relations = relations_of(totals, stated.values())
    alone = [(relation, complaint) for relation in relations if (complaint := _false(relation, stated))]
    yield from ((stated[relation.keys[0]], complaint) for relation, complaint in alone)
    if not alone:
        yield from _together(relations, stated)


def _false(relation: Relation, stated: Mapping[FactKey, Fact]) -> Complaint | None:
    whole, *parts = (stated[key] for key in relation.keys)
    possible = sum((_value(part) for part in parts), start=Value.exact(0))
    try:
        _value(whole).meet(possible)
    except ValueError:
        terms = " + ".join(_shown(part) for part in parts)
        return messages.false_total(_rows(parts), f"{terms} = {_range(possible)}", _shown(whole))
    return None


def _together(relations: Sequence[Relation], stated: Mapping[FactKey, Fact]) -> Iterator[Clash]:
    for whole in (True, False):
        system = [relation for relation in relations if is_counted(stated[relation.keys[0]].measure) is whole]
        values = {key: _value(stated[key]) for relation in system for key in relation.keys}
        try:
            tighten(values, system, whole=whole)
        except Contradiction as clash:
            facts = [stated[key] for key in clash.relation.keys]
            yield facts[0], messages.clashing_totals(_rows(facts))


def false_ratios(ratios: Iterable[Ratio], facts: Iterable[Fact]) -> Iterator[Clash]:
    """Each delivered share, growth or mean that no choice of the hidden counts makes print so."""
    stated = {fact.key: fact for fact in facts}
    values = {key: _value(fact) for key, fact in stated.items()}
    for ratio in ratios_of(ratios, stated.values()):
        if not all(side.is_possible(values) for side in ratio.sides(values[ratio.printed])):
            printed, counts = stated[ratio.printed], [stated[key] for key in ratio.keys]
            elsewhere = {fact.origin.sheet for fact in counts} - {printed.origin.sheet}
            rows = _rows(counts) + (f" de la feuille {', '.join(sorted(elsewhere))}" if elsewhere else "")
            yield printed, messages.false_ratio(rows, _arithmetic(ratio, stated), _range(values[ratio.printed]))


def _arithmetic(ratio: PrintedRatio, stated: Mapping[FactKey, Fact]) -> str:
    above, below = (
        " + ".join(_shown(stated[key]) for key, weight in side if weight > 0) for side in (ratio.above, ratio.below)
    )
    above += "".join(f" − {_shown(stated[key])}" for key, weight in ratio.above if weight < 0)
    over = " / ".join(f"({side})" if " " in side.replace("«\u00a0", "") else side for side in (above, below))
    return over if ratio.factor == 1 else f"{ratio.factor} × {over}"


def false_inclusions(inclusions: Iterable[Inclusion], facts: Iterable[Fact]) -> Iterator[Clash]:
    """Each count that exceeds, whatever is hidden, the count that takes it in."""
    stated = {fact.key: fact for fact in facts}
    values = {key: _value(fact) for key, fact in stated.items()}
    for one in inclusions_of(inclusions, stated.values()):
        if not one.is_possible(values):
            whole, part = (stated[key] for key in one.keys)
            yield part, messages.false_inclusion(_row(whole.origin, part.origin), _shown(whole), _shown(part))


def _value(fact: Fact) -> Value:
    return fact.value or Value(None, None)


def _row(row: Keyed | Origin, beside: Keyed | Origin) -> str:
    return f"ligne {row.row}" + (f" de la feuille {row.sheet}" if row.sheet != beside.sheet else "")


def _rows(facts: Sequence[Fact]) -> str:
    *most, last = (str(fact.origin.row) for fact in facts)
    return f"lignes {', '.join(most)} et {last}" if most else f"ligne {last}"


def _shown(fact: Fact) -> str:
    return f"«\u00a0{fact.secret}\u00a0»" if fact.is_hidden else _range(_value(fact))


def _range(value: Value) -> str:
    if value.is_exact:
        return plain(value.number)
    if value.low is not None and value.high is not None:
        return f"{plain(value.low)} à {plain(value.high)}"
    if value.low is not None:
        return f"au moins {plain(value.low)}"
    return "un nombre quelconque" if value.high is None else f"au plus {plain(value.high)}"

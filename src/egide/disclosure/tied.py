"""The facts that relations tie to an unsafe one, as whole numbers and statements: what protection works on. Pure.

Only what can be proven exactly is let in: fractions, amounts to hide, totals that do not add are refused.
Source: docs/methods/statistical-secret.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from fractions import Fraction

from attrs import frozen

from egide.disclosure.attack.reach import Reach
from egide.disclosure.attack.reasons import contradiction
from egide.disclosure.attack.search import NoSolution, NotProven, Search
from egide.disclosure.attack.system import Contradictory, Shown, Statement, System, Unknown
from egide.disclosure.cells import Content
from egide.disclosure.policy import is_amount
from egide.disclosure.unsafe import whole_of
from egide.errors import ReleaseRefused
from egide.facts.model import Fact, FactKey
from egide.facts.relations import Relation
from egide.facts.values import Value

_NODES = 400  # branches of the search for numbers that fit


@frozen(kw_only=True)
class Table:
    """The tied facts as whole numbers. `given`: hidden by their source, published as a range, or not published at all;
    `numbers` then holds some that fit everything, since the reader could believe in those."""

    numbers: Mapping[Hashable, int]
    given: Mapping[Hashable, Unknown]
    statements: tuple[Statement, ...]


def groups(relations: Iterable[Relation], keys: Iterable[FactKey]) -> Iterator[tuple[Relation, ...]]:
    """The relations that a chain of relations ties to one of these facts, in the order given: one group for each set
    of facts that are tied together. What happens in one says nothing of another."""
    all_of_them = tuple(relations)
    using: dict[FactKey, list[int]] = defaultdict(list)
    for number, relation in enumerate(all_of_them):
        for key in relation.keys:
            using[key].append(number)
    for start in sorted(keys):
        found: set[int] = set()
        waiting = [start]
        while waiting:
            new = [number for number in using.pop(waiting.pop(), ()) if number not in found]
            found.update(new)
            waiting += [key for number in new for key in all_of_them[number].keys]
        if found:
            yield tuple(all_of_them[number] for number in sorted(found))


def statement(relation: Relation, name: Callable[[FactKey], str]) -> Statement:
    """This relation, as something that a reader is told."""
    whole = whole_of(relation) or relation.keys[0]
    return Statement.equal(relation.terms, relation.constant, said=f"total «\u00a0{name(whole)}\u00a0»")


def refuse_totals_that_do_not_add(
    relations: Iterable[Relation], facts: Mapping[FactKey, Fact], name: Callable[[FactKey], str]
) -> None:
    """Raises: Contradictory, with all of them."""
    wrong = []
    for relation in relations:
        values = [(weight, known) for key, weight in relation.terms if (known := _exact(facts.get(key))) is not None]
        if len(values) == len(relation.terms):
            found = sum((weight * number for weight, number in values), Fraction(0))
            if found != relation.constant:
                wrong.append(statement(relation, name))
    if wrong:
        listed = " ; ".join(one.said for one in wrong)
        raise Contradictory(f"Ces totaux ne sont pas vérifiés par les nombres\u00a0: {listed}.", wrong)


def table_of(
    relations: tuple[Relation, ...],
    facts: Mapping[FactKey, Fact],
    contents: Mapping[FactKey, Content],
    unsafe: Mapping[FactKey, str],
    name: Callable[[FactKey], str],
) -> Table:
    """Raises: ReleaseRefused for what cannot be proven; Contradictory when no numbers fit."""
    keys = dict.fromkeys(key for relation in relations for key in relation.keys)
    _refuse_what_cannot_be_proven(keys, facts, unsafe, name)
    shown: dict[Hashable, Shown] = {}
    doubtful: dict[Hashable, Unknown] = {}
    given: dict[Hashable, Unknown] = {}
    for key in keys:
        fact = facts.get(key)
        if fact is not None and fact.is_hidden:
            given[key] = Unknown.of(contents[key], name=name(key))
        elif fact is None or fact.value is None:
            given[key] = Unknown.withheld(name=name(key))
        elif fact.value.is_exact:
            shown[key] = Shown(value=fact.value.number, name=name(key))
        else:
            (doubtful if key in unsafe else given)[key] = _range(fact.value, name(key))
    statements = tuple(statement(relation, name) for relation in relations)
    numbers = {key: int(one.value) for key, one in shown.items()}
    numbers |= _fitting(System.of({**given, **doubtful}, statements, shown))
    return Table(numbers=numbers, given=given, statements=statements)


def _refuse_what_cannot_be_proven(
    keys: Iterable[FactKey],
    facts: Mapping[FactKey, Fact],
    unsafe: Mapping[FactKey, str],
    name: Callable[[FactKey], str],
) -> None:
    """Only whole numbers of units, that no label takes for others, can be proven protected."""
    here = [facts[key] for key in keys if key in facts and facts[key].value is not None]
    named: dict[str, list[FactKey]] = {
        "un montant à masquer ne peut pas encore être protégé dans un total": [
            fact.key for fact in here if fact.key in unsafe and is_amount(fact)
        ],
        "un nombre lié par un total à un effectif masqué n’est pas un nombre entier positif": [
            fact.key for fact in here if fact.value is not None and not _is_whole_count(fact.value)
        ],
    }
    lines = [
        f"{problem}\u00a0: " + ", ".join(f"«\u00a0{name(key)}\u00a0»" for key in sorted(found))
        for problem, found in named.items()
        if found
    ]
    if lines:
        raise ReleaseRefused(
            f"La protection ne peut pas être prouvée\u00a0: {' ; '.join(lines)}. "
            "Publiez le total sans ses parties, ou les parties sans le total ([withheld])."
        )


def _is_whole_count(value: Value) -> bool:
    """Can this be a count, and nothing but whole when it is exact?"""
    if value.is_exact:
        return value.number >= 0 and value.number.denominator == 1
    try:
        whole = value.whole()
    except ValueError:  # no whole number in between
        return False
    return whole.high is None or whole.high >= 0


def _range(value: Value, name: str) -> Unknown:
    whole = value.whole()
    low, high = (None if one is None else int(one) for one in (whole.low, whole.high))
    return Unknown(label="fourchette", low=max(low or 0, 0), high=high, plain=True, name=name)


def _fitting(system: System) -> dict[Hashable, int]:
    """Whole numbers for what is not known that fit everything else. Raises Contradictory when there are none."""
    rows = system.rows
    if not rows.width:
        return {}
    found = Search(rows, Reach(rows), _NODES).find(rows.low, rows.high)
    if isinstance(found, NoSolution):
        raise contradiction(system, range(rows.height))
    if isinstance(found, NotProven):
        raise ReleaseRefused(
            "Aucun jeu de nombres qui convienne à tous les totaux n’a été trouvé, ni la preuve qu’il n’y en a pas. "
            "Publiez moins de totaux à la fois ([withheld])."
        )
    return dict(zip(system.cells, found.tolist(), strict=True))


def _exact(fact: Fact | None) -> Fraction | None:
    return None if fact is None or fact.value is None or not fact.value.is_exact else fact.value.number

"""Which facts a policy forbids to show by themselves, each with its reason. Composes the rules of `primary`; pure.

Source: docs/methods/policies.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import field, frozen

from egide.disclosure.policy import Policy, is_amount
from egide.disclosure.primary import (
    Group,
    all_in_one_category,
    dominated,
    left_by_subtraction,
    small_groups,
    too_easily_estimated,
)
from egide.errors import ReleaseRefused
from egide.facts.model import Fact, FactKey, Unit
from egide.facts.relations import Relation


@frozen(kw_only=True)
class Backing:
    """What stands behind the numbers, for the rules that ask for more than the number itself.

    groups:        how many persons and how many reporting bodies.
    contributions: what each body brought, in whole persons or whole euros.
    rows:          the categories of each row; None when nobody said which rows there are.
    """

    groups: Mapping[FactKey, Group] = field(factory=dict)
    contributions: Mapping[FactKey, tuple[int, ...]] = field(factory=dict)
    rows: tuple[tuple[FactKey, ...], ...] | None = None


def rows_of(relations: Iterable[Relation]) -> tuple[tuple[FactKey, ...], ...]:
    """The categories of each declared total: its parts."""
    return tuple(
        tuple(key for key in relation.keys if key != whole)
        for relation in relations
        if (whole := whole_of(relation)) is not None
    )


def whole_of(relation: Relation) -> FactKey | None:
    """The total of this relation: the one fact whose sign is its own. None for a relation of another form."""
    signs: dict[bool, list[FactKey]] = {True: [], False: []}
    for key, weight in relation.terms:
        signs[weight > 0].append(key)
    alone = [keys[0] for keys in signs.values() if len(keys) == 1]
    return alone[0] if len(alone) == 1 and len(relation.terms) > 2 and relation.constant == 0 else None


def unsafe_cells(policy: Policy, facts: Mapping[FactKey, Fact], backing: Backing) -> dict[FactKey, str]:
    """The facts that may not be shown, with the reason, in French. What an institution hid is not judged again.

    Raises: ReleaseRefused, naming the series, when a rule needs what was not given, or when contributions do not make
            the number that is said to come from them.
    """
    ours = {key: fact for key, fact in facts.items() if fact.value is not None and not fact.is_hidden}
    counts = {key: fact for key, fact in ours.items() if policy.counts(fact.measure) and not _is_zero(fact)}
    amounts = {key: fact for key, fact in ours.items() if is_amount(fact) and not _is_zero(fact)}
    _refuse_what_is_missing(policy, counts, amounts, backing)
    found = {
        key: f"effectif inférieur à {policy.threshold}"
        for key, fact in ours.items()
        if fact.value is not None and policy.hides(fact.value, fact.measure)
    }
    for keys, reason in _rules(policy, counts, amounts, backing):
        for key in sorted(keys, key=str):
            found.setdefault(key, reason)
    return found


def _is_zero(fact: Fact) -> bool:
    return fact.value is not None and fact.value.low == fact.value.high == 0


def _rules(
    policy: Policy, counts: Mapping[FactKey, Fact], amounts: Mapping[FactKey, Fact], backing: Backing
) -> Iterator[tuple[Iterable[FactKey], str]]:
    brought = backing.contributions
    if policy.groups is not None:
        least = policy.groups
        groups = {key: backing.groups[key] for key in counts}
        said = f"moins de {least.persons} personnes ou de {least.bodies} organismes"
        yield small_groups(groups, persons=least.persons, bodies=least.bodies), said
    if policy.subtracting:
        of_counts = {key: brought[key] for key in counts}
        zero = policy.zero_is_sensitive
        said = f"un organisme, en retranchant sa part, connaîtrait un effectif inférieur à {policy.threshold}"
        yield left_by_subtraction(of_counts, policy.threshold, zero_is_sensitive=zero), said
    if policy.one_category:
        yield _alone_in_their_row(counts, backing.rows or ()), "toute la ligne est dans cette catégorie"
    of_amounts = {key: brought[key] for key in amounts} if policy.dominance or policy.p_percent else {}
    if policy.dominance is not None:
        n, k = policy.dominance.n, policy.dominance.k
        who = "un contributeur apporte" if n == 1 else f"{n} contributeurs apportent"
        yield dominated(of_amounts, n=n, k=k), f"{who} plus de {k}\u202f% du montant"
    if policy.p_percent is not None:
        said = f"le deuxième contributeur connaîtrait le premier à {policy.p_percent}\u202f% près"
        yield too_easily_estimated(of_amounts, p=policy.p_percent), said


def _alone_in_their_row(counts: Mapping[FactKey, Fact], rows: Iterable[tuple[FactKey, ...]]) -> frozenset[FactKey]:
    """A number that may be zero, hidden or not published, is taken for a zero: that hides more, never less."""
    at_least = {key: int(fact.value.low or 0) for key, fact in counts.items() if fact.value is not None}
    return all_in_one_category({key: at_least.get(key, 0) for key in row} for row in rows)


def _refuse_what_is_missing(
    policy: Policy, counts: Mapping[FactKey, Fact], amounts: Mapping[FactKey, Fact], backing: Backing
) -> None:
    needs: list[tuple[str, Iterable[FactKey]]] = []
    if policy.groups is not None:
        needs.append(("personnes et organismes derrière chaque effectif", counts.keys() - backing.groups.keys()))
    if policy.subtracting:
        needs.append(("part de chaque organisme dans chaque effectif", counts.keys() - backing.contributions.keys()))
    if policy.one_category and backing.rows is None:
        needs.append(("catégories de chaque ligne", counts.keys()))
    if policy.dominance or policy.p_percent:
        needs.append(("part de chaque contributeur dans chaque montant", amounts.keys() - backing.contributions.keys()))
    lines = [f"{what}\u00a0: {_listed(keys)}" for what, keys in needs if keys]
    if lines:
        raise ReleaseRefused(
            f"La règle «\u00a0{policy.name}\u00a0» demande ce qui n’a pas été fourni. {' ; '.join(lines)}. "
            "Joignez-le aux candidats à la publication, ou retirez ces séries ([withheld])."
        )
    wrong = {
        key
        for key, fact in {**counts, **amounts}.items()
        if key in backing.contributions
        and fact.measure.unit is not Unit.MILLION_EUR  # contributions are in euros, the number rounded
        and fact.value is not None
        and not fact.value.contains(sum(backing.contributions[key]))
    }
    if wrong:
        raise ReleaseRefused(
            f"Les parts des contributeurs ne font pas le nombre publié\u00a0: {_listed(wrong)}. Corrigez-les."
        )


def _listed(keys: Iterable[FactKey]) -> str:
    return ", ".join(dict.fromkeys(str(key.series) for key in sorted(keys)))

"""What is printed instead of each fact that may not be shown, and which others go with them: facts in, contents out.

The policy names the unsafe facts, `secondary` chooses their protectors on the relations that hold, whatever the
institutions hid already being hidden too. Only the relations that a chain ties to an unsafe fact are put to it.
Anything that cannot be proven exactly (fractions, amounts, totals that do not add) is a refusal. Pure.
Source: docs/methods/statistical-secret.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from attrs import field, frozen

from egide.disclosure.attack.system import Statement
from egide.disclosure.cells import BelowThreshold, Bounded, Content, NotCommunicated, Shown, Withheld
from egide.disclosure.policy import Policy
from egide.disclosure.secondary import ProtectionImpossible, Suppression, protect
from egide.disclosure.suppress.ranges import narrowest_safe_range
from egide.disclosure.tied import Table, groups, refuse_totals_that_do_not_add, table_of
from egide.disclosure.unsafe import Backing, unsafe_cells, whole_of
from egide.errors import ReleaseRefused
from egide.facts.model import Fact, FactKey, Secret, SeriesKey
from egide.facts.relations import Relation
from egide.facts.values import Value

BY_SOURCE = "masqué par la source"
_TOTAL, _SERIES, _LONG = 4, 2, 3  # how many times dearer a total is, and a point of a series of three or more


@frozen(kw_only=True)
class Wishes:
    """What counts when there is a choice, and what leaves none.

    name:   how a fact is called, in French.
    dear:   how much dearer than usual a fact is to hide.
    keep:   facts that must stay shown.
    public: facts whose present number was published, and where: "publié le … dans …".
    """

    name: Callable[[FactKey], str] = str
    dear: Mapping[FactKey, float] = field(factory=dict)
    keep: AbstractSet[FactKey] = frozenset()
    public: Mapping[FactKey, str] = field(factory=dict)


@frozen(kw_only=True)
class Group:
    """Facts that are tied together, as put to the engine, and what it chose among them."""

    table: Table
    chosen: Suppression


@frozen(kw_only=True)
class Hiding:
    """What a reader is told of each known fact, and why not more (for the authors)."""

    contents: Mapping[FactKey, Content]
    why: Mapping[FactKey, str]
    groups: tuple[Group, ...] = ()

    def protecting(self, key: FactKey) -> Group | None:
        """The group in which this fact is hidden only because of another one."""
        return next((group for group in self.groups if key in group.chosen.secondary), None)


def hide(
    facts: Mapping[FactKey, Fact], relations: Iterable[Relation], policy: Policy, backing: Backing, wishes: Wishes
) -> Hiding:
    """Contents for all the facts with a known value.

    Raises: ReleaseRefused for unsafe facts that are public or asked to be kept, for what a rule asks and nobody gave,
            for tied facts that are no whole counts; its subclass ProtectionImpossible, with a way out; its subclass
            Contradictory, with the totals that do not add. One refusal tells what is wrong in all the groups.
    """
    totals = tuple(relations)
    unsafe = unsafe_cells(policy, facts, backing)
    contents = {key: one for key, fact in facts.items() if (one := _as_delivered(fact)) is not None}
    for key in unsafe:
        contents[key] = _label(facts[key], policy)
    why = {key: BY_SOURCE for key, fact in facts.items() if fact.is_hidden} | unsafe
    _refuse_the_impossible(why, unsafe, wishes)
    refuse_totals_that_do_not_add(totals, facts, wishes.name)
    found: list[Group] = []
    refused: list[ReleaseRefused] = []
    points = Counter(key.series for key in facts)
    for near in groups(totals, unsafe):
        weights = _weights(near, points, wishes)
        try:
            table = table_of(near, facts, contents, unsafe, wishes.name)
            found.append(Group(table=table, chosen=_chosen(table, unsafe.keys(), weights, policy, wishes)))
        except ReleaseRefused as refusal:
            refused.append(refusal)
    if refused:
        raise _together(refused)
    for group in found:
        for key in facts.keys() & group.chosen.secondary:
            contents[key] = policy.label(group.table.numbers[key], facts[key].measure)
            why[key] = group.chosen.why[key]
    return Hiding(contents=contents, why=why, groups=tuple(found))


def _together(refused: Sequence[ReleaseRefused]) -> ReleaseRefused:
    """One refusal with everything that the refusals of the groups say."""
    if len(refused) == 1:
        return refused[0]
    message = "\n".join(map(str, refused))
    impossible = [one for one in refused if isinstance(one, ProtectionImpossible)]
    if len(impossible) < len(refused):
        return ReleaseRefused(message)
    return ProtectionImpossible(message, {cell: left for one in impossible for cell, left in one.cells.items()})


def _chosen(
    table: Table, unsafe: AbstractSet[FactKey], weights: Mapping[Hashable, float], policy: Policy, wishes: Wishes
) -> Suppression:
    inside = table.numbers.keys()
    return protect(
        table.numbers,
        table.statements,
        unsafe & inside,
        weights=weights,
        level=policy.level,
        keep=wishes.keep & inside,
        already_public=wishes.public.keys() & inside,
        threshold=policy.threshold,
        zero_is_sensitive=policy.zero_is_sensitive,
        given=table.given,
        names={key: _said(key, wishes) for key in inside if isinstance(key, FactKey)},
    )


def safe_range(key: FactKey, hiding: Hiding, policy: Policy, printed: Iterable[Statement] = ()) -> Bounded | str:
    """`x < nc < y` for a fact that is `nc` to protect another, or why it has none, in French.

    In: `printed`, what the ranges already granted say (`said_by`): each one tells something.
    """
    content, group = hiding.contents.get(key), hiding.protecting(key)
    if isinstance(content, Shown):
        return "il est montré"
    if hiding.why.get(key) == BY_SOURCE:
        return "sa source l’a masqué et n’en a pas donné le nombre"
    if group is None or not isinstance(content, NotCommunicated):
        return "il est masqué pour lui-même, pas pour en protéger un autre"
    table = group.table
    told = [one for one in printed if one.terms[0][0] in table.numbers]
    found = narrowest_safe_range(
        key,
        group.chosen,
        table.numbers,
        [*table.statements, *told],
        level=policy.level,
        threshold=policy.threshold,
        zero_is_sensitive=policy.zero_is_sensitive,
        given=table.given,
    )
    return "aucune fourchette ne le laisse protéger l’autre" if found is None else Bounded(Value(found.low, found.high))


def said_by(key: FactKey, content: Bounded) -> Statement:
    """A printed range, as something that a reader knows."""
    return Statement(terms=((key, 1),), low=content.value.low, high=content.value.high, said=f"fourchette de {key}")


def _as_delivered(fact: Fact) -> Content | None:
    if fact.secret is Secret.BELOW_FIVE:
        return BelowThreshold()
    if fact.secret is Secret.NOT_COMMUNICATED:
        return NotCommunicated()
    return None if fact.value is None else Shown(fact.value)


def _label(fact: Fact, policy: Policy) -> Content:
    """A range that is not wholly on one side of the threshold says nothing."""
    value = fact.value
    if value is None or value.low is None or (not value.is_exact and not policy.hides(value, fact.measure)):
        return Withheld()
    return policy.label(int(value.low), fact.measure)


def _said(key: FactKey, wishes: Wishes) -> str:
    return f"{wishes.name(key)} ({wishes.public[key]})" if key in wishes.public else wishes.name(key)


def _refuse_the_impossible(why: Mapping[FactKey, str], unsafe: Mapping[FactKey, str], wishes: Wishes) -> None:
    """What must be hidden and is public, or is asked to be kept: all of it at once."""
    lines = [
        f"«\u00a0{_said(key, wishes)}\u00a0» doit être masqué ({unsafe[key]}) mais ce nombre est déjà public."
        for key in sorted(unsafe.keys() & wishes.public.keys())
    ]
    lines += [
        f"«\u00a0{wishes.name(key)}\u00a0» ne peut pas être gardé\u00a0: {why[key]}."
        for key in sorted(why.keys() & wishes.keep)
    ]
    if lines:
        raise ReleaseRefused("\n".join([*lines, "Retirez la série ([withheld]) ou la demande ([keep])."]))


def _weights(relations: Iterable[Relation], points: Mapping[SeriesKey, int], wishes: Wishes) -> dict[Hashable, float]:
    """Totals and the points of a series are dearer to the reader than a part seen once."""
    wholes = {whole_of(relation) for relation in relations}
    weights: dict[Hashable, float] = {}
    for key in {key for relation in relations for key in relation.keys}:
        in_series = _SERIES if points[key.series] >= _LONG else 1
        weights[key] = wishes.dear.get(key, 1.0) * in_series * (_TOTAL if key in wholes else 1)
    return weights

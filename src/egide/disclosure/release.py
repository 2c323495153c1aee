"""The door: candidates go in, cells come out, or nothing does. The only maker of cells.

The rule applied today is the primary one and its nearest consequence:

* what an institution hid stays hidden, as it hid it;
* a non-zero count of protected persons below the threshold is shown `< 5`, even if it was delivered in clear;
* where a declared total would give such a count back by one subtraction, its smallest neighbour becomes `nc`;
* a result one of whose operands is hidden, or which is itself such a small count, is withheld.

What a reader could still deduce from all that is released together is searched for afterwards, by `egide.letter.leaks`.
Source: docs/methods/statistical-secret.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import field, frozen

from egide.disclosure.cells import (
    SEAL,
    BelowFive,
    Cell,
    Content,
    Journey,
    NotCommunicated,
    Shown,
    Vintage,
    Withheld,
)
from egide.disclosure.policy import Policy
from egide.errors import ReleaseRefused
from egide.facts.model import Fact, FactKey, Secret, SeriesKey
from egide.facts.relations import Relation
from egide.indicators.derived import Derived

Candidate = Fact | Derived


@frozen(kw_only=True)
class Candidates:
    """Everything asked to be published, by the text that asks for it, with what is needed to judge it.

    requested: canonical expression -> fact or derived value.
    vintages:  what was stated earlier under the same key, oldest first.
    relations: totals that hold between the facts.
    labels:    French captions of the series.
    """

    requested: Mapping[str, Candidate]
    vintages: Mapping[FactKey, tuple[Fact, ...]] = field(factory=dict)
    relations: tuple[Relation, ...] = ()
    labels: Mapping[SeriesKey, str] = field(factory=dict)


@frozen(kw_only=True)
class Release:
    """What may be read, and nothing else."""

    policy: str
    by_expression: Mapping[str, Cell]
    by_id: Mapping[str, Cell]

    def cell(self, expression: str) -> Cell:
        """The cell asked for by this canonical expression. Raises ReleaseRefused when it was not released."""
        try:
            return self.by_expression[expression]
        except KeyError:
            raise ReleaseRefused(f"« {expression} » n’a pas été autorisé à la publication.") from None

    def with_operands(self, cells: Iterable[Cell]) -> tuple[Cell, ...]:
        """These cells and, after each, the cells it was computed from: what a trace needs. Each once."""
        found: dict[str, Cell] = {}
        waiting = list(cells)[::-1]
        while waiting:
            cell = waiting.pop()
            if cell.id not in found:
                found[cell.id] = cell
                waiting.extend(self.by_id[one] for one in reversed(cell.journey.operands))
        return tuple(found.values())


def release(candidates: Candidates, policy: Policy, public: Release | None = None) -> Release:
    """Cells for every candidate with a known value; an unknown one gives none.

    Raises ReleaseRefused when a cell that must be hidden was shown by an earlier release: it cannot be
    taken back, so the authors must know.
    """
    facts = {fact.key: fact for fact in _facts(candidates.requested.values())}
    contents = _contents(facts, candidates.relations, policy)
    if public is not None:
        _refuse_what_is_already_out(facts, contents, public)
    door = _Door(candidates, contents, policy)
    by_expression = {
        text: cell for text, candidate in candidates.requested.items() if (cell := door.cell(candidate)) is not None
    }
    return Release(policy=policy.name, by_expression=by_expression, by_id=door.made)


def _facts(candidates: Iterable[Candidate]) -> Iterable[Fact]:
    for candidate in candidates:
        if isinstance(candidate, Fact):
            yield candidate
        else:
            yield from _facts(candidate.operands)


def _primary(fact: Fact, policy: Policy) -> Content | None:
    if fact.secret is Secret.BELOW_FIVE:
        return BelowFive()
    if fact.secret is Secret.NOT_COMMUNICATED:
        return NotCommunicated()
    if fact.value is None:
        return None
    return BelowFive() if policy.hides(fact.value, fact.measure) else Shown(fact.value)


def _contents(facts: Mapping[FactKey, Fact], relations: tuple[Relation, ...], policy: Policy) -> dict[FactKey, Content]:
    contents = {key: one for key, fact in facts.items() if (one := _primary(fact, policy)) is not None}
    ours = {key for key, one in contents.items() if isinstance(one, BelowFive) and not facts[key].is_hidden}
    for relation in relations:
        hidden = [key for key in relation.keys if not isinstance(contents.get(key), Shown)]
        if len(hidden) == 1 and hidden[0] in ours:
            contents[_neighbour(relation, hidden[0], contents)] = NotCommunicated()
    return contents


def _earlier(candidates: Candidates, today: Mapping[FactKey, Content], policy: Policy) -> dict[str, Content]:
    """What may be read of each earlier statement, by its identifier: judged with its neighbours on every day it was
    the latest, and never more than is shown today. An old value says nearly as much as the present one."""
    history = {key: candidates.vintages.get(key, ()) for key in today}
    found: dict[str, Content] = {}
    for day in sorted({old.known_on for statements in history.values() for old in statements}):
        known = {
            key: [old for old in statements if old.known_on <= day][-1]
            for key, statements in history.items()
            if statements and statements[0].known_on <= day
        }
        for key, content in _contents(known, candidates.relations, policy).items():
            if isinstance(content, Shown) and not isinstance(today[key], Shown):
                content = NotCommunicated()
            if isinstance(found.setdefault(known[key].id, content), Shown):
                found[known[key].id] = content
    return found


def _neighbour(relation: Relation, hidden: FactKey, contents: Mapping[FactKey, Content]) -> FactKey:
    """The smallest shown part beside the hidden one; the total goes only when there is no other part."""
    weights = dict(relation.terms)
    others = [key for key in relation.keys if key != hidden]
    parts = [key for key in others if weights[key] == weights[hidden]] or others
    return min(parts, key=lambda key: (contents[key].value.low or 0, str(key)))


def _refuse_what_is_already_out(
    facts: Mapping[FactKey, Fact], contents: Mapping[FactKey, Content], public: Release
) -> None:
    hidden = {facts[key].id for key, one in contents.items() if not isinstance(one, Shown)}
    shown = sorted(identifier for identifier in hidden if (old := public.by_id.get(identifier)) and old.is_shown)
    if shown:
        raise ReleaseRefused("Ces valeurs doivent être masquées mais ont déjà été publiées : " + ", ".join(shown) + ".")


class _Door:
    """Makes each cell once, operands first."""

    def __init__(self, candidates: Candidates, contents: Mapping[FactKey, Content], policy: Policy) -> None:
        self._candidates = candidates
        self._contents = contents
        self._earlier = _earlier(candidates, contents, policy)
        self._policy = policy
        self.made: dict[str, Cell] = {}

    def cell(self, candidate: Candidate) -> Cell | None:
        if candidate.id not in self.made:
            made = self._of_fact(candidate) if isinstance(candidate, Fact) else self._of_derived(candidate)
            if made is None:
                return None
            self.made[candidate.id] = made
        return self.made[candidate.id]

    def _of_fact(self, fact: Fact) -> Cell | None:
        content = self._contents.get(fact.key)
        if content is None:
            return None
        earlier = (old for old in self._candidates.vintages.get(fact.key, ()) if old.known_on < fact.known_on)
        vintages = tuple(
            Vintage(known_on=old.known_on.isoformat(), content=shown, status=old.status)
            for old in earlier
            if (shown := self._earlier.get(old.id)) is not None
        )
        return Cell(
            id=fact.id,
            label=self._candidates.labels.get(fact.key.series, fact.measure.label),
            content=content,
            measure=fact.measure,
            territory=fact.key.territory,
            period=fact.key.period,
            sources=(fact.key.source,),
            status=fact.status,
            journey=Journey(
                key=fact.key,
                origin=fact.origin,
                vintages=vintages,
                note=fact.note if isinstance(content, Shown) else "",
            ),
            seal=SEAL,
        )

    def _of_derived(self, derived: Derived) -> Cell | None:
        operands = [self.cell(operand) for operand in derived.operands]
        known = [operand for operand in operands if operand is not None]
        if derived.value is None or len(known) < len(operands):
            return None
        small = self._policy.hides(derived.value, derived.measure)
        visible = all(operand.is_shown for operand in known) and not small
        return Cell(
            id=derived.id,
            label=derived.label,
            content=Shown(derived.value) if visible else Withheld(),
            measure=derived.measure,
            territory=derived.territory,
            period=derived.period,
            sources=derived.sources,
            status=derived.status,
            journey=Journey(
                formula=derived.formula,
                operands=tuple(operand.id for operand in known),
                method=derived.method,
            ),
            seal=SEAL,
        )

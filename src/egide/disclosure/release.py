"""The door: candidates go in, cells come out, or nothing does. The only maker of cells.

* What an institution hid stays hidden, as it hid it.
* What the policy forbids to show is hidden, even if it was delivered in clear, and what would give it back through the
  totals with it (`hiding`).
* A result one of whose operands is hidden, or which is itself a small count, is withheld.
* What an institution notes beside a hidden number, or one that totals tie to it, is kept back: nobody can check words.

What a reader could still deduce from all that is released together is searched for afterwards, by `egide.letter.leaks`.
Source: docs/methods/statistical-secret.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property

from attrs import evolve, field, frozen

from egide.disclosure.attack.system import Statement
from egide.disclosure.cells import SEAL, Bounded, Cell, Content, Journey, NotCommunicated, Shown, Vintage, Withheld
from egide.disclosure.hiding import Hiding, Wishes, hide, safe_range, said_by
from egide.disclosure.policy import Policy
from egide.disclosure.published import Published
from egide.disclosure.tied import groups
from egide.disclosure.unsafe import Backing, unsafe_cells
from egide.errors import ReleaseRefused
from egide.facts.model import Fact, FactKey, SeriesKey
from egide.facts.relations import Relation
from egide.indicators.derived import Derived
from egide.reference.periods import Period

Candidate = Fact | Derived
_QUOTED = 4.0  # how many times dearer to hide a fact that the prose needs is
_HIDDEN_TODAY = 1 / 64  # and an earlier statement of what is hidden today: it will not be shown anyway


@frozen(kw_only=True)
class Candidates:
    """Everything asked to be published, by the text that asks for it, with what is needed to judge it.

    requested: canonical expression -> fact or derived value.
    vintages:  what was stated earlier under the same key, oldest first.
    relations: totals that hold between the facts.
    labels:    French captions of the series.
    backing:   what stands behind the numbers, for the policies that ask.
    quoted:    facts that the prose needs: hidden last.
    keep:      facts that must stay shown.
    ranges:    facts to be printed `x < nc < y` rather than `nc`.
    """

    requested: Mapping[str, Candidate]
    vintages: Mapping[FactKey, tuple[Fact, ...]] = field(factory=dict)
    relations: tuple[Relation, ...] = ()
    labels: Mapping[SeriesKey, str] = field(factory=dict)
    backing: Backing = field(factory=Backing)
    quoted: AbstractSet[FactKey] = frozenset()
    keep: AbstractSet[FactKey] = frozenset()
    ranges: tuple[FactKey, ...] = ()

    @cached_property
    def facts(self) -> Mapping[FactKey, Fact]:
        """The facts asked for and those that results are computed from."""
        return {fact.key: fact for fact in facts_behind(self.requested.values())}

    def name(self, key: FactKey) -> str:
        """What this fact counts and when, in French."""
        if (label := self.labels.get(key.series)) is None:
            fact = self.facts.get(key)
            label = str(key.series) if fact is None else fact.measure.label
        return f"{label}, {Period.parse(key.period).french()}"


@frozen(kw_only=True)
class Release:
    """What may be read, and nothing else. `why`: for its authors alone, why each cell that is not shown is not."""

    policy: str
    by_expression: Mapping[str, Cell]
    by_id: Mapping[str, Cell]
    why: Mapping[str, str] = field(factory=dict)

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


def release(candidates: Candidates, policy: Policy, public: Published | None = None) -> Release:
    """Cells for every candidate with a known value; an unknown one gives none.

    Raises: ReleaseRefused when a cell that must be hidden was published earlier, is asked to be kept, or cannot be
            protected with what is public or kept beside it; when a range asked for tells too much. See `hiding.hide`.
    """
    published = Published() if public is None else public
    hiding = _with_ranges(candidates, _hidden(candidates, policy, published), policy)
    door = _Door(candidates, hiding, policy, published)
    by_expression = {
        text: cell for text, candidate in candidates.requested.items() if (cell := door.cell(candidate)) is not None
    }
    return Release(policy=policy.name, by_expression=by_expression, by_id=door.made, why=door.why)


def proposed_ranges(
    candidates: Candidates, policy: Policy, public: Published | None = None
) -> dict[FactKey, Bounded | None]:
    """For each fact hidden `nc` to protect another, the narrowest range that it could be printed in by itself without
    harm; None: there is none. In the order of the keys."""
    hiding = _hidden(candidates, policy, Published() if public is None else public)
    asked = sorted(key for key, one in hiding.contents.items() if isinstance(one, NotCommunicated))
    found = {key: safe_range(key, hiding, policy) for key in asked if hiding.protecting(key)}
    return {key: one if isinstance(one, Bounded) else None for key, one in found.items()}


def facts_behind(candidates: Iterable[Candidate]) -> Iterator[Fact]:
    """The facts among the candidates and those that the others are computed from."""
    for candidate in candidates:
        if isinstance(candidate, Fact):
            yield candidate
        else:
            yield from facts_behind(candidate.operands)


def _hidden(candidates: Candidates, policy: Policy, published: Published) -> Hiding:
    facts = candidates.facts
    wishes = Wishes(
        name=candidates.name,
        dear=dict.fromkeys(candidates.quoted, _QUOTED),
        keep=candidates.keep,
        public=_already_out(facts, published),
    )
    return hide(facts, candidates.relations, policy, candidates.backing, wishes)


def _already_out(facts: Mapping[FactKey, Fact], published: Published) -> dict[FactKey, str]:
    """The facts whose present number was printed in clear, and where: they can be hidden no more."""
    found: dict[FactKey, str] = {}
    for old in published.cells():
        fact = facts.get(old.key)
        if fact is not None and old.is_shown and old.value.is_exact and old.value == fact.value:
            found.setdefault(old.key, f"publié le {old.on.isoformat()} dans l’édition {old.edition}")
    return found


def _with_ranges(candidates: Candidates, hiding: Hiding, policy: Policy) -> Hiding:
    """The ranges asked for, one after the other, since each of them tells something. All the refusals at once."""
    contents, refused = dict(hiding.contents), list[str]()
    printed: list[Statement] = []
    for key in candidates.ranges:
        found = safe_range(key, hiding, policy, printed)
        if isinstance(found, Bounded):
            contents[key] = found
            printed.append(said_by(key, found))
        else:
            refused.append(f"«\u00a0{candidates.name(key)}\u00a0» ne peut pas être donné en fourchette\u00a0: {found}.")
    if refused:
        raise ReleaseRefused("\n".join([*refused, "Retirez-le de [ranges]."]))
    return evolve(hiding, contents=contents)


def _earlier(candidates: Candidates, today: Hiding, policy: Policy, published: Published) -> dict[str, Content]:
    """What may be read of each earlier statement, by its identifier: judged with its neighbours on every day it was
    the latest, and never more than is shown today. An old value says nearly as much as the present one."""
    history = {key: old for key in today.contents if (old := candidates.vintages.get(key, ()))}
    found: dict[str, Content] = {}
    for day in sorted({old.known_on for statements in history.values() for old in statements}):
        known = {
            key: [old for old in statements if old.known_on <= day][-1]
            for key, statements in history.items()
            if statements[0].known_on <= day
        }
        if all(fact is history[key][-1] for key, fact in known.items()):
            continue  # nothing that was said then was said otherwise later
        for key, content in _of_that_day(known, candidates, today, policy, published).items():
            shown = content if isinstance(today.contents[key], Shown) or not isinstance(content, Shown) else Withheld()
            before = found.setdefault(known[key].id, shown)
            if isinstance(before, Shown) or isinstance(shown, Withheld):
                found[known[key].id] = shown
    return found


def _of_that_day(
    known: Mapping[FactKey, Fact], candidates: Candidates, today: Hiding, policy: Policy, published: Published
) -> Mapping[FactKey, Content]:
    """Contents of what was known on one day, the facts hidden today being hidden first. Where they cannot be protected,
    nothing is said of the facts that are tied to them."""
    if policy.asks_for_more:  # what stood behind the numbers of that day is not known
        return dict.fromkeys(known, Withheld())
    already_out = _already_out(known, published)
    hidden_today = [key for key, one in today.contents.items() if not isinstance(one, Shown)]
    unsafe = unsafe_cells(policy, known, candidates.backing)
    wishes = Wishes(
        name=candidates.name,
        dear=dict.fromkeys(hidden_today, _HIDDEN_TODAY),
        public={key: where for key, where in already_out.items() if key not in unsafe},
    )
    try:
        return hide(known, candidates.relations, policy, candidates.backing, wishes).contents
    except ReleaseRefused:
        near = {key for one in groups(candidates.relations, unsafe) for relation in one for key in relation.keys}
        apart = {key: fact for key, fact in known.items() if key not in near}
        return {
            **hide(apart, (), policy, candidates.backing, wishes).contents,
            **dict.fromkeys(near & known.keys(), Withheld()),
        }


def _beside_hidden(relations: Iterable[Relation], hiding: Hiding) -> frozenset[FactKey]:
    """The facts that totals tie to a hidden one: what their institution writes of them may tell it in words."""
    hidden = [key for key, content in hiding.contents.items() if not isinstance(content, Shown)]
    return frozenset(key for near in groups(relations, hidden) for relation in near for key in relation.keys)


class _Door:
    """Makes each cell once, operands first."""

    def __init__(self, candidates: Candidates, hiding: Hiding, policy: Policy, published: Published) -> None:
        self._candidates = candidates
        self._hiding = hiding
        self._earlier = _earlier(candidates, hiding, policy, published)
        self._policy = policy
        self._beside_hidden = _beside_hidden(candidates.relations, hiding)
        self.made: dict[str, Cell] = {}
        self.why: dict[str, str] = {}

    def cell(self, candidate: Candidate) -> Cell | None:
        if candidate.id not in self.made:
            made = self._of_fact(candidate) if isinstance(candidate, Fact) else self._of_derived(candidate)
            if made is None:
                return None
            self.made[candidate.id] = made
        return self.made[candidate.id]

    def _of_fact(self, fact: Fact) -> Cell | None:
        content = self._hiding.contents.get(fact.key)
        if content is None:
            return None
        if not isinstance(content, Shown):
            self.why[fact.id] = self._hiding.why[fact.key]
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
                note="" if fact.key in self._beside_hidden or not isinstance(content, Shown) else fact.note,
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
        if not visible:
            self.why[derived.id] = "effectif inférieur au seuil" if small else "calculé sur une valeur masquée"
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

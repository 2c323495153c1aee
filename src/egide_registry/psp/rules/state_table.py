"""A table of states: the one place that says what may follow what, who may do it, and on which legal basis.

The same table refuses in Python (`check`, `act`), guards the database (`pairs`), is read (`as_text`) and is drawn
(`diagram.draw`). Source: docs/methods/psp-states.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Generic, TypeVar

from attrs import frozen

from egide.errors import Defect
from egide_registry.accounts.rules import LABELS as ROLE_LABELS
from egide_registry.accounts.rules import Role
from egide_registry.psp.rules.refusals import RuleRefused

SETTING = "réglage"  # the law is silent: the step is a choice of the registry, not a rule of law

S = TypeVar("S", bound=StrEnum)


@frozen(kw_only=True)
class State(Generic[S]):
    """A state, its French name, and where it is drawn: column and row of a grid, from the top left."""

    code: S
    label: str
    at: tuple[int, int]


@frozen(kw_only=True)
class Transition(Generic[S]):
    """One act that moves from a state to another."""

    source: S
    target: S
    act: str  # code, said in the journal
    label: str  # French name of the act, as on its button
    roles: frozenset[Role]
    basis: str = SETTING  # legal basis, or `SETTING`
    needs: str = ""  # French: what else must hold, checked by the rule of that act
    other_than: str = ""  # code of an earlier act whose author may not do this one (four eyes)


@frozen(kw_only=True)
class StateTable(Generic[S]):
    """All the states and acts of one thing. Refuses, when made, a table that does not hold together."""

    name: str  # French: "une demande"
    states: tuple[State[S], ...]
    initial: S
    final: frozenset[S]
    transitions: tuple[Transition[S], ...]

    def __attrs_post_init__(self) -> None:
        wrong = tuple(_wrong(self))
        if wrong:
            raise ValueError(f"{self.name}: " + "; ".join(wrong))

    def label(self, code: S) -> str:
        return next(state.label for state in self.states if state.code == code)

    def leaving(self, old: S, *, role: Role | None = None) -> tuple[Transition[S], ...]:
        """What may be done from a state, by anybody or by one role."""
        return tuple(t for t in self.transitions if t.source == old and (role is None or role in t.roles))

    def pairs(self) -> frozenset[tuple[str, str]]:
        """Every allowed change, for the trigger of the database."""
        return frozenset((t.source.value, t.target.value) for t in self.transitions)

    def check(self, old: S, new: S) -> tuple[Transition[S], ...]:
        """The acts that make this change. Raises RuleRefused, with what is possible, when there is none."""
        found = tuple(t for t in self.leaving(old) if t.target == new)
        if not found:
            raise self._refused(old, got=f"« {self.label(new)} »")
        return found

    def act(self, code: str, *, old: S, role: Role | None = None) -> Transition[S]:
        """The act of that code from a state. Raises RuleRefused if it is not possible there, or not for that role."""
        for transition in self.leaving(old):
            if transition.act == code:
                if role is not None and role not in transition.roles:
                    raise self._not_for(transition, role)
                return transition
        labels = {t.act: t.label for t in self.transitions}
        if code not in labels:
            raise ValueError(f"{self.name}: no act is called {code!r}")
        raise self._refused(old, got=f"« {labels[code]} »")

    def as_text(self) -> str:
        """The table in French, one act a line: what a person who cannot see the drawing reads."""
        return "\n".join(
            f"{number}. {self.label(t.source)} → {self.label(t.target)} : {t.label} "
            f"({', '.join(sorted(ROLE_LABELS[role] for role in t.roles))} ; {t.basis})"
            + (f". {t.needs}" if t.needs else "")
            for number, t in enumerate(self.transitions, start=1)
        )

    def _refused(self, old: S, *, got: str) -> RuleRefused:
        ways = [f"« {t.label} » vers « {self.label(t.target)} »" for t in self.leaving(old)]
        return RuleRefused(
            [
                Defect(
                    place=f"{self.name}, état « {self.label(old)} »",
                    expected=", ou ".join(ways) if ways else "rien, cet état est le dernier",
                    got=got,
                    way_out="Choisissez un acte possible depuis cet état." if ways else "Ouvrez une nouvelle demande.",
                )
            ]
        )

    def _not_for(self, transition: Transition[S], role: Role) -> RuleRefused:
        allowed = " ou ".join(sorted(ROLE_LABELS[one] for one in transition.roles))
        return RuleRefused(
            [
                Defect(
                    place=f"{self.name}, acte « {transition.label} »",
                    expected=allowed,
                    got=ROLE_LABELS[role],
                    way_out="Demandez-le à une personne qui tient ce rôle.",
                )
            ]
        )


def _wrong(table: StateTable[S]) -> Iterable[str]:
    codes = [state.code for state in table.states]
    if len(set(codes)) != len(codes) or set(codes) != set(type(table.initial)):
        yield "each state is declared once"
    if len({state.at for state in table.states}) != len(codes):
        yield "two states are drawn in one place"
    acts = [(t.source, t.act) for t in table.transitions]
    if len(set(acts)) != len(acts):
        yield "from a state, an act leads to one state"
    known = {t.act for t in table.transitions}
    yield from (f"{t.act} has no role" for t in table.transitions if not t.roles)
    yield from (f"{t.act} names no act: {t.other_than}" for t in table.transitions if t.other_than not in known | {""})
    reached = {table.initial}
    for _ in codes:
        reached |= {t.target for t in table.transitions if t.source in reached}
    yield from (f"{code} is never reached" for code in codes if code not in reached)
    leavers = {t.source for t in table.transitions}
    yield from (
        f"{code} is final or has a way out, not both" for code in codes if (code in table.final) == (code in leavers)
    )

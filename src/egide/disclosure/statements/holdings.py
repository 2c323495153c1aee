"""Every count that a reader holds, under the label of each publication that printed it. Pure.

A count printed in clear is a constant. A hidden one is an unknown that every label it ever bore holds together: `< 5`
last year and `nc` today would leave no number at all. A small count that is hidden today and was printed before is
an unknown too, with a statement that gives it away: that is a leak, to be told as one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date

from attrs import evolve, field, frozen

from egide.disclosure.attack.system import Shown, Statement, Unknown
from egide.disclosure.cells import Cell, Content
from egide.disclosure.cells import Shown as ShownContent
from egide.disclosure.published import Published
from egide.disclosure.statements.identities import Identities, Number
from egide.errors import ReleaseRefused
from egide.facts.model import Unit
from egide.reference.periods import Period

HERE = "cette publication"


@frozen(kw_only=True)
class Print:
    """One count in one publication."""

    content: Content
    name: str  # French
    where: str = HERE
    called: str = ""  # by the authors of that publication

    @property
    def exact(self) -> Shown | None:
        """The number, when it is printed in clear."""
        if isinstance(self.content, ShownContent) and self.content.value.is_exact:
            return Shown(value=self.content.value.number, name=self.name)
        return None

    @property
    def label(self) -> str:
        return str(self.exact.value) if self.exact else Unknown.of(self.content).label


@frozen(kw_only=True)
class Holdings:
    """What the system is made of, and how each number was printed."""

    unknowns: Mapping[Hashable, Unknown]
    shown: Mapping[Hashable, Shown]
    statements: tuple[Statement, ...]
    prints: Mapping[Hashable, Sequence[Print]] = field(factory=dict, repr=False)  # last one last


def name_of(label: str, period: str) -> str:
    return f"{label}, {Period.parse(period).french()}"


def day_of(cell: Cell) -> date:
    """The day that the statement of this fact was known."""
    return date.fromisoformat(cell.id.rpartition("@")[2])


def holdings(cells: Iterable[Cell], published: Published, identities: Identities) -> Holdings:
    """Released counts with their earlier statements, then all that was published before.

    Raises ReleaseRefused with every count whose labels contradict each other.
    """
    prints: dict[Number, list[Print]] = defaultdict(list)
    for old in published.cells():
        if old.unit is Unit.COUNT:
            name = f"{name_of(old.label, old.key.period)} ({old.where})"
            printed = Print(content=old.content, name=name, where=old.where, called=old.expression)
            prints[identities.of(old.key, old.known_on)].append(printed)
    for cell in cells:
        if (key := cell.journey.key) is None or cell.measure.unit is not Unit.COUNT:
            continue
        name = name_of(cell.label, cell.period)
        for known_on, content in statements_of(cell):
            since = "" if known_on == day_of(cell) else f", connu le {known_on.isoformat()}"
            prints[identities.of(key, known_on)].append(Print(content=content, name=name + since))
    return _merged(prints)


def statements_of(cell: Cell) -> Iterable[tuple[date, Content]]:
    """What is shown of a fact: each earlier statement with its day, then the present one."""
    for vintage in cell.journey.vintages:
        yield date.fromisoformat(vintage.known_on), vintage.content
    yield day_of(cell), cell.content


def _merged(prints: Mapping[Number, Sequence[Print]]) -> Holdings:
    unknowns: dict[Hashable, Unknown] = {}
    shown: dict[Hashable, Shown] = {}
    statements: list[Statement] = []
    clashes: list[str] = []
    for number, every in prints.items():
        if not _agree(every):
            if every[-1].where == HERE:
                clashes.append(f"{every[-1].name} : {_told(every)}")
            every = every[-1:]  # a reader believes the last word
        hidden = [Unknown.of(one.content, name=every[-1].name) for one in every if one.exact is None]
        exact = [(one, known) for one in every if (known := one.exact) is not None]
        if exact and not any(one.small for one in hidden):
            shown[number] = exact[-1][1]
            continue
        unknowns[number] = _together(hidden)
        for one, known in exact:
            statements.append(Statement.equal([(number, 1)], known.value, said=f"{one.name}, {one.where}"))
    if clashes:
        raise ReleaseRefused(
            "Ces effectifs porteraient des libellés qu’aucun nombre ne satisfait ensemble :\n"
            + "\n".join(clashes)
            + "\nGardez le libellé déjà publié ; un nombre révisé est une nouvelle livraison, à son propre jour."
        )
    every_print: dict[Hashable, Sequence[Print]] = dict(prints.items())
    return Holdings(unknowns=unknowns, shown=shown, statements=tuple(statements), prints=every_print)


def _told(every: Iterable[Print]) -> str:
    return " ; ".join(dict.fromkeys(f"«\u00a0{one.label}\u00a0», {one.where}" for one in every))


def _agree(every: Sequence[Print]) -> bool:
    """Is there a number that all these labels allow?"""
    possible = every[0].content.value
    try:
        for one in every[1:]:
            possible = possible.meet(one.content.value)
    except ValueError:
        return False
    return True


def _together(hidden: Sequence[Unknown]) -> Unknown:
    """One unknown under all its labels; small if one of them says so."""
    first, *others = hidden
    for one in others:
        lows = [low for low in (first.low, one.low) if low is not None]
        highs = [high for high in (first.high, one.high) if high is not None]
        first = evolve(
            first,
            label=first.label if first.label == one.label else f"{first.label}, {one.label}",
            low=max(lows, default=None),
            high=min(highs, default=None),
            small=first.small or one.small,
            plain=first.plain or one.plain,
        )
    return first

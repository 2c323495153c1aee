"""Everything that a publication says, with what was published before it, as one system for the attacker. Pure.

Cells, declared totals, ratios and scopes, results, words that stand for numbers, and the statements that earlier
publications made. Each statement remembers which cells print it, so that a leak can name the sentences.
Source: docs/methods/attacker.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from attrs import evolve, field, frozen

from egide.disclosure.attack.system import Statement, System, Unknown
from egide.disclosure.cells import Cell, Content
from egide.disclosure.cells import Shown as ShownContent
from egide.disclosure.policy import Policy
from egide.disclosure.published import Published, PublishedEdition
from egide.disclosure.statements.computed import Reader, fixed
from egide.disclosure.statements.holdings import Holdings, day_of, holdings, name_of, statements_of
from egide.disclosure.statements.identities import Identities, Number
from egide.disclosure.statements.ratios import Arithmetic, NotLinear, Range, Ratio, one
from egide.facts.model import Fact, FactKey, Unit
from egide.facts.ratios import AtLeast, Ties
from egide.facts.relations import Relation
from egide.indicators.derived import Derived, Operand


@frozen(kw_only=True)
class Said:
    """A statement, and the released cells whose printing says it besides those it names."""

    statement: Statement
    cells: tuple[str, ...] = ()


@frozen(kw_only=True)
class Worded:
    """Something else than its own cell says where a number lies: words in a sentence, the same thing stated twice."""

    number: str  # identifier of the fact or result
    limits: Range
    said: str  # French: where, and in which words
    cells: tuple[str, ...]  # identifiers of those whose printing says it


@frozen(kw_only=True)
class Tied:
    """Two counts that the authors declare equal, or, `within`, the first counted in the second."""

    first: str  # identifiers
    second: str
    said: str
    within: bool = False


@frozen(kw_only=True)
class Public:
    """What a reader can hold: this publication's cells by identifier, all that is declared, all that was published.

    policy:    what makes a count small, and how well it must stay hidden.
    requested: every fact and result of the release, by any name.
    vintages:  every statement of each key that was delivered, released or not.
    """

    cells: Mapping[str, Cell]
    policy: Policy
    requested: Iterable[Operand]
    vintages: Mapping[FactKey, Sequence[Fact]] = field(factory=dict)
    ties: Ties = field(factory=Ties)
    published: Published = field(factory=Published)
    worded: tuple[Worded, ...] = ()
    tied: tuple[Tied, ...] = ()
    text_of: Callable[[Content, Unit], str]  # how what is shown of a number reads


@frozen(kw_only=True)
class Known:
    """The system, and the way back from it to what was printed.

    silent: small counts that were delivered and are printed nowhere, not even hidden, by their names: a total and its
            other parts may say them all the same. Without a label, a reader takes them for any count.
    """

    system: System
    silent: Mapping[Hashable, str]
    said: Mapping[Statement, tuple[str, ...]]  # own statements, with the cells that print each
    holdings: Holdings
    cell_of: Mapping[Hashable, Cell]  # the released cell behind a number, when there is one


def known(public: Public) -> Known:
    """The system that the attacker solves. Raises ReleaseRefused for labels that contradict each other."""
    return _Reading(public).known()


class _Reading:
    def __init__(self, public: Public) -> None:
        self._public = public
        self._identities = Identities(public.vintages, public.published, public.ties)
        self._holdings = holdings(public.cells.values(), public.published, self._identities)
        self._facts = {key: cell for cell in public.cells.values() if (key := cell.journey.key) is not None}
        self._history = self._printed()
        self._arithmetic = Arithmetic(self._holdings.shown)
        self._reader = Reader(self._arithmetic, self._of_fact)

    def known(self) -> Known:
        own: dict[Statement, tuple[str, ...]] = {}
        for one_said in self._said():
            own.setdefault(one_said.statement, one_said.cells)
        earlier = [statement for edition in self._public.published for statement in self._earlier(edition)]
        every = dict.fromkeys([*self._holdings.statements, *own, *earlier])
        unknowns = dict(self._holdings.unknowns)
        small = self._small()
        for statement in every:
            for cell, _ in statement.terms:
                if cell not in unknowns and cell not in self._holdings.shown:
                    unprinted = Unknown.withheld(name=small.get(cell, str(cell)))
                    unknowns[cell] = evolve(unprinted, small=cell in small)
        cell_of: dict[Hashable, Cell] = {
            self._identities.of(key, day_of(cell)): cell for key, cell in self._facts.items()
        }
        system = System.of(unknowns, every, self._holdings.shown)
        unlabelled = unknowns.keys() - self._holdings.unknowns.keys()
        silent = {cell: name for cell, name in small.items() if cell in unlabelled}
        return Known(system=system, silent=silent, said=own, holdings=self._holdings, cell_of=cell_of)

    def _small(self) -> Mapping[Hashable, str]:
        """The name of each small count that was delivered, whatever becomes of it."""
        return {
            self._identities.of(fact.key, fact.known_on): name_of(_called(fact), fact.key.period)
            for facts in self._public.vintages.values()
            for fact in facts
            if fact.value is not None and self._public.policy.hides(fact.value, fact.measure)
        }

    # ------------------------------------------------------------ what this publication says

    def _said(self) -> Iterator[Said]:
        for day in self._days():
            yield from self._declared(day)
        operands = {operand.id: operand for operand in _all_operands(self._public.requested)}
        for operand in operands.values():
            cell = self._public.cells.get(operand.id)
            if isinstance(operand, Derived) and cell is not None and cell.is_shown:
                said = f"«\u00a0{cell.label}\u00a0»\u00a0: {self._public.text_of(cell.content, cell.measure.unit)}"
                for statement in self._reader.shown(operand, cell.value, said):
                    yield Said(statement=statement, cells=(cell.id,))
        for words in self._public.worded:
            for statement in self._reader.worded(operands[words.number], words.limits, words.said):
                yield Said(statement=statement, cells=words.cells)
        for pair in self._public.tied:
            yield from self._tied(pair, operands[pair.first], operands[pair.second])

    def _days(self) -> list[date]:
        """Each day on which a number that is printed was the latest, the last being today."""
        return [*sorted({known_on for held in self._history.values() for known_on, _ in held}), date.max]

    def _at(self, key: FactKey, day: date) -> tuple[Number, _Printed | None] | None:
        """What was the latest statement of this key on that day, and how it is printed. None: nothing was stated."""
        held = [(known_on, printed) for known_on, printed in self._history.get(key, ()) if known_on <= day]
        if held:
            known_on, printed = held[-1]
            return self._identities.of(key, known_on), printed
        stated = [fact.known_on for fact in self._public.vintages.get(key, ()) if fact.value is not None]
        latest = max((known_on for known_on in stated if known_on <= day), default=None)
        if latest is None:
            return None if stated else (Number(key, date.min), None)
        return self._identities.of(key, latest), None

    def _declared(self, day: date) -> Iterator[Said]:
        ties = self._public.ties
        for total in ties.totals:
            if (terms := self._terms(total, day)) is not None:
                said = f"total «\u00a0{self._name(total.keys[0])}\u00a0»"
                yield Said(statement=Statement.equal(terms, total.constant, said=said))
        for ratio in ties.ratios:
            held = self._at(ratio.printed, day)
            if held is None or (printed := held[1]) is None or not isinstance(printed.content, ShownContent):
                continue
            for side in ratio.sides(printed.content.value):
                yield from self._inequality(side, day, printed.said, printed.cells)
        for inclusion in ties.inclusions:
            whole, part = inclusion.keys
            said = f"«\u00a0{self._name(part)}\u00a0» fait partie de «\u00a0{self._name(whole)}\u00a0»"
            yield from self._inequality(inclusion, day, said, ())

    def _inequality(self, side: AtLeast, day: date, said: str, cells: tuple[str, ...]) -> Iterator[Said]:
        if (terms := self._terms(side, day)) is not None:
            statement = Statement(terms=terms, low=Fraction(0), low_strict=side.strict, said=said)
            yield Said(statement=statement, cells=cells)

    def _terms(self, relation: Relation | AtLeast, day: date) -> tuple[tuple[Hashable, Fraction], ...] | None:
        """The numbers of a relation as known on a day; None when one of them was not stated yet."""
        held = [(self._at(key, day), weight) for key, weight in relation.terms]
        terms = tuple((at[0], weight) for at, weight in held if at is not None)
        return terms if len(terms) == len(held) else None

    def _tied(self, pair: Tied, first: Operand, second: Operand) -> Iterator[Said]:
        zero = Fraction(0)
        try:
            gap = self._arithmetic.minus(self._reader.of(second), self._reader.of(first))
            limits: Range = (zero, None if pair.within else zero, False, False)
            for statement in self._arithmetic.within(gap, limits, pair.said):
                yield Said(statement=statement, cells=(pair.first, pair.second))
        except NotLinear:
            return

    def _printed(self) -> History:
        """Each statement of each fact that was ever published, oldest first, with how it is printed; None where it
        is not. One that was printed in clear once stays so, under the day of any delivery that repeats it."""
        found: dict[FactKey, dict[date, _Printed]] = defaultdict(dict)
        for old in self._public.published.cells():
            said = f"{self._said_of(old.label, old.key, old.content, old.unit)}, {old.where}"
            _keep(found[old.key], old.known_on, _Printed(content=old.content, said=said))
        for key, cell in self._facts.items():
            for known_on, content in statements_of(cell):
                said = self._said_of(cell.label, key, content, cell.measure.unit)
                _keep(found[key], known_on, _Printed(content=content, said=said, cells=(cell.id,)))
        return {key: tuple(self._repeated(key, printed)) for key, printed in found.items()}

    def _repeated(self, key: FactKey, printed: Mapping[date, _Printed]) -> Iterator[tuple[date, _Printed | None]]:
        clear = {self._identities.of(key, day): one for day, one in printed.items() if one.is_clear}
        stated = {fact.known_on for fact in self._public.vintages.get(key, ()) if fact.value is not None}
        for day in sorted(stated | printed.keys()):
            yield day, clear.get(self._identities.of(key, day), printed.get(day))

    def _said_of(self, label: str, key: FactKey, content: Content, unit: Unit) -> str:
        return f"«\u00a0{name_of(label, key.period)}\u00a0»\u00a0: {self._public.text_of(content, unit)}"

    def _of_fact(self, fact: Fact) -> Ratio:
        if fact.measure.unit is Unit.COUNT:
            return one(self._identities.of(fact.key, fact.known_on))
        cell = self._public.cells.get(fact.id)
        if cell is None or not cell.is_shown:
            raise NotLinear
        return fixed(cell.value)

    def _name(self, key: FactKey) -> str:
        cell = self._facts.get(key)
        return str(key) if cell is None else name_of(cell.label, cell.period)

    # ------------------------------------------------------------ what earlier publications said

    def _earlier(self, edition: PublishedEdition) -> Iterator[Statement]:
        where = f"édition {edition.edition} du {edition.on.isoformat()}"
        for old in edition.statements:
            yield Statement(
                terms=tuple((self._identities.of(key, known_on), weight) for key, known_on, weight in old.terms),
                low=old.low,
                high=old.high,
                low_strict=old.low_strict,
                high_strict=old.high_strict,
                said=f"{old.said}, {where}",
            )


def _called(fact: Fact) -> str:
    """What a fact that no series names counts."""
    return ", ".join([fact.measure.label, *(code for _, code in fact.key.dims)])


@frozen(kw_only=True)
class _Printed:
    """What a publication shows of one statement, in words, and the released cells that print it."""

    content: Content
    said: str
    cells: tuple[str, ...] = ()

    @property
    def is_clear(self) -> bool:
        return isinstance(self.content, ShownContent)


History = Mapping[FactKey, tuple[tuple[date, _Printed | None], ...]]


def _keep(printed: dict[date, _Printed], day: date, one: _Printed) -> None:
    """The last word, but what was said in clear is not unsaid."""
    if one.is_clear or day not in printed or not printed[day].is_clear:
        printed[day] = one


def _all_operands(requested: Iterable[Operand]) -> Iterator[Operand]:
    waiting = list(requested)
    while waiting:
        operand = waiting.pop()
        yield operand
        if isinstance(operand, Derived):
            waiting.extend(operand.operands)

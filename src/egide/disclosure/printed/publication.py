"""Audit somebody else's publication: its printed tables and claims as one system, put to the attacker.

Source: docs/how-to/auditer-une-publication.md. A small count is a leak when what is public leaves it fewer values
than the level asks for. A neighbour hidden beside it (`nc`) that is narrowed is told, and is no leak in itself.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

from attrs import field, frozen

from egide.disclosure.attack.audit import audit
from egide.disclosure.attack.findings import FULL, Finding, Findings, Level, protection
from egide.disclosure.attack.reasons import explain
from egide.disclosure.attack.rows import TooLarge
from egide.disclosure.attack.settle import How
from egide.disclosure.attack.system import Contradictory, Shown, Statement, System, Unknown
from egide.disclosure.printed.claims import read_claims
from egide.disclosure.printed.tables import Hidden, Known, Place, Table, shortened, threshold_of
from egide.disclosure.printed.totals import (
    DeclaredSum,
    DeclaredTotal,
    Sum,
    added_tables,
    breakdowns,
    check_declared,
    check_declared_sums,
    false_sums,
    sums,
)
from egide.errors import Defect, DeliveryRefused
from egide.indicators.claims import Row
from egide.indicators.words import quoted

MOST_EXPLAINED = 300  # narrowed cells that are no leak
MOST_LEAKS_EXPLAINED = 1000  # nobody reads more, and each takes milliseconds
HOW = {
    How.PROPAGATION: "propagation",
    How.COMPONENT: "enumeration",
    How.EXACT_SOLVER: "exact solver",
    How.NOT_PROVEN: "not proven",
    How.NOT_SOUGHT: "not sought",
}


@frozen(kw_only=True)
class Publication:
    """Everything that was read. `identifiers`: the cells that claims may name, besides `table|row|column`."""

    tables: tuple[Table, ...]
    declared: tuple[DeclaredTotal, ...] = ()
    declared_sums: tuple[DeclaredSum, ...] = ()
    same: tuple[tuple[Place, Place], ...] = ()
    claims: tuple[Row, ...] = field(default=(), repr=False)
    identifiers: Mapping[str, Place] = field(factory=dict, repr=False)
    known: Mapping[str, Known] = field(factory=dict, repr=False)


@frozen(kw_only=True)
class HiddenCell:
    """What is left of one hidden cell. `reasons`: French, line by line; empty when nothing narrows it."""

    place: Place
    label: str
    low: int | None
    high: int | None
    how: str
    leak: bool
    proven: bool
    narrowed: bool
    values: tuple[int, ...] | None  # every number possible; None when they are not listed one by one
    reasons: tuple[str, ...]


@frozen(kw_only=True)
class PublicationReport:
    """What the attacker found, cells in printed order."""

    cells: tuple[HiddenCell, ...]
    tables: int
    threshold: int  # the first count that the publication shows
    aside: int  # lines of percentages or means, in no total
    sums: int  # sums about hidden cells, recognised or declared
    claims_used: int  # statements drawn from claims
    claims_unread: tuple[str, ...]

    @property
    def leaks(self) -> tuple[HiddenCell, ...]:
        return tuple(cell for cell in self.cells if cell.leak)

    @property
    def narrowed(self) -> tuple[HiddenCell, ...]:
        """Less than the label says, yet no leak."""
        return tuple(cell for cell in self.cells if cell.narrowed and not cell.leak)

    @property
    def unexplained(self) -> int:
        """Leaks whose arithmetic is not written: there are too many."""
        return max(0, len(self.leaks) - MOST_LEAKS_EXPLAINED)

    @property
    def exit_code(self) -> int:
        return 1 if self.leaks else 0


def audit_publication(publication: Publication, level: Level = FULL) -> PublicationReport:
    """Exact bounds of every hidden cell of the publication.

    Raises: DeliveryRefused with every total that does not add up, or with a small set of totals and claims that no
            whole numbers satisfy together.
    """
    tables = publication.tables
    if not tables:
        raise DeliveryRefused([_nothing()])
    defects = [
        *check_declared(publication.declared, tables),
        *check_declared_sums(publication.declared_sums, tables),
    ]
    if defects:
        raise DeliveryRefused(defects)
    added = _sums(publication)
    unknowns, shown = _cells(tables)
    threshold = threshold_of(tables)
    defects = [*false_sums(added, threshold), *_twice(publication.same, unknowns, shown)]
    if defects:
        raise DeliveryRefused(shortened("publication", list(dict.fromkeys(defects))))
    said = [one.statement() for one in added]
    said += [_same(one, other) for one, other in publication.same if one in unknowns or other in unknowns]
    names, constants = _named(publication)
    reading = read_claims(publication.claims, names, shown | constants, frozenset(unknowns))
    said += reading.statements
    findings = _attacked(unknowns, said, shown | constants)
    return PublicationReport(
        cells=_told(findings, level, threshold),
        tables=len(tables),
        threshold=threshold,
        aside=sum(table.aside for table in tables),
        sums=len(added),
        claims_used=len({one.said for one in reading.statements}),
        claims_unread=reading.unread,
    )


def _sums(publication: Publication) -> list[Sum]:
    """Every sum that tells something, each once however it was recognised."""
    inside = (
        one
        for table in publication.tables
        for breakdown in breakdowns(table, publication.declared)
        for one in sums(table, breakdown)
    )
    return list(dict.fromkeys([*inside, *added_tables(publication.declared_sums, publication.tables)]))


def _cells(tables: Sequence[Table]) -> tuple[dict[Hashable, Unknown], dict[Hashable, Shown]]:
    threshold = threshold_of(tables)
    unknowns: dict[Hashable, Unknown] = {}
    shown: dict[Hashable, Shown] = {}
    for table in tables:
        for place, cell in table.places():
            name = quoted(f"{place.row}, {place.column}")
            if isinstance(cell, Hidden):
                unknowns[place] = cell.unknown(threshold, name)
            else:
                shown[place] = Shown(value=cell, name=name)
    return unknowns, shown


def _twice(
    same: Sequence[tuple[Place, Place]], unknowns: Mapping[Hashable, Unknown], shown: Mapping[Hashable, Shown]
) -> list[Defect]:
    """The same cell printed with two numbers, or a cell said to be the same that is not there."""
    defects = []
    for one, other in same:
        for place in (one, other):
            if place not in unknowns and place not in shown:
                way_out = "Reprenez les titres à la lettre dans audit.toml."
                got = "une cellule absente ou sans effectif"
                defects.append(Defect(place=str(place), expected="une cellule publiée", got=got, way_out=way_out))
        if one in shown and other in shown and shown[one].value != shown[other].value:
            expected = f"{shown[one].value}, comme à {one}"
            way_out = "C’est la même cellule : un seul des deux nombres est juste."
            defects.append(Defect(place=str(other), expected=expected, got=str(shown[other].value), way_out=way_out))
    return defects


def _same(one: Place, other: Place) -> Statement:
    return Statement.equal([(one, 1), (other, -1)], said=f"{one} et {other} sont la même cellule")


def _named(publication: Publication) -> tuple[dict[str, Hashable], dict[Hashable, Shown]]:
    """The cell behind each name a claim may use, and the numbers that are in no table."""
    names: dict[str, Hashable] = {}
    for table in publication.tables:
        names |= {f"{place.table}|{place.row}|{place.column}": place for place, _ in table.places()}
    names |= publication.identifiers
    constants: dict[Hashable, Shown] = {}
    for name, one in publication.known.items():
        constants[name] = Shown(value=one.value, name=one.name)
        names[name] = name
    return names, constants


def _attacked(
    unknowns: Mapping[Hashable, Unknown], said: Sequence[Statement], shown: Mapping[Hashable, Shown]
) -> Findings:
    try:
        return audit(System.of(unknowns, said, shown))
    except Contradictory as refusal:
        places = " ; ".join(dict.fromkeys(statement.said for statement in refusal.statements))
        way_out = (
            "L’un de ces totaux ou de ces libellés est faux ; ou un titre n’est pas la somme des autres, "
            "et audit.toml doit le dire."
        )
        expected = "des nombres entiers qui satisfont tous ces énoncés"
        raise DeliveryRefused(
            [
                Defect(
                    place=places or "publication",
                    expected=expected,
                    got="aucun. " + str(refusal).rstrip("."),
                    way_out=way_out,
                )
            ]
        ) from None
    except TooLarge as refusal:
        way_out = "Vérifiez ce nombre."
        place = "publication"
        raise DeliveryRefused(
            [Defect(place=place, expected="des effectifs vérifiables", got=str(refusal), way_out=way_out)]
        ) from None


def _told(findings: Findings, level: Level, threshold: int) -> tuple[HiddenCell, ...]:
    breaches = {breach.finding.cell: breach for breach in protection(findings, level)}
    cells = []
    left = {True: MOST_LEAKS_EXPLAINED, False: MOST_EXPLAINED}  # of leaks, of others
    for finding, unknown in zip(findings, findings.system.unknowns, strict=True):
        place = finding.cell
        leak = place in breaches or (unknown == _withheld(unknown) and _is_small(finding, level, threshold))
        assert isinstance(place, Place)
        told = (leak or finding.narrowed) and left[leak] > 0
        left[leak] -= told
        reason = explain(findings, place) if told else None
        cells.append(
            HiddenCell(
                place=place,
                label=finding.label,
                low=finding.low,
                high=finding.high,
                how=HOW[finding.how],
                leak=leak,
                proven=breaches[place].proven if place in breaches else finding.is_proven,
                narrowed=finding.narrowed,
                values=tuple(sorted(finding.values)) if finding.complete else None,
                reasons=() if reason is None else reason.lines,
            )
        )
    return tuple(cells)


def _withheld(unknown: Unknown) -> Unknown:
    return Unknown(label=unknown.label, low=0, plain=True, name=unknown.name)


def _is_small(finding: Finding, level: Level, threshold: int) -> bool:
    """A cell whose label says nothing (`s`) turns out to be a small count, with fewer values than the level asks."""
    if not finding.low or finding.high is None or finding.high >= threshold:
        return False
    return finding.high - finding.low + 1 < (level.least_values or threshold - 1)


def _nothing() -> Defect:
    way_out = "Donnez un dossier qui tient des tableaux .csv ou .xlsx."
    return Defect(place="publication", expected="au moins un tableau", got="aucun", way_out=way_out)

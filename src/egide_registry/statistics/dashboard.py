"""The national dashboard: titles, tables, summaries and bars, drawn from released cells and from nothing else. Pure.

Every number on it is a cell's own text, or is computed here from numbers that the same page shows exactly: whoever
reads the page could compute it. A raw count has no way in: entries take cells.
Source: docs/methods/registry-statistics.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from itertools import accumulate

from attrs import field, frozen
from attrs.validators import deep_iterable, instance_of

from egide.disclosure.cells import Cell
from egide.document.typography import NBSP, THIN, cell_text, quantity
from egide.facts.model import Unit
from egide.reference.periods import Period
from egide.reference.territories import territory_name
from egide_registry.statistics.cubes import departments
from egide_registry.statistics.release import Released, Version
from egide_registry.statistics.rules import DELAYS, FRANCE, MEDIAN_FROM, Dims

NOT_RELEASED = "non diffusé"
NOT_COMPUTED = "non calculé"  # a rate of which one side is hidden
_NATION = territory_name(FRANCE)
_LOCAL = (("REG-", "régions"), ("DEP-", "départements"))
_STEP = 5  # bars go in steps of 5 %: finer would be read as a number

CLASSES = {
    "lt1m": "moins d’un mois",
    "m1_3": "d’un à trois mois",
    "m3_6": "de trois à six mois",
    "gt6m": "plus de six mois",
}
_Finder = Callable[[str, Dims], Cell | None]
DELAY_TITLES = {code: text[0].upper() + text[1:] for code, text in CLASSES.items()}


@frozen(kw_only=True)
class Column:
    """A count by its dimensions, or, with `of`, the share that it is of another count of the same table."""

    title: str
    dims: Dims = ()
    of: Dims | None = None


@frozen(kw_only=True)
class Asked:
    """One table of the dashboard. `fixed`: dimensions that all its counts have."""

    code: str
    title: str
    measure: str
    unit: str  # French, plural: what is counted
    columns: tuple[Column, ...]
    fixed: Dims = ()
    delays: bool = False  # say in which class the median lies


@frozen(kw_only=True)
class Entry:
    """What one box of a table says. `width`: of its bar, 0 to 100 in steps of 5; None: no bar."""

    text: str
    width: int | None = None
    hidden: bool = False

    @classmethod
    def of_cell(cls, cell: Cell | None, largest: Fraction) -> Entry:
        """A released cell as it reads. Raises TypeError for anything else: a raw count never gets here."""
        if cell is None:
            return cls(text=NOT_RELEASED, hidden=True)
        if not isinstance(cell, Cell):
            raise TypeError(f"only a released cell is shown, got {type(cell).__name__}")
        if not cell.is_shown:
            return cls(text=cell_text(cell), hidden=True)
        return cls(text=cell_text(cell), width=_width(cell.number / largest) if largest else 0)

    @classmethod
    def of_rate(cls, part: Cell | None, whole: Cell | None) -> Entry:
        """A share where both counts are shown exactly. Whoever reads them can divide: it tells nothing more."""
        share = rate(part, whole)
        if share is None:
            return cls(text=NOT_COMPUTED, hidden=True)
        return cls(text=quantity(share * 100, Unit.PERCENT), width=_width(share))


@frozen(kw_only=True)
class Line:
    territory: str  # code
    name: str
    entries: tuple[Entry, ...] = field(validator=deep_iterable(instance_of(Entry), instance_of(tuple)))


@frozen(kw_only=True)
class Indicator:
    """One table, with what it says in words for who does not see its bars."""

    code: str
    title: str
    period: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...] = field(validator=deep_iterable(instance_of(Line), instance_of(tuple)))
    summary: tuple[str, ...]


@frozen(kw_only=True)
class Dashboard:
    version: Version
    indicators: tuple[Indicator, ...] = field(validator=deep_iterable(instance_of(Indicator), instance_of(tuple)))


def dashboard(released: Released) -> Dashboard:
    """All the indicators of which something is released. Raises TypeError for anything but a release."""
    if not isinstance(released, Released):
        raise TypeError(f"a dashboard is drawn from a release, got {type(released).__name__}")
    found = (_indicator(asked, released) for asked in ASKED)
    return Dashboard(version=released.version, indicators=tuple(one for one in found if one is not None))


def rate(part: Cell | None, whole: Cell | None) -> Fraction | None:
    """Part of whole when both are shown exactly and the whole is not zero, None otherwise."""
    if part is None or whole is None or not part.is_shown or not whole.is_shown or whole.number == 0:
        return None
    return part.number / whole.number


def median_class(cells: Sequence[Cell | None], least: int = MEDIAN_FROM) -> str | None:
    """The class of delay, in the order of `DELAYS`, in which half of the decisions are reached.

    None where a class is hidden or there are fewer than `least` decisions: a median over a few files is one of them.
    """
    numbers = [cell.number for cell in cells if cell is not None and cell.is_shown]
    if len(numbers) < len(cells) or sum(numbers) < least:
        return None
    reached = zip(DELAYS, accumulate(numbers), strict=True)
    return next(code for code, upto in reached if 2 * upto >= sum(numbers))


def _indicator(asked: Asked, released: Released) -> Indicator | None:
    def cell(territory: str, dims: Dims) -> Cell | None:
        return released.cell(asked.measure, territory, (*asked.fixed, *dims))

    needed = tuple(
        dict.fromkeys(dims for column in asked.columns for dims in (column.dims, column.of) if dims is not None)
    )
    there = [one for one in released.territories if any(cell(one, dims) is not None for dims in needed)]
    if not there:
        return None
    lines = []
    for territory in there:
        entries = [
            Entry.of_rate(cell(territory, column.dims), cell(territory, column.of))
            if column.of is not None
            else Entry.of_cell(
                cell(territory, column.dims), _largest(cell(one, column.dims) for one in _peers(territory, there))
            )
            for column in asked.columns
        ]
        lines.append(Line(territory=territory, name=_name(territory), entries=tuple(entries)))
    (period,) = {one.period for dims in needed for place in there if (one := cell(place, dims)) is not None}
    summary = [text for column in asked.columns if (text := _said(asked, column, there, cell)) is not None]
    if asked.delays:
        summary += _median(asked, [cell(FRANCE, (("delay", code),)) for code in DELAYS])
    return Indicator(
        code=asked.code,
        title=asked.title,
        period=Period.parse(period).french(),
        columns=tuple(column.title for column in asked.columns),
        lines=tuple(lines),
        summary=tuple(summary),
    )


def _name(territory: str) -> str:
    """Guadeloupe is a region and a department."""
    name = territory_name(territory)
    twice = territory.startswith("REG-") and any(territory_name(f"DEP-{code}") == name for code in departments())
    return f"{name} (région)" if twice else name


def _peers(territory: str, there: Iterable[str]) -> list[str]:
    """Territories of the same level: a department is not drawn against France."""
    return [one for one in there if one[:4] == territory[:4]]


def _largest(cells: Iterable[Cell | None]) -> Fraction:
    return max((cell.number for cell in cells if cell is not None and cell.is_shown), default=Fraction(0))


def _width(share: Fraction) -> int:
    return min(100, max(0, int(share * 100 / _STEP + Fraction(1, 2)) * _STEP))


# ---------------------------------------------------------------- in words


def _said(asked: Asked, column: Column, there: list[str], cell: _Finder) -> str | None:
    if column.of is not None:
        return _said_rate(column, there, cell)
    national = cell(FRANCE, column.dims)
    parts = [] if national is None else [f"{cell_text(national)} en {_NATION}"]
    for prefix, name in _LOCAL:
        local = [one for place in there if place.startswith(prefix) and (one := cell(place, column.dims)) is not None]
        if local:
            texts = Counter(cell_text(one) for one in local if not one.is_shown or one.number == 0)
            of_them = "".join(f", {count} à «{NBSP}{text}{NBSP}»" for text, count in sorted(texts.items()))
            parts.append(f"{len(local)} {name}{of_them}")
    return f"{column.title}{NBSP}: {f'{THIN}; '.join(parts)}." if parts else None


def _said_rate(column: Column, there: list[str], cell: _Finder) -> str | None:
    """Equality between territories: the range of the rates that can be computed, and how many they are."""
    parts = []
    national = rate(cell(FRANCE, column.dims), cell(FRANCE, column.of or ()))
    if national is not None:
        parts.append(f"{quantity(national * 100, Unit.PERCENT)} en {_NATION}")
    for prefix, name in _LOCAL:
        places = [place for place in there if place.startswith(prefix)]
        rates = [
            one for place in places if (one := rate(cell(place, column.dims), cell(place, column.of or ()))) is not None
        ]
        if len(rates) > 1:
            low, high = (quantity(one * 100, Unit.PERCENT) for one in (min(rates), max(rates)))
            parts.append(f"de {low} à {high} dans les {len(rates)} {name} sur {len(places)} où il se calcule")
    return f"{column.title}{NBSP}: {f'{THIN}; '.join(parts)}." if parts else None


def _median(asked: Asked, cells: list[Cell | None]) -> list[str]:
    found = median_class(cells)
    if found is None:
        return [f"Délai médian{NBSP}: {NOT_COMPUTED}, faute d’effectifs montrés ou de dossiers en nombre suffisant."]
    return [f"Délai médian{NBSP}: {CLASSES[found]} ({asked.unit})."]


# ---------------------------------------------------------------- what the dashboard asks for


def _delays(of: Dims) -> tuple[Column, ...]:
    classes = [Column(title=title, dims=(("delay", code),)) for code, title in DELAY_TITLES.items()]
    return (*classes, Column(title="Part au-delà de six mois", dims=(("delay", "gt6m"),), of=of))


_FIRST, _RENEWAL = (("kind", "first"),), (("kind", "renewal"),)
_RIGHTS = {
    "aps": "Autorisation provisoire de séjour",
    "afis": "Aide financière à l’insertion sociale",
    "housing": "Logement ou hébergement",
    "support": "Accompagnement",
}


def _requests(code: str, title: str, kind: Dims) -> Asked:
    columns = [
        Column(title=name, dims=(*kind, ("outcome", outcome)))
        for outcome, name in (
            ("granted", "Acceptées"),
            ("refused", "Refusées"),
            ("pending", "En attente"),
            ("withdrawn", "Retirées"),
        )
    ]
    share = Column(title="Part des refus", dims=(*kind, ("outcome", "refused")), of=kind)
    return Asked(
        code=code,
        title=title,
        measure="psp_requests",
        unit="demandes",
        columns=(Column(title="Déposées", dims=kind), *columns, share),
    )


def _named(dimension: str, titles: dict[str, str]) -> tuple[Column, ...]:
    return tuple(Column(title=title, dims=((dimension, code),)) for code, title in titles.items())


_SITUATIONS = (
    *_named(
        "work",
        {
            "stable_job": "Emploi durable",
            "short_job": "Emploi de courte durée",
            "training": "Formation",
            "no_job": "Sans emploi ni formation",
            "work_unknown": "Emploi inconnu",
        },
    ),
    *_named(
        "housing",
        {
            "own_home": "Logement personnel",
            "hosted": "Hébergement par des proches",
            "shelter": "Hébergement institutionnel",
            "no_home": "Sans logement",
            "housing_unknown": "Logement inconnu",
        },
    ),
    *_named(
        "residence",
        {
            "settled": "Séjour durable",
            "provisional": "Séjour provisoire",
            "no_right": "Sans droit au séjour",
            "residence_unknown": "Séjour inconnu",
        },
    ),
)

ASKED: tuple[Asked, ...] = (
    Asked(
        code="parcours",
        title="Parcours en cours",
        measure="psp_current",
        unit="personnes",
        columns=(Column(title="Parcours en cours"),),
    ),
    _requests("premieres-demandes", "Premières demandes", _FIRST),
    _requests("renouvellements", "Demandes de renouvellement", _RENEWAL),
    Asked(
        code="delais",
        title="Délai entre le dépôt et la décision",
        measure="psp_requests",
        unit="demandes décidées",
        columns=_delays((("outcome", "decided"),)),
        delays=True,
    ),
    *(
        Asked(
            code=f"droit-{right}",
            title=f"{title}{NBSP}: du droit demandé au droit effectif",
            measure="psp_rights",
            unit="droits effectifs",
            fixed=(("right", right),),
            columns=(
                Column(title="Demandés"),
                Column(title="Accordés", dims=(("stage", "granted"),)),
                Column(title="Effectifs", dims=(("stage", "effective"),)),
                Column(title="Accordés, sans effet", dims=(("stage", "not_effective"),)),
                Column(title="Part des droits effectifs", dims=(("stage", "effective"),), of=()),
                *_delays((("stage", "effective"),)),
            ),
            delays=True,
        )
        for right, title in _RIGHTS.items()
    ),
    Asked(
        code="recours",
        title="Recours contre un refus",
        measure="psp_appeals",
        unit="recours",
        columns=(
            Column(title="Formés"),
            Column(title="Recours gracieux", dims=(("way", "prefect"),)),
            Column(title="Tribunal administratif", dims=(("way", "court"),)),
            *_named(
                "outcome",
                {"upheld": "Accueillis", "rejected": "Rejetés", "pending": "En attente", "withdrawn": "Retirés"},
            ),
        ),
    ),
    Asked(
        code="fins",
        title="Parcours terminés",
        measure="psp_ended",
        unit="personnes",
        columns=(
            Column(title="Terminés"),
            Column(title="Avant le terme", dims=(("ending", "early"),)),
            *_SITUATIONS,
        ),
    ),
    *(
        Asked(
            code=f"suivi-{months}-mois",
            title=f"Situation {words} mois après le parcours",
            measure="psp_followed",
            unit="personnes",
            fixed=(("moment", f"m{months}"),),
            columns=(Column(title="Suivies"), *_SITUATIONS),
        )
        for months, words in ((6, "six"), (12, "douze"))
    ),
    Asked(
        code="seances",
        title="Séances des commissions départementales",
        measure="cdlp_sessions",
        unit="séances",
        columns=(Column(title="Séances"),),
    ),
)

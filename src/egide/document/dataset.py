"""The open data of a publication, described once: every format is written from this and adds nothing.

One row a released cell: a fact as an institution stated it, or a result with its formula. What is hidden has its
printed label and no number at all, not even a bound. Source: docs/reference/open-data.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import Any

from attrs import frozen

from egide.disclosure.cells import BelowThreshold, Bounded, Cell, NotCommunicated, Shown, Withheld
from egide.document.dataset_columns import COLUMNS, PRECAUTION, Code, Column, Type
from egide.document.model import Document
from egide.document.trace import STATUS_LABELS
from egide.document.typography import cell_text
from egide.facts.model import Status
from egide.facts.values import rounded
from egide.reference.periods import Period
from egide.reference.territories import territory_name

PLACES = 6  # decimals kept of a result that has no end, such as a third
SEVERAL = "+"  # between the sources of a result, and in their code


@frozen(kw_only=True)
class Observation:
    """One row. A number is exact, a range has one or two bounds, a hidden value has none of the three."""

    id: str
    nature: str
    source: str
    source_label: str
    measure: str
    measure_label: str
    label: str
    territory: str
    territory_label: str
    period: str
    first_day: date
    last_day: date
    dimensions: str  # "age=ge18;sex=F"; empty for a whole or a result
    formula: str  # of a result
    value: Fraction | None
    low: Fraction | None
    high: Fraction | None
    shown: str
    unit: str
    obs_status: str
    conf_status: str
    status: str
    known_on: date
    note: str
    precaution: str = ""  # of the publication, the same in each row


@frozen(kw_only=True)
class Licence:
    id: str  # of the SPDX list
    title: str
    address: str


ETALAB = Licence(
    id="etalab-2.0",
    title="Licence Ouverte / Open Licence 2.0 (Etalab)",
    address="https://spdx.org/licenses/etalab-2.0.html",
)


@frozen(kw_only=True)
class Dataset:
    """Everything that any format may say of the data."""

    name: str  # of its files
    title: str
    description: str
    publisher: str
    contact: str  # an e-mail address or a page; may be empty
    agency: str  # who maintains the structures, as an SDMX identifier
    language: str
    licence: Licence
    published_on: date
    known_on: date
    sources: tuple[Code, ...]
    columns: tuple[Column, ...]
    rows: tuple[Observation, ...]
    precaution: str = ""


def describe(
    document: Document,
    released: Iterable[Cell],
    *,
    name: str = "lettre",
    institutions: Mapping[str, str] | None = None,
    licence: Licence = ETALAB,
    contact: str = "",
    agency: str = "EGIDE",
) -> Dataset:
    """The dataset of a publication: the cells released, each once, sorted by identifier.

    `institutions` names the sources (code -> name under figures); an absent one keeps its code.
    Raises ValueError when two different cells have the same identifier.
    """
    names = institutions or {}
    cells: dict[str, Cell] = {}
    for cell in released:
        if cells.setdefault(cell.id, cell) != cell:
            raise ValueError(f"two different cells are called {cell.id}")
    precaution = document.precaution
    rows = tuple(_observation(cells[identifier], names, precaution) for identifier in sorted(cells))
    used = sorted({source for cell in cells.values() for source in cell.sources})
    return Dataset(
        name=name,
        title=f"{document.title}, {document.issue} : les données",
        description=(
            f"Chaque nombre publié dans « {document.title} », {document.issue} : les faits énoncés par "
            "les institutions et les résultats calculés, avec leur source, leur champ, leur période, "
            "leur statut et leur secret." + (f" {precaution}" if precaution else "")
        ),
        publisher=document.publisher,
        contact=contact,
        agency=agency,
        language=document.language,
        licence=licence,
        published_on=document.published_on,
        known_on=document.known_on,
        sources=tuple(Code(source, names.get(source, source)) for source in used),
        columns=(*COLUMNS, PRECAUTION) if precaution else COLUMNS,
        rows=rows,
        precaution=precaution,
    )


def decimal(number: Fraction | None) -> str:
    """Digits with a decimal point, no sign of thousands, up to six decimals, no final zero; empty for none."""
    if number is None:
        return ""
    shown = rounded(number, PLACES)
    whole, rest = divmod(abs(shown), 1)
    decimals = str(int(rest * 10**PLACES)).rjust(PLACES, "0").rstrip("0")
    return f"{'-' if shown < 0 else ''}{whole}" + (f".{decimals}" if decimals else "")


def text(row: Observation, column: Column) -> str:
    """A field as a file of text holds it."""
    value: Any = getattr(row, column.field)
    if column.type is Type.NUMBER:
        return decimal(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _observation(cell: Cell, names: Mapping[str, str], precaution: str) -> Observation:
    key = cell.journey.key
    period = Period.parse(cell.period)
    value, low, high = _numbers(cell)
    return Observation(
        id=cell.id,
        nature="fait" if key else "calcul",
        source=SEVERAL.join(cell.sources),
        source_label=" ; ".join(names.get(source, source) for source in cell.sources),
        measure=cell.measure.code if key else f"calc_{cell.measure.code}",
        measure_label=cell.measure.label,
        label=cell.label,
        territory=cell.territory,
        territory_label=territory_name(cell.territory),
        period=cell.period,
        first_day=period.first,
        last_day=period.last,
        dimensions=";".join(f"{name}={code}" for name, code in key.dims) if key else "",
        formula=cell.journey.formula,
        value=value,
        low=low,
        high=high,
        shown=cell_text(cell),
        unit=cell.measure.unit.value,
        obs_status=_obs_status(cell),
        conf_status=_conf_status(cell),
        status=STATUS_LABELS[cell.status],
        known_on=date.fromisoformat(cell.id.rpartition("@")[2]),
        note=cell.journey.note,
        precaution=precaution,
    )


def _numbers(cell: Cell) -> tuple[Fraction | None, Fraction | None, Fraction | None]:
    """Value, low, high. A range is widened, never narrowed, where its bounds have no end."""
    if not isinstance(cell.content, Shown):
        return None, None, None
    shown = cell.content.value
    if shown.is_exact:
        return shown.number, None, None
    scale = 10**PLACES
    low = None if shown.low is None else Fraction(floor(shown.low * scale), scale)
    high = None if shown.high is None else Fraction(ceil(shown.high * scale), scale)
    return None, low, high


def _obs_status(cell: Cell) -> str:
    """Codes of the international list CL_OBS_STATUS, where `S` means a strike: semi-definitive goes with `P`."""
    if not isinstance(cell.content, Shown):
        return "Q"
    return "P" if cell.status is Status.SEMI_DEFINITIVE else cell.status.value


def _conf_status(cell: Cell) -> str:
    """Codes of the international list CL_CONF_STATUS."""
    match cell.content:
        case Shown():
            return "F"
        case BelowThreshold():
            return "A"
        case NotCommunicated() | Bounded():
            return "D"
        case Withheld():
            return "C"

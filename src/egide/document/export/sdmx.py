"""The data as SDMX 3.0: a structure message in SDMX-ML, the observations in SDMX-CSV 2.0.

Five dimensions hold for every source: SOURCE, MEASURE, REF_AREA, BREAKDOWN, TIME_PERIOD. Institutions break their
counts down in ways that have nothing in common, so a breakdown is one code (`age-ge18__sex-F`), `_T` when there is
none, and a result's is made from its formula. Source: docs/decisions/sdmx-one-breakdown.md.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from attrs import frozen

from egide.document.dataset import Dataset, Observation, decimal
from egide.document.dataset_columns import CONF_STATUS, OBS_STATUS, UNITS, Code
from egide.document.export.csv_file import table_bytes
from egide.reference.periods import SPAN, Period

if TYPE_CHECKING:
    from pysdmx.model import Codelist, Component, Concept

WHOLE = "_T"  # the international code for a total
_REFUSED = re.compile(r"[^A-Za-z0-9_@$-]")


@frozen(kw_only=True)
class Part:
    """A component of the structure, and how a row fills it."""

    id: str
    name: str
    role: str  # D, M or A
    fill: Callable[[Observation], str]
    codes: tuple[Code, ...] = ()
    type: str = "STRING"  # of pysdmx's DataType
    required: bool = False


_PRECAUTION = Part(id="COMMENT_DSET", name="Précaution", role="A", fill=lambda row: row.precaution, required=True)


def data_csv(dataset: Dataset) -> bytes:
    """SDMX-CSV 2.0, one line an observation. Raises ValueError when two rows have the same key."""
    parts = components(dataset)
    flow = f"{dataset.agency}:{_flow(dataset)}({version(dataset.published_on)})"
    rows = [["dataflow", flow, "I", *(part.fill(row) for part in parts)] for row in dataset.rows]
    keys = [tuple(line[3 : 3 + sum(part.role == "D" for part in parts)]) for line in rows]
    if len(set(keys)) < len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"two rows have the same SDMX key: {' '.join(twice)}")
    return table_bytes(["STRUCTURE", "STRUCTURE_ID", "ACTION", *(part.id for part in parts)], rows)


def structure_xml(dataset: Dataset) -> bytes:
    """SDMX-ML 3.0 structure message: code lists, concepts, data structure, dataflow; dated from the publication."""
    from pysdmx.io import write_sdmx
    from pysdmx.io.format import Format
    from pysdmx.model import (
        Agency,
        Components,
        ConceptScheme,
        Dataflow,
        DataStructureDefinition,
        Organisation,
    )
    from pysdmx.model.message import Header

    agency, edition = dataset.agency, version(dataset.published_on)
    parts = components(dataset)
    codelists = {part.id: _codelist(dataset, part) for part in parts if part.codes}
    concepts = {part.id: _concept(dataset, part) for part in parts}
    scheme = ConceptScheme(
        id="CS_LETTRE", name="Concepts de la Lettre", agency=agency, version=edition, items=list(concepts.values())
    )
    structure = DataStructureDefinition(
        id=f"DSD_{_slug(dataset)}",
        name=dataset.title,
        agency=agency,
        version=edition,
        components=Components([_component(part, concepts[part.id], codelists.get(part.id)) for part in parts]),
    )
    flow = Dataflow(
        id=_flow(dataset),
        name=dataset.title,
        description=f"{dataset.description} {dataset.licence.title}.",
        agency=Agency(id=agency, name=dataset.publisher),
        version=edition,
        structure=structure,
    )
    header = Header(
        id=f"{_slug(dataset)}-{dataset.published_on.isoformat()}",
        prepared=datetime.combine(dataset.published_on, time(), tzinfo=UTC),
        sender=Organisation(id=agency, name=dataset.publisher),
    )
    written = write_sdmx(
        [*codelists.values(), scheme, structure, flow], Format.STRUCTURE_SDMX_ML_3_0, header=header, prettyprint=True
    )
    # pysdmx 1.21 says that every name is English.
    return str(written).replace('xml:lang="en"', f'xml:lang="{dataset.language}"').encode()


def components(dataset: Dataset) -> tuple[Part, ...]:
    """Dimensions, then the measure, then what describes an observation."""
    rows = dataset.rows
    lists = {
        "SOURCE": _codes((_id(row.source), row.source, row.source_label) for row in rows),
        "MEASURE": _codes((_id(row.measure), row.measure, row.measure_label) for row in rows),
        "REF_AREA": _codes((_id(row.territory), row.territory, row.territory_label) for row in rows),
        "BREAKDOWN": _codes((_breakdown(row), _split(row), _split(row)) for row in rows),
    }
    return (
        Part(id="SOURCE", name="Source", role="D", fill=lambda row: _id(row.source), codes=lists["SOURCE"]),
        Part(id="MEASURE", name="Mesure", role="D", fill=lambda row: _id(row.measure), codes=lists["MEASURE"]),
        Part(id="REF_AREA", name="Territoire", role="D", fill=lambda row: _id(row.territory), codes=lists["REF_AREA"]),
        Part(id="BREAKDOWN", name="Ventilation", role="D", fill=_breakdown, codes=lists["BREAKDOWN"]),
        Part(id="TIME_PERIOD", name="Période", role="D", fill=lambda row: time_period(row.period), type="PERIOD"),
        Part(id="OBS_VALUE", name="Valeur", role="M", fill=lambda row: decimal(row.value), type="DOUBLE"),
        Part(id="OBS_LOW", name="Borne basse", role="A", fill=lambda row: decimal(row.low), type="DOUBLE"),
        Part(id="OBS_HIGH", name="Borne haute", role="A", fill=lambda row: decimal(row.high), type="DOUBLE"),
        Part(id="OBS_LABEL", name="Affichage", role="A", fill=lambda row: row.shown, required=True),
        Part(id="UNIT_MEASURE", name="Unité", role="A", fill=lambda row: row.unit, codes=UNITS, required=True),
        Part(
            id="OBS_STATUS",
            name="Statut de l’observation",
            role="A",
            fill=lambda row: row.obs_status,
            codes=OBS_STATUS,
            required=True,
        ),
        Part(
            id="CONF_STATUS",
            name="Statut de confidentialité",
            role="A",
            fill=lambda row: row.conf_status,
            codes=CONF_STATUS,
            required=True,
        ),
        Part(id="FIRMNESS", name="Fermeté", role="A", fill=lambda row: row.status, required=True),
        Part(id="KNOWN_ON", name="Connu le", role="A", fill=lambda row: row.known_on.isoformat(), required=True),
        Part(id="OBS_ID", name="Identifiant", role="A", fill=lambda row: row.id, required=True),
        Part(id="TITLE", name="Libellé", role="A", fill=lambda row: row.label, required=True),
        Part(id="COMMENT_OBS", name="Note", role="A", fill=lambda row: row.note),
        *([_PRECAUTION] if dataset.precaution else ()),
    )


def time_period(text: str) -> str:
    """A period as SDMX writes it: `2025`, `2025-12`, `2025-12-31`, or first day and duration `2017-01-01/P9Y`."""
    period = Period.parse(text)
    if SPAN not in text and (period.is_year or period.is_day or len(text) == len("2025-12")):
        return text
    after = period.last + timedelta(days=1)
    months = (after.year - period.first.year) * 12 + after.month - period.first.month
    if period.first.day != 1 or after.day != 1:
        duration = f"P{(after - period.first).days}D"
    else:
        duration = f"P{months}M" if months % 12 else f"P{months // 12}Y"
    return f"{period.first.isoformat()}/{duration}"


def version(day: date) -> str:
    """Code lists change with each edition, so the day of publication is their version."""
    return f"{day.year}.{day.month}.{day.day}"


def _breakdown(row: Observation) -> str:
    if row.formula:
        return f"calc-{hashlib.sha256(row.formula.encode()).hexdigest()[:16]}"
    return _id(row.dimensions.replace("=", "-").replace(";", "__")) or WHOLE


def _split(row: Observation) -> str:
    return row.formula or row.dimensions or "Ensemble"


def _codes(named: Iterable[tuple[str, str, str]]) -> tuple[Code, ...]:
    """One code for each (code, what it stands for, label), sorted. A code worded twice has both wordings.

    Raises ValueError when one code would stand for two things.
    """
    labels: dict[str, set[str]] = defaultdict(set)
    things: dict[str, str] = {}
    for code, thing, label in named:
        if things.setdefault(code, thing) != thing:
            raise ValueError(f"« {thing} » and « {things[code]} » would have the same SDMX code {code}")
        labels[code].add(label)
    return tuple(Code(code, " / ".join(sorted(labels[code]))) for code in sorted(labels))


def _id(text: str) -> str:
    return _REFUSED.sub("-", text)


def _slug(dataset: Dataset) -> str:
    return _id(dataset.name).upper()


def _flow(dataset: Dataset) -> str:
    return f"DF_{_slug(dataset)}"


def _codelist(dataset: Dataset, part: Part) -> Codelist:
    from pysdmx.model import Code as SdmxCode
    from pysdmx.model import Codelist

    return Codelist(
        id=f"CL_{part.id}",
        name=part.name,
        agency=dataset.agency,
        version=version(dataset.published_on),
        items=[SdmxCode(id=one.code, name=one.label) for one in part.codes],
    )


def _concept(dataset: Dataset, part: Part) -> Concept:
    from pysdmx.model import Concept, DataType

    urn = "urn:sdmx:org.sdmx.infomodel.conceptscheme.Concept="
    place = f"{dataset.agency}:CS_LETTRE({version(dataset.published_on)}).{part.id}"
    return Concept(id=part.id, name=part.name, dtype=DataType[part.type], urn=urn + place)


def _component(part: Part, concept: Concept, codes: Codelist | None) -> Component:
    from pysdmx.model import Component, DataType, Role

    return Component(
        id=part.id,
        required=part.required or part.role == "D",
        role=Role(part.role),
        concept=concept,
        local_codes=codes,
        local_dtype=None if codes else DataType[part.type],
        attachment_level="O" if part.role == "A" else None,
    )

"""What an institution agreed to send: measures, sheets, columns, codes, totals and ratios, as a checked model.

The schema file is JSON with a Table Schema (https://specs.frictionlessdata.io/table-schema/) for each sheet, so that
a sender can check it with any tool that knows the norm; the keys under `egide` are ours.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Any, TypeVar

from attrs import field, frozen

from egide.errors import EgideError, StoreError
from egide.facts.model import Kind, Measure, Secret, Status, Unit
from egide.facts.ratios import OVER_TIME, Inclusion, Ratio, RatioKind
from egide.facts.relations import Term, Total
from egide.reference.territories import is_territory

__all__ = [
    "FieldSpec",
    "FileFormat",
    "Inclusion",
    "Ratio",
    "Role",
    "SchemaError",
    "SheetSchema",
    "SourceSchema",
    "Term",
    "Total",
    "parse_schema",
]

ENCODINGS = ("utf-8", "windows-1252")
DELIMITERS = (",", ";", "\t", "|")


class SchemaError(EgideError, ValueError):
    """A schema file that does not say what it must. Names the place; a fault of ours, never of a sender."""

    exit_code = StoreError.exit_code


class FileFormat(StrEnum):
    XLSX = "xlsx"
    ODS = "ods"
    CSV = "csv"


class Role(StrEnum):
    """What a column says of its row."""

    MEASURE = "measure"
    PERIOD = "period"
    TERRITORY = "territory"
    DIM = "dim"
    VALUE = "value"
    LOW = "low"
    HIGH = "high"
    SECRET = "secret"
    STATUS = "status"
    NOTE = "note"


CODED = frozenset({Role.MEASURE, Role.TERRITORY, Role.DIM, Role.STATUS})
NUMERIC = frozenset({Role.VALUE, Role.LOW, Role.HIGH})
IN_KEY = frozenset({Role.MEASURE, Role.PERIOD, Role.TERRITORY, Role.DIM})
UNIQUE = frozenset(Role) - {Role.DIM}
COMPULSORY = frozenset({Role.MEASURE, Role.PERIOD, Role.TERRITORY, Role.VALUE, Role.STATUS})


def _frozen_codes(codes: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType(dict(codes))


def _frozen_measures(measures: Mapping[str, Measure]) -> Mapping[str, Measure]:
    return MappingProxyType(dict(measures))


@frozen(kw_only=True)
class FieldSpec:
    """One column."""

    name: str
    title: str
    role: Role
    dim: str = ""  # name of the dimension, for the role `dim`
    required: bool = False
    codes: Mapping[str, str] = field(factory=dict, converter=_frozen_codes, hash=False)  # label sent → code
    allowed: tuple[str, ...] = ()  # texts accepted as they are; empty: any
    minimum: Fraction | None = None
    maximum: Fraction | None = None
    whole: bool = False  # a Table Schema `integer`
    decimal_mark: str = "."

    @property
    def labels(self) -> tuple[str, ...]:
        """Every text the column accepts, in the schema's order; empty: any."""
        return tuple(self.codes) or self.allowed


@frozen(kw_only=True)
class SheetSchema:
    """One sheet of the file. A CSV has exactly one, without a name."""

    name: str
    title: str
    fields: tuple[FieldSpec, ...]
    primary_key: tuple[str, ...]  # names of the columns that tell two rows apart
    totals: tuple[Total, ...] = ()

    def of_role(self, role: Role) -> tuple[FieldSpec, ...]:
        return tuple(spec for spec in self.fields if spec.role is role)


@frozen(kw_only=True)
class SourceSchema:
    """Everything one institution sends."""

    source: str
    title: str
    description: str
    format: FileFormat
    encoding: str = ""  # of a CSV: utf-8 or windows-1252
    delimiter: str = ""  # of a CSV
    measures: Mapping[str, Measure] = field(converter=_frozen_measures, hash=False)
    signed: frozenset[str] = frozenset()  # measures that may be negative or, for a share, pass 100
    sheets: tuple[SheetSchema, ...]
    ratios: tuple[Ratio, ...] = ()  # delivered shares, growths… whose counts are delivered too
    inclusions: tuple[Inclusion, ...] = ()  # who is counted among whom
    ignored_sheets: tuple[str, ...] = ()  # present in the file, never read

    def sheet(self, name: str) -> SheetSchema | None:
        return next((sheet for sheet in self.sheets if sheet.name == name), None)


def parse_schema(mapping: Mapping[str, Any]) -> SourceSchema:
    """Read a schema from its JSON. Raises SchemaError at the first thing that is missing, unknown or unsound.

    A key that nothing reads is refused too: a constraint that is written but not checked would deceive.
    """
    where = str(mapping.get("source", "schema"))
    required = ["source", "title", "description", "format", "measures", "sheets"]
    _only(mapping, where, required, ["csv", "ignored_sheets", "ratios", "inclusions"])
    file_format = _one_of(FileFormat, mapping["format"], f"{where}.format")
    csv = mapping.get("csv", {})
    if file_format is FileFormat.CSV:
        _only(csv, f"{where}.csv", ["encoding", "delimiter"])
        _among(csv["encoding"], ENCODINGS, f"{where}.csv.encoding")
        _among(csv["delimiter"], DELIMITERS, f"{where}.csv.delimiter")
    measures = {code: _measure(code, spec, f"{where}.measures.{code}") for code, spec in mapping["measures"].items()}
    sheets = tuple(_sheet(spec, measures, where) for spec in mapping["sheets"])
    names = [sheet.name for sheet in sheets]
    _check(bool(sheets), where, "at least one sheet")
    _check(len(set(names)) == len(names), where, f"sheets with different names, got {names}")
    _check((names == [""]) == (file_format is FileFormat.CSV), where, 'one sheet named "" in a csv, names elsewhere')
    used = {code for sheet in sheets for spec in sheet.of_role(Role.MEASURE) for code in spec.codes.values()}
    _check(used == set(measures), where, f"every measure in one column, unused: {sorted(set(measures) - used)}")
    return SourceSchema(
        ratios=tuple(_ratio(spec, sheets, measures, where) for spec in mapping.get("ratios", ())),
        inclusions=tuple(_inclusion(spec, sheets, measures, where) for spec in mapping.get("inclusions", ())),
        source=mapping["source"],
        title=mapping["title"],
        description=mapping["description"],
        format=file_format,
        encoding=csv.get("encoding", ""),
        delimiter=csv.get("delimiter", ""),
        measures=measures,
        signed=frozenset(code for code, spec in mapping["measures"].items() if spec.get("signed", False)),
        sheets=sheets,
        ignored_sheets=tuple(mapping.get("ignored_sheets", ())),
    )


def _measure(code: str, spec: Mapping[str, Any], where: str) -> Measure:
    _only(spec, where, ["label", "unit", "kind"], ["counts", "overlapping", "signed", "description"])
    unit = _one_of(Unit, spec["unit"], f"{where}.unit")
    _check(unit is not Unit.COUNT or bool(spec.get("counts")), where, "what one unit is, in `counts`")
    return Measure(
        code=code,
        label=spec["label"],
        unit=unit,
        kind=_one_of(Kind, spec["kind"], f"{where}.kind"),
        counts=spec.get("counts", ""),
        overlapping=spec.get("overlapping", ()),
    )


def _sheet(spec: Mapping[str, Any], measures: Mapping[str, Measure], source: str) -> SheetSchema:
    where = f"{source}, sheet {spec.get('name', '?')!r}"
    _only(spec, where, ["name", "title", "schema"], ["totals", "description"])
    table = spec["schema"]
    _only(table, where, ["fields", "primaryKey", "missingValues"], ["title", "description"])
    _check(
        table["missingValues"] == [""], where, 'missingValues to be [""]: an empty cell is the only way to say nothing'
    )
    fields = tuple(_field(item, measures, where) for item in table["fields"])
    names = [item.name for item in fields]
    _check(len(set(names)) == len(names), where, f"columns with different names, got {names}")
    roles = [item.role for item in fields]
    absent = COMPULSORY - set(roles)
    _check(not absent, where, f"a column for each of {_named(absent)}")
    twice = {role for role in UNIQUE if roles.count(role) > 1}
    _check(not twice, where, f"one column only for {_named(twice)}")
    dims = [item.dim for item in fields if item.role is Role.DIM]
    _check(len(set(dims)) == len(dims), where, f"one column for each dimension, got {dims}")
    key = tuple(table["primaryKey"])
    in_key = {item.name for item in fields if item.role in IN_KEY}
    _check(set(key) == in_key, where, f"primaryKey to be {sorted(in_key)}: what a fact's key is made of")
    totals = tuple(_total(item, fields, measures, where) for item in spec.get("totals", ()))
    return SheetSchema(name=spec["name"], title=spec["title"], fields=fields, primary_key=key, totals=totals)


def _field(spec: Mapping[str, Any], measures: Mapping[str, Measure], where: str) -> FieldSpec:
    where = f"{where}, column {spec.get('name', '?')!r}"
    optional = ["title", "description", "constraints", "decimalChar", "example"]
    _only(spec, where, ["name", "type", "egide"], optional)
    _check(spec["name"] == spec["name"].strip() != "", where, "a name without spaces around it")
    ours, constraints = spec["egide"], spec.get("constraints", {})
    _only(ours, where, ["role"], ["dim", "codes"])
    _only(constraints, where, [], ["required", "enum", "minimum", "maximum"])
    role = _one_of(Role, ours["role"], f"{where}.role")
    types = ("number", "integer") if role in NUMERIC else ("string",)
    _among(spec["type"], types, f"{where}.type")
    codes, enum = ours.get("codes", {}), constraints.get("enum", ())
    _check(
        bool(codes) == (role in CODED), where, "`codes` for a measure, territory, dim or status, and for nothing else"
    )
    _check(not codes or not enum or set(codes) == set(enum), where, "`enum` to list the labels of `codes`")
    _check(bool(ours.get("dim")) == (role is Role.DIM), where, "`dim` for a dimension, and for nothing else")
    for code in codes.values():
        _check(_is_known(code, role, measures), where, f"a known {role} code, got {code!r}")
    if role is Role.SECRET:
        _check(set(enum) == {Secret.BELOW_FIVE, Secret.NOT_COMMUNICATED}, where, 'enum to be ["<5", "nc"]')
    return FieldSpec(
        name=spec["name"],
        title=spec.get("title", spec["name"]),
        role=role,
        dim=ours.get("dim", ""),
        required=constraints.get("required", False),
        codes=codes,
        allowed=tuple(enum),
        minimum=_bound(constraints.get("minimum")),
        maximum=_bound(constraints.get("maximum")),
        whole=spec["type"] == "integer",
        decimal_mark=_among(spec.get("decimalChar", "."), (".", ","), f"{where}.decimalChar"),
    )


def _is_known(code: str, role: Role, measures: Mapping[str, Measure]) -> bool:
    match role:
        case Role.MEASURE:
            return code in measures
        case Role.TERRITORY:
            return is_territory(code)
        case Role.STATUS:
            return code in frozenset(Status)
        case _:
            return bool(re.fullmatch(r"[A-Za-z0-9_.+-]+", code))


def _total(spec: Mapping[str, Any], fields: Iterable[FieldSpec], measures: Mapping[str, Measure], where: str) -> Total:
    where = f"{where}, totals"
    _only(spec, where, ["total", "parts"])
    total = Total(total=_term(spec["total"], where), parts=tuple(_term(item, where) for item in spec["parts"]))
    _check(len(total.parts) > 1, where, "at least two parts")
    known = {(item.dim, code) for item in fields if item.role is Role.DIM for code in item.codes.values()}
    for term in (total.total, *total.parts):
        _check(term.measure in measures, where, f"a declared measure, got {term.measure!r}")
        unknown = set(term.dims) - known
        _check(not unknown, where, f"codes of this sheet, got {sorted(unknown)}")
        measure = measures[term.measure]
        _check(measure.kind is not Kind.LEVEL, where, f"counts or amounts: {term.measure} is a level, it never adds up")
        overlapping = [
            name
            for name in measure.overlapping
            if term.measure == total.total.measure and dict(term.dims).get(name) != dict(total.total.dims).get(name)
        ]
        _check(
            not overlapping,
            where,
            f"parts that do not overlap: {term.measure} counts one person under several {overlapping}",
        )
    units = {(measures[term.measure].unit, measures[term.measure].kind) for term in (total.total, *total.parts)}
    _check(len(units) == 1, where, "one unit and one kind: a stock and a flow are never added")
    return total


_PRINTED = {  # the units that each kind of ratio is stated in
    RatioKind.SHARE: {Unit.PERCENT},
    RatioKind.GROWTH: {Unit.PERCENT},
    RatioKind.MULTIPLE: {Unit.RATIO},
    RatioKind.INDEX: {Unit.RATIO},
    RatioKind.MEAN: {Unit.COUNT, Unit.RATIO},
}


def _ratio(
    spec: Mapping[str, Any], sheets: Iterable[SheetSchema], measures: Mapping[str, Measure], where: str
) -> Ratio:
    where = f"{where}, ratios"
    _only(spec, where, ["kind", "printed", "part", "whole"], ["places", "description"])
    kind = _one_of(RatioKind, spec["kind"], f"{where}.kind")
    part, whole = (tuple(_term(item, where) for item in spec[side]) for side in ("part", "whole"))
    printed, places = _term(spec["printed"], where), spec.get("places", 0)
    ratio = Ratio(kind=kind, printed=printed, part=part, whole=whole, places=places)
    _check(bool(part and whole), where, "at least one count on each side")
    _check(type(places) is int and places >= 0, where, f"places to be a whole number, got {places!r}")
    _delivered([ratio.printed, *part, *whole], sheets, measures, where)
    unit = measures[ratio.printed.measure].unit
    _check(unit in _PRINTED[kind], where, f"{ratio.printed.measure} in a unit that a {kind.value} is stated in")
    _check(kind not in OVER_TIME or len({*part, *whole}) == 1, where, "one and the same count at both ends")
    for term in (*part, *whole):
        counted = measures[term.measure].kind is not Kind.LEVEL
        _check(counted, where, f"counts or amounts: {term.measure} is a level, nothing is a share of it")
    return ratio


def _inclusion(
    spec: Mapping[str, Any], sheets: Iterable[SheetSchema], measures: Mapping[str, Measure], where: str
) -> Inclusion:
    where = f"{where}, inclusions"
    _only(spec, where, ["part", "whole"], ["description"])
    inclusion = Inclusion(part=_term(spec["part"], where), whole=_term(spec["whole"], where))
    terms = [inclusion.part, inclusion.whole]
    _delivered(terms, sheets, measures, where)
    kinds = {(measures[term.measure].unit, measures[term.measure].kind) for term in terms}
    counted = len(kinds) == 1 and measures[inclusion.part.measure].kind is not Kind.LEVEL
    _check(counted, where, "counts of one unit and one kind")
    return inclusion


def _delivered(
    terms: Iterable[Term], sheets: Iterable[SheetSchema], measures: Mapping[str, Measure], where: str
) -> None:
    """Each measure is declared, with codes of a sheet that holds it."""
    codes: dict[str, set[tuple[str, str]]] = {code: set() for code in measures}
    for sheet in sheets:
        known = {(item.dim, code) for item in sheet.of_role(Role.DIM) for code in item.codes.values()}
        for item in sheet.of_role(Role.MEASURE):
            for code in item.codes.values():
                codes[code] |= known
    for term in terms:
        _check(term.measure in measures, where, f"a declared measure, got {term.measure!r}")
        unknown = set(term.dims) - codes[term.measure]
        _check(not unknown, where, f"codes of a sheet with {term.measure}, got {sorted(unknown)}")


def _term(spec: Mapping[str, Any], where: str) -> Term:
    _only(spec, where, ["measure", "dims"], ["territory"])
    territory = spec.get("territory")
    _check(territory is None or is_territory(territory), where, f"a known territory, got {territory!r}")
    return Term(measure=spec["measure"], dims=spec["dims"], territory=territory)


def _named(roles: Iterable[Role]) -> list[str]:
    return sorted(role.value for role in roles)


def _bound(number: int | float | str | None) -> Fraction | None:
    return None if number is None else Fraction(str(number))


def _check(holds: bool, where: str, expected: str) -> None:
    if not holds:
        raise SchemaError(f"{where}: expected {expected}")


def _only(mapping: object, where: str, required: Collection[str], optional: Collection[str] = ()) -> None:
    if not isinstance(mapping, Mapping):
        raise SchemaError(f"{where}: expected an object, got {mapping!r}")
    _check(not (gone := set(required) - set(mapping)), where, f"the keys {sorted(gone)}")
    _check(
        not (extra := set(mapping) - set(required) - set(optional)), where, f"no key {sorted(extra)}: nothing reads it"
    )


_E = TypeVar("_E", bound=StrEnum)


def _one_of(codes: type[_E], text: str, where: str) -> _E:
    _among(text, tuple(codes), where)
    return codes(text)


def _among(text: str, allowed: Collection[str], where: str) -> str:
    _check(text in allowed, where, f"one of {[str(item) for item in allowed]}, got {text!r}")
    return text

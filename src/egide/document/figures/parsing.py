"""From the edition's TOML to figure and table specifications, or every defect at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from attrs import evolve

from egide.document.charts.zones import has_outline
from egide.document.figures.labels import undeclared
from egide.document.figures.specs import (
    DASH,
    ClassSpec,
    FigureSpec,
    Kind,
    RowSpec,
    SeriesSpec,
    TableSpec,
    ZonePoint,
    at,
)
from egide.errors import Defect, EditionRefused
from egide.reference.periods import Period
from egide.reference.territories import is_territory

FILE = "figures.toml"
_MAX_SERIES = 5
_MAX_SIZES = 3  # symbols of a map of zones that an eye tells apart
_PROSE = ("source", "scope", "missing", "alternative")


class _Reader:
    """One table of the TOML: its place, the keys read so far, the defects found."""

    def __init__(self, data: Any, place: str, defects: list[Defect], names: Collection[str]) -> None:
        self.place, self.defects, self.names = place, defects, names
        self.data: Mapping[str, Any] = data if isinstance(data, Mapping) else {}
        self.read: set[str] = set()
        if not isinstance(data, Mapping):
            self.refuse("une table TOML", repr(data), "Voir docs/how-to/ajouter-une-figure.md.")

    def refuse(self, expected: str, got: str, way_out: str, *, at: str = "") -> None:
        place = f"{self.place}, {at}" if at else self.place
        self.defects.append(Defect(place=place, expected=expected, got=got, way_out=way_out))

    def get(self, key: str, kind: type, default: Any, *, required: bool = False) -> Any:
        self.read.add(key)
        if key not in self.data:
            if required:
                self.refuse(f"la clé « {key} »", "rien", "Ajoutez-la.")
            return default
        value = self.data[key]
        if not isinstance(value, kind) or isinstance(value, bool):
            self.refuse(f"« {key} » de type {kind.__name__}", repr(value), "Corrigez la valeur.")
            return default
        return value

    def flag(self, key: str) -> bool:
        self.read.add(key)
        value = self.data.get(key, False)
        if not isinstance(value, bool):
            self.refuse(f"« {key} » true ou false", repr(value), "Corrigez la valeur.")
        return value is True

    def label(self, key: str, *, required: bool = False) -> str:
        """Words a reader sees: no digit but years and declared names."""
        return self.words(self.get(key, str, "", required=required), key)

    def words(self, text: Any, key: str) -> str:
        if not isinstance(text, str):
            self.refuse(f"« {key} » en toutes lettres", repr(text), "Mettez des guillemets.")
            return ""
        if loose := undeclared(text, self.names):
            self.refuse(
                "des mots, des années ou un nom déclaré entre accolades",
                f"« {loose} »",
                "Un chiffre vient d’une expression ; un nom qui en porte se déclare dans « names ».",
                at=key,
            )
        return text

    def periods(self) -> tuple[str, ...]:
        found = []
        for item in self.get("periods", list, []):
            try:
                found.append(Period.parse(str(item)).text)
            except ValueError:
                self.refuse("des périodes sous leur forme normalisée", repr(item), "Exemple : 2025.", at="periods")
        return tuple(found)

    def children(self, key: str) -> list[_Reader]:
        items = self.get(key, list, [])
        return [
            _Reader(item, f"{self.place}, {key} {rank}", self.defects, self.names)
            for rank, item in enumerate(items, start=1)
        ]

    def expressions(self, key: str, positions: Sequence[str], *, dated: bool) -> tuple[str, ...]:
        """A template over the periods, or one expression a position."""
        self.read.add(key)
        value = self.data.get(key)
        if isinstance(value, str) and dated:
            return tuple(at(value, position) for position in positions)
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self.refuse(
                f"« {key} » : une liste d’expressions, ou un modèle en x sur « periods »",
                repr(value),
                'Écrivez par exemple "serie[x]".',
            )
            return ("",) * len(positions)
        if len(value) != len(positions):
            self.refuse(f"{len(positions)} expressions", str(len(value)), "Une par position.", at=key)
            return ("",) * len(positions)
        return tuple(value)

    def finish(self) -> None:
        for key in self.data.keys() - self.read:
            self.refuse("une clé connue", f"« {key} »", "Voir docs/how-to/ajouter-une-figure.md.")


def parse_specs(
    mapping: Mapping[str, Any], names: Collection[str] = ()
) -> tuple[tuple[FigureSpec, ...], tuple[TableSpec, ...]]:
    """The figures and the tables of an edition.

    In:     the content of figures.toml; `names` with digits that the edition declares besides the file's own.
    Raises: EditionRefused with every defect.
    """
    defects: list[Defect] = []
    declared = {*names, *mapping.get("names", ())}
    root = _Reader(mapping, FILE, defects, declared)
    root.get("names", list, [])
    figures = tuple(_figure(child) for child in _named(root, "figure"))
    tables = tuple(_table(child) for child in _named(root, "table"))
    root.finish()
    _check_unique(root, [*(one.id for one in figures), *(one.id for one in tables)], "identifiant")
    _check_unique(root, [str(one.number) for one in figures if one.number], "numéro de figure")
    if defects:
        raise EditionRefused(defects)
    return figures, tables


def _named(root: _Reader, key: str) -> list[_Reader]:
    """Its children, placed by their identifier when they have one: easier to find than a rank."""
    children = root.children(key)
    for child in children:
        child.place = f"{FILE}, {child.data.get('id', child.place)}"
    return children


def _check_unique(root: _Reader, values: Sequence[str], what: str) -> None:
    for value in dict.fromkeys(values):
        if value and values.count(value) > 1:
            root.refuse(f"un {what} par figure ou tableau", f"« {value} » plusieurs fois", "Changez-en un.")


def _figure(reader: _Reader) -> FigureSpec:
    kind = _kind(reader)
    identifier = reader.get("id", str, "", required=True)
    title = reader.label("title", required=True)
    prose = {key: reader.label(key) for key in _PROSE}
    notes = tuple(reader.words(note, "notes") for note in reader.get("notes", list, []))
    number = reader.get("number", int, 0)
    if kind is Kind.TABLE:
        table = _rows(reader, identifier, title, prose, notes)
        reader.finish()
        return FigureSpec(
            id=identifier,
            number=number,
            kind=kind,
            title=title,
            table=table,
            source=prose["source"],
            scope=prose["scope"],
        )
    series: tuple[SeriesSpec, ...]
    department = ""
    zones: tuple[ZonePoint, ...] = ()
    if kind is Kind.MAP:
        departments = reader.get("departments", dict, {}, required=True)
        positions, dated = tuple(departments), False
        label = reader.label("label", required=True)
        series = (SeriesSpec(label=label, expressions=tuple(map(str, departments.values()))),)
        _check_departments(reader, positions)
    elif kind is Kind.ZONES:
        department, zones = _zones(reader)
        positions, dated = tuple(zone.label for zone in zones), False
        series = tuple(_series(child, positions, dated=False) for child in reader.children("series"))
    else:
        periods = reader.periods()
        dated = bool(periods)
        positions = periods or tuple(reader.words(one, "categories") for one in reader.get("categories", list, []))
        series = tuple(_series(child, positions, dated=dated) for child in reader.children("series"))
        if kind is Kind.INDEX:
            series = tuple(_without_base(one, positions, str(reader.data.get("base", ""))) for one in series)
    base = str(reader.get("base", int, "", required=kind is Kind.INDEX))
    small = reader.flag("small")
    classes = tuple(_class(child) for child in reader.children("classes"))
    _check_form(reader, kind, series, positions, prose["alternative"])
    if kind is Kind.ZONES and not 1 <= len(classes) <= _MAX_SIZES:
        reader.refuse(f"de une à {_MAX_SIZES} classes", str(len(classes)), "Une taille de symbole par classe.")
    reader.finish()
    return FigureSpec(
        id=identifier,
        number=number,
        kind=kind,
        title=title,
        series=series,
        positions=positions,
        dated=dated,
        small=small,
        base=base,
        classes=classes,
        department=department,
        zones=zones,
        notes=notes,
        source=prose["source"],
        scope=prose["scope"],
        missing=prose["missing"],
        alternative=prose["alternative"],
    )


def _kind(reader: _Reader) -> Kind:
    text = reader.get("kind", str, "", required=True)
    if text in set(Kind):
        return Kind(text)
    reader.refuse(f"« kind » parmi {', '.join(Kind)}", f"« {text} »", "Choisissez une de ces formes.")
    return Kind.BAR


def _series(reader: _Reader, positions: Sequence[str], *, dated: bool) -> SeriesSpec:
    series = SeriesSpec(
        label=reader.label("label", required=True),
        expressions=reader.expressions("values", positions, dated=dated),
        panel=reader.label("panel"),
    )
    reader.finish()
    return series


def _without_base(series: SeriesSpec, positions: Sequence[str], base: str) -> SeriesSpec:
    """Growth from the base to itself is no point: the base is drawn as such."""
    kept = tuple("" if one == base else text for one, text in zip(positions, series.expressions, strict=True))
    return evolve(series, expressions=kept)


def _class(reader: _Reader) -> ClassSpec:
    spec = ClassSpec(
        label=reader.label("label", required=True),
        low=reader.get("low", int, 0, required=True),
        high=reader.get("high", int, None),
        count=reader.get("count", str, ""),
    )
    reader.finish()
    return spec


def _table(reader: _Reader) -> TableSpec:
    identifier = reader.get("id", str, "", required=True)
    title = reader.label("title", required=True)
    prose = {key: reader.label(key) for key in _PROSE if key != "alternative"}
    notes = tuple(reader.words(note, "notes") for note in reader.get("notes", list, []))
    table = _rows(reader, identifier, title, prose, notes)
    reader.finish()
    return table


def _rows(
    reader: _Reader,
    identifier: str,
    title: str,
    prose: Mapping[str, str],
    notes: tuple[str, ...],
) -> TableSpec:
    """Columns are `columns` with one expression each, or `periods` with a template a row."""
    periods = reader.periods()
    columns = tuple(f"{{{Period.parse(one).french()}}}" for one in periods) or tuple(
        reader.words(one, "columns") for one in reader.get("columns", list, [])
    )
    if not columns:
        reader.refuse("« columns » ou « periods »", "rien", "Un tableau a au moins une colonne.")
    rows = []
    for child in reader.children("rows"):
        values = child.expressions("values", periods or columns, dated=bool(periods))
        rows.append(
            RowSpec(label=child.label("label", required=True), expressions=values, indent=child.get("indent", int, 0))
        )
        child.finish()
    if not any(one and one != DASH for row in rows for one in row.expressions):
        reader.refuse("au moins une expression", "aucune", "Un tableau sans nombre s’écrit dans le texte.")
    return TableSpec(
        id=identifier,
        title=title,
        corner=reader.label("corner"),
        columns=columns,
        rows=tuple(rows),
        notes=notes,
        source=prose["source"],
        scope=prose["scope"],
        missing=prose["missing"],
    )


def _check_departments(reader: _Reader, codes: Sequence[str]) -> None:
    for code in codes:
        if not code.startswith("DEP-") or not is_territory(code):
            reader.refuse("un code de département", f"« {code} »", "Exemple : DEP-62.", at="departments")


def _zones(reader: _Reader) -> tuple[str, tuple[ZonePoint, ...]]:
    """The department and the label points of a map of zones."""
    department = reader.get("department", str, "", required=True)
    if department and not has_outline(department):
        reader.refuse("un code de département", f"« {department} »", "Exemple : 62.", at="department")
    zones = []
    for child in reader.children("zones"):
        longitude, latitude = (child.get(name, float, 0.0, required=True) for name in ("longitude", "latitude"))
        zones.append(ZonePoint(label=child.label("label", required=True), longitude=longitude, latitude=latitude))
        child.finish()
    return department, tuple(zones)


def _check_form(
    reader: _Reader, kind: Kind, series: Sequence[SeriesSpec], positions: Sequence[str], alternative: str
) -> None:
    if kind is Kind.FLOW:
        if not alternative:
            reader.refuse("« alternative »", "rien", "Un schéma sans nombre se décrit en toutes lettres.")
        return
    if reader.data.get("missing") and not series and not positions:
        return  # a figure that lost all its points keeps its number and says so
    if not series or not positions:
        reader.refuse("des séries et des positions", "rien", "Donnez « series » et « periods » ou « categories ».")
    panels = [one.panel for one in series]
    if max((panels.count(panel) for panel in panels), default=0) > _MAX_SERIES:
        reader.refuse(f"{_MAX_SERIES} séries au plus", str(len(series)), "Au-delà, un tableau se lit mieux.")

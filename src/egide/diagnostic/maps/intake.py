"""From two tables of text to zones and counts, or every defect at once. Pure.

zones:    columns `zone`, `nom`, `longitude`, `latitude` and, where somebody drew them, `voisines` (codes, by blanks).
effectifs: columns `zone`, `couche`, `personnes` and, for ads, `auteurs`, `annonces`, `plus_gros_auteur`. Each person is
counted in one zone of a layer only. A zone without a row in a layer holds nobody of that layer. A message names a row
and a column, never what a cell holds: in a file that is not the right one it could be anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import define, field, frozen

from egide.diagnostic.maps.counts import Counts
from egide.diagnostic.maps.zones import Neighbours, Zone, touching
from egide.diagnostic.tables import Row, Table, unshown
from egide.diagnostic.thresholds import Behind
from egide.document.typography import NBSP
from egide.errors import Defect, DeliveryRefused

_ZONES = ("zone", "nom", "longitude", "latitude")
_COUNTS = ("zone", "couche", "personnes")
_OF_ADS = ("auteurs", "annonces", "plus_gros_auteur")


@frozen(kw_only=True, repr=False)
class Material:
    """What a map is made of. Layers in the order in which the table names them first."""

    zones: tuple[Zone, ...]
    neighbours: Neighbours
    layers: Mapping[str, Counts]


def material(zones: Table, counts: Table) -> Material:
    """Raises: DeliveryRefused listing each defect of both tables."""
    reader = _Reader()
    for table, needed, also in ((zones, _ZONES, ("voisines",)), (counts, _COUNTS, _OF_ADS)):
        reader.columns(table, needed, also)
    if reader.defects:
        raise DeliveryRefused(reader.defects)
    known: dict[str, Zone] = {}
    for row in zones.rows:
        zone = reader.zone(zones, row)
        if zone is not None and zone.code in known:
            reader.refuse(zones.place(row, "zone"), "un code par zone", "un code déjà lu", "Gardez-en un.")
        elif zone is not None:
            known[zone.code] = zone
    neighbours = _neighbours(zones, known, reader)
    layers: dict[str, dict[str, Behind]] = {}
    for row in counts.rows:
        place, code = counts.place(row, "zone"), row.cells["zone"]
        layer = layers.setdefault(row.cells["couche"], {})
        if not row.cells["couche"]:
            reader.refuse(counts.place(row, "couche"), "le nom d’une couche", "rien", "Complétez la cellule.")
        if code not in known:
            reader.refuse(place, "une zone de la liste", unshown(code), "Ajoutez-la à la liste, ou corrigez.")
        elif code in layer:
            reader.refuse(place, "une ligne par zone et par couche", "une deuxième", "Additionnez-les.")
        else:
            layer[code] = reader.behind(counts, row)
    if not layers:
        reader.refuse(counts.place(), "au moins une ligne", "aucune", "Sans effectif, il n’y a pas de carte.")
    if reader.defects:
        raise DeliveryRefused(reader.defects)
    return Material(
        zones=tuple(known.values()),
        neighbours=neighbours,
        layers={
            name: Counts.told({code: found.get(code, Behind(persons=0)) for code in known})
            for name, found in layers.items()
        },
    )


def _neighbours(table: Table, zones: Mapping[str, Zone], reader: _Reader) -> Neighbours:
    """As drawn, both ways; from the label points when nobody drew them."""
    if "voisines" not in table.columns:
        return touching(tuple(zones.values()))
    linked: dict[str, set[str]] = {code: set() for code in zones}
    for row in table.rows:
        code = row.cells["zone"]
        for other in row.cells["voisines"].split():
            if other not in zones or other == code:
                way_out = "Corrigez le code."
                reader.refuse(table.place(row, "voisines"), "d’autres zones de la liste", unshown(other), way_out)
            elif code in zones:
                linked[code].add(other)
                linked[other].add(code)
    return {code: frozenset(others) for code, others in linked.items()}


@define
class _Reader:
    defects: list[Defect] = field(factory=list)

    def refuse(self, place: str, expected: str, got: str, way_out: str) -> None:
        self.defects.append(Defect(place=place, expected=expected, got=got, way_out=way_out))

    def columns(self, table: Table, needed: Sequence[str], also: Sequence[str]) -> None:
        for name in needed:
            if name not in table.columns:
                self.refuse(table.place(), f"une colonne «{NBSP}{name}{NBSP}»", "rien", "Ajoutez-la.")
        for rank, name in enumerate(table.columns, start=1):
            if name not in (*needed, *also):
                place, known = f"{table.place()}, colonne n°{NBSP}{rank}", ", ".join((*needed, *also))
                self.refuse(place, f"une colonne parmi {known}", "une colonne inconnue", "Retirez-la.")

    def zone(self, table: Table, row: Row) -> Zone | None:
        places = {name: self._degrees(table, row, name, most) for name, most in (("longitude", 180), ("latitude", 90))}
        for name in ("zone", "nom"):
            if not row.cells[name]:
                self.refuse(table.place(row, name), "un texte", "rien", "Complétez la cellule.")
        longitude, latitude = places["longitude"], places["latitude"]
        if longitude is None or latitude is None or not row.cells["zone"]:
            return None
        return Zone(code=row.cells["zone"], name=row.cells["nom"], longitude=longitude, latitude=latitude)

    def _degrees(self, table: Table, row: Row, name: str, most: int) -> float | None:
        text = row.cells[name].replace(",", ".")
        try:
            found = float(text)
        except ValueError:
            found = float("nan")
        if abs(found) <= most:
            return found
        way_out = f"Exemple{NBSP}: 2,83."
        self.refuse(table.place(row, name), f"des degrés, de −{most} à {most}", unshown(text), way_out)
        return None

    def behind(self, table: Table, row: Row) -> Behind:
        persons = self._whole(table, row, "personnes")
        of_ads = [row.cells.get(name, "") for name in _OF_ADS]
        if not any(of_ads):
            return Behind(persons=persons)
        authors, ads, most = (self._whole(table, row, name) for name in _OF_ADS)
        if most > ads:
            self.refuse(
                table.place(row, "plus_gros_auteur"),
                "au plus les annonces de la zone",
                f"{most}",
                "Corrigez l’un des deux.",
            )
        return Behind(persons=persons, authors=authors, ads=ads, most=most)

    def _whole(self, table: Table, row: Row, name: str) -> int:
        text = row.cells.get(name, "")
        if text.isascii() and text.isdigit():
            return int(text)
        self.refuse(table.place(row, name), "un nombre entier", unshown(text), "Écrivez 0 s’il n’y a personne.")
        return 0

"""`egide diagnostic map`: from counts by zone to a map that gives none of them back. [I/O]"""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

import click

from egide.cli.console import refusals_end_the_command
from egide.cli.folders import refuse_foreign, replace_folder
from egide.diagnostic.census.places import gazetteer
from egide.diagnostic.census.reading import read_table
from egide.diagnostic.maps.counts import enough, enough_in_detail
from egide.diagnostic.maps.intake import Material, material
from egide.diagnostic.maps.layer_map import COARSE, FINE, LayerMap, layer_map
from egide.diagnostic.maps.sheet import MapSheet, sheet_of
from egide.diagnostic.tables import Table
from egide.document.charts.zones import has_outline, holds
from egide.document.typography import NBSP, THIN
from egide.errors import Defect, DeliveryRefused

SVG, TABLE, WORDS, AREAS = "carte.svg", "carte.csv", "carte.txt", "zones-regroupees.json"
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("map")
@click.argument("zones", type=_FILE)
@click.argument("counts", metavar="EFFECTIFS", type=_FILE)
@click.option("--department", required=True, metavar="CODE", help="Code Insee du département ou de la collectivité.")
@click.option(
    "--title", default="Lieux et formes, par zone", show_default=True, metavar="TITRE", help="Titre de la carte."
)
@click.option(
    "--communes",
    is_flag=True,
    help="Les zones sont des communes : onze personnes au moins au lieu de cinq, sans aucun mineur.",
)
@click.option("--total", is_flag=True, help="Le rapport imprime aussi le total de chaque couche.")
@click.option(
    "--former", type=_FILE, metavar="FICHIER", help=f"Le {AREAS} de l’édition précédente : rien n’en est redécoupé."
)
@click.option(
    "--output", type=click.Path(path_type=Path), default=Path("build/carte"), show_default=True, metavar="DOSSIER",
    help="Dossier de la carte, remplacé en entier.",
)  # fmt: skip
@refusals_end_the_command
def draw_map(
    zones: Path,
    counts: Path,
    department: str,
    title: str,
    communes: bool,
    total: bool,
    former: Path | None,
    output: Path,
) -> None:
    """Dessiner la carte des EFFECTIFS par zone du fichier ZONES.

    Les zones trop petites sont réunies à leurs voisines ; seules des classes sortent, jamais un effectif. Ce qui
    permettrait d’en retrouver un, total compris, fait refuser la carte.

    \b
    ZONES      colonnes zone, nom, longitude, latitude et, si elles sont connues, voisines
    EFFECTIFS  colonnes zone, couche, personnes et, pour des annonces, auteurs, annonces, plus_gros_auteur

    \b
    Exemple :
      egide diagnostic map zones.csv effectifs.csv --department 62
    """
    if not has_outline(department):
        raise click.BadParameter(
            f"«{NBSP}{department}{NBSP}» n’est pas un code de département.", param_hint="--department"
        )
    refuse_foreign(output, AREAS)
    drawn = read_table(zones)
    found = material(drawn, read_table(counts))
    _refuse_strays(drawn, found, department)
    communes = communes or any(zone.code in gazetteer().by_code for zone in found.zones)  # said or not
    groups = _former(former) if former else {}
    layers = [
        layer_map(
            name,
            layer,
            found.neighbours,
            enough=enough_in_detail if communes else enough,
            sizes=COARSE if communes else FINE,
            total_is_public=total,
            former=groups.get(name, ()),
        )
        for name, layer in found.layers.items()
    ]
    sheet = sheet_of(title, department, found.zones, layers)
    replace_folder(output, _files(sheet, layers))
    click.echo(f"{sheet.alternative}\n\nCarte, tableau et texte{NBSP}: {output}")
    for layer in layers:
        shown = f"{layer.shown:.0%}".replace("%", f"{THIN}%")
        click.echo(f"{layer.name}{NBSP}: {shown} des personnes sont dans une zone montrée.", err=True)


def _refuse_strays(table: Table, found: Material, department: str) -> None:
    """A zone off the page would be on no map, and be in its text."""
    strays = [
        Defect(
            place=table.place(row, "longitude"),
            expected=f"un point du département {department}",
            got="un point hors de sa carte",
            way_out="Corrigez la longitude, la latitude ou le département.",
        )
        for row, zone in zip(table.rows, found.zones, strict=True)
        if not holds(department, zone.longitude, zone.latitude)
    ]
    if strays:
        raise DeliveryRefused(strays)


def _files(sheet: MapSheet, layers: list[LayerMap]) -> dict[str, bytes]:
    table = StringIO()
    writer = csv.writer(table, delimiter=";", lineterminator="\n")
    writer.writerows([sheet.columns, *sheet.rows])
    groups = {layer.name: [list(zones) for zones, _ in layer.areas] for layer in layers}
    return {
        SVG: sheet.svg.encode(),
        TABLE: ("\ufeff" + table.getvalue()).encode(),
        WORDS: "\n".join([sheet.title, "", sheet.alternative, "", *sheet.notes, ""]).encode(),
        AREAS: (json.dumps(groups, ensure_ascii=False, indent=1) + "\n").encode(),
    }


def _former(path: Path) -> dict[str, list[list[str]]]:
    try:
        groups = json.loads(path.read_text(encoding="utf-8"))
        if all(isinstance(code, str) for areas in groups.values() for zones in areas for code in zones):
            return {str(name): areas for name, areas in groups.items()}
    except (ValueError, AttributeError, TypeError):
        pass
    defect = Defect(
        place=path.name,
        expected=f"le {AREAS} d’une carte précédente",
        got="autre chose",
        way_out="Donnez le fichier tel que la commande l’a écrit.",
    )
    raise DeliveryRefused([defect])

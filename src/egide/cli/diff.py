"""`egide diff`: what was revised, by how much, and which sentences say so. [I/O]"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click
from attrs import evolve

from egide.cli.building import publication_of
from egide.cli.console import JSON_OPTION, Progress, print_json, refusals_end_the_command
from egide.cli.folders import Places
from egide.cli.parameters import CACHE_OPTION, EDITION_OPTION, STORE_OPTION
from egide.cli.trace import read_record
from egide.letter.diff import compare
from egide.letter.edition import load_edition
from egide.letter.record import record


@click.command()
@click.argument("old", metavar="AVANT")
@click.argument("new", metavar="APRÈS")
@EDITION_OPTION
@STORE_OPTION
@CACHE_OPTION
@click.option("--exit-code", is_flag=True, help="Sortir avec le code 1 s’il y a une différence.")
@JSON_OPTION
@refusals_end_the_command
def diff(old: str, new: str, edition: Path, store: Path, cache: Path, exit_code: bool, as_json: bool) -> None:
    """Comparer deux publications, ou ce qui était connu deux jours différents.

    AVANT et APRÈS sont chacun un dossier de publication construite (ou son fichier trace.json), ou un jour : l’édition
    est alors relue avec les faits connus ce jour-là. Chaque valeur révisée est listée avec son ampleur et les
    phrases publiées qu’elle touche.

    \b
    Exemples :
      egide diff build/letter-2026 build/letter-2027
      egide diff 2026-04-02 2027-04-02 --edition editions/2026
    """
    places = Places(output=Path("build"), store=store, cache=cache)
    difference = compare(*(_record(side, edition, places) for side in (old, new)))
    if as_json:
        print_json(difference.to_json())
    else:
        click.echo(difference.text())
    raise SystemExit(1 if exit_code and difference.changes else 0)


def _record(side: str, folder: Path, places: Places) -> dict[str, Any]:
    try:
        day = date.fromisoformat(side)
    except ValueError:
        return read_record(Path(side))
    edition = evolve(load_edition(folder), known_on=day)
    publication = publication_of(edition, places, progress=Progress(quiet=True))
    return record(publication.document, publication.release)

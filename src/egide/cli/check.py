"""`egide check`: tell a sender everything that is wrong, at once. [I/O]"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from egide.cli.console import JSON_OPTION, QUIET_OPTION, Day, print_json, refusals_end_the_command
from egide.cli.parameters import FILE, SourceName
from egide.sources.read import check_file
from egide.sources.schema import SourceSchema


@click.command()
@click.argument("source", type=SourceName())
@click.argument("file", type=FILE, metavar="FICHIER")
@click.option("--received", type=Day(), default=None, help="Jour de réception ; aujourd’hui par défaut.")
@JSON_OPTION
@QUIET_OPTION
@refusals_end_the_command
def check(source: SourceSchema, file: Path, received: date | None, as_json: bool, quiet: bool) -> None:
    """Vérifier la livraison FICHIER de l’institution SOURCE avant de l’envoyer. N’enregistre rien.

    Tous les défauts sont listés d’un coup : fichier, feuille, ligne, colonne, attendu, reçu, remède.
    Code 0 si la livraison est conforme, 3 sinon.

    \b
    Exemples :
      egide check sdfe sdfe-parcours-2025.xlsx
      egide check ssmsi victimes.xlsx --json | jq .defects
    """
    report = check_file(file, source, received or date.today())
    if as_json:
        print_json(report.to_json())
    elif not quiet or report.exit_code:
        click.echo(report.text())
    raise SystemExit(report.exit_code)

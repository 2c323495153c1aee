"""`egide record`: keep a checked delivery, for ever, as known on its day. [I/O]"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from egide.cli.console import JSON_OPTION, QUIET_OPTION, print_json, refusals_end_the_command
from egide.cli.parameters import FILE, RECEIVED_OPTION, STORE_OPTION, SourceName
from egide.facts.store import Store
from egide.sources.read import check_file
from egide.sources.schema import SourceSchema


@click.command()
@click.argument("source", type=SourceName())
@click.argument("file", type=FILE, metavar="FICHIER")
@RECEIVED_OPTION
@STORE_OPTION
@JSON_OPTION
@QUIET_OPTION
@refusals_end_the_command
def record(source: SourceSchema, file: Path, received: date, store: Path, as_json: bool, quiet: bool) -> None:
    """Enregistrer la livraison FICHIER de SOURCE dans le dépôt, telle que connue le jour de réception.

    Une livraison en défaut n’est pas enregistrée (code 3). Rien n’est jamais remplacé : une valeur révisée
    s’ajoute à la précédente, et le dépôt se lit tel qu’il était n’importe quel jour.

    \b
    Exemple :
      egide record sdfe sdfe-parcours-2025.xlsx --received 2026-03-12
    """
    receipt = Store(store).append(check_file(file, source, received).or_refuse())
    if as_json:
        recorded = receipt.delivery
        print_json(
            {
                "source": recorded.source,
                "file": recorded.file_name,
                "known_on": recorded.known_on.isoformat(),
                "sha256": recorded.sha256,
                "facts": recorded.facts,
                "already_recorded": receipt.already_recorded,
            }
        )
    elif not quiet:
        click.echo(receipt.text())

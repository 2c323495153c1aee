"""`egide record`: keep a checked delivery, for ever, as known on its day. [I/O]"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from egide.cli.console import JSON_OPTION, QUIET_OPTION, print_json, refusals_end_the_command
from egide.cli.parameters import FILE, RECEIVED_OPTION, STORE_OPTION, SourceName
from egide.errors import DeliveryRefused
from egide.facts.store import Store
from egide.sources.check import check_delivery
from egide.sources.read import read_delivery
from egide.sources.schema import SourceSchema


@click.command()
@click.argument("source", type=SourceName())
@click.argument("file", type=FILE)
@RECEIVED_OPTION
@STORE_OPTION
@JSON_OPTION
@QUIET_OPTION
@refusals_end_the_command
def record(source: SourceSchema, file: Path, received: date, store: Path, as_json: bool, quiet: bool) -> None:
    """Enregistrer la livraison FILE de SOURCE dans le dépôt, telle que connue le jour de réception.

    Une livraison en défaut n’est pas enregistrée (code 3). Rien n’est jamais remplacé : une valeur révisée
    s’ajoute à la précédente, et le dépôt se lit tel qu’il était n’importe quel jour.

    \b
    Exemple :
      egide record sdfe sdfe-parcours-2025.xlsx --received 2026-03-12
    """
    report = check_delivery(read_delivery(file, source), source, received)
    if not report.accepted:
        raise DeliveryRefused(report.defects)
    receipt = Store(store).append(report.facts)
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

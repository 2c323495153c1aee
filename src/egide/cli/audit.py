"""`egide audit`: find what somebody else's publication lets a reader work out. [I/O]"""

from __future__ import annotations

from pathlib import Path

import click

from egide.cli.audit_files import read_publication
from egide.cli.audit_page import lines, page, refused_rows, rows
from egide.cli.caches import write_atomically
from egide.cli.console import JSON_OPTION, QUIET_OPTION, print_json, refusals_end_the_command
from egide.disclosure.attack.findings import FULL, ambiguous
from egide.disclosure.printed.publication import audit_publication
from egide.errors import Refused

LEVELS = {"full": FULL, "ambiguous": ambiguous(2)}


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DOSSIER")
@click.option(
    "--level",
    type=click.Choice(list(LEVELS)),
    default="full",
    show_default=True,
    help="Ce qu’un « < 5 » doit garder de possible : full, toutes ses valeurs ; ambiguous, au moins deux.",
)
@click.option(
    "--html", type=click.Path(dir_okay=False, path_type=Path), metavar="FICHIER", help="Écrire aussi une page."
)
@JSON_OPTION
@QUIET_OPTION
@refusals_end_the_command
def audit(folder: Path, level: str, html: Path | None, as_json: bool, quiet: bool) -> None:
    """Chercher ce que les tableaux publiés dans DOSSIER laissent deviner de leurs cellules masquées.

    Des tableaux .csv et .xlsx tels que publiés (« < 5 », « nc », « 5 < nc < 20 »), ou un fichier de faits ; des
    affirmations au format de « egide verify » ; un fichier audit.toml pour les totaux qui ne se reconnaissent pas.

    Code 0 si chaque petit effectif est protégé au niveau demandé, 1 s’il y a une fuite, 3 si un tableau est
    illisible ou si les totaux se contredisent : rien n’est alors écrit ; --json donne les défauts.

    \b
    Exemples :
      egide audit publication/
      egide audit publication/ --html audit.html
      egide audit publication/ --json | jq '.[] | select(.leak)'
    """
    try:
        report = audit_publication(read_publication(folder), LEVELS[level])
    except Refused as refusal:
        if as_json:
            print_json(refused_rows(refusal))
        raise
    if html is not None:
        write_atomically(html, page(report, folder.resolve().name, level).encode())
    if as_json:
        print_json(rows(report))
    elif not quiet:
        click.echo("\n".join(lines(report)))
    raise SystemExit(report.exit_code)

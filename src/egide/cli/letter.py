"""`egide letter`: from an edition's folder to the publication. [I/O]"""

from __future__ import annotations

from pathlib import Path

import click

from egide.cli.building import PAGE, PDF, build
from egide.cli.console import JSON_OPTION, QUIET_OPTION, Progress, print_json, refusals_end_the_command
from egide.cli.folders import Places
from egide.cli.parameters import CACHE_OPTION, EDITION, STORE_OPTION


@click.group(subcommand_metavar="VERBE …")
def letter() -> None:
    """Produire la Lettre d’une édition : page, PDF, données ouvertes, chemins des nombres."""


@letter.command("build")
@click.argument("edition", type=EDITION)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="DOSSIER",
    help="Dossier de la publication ; « build/letter-<nom du dossier de l’édition> » par défaut.",
)
@STORE_OPTION
@CACHE_OPTION
@JSON_OPTION
@QUIET_OPTION
@refusals_end_the_command
def build_letter(edition: Path, output: Path | None, store: Path, cache: Path, as_json: bool, quiet: bool) -> None:
    """Construire la publication du dossier EDITION.

    Les livraisons sont vérifiées et enregistrées, les nombres calculés, le secret appliqué, la prose vérifiée mot à
    mot, puis tout est écrit d’un coup. En cas de refus, tous les défauts sont listés et la publication précédente
    reste en place.

    \b
    Exemple :
      egide letter build editions/2026
    """
    places = Places(output=output or Path("build") / f"letter-{edition.resolve().name}", store=store, cache=cache)
    publication = build(edition, places, progress=Progress(quiet=quiet or as_json))
    page, pdf = places.output / PAGE, places.output / PDF
    if as_json:
        released = publication.release.by_id.values()
        print_json(
            {
                "page": str(page),
                "pdf": str(pdf),
                "numbers": len(released),
                "hidden": sum(not cell.is_shown for cell in released),
            }
        )
    elif not quiet:
        click.echo(f"Page : {page}\nPDF  : {pdf}")

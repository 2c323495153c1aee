"""`egide letter`: from an edition's folder to the publication. [I/O]"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
from attrs import evolve

from egide.cli.building import PAGE, build, pdf_of, publication_of, register_of
from egide.cli.console import JSON_OPTION, QUIET_OPTION, Day, Progress, print_json, refusals_end_the_command
from egide.cli.folders import Places
from egide.cli.parameters import CACHE_OPTION, EDITION, STORE_OPTION
from egide.letter.edition import load_edition
from egide.sources.messages import counted


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
    loaded = load_edition(edition)
    publication = build(loaded, places, progress=Progress(quiet=quiet or as_json))
    page, pdf = places.output / PAGE, places.output / pdf_of(loaded)
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


@letter.command("publish")
@click.argument("edition", type=EDITION)
@click.option("--on", type=Day(), help="Jour de la publication ; celui d’edition.toml (published_on) par défaut.")
@click.option("--confirm", is_flag=True, help="Inscrire. Sans cette option, tout est vérifié et rien n’est inscrit.")
@STORE_OPTION
@CACHE_OPTION
@JSON_OPTION
@QUIET_OPTION
@refusals_end_the_command
def publish_letter(
    edition: Path, on: date | None, confirm: bool, store: Path, cache: Path, as_json: bool, quiet: bool
) -> None:
    """Inscrire au registre que l’EDITION est publiée : les suivantes tiendront compte de tout ce qu’elle dit.

    L’édition est d’abord construite et soumise à l’attaque ; une édition refusée n’est pas inscrite. Une publication
    inscrite ne se retire pas et ne se remplace pas : sans --confirm, la commande dit seulement ce qu’elle inscrirait.
    Le registre est dans le dépôt, un fichier par publication : gardez-le avec lui.

    \b
    Exemples :
      egide letter publish editions/2026
      egide letter publish editions/2026 --on 2026-04-13 --confirm
    """
    loaded = load_edition(edition)
    loaded = evolve(loaded, published_on=on or loaded.published_on)
    places = Places(output=Path("build"), store=store, cache=cache)
    published = publication_of(loaded, places, progress=Progress(quiet=quiet or as_json)).attack.published
    register = register_of(places)
    path, is_new = register.path(published), register.record(published) if confirm else False
    if as_json:
        print_json(
            {
                "edition": published.edition,
                "on": published.on.isoformat(),
                "numbers": len(published.cells),
                "hidden": sum(not cell.is_shown for cell in published.cells),
                "statements": len(published.statements),
                "file": str(path),
                "recorded": confirm,
            }
        )
    elif not quiet:
        said = f"{counted(len(published.cells), 'nombre')}, {counted(len(published.statements), 'énoncé')}"
        click.echo(f"Édition {published.edition} du {published.on.isoformat()} : {said} sur ceux qui sont masqués.")
        if not confirm:
            click.echo(f"Rien n’est inscrit. Pour l’inscrire dans {path}, ce qui ne se défait pas : --confirm.")
        else:
            click.echo(f"Inscrite : {path}" if is_new else f"Déjà inscrite, la même : {path}")

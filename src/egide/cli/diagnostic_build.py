"""`egide diagnostic build`: from an edition's folder to the report of a diagnostic. [I/O]"""

from __future__ import annotations

from pathlib import Path

import click

from egide.cli.building import PAGE, build, pdf_of
from egide.cli.console import JSON_OPTION, QUIET_OPTION, Progress, print_json, refusals_end_the_command
from egide.cli.folders import Places
from egide.cli.parameters import CACHE_OPTION, EDITION, STORE_OPTION
from egide.diagnostic.report import missing_duties
from egide.document.model import Document
from egide.errors import EditionRefused
from egide.letter.edition import load_edition


@click.command("build")
@click.argument("edition", type=EDITION)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="DOSSIER",
    help="Dossier du rapport ; « build/<nom du dossier de l’édition> » par défaut.",
)
@STORE_OPTION
@CACHE_OPTION
@JSON_OPTION
@QUIET_OPTION
@refusals_end_the_command
def build_report(edition: Path, output: Path | None, store: Path, cache: Path, as_json: bool, quiet: bool) -> None:
    """Construire le rapport du dossier EDITION : page, PDF, données ouvertes, chemins des nombres.

    La fabrication est celle de la Lettre : livraisons vérifiées, nombres calculés, secret appliqué, prose vérifiée mot
    à mot, puis attaque de l’ensemble. Un rapport de diagnostic doit en outre à ses lecteurs la phrase qui interdit la
    comparaison brute (imprimée, et portée par chaque fichier de données), ses méthodes, ses doutes et le rappel du
    devoir de signaler ; il est refusé tant qu’il lui en manque, avec la liste.

    \b
    Exemples :
      egide diagnostic build editions/diagnostic-62
      egide diagnostic build editions/diagnostic-62 --json | jq .hidden
    """
    loaded = load_edition(edition)
    places = Places(output=output or Path("build") / edition.resolve().name, store=store, cache=cache)
    publication = build(loaded, places, progress=Progress(quiet=quiet or as_json), judge=_judge)
    page, pdf = places.output / PAGE, places.output / pdf_of(loaded)
    if as_json:
        released = publication.release.by_id.values()
        hidden = sum(not cell.is_shown for cell in released)
        print_json({"page": str(page), "pdf": str(pdf), "numbers": len(released), "hidden": hidden})
    elif not quiet:
        click.echo(f"Page : {page}\nPDF  : {pdf}")


def _judge(document: Document) -> None:
    if defects := missing_duties(document):
        raise EditionRefused(defects)

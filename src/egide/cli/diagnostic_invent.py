"""`egide diagnostic invent`: an invented corpus of neutral ads, to rehearse with. [I/O]"""

from __future__ import annotations

from pathlib import Path

import click

from egide.cli.caches import write_atomically
from egide.cli.console import QUIET_OPTION, refusals_end_the_command
from egide.errors import StoreError

CSV, JSONL = ".csv", ".jsonl"
TRUTH = "-verite.csv"
MOST, MOST_PERSONS = 1_000_000, 150_000
_SHARE = click.FloatRange(0, 1)


@click.command()
@click.option("--ads", type=click.IntRange(1, MOST), default=699, show_default=True, help="Nombre d’annonces.")
@click.option(
    "--persons", type=click.IntRange(1, MOST_PERSONS), default=273, show_default=True, help="Nombre de personnes."
)
@click.option(
    "--seed", type=click.IntRange(0), default=1, show_default=True, help="Graine : la même rend le même corpus."
)
@click.option(
    "--organised", type=_SHARE, default=0.25, show_default=True, help="Part des personnes sous un organisateur."
)
@click.option(
    "--phone-shown", type=_SHARE, default=0.77, show_default=True, help="Part des annonces qui donnent un numéro."
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FICHIER",
    default=Path("build/annonces-inventees.csv"),
    show_default=True,
    help="Fichier des annonces, en .csv ou en .jsonl ; la vérité est écrite à côté.",
)
@QUIET_OPTION
@refusals_end_the_command
def invent(ads: int, persons: int, seed: int, organised: float, phone_shown: float, output: Path, quiet: bool) -> None:
    """Inventer un corpus d’annonces neutres, et la vérité que les vraies ne donnent jamais.

    Aucune annonce, aucune personne et aucun numéro réels : des bouquets, des leçons et des réparations, des numéros que
    personne n’a. De quoi s’exercer au relevé, au tirage et à la relecture avant d’avoir une seule vraie annonce. Un
    fichier qui existe n’est jamais remplacé.

    \b
    Exemples :
      egide diagnostic invent
      egide diagnostic invent --ads 40000 --persons 6000 --seed 7 --output essai/annonces.jsonl
    """
    # Here and not above: drawing needs NumPy, and the shell's completion does not.
    from egide.diagnostic.synthetic import generate
    from egide.diagnostic.synthetic.files import ads_csv, ads_jsonl, truth_csv

    if persons > ads:
        raise click.BadParameter("chaque personne a au moins une annonce.", param_hint="--persons")
    if output.suffix not in (CSV, JSONL):
        raise click.BadParameter("un fichier en .csv ou en .jsonl est attendu.", param_hint="--output")
    truth = output.with_name(f"{output.stem}{TRUTH}")
    for path in (output, truth):
        if path.exists():
            raise StoreError(f"{path}\u00a0: ce fichier existe déjà. Déplacez-le, ou donnez un autre nom à --output.")
    corpus = generate(seed, persons=persons, ads=ads, organised=organised, phone_shown=phone_shown, account_shown=0.5)
    written = ads_csv(corpus) if output.suffix == CSV else ads_jsonl(corpus)
    write_atomically(truth, truth_csv(corpus).encode())
    write_atomically(output, written.encode())
    if not quiet:
        click.echo(f"Annonces : {output}\nVérité   : {truth}")

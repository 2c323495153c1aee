"""`egide link`: files of tokens become a table of counts by list. [I/O: files, engine, chance, terminal]"""

from __future__ import annotations

import secrets
from fractions import Fraction
from pathlib import Path

import click
import numpy as np

from egide.cli.console import JSON_OPTION, print_json, refusals_end_the_command
from egide.cli.folders import write_new_folder
from egide.cli.parameters import FILE, FOLDER, Decimals
from egide.document.typography import digits
from egide.errors import StoreError
from egide.linkage.link import link as run_splink
from egide.sources.messages import NBSP, THIN, counted
from egide.unseen.linking import folder, token_files
from egide.unseen.linking.tables import Found, Linked, linked

_MOST_DRAWS = 500


@click.command(short_help="rapprocher des listes de jetons en un tableau d’effectifs")
@click.argument("files", type=FILE, metavar="JETONS…", nargs=-1, required=True)
@click.option("--output", type=FOLDER, required=True, metavar="DOSSIER", help="Dossier nouveau, à créer.")
@click.option(
    "--draws",
    type=click.IntRange(1, _MOST_DRAWS),
    default=50,
    show_default=True,
    metavar="NOMBRE",
    help="Tableaux tirés sous le doute des liens.",
)
@click.option(
    "--found", type=Decimals(), metavar="PART", help="Part des vrais liens qui sont trouvés, si on l’a mesurée."
)
@click.option("--found-range", type=Decimals(), nargs=2, metavar="BAS HAUT", help="Intervalle à 95 % de cette part.")
@click.option(
    "--seed", type=click.IntRange(min=0), metavar="NOMBRE", help="Graine du hasard, pour refaire à l’identique."
)
@JSON_OPTION
@refusals_end_the_command
def link(
    files: tuple[Path, ...],
    output: Path,
    draws: int,
    found: float | None,
    found_range: tuple[float, float] | None,
    seed: int | None,
    as_json: bool,
) -> None:
    """Rapprocher 2 à 9 fichiers de JETONS, faits par « egide pseudonymise » sous une même clé.

    À faire en un lieu de confiance qui n’a pas la clé. Une personne présente deux fois sur une liste y compte une fois.
    Écrit dans DOSSIER : tableau.csv, les effectifs par combinaison de listes, que « egide estimate » lit ;
    tirage-001.csv et suivants, le même tableau tel qu’il serait si des liens douteux étaient tranchés autrement ;
    resume.json. Ni jeton ni paire n’y entrent.

    Un lien manqué fait deux personnes d’une seule, et gonfle l’estimation : mesurez la part trouvée (--found) sur 200
    personnes cherchées à la main chez les partenaires, et les tirages la corrigeront.

    \b
    Exemples :
      egide link ase.jetons police.jetons association.jetons --output rapprochement/
      egide link *.jetons --output rapprochement/ --found 0,90 --found-range 0,85 0,93
    """
    measured = _measured(found, found_range)
    if output.exists():
        raise StoreError(f"{output}{NBSP}: ce dossier existe. Indiquez-en un autre.")
    lists = token_files.read(files)
    given = secrets.randbelow(2**32) if seed is None else seed
    done = linked(
        lists,
        engine=run_splink,
        chance=np.random.default_rng(given),
        draws=draws,
        found=measured,
    )
    write_new_folder(output, folder.files(done, seed=given))
    if as_json:
        print_json(folder.summary(done, seed=given))
    else:
        _tell(output, done)
    click.echo(folder.WARNING, err=True)


def _measured(found: float | None, ends: tuple[float, float] | None) -> Found | None:
    if found is None:
        if ends:
            raise click.BadParameter("donnez aussi --found, la part elle-même.", param_hint="--found-range")
        return None
    low, high = ends or (found, found)
    if not 0 < low <= found <= high <= 1:
        raise click.BadParameter(
            "attendu une part entre 0 et 1, dans son intervalle, par exemple 0,90.", param_hint="--found"
        )
    return Found(recall=found, low=low, high=high)


def _tell(output: Path, done: Linked) -> None:
    for one in done.lists:
        said = f"{one.name}{NBSP}: {counted(one.records, 'fiche')}, {counted(one.persons, 'personne')}"
        click.echo(f"{said}, {one.without} sans jeton." if one.without else f"{said}.")
    seen = counted(done.table.seen, "personne")
    click.echo(f"En tout {seen}, dont {digits(Fraction(done.table.repeated))} sur deux listes ou plus.")
    pairs = ", ".join(
        counted(number, name.removesuffix("s").replace("sure", "sûre")) for name, number in done.pairs.items()
    )
    click.echo(f"Paires{NBSP}: {pairs}.")
    if done.found is None and done.at_best is not None:
        share = f"{100 * done.at_best:.0f}\u202f%"
        click.echo(
            f"Liens que les jetons peuvent trouver{NBSP}: {share} au mieux. Les manqués gonflent l’estimation{THIN};"
            " mesurez la part trouvée (--found)."
        )
    click.echo(f"{output}{NBSP}: tableau.csv et {counted(len(done.drawn), 'tirage')}.")

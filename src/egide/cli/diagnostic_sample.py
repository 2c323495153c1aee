"""`egide diagnostic sample`: how many ads to read, which ones, and what the coded ones say of all. [I/O]"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from pathlib import Path
from secrets import SystemRandom

import click

from egide.cli.console import JSON_OPTION, print_json, refusals_end_the_command
from egide.cli.folders import write_new_folder
from egide.cli.parameters import Decimals
from egide.cli.verbs import InOrder
from egide.diagnostic.census.coded import CLUE_COLUMNS, ORGANISED
from egide.diagnostic.census.reading import read_table
from egide.diagnostic.duplicates.agreement import Agreement
from egide.diagnostic.duplicates.multiplicity import Coded, Persons, Searched, distinct_persons
from egide.diagnostic.sampling import files
from egide.diagnostic.sampling.draw import draw as drawn_from
from egide.diagnostic.sampling.draw import generator
from egide.diagnostic.sampling.intervals import Interval
from egide.diagnostic.sampling.reading import read_filled
from egide.diagnostic.sampling.sheet import NO, YES, coding_sheets
from egide.diagnostic.sampling.size import sample_size
from egide.document.typography import digits, sentence
from egide.errors import StoreError

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
SIZE = click.option("--size", type=click.IntRange(min=1), required=True, help="Annonces à tirer en tout.")
METHOD = click.option(
    "--method",
    type=click.Choice(files.METHODS),
    default=files.METHODS[0],
    show_default=True,
    help="Règle de répartition entre les strates.",
)
MINIMUM = click.option(
    "--minimum", type=click.IntRange(min=0), default=2, show_default=True, help="Annonces au moins par strate."
)


def _between_nothing_and_all(ctx: click.Context, param: click.Parameter, value: float) -> float:
    if not 0 < value < 1:
        raise click.BadParameter("attendu un nombre entre 0 et 1, bornes exclues, par exemple 0,95.")
    return value


LEVEL = click.option(
    "--level",
    type=Decimals(),
    default="0,95",
    show_default=True,
    callback=_between_nothing_and_all,
    help="Niveau de confiance, entre 0 et 1.",
)


@click.group(cls=InOrder)
def sample() -> None:
    """Tirer et lire un échantillon d’annonces : taille, répartition, tirage, estimation."""


@sample.command()
@click.argument("population", metavar="N", type=int)
@click.option(
    "--margin", type=Decimals(), default="0,05", show_default=True, help="Marge d’erreur ; 0,05 pour 5 points."
)
@LEVEL
@click.option(
    "--proportion", type=Decimals(), default="0,5", show_default=True, help="Part attendue ; 0,5 est le pire cas."
)
@JSON_OPTION
@refusals_end_the_command
def size(population: int, margin: float, level: float, proportion: float, as_json: bool) -> None:
    """Dire combien d’annonces tirer parmi N.

    \b
    Exemple :
      egide diagnostic sample size 699     249 annonces
    """
    found = sample_size(population, margin, level, proportion)
    if as_json:
        print_json({"population": population, "size": found})
        return
    click.echo(f"{_whole(found)} annonces à tirer parmi {_whole(population)}.")


@sample.command()
@click.argument("path", metavar="FICHIER", type=FILE)
@SIZE
@METHOD
@MINIMUM
@JSON_OPTION
@refusals_end_the_command
def allocate(path: Path, size: int, method: str, minimum: int, as_json: bool) -> None:
    """Répartir l’échantillon entre les strates d’un tableau.

    FICHIER a une ligne par strate : « strate », « annonces » ; pour neyman « ecart_type » ; pour power « importance »
    et « ecart_type » (ici l’écart-type divisé par la moyenne).

    \b
    Exemple :
      egide diagnostic sample allocate strates.csv --size 249 --method power
    """
    strata = files.strata_of(read_table(path), method)
    allocation = files.allocated(strata, size, method, minimum)
    if as_json:
        print_json(allocation)
        return
    for code, number in allocation.items():
        click.echo(
            f"{code} : {_whole(number)} sur {_whole(strata.ads[strata.codes.index(code)])}".replace(" :", "\u00a0:")
        )


@sample.command()
@click.argument("path", metavar="FICHIER", type=FILE)
@click.option("--seed", type=click.IntRange(min=0), required=True, help="Graine : la même redonne les mêmes annonces.")
@SIZE
@MINIMUM
@click.option("--code", "codes", multiple=True, help="Colonne à coder par oui ou non ; à répéter.")
@click.option("--output", type=click.Path(path_type=Path), required=True, help="Dossier à créer.")
@refusals_end_the_command
def draw(path: Path, seed: int, size: int, minimum: int, codes: tuple[str, ...], output: Path) -> None:
    """Tirer les annonces à coder et préparer les feuilles des deux codeurs.

    FICHIER a une ligne par annonce et une colonne « strate » ; rien d’autre n’en est repris. Le dossier reçoit
    codage-1.xlsx, codage-2.xlsx (une annonce sur dix, pour un second codeur) et cle.csv, à garder à part : elle seule
    dit quelle annonce porte quel numéro. La graine redonne les annonces, jamais les numéros : une clé perdue l’est.

    \b
    Exemple :
      egide diagnostic sample draw annonces.csv --size 249 --seed 62 --code N5 --code N8 --output tirage/
    """
    if output.exists():
        raise StoreError(f"{output} existe déjà\u00a0: donnez un dossier qui n’existe pas.")
    strata = files.stratum_of_each(read_table(path))
    allocation = files.allocated(files.Strata.counted(strata), size, files.METHODS[0], minimum)
    places = drawn_from(strata, allocation, generator(seed))
    # Numbers from the seed would lead back to the ads once the key is purged: these come from nowhere.
    sheets = coding_sheets(places, strata, {code: (YES, NO) for code in codes}, SystemRandom())
    write_new_folder(output, {"codage-1.xlsx": sheets.first, "codage-2.xlsx": sheets.second, "cle.csv": sheets.key})
    held = Counter(strata)
    click.echo(f"{_whole(len(places))} annonces tirées parmi {_whole(len(strata))}, graine {seed}.")
    for code, number in sorted(allocation.items()):
        click.echo(f"  {code}\u00a0: {_whole(number)} sur {_whole(held[code])}")


@sample.command()
@click.argument("path", metavar="FEUILLE", type=FILE)
@click.option("--second", type=FILE, help="Feuille du second codeur : donne l’accord des deux.")
@LEVEL
@JSON_OPTION
@refusals_end_the_command
def estimate(path: Path, second: Path | None, level: float, as_json: bool) -> None:
    """Estimer, d’une feuille remplie, les personnes, la part de doublons et les autres parts, avec leurs intervalles.

    Refusé (code 5) si les doublons n’ont été cherchés que dans l’échantillon.

    \b
    Exemple :
      egide diagnostic sample estimate tirage/codage-1.xlsx --second tirage/codage-2.xlsx
    """
    filled = read_filled(read_table(path))
    searched = Searched.SAMPLE if filled.within_sample else Searched.CORPUS
    coded = Coded(same_person=filled.same_person, design=filled.design, searched=searched)
    persons = distinct_persons(coded, level)
    kept_for_census = [column for column in filled.features if column in (ORGANISED, *CLUE_COLUMNS)]
    shares = {
        column: files.share_of(filled, column, level) for column in filled.features if column not in kept_for_census
    }
    agreed = files.agreements(filled, read_filled(read_table(second)), level) if second else {}
    if as_json:
        print_json(files.estimates_document(persons, shares, agreed))
        return
    _say_persons(persons)
    for column, share in shares.items():
        _say(f"{column} : {_percent(share.value)} des annonces, intervalle {_range(share.clopper_pearson)} "
             f"({_whole(share.base)} annonces codées)")  # fmt: skip
        _warn(share.warnings)
    for column, agreement in agreed.items():
        _say_agreement(column, agreement)
    if kept_for_census:
        _say(
            "Indices et jugement d’organisation : « egide diagnostic census estimate » les mesure avant de les montrer."
        )


def _say_persons(found: Persons) -> None:
    low, high = found.persons_interval.low, found.persons_interval.high
    _say(f"Personnes distinctes : {_whole(found.persons)}, intervalle de {_whole(low)} à {_whole(high)}")
    _say(
        f"Part de doublons : {_percent(found.duplicate_share)}, intervalle {_range(found.duplicate_share_interval)} "
        f"({found.method}, {_whole(found.coded)} annonces codées sur {_whole(found.ads)})"
    )
    _warn(found.warnings)


def _say_agreement(column: str, found: Agreement) -> None:
    if found.kappa is None or found.interval is None:
        _say(f"Accord des codeurs, {column} : non défini")
    elif found.observed == 1:  # the variance is nil, and would pass for certainty
        agreed = f"kappa 1 sur {found.pairs} annonces, toutes d’accord"
        _say(f"Accord des codeurs, {column} : {agreed} ; aucun intervalle ne s’en tire")
    else:
        low, high = (
            digits(Fraction(end).limit_denominator(10**6), 2) for end in (found.interval.low, found.interval.high)
        )
        kappa = digits(Fraction(found.kappa).limit_denominator(10**6), 2)
        _say(f"Accord des codeurs, {column} : kappa {kappa}, intervalle de {low} à {high} ({found.pairs} annonces)")
    _warn(found.warnings)


def _say(text: str) -> None:
    click.echo(sentence(text))


def _warn(warnings: tuple[str, ...]) -> None:
    for warning in warnings:
        click.echo(click.style("Attention — ", fg="yellow", bold=True) + warning, err=True)


def _whole(number: float) -> str:
    return digits(Fraction(number).limit_denominator(10**6))


def _percent(ratio: float) -> str:
    return digits(Fraction(100 * ratio).limit_denominator(10**6), 1, fixed=True) + "\u202f%"


def _range(found: Interval) -> str:
    return f"de {_percent(found.low)} à {_percent(found.high)}"

"""`egide compute`: one number from the facts, with the words and the rules of the authors. [I/O]"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
from attrs import evolve

from egide.cli.console import JSON_OPTION, Progress, print_json, refusals_end_the_command
from egide.cli.facts import facts_of
from egide.cli.folders import Places
from egide.cli.parameters import AS_OF_OPTION, CACHE_OPTION, EDITION_OPTION, STORE_OPTION
from egide.document.trace import STATUS_LABELS
from egide.document.typography import interval
from egide.facts.model import Fact
from egide.indicators.catalogue import FORMULAS
from egide.indicators.compute import compute as compute_all
from egide.indicators.derived import Operand
from egide.letter.edition import load_edition


@click.command()
@click.argument("expressions", nargs=-1, metavar="EXPRESSION…")
@EDITION_OPTION
@STORE_OPTION
@CACHE_OPTION
@AS_OF_OPTION
@click.option("--list", "list_formulas", is_flag=True, help="Lister les formules et quitter.")
@JSON_OPTION
@refusals_end_the_command
def compute(
    expressions: tuple[str, ...],
    edition: Path,
    store: Path,
    cache: Path,
    as_of: date | None,
    list_formulas: bool,
    as_json: bool,
) -> None:
    """Calculer chaque EXPRESSION telle que les auteurs l’écrivent. Pour l’observatoire : rien n’est masqué ici.

    Un calcul que la statistique refuse (champs différents, stock avec flux, familles d’infractions) est refusé, avec
    ses raisons (code 5).

    \b
    Exemples :
      egide compute --list
      egide compute 'share(sdfe_refused[2025], sdfe_requests[2025])'
      egide compute 'ocrteh_fines.growth(2024, 2025)' --json
    """
    if list_formulas:
        _print_formulas(as_json)
        return
    if not expressions:
        raise click.UsageError("Donnez au moins une expression, ou --list.")
    read = load_edition(edition)
    read = evolve(read, known_on=as_of or read.known_on)
    places = Places(output=Path("build"), store=store, cache=cache)
    known = facts_of(read, places, progress=Progress(quiet=True))
    results = compute_all(expressions, read.series, known.book)
    if as_json:
        print_json(
            [
                {
                    "expression": text,
                    "id": one.id,
                    "low": None if one.value is None or one.value.low is None else str(one.value.low),
                    "high": None if one.value is None or one.value.high is None else str(one.value.high),
                    "unit": one.measure.unit.value,
                    "status": one.status.value,
                }
                for text, one in results.items()
            ]
        )
        return
    for text, one in results.items():
        label = read.series[text.partition("[")[0]].label if isinstance(one, Fact) else one.label
        click.echo(f"{text} = {_read(one)} — {label} ({STATUS_LABELS[one.status]})")


def _read(one: Operand) -> str:
    """The number as it would be printed, then exactly where rounding hides something."""
    if one.value is None:
        return "valeur non connue de la source"
    printed = interval(one.value, one.measure.unit, places=None if _is_whole(one) else 2)
    return printed if _is_whole(one) else f"{printed} (exactement {one.value})"


def _is_whole(one: Operand) -> bool:
    bounds = (one.value.low, one.value.high) if one.value else ()
    return all(bound is None or bound.denominator == 1 for bound in bounds)


def _print_formulas(as_json: bool) -> None:
    if as_json:
        print_json({formula.signature: formula.title for formula in FORMULAS.values()})
        return
    for formula in FORMULAS.values():
        click.echo(f"{formula.signature:52} {formula.title} ({formula.method})")

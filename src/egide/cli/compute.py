"""`egide compute`: one number from the facts, with the words and the rules of the authors. [I/O]"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from egide.cli.console import JSON_OPTION, Progress, print_json, refusals_end_the_command
from egide.cli.facts import facts_of
from egide.cli.parameters import AS_OF_OPTION, EDITION, STORE_OPTION
from egide.facts.model import Fact
from egide.indicators.catalogue import FORMULAS
from egide.indicators.compute import compute as compute_all
from egide.letter.edition import load_edition


@click.command()
@click.argument("expressions", nargs=-1)
@click.option(
    "--edition", type=EDITION, default=Path("editions/2026"), show_default=True, help="D’où viennent les noms."
)
@STORE_OPTION
@AS_OF_OPTION
@click.option("--list", "list_formulas", is_flag=True, help="Lister les formules et quitter.")
@JSON_OPTION
@refusals_end_the_command
def compute(
    expressions: tuple[str, ...], edition: Path, store: Path, as_of: date | None, list_formulas: bool, as_json: bool
) -> None:
    """Calculer des EXPRESSIONS telles que les auteurs les écrivent. Pour l’observatoire : rien n’est masqué ici.

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
    known = facts_of(read, store, as_of=as_of, progress=Progress(quiet=True))
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
        click.echo(f"{text} = {one.value} {one.measure.unit.value} — {label}")


def _print_formulas(as_json: bool) -> None:
    if as_json:
        print_json({formula.signature: formula.title for formula in FORMULAS.values()})
        return
    for formula in FORMULAS.values():
        click.echo(f"{formula.signature:52} {formula.title} ({formula.method})")

"""`egide verify`: recompute every claim of a publication from its facts. [I/O]"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import click

from egide.cli.console import JSON_OPTION, QUIET_OPTION, print_json, refusals_end_the_command
from egide.cli.parameters import FILE
from egide.indicators.claim_files import read_claims, read_facts
from egide.indicators.claims import NO, Verdict, verify_claims
from egide.sources.messages import counted


@click.command()
@click.argument("claims", type=FILE, metavar="AFFIRMATIONS")
@click.argument("facts", type=FILE, metavar="FAITS")
@click.option("--exit-code", is_flag=True, help="Sortir avec le code 1 dès qu’une affirmation est démentie.")
@JSON_OPTION
@QUIET_OPTION
@refusals_end_the_command
def verify(claims: Path, facts: Path, exit_code: bool, as_json: bool, quiet: bool) -> None:
    """Recalculer les AFFIRMATIONS à partir des FAITS, et lister ce qui ne concorde pas.

    Ce sont deux fichiers CSV au format de docs/methods/claims-format.md. Chaque désaccord est donné avec
    son arithmétique. Une affirmation sur une valeur masquée est jugée sur l’intervalle que le secret laisse possible.

    Code 1 si un verdict déjà inscrit dans AFFIRMATIONS n’est pas celui qu’on recalcule, ou si une affirmation est
    illisible.

    \b
    Exemples :
      egide verify claims.csv facts.csv
      egide verify claims.csv facts.csv --json | jq '.[] | select(.agrees == "no")'
    """
    verdicts = verify_claims(read_claims(claims), read_facts(facts))
    if as_json:
        print_json([_plain(verdict) for verdict in verdicts])
    elif not quiet:
        click.echo("\n".join(_lines(verdicts)))
    wrong = any(one.problem or one.differs_from_file or (exit_code and one.agrees == NO) for one in verdicts)
    raise SystemExit(1 if wrong else 0)


def _plain(verdict: Verdict) -> dict[str, Any]:
    return {
        "claim_id": verdict.claim_id,
        "computed": verdict.computed,
        "agrees": verdict.agrees,
        "interval": None if verdict.interval is None else str(verdict.interval),
        "interval_verdict": verdict.interval_verdict,
        "arithmetic": verdict.arithmetic,
        "problem": verdict.problem,
    }


_INTERVAL_WORDS = {
    "holds": "vraie pour toutes les valeurs que le secret laisse possibles",
    "fails": "fausse pour toutes les valeurs que le secret laisse possibles",
    "undecided": "vraie ou fausse selon la valeur masquée",
}


def _lines(verdicts: list[Verdict]) -> list[str]:
    lines = []
    for verdict in verdicts:
        if verdict.problem:
            lines.append(f"illisible  {verdict.claim_id} : {verdict.problem}")
        elif verdict.agrees == NO:
            lines.append(f"non        {verdict.claim_id} : affiché {verdict.displayed} ; {verdict.arithmetic}")
        elif verdict.interval_verdict:
            lines.append(f"masquée    {verdict.claim_id} : {_INTERVAL_WORDS[verdict.interval_verdict]}")
        if verdict.differs_from_file:
            stored = f"{verdict.stored_computed} {verdict.stored_agrees}".strip()
            found = f"{verdict.computed} {verdict.agrees}".strip()
            lines.append(f"autre      {verdict.claim_id} : le fichier dit « {stored} », on trouve « {found} »")
    tally = Counter(verdict.agrees for verdict in verdicts)
    words = (("yes", "vraie"), ("no", "démentie"), ("not_computable", "non calculable"))
    counts = ", ".join(counted(tally[verdict], said) for verdict, said in words)
    return [*lines, f"{counted(len(verdicts), 'affirmation')}\u00a0: {counts}."]

"""`egide release`: what the secret lets out of an edition, and what it keeps. [I/O]"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import click

from egide.cli.building import Places, publication_of
from egide.cli.console import JSON_OPTION, QUIET_OPTION, Progress, print_json, refusals_end_the_command
from egide.cli.parameters import EDITION, STORE_OPTION
from egide.disclosure.cells import Cell
from egide.document.typography import cell_text
from egide.letter.edition import load_edition


@click.command()
@click.argument("edition", type=EDITION)
@STORE_OPTION
@JSON_OPTION
@QUIET_OPTION
@refusals_end_the_command
def release(edition: Path, store: Path, as_json: bool, quiet: bool) -> None:
    """Montrer ce que la règle de secret de l’EDITION laisse publier et ce qu’elle masque. N’écrit rien.

    \b
    Exemple :
      egide release editions/2026
    """
    places = Places(output=Path("build"), store=store, cache=Path("build/cache"))
    released = publication_of(
        load_edition(edition), places, as_of=None, progress=Progress(quiet=quiet or as_json)
    ).release
    cells = released.by_id.values()
    if as_json:
        print_json([{"id": cell.id, "label": cell.label, "shown": cell_text(cell)} for cell in cells])
        return
    for cell in cells:
        if not cell.is_shown:
            click.echo(f"{cell_text(cell):6} {cell.label}, {cell.period} ({cell.id})")
    click.echo(f"{len(cells)} nombres, règle « {released.policy} » : {_tally(cells)}.")


def _tally(cells: Iterable[Cell]) -> str:
    kinds = Counter(type(cell.content).__name__ for cell in cells)
    words = {
        "Shown": "montrés",
        "BelowFive": "moins de cinq",
        "NotCommunicated": "non communiqués",
        "Bounded": "bornés",
        "Withheld": "calculés sur une valeur masquée",
    }
    return ", ".join(f"{kinds[name]} {said}" for name, said in words.items() if kinds[name])

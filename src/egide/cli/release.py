"""`egide release`: what the secret lets out of an edition, and what it keeps. [I/O]"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import click

from egide.cli.building import publication_of
from egide.cli.console import JSON_OPTION, QUIET_OPTION, Progress, print_json, refusals_end_the_command
from egide.cli.folders import Places
from egide.cli.parameters import CACHE_OPTION, EDITION, STORE_OPTION
from egide.disclosure.cells import Cell
from egide.document.typography import cell_text
from egide.letter.edition import load_edition
from egide.sources.messages import counted


@click.command()
@click.argument("edition", type=EDITION)
@STORE_OPTION
@CACHE_OPTION
@JSON_OPTION
@QUIET_OPTION
@refusals_end_the_command
def release(edition: Path, store: Path, cache: Path, as_json: bool, quiet: bool) -> None:
    """Montrer ce que la règle de secret de l’EDITION laisse publier et ce qu’elle masque. Ne publie rien.

    Les livraisons de l’édition qui ne le sont pas encore sont enregistrées dans le dépôt.

    \b
    Exemple :
      egide release editions/2026
    """
    places = Places(output=Path("build"), store=store, cache=cache)
    released = publication_of(load_edition(edition), places, progress=Progress(quiet=quiet or as_json)).release
    cells = released.by_id.values()
    if as_json:
        print_json([{"id": cell.id, "label": cell.label, "shown": cell_text(cell)} for cell in cells])
        return
    for cell in cells:
        if not cell.is_shown:
            click.echo(f"{cell_text(cell):6} {cell.label}, {cell.period} ({cell.id})")
    click.echo(f"{counted(len(cells), 'nombre')}, règle «\u00a0{released.policy}\u00a0»\u00a0: {_tally(cells)}.")


_KINDS = {
    "Shown": ("montré", "montrés"),
    "BelowFive": ("inférieur à cinq", "inférieurs à cinq"),
    "NotCommunicated": ("non communiqué", "non communiqués"),
    "Bounded": ("borné", "bornés"),
    "Withheld": ("calculé sur une valeur masquée", "calculés sur une valeur masquée"),
}


def _tally(cells: Iterable[Cell]) -> str:
    kinds = Counter(type(cell.content).__name__ for cell in cells)
    return ", ".join(counted(kinds[kind], *said) for kind, said in _KINDS.items() if kinds[kind])

"""`egide trace`: where a published number comes from. [I/O]"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from egide.cli.console import JSON_OPTION, print_json, refusals_end_the_command
from egide.errors import EgideError, UnknownIdentifier

Number = Mapping[str, Any]


@click.command()
@click.argument("identifier", metavar="ID")
@click.option(
    "--build",
    type=click.Path(path_type=Path),
    default=Path("build/letter-2026"),
    show_default=True,
    help="Dossier d’une publication construite.",
)
@JSON_OPTION
@refusals_end_the_command
def trace(identifier: str, build: Path, as_json: bool) -> None:
    """Remonter le chemin du nombre ID : phrase, calcul, opérandes, livraison, ligne, valeurs antérieures.

    ID est l’identifiant affiché par la page quand on clique sur un nombre, avec ou sans le jour
    (« @2026-04-02 »), ou l’expression telle que les auteurs l’écrivent.

    \b
    Exemples :
      egide trace 'sdfe_psp_current["2025-12-31"]'
      egide trace sdfe/psp_current/FR_HORS_COM/2025-12-31
    """
    record = read_record(build)
    numbers = {number["id"]: number for number in record["numbers"]}
    number = _find(identifier, numbers)
    if as_json:
        print_json(number)
    else:
        click.echo("\n".join(_lines(number, numbers)))


def read_record(build: Path) -> dict[str, Any]:
    """The `trace.json` of a build folder, or the file itself. Raises EgideError when there is none."""
    path = build / "trace.json" if build.is_dir() else build
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise EgideError(
            f"{path} : attendu le fichier trace.json d’une publication construite, "
            f"reçu une erreur de lecture ({problem}). Lancez « egide letter build » d’abord."
        ) from None
    if not isinstance(loaded, dict):
        raise EgideError(f"{path} : ce n’est pas un fichier de trace.")
    return loaded


def _find(identifier: str, numbers: Mapping[str, Number]) -> Number:
    wanted = "".join(identifier.split())
    known: dict[str, Number] = {}
    for number in numbers.values():
        for name in (number["id"], number["key"], number["anchor"], *number["expressions"]):
            known["".join(name.split())] = number
    if wanted in known:
        return known[wanted]
    near = get_close_matches(wanted, known, n=5, cutoff=0.4)
    listed = "\n  ".join(near) or "aucun identifiant proche"
    raise UnknownIdentifier(f"Aucun nombre publié ne s’appelle « {identifier} ». Les plus proches :\n  {listed}")


def _lines(number: Number, numbers: Mapping[str, Number], depth: int = 0) -> Iterator[str]:
    pad = "    " * depth
    yield f"{pad}{number['shown']} — {number['label']} ({number['status']})"
    yield f"{pad}  {number['id']}"
    for step in number["steps"]:
        yield f"{pad}  {step['name']} : {step['text']}"
    for vintage in number["vintages"]:
        yield f"{pad}  Connu au {vintage['name']} : {vintage['text']}"
    if depth == 0:
        for use in number["said_in"]:
            yield f"{pad}  Dit dans « {use['title']} » : {use['sentence']}"
    for operand in number["operands"]:
        yield from _lines(numbers[operand], numbers, depth + 1)

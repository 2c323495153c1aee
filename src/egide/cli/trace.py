"""`egide trace`: where a published number comes from. [I/O]"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from egide.cli.console import JSON_OPTION, print_json, reason, refusals_end_the_command
from egide.errors import EgideError, UnknownIdentifier
from egide.indicators.language import parse
from egide.letter.record import FORMAT

Number = Mapping[str, Any]


@click.command()
@click.argument("identifier", metavar="NOMBRE")
@click.option(
    "--build",
    type=click.Path(path_type=Path),
    metavar="DOSSIER",
    default=Path("build/letter-2026"),
    show_default=True,
    help="Dossier d’une publication construite.",
)
@JSON_OPTION
@refusals_end_the_command
def trace(identifier: str, build: Path, as_json: bool) -> None:
    """Remonter le chemin d’un NOMBRE publié : phrase, calcul, opérandes, livraison, ligne, valeurs antérieures.

    NOMBRE est l’identifiant affiché par la page quand on clique sur un nombre, avec ou sans le jour
    (« @2026-04-02 »), son adresse dans la page (« n-… ») ou l’expression telle que les auteurs l’écrivent.

    \b
    Exemples :
      egide trace 'sdfe_psp_current["2025-12-31"]'
      egide trace sdfe/psp_current/FR_HORS_COM/2025-12-31
    """
    record = read_record(build)
    numbers = {number["id"]: number for number in record["numbers"]}
    number = _find(identifier, record["numbers"])
    if as_json:
        print_json(number)
    else:
        click.echo("\n".join(_lines(number, numbers)))


def read_record(build: Path) -> dict[str, Any]:
    """The `trace.json` of a build folder, or the file itself. Raises UnknownIdentifier when there is none."""
    path = build / "trace.json" if build.is_dir() or not build.suffix else build
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        problem = reason(error)
    except ValueError:
        problem = "un fichier d’une autre sorte, ou abîmé"
    else:
        if isinstance(loaded, dict) and loaded.get("format") == FORMAT:
            return loaded
        problem = "un fichier d’une autre sorte"
    raise UnknownIdentifier(
        f"{path}\u00a0: attendu le fichier trace.json d’une publication construite, reçu\u00a0: {problem}."
        " Lancez « egide letter build », ou indiquez le dossier qu’il a écrit."
    )


def _find(identifier: str, numbers: Iterable[Number]) -> Number:
    """By identifier, by key, by address on the page or by expression, whatever the spaces and the quotes."""
    known: dict[str, Number] = {}
    for number in numbers:
        for name in (number["id"], number["key"], number["anchor"], *number["expressions"]):
            known[_bare(name)] = number
    for wanted in (identifier, _canonical(identifier)):
        if _bare(wanted) in known:
            return known[_bare(wanted)]
    names = [name for name in known if not name.startswith("n-") and "@" not in name]
    near = get_close_matches(_bare(identifier), names, n=5, cutoff=0.5)
    listed = "".join(f"\n  {(known[name]['expressions'] or [name])[0]}" for name in near)
    hint = (
        f" Les plus proches\u00a0:{listed}" if listed else " La page donne l’identifiant d’un nombre quand on clique."
    )
    raise UnknownIdentifier(f"Aucun nombre publié ne s’appelle « {identifier} ».{hint}")


def _bare(name: str) -> str:
    return re.sub(r"[\s\"'#]", "", name)


def _canonical(text: str) -> str:
    """`fines.growth(2024, 2025)` as the publication writes it; anything that is no expression, as it is."""
    try:
        return parse(text).canonical
    except EgideError:
        return text


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

"""What several commands take: a source's name, a file, a folder, a day. [I/O]"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from egide.cli.console import Day
from egide.errors import UnknownIdentifier
from egide.sources.catalogue import known_sources, load_schema
from egide.sources.schema import SourceSchema


class SourceName(click.ParamType[SourceSchema]):
    """An institution's identifier, completed by the shell; becomes its schema."""

    name = "SOURCE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> SourceSchema:
        if isinstance(value, SourceSchema):
            return value
        try:
            return load_schema(value)
        except UnknownIdentifier as error:
            self.fail(str(error), param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        names = [name for name in known_sources() if name.startswith(incomplete)]
        return [CompletionItem(name, help=load_schema(name).title) for name in names]


class Decimals(click.ParamType[float]):
    """A number with decimals, after a comma as in French or after a point."""

    name = "NOMBRE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, float):
            return value
        try:
            return float(str(value).replace(",", ".", 1))
        except ValueError:
            self.fail(
                f"« {value} » n’est pas un nombre ; écrivez par exemple 0,05.".replace(" ;", "\u202f;"), param, ctx
            )


FILE = click.Path(path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)
EDITION = click.Path(exists=True, file_okay=False, path_type=Path)

# Where the names of series come from. Not every call needs it, so a missing folder is told when it is read.
EDITION_OPTION = click.option(
    "--edition",
    type=FOLDER,
    metavar="DOSSIER",
    default=Path("editions/2026"),
    show_default=True,
    help="Édition d’où viennent les noms et les phrases.",
)
STORE_OPTION = click.option(
    "--store",
    type=click.Path(path_type=Path),
    metavar="DOSSIER",
    default=Path("build/store"),
    show_default=True,
    help="Dépôt des livraisons : une livraison, un fichier, jamais modifié.",
)
CACHE_OPTION = click.option(
    "--cache",
    type=click.Path(path_type=Path),
    metavar="DOSSIER",
    default=Path("build/cache"),
    show_default=True,
    help="Ce qu’une reconstruction n’a pas à refaire ; peut être supprimé.",
)
RECEIVED_OPTION = click.option(
    "--received", type=Day(), required=True, help="Jour de réception de la livraison, par exemple 2026-04-02."
)
AS_OF_OPTION = click.option("--as-of", type=Day(), help="Lire les faits tels que connus ce jour-là.")

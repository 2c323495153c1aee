"""How every command speaks: results on standard output, progress and refusals on standard error. [I/O]"""

from __future__ import annotations

import errno
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import wraps
from typing import Any, NoReturn, ParamSpec, TypeVar

import click

from egide.errors import EgideError, Refused, StoreError

P = ParamSpec("P")
R = TypeVar("R")

JSON_OPTION = click.option("--json", "as_json", is_flag=True, help="Résultat en JSON, pour un script.")
QUIET_OPTION = click.option(
    "-q", "--quiet", is_flag=True, help="Rien sur la progression ; seules les erreurs s’affichent."
)


class Day(click.ParamType[date]):
    """A day on the command line, written 2026-04-02."""

    name = "AAAA-MM-JJ"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"« {value} » n’est pas un jour ; écrivez par exemple 2026-04-02.", param, ctx)


def print_json(payload: Any) -> None:
    """Readable JSON; escaped where the terminal could not show its letters, so that it stays exact."""
    exact = (sys.stdout.encoding or "").lower().startswith("utf")
    click.echo(json.dumps(payload, ensure_ascii=not exact, indent=2))


def fail(error: EgideError) -> NoReturn:
    """Show the refusal, whole, and leave with its code."""
    several = isinstance(error, Refused) and len(error.defects) > 1
    title = f"Refus, {len(error.defects)} défauts\u00a0:\n" if isinstance(error, Refused) and several else "Refus — "
    said = "\n".join(f"- {line}" for line in str(error).splitlines()) if several else str(error)
    click.echo(click.style(title, fg="red", bold=True) + said, err=True)
    raise SystemExit(error.exit_code)


def refusals_end_the_command(command: Callable[P, R]) -> Callable[P, R]:
    """Turn anything Égide refuses, or the disk, into a message and an exit code."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except EgideError as error:
            fail(error)
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise  # whoever read us has left: click ends in silence
            fail(StoreError(f"{error.filename or 'Un fichier'}\u00a0: {reason(error)}."))

    return wrapped


_REASONS = {
    errno.ENOENT: "rien n’existe à cet endroit",
    errno.EACCES: "l’accès est refusé",
    errno.EPERM: "l’accès est refusé",
    errno.EROFS: "ce disque ne peut qu’être lu",
    errno.ENOTDIR: "l’un des dossiers du chemin est un fichier",
    errno.EISDIR: "c’est un dossier",
    errno.EEXIST: "quelque chose porte déjà ce nom",
    errno.ENOSPC: "le disque est plein",
    errno.ENAMETOOLONG: "ce nom est trop long",
}


def reason(error: OSError) -> str:
    """Why the system refused, in French."""
    return _REASONS.get(error.errno or 0, f"le système refuse ({error.strerror or type(error).__name__})")


class Progress:
    """One line a step on standard error, with its time; nothing when quiet."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        self._say(f"  {name} … ", end="")
        try:
            yield
        except BaseException:
            self._say("arrêt")  # the reason comes on a line of its own
            raise
        self._say(f"{time.perf_counter() - start:.1f} s".replace(".", ","))

    def _say(self, text: str, *, end: str = "\n") -> None:
        if not self._quiet:
            click.echo(text + end, nl=False, err=True)

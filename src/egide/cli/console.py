"""How every command speaks: results on standard output, progress and refusals on standard error. [I/O]"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import wraps
from typing import Any, NoReturn, ParamSpec, TypeVar

import click

from egide.errors import EgideError

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
    click.echo(json.dumps(payload, ensure_ascii=False, indent=2, sort_keys=False))


def fail(error: EgideError) -> NoReturn:
    """Show the refusal, whole, and leave with its code."""
    click.echo(click.style("Refus", fg="red", bold=True, reset=True) + f" — {error}", err=True)
    raise SystemExit(error.exit_code)


def refusals_end_the_command(command: Callable[P, R]) -> Callable[P, R]:
    """Turn anything Égide refuses into a message and an exit code."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except EgideError as error:
            fail(error)

    return wrapped


class Progress:
    """One line a step on standard error, with its time; nothing when quiet."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        if not self._quiet:
            click.echo(f"  {name} … ", nl=False, err=True)
            sys.stderr.flush()
        yield
        if not self._quiet:
            click.echo(f"{time.perf_counter() - start:.1f} s".replace(".", ","), err=True)

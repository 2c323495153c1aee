"""A group of verbs, each read only when it is called: the shell's completion must not wait for an engine. [I/O]"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from gettext import gettext
from importlib import import_module
from io import TextIOWrapper
from typing import Any

import click
from click.exceptions import NoSuchCommand
from click.shell_completion import CompletionItem

from egide.cli.french import spoken_french

INTERRUPTED = 130  # what shells give a program stopped by Ctrl-C


class InOrder(click.Group):
    """Verbs that are all in one module, listed in the order of their use, which is that of the file."""

    def __init__(self, name: str | None = None, **settings: Any) -> None:
        super().__init__(name, subcommand_metavar="VERBE …", **settings)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


class Verbs(click.Group):
    """Verbs in the order of a number's journey. `summaries`: name of the verb, and one line of it.

    `modules`: where a verb is, `module:attribute`; by default a module of `egide.cli` and a command, both of its name.
    """

    def __init__(
        self,
        name: str | None,
        *,
        summaries: Mapping[str, str],
        modules: Mapping[str, str] | None = None,
        **settings: Any,
    ) -> None:
        super().__init__(name, subcommand_metavar="VERBE …", **settings)
        self.summaries = summaries
        self._modules = modules or {}

    def main(self, *args: Any, **extra: Any) -> Any:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="replace")  # a terminal without « ’ » prints « ? », it does not stop
        if os.environ.get("NO_COLOR"):
            extra.setdefault("color", False)
        with spoken_french():
            return super().main(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("\nInterrompu. Ce qui était publié est resté en place.", err=True)
            raise SystemExit(INTERRUPTED) from None

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.summaries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.summaries:
            return None
        module, _, attribute = self._modules.get(cmd_name, f"egide.cli.{cmd_name}:{cmd_name}").partition(":")
        found = getattr(import_module(module), attribute)
        assert isinstance(found, click.Command)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except NoSuchCommand as error:  # click looks for near names among the verbs already read: none
            raise NoSuchCommand(error.command_name, possibilities=self.summaries, ctx=ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(gettext("Commands")):
            formatter.write_dl(list(self.summaries.items()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        verbs = [
            CompletionItem(name, help=said) for name, said in self.summaries.items() if name.startswith(incomplete)
        ]
        return [*verbs, *click.Command.shell_complete(self, ctx, incomplete)]

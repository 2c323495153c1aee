"""`egide completion`: let the shell finish what is typed. [I/O]"""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]), metavar="{bash|zsh|fish}")
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Afficher le script qui complète les commandes d’Égide dans un shell.

    \b
    bash :  egide completion bash >> ~/.bashrc
    zsh  :  egide completion zsh >> ~/.zshrc
    fish :  egide completion fish > ~/.config/fish/completions/egide.fish
    """
    completer = get_completion_class(shell)
    assert completer is not None  # the choice above names only shells click knows
    click.echo(completer(ctx.find_root().command, {}, "egide", "_EGIDE_COMPLETE").source())

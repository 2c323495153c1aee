"""Run a page of documentation: write the files it shows, type its commands, compare what they print.

Three kinds of fenced blocks are executed, in the order of the page:

* `console`: each line that begins with `$ ` is a command, the lines under it are what it must print;
  `…` stands for any end of line, and alone on its line for any number of lines;
* `diff`: removes the `-` lines from a file and puts the `+` lines in their place, or at the end;
* a block of any other language, when the paragraph before it ends with a path, as in “Créez `a/b.toml` :”: the file.

Blocks without a path and without `$ ` are for reading only: `sh` for commands that are not executed, `text`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen
from markdown_it import MarkdownIt

_PATH = re.compile(r"`([^`\s]+)`\s*:$")


@frozen
class Block:
    """One fenced block: its language, its text, the file it is about (or ""), its first line on the page."""

    language: str
    text: str
    path: str
    line: int


def blocks(page: str) -> Iterator[Block]:
    said = ""
    for token in MarkdownIt("commonmark").parse(page):
        if token.type == "inline":
            said = token.content
        elif token.type == "fence" and token.map is not None:
            named = _PATH.search(said)
            yield Block(token.info.strip(), token.content, named[1] if named else "", token.map[0] + 2)
            said = ""


def run(page: str, folder: Path) -> list[str]:
    """Do everything the page shows, in `folder`. Returns what did not go as shown, each with its line on the page."""
    wrong: list[str] = []
    status = 0
    for block in blocks(page):
        if block.language == "console":
            for line, command, shown in _typed(block):
                status, printed = _type(command, folder, status)
                if not re.fullmatch(_pattern(shown), printed):
                    wrong.append(f"line {line}: $ {command}\n--- shown\n{shown}\n--- printed\n{printed}")
        elif block.path:
            try:
                _write(block, folder / block.path)
            except ValueError as problem:
                wrong.append(f"line {block.line}: {problem}")
    return wrong


def _typed(block: Block) -> Iterator[tuple[int, str, str]]:
    """Each command, its line on the page, and what is shown under it."""
    lines = block.text.splitlines()
    starts = [rank for rank, line in enumerate(lines) if line.startswith("$ ")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield block.line + start, lines[start][2:], _plain("\n".join(lines[start + 1 : end]))


def _type(command: str, folder: Path, status: int) -> tuple[int, str]:
    """Type it in a shell that remembers the last exit status, for `echo $?`. What both streams say comes together."""
    search = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": search, "PYTHONPATH": "src", "LC_ALL": "C.UTF-8"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # a command that is compiled each time starts twice as slowly
    script = f"(exit {status})\n{command}"
    done = subprocess.run(
        ["bash", "-c", script], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    return done.returncode, _plain(done.stdout)


def _plain(text: str) -> str:
    """No space at the end of a line, and ordinary spaces for those that do not break: a page is typed by hand."""
    lines = text.replace("\u202f", " ").replace("\u00a0", " ").splitlines()
    return "\n".join(line.rstrip() for line in lines).strip()


def _pattern(shown: str) -> str:
    lines = [".*(?:\n.*)*" if line == "…" else re.escape(line).replace("…", ".*") for line in shown.splitlines()]
    return "\n".join(lines)


def _write(block: Block, path: Path) -> None:
    if block.language != "diff":
        path.write_text(block.text, encoding="utf-8")
        return
    lines = block.text.splitlines(keepends=True)
    removed = "".join(line[1:] for line in lines if line.startswith("-"))
    added = "".join(line[1:] for line in lines if line.startswith("+"))
    now = path.read_text(encoding="utf-8")
    if removed and now.count(removed) != 1:
        raise ValueError(f"{block.path} holds {now.count(removed)} times the lines to be replaced:\n{removed}")
    path.write_text(now.replace(removed, added) if removed else now + added, encoding="utf-8")

"""Read the authors' Markdown: which numbers it asks for, where, and the tokens to bind. Pure.

Four marks are ours, the rest is CommonMark with footnotes:

* `{{ expression }}`, `{{ expression | style }}`, `{{ expression : "mots" }}`: a bound number;
* `{2025}`: a declared date, article or name;
* `{#anchor}`: at the end of a heading, its address;
* `::: name argument` … `:::`: a box, a figure, a table, key figures, a source line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import field, frozen
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.footnote import footnote_plugin

from egide.document.typography import Style

BOXES = ("encadre", "methode", "zoom", "eclairage", "droit")
CONTAINERS = (*BOXES, "source", "figure", "table", "chiffres-cles")

_MARK = re.compile(r"\{\{(?P<bound>[^{}]*)\}\}|\{#(?P<anchor>[a-z0-9-]+)\}|\{(?P<declared>[^{}\n]*)\}")
_BOUND = re.compile(
    r"\s*(?P<expression>.+?)\s*(?:\|\s*(?P<style>\w+)\s*)?(?::\s*[\"“«](?P<claim>[^\"”»]+)[\"”»]\s*)?", re.DOTALL
)


@frozen(kw_only=True)
class Bound:
    """One `{{ … }}` as the author wrote it."""

    expression: str
    style: str = ""  # "", a name of `Style`, or a number of decimals
    claim: str = ""

    @classmethod
    def parse(cls, text: str) -> Bound:
        match = _BOUND.fullmatch(text)
        if match is None:
            raise ValueError("une expression")
        return cls(
            expression=" ".join(match["expression"].split()),
            style=match["style"] or "",
            claim=" ".join((match["claim"] or "").split()),
        )

    @property
    def printing(self) -> tuple[Style, int | None]:
        """Style and decimals. Raises ValueError for a style that does not exist."""
        if self.style.isdigit():
            return Style.USUAL, int(self.style)
        return (Style(self.style) if self.style else Style.USUAL), None


@frozen(kw_only=True)
class ProseFile:
    """One file of the edition, read: its block tokens and how to name a place in it."""

    name: str
    tokens: tuple[Token, ...] = field(repr=False)

    def place(self, line: int) -> str:
        return f"{self.name}, ligne {line}"


def read_prose(name: str, text: str) -> ProseFile:
    """Parse one Markdown file. Never fails: what is wrong in it is found when it is bound."""
    parser = _parser()
    tokens = parser.parse(text)
    for token in tokens:
        if token.type.startswith("container_") and token.nesting == 1:
            token.content = token.info.strip().partition(" ")[2].strip()
            token.children = parser.parseInline(token.content)[0].children if token.content else []
    return ProseFile(name=name, tokens=tuple(tokens))


def bound_marks(prose: ProseFile) -> Iterator[tuple[int, str]]:
    """Every `{{ … }}` with its line, in reading order."""
    for inline in prose.tokens:
        for child in inline.children or ():
            if child.type == "bound":
                yield line_of(inline, child), child.content


def line_of(inline: Token, child: Token | None = None) -> int:
    """Line in the file, from 1, of an inline token or of one of its marks."""
    first = (inline.map or [0, 0])[0] + 1
    offset = child.meta.get("offset", 0) if child is not None else 0
    return first + inline.content.count("\n", 0, offset)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).use(footnote_plugin, inline=False)
    for name in CONTAINERS:
        parser.use(container_plugin, name=name)
    parser.inline.ruler.before("escape", "egide_marks", _mark)
    return parser


def _mark(state: StateInline, silent: bool) -> bool:
    match = _MARK.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        kind = match.lastgroup or ""
        token = state.push(kind, "", 0)
        token.content = match[kind].strip()
        token.meta = {"offset": state.pos}
    state.pos = match.end()
    return True

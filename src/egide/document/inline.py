"""Bind the marks inside one paragraph or heading: numbers, declared digits, notes, emphasis. Pure.

French typography is done on the whole line at once, with each number standing as one character, so that a colon
or a per cent sign after a number gets its space like any other.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from attrs import frozen
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from egide.disclosure.cells import Cell
from egide.document.declared import is_declared
from egide.document.model import Declared, Emphasis, Link, NoteReference, Number, Run, Runs, Strong, Text
from egide.document.prose import CONTAINERS, Bound, ProseFile, line_of
from egide.document.typography import NBSP, THIN, cell_text, quantity, sentence
from egide.document.wording import UnknownWording, condition
from egide.errors import Defect

_PLACEHOLDER = 0xE000  # first private-use character: stands for run number 0 of the line
_MARKS = "\ue000-\uf8ff"
_STRAY = re.compile(r"\{\{|\}\}|\[\^|\]\(|^:::|^\|", re.MULTILINE)  # what is left of a mark that was not one


@frozen
class _Opened:
    """An emphasis, a strong or a link being read, and the runs read so far."""

    token: Token
    runs: list[Run | str]


class InlineBinder:
    """Binds the inline content of one file. Defects go to the list it is given."""

    def __init__(
        self,
        prose: ProseFile,
        cells: Mapping[str, Cell],
        names: Collection[str],
        first_note: int,
        defects: list[Defect],
    ) -> None:
        self._prose = prose
        self._cells = cells
        self._names = names
        self._first_note = first_note
        self._defects = defects

    def runs(self, node: SyntaxTreeNode) -> Runs:
        """Runs of a heading or a paragraph; a line break in the source is a space."""
        return tuple(run for token in _inline_tokens(node) for run in self.of_children(token))

    def lines(self, node: SyntaxTreeNode) -> Runs:
        """The same with line breaks kept: for source lines."""
        return tuple(run for token in _inline_tokens(node) for run in self.of_children(token, line_break="\n"))

    def anchor_of(self, node: SyntaxTreeNode) -> str:
        """The address an author gave to a heading, if any."""
        found = (
            child.content for token in _inline_tokens(node) for child in token.children or () if child.type == "anchor"
        )
        return next(found, "")

    def of_children(self, inline: Token, *, line_break: str = " ") -> Runs:
        stack = [_Opened(inline, [])]
        for child in inline.children or ():
            if child.nesting == 1:
                stack.append(_Opened(child, []))
            elif child.nesting == -1:
                opened = stack.pop()
                stack[-1].runs.append(self._wrapped(inline, opened))
            elif child.type in ("text", "softbreak", "hardbreak"):
                stack[-1].runs.append(child.content if child.type == "text" else line_break)
            elif (run := self._mark(inline, child)) is not None:
                stack[-1].runs.append(run)
        return self._typeset(inline, stack[0].runs)

    # ------------------------------------------------------------ typography and stray digits

    def _typeset(self, inline: Token, parts: Sequence[Run | str]) -> Runs:
        inner = [part for part in parts if not isinstance(part, str)]
        marks = iter(range(_PLACEHOLDER, _PLACEHOLDER + len(inner)))
        line = "".join(part if isinstance(part, str) else chr(next(marks)) for part in parts)
        if re.search(r"\d", line):
            self._stray_digits(inline, line)
        self._stray_marks(inline, line)
        line = sentence(line)
        numbers = "".join(
            chr(_PLACEHOLDER + rank) for rank, run in enumerate(inner) if isinstance(run, Number) and not run.claim
        )
        if numbers:
            line = re.sub(f"([{numbers}]) (?=[^\\W\\d_])", rf"\1{NBSP}", line)
        pieces = re.split(f"([{_MARKS}])", line)
        return tuple(
            inner[ord(piece) - _PLACEHOLDER] if index % 2 else Text(piece)
            for index, piece in enumerate(pieces)
            if piece
        )

    def _stray_digits(self, inline: Token, line: str) -> None:
        for match in re.finditer(r"[^\s]*\d[^\s]*", line):
            before = line[: match.start()].count("\n")
            shown = re.sub(f"[{_MARKS}]", "…", match[0])
            self._defect(
                inline,
                None,
                expected="des chiffres liés ou déclarés",
                got=f"« {shown} »",
                way_out="Liez le nombre par {{ … }} ou, si c’est une date, un article ou un nom, déclarez-le par {…}.",
                line_shift=before or _line_shift(inline, match[0]),
            )

    def _stray_marks(self, inline: Token, line: str) -> None:
        """A mark that was not understood would be printed as it is."""
        for match in _STRAY.finditer(line):
            self._defect(
                inline,
                None,
                expected="une marque entière : {{ … }}, [^note] et sa note, [mots](adresse), "
                f"::: nom … ::: (noms : {', '.join(CONTAINERS)})",
                got=f"« {re.sub(f'[{_MARKS}]', '…', line[match.start() :])[:30].strip()} »",
                way_out="Fermez-la, ou donnez ce à quoi elle renvoie ; un tableau se décrit dans figures.toml.",
                line_shift=line[: match.start()].count("\n") or _line_shift(inline, match[0]),
            )

    # ------------------------------------------------------------ marks

    def _wrapped(self, inline: Token, opened: _Opened) -> Run:
        runs = self._typeset(inline, opened.runs)
        match opened.token.type:
            case "em_open":
                return Emphasis(runs)
            case "strong_open":
                return Strong(runs)
            case _:
                return Link(str(opened.token.attrGet("href") or ""), runs)

    def _mark(self, inline: Token, child: Token) -> Run | None:
        match child.type:
            case "bound":
                return self._number(inline, child)
            case "declared":
                return self._declared(inline, child)
            case "footnote_ref":
                return NoteReference(f"note-{self._first_note + child.meta['id']}")
            case "anchor" | "footnote_anchor":
                return None
        self._defect(
            inline,
            child,
            expected="du texte, de l’emphase, un lien ou une note",
            got=f"un élément « {child.type} »",
            way_out="Retirez-le.",
        )
        return None

    def _declared(self, inline: Token, child: Token) -> Declared:
        if not is_declared(child.content, self._names):
            self._defect(
                inline,
                child,
                expected="une date, un article de loi ou un nom déclaré de l’édition",
                got=f"« {{{child.content}}} »",
                way_out="Un chiffre se lie par {{ … }} ; un nom s’ajoute à « names » dans edition.toml.",
            )
        return Declared(sentence(child.content).replace(" ", NBSP))

    def _number(self, inline: Token, child: Token) -> Number | None:
        try:
            bound = Bound.parse(child.content)
            style, places = bound.printing
        except ValueError:
            self._defect(
                inline,
                child,
                expected='{{ expression }}, {{ expression | style }} ou {{ expression : "mots" }}',
                got=f"« {{{{ {child.content} }}}} »",
                way_out="Les styles sont abs, signed, bare, words ou un nombre de décimales.",
            )
            return None
        cell = self._cells.get(bound.expression)
        if cell is None:
            return None  # already told, with its reason, when it was asked for
        if bound.claim:
            return self._claim(inline, child, bound, cell)
        try:
            place = self._prose.place(line_of(inline, child))
            return Number(cell=cell, text=cell_text(cell, style=style, places=places), place=place)
        except ValueError as problem:
            self._defect(
                inline,
                child,
                expected=f"un nombre qui s’imprime dans le style « {bound.style} »",
                got=cell_text(cell),
                way_out=str(problem),
            )
            return None

    def _claim(self, inline: Token, child: Token, bound: Bound, cell: Cell) -> Number | None:
        unit = cell.measure.unit
        try:
            wanted = condition(bound.claim, unit)
        except UnknownWording:
            self._defect(
                inline,
                child,
                expected="une tournure vérifiable",
                got=f"« {bound.claim} »",
                way_out="La liste est dans docs/methods/worded-claims.md.",
            )
            return None
        if not cell.is_shown or not wanted.holds(cell.value):
            self._defect(
                inline,
                child,
                expected=f"pour dire « {bound.claim} », {wanted.text(unit)}",
                got=f"{_exactly(cell)} ({bound.expression})",
                way_out="Les données ne portent plus ces mots : changez la phrase.",
            )
        words = sentence(re.sub(r"(?<=\d) (?=\d{3}(?!\d))", THIN, bound.claim))
        return Number(cell=cell, text=words, claim=True, place=self._prose.place(line_of(inline, child)))

    def _defect(
        self,
        inline: Token,
        child: Token | None,
        *,
        expected: str,
        got: str,
        way_out: str,
        line_shift: int = 0,
    ) -> None:
        place = self._prose.place(line_of(inline, child) + line_shift)
        self._defects.append(Defect(place=place, expected=expected, got=got, way_out=way_out))


def _exactly(cell: Cell) -> str:
    """The value as precisely as needed to see why the words fail."""
    if not cell.is_shown:
        return cell_text(cell)
    value = cell.value
    if value.is_exact and value.number.denominator != 1:
        return quantity(value.number, cell.measure.unit, places=2)
    return cell_text(cell)


def _line_shift(inline: Token, fragment: str) -> int:
    """How many lines below the first this fragment stands in the source."""
    offset = inline.content.find(fragment)
    return inline.content.count("\n", 0, offset) if offset > 0 else 0


def _inline_tokens(node: SyntaxTreeNode) -> Iterator[Token]:
    for child in node.walk():
        if child.type == "inline" and child.token is not None:
            yield child.token

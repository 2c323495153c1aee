"""The neutral document: blocks and runs, frozen. Renderers translate it and compute nothing.

A digit reaches the page in two ways only: inside a `Number`, which holds a released cell, or inside a
`Declared`, which is a date, an article of law or a name that the author declared as such.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from attrs import field, frozen

from egide.disclosure.cells import Cell

# ---------------------------------------------------------------- runs


@frozen
class Text:
    text: str  # typography done, no digit


@frozen
class Declared:
    """A date, an article of law, a proper name with digits: checked as such, not a figure."""

    text: str


@frozen(kw_only=True)
class Number:
    """A bound number, as printed. `claim` is true when words stand for it ("près de 900")."""

    cell: Cell
    text: str
    claim: bool = False
    place: str = field(default="", eq=False)  # file and line of the prose; empty in a figure or a table

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.cell, Cell):
            raise TypeError("a number on a page holds a released cell, not a bare value")


@frozen
class Emphasis:
    runs: Runs


@frozen
class Strong:
    runs: Runs


@frozen
class Link:
    """To a place in this document (`#figure-f01`) or, rarely, to an address outside."""

    target: str
    runs: Runs


@frozen
class NoteReference:
    note: str  # id of a Note


Run = Text | Declared | Number | Emphasis | Strong | Link | NoteReference
Runs = tuple[Run, ...]

# ---------------------------------------------------------------- blocks


@frozen
class Paragraph:
    runs: Runs


@frozen
class BulletList:
    items: tuple[tuple[Block, ...], ...]
    ordered: bool = False


@frozen(kw_only=True)
class KeyFigure:
    """A tile: one number, large, and what it is."""

    number: Number
    label: Runs
    source: str


@frozen
class KeyFigures:
    tiles: tuple[KeyFigure, ...]


@frozen(kw_only=True)
class Box:
    """Set apart from the text: a source presented, another source's view, a method note, a quotation of law."""

    kind: str  # "source", "methode", "eclairage", "zoom", "droit"
    title: Runs
    blocks: tuple[Block, ...]


class Align(StrEnum):
    LEFT = "left"
    RIGHT = "right"


@frozen(kw_only=True)
class TableCell:
    runs: Runs
    header: bool = False
    align: Align = Align.LEFT
    indent: int = 0  # depth of an "of which" row


@frozen(kw_only=True)
class Table:
    """Row 0 of `rows` is the heading row; the first cell of each row is its heading."""

    id: str
    caption: Runs
    rows: tuple[tuple[TableCell, ...], ...]
    legend: tuple[str, ...] = ()  # what `< 5`, `nc`, `–` mean, when they occur


@frozen(kw_only=True)
class Figure:
    """A chart or a table of the publication's numbered series, with all a reader needs beside it."""

    id: str  # "f01": also the anchor, the file name of its data and of its page
    number: int
    title: Runs
    svg: str  # the chart; empty when the figure is itself a table
    alternative: str  # what the chart shows, in words; never empty
    table: Table
    source: str  # "Source : …"
    scope: str  # "Champ : …"
    notes: tuple[str, ...]  # status (provisional…), what is missing and why, scales of insets
    csv: str  # its data, as downloaded and as attached to the PDF


@frozen(kw_only=True)
class Section:
    """A heading with what belongs to it. Level 1 is a part of the publication."""

    id: str
    level: int
    title: Runs
    source: str = ""
    scope: str = ""
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()


Block = Paragraph | BulletList | KeyFigures | Box | Table | Figure


@frozen(kw_only=True)
class Note:
    id: str
    runs: Runs


@frozen(kw_only=True)
class Document:
    title: str
    subtitle: str
    issue: str  # "n° 27"
    published_on: date
    known_on: date
    language: str = "fr"
    publisher: str
    sections: tuple[Section, ...]
    notes: tuple[Note, ...] = ()
    precaution: str = ""  # what a reader must know of any number of it; every file of data carries it
    cells: tuple[Cell, ...] = field(default=(), repr=False)  # every cell printed, and every operand of one

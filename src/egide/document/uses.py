"""Where each number is said: the sentences, figures and tables that would change with it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import field, frozen

from egide.document.model import (
    Block,
    Box,
    BulletList,
    Document,
    Emphasis,
    Figure,
    KeyFigures,
    Link,
    Number,
    Paragraph,
    Run,
    Runs,
    Section,
    Strong,
    Table,
)
from egide.document.runs import plain

_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀÂÉÈÊÎÔÛÇŒ«\ue000-\uf8ff])")


@frozen(kw_only=True)
class Use:
    """One place that says a number."""

    cell_id: str
    section: str  # address of the section or of the note
    title: str  # its title
    sentence: str  # the sentence as read, or the title of the figure or table
    place: str = field(default="", eq=False)  # file and line of the prose; empty in a figure or a table

    @property
    def where(self) -> str:
        """File, line and sentence; or the figure or table."""
        return f"{self.place}\u00a0: «\u00a0{self.sentence}\u00a0»" if self.place else self.sentence


def uses(document: Document) -> tuple[Use, ...]:
    """Every place of every printed number, in reading order; a number said twice in a sentence counts once."""
    return tuple(dict.fromkeys(use for use, _ in _every(document)))


def worded(document: Document) -> tuple[tuple[Use, Number], ...]:
    """Every place where words stand for a number, with the number and its words."""
    return tuple((use, number) for use, number in _every(document) if number.claim)


def _every(document: Document) -> Iterator[tuple[Use, Number]]:
    for section in document.sections:
        yield from _in_section(section)
    for note in document.notes:
        for said, number in _in_runs(note.runs):
            yield _use(number, note.id, "Notes", said), number


def _use(number: Number, section: str, title: str, said: str) -> Use:
    return Use(cell_id=number.cell.id, section=section, title=title, sentence=said, place=number.place)


def _in_section(section: Section) -> Iterator[tuple[Use, Number]]:
    title = plain(section.title)
    for said, number in [*_in_runs(section.title), *(one for block in section.blocks for one in _in_block(block))]:
        yield _use(number, section.id, title, said), number
    for inner in section.sections:
        yield from _in_section(inner)


def _in_block(block: Block) -> Iterator[tuple[str, Number]]:
    match block:
        case Paragraph(runs):
            yield from _in_runs(runs)
        case BulletList(items):
            for item in items:
                for inner in item:
                    yield from _in_block(inner)
        case Box(title=title, blocks=blocks):
            yield from _in_runs(title)
            for inner in blocks:
                yield from _in_block(inner)
        case KeyFigures(tiles):
            for tile in tiles:
                yield f"{tile.number.text} {plain(tile.label)}", tile.number
        case Figure(title=title, number=number, table=table):
            for number_run in _numbers_of_table(table):
                yield f"Figure {number}. {plain(title)}", number_run
        case Table(caption=caption):
            for number_run in _numbers_of_table(block):
                yield f"Tableau. {plain(caption)}", number_run


def _numbers_of_table(table: Table) -> Iterator[Number]:
    for row in table.rows:
        for cell in row:
            yield from numbers(cell.runs)


def numbers(runs: Runs) -> Iterator[Number]:
    """The bound numbers among these runs, at any depth."""
    for run in runs:
        match run:
            case Number():
                yield run
            case Emphasis(inner) | Strong(inner) | Link(runs=inner):
                yield from numbers(inner)


def _in_runs(runs: Runs) -> Iterator[tuple[str, Number]]:
    """(sentence, number) pairs: the text is cut into sentences with each number standing as one character."""
    flat = list(_flat(runs))
    bound = [run for run in flat if isinstance(run, Number)]
    marks = iter(range(0xE000, 0xE000 + len(bound)))
    line = "".join(chr(next(marks)) if isinstance(run, Number) else plain((run,)) for run in flat)
    for sentence in _END.split(line):
        said = re.sub(r"[\ue000-\uf8ff]", lambda mark: bound[ord(mark[0]) - 0xE000].text, sentence)
        for mark in re.findall(r"[\ue000-\uf8ff]", sentence):
            yield said.strip(), bound[ord(mark) - 0xE000]


def _flat(runs: Runs) -> Iterator[Run]:
    for run in runs:
        match run:
            case Emphasis(inner) | Strong(inner) | Link(runs=inner):
                yield from _flat(inner)
            case _:
                yield run

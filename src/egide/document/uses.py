"""Where each number is said: the sentences, figures and tables that would change with it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import frozen

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


def uses(document: Document) -> tuple[Use, ...]:
    """Every place of every printed number, in reading order; a number said twice in a sentence counts once."""
    in_text = (use for section in document.sections for use in _in_section(section))
    in_notes = (
        Use(cell_id=cell_id, section=note.id, title="Notes", sentence=said)
        for note in document.notes
        for said, cell_id in _in_runs(note.runs)
    )
    return tuple(dict.fromkeys((*in_text, *in_notes)))


def _in_section(section: Section) -> Iterator[Use]:
    title = plain(section.title)
    for said, cell_id in [*_in_runs(section.title), *(one for block in section.blocks for one in _in_block(block))]:
        yield Use(cell_id=cell_id, section=section.id, title=title, sentence=said)
    for inner in section.sections:
        yield from _in_section(inner)


def _in_block(block: Block) -> Iterator[tuple[str, str]]:
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
                yield f"{tile.number.text} {plain(tile.label)}", tile.number.cell.id
        case Figure(title=title, number=number, table=table):
            for number_run in _numbers_of_table(table):
                yield f"Figure {number}. {plain(title)}", number_run.cell.id
        case Table(caption=caption):
            for number_run in _numbers_of_table(block):
                yield f"Tableau. {plain(caption)}", number_run.cell.id


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


def _in_runs(runs: Runs) -> Iterator[tuple[str, str]]:
    """(sentence, cell) pairs: the text is cut into sentences with each number standing as one character."""
    flat = list(_flat(runs))
    bound = [run for run in flat if isinstance(run, Number)]
    marks = iter(range(0xE000, 0xE000 + len(bound)))
    line = "".join(chr(next(marks)) if isinstance(run, Number) else plain((run,)) for run in flat)
    for sentence in _END.split(line):
        said = re.sub(r"[\ue000-\uf8ff]", lambda mark: bound[ord(mark[0]) - 0xE000].text, sentence)
        for mark in re.findall(r"[\ue000-\uf8ff]", sentence):
            yield said.strip(), bound[ord(mark) - 0xE000].cell.id


def _flat(runs: Runs) -> Iterator[Run]:
    for run in runs:
        match run:
            case Emphasis(inner) | Strong(inner) | Link(runs=inner):
                yield from _flat(inner)
            case _:
                yield run

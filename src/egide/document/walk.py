"""Go through a document in reading order. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from egide.document.model import Block, Box, BulletList, Document, Figure, Section
from egide.document.runs import plain


def every_section(sections: Iterable[Section]) -> Iterator[Section]:
    """Each section before those inside it."""
    for section in sections:
        yield section
        yield from every_section(section.sections)


def every_block(sections: Iterable[Section]) -> Iterator[Block]:
    """Each block of each section, those inside boxes and lists included."""
    for section in every_section(sections):
        yield from _inner(section.blocks)


def figures_of(document: Document) -> tuple[Figure, ...]:
    """Every figure, where it stands."""
    return tuple(block for block in every_block(document.sections) if isinstance(block, Figure))


def titled(figure: Figure) -> str:
    """`Figure 3 : …`, or the title alone for a small figure, whose number is 0."""
    title = plain(figure.title)
    return f"Figure {figure.number} : {title}" if figure.number else title


def _inner(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        yield block
        if isinstance(block, Box):
            yield from _inner(block.blocks)
        elif isinstance(block, BulletList):
            for item in block.items:
                yield from _inner(item)

"""Where things are on one page: the address of each number met, of each note called, and what leads nowhere.

One `Places` serves one rendering: templates tell it what they meet, in reading order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import frozen

from egide.disclosure.cells import Cell
from egide.document.model import Block, Box, BulletList, Document, Figure, Section, Table
from egide.document.runs import plain
from egide.document.trace import TraceEntry
from egide.errors import Defect

ELSEWHERE = "Nombres qui ne servent qu’à des calculs"


@frozen(kw_only=True)
class Use:
    """A place of the text where a number occurs, once or several times."""

    place: str
    anchors: tuple[str, ...]


@frozen(kw_only=True)
class TracedNumber:
    entry: TraceEntry
    uses: tuple[Use, ...]


@frozen(kw_only=True)
class Group:
    """The numbers first met in one part of the publication."""

    title: str
    numbers: tuple[TracedNumber, ...]


@frozen(kw_only=True)
class NoteMark:
    anchor: str  # of this call
    target: str  # of the note
    number: int


class Places:
    """Filled while the page is rendered; `defects` is what the page would break on."""

    def __init__(self, document: Document) -> None:
        self.defects: list[Defect] = []
        self._part = ""
        self._place = ""
        self._cells = {cell.id for cell in document.cells}
        self._notes = {note.id: number for number, note in enumerate(document.notes, start=1)}
        self._calls: dict[str, list[str]] = {}
        self._met: dict[str, list[tuple[str, str, str]]] = {}  # cell -> (part, place, anchor)
        self._count = 0
        self._targets: dict[str, str] = {}
        for name, anchor in _anchors(document):
            if name in self._targets:
                self._refuse("une adresse par endroit", f"« #{name} » deux fois", "Renommez l’un des deux.")
            self._targets[name] = anchor

    def enter(self, section: Section) -> str:
        """What follows belongs to this section. Gives nothing to print."""
        self._place = plain(section.title)
        if section.level == 1:
            self._part = self._place
        return ""

    def at(self, place: str) -> str:
        """The same part, another place: a figure, a note. Gives what was the place before."""
        before, self._place = self._place, place
        return before

    def part(self, title: str) -> str:
        self._part = self._place = title
        return ""

    def fresh(self, kind: str) -> str:
        """An address for something that no link from the text leads to."""
        self._count += 1
        return f"{kind}-{self._count}"

    def mark(self, cell: Cell) -> str:
        """A number is met here: its address."""
        if cell.id not in self._cells:
            self._refuse(
                "un nombre dont le parcours est connu",
                f"« {cell.id} »",
                "Ajoutez cette cellule à celles du document.",
            )
        self._count += 1
        anchor = f"vu-{self._count}"
        self._met.setdefault(cell.id, []).append((self._part, self._place, anchor))
        return anchor

    def call(self, note: str) -> NoteMark:
        """A note is called here."""
        if note not in self._notes:
            self._refuse("le nom d’une note du document", f"« {note} »", "Écrivez la note ou ôtez l’appel.")
        calls = self._calls.setdefault(note, [])
        number = self._notes.get(note, 0)
        calls.append(f"appel-{number}-{len(calls) + 1}")
        return NoteMark(anchor=calls[-1], target=f"note-{number}", number=number)

    def calls(self, note: str) -> tuple[str, ...]:
        return tuple(self._calls.get(note, ()))

    def target(self, target: str) -> str:
        """Where a link leads: a place of this page, or an https address."""
        if target.startswith("https://"):
            return target
        if target.startswith("#") and (anchor := self._targets.get(target[1:])):
            return f"#{anchor}"
        self._refuse("un endroit de ce document ou une adresse https", f"« {target} »", "Corrigez le lien ou ôtez-le.")
        return "#"

    def groups(self, entries: Iterable[TraceEntry]) -> tuple[Group, ...]:
        """Every entry once, under the part where its number is first met, in reading order."""
        known = {entry.id: entry for entry in entries}
        parts: dict[str, list[TracedNumber]] = {}
        for cell, met in self._met.items():
            if cell in known:
                parts.setdefault(met[0][0], []).append(TracedNumber(entry=known[cell], uses=_uses(met)))
        unseen = [TracedNumber(entry=entry, uses=()) for entry in known.values() if entry.id not in self._met]
        if unseen:
            parts[ELSEWHERE] = unseen
        return tuple(Group(title=title, numbers=tuple(numbers)) for title, numbers in parts.items())

    def _refuse(self, expected: str, got: str, way_out: str) -> None:
        self.defects.append(
            Defect(place=f"page HTML, {self._place or 'en tête'}", expected=expected, got=got, way_out=way_out)
        )


def _uses(met: list[tuple[str, str, str]]) -> tuple[Use, ...]:
    places: dict[str, list[str]] = {}
    for _, place, anchor in met:
        places.setdefault(place, []).append(anchor)
    return tuple(Use(place=place, anchors=tuple(found)) for place, found in places.items())


def _anchors(document: Document) -> Iterator[tuple[str, str]]:
    """Names that a link may use, and the address each has on the page."""
    for section in document.sections:
        yield from _of_section(section)


def _of_section(section: Section) -> Iterator[tuple[str, str]]:
    yield section.id, section.id
    yield from _of_blocks(section.blocks)
    for child in section.sections:
        yield from _of_section(child)


def _of_blocks(blocks: Iterable[Block]) -> Iterator[tuple[str, str]]:
    for block in blocks:
        match block:
            case Figure(id=name):
                yield name, f"figure-{name}"
                yield f"figure-{name}", f"figure-{name}"
            case Table(id=name):
                yield name, f"table-{name}"
                yield f"table-{name}", f"table-{name}"
            case Box(blocks=inner):
                yield from _of_blocks(inner)
            case BulletList(items=items):
                for item in items:
                    yield from _of_blocks(item)
            case _:
                pass

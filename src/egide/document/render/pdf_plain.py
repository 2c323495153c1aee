"""A document as plain data for the PDF template: text, numbers of columns, identifiers. No markup, nothing computed.

Words stay strings from end to end: the template reads them with `json()`, so no sign of a title or a note can be
taken for a command. All that cannot be set is refused here at once: a figure without alternative, a link to nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from attrs import define, field

from egide.document.charts.theme import BAND, GRID, INK, MUTED, SERIES, WIDTH
from egide.document.model import (
    Align,
    Block,
    Box,
    BulletList,
    Declared,
    Document,
    Emphasis,
    Figure,
    KeyFigures,
    Link,
    NoteReference,
    Number,
    Paragraph,
    Run,
    Runs,
    Section,
    Strong,
    Table,
    Text,
)
from egide.document.runs import plain as text_of
from egide.document.walk import every_block, every_section, figures_of
from egide.errors import Defect, EditionRefused
from egide.reference.periods import Period

ANNEX = "donnees-des-figures"
_KINDS = {
    "source": "La source",
    "methode": "Méthode",
    "eclairage": "Éclairage",
    "zoom": "Zoom",
    "droit": "Le droit",
}
_WHOLE_LETTERS = 1500  # a longer box may run over to the next page
_COLOURS = {"ink": INK, "muted": MUTED, "rule": GRID, "pale": BAND, "accent": SERIES[0]}
_WHOLE_ROWS = 14  # a longer table may run over to the next page
_LETTERS = 84  # of a table, in the width of the text
_NARROWEST = 0.35
_TALLEST = 1.05  # height of a chart, in widths of the text
_VIEW_BOX = re.compile(r"<svg[^>]*\bviewBox=[\"']\s*\S+[\s,]+\S+[\s,]+([\d.]+)[\s,]+([\d.]+)")
_OUTSIDE = "https://"

Plain = dict[str, Any]


def page_data(document: Document, *, annex: bool) -> Plain:
    """Everything the template prints, ready for JSON.

    With `annex`, the data of each chart are printed as a table at the end, for who cannot see it or open its file.
    Raises EditionRefused with every figure that has no alternative and every link or note that leads nowhere.
    """
    figures = figures_of(document)
    drawn = [figure for figure in figures if _is_annexed(figure)]
    notes = {note.id: note.runs for note in document.notes}
    reader = _Reader(notes=notes, anchors=_anchors(document), annexed=annex)
    parts = [reader.section(section) for section in document.sections]
    if annex and drawn:
        parts.append(reader.annex(drawn))
    reader.defects += [_without_alternative(figure) for figure in figures if not figure.alternative.strip()]
    if reader.defects:
        raise EditionRefused(reader.defects)
    day = document.published_on
    return {
        "title": document.title,
        "subtitle": document.subtitle,
        "issue": document.issue,
        "publisher": document.publisher,
        "language": document.language,
        "date": [day.year, day.month, day.day],
        "published": Period.parse(day.isoformat()).french(),
        "known": Period.parse(document.known_on.isoformat()).french(),
        "colours": _COLOURS,
        "parts": parts,
        "files": [_file(figure) for figure in figures if figure.csv],
    }


@define
class _Reader:
    notes: dict[str, Runs]
    anchors: dict[str, str]  # what a link may say -> the label in the PDF
    annexed: bool  # are the data of the charts printed at the end?
    printed: set[str] = field(factory=set)  # notes whose text is already in place
    defects: list[Defect] = field(factory=list)

    def section(self, section: Section) -> Plain:
        return {
            "id": section.id,
            "level": section.level,
            "title": self.runs(section.title),
            "lines": [line for line in (section.source, section.scope) if line],
            "blocks": self.blocks(section.blocks),
            "sections": [self.section(one) for one in section.sections],
        }

    def annex(self, figures: Iterable[Figure]) -> Plain:
        blocks = [
            self.table(
                figure.table,
                label=f"data-{figure.id}",
                title=[f"{_data_of(figure)}. ", *self.runs(figure.title)],
                name="Données de la figure" if figure.number else "Données",
                number=str(figure.number or ""),
                back=f"figure-{figure.id}",
            )
            for figure in figures
        ]
        title = ["Les données des figures"]
        return {"id": ANNEX, "level": 1, "title": title, "lines": [], "blocks": blocks, "sections": []}

    def blocks(self, blocks: Iterable[Block]) -> list[Plain]:
        return [self.block(block) for block in blocks]

    def block(self, block: Block) -> Plain:
        match block:
            case Paragraph():
                return {"kind": "paragraph", "runs": self.runs(block.runs)}
            case BulletList():
                items = [self.blocks(item) for item in block.items]
                return {"kind": "list", "ordered": block.ordered, "items": items}
            case KeyFigures():
                return {"kind": "tiles", "columns": _tile_columns(len(block.tiles)), "tiles": self._tiles(block)}
            case Box():
                head = _KINDS.get(block.kind, "")
                title = self.runs(block.title)
                whole = _letters(block.blocks) <= _WHOLE_LETTERS
                return {
                    "kind": "box",
                    "of": head,
                    "title": title,
                    "whole": whole,
                    "blocks": self.blocks(block.blocks),
                }
            case Table():
                return self.table(block, label=f"table-{block.id}", title=self.runs(block.caption))
            case Figure():
                return self.figure(block)

    def figure(self, figure: Figure) -> Plain:
        number = str(figure.number or "")
        title = [f"Figure {number}. ", *self.runs(figure.title)] if number else self.runs(figure.title)
        lines = [line for line in (figure.source, figure.scope, *figure.notes) if line]
        if not figure.svg:
            label = f"figure-{figure.id}"
            table = self.table(figure.table, label=label, title=title, name="Figure", number=number)
            return {**table, "lines": [*table["lines"], *lines]}
        return {
            "kind": "figure",
            "label": f"figure-{figure.id}",
            "name": "Figure",
            "number": number,
            "data": f"data-{figure.id}" if self.annexed and _is_annexed(figure) else "",
            "file": file_name(figure) if figure.csv else "",
            "title": title,
            "svg": figure.svg,
            "width": _share_of_line(figure.svg),
            "alt": figure.alternative,
            "lines": lines,
        }

    def table(
        self, table: Table, *, label: str, title: list[Any], name: str = "Tableau", number: str = "", back: str = ""
    ) -> Plain:
        widths = _widths(table)
        return {
            "kind": "table",
            "label": label,
            "name": name,
            "number": number,
            "back": back,
            "title": title,
            "widths": widths,
            "width": min(max(sum(widths) / _LETTERS, _NARROWEST), 1.0),
            "whole": len(table.rows) <= _WHOLE_ROWS,
            "rows": [
                [
                    {
                        "runs": self.runs(cell.runs),
                        "bold": row == 0,
                        "right": cell.align is Align.RIGHT,
                        "indent": cell.indent,
                    }
                    for cell in cells
                ]
                for row, cells in enumerate(table.rows)
            ],
            "lines": list(table.legend),
        }

    def _tiles(self, block: KeyFigures) -> list[Plain]:
        return [
            {"number": tile.number.text, "label": self.runs(tile.label), "source": tile.source} for tile in block.tiles
        ]

    def runs(self, runs: Runs) -> list[Any]:
        """Strings and, between them, what is not mere text. Neighbouring strings become one: fewer to lay out."""
        out: list[Any] = []
        for run in runs:
            piece = self._run(run)
            if isinstance(piece, str) and out and isinstance(out[-1], str):
                out[-1] += piece
            else:
                out.append(piece)
        return out

    def _run(self, run: Run) -> Any:
        match run:
            case Text() | Declared() | Number():
                return run.text
            case Emphasis():
                return {"kind": "emphasis", "runs": self.runs(run.runs)}
            case Strong():
                return {"kind": "strong", "runs": self.runs(run.runs)}
            case Link():
                return {"kind": "link", **self._target(run.target), "runs": self.runs(run.runs)}
            case NoteReference():
                return self._note(run.note)

    def _target(self, target: str) -> Plain:
        if target.startswith(_OUTSIDE):
            return {"address": target, "label": ""}
        if target not in self.anchors:
            way_out = "Corrigez le lien ou ôtez-le."
            self.defects.append(
                _defect(f"lien « {target} »", "un endroit de ce document ou une adresse https", "rien de tel", way_out)
            )
        return {"address": "", "label": self.anchors.get(target, "")}

    def _note(self, note: str) -> Plain:
        """The text goes with the first call; the later ones repeat its mark."""
        first = note not in self.printed
        self.printed.add(note)
        if note not in self.notes:
            way_out = f"Écrivez « [^{note}]: … » ou ôtez l’appel."
            self.defects.append(_defect(f"note « {note} »", "le texte de la note", "rien", way_out))
        runs = self.runs(self.notes.get(note, ())) if first else []
        return {"kind": "note", "label": f"note-{note}", "first": first, "runs": runs}


def _anchors(document: Document) -> dict[str, str]:
    """`#id` of a section, `#figure-f01` or `#f01` of a figure, `#table-t01` or `#t01` of a table -> its label."""
    found: dict[str, str] = {}
    for block in every_block(document.sections):
        if isinstance(block, Table | Figure):
            label = f"{'figure' if isinstance(block, Figure) else 'table'}-{block.id}"
            found |= {f"#{block.id}": label, f"#{label}": label}
    return found | {f"#{section.id}": section.id for section in every_section(document.sections)}


def _is_annexed(figure: Figure) -> bool:
    """A figure that is itself a table is already in words."""
    return bool(figure.svg and figure.table.rows)


def _tile_columns(tiles: int) -> int:
    """Full rows if possible: three tiles abreast, else two."""
    return tiles if tiles < 4 else 3 if tiles % 3 == 0 or tiles % 2 else 2


def _widths(table: Table) -> list[int]:
    """Weight of each column. Set from the text, so that the template never has to measure cells one by one."""
    columns = [[text_of(row[i].runs) for row in table.rows if i < len(row)] for i in range(len(table.rows[0]))]
    _, *others = columns
    longest = max(len(text_of(row[0].runs)) + 2 * row[0].indent for row in table.rows)
    return [min(max(longest + 2, 14), 44)] + [max(_unbreakable(texts), 5) + 3 for texts in others]


def _unbreakable(texts: list[str]) -> int:
    """Letters of the longest word of the heading or of the longest cell below, up to twenty."""
    words = max((len(word) for word in texts[0].split(" ")), default=0)
    cells = max((len(text) for text in texts[1:]), default=0)
    return min(max(words, min(cells, 20)), 20)


def _letters(blocks: Iterable[Block]) -> int:
    """How much text a box holds; anything but paragraphs and lists counts as more than a box can keep whole."""
    count = 0
    for block in blocks:
        match block:
            case Paragraph():
                count += len(text_of(block.runs))
            case BulletList():
                count += sum(_letters(item) + 60 for item in block.items)  # 60: a line is never quite full
            case _:
                return _WHOLE_LETTERS + 1
    return count


def _share_of_line(svg: str) -> float:
    """Charts are drawn for the width of the text: a narrower one stays narrow, a very tall one is made smaller."""
    found = _VIEW_BOX.search(svg)
    if found is None:
        return 1.0
    width, height = map(float, found.groups())
    return round(min(1.0, width / WIDTH, _TALLEST * width / height), 4)


def _data_of(figure: Figure) -> str:
    """A figure numbered 0 is small and known by its title alone."""
    return f"Données de la figure {figure.number}" if figure.number else "Données"


def file_name(figure: Figure) -> str:
    """Of the figure's data, attached to the PDF."""
    return f"{figure.id}.csv"


def _file(figure: Figure) -> Plain:
    title = f"{_data_of(figure)} : {text_of(figure.title)}"
    return {"name": file_name(figure), "data": figure.csv, "title": title}


def _defect(place: str, expected: str, got: str, way_out: str) -> Defect:
    return Defect(place=place, expected=expected, got=got, way_out=way_out)


def _without_alternative(figure: Figure) -> Defect:
    way_out = "Écrivez en mots ce que la figure montre : sans cela, qui ne la voit pas n’en sait rien."
    return _defect(f"figure « {figure.id} »", "un texte de remplacement", "rien", way_out)

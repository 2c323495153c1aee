"""What every report of a diagnostic says and never says, checked on the document that is about to be written. Pure.

A number of a diagnostic travels: the sentence that forbids raw comparison is printed and goes with every file. Readers
find the methods, the doubts and the duty to report a child in danger in every report, whoever wrote it.
Source: docs/methods/diagnostic-report.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from egide.document.model import Block, Box, BulletList, Document, Figure, KeyFigures, Paragraph, Section, Table
from egide.document.runs import plain
from egide.document.typography import NBSP
from egide.document.walk import every_section
from egide.errors import Defect

# Address of the part, and what it is called in a refusal.
PARTS = {
    "precautions": "la précaution",
    "signaler": "le devoir de signaler",
    "methodes": "les méthodes",
    "quantification": "la quantification",
    "internet": "les annonces",
    "carte": "la carte",
    "profils": "les personnes",
    "facteurs": "les facteurs de vulnérabilité",
    "indices": "les indices",
    "acteurs": "les acteurs",
    "besoins": "les besoins des professionnels",
    "pistes": "les pistes d’action",
    "doutes": "les doutes",
}
# Address of the part, words that it must say.
WORDS = {
    "signaler": ("434-3", "119"),
    "precautions": ("jamais un recensement des personnes", "extrapolation nationale"),
    "indices": ("ne prouve rien sur une personne",),
}
_PER_HEAD = re.compile(
    r"\b(?:pour|par|sur)\s+(?:\d[\d\s.]*|(?:dix\s+|cent\s+)?mille\s+|un\s+million\s+d’)(?:habitant|hab\b|résident)",
    re.IGNORECASE,
)


def missing_duties(document: Document) -> tuple[Defect, ...]:
    """Everything that the report owes its readers and lacks, in the order of a report; nothing when it may be built."""
    return tuple(_missing(document))


def _missing(document: Document) -> Iterator[Defect]:
    parts = {section.id: _said(section) for section in every_section(document.sections)}
    if not document.precaution:
        yield _defect("edition.toml, precaution", "la phrase qui accompagne chaque export", "rien", "Écrivez-la.")
    for part, name in PARTS.items():
        if part not in parts:
            yield _defect(f"prose, {{#{part}}}", f"une partie pour {name}", "rien", "Ajoutez-la, sous cette adresse.")
    if document.precaution and "precautions" in parts and _words(document.precaution) not in parts["precautions"]:
        way_out = f"Reprenez «{NBSP}precaution{NBSP}» mot pour mot."
        yield _defect("prose, {#precautions}", "la phrase qui accompagne chaque export", "une autre", way_out)
    for part, wanted in WORDS.items():
        for words in wanted:
            if part in parts and _words(words) not in parts[part]:
                yield _defect(f"prose, {{#{part}}}", f"les mots «{NBSP}{words}{NBSP}»", "rien de tel", "Ajoutez-les.")
    for place, said in _each_place(document):
        if _PER_HEAD.search(said):
            way_out = f"Un minimum ne se rapporte pas à une population{NBSP}: retirez ce taux."
            yield _defect(place, "aucun taux par habitant", "un taux", way_out)


def _each_place(document: Document) -> Iterator[tuple[str, str]]:
    """Every word of the report, once: of a part without those inside it, and of each note at the foot."""
    for section in every_section(document.sections):
        yield f"prose, {{#{section.id}}}", _words(" ".join([plain(section.title), *_texts(section.blocks)]))
    for note in document.notes:
        yield f"prose, note {note.id}", _words(plain(note.runs))


def _said(section: Section) -> str:
    """The words of a part and of those inside it, blanks as one."""
    inner = " ".join(_said(one) for one in section.sections)
    return _words(" ".join([plain(section.title), *_texts(section.blocks), inner]))


def _texts(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Paragraph(runs):
                yield plain(runs)
            case BulletList(items=items):
                for item in items:
                    yield from _texts(item)
            case Box(title=title, blocks=inner):
                yield plain(title)
                yield from _texts(inner)
            case KeyFigures(tiles):
                yield from (plain(tile.label) for tile in tiles)
            case Table(caption=caption, rows=rows):
                yield plain(caption)
                yield from (plain(cell.runs) for row in rows for cell in row)
            case Figure(title=title, scope=scope, notes=notes, table=table):
                yield from (plain(title), scope, *notes, *_texts([table]))


def _words(text: str) -> str:
    return " ".join(text.split()).replace("'", "’")


def _defect(place: str, expected: str, got: str, way_out: str) -> Defect:
    return Defect(place=place, expected=expected, got=got, way_out=way_out)

"""From the authors' prose and a release to sections whose every number is a released cell. Pure.

Nothing is guessed: a digit that is neither bound nor declared, a number nobody released, a claim the data do not
bear out are defects; all of them are listed, with file, line and value, and then nothing is built.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from attrs import field, frozen
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from egide.disclosure.cells import Cell
from egide.document.inline import InlineBinder
from egide.document.model import (
    Block,
    Box,
    BulletList,
    Figure,
    KeyFigure,
    KeyFigures,
    Note,
    Number,
    Paragraph,
    Section,
    Table,
)
from egide.document.prose import BOXES, ProseFile
from egide.document.runs import plain, slug, split_source, stripped
from egide.errors import Defect, EditionRefused


@frozen(kw_only=True)
class Sources:
    """What prose may call upon: released cells by the text that asks for them, figures, tables, declared names."""

    cells: Mapping[str, Cell]  # expression as written in the prose -> cell
    figures: Mapping[str, Figure] = field(factory=dict)
    tables: Mapping[str, Table] = field(factory=dict)
    names: Collection[str] = ()


@frozen(kw_only=True)
class BoundProse:
    sections: tuple[Section, ...]
    notes: tuple[Note, ...]


def bind(files: Sequence[ProseFile], sources: Sources) -> BoundProse:
    """Bind every file, in order. Raises EditionRefused with every defect of every file."""
    binder = _Binder(sources)
    sections = tuple(section for prose in files for section in binder.file(prose))
    binder.check_all_placed()
    if binder.defects:
        raise EditionRefused(binder.defects)
    return BoundProse(sections=sections, notes=tuple(binder.notes))


class _Binder:
    """Walks the tree of one file after the other; collects sections, notes and defects."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.defects: list[Defect] = []
        self.notes: list[Note] = []
        self._placed: set[str] = set()
        self._anchors: set[str] = set()

    def file(self, prose: ProseFile) -> list[Section]:
        root = SyntaxTreeNode(prose.tokens)
        footnotes = [node for node in root.children if node.type == "footnote_block"]
        first_note = len(self.notes) + 1
        inline = InlineBinder(prose, self.sources.cells, self.sources.names, first_note, self.defects)
        blocks = _FileBinder(self, prose, inline)
        sections = blocks.sections([node for node in root.children if node.type != "footnote_block"])
        for block in footnotes:
            for index, node in enumerate(block.children):
                runs = tuple(run for paragraph in node.children for run in inline.runs(paragraph))
                self.notes.append(Note(id=f"note-{first_note + index}", runs=runs))
        return sections

    def place(self, kind: str, identifier: str, where: str) -> Block | None:
        """The figure or table of this name, once."""
        known: Mapping[str, Block] = self.sources.figures if kind == "figure" else self.sources.tables
        if identifier not in known:
            names = ", ".join(sorted(known)) or "aucune"
            self.defects.append(
                Defect(
                    place=where,
                    expected=f"le nom d’une {kind} de l’édition ({names})",
                    got=f"« {identifier} »",
                    way_out="Corrigez le nom ou ajoutez-la à figures.toml.",
                )
            )
            return None
        if identifier in self._placed:
            self.defects.append(
                Defect(
                    place=where,
                    expected=f"chaque {kind} placée une seule fois",
                    got=f"« {identifier} » une deuxième fois",
                    way_out="Renvoyez-y par un lien.",
                )
            )
        self._placed.add(identifier)
        return known[identifier]

    def anchor(self, wanted: str) -> str:
        """A section's address, made unique by a suffix."""
        candidate, rank = wanted, 2
        while candidate in self._anchors:
            candidate, rank = f"{wanted}-{rank}", rank + 1
        self._anchors.add(candidate)
        return candidate

    def check_all_placed(self) -> None:
        known = [*self.sources.figures, *self.sources.tables]
        for identifier in known:
            if identifier not in self._placed:
                self.defects.append(
                    Defect(
                        place="figures.toml",
                        expected="chaque figure et chaque tableau placés dans la prose",
                        got=f"« {identifier} » absent de tous les fichiers",
                        way_out=f"Placez « ::: figure {identifier} » ou « ::: table {identifier} », ou retirez-le.",
                    )
                )


class _FileBinder:
    def __init__(self, parent: _Binder, prose: ProseFile, inline: InlineBinder) -> None:
        self._parent = parent
        self._prose = prose
        self._inline = inline

    # ------------------------------------------------------------ sections

    def sections(self, nodes: Sequence[SyntaxTreeNode]) -> list[Section]:
        """Nest what follows each heading under it."""
        first = next((index for index, node in enumerate(nodes) if node.type == "heading"), len(nodes))
        if first or not nodes:
            self._defect(
                nodes[0] if nodes else None,
                expected="un titre de partie (« # Titre ») en tête du fichier",
                got="du texte avant tout titre" if nodes else "un fichier vide",
                way_out="Commencez le fichier par son titre.",
            )
        return self._nested(nodes[first:], level=1)

    def _nested(self, nodes: Sequence[SyntaxTreeNode], level: int) -> list[Section]:
        starts = [index for index, node in enumerate(nodes) if _level(node) == level]
        for node in filter(_level, nodes[: starts[0] if starts else None]):
            self._defect(
                node,
                expected=f"un titre de niveau {level}",
                got=f"un titre de niveau {_level(node)}",
                way_out="Les niveaux de titre se suivent sans saut.",
            )
        ends = [*starts[1:], len(nodes)]
        return [self._section(nodes[start:end], level) for start, end in zip(starts, ends, strict=bool(starts))]

    def _section(self, nodes: Sequence[SyntaxTreeNode], level: int) -> Section:
        heading, rest = nodes[0], nodes[1:]
        title = self._inline.runs(heading)
        given = self._inline.anchor_of(heading)
        anchor = self._parent.anchor(given or slug(plain(title)))
        if given and anchor != given:
            self._defect(
                heading,
                expected="une adresse par titre",
                got=f"« {{#{given}}} » une deuxième fois",
                way_out="Donnez à ce titre une autre adresse : un lien ne saurait où mener.",
            )
        deeper = next((index for index, node in enumerate(rest) if _level(node)), len(rest))
        source = scope = ""
        body = list(rest[:deeper])
        if body and body[0].type == "container_source":
            source, scope = self._source_lines(body.pop(0))
        return Section(
            id=anchor,
            level=level,
            title=stripped(title),
            source=source,
            scope=scope,
            blocks=tuple(self._blocks(body)),
            sections=tuple(self._nested(rest[deeper:], level + 1)) if deeper < len(rest) else (),
        )

    def _source_lines(self, node: SyntaxTreeNode) -> tuple[str, str]:
        lines = [line.strip() for child in node.children for line in plain(self._inline.lines(child)).splitlines()]
        source = [line for line in lines if line.startswith("Source")]
        scope = [line for line in lines if line.startswith("Champ")]
        if len(source) > 1 or len(scope) > 1 or len(source) + len(scope) != len(lines):
            self._defect(
                node,
                expected="une ligne « Source : … » et, au besoin, une ligne « Champ : … »",
                got=f"« {' / '.join(lines)} »",
                way_out="Un encadré dit le reste.",
            )
        return "".join(source), "".join(scope)

    # ------------------------------------------------------------ blocks

    def _blocks(self, nodes: Sequence[SyntaxTreeNode]) -> Iterator[Block]:
        for node in nodes:
            if (block := self._block(node)) is not None:
                yield block

    def _block(self, node: SyntaxTreeNode) -> Block | None:
        match node.type:
            case "paragraph":
                runs = stripped(self._inline.runs(node))
                return Paragraph(runs) if runs else None
            case "bullet_list" | "ordered_list":
                items = tuple(tuple(self._blocks(item.children)) for item in node.children)
                return BulletList(items, ordered=node.type == "ordered_list")
            case "container_figure" | "container_table":
                kind = node.type.removeprefix("container_")
                return self._parent.place(kind, _opening(node).content, self._where(node))
            case "container_chiffres-cles":
                return KeyFigures(tuple(self._tiles(node)))
            case other if other.removeprefix("container_") in BOXES:
                return Box(
                    kind=other.removeprefix("container_"),
                    title=stripped(self._inline.of_children(_opening(node))),
                    blocks=tuple(self._blocks(node.children)),
                )
        self._defect(
            node,
            expected="un paragraphe, une liste, un encadré, une figure ou un tableau",
            got=f"un bloc « {node.type} »",
            way_out="La prose n’a pas d’autre bloc ; un tableau se décrit dans figures.toml.",
        )
        return None

    def _tiles(self, node: SyntaxTreeNode) -> Iterator[KeyFigure]:
        for item in (item for child in node.children for item in child.children):
            runs = stripped(tuple(run for paragraph in item.children for run in self._inline.runs(paragraph)))
            if not runs or not isinstance(runs[0], Number):
                self._defect(
                    item,
                    expected="un nombre lié en tête de chaque chiffre-clé",
                    got=f"« {plain(runs)} »",
                    way_out="Écrivez « - {{ nombre }} ce qu’il compte (Source) ».",
                )
                continue
            label, source = split_source(runs[1:])
            yield KeyFigure(number=runs[0], label=label, source=source)

    # ------------------------------------------------------------ places

    def _where(self, node: SyntaxTreeNode | None) -> str:
        lines = node.map if node is not None else None
        return self._prose.place(lines[0] + 1 if lines else 1)

    def _defect(self, node: SyntaxTreeNode | None, *, expected: str, got: str, way_out: str) -> None:
        self._parent.defects.append(Defect(place=self._where(node), expected=expected, got=got, way_out=way_out))


def _opening(node: SyntaxTreeNode) -> Token:
    """The token that opens a box: its title and name are there."""
    assert node.nester_tokens is not None  # boxes have an opening and an end
    return node.nester_tokens.opening


def _level(node: SyntaxTreeNode) -> int:
    return int(node.tag[1:]) if node.type == "heading" else 0

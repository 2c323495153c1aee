"""From an edition and the facts of a day to a publication: ask, compute, release, draw, bind. Pure but for drawing.

Nothing is kept half-way: every unknown name, refused calculation and unborne word of the whole edition is listed in one
refusal, each with its file and line.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attrs import evolve, frozen

from egide.disclosure.policy import Policy
from egide.disclosure.published import Published
from egide.disclosure.release import Candidates, Release, release
from egide.disclosure.unsafe import Backing, rows_of
from egide.document.bind import BoundProse, Sources, bind
from egide.document.figures.build import build_figure
from egide.document.figures.tables import build_table, with_precaution
from egide.document.model import Document
from egide.document.uses import uses
from egide.errors import Defect, EditionRefused
from egide.facts.book import FactBook
from egide.facts.ratios import Ties
from egide.facts.relations import Relation
from egide.letter.asks import Answers, asks
from egide.letter.checks import Verdict, consistency, inclusions
from egide.letter.edition import Edition
from egide.letter.leaks import Attack, Leak, attack, judged
from egide.letter.revised import revised_section
from egide.letter.said import public_of
from egide.letter.wishes import facts_named

Draw = Callable[[dict[str, Any]], str]


@frozen(kw_only=True)
class Publication:
    """A document ready to be rendered, what it was allowed to say, and what was checked of it."""

    document: Document
    release: Release
    verdicts: tuple[Verdict, ...]
    leaks: tuple[Leak, ...]  # accepted ones: any other refuses the build
    attack: Attack  # what every hidden small count still hides, and what the register will keep


def publish(
    edition: Edition,
    book: FactBook,
    *,
    policy: Policy,
    draw: Draw,
    ties: Ties | None = None,
    public: Published | None = None,
) -> Publication:
    """Build the publication from the facts in `book`.

    In:     `draw` turns a chart's description into SVG (see `egide.document.figures.svg_of`); `ties` is
            what the institutions declare between facts; `public` is what was published before.
    Raises: EditionRefused with every defect of the edition; ReleaseRefused when it would show what must stay hidden.
    """
    declared = Ties() if ties is None else ties
    answers = answered(edition, book)
    asked = candidates_of(edition, book, declared.totals, answers)
    released = release(asked, policy, public)
    cells = answers.cells(released)
    figures = {
        spec.id: build_figure(spec, cells, institutions=edition.institutions, render=draw) for spec in edition.figures
    }
    if edition.precaution:
        figures = {
            name: evolve(figure, csv=with_precaution(figure.csv, edition.precaution)) if figure.csv else figure
            for name, figure in figures.items()
        }
    tables = {spec.id: build_table(spec, cells, institutions=edition.institutions) for spec in edition.tables}
    prose = _bound(edition, Sources(cells=cells, figures=figures, tables=tables, names=edition.names), answers.defects)
    document = Document(
        title=edition.title,
        subtitle=edition.subtitle,
        issue=edition.issue,
        published_on=edition.published_on,
        known_on=edition.known_on,
        publisher=edition.publisher,
        sections=prose.sections,
        notes=prose.notes,
        precaution=edition.precaution,
    )
    verdicts = consistency(edition.same, cells)  # first: what the authors declare falsely would mislead the attacker
    inclusions(edition.within, cells)
    places = uses(document)
    held = public_of(
        asked,
        released,
        policy=policy,
        ties=declared,
        published=Published() if public is None else public,
        same=edition.same,
        within=edition.within,
        document=document,
    )
    found = attack(held, released, edition=edition.id, on=edition.published_on, uses=places)
    leaks = judged(found.leaks, edition.accepted_leaks)
    printed = dict.fromkeys(use.cell_id for use in places)
    said = released.with_operands(released.by_id[cell_id] for cell_id in printed)
    revised = revised_section(said)
    return Publication(
        document=evolve(document, cells=said, sections=(*prose.sections, *revised)),
        release=released,
        verdicts=verdicts,
        leaks=leaks,
        attack=found,
    )


def answered(edition: Edition, book: FactBook) -> Answers:
    """Everything the edition asks for, computed; what cannot be is in its `defects`."""
    answers = Answers(edition, book)
    for ask in asks(edition):
        answers.ask(ask)
    return answers


def candidates_of(edition: Edition, book: FactBook, relations: tuple[Relation, ...], answers: Answers) -> Candidates:
    """What goes to the door. Raises EditionRefused for a wish of the authors about what is not to be published."""
    requested = answers.candidates()
    return Candidates(
        requested=requested,
        vintages={fact.key: book.vintages(fact.key) for fact in book},
        relations=relations,
        labels={named.key: named.label for named in edition.series.values()},
        backing=Backing(rows=rows_of(relations)),
        quoted=answers.quoted(),
        keep=frozenset(facts_named(edition.keep, requested, "edition.toml, [keep]")),
        ranges=facts_named(edition.ranges, requested, "edition.toml, [ranges]"),
    )


def _bound(edition: Edition, sources: Sources, defects: list[Defect]) -> BoundProse:
    """The prose, or one refusal with what was not found and what is not borne out, in reading order."""
    try:
        prose = bind(edition.prose, sources)
    except EditionRefused as refusal:
        defects = [*defects, *refusal.defects]
    if defects:
        raise EditionRefused(sorted(defects, key=_place))
    return prose


def _place(defect: Defect) -> tuple[str, int]:
    file, _, line = defect.place.partition(", ligne ")
    return file, int(line) if line.isdigit() else 0

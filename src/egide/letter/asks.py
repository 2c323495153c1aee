"""What an edition asks for: each expression of its prose, figures, tables and checks, with its place. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import frozen

from egide.disclosure.cells import Cell
from egide.disclosure.release import Candidate, Release, facts_behind
from egide.document.figures.specs import FigureSpec, TableSpec
from egide.document.prose import Bound, bound_marks
from egide.errors import Defect, EgideError, ReleaseRefused
from egide.facts.book import FactBook
from egide.facts.model import FactKey
from egide.indicators.language import Expression, MissingPoint, Reference, evaluate, parse
from egide.letter.edition import Edition


@frozen(kw_only=True)
class Ask:
    """One expression somewhere in the edition. A figure may ask for what nobody delivered: it says it is missing."""

    text: str
    place: str
    may_be_missing: bool = False
    quoted: bool = False  # by a sentence, which a hidden number would leave empty


def asks(edition: Edition) -> Iterator[Ask]:
    """Every expression of the edition, in reading order, then those of its figures, tables and checks."""
    for prose in edition.prose:
        for line, mark in bound_marks(prose):
            try:
                expression = Bound.parse(mark).expression
            except ValueError:
                continue  # said, with its line, when the prose is bound
            yield Ask(text=expression, place=prose.place(line), quoted=True)
    drawn: tuple[FigureSpec | TableSpec, ...] = (*edition.figures, *edition.tables)
    for spec in drawn:
        for text in spec.expressions():
            yield Ask(text=text, place=f"figures.toml, {spec.id}", may_be_missing=True)
    stated = [(pair.says, (pair.left, pair.right)) for pair in edition.same]
    stated += [(one.says, (one.part, one.whole)) for one in edition.within]
    for says, texts in stated:
        for text in texts:
            yield Ask(text=text, place=f"consistency.toml, « {says} »")


class Answers:
    """Computes each expression once and remembers what was refused, with every place that asked for it."""

    def __init__(self, edition: Edition, book: FactBook) -> None:
        self._edition = edition
        self._book = book
        self._expressions: dict[str, Expression] = {}
        self._found: dict[str, Candidate] = {}
        self._refused: dict[str, EgideError] = {}
        self._quoted: dict[str, bool] = {}
        self.defects: list[Defect] = []

    def ask(self, ask: Ask) -> None:
        self._quoted[ask.text] = self._quoted.get(ask.text, False) or ask.quoted
        if ask.text not in self._found and ask.text not in self._refused:
            self._compute(ask.text)
        problem = self._refused.get(ask.text)
        if problem is not None and not (ask.may_be_missing and isinstance(problem, MissingPoint)):
            self.defects.append(
                Defect(
                    place=ask.place,
                    expected="un nombre que les livraisons donnent",
                    got=f"« {ask.text} »",
                    way_out=str(problem),
                )
            )

    def _compute(self, text: str) -> None:
        try:
            expression = self._expressions[text] = parse(text)
            for name, _ in expression.references():
                if name in self._edition.withheld:
                    raise ReleaseRefused(f"L’édition ne publie pas « {name} » : {self._edition.withheld[name]}")
            candidate = evaluate(expression, self._edition.series, self._book)
        except EgideError as problem:
            self._refused[text] = problem
            return
        if candidate.value is None:
            self._refused[text] = MissingPoint("La source a répondu qu’elle ne connaît pas cette valeur.")
        else:
            self._found[text] = candidate

    def candidates(self) -> Mapping[str, Candidate]:
        """What is asked and known, then every other fact of a named series: open data hold all but the withheld."""
        requested = {self._expressions[text].canonical: found for text, found in self._found.items()}
        for named in self._edition.series.values():
            if named.name in self._edition.withheld:
                continue
            for fact in self._book.series(named.key).values():
                requested.setdefault(str(Reference(named.name, fact.key.period)), fact)
        return requested

    def quoted(self) -> frozenset[FactKey]:
        """The facts that sentences print, or print a result of."""
        said = (self._found[text] for text, quoted in self._quoted.items() if quoted and text in self._found)
        return frozenset(fact.key for fact in facts_behind(said))

    def cells(self, released: Release) -> dict[str, Cell]:
        """Released cells by the text that asks for them, as the authors wrote it."""
        return {
            text: released.by_expression[canonical]
            for text in self._found
            if (canonical := self._expressions[text].canonical) in released.by_expression
        }

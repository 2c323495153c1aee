"""The only way from the registry's counts to a reader: each family goes through `egide.disclosure`, layer by layer.

A layer that cannot be protected beside those before it is left out, and said so. Then the attacker reads everything
together: all that is released, all that earlier releases and the Letter printed of the same persons. What was
released once of a year is released again exactly as it was, or not at all: two states of a year, subtracted from each
other, would tell what happened in between.
Source: docs/methods/registry-statistics.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cached_property

from attrs import evolve, field, frozen
from attrs.validators import deep_mapping, instance_of

from egide.disclosure.cells import Cell, Content
from egide.disclosure.policy import STATISTICAL_SECRET
from egide.disclosure.published import Published, PublishedEdition
from egide.disclosure.release import Candidates, Release, release
from egide.disclosure.statements.public import Public
from egide.document.typography import content_text
from egide.errors import ReleaseRefused
from egide.facts.model import FactKey, Measure
from egide.facts.ratios import Ties
from egide.letter.leaks import Attack, attack
from egide_registry.statistics.cubes import Table, Tied, tables
from egide_registry.statistics.rules import FRANCE, PARTS_FROM, SAME_AS, SCHEMA, SOURCE, Dims, Layer, Level, Row

POLICY = STATISTICAL_SECRET  # that of the Letter


@frozen(kw_only=True)
class Version:
    """Which release this is: what its numbers mean, the year they are of, the day they were drawn, what they say."""

    schema: str
    year: int
    day: date
    fingerprint: str  # of every cell as it is shown

    @property
    def text(self) -> str:
        """How pages and files name it."""
        return f"{self.schema}, année {self.year}, tirée le {self.day.isoformat()}, {self.fingerprint[:12]}"


@frozen(kw_only=True)
class LeftOut:
    """A layer that is not released, and why, in French: for those who keep the registry, not for readers."""

    family: str
    level: Level
    nodes: tuple[tuple[str, ...], ...]
    reason: str


@frozen(kw_only=True)
class Released:
    """Released cells by key and nothing else: a cell is made by `egide.disclosure.release` alone.

    published: the same as the register keeps it; `Register.record` it when the release goes out.
    """

    version: Version
    cells: Mapping[FactKey, Cell] = field(repr=False, validator=deep_mapping(instance_of(FactKey), instance_of(Cell)))
    left_out: tuple[LeftOut, ...] = field(repr=False)
    published: PublishedEdition = field(repr=False)

    def cell(self, measure: str, territory: str, dims: Dims = ()) -> Cell | None:
        """The cell of this count; None: it was not released."""
        return self._places.get((measure, territory, tuple(sorted(dims))))

    @property
    def territories(self) -> tuple[str, ...]:
        """Every territory of which something is released: France, then regions, then departments."""
        order = {FRANCE[:3]: 0, "REG": 1, "DEP": 2}
        return tuple(sorted({key.territory for key in self.cells}, key=lambda one: (order[one[:3]], one)))

    @cached_property
    def _places(self) -> Mapping[tuple[str, str, Dims], Cell]:
        return {(key.measure, key.territory, key.dims): cell for key, cell in self.cells.items()}


def release_statistics(
    rows: Iterable[Row],
    *,
    year: int,
    covered: frozenset[str],
    day: date,
    measures: Mapping[str, Measure],
    public: Published | None = None,
    progress: Callable[[str], None] = lambda family: None,
) -> Released:
    """Everything of one year that can be shown, drawn on `day`.

    In:     `covered`, `measures`: as for `cubes.tables`; `public`, everything that was published before, by the
            registry and by the Letter (`Register.read`); `progress`, told the name of each family before its turn.
    Raises: RowsRefused, with all the defects of the rows; ReleaseRefused when the year is not over, when nothing can
            be shown, or when the whole gives a small count away, with the arithmetic.
    """
    if day <= date(year, 12, 31):
        raise ReleaseRefused(
            f"L’année {year} n’est pas finie le {day.isoformat()}\u00a0: deux états d’une même année, soustraits, "
            "diraient ce qui s’est passé entre eux. Attendez le 1er janvier."
        )
    known = as_registry(Published() if public is None else public)
    choices = [_Choice(table, known) for table in tables(rows, year=year, covered=covered, day=day, measures=measures)]
    made = [one for choice in choices if (one := choice.made(progress)) is not None]
    left_out = tuple(out for choice in choices for out in choice.left)
    if not made:
        reasons = " ; ".join(dict.fromkeys(out.reason for out in left_out))
        raise ReleaseRefused(f"Rien de l’année {year} ne peut être montré\u00a0: {reasons}.")
    seen = _attacked(made, known, edition=f"{SCHEMA}-{year}", day=day)
    if seen.leaks:
        told = "\n".join(leak.text() for leak in seen.leaks)
        raise ReleaseRefused(f"Les statistiques laisseraient deviner des effectifs masqués\u00a0:\n{told}")
    cells = {key: cell for one in made for cell in one.release.by_id.values() if (key := cell.journey.key) is not None}
    return Released(
        version=Version(schema=SCHEMA, year=year, day=day, fingerprint=_fingerprint(cells)),
        cells=cells,
        left_out=left_out,
        published=seen.published,
    )


@frozen(kw_only=True, eq=False)
class _Made:
    """What some layers of a family give a reader, and all that was known of it."""

    asked: Mapping[Layer, tuple[FactKey, ...]]
    tied: Tied
    release: Release

    @property
    def shown(self) -> int:
        """Numbers that a reader learns. Zeros are shown everywhere and do not count."""
        return sum(cell.is_shown and cell.number != 0 for cell in self.release.by_id.values())

    @property
    def hidden(self) -> int:
        return sum(not cell.is_shown for cell in self.release.by_id.values())

    def is_worth_more_than(self, other: _Made | None) -> bool:
        """More numbers, or more zeros at no cost. Against nothing: anything that is not all hidden."""
        if other is None:
            return self.hidden < len(self.release.by_id)
        return self.shown > other.shown or (self.shown == other.shown and self.hidden <= other.hidden)


class _Choice:
    """The layers of one family, tried one after the other."""

    def __init__(self, table: Table, public: Published) -> None:
        self._table, self._public = table, public
        self._asked = dict(table.asked)
        self.left: list[LeftOut] = []

    def made(self, progress: Callable[[str], None]) -> _Made | None:
        """The layers that can be shown together; `left` says which cannot. None: none of them."""
        progress(self._table.family.name)
        earlier = _said_earlier(self._table, self._public)
        if earlier:
            return self._again(earlier)
        best: _Made | None = None
        for layer in (layer for layer, keys in self._asked.items() if keys):
            keys = self._wanted(layer, best)
            if not keys:
                self._leave(layer, f"aucun territoire n’a un effectif montré d’au moins {PARTS_FROM}")
                continue
            try:
                made = self._chosen({**(best.asked if best else {}), layer: keys}, self._public)
                if made.is_worth_more_than(best):
                    best = self._attacked(made)
                else:
                    self._leave(layer, "elle masquerait autant de nombres qu’elle en montrerait")
            except ReleaseRefused as refusal:
                self._leave(layer, str(refusal))
        return best

    def _wanted(self, layer: Layer, best: _Made | None) -> tuple[FactKey, ...]:
        """The keys of the layer; of a layer of parts, where the whole is shown and large enough."""
        if layer.of is None:
            return self._asked[layer]
        cells = {} if best is None else {cell.journey.key: cell for cell in best.release.by_id.values()}
        large = {key for key, cell in cells.items() if cell.is_shown and cell.number >= PARTS_FROM}
        return tuple(key for key in self._asked[layer] if self._table.base(layer, key) in large)

    def _leave(self, layer: Layer, reason: str) -> None:
        family = self._table.family.name
        self.left.append(LeftOut(family=family, level=layer.level, nodes=layer.nodes, reason=reason))

    def _again(self, earlier: Mapping[FactKey, Content]) -> _Made | None:
        """What was released of this year, chosen as it was then; nothing if the counts have changed."""
        same = {
            layer: there
            for layer, keys in self._asked.items()
            if (there := tuple(key for key in keys if key in earlier)) and (layer.of is not None or there == keys)
        }
        without = Published(one for one in self._public if not _is_ours(one))
        try:
            made = self._chosen(same, without)
            if {cell.journey.key: cell.content for cell in made.release.by_id.values()} == earlier:
                return self._attacked(made)
            reason = (
                "déjà diffusé, et les lignes ont changé depuis\u00a0: une année diffusée ne se révise pas, la "
                "différence dirait ce qui a changé. Reprenez la première diffusion"
            )
        except ReleaseRefused as refusal:
            reason = str(refusal)
        for layer in self._asked:
            self._leave(layer, reason)
        return None

    def _chosen(self, asked: Mapping[Layer, tuple[FactKey, ...]], public: Published) -> _Made:
        """Wholes whose parts are asked for stay shown: that the parts are there would tell that they are large.

        Raises: ReleaseRefused when these cells cannot be protected.
        """
        tied = self._table.tied(asked)
        keep = (self._table.base(layer, key) for layer, keys in asked.items() for key in keys)
        candidates = _candidates(tied, frozenset(key for key in keep if key is not None))
        return _Made(asked=asked, tied=tied, release=release(candidates, POLICY, public))

    def _attacked(self, made: _Made) -> _Made:
        """Raises: ReleaseRefused when they give some other count away, printed or not."""
        if _attacked([made], self._public, edition=SCHEMA, day=date.max).leaks:
            raise ReleaseRefused("elle laisserait deviner un effectif masqué")
        return made


def _candidates(tied: Tied, keep: frozenset[FactKey]) -> Candidates:
    """National counts are dearer to readers than others, as those that the prose of a Letter quotes."""
    requested = {str(key): tied.facts[key] for key in tied.asked}
    quoted = frozenset(fact.key for fact in requested.values() if fact.key.territory == FRANCE)
    return Candidates(requested=requested, relations=tied.relations, quoted=quoted, keep=keep)


def _attacked(made: Iterable[_Made], public: Published, *, edition: str, day: date) -> Attack:
    """What a reader can work out of all this together, with what is public already."""
    every = tuple(made)
    facts = {key: fact for one in every for key, fact in one.tied.facts.items()}
    released = _joined(one.release for one in every)
    return attack(
        Public(
            cells=released.by_id,
            policy=POLICY,
            requested=[facts[key] for cell in released.by_id.values() if (key := cell.journey.key) is not None],
            vintages={key: (fact,) for one in every for key, fact in one.tied.judged.items()},
            ties=Ties(totals=tuple(relation for one in every for relation in one.tied.relations)),
            published=public,
            text_of=content_text,
        ),
        released,
        edition=edition,
        on=day,
    )


def _joined(parts: Iterable[Release]) -> Release:
    every = tuple(parts)
    return Release(
        policy=POLICY.name,
        by_expression={text: cell for one in every for text, cell in one.by_expression.items()},
        by_id={name: cell for one in every for name, cell in one.by_id.items()},
        why={name: reason for one in every for name, reason in one.why.items()},
    )


def _fingerprint(cells: Mapping[FactKey, Cell]) -> str:
    lines = sorted(f"{key} {content_text(cell.content, cell.measure.unit)}" for key, cell in cells.items())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


# ---------------------------------------------------------------- what is public already


def _is_ours(edition: PublishedEdition) -> bool:
    return edition.edition.startswith(f"{SCHEMA}-")


def _said_earlier(table: Table, public: Published) -> dict[FactKey, Content]:
    """How earlier releases of the registry show the cells of this family and year."""
    asked = {key for _, keys in table.asked for key in keys}
    return {
        cell.key: cell.content for edition in public if _is_ours(edition) for cell in edition.cells if cell.key in asked
    }


def as_registry(public: Published) -> Published:
    """The same publications, with what they print of the registry's own counts under another institution's key.

    The Letter prints paths by department as the women's-rights service sends them. They are the same persons.
    """
    return Published(_with_aliases(edition) for edition in public)


def _with_aliases(edition: PublishedEdition) -> PublishedEdition:
    cells = [*edition.cells]
    cells += [evolve(cell, key=key) for cell in edition.cells if (key := _alias(cell.key)) is not None]
    statements = [*edition.statements]
    for one in edition.statements:
        terms = tuple((_alias(key) or key, known_on, weight) for key, known_on, weight in one.terms)
        if terms != one.terms:
            statements.append(evolve(one, terms=terms))
    return evolve(edition, cells=tuple(cells), statements=tuple(statements))


def _alias(key: FactKey) -> FactKey | None:
    """The registry's key of this count of another institution; None: the registry does not count it."""
    found = SAME_AS.get((key.source, key.measure, key.dims))
    if found is None:
        return None
    measure, dims = found
    return FactKey(source=SOURCE, measure=measure, territory=key.territory, period=key.period, dims=dims)

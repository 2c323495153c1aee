"""The page of an estimate: from released overlaps and what was worked out from them to a document. Pure.

Source: docs/methods/estimate-page.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction

from attrs import evolve, frozen

from egide.disclosure.cells import Cell
from egide.document.charts.ranges import Answer
from egide.document.figures.labels import runs
from egide.document.model import (
    Block,
    Box,
    BulletList,
    Document,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Section,
    Table,
    Text,
)
from egide.document.typography import NBSP
from egide.document.uses import uses
from egide.estimation.results import Answer as Found
from egide.estimation.results import Declined, Estimate, Reason
from egide.estimation.sensitivity import OnePerson, Undecidable, WithoutEachList
from egide.reference.periods import Period
from egide.reference.territories import territory_name
from egide.unseen import wording
from egide.unseen.appraise import Judged, rests_on_few
from egide.unseen.checks import Checks
from egide.unseen.report import pictures
from egide.unseen.report.findings import Findings
from egide.unseen.report.overlaps import Frame, Overlaps
from egide.unseen.report.pictures import Row, number
from egide.unseen.report.stated import stated

COMPUTED = (
    "Tout ce qui suit est calculé sur le seul tableau des recoupements tel qu’il est publié, effectifs masqués compris"
    "\u00a0: qui connaît les formules peut tout refaire, et n’en apprend rien de plus."
)
HIDDEN = (
    "Des effectifs sont masqués. Chaque méthode a donc été appliquée à plusieurs tableaux qui respectent tout ce qui "
    "est montré\u00a0: le nombre donné est celui du milieu, l’intervalle va du plus bas au plus haut de tous."
)
ROUNDED = (
    "Nombres arrondis à deux chiffres significatifs de la part non vue\u202f; les intervalles sont arrondis vers "
    "l’extérieur."
)
SEEN = "Une liste au moins\u00a0: de combien à combien, d’après ce qui est montré."
LINKED = "Le doute sur le rapprochement des personnes d’une liste à l’autre n’est pas dans ces intervalles."
MODELS = "Dépendances\u00a0: celles de l’un des tableaux que laissent possibles les effectifs masqués."
ONE_OF_THEM = "Calculé sur l’un des tableaux que laissent possibles les effectifs masqués."
LEVEL = "{95\u202f%}"
CLASSES = (
    (0.01, "de moins de {1\u202f%}"),
    (0.05, "de {1\u202f%} à {5\u202f%} au plus"),
    (0.2, "de {5\u202f%} à {20\u202f%} au plus"),
)
MOST = "de plus de {20\u202f%}"
UNTRIED = "sans réponse"
FEW_CROSS = f"Sans réponse{NBSP}: trop peu de ces personnes sont sur deux autres listes."
NO_CHECK = "Ces données ne permettent pas cette vérification."


@frozen(kw_only=True)
class Heading:
    """What the page is called and who publishes it."""

    title: str
    publisher: str
    published_on: date
    linked: bool = False  # were the lists linked, with a doubt that the intervals of the page do not hold?


def page(public: Overlaps, found: Findings, frame: Frame, heading: Heading) -> Document:
    """The page, or the page of a refusal: the same overlaps, the reason, and no estimate."""
    cells = stated(found, public.lists, frame)
    maker = _Page(public=public, found=found, cells=cells, frame=frame, linked=heading.linked)
    document = Document(
        title=heading.title,
        subtitle="Combien de personnes ne sont pas vues",
        issue=Period.parse(frame.period).french(),
        published_on=heading.published_on,
        known_on=frame.known_on,
        publisher=heading.publisher,
        sections=maker.refused() if found.refusal is not None else maker.sections(),
        precaution=wording.CAUTION,
    )
    printed = {use.cell_id for use in uses(document)}
    own = [] if public.seen is None else [public.seen]
    every = [*own, *public.cells.values(), *public.totals, *cells.values()]
    return evolve(document, cells=tuple(cell for cell in every if cell.id in printed))


class _Page:
    def __init__(
        self, *, public: Overlaps, found: Findings, cells: Mapping[str, Cell], frame: Frame, linked: bool
    ) -> None:
        self._public, self._found, self._cells, self._linked = public, found, cells, linked
        self._lists = public.lists
        self._source = f"Source{NBSP}: {frame.file_name}, recoupement de listes"
        self._scope = f"Champ{NBSP}: {territory_name(frame.territory)}, {Period.parse(frame.period).french()}"

    @property
    def _seen_cell(self) -> Cell:
        """Counted where nothing is hidden; else the range that what is shown leaves possible."""
        return self._public.seen or self._cells["vues"]

    @property
    def _checks(self) -> Checks:
        return self._found.usual.checks if self._found.usual else Checks()

    def sections(self) -> tuple[Section, ...]:
        return tuple(
            Section(id=one, level=1, title=runs(title), source=self._source, scope=self._scope, blocks=tuple(blocks))
            for one, title, blocks in (
                ("estimations", "Ce que répondent les méthodes", self._answers()),
                ("listes", "Ce que les listes ont vu", self._overlaps(2)),
                ("solidite", "Jusqu’où ces nombres tiennent", self._solidity()),
                ("epreuve", "Une épreuve dont la réponse est connue", self._truths()),
                ("hypotheses", "Ce qu’il faut supposer", self._assumptions()),
            )
        )

    def refused(self) -> tuple[Section, ...]:
        assert self._found.refusal is not None
        reason = wording.REASONS[self._found.refusal]
        if self._public.hides:
            reason = f"{reason}, autant que le tableau publié permette de le savoir"
        return tuple(
            Section(id=one, level=1, title=runs(title), source=self._source, scope=self._scope, blocks=tuple(blocks))
            for one, title, blocks in (
                (
                    "refus",
                    "Aucun nombre ne peut être donné",
                    (_paragraph(wording.REFUSAL.format(reason=reason)), _paragraph(wording.WAYS_OUT)),
                ),
                ("listes", "Ce que les listes ont vu", self._overlaps(1)),
                ("hypotheses", "Ce qu’il faudrait supposer", self._assumptions()),
            )
        )

    def _answers(self) -> Iterator[Block]:
        tiles = [_tile(self._seen_cell, "personnes vues par une liste au moins")]
        if "ecart" in self._cells:
            tiles.append(
                _tile(self._cells["ecart"], "personnes en tout, d’une méthode à l’autre, intervalles non compris")
            )
        yield KeyFigures(tuple(tiles))
        yield from self._disagreement()
        yield Box(
            kind="methode",
            title=runs("À lire d’abord"),
            blocks=tuple(_paragraph(one) for one in (wording.CAUTION, wording.LEVEL_HOLDS, COMPUTED)),
        )
        notes = [
            f"Intervalles à {LEVEL}. {ROUNDED}",
            *([HIDDEN] if self._public.hides else []),
            *([LINKED] if self._linked else []),
        ]
        drawn = [
            Answer(
                name=one.method.title,
                point=self._cells[f"{one.method.name}.personnes"],
                span=self._cells.get(f"{one.method.name}.intervalle"),
                bound=one.method.bound,
            )
            for one in self._found.judged
            if f"{one.method.name}.personnes" in self._cells
        ]
        if drawn:
            yield pictures.answers_figure(
                drawn, self._table_of_answers(), 1, source=self._source, scope=self._scope, notes=notes
            )
            yield self._table_of_models()
            yield from (_paragraph(one) for one in wording.bound_passed(self._found.judged))
        if fragile := [one.method.title for one in self._found.judged if rests_on_few(one.answer)]:
            yield _paragraph(wording.FRAGILE.format(methods=", ".join(fragile)))
        silent = [one for one in self._found.judged if isinstance(one.answer, Declined)]
        if silent:
            yield _paragraph("Méthodes qui ne donnent aucun nombre ici\u00a0:")
            yield BulletList(tuple((_paragraph(_silence(one)),) for one in silent))

    def _disagreement(self) -> Iterator[Block]:
        if "ecart" not in self._cells:
            yield _paragraph("Aucune méthode ne répond.")
            return
        ends = self._cells["ecart"].value
        answering = sum(one.estimate is not None and not one.method.bound for one in self._found.judged)
        ratio = float(Fraction(ends.high or 0) / Fraction(ends.low or 1))
        yield _paragraph(" ".join(wording.disagreement(ratio, answering, len(self._lists))))

    def _table_of_answers(self) -> Table:
        rows = [
            Row(name=one.method.title, cells=self._two(one.method.name))
            for one in self._found.judged
            if f"{one.method.name}.personnes" in self._cells
        ]
        return pictures.table(
            "methodes-donnees",
            "Ce que répond chaque méthode",
            ("Méthode", "Personnes en tout", f"Intervalle à {LEVEL}"),
            rows,
        )

    def _two(self, name: str) -> tuple[Cell | str | None, ...]:
        return self._cells.get(f"{name}.personnes"), self._cells.get(f"{name}.intervalle")

    def _table_of_models(self) -> Table:
        rows = [
            Row(
                name=one.method.title,
                cells=(*self._two(one.method.name), wording.drive(one.answer, self._lists)),
            )
            for one in self._found.judged
            if isinstance(one.answer, Estimate)
        ]
        heads = ("Méthode", "Personnes en tout", f"Intervalle à {LEVEL}", "Dépendances retenues entre listes")
        legend = ["–\u00a0: sans objet pour cette méthode.", *([MODELS] if self._public.hides else [])]
        return pictures.table("estimations-table", "Estimations, intervalles et ce qui les porte", heads, rows, legend)

    def _suppositions(self) -> Iterator[Block]:
        yield _paragraph("Ce que chaque méthode suppose en plus\u00a0:")
        said = [f"{one.method.title}{NBSP}: {one.method.rests_on}." for one in self._found.judged]
        yield BulletList(tuple((_paragraph(one),) for one in said))

    def _overlaps(self, rank: int) -> Iterator[Block]:
        yield _paragraph(
            "Une ligne par croisement de listes\u00a0: les personnes qui sont sur ces listes et sur aucune autre. "
            "Seules celles qui sont sur deux listes au moins disent quelque chose de celles que personne n’a vues."
        )
        yield pictures.overlap_figure(self._public, rank, source=self._source, scope=self._scope)
        rows = [Row(name=name, cells=(total,)) for name, total in zip(self._lists, self._public.totals, strict=True)]
        rows.append(Row(name="Une liste au moins", cells=(self._seen_cell,)))
        legend = [SEEN] if self._public.hides else []
        yield pictures.table("listes-table", "Personnes vues, par liste", ("Liste", "Personnes vues"), rows, legend)

    def _solidity(self) -> Iterator[Block]:
        checks = self._checks
        if "modeles" in self._cells:
            yield Paragraph(
                (
                    Text("Les données ne départagent pas "),
                    number(self._cells["modeles"]),
                    Text(" modèles de dépendance entre les listes, dont les estimations vont de "),
                    number(self._cells["indecidable"]),
                    Text(" personnes. Aucun calcul ne peut choisir entre eux\u00a0: il faut connaître les listes."),
                )
            )
        if checks.undecidable is not None:
            yield from self._limits(checks.undecidable)
        if checks.person is not None and (moved := _moved(checks.person)):
            yield _paragraph(
                "Une personne de plus ou de moins dans un seul croisement change l’estimation du modèle le mieux noté "
                f"{moved}."
            )
        if checks.without is not None:
            yield from self._without(checks.without)
        if checks.undecidable is None and checks.without is None:
            yield _paragraph(NO_CHECK)

    def _limits(self, found: Undecidable) -> Iterator[Block]:
        """The models that fit nearly as well as any can, and still disagree."""
        names = [f"limite_{place}.personnes" for place in range(len(found.largest))]
        persons = [self._cells[name] for name in names if name in self._cells]
        if len(persons) < 2:
            return
        rows = [
            Row(name=wording.left_out(one.model, self._lists), cells=self._two(f"limite_{place}")[:1])
            for place, one in enumerate(found.largest)
            if one.model is not None
        ]
        yield _paragraph(
            "Les modèles qui suivent décrivent les données presque aussi bien qu’il est possible. Ils ne diffèrent que "
            "par une supposition que rien ne vérifie."
        )
        heads = ("Dépendance supposée absente", "Personnes en tout")
        yield pictures.table("limites", "Ce qu’une seule supposition change", heads, rows, self._one_of_them())

    def _without(self, found: WithoutEachList) -> Iterator[Block]:
        rows = [
            Row(
                name=f"Sans {one.name}",
                cells=(*self._two(f"sans_{self._lists.index(one.name)}"), _why_not(one.answer)),
            )
            for one in found.rows
        ]
        yield _paragraph(
            "La moyenne de tous les modèles, refaite en retirant une liste à la fois. Une liste qui déplace tout à "
            "elle seule mérite d’être relue."
        )
        heads = ("Listes gardées", "Personnes en tout", f"Intervalle à {LEVEL}", "Si aucun nombre")
        yield pictures.table("sans-une-liste", "Estimation sans une liste", heads, rows, self._one_of_them())

    def _truths(self) -> Iterator[Block]:
        checks = self._checks
        if not checks.truths:
            yield _paragraph(NO_CHECK)
            return
        yield _paragraph(
            "On connaît le nombre de personnes de chaque liste. On fait comme si on l’ignorait, et la moyenne de tous "
            "les modèles l’estime par les autres listes\u00a0: si elle échoue ici, elle n’a pas à être crue ailleurs."
        )
        rows = [
            Row(
                name=one.problem.name,
                cells=(
                    self._public.totals[self._lists.index(one.problem.name)],
                    *self._two(f"epreuve_{self._lists.index(one.problem.name)}"),
                    _no_trial(one.answer) if one.holds is None else "oui" if one.holds else "non",
                ),
            )
            for one in checks.truths
        ]
        heads = ("Liste", "Personnes de la liste", "Estimées", f"Intervalle à {LEVEL}", "Vérité dans l’intervalle")
        caption = "Personnes d’une liste, estimées par les autres"
        untried = any(_no_trial(one.answer) == UNTRIED for one in checks.truths)
        legend = [*([FEW_CROSS] if untried else []), *self._one_of_them()]
        yield pictures.table("epreuve-table", caption, heads, rows, legend)

    def _one_of_them(self) -> list[str]:
        return [ONE_OF_THEM] if self._public.hides else []

    def _assumptions(self) -> Iterator[Block]:
        yield _paragraph("Toutes ces méthodes supposent\u00a0:")
        yield BulletList(tuple((_paragraph(one),) for one in wording.ASSUMPTIONS))
        if self._found.judged:
            yield from self._suppositions()
        yield _paragraph("Si l’une de ces conditions ne tient pas, aucun intervalle ne le montre.")


def _paragraph(text: str) -> Paragraph:
    return Paragraph(runs(text))


def _tile(cell: Cell, words: str) -> KeyFigure:
    return KeyFigure(number=number(cell), label=(Text(words),), source="")


def _silence(one: Judged) -> str:
    assert isinstance(one.answer, Declined)
    return f"{one.method.title}{NBSP}: {wording.REASONS[one.answer.reason]}."


def _why_not(answer: Found) -> str:
    return wording.REASONS[answer.reason] if isinstance(answer, Declined) else ""


def _no_trial(answer: Found) -> str:
    few = isinstance(answer, Declined) and answer.reason in (Reason.NO_OVERLAP, Reason.TOO_FEW_REPEATS)
    return UNTRIED if few else _why_not(answer)


def _moved(found: OnePerson) -> str:
    """By how much, as a class: never the number itself."""
    largest = found.largest()
    if largest is None:
        return ""
    ratio = found.ratio(largest)
    if ratio is None:
        return "au point qu’il n’en donne plus"
    moved = max(ratio, 1 / ratio) - 1
    return next((words for limit, words in CLASSES if moved < limit), MOST)

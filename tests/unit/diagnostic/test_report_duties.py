"""A report of a diagnostic owes its readers a precaution, its methods, its doubts and the duty to report."""

from datetime import date

import pytest
from attrs import evolve

from egide.diagnostic.report import missing_duties
from egide.diagnostic.report.duties import PARTS
from egide.document.model import Box, BulletList, Document, Figure, Note, Paragraph, Section, Table, Text

PRECAUTION = "Ce nombre ne se compare pas."
NEVER = "Ces minimums ne sont jamais un recensement des personnes. Pas d’extrapolation nationale."
SAID = {
    "precautions": f"{PRECAUTION} {NEVER}",
    "signaler": "L’article 434-3 oblige ; le 119 répond.",
    "indices": "Un indice ne prouve rien sur une personne.",
}


def part(name: str, words: str) -> Section:
    """Words in a box, in a list inside a part: where a reader finds them does not matter."""
    box = Box(kind="zoom", title=(), blocks=(BulletList(items=((Paragraph((Text(words),)),),)),))
    return Section(id=name, level=1, title=(Text(name),), blocks=(box,))


def report(**changes: str) -> Document:
    said = {name: SAID.get(name, "Des mots.") for name in PARTS} | changes
    return Document(
        title="Diagnostic",
        subtitle="",
        issue="Ici",
        published_on=date(2026, 11, 23),
        known_on=date(2026, 11, 16),
        publisher="Essai",
        sections=tuple(part(name, words) for name, words in said.items()),
        precaution=PRECAUTION,
    )


def places(document: Document) -> list[str]:
    return [defect.place for defect in missing_duties(document)]


def test_a_report_that_says_all_that_it_owes_may_be_built():
    assert missing_duties(report()) == ()


@pytest.mark.parametrize("name", PARTS)
def test_a_part_that_is_missing_is_named(name):
    whole = report()
    without = evolve(whole, sections=tuple(one for one in whole.sections if one.id != name))
    assert places(without) == [f"prose, {{#{name}}}"]


def test_a_part_may_stand_inside_another():
    whole = report()
    first, *rest = whole.sections
    assert missing_duties(evolve(whole, sections=(evolve(first, sections=tuple(rest)),))) == ()


def test_the_precaution_is_printed_word_for_word():
    assert places(report(precautions=NEVER)) == ["prose, {#precautions}"]
    assert places(evolve(report(), precaution="")) == ["edition.toml, precaution"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("signaler", "L’article 434-3."),
        ("signaler", "Le 119."),
        ("indices", "Un indice."),
        ("precautions", f"{PRECAUTION} Ces minimums ne sont jamais un recensement des personnes."),
        ("precautions", f"{PRECAUTION} Pas d’extrapolation nationale."),
    ],
)
def test_the_words_that_protect_are_not_left_out(name, words):
    assert places(report(**{name: words})) == [f"prose, {{#{name}}}"]


RATES = (
    "12 personnes pour 100 000 habitants",
    "12 personnes pour 100\u202f000 hab.",
    "une pour mille habitants",
    "trois sur dix mille résidents",
)


@pytest.mark.parametrize("rate", RATES)
def test_no_rate_per_inhabitant_is_printed(rate):
    assert places(report(carte=rate)) == ["prose, {#carte}"]
    assert missing_duties(report(carte="Aucun taux par habitant n’a de sens ici.")) == ()


def test_a_rate_is_found_once_wherever_it_is_printed():
    whole = report()
    rate = (Text(RATES[0]),)
    table = Table(id="t", caption=rate, rows=())
    figure = Figure(
        id="f", number=1, title=(), svg="", alternative="", table=table, source="", scope="", notes=(), csv=""
    )
    inside = Section(id="carte-zones", level=2, title=(), blocks=(figure,))
    first, *rest = whole.sections
    noted = evolve(whole, sections=(evolve(first, sections=(inside,)), *rest), notes=(Note(id="n1", runs=rate),))
    assert places(noted) == ["prose, {#carte-zones}", "prose, note n1"]


def test_everything_that_is_missing_comes_at_once():
    bare = evolve(report(), sections=(), precaution="")
    assert len(missing_duties(bare)) == 1 + len(PARTS)

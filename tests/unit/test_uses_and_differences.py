"""A publication knows which sentences say each number, so that a revision names the sentences it touches."""

from __future__ import annotations

from datetime import date

import pytest

from egide.disclosure.cells import Cell, Journey, Shown, Vintage
from egide.disclosure.release import Release
from egide.document.bind import Sources, bind
from egide.document.model import Document
from egide.document.prose import read_prose
from egide.document.uses import uses
from egide.errors import EditionRefused, EgideError
from egide.facts.model import Status, Unit
from egide.facts.values import Value
from egide.letter.checks import consistency, parse_consistency, revisions
from egide.letter.diff import compare
from egide.letter.record import record
from support.cells import below_five, shown, shown_between

PROSE = """# Victimes

On compte {{ adult }} victimes. C’est {{ adult : "près de 900" }}, en **{{ fall }}** depuis {2021}. Rien d’autre.

- {{ fines }} amendes
"""


def cells(
    adult: int = 880, fines: int = 1442, status: Status = Status.NORMAL, day: str = "2026-04-02"
) -> dict[str, Cell]:
    return {
        "adult": shown(adult, id=f"ssmsi/adult/FR/2025@{day}", label="Victimes majeures", status=status),
        "fall": shown(-8, id=f"=growth(adult)@{day}", unit=Unit.PERCENT, label="Évolution"),
        "fines": shown(fines, id=f"ocrteh/fines/FR/2025@{day}", label="Amendes"),
    }


def published(known: dict[str, Cell]) -> dict[str, object]:
    prose = bind([read_prose("01.md", PROSE)], Sources(cells=known))
    document = Document(
        title="Lettre",
        subtitle="",
        issue="n° 27",
        published_on=date(2026, 4, 13),
        known_on=date(2026, 4, 2),
        publisher="Observatoire",
        sections=prose.sections,
        cells=tuple(known.values()),
    )
    release = Release(policy="test", by_expression=known, by_id={one.id: one for one in known.values()})
    return record(document, release)


def test_each_sentence_is_known_with_its_numbers() -> None:
    document = Document(
        title="Lettre",
        subtitle="",
        issue="n° 27",
        published_on=date(2026, 4, 13),
        known_on=date(2026, 4, 2),
        publisher="Observatoire",
        sections=bind([read_prose("01.md", PROSE)], Sources(cells=cells())).sections,
    )
    assert [(use.cell_id.partition("/")[0][:6], use.sentence) for use in uses(document)] == [
        ("ssmsi", "On compte 880\u00a0victimes."),
        ("ssmsi", "C’est près de 900, en −\u202f8\u202f% depuis 2021."),
        ("=growt", "C’est près de 900, en −\u202f8\u202f% depuis 2021."),
        ("ocrteh", "1\u202f442\u00a0amendes"),
    ]


def test_nothing_changed_is_said_so() -> None:
    difference = compare(published(cells()), published(cells()))
    assert difference.changes == ()
    assert difference.text().startswith("Aucune différence")


def test_a_revision_has_its_size_and_its_sentences() -> None:
    difference = compare(published(cells()), published(cells(adult=891, day="2027-04-02")))
    (change,) = [one for one in difference.changes if one.kind == "revised"]
    assert (change.old, change.new, change.difference, change.percent) == (
        "880",
        "891",
        "+\u202f11",
        "+\u202f1,3\u202f%",
    )
    assert change.sentences == ("On compte 880\u00a0victimes.", "C’est près de 900, en −\u202f8\u202f% depuis 2021.")
    assert "880 → 891 (+\u202f11 ; +\u202f1,3\u202f%)" in difference.text()


def test_a_provisional_number_that_is_confirmed_is_not_a_revision() -> None:
    difference = compare(published(cells(status=Status.PROVISIONAL)), published(cells()))
    assert [(change.kind, change.old_status, change.new_status) for change in difference.changes] == [
        ("firmed", "provisoire", "définitif")
    ]


def test_numbers_come_and_go() -> None:
    old, new = published(cells()), published(cells())
    new["numbers"] = [{**number, "key": number["key"] + "-new"} for number in new["numbers"]]  # type: ignore[union-attr,index,misc]
    kinds = [change.kind for change in compare(old, new).changes]
    assert sorted(kinds) == ["added"] * 3 + ["withdrawn"] * 3


def test_a_file_of_another_kind_is_refused() -> None:
    with pytest.raises(EgideError, match="trace d’Égide"):
        compare({"format": "autre"}, published(cells()))


def test_the_record_holds_nothing_of_a_hidden_number() -> None:
    known = cells() | {"adult": below_five(id="ssmsi/adult/FR/2025@2026-04-02")}
    known["adult"] = below_five(id="ssmsi/adult/FR/2025@2026-04-02")
    release = Release(policy="test", by_expression=known, by_id={one.id: one for one in known.values()})
    document = Document(
        title="L",
        subtitle="",
        issue="1",
        published_on=date(2026, 1, 1),
        known_on=date(2026, 1, 1),
        publisher="O",
        sections=(),
    )
    number = record(document, release)["numbers"][0]
    assert (number["shown"], number["low"], number["high"]) == ("<\u00a05", None, None)


# ---------------------------------------------------------------- the same number everywhere

SAME = [{"says": "Part des refus", "left": "a", "right": "b"}]


def test_two_statements_that_print_alike_agree() -> None:
    pairs = parse_consistency({"same": SAME})
    known = {"a": shown_between(88, 88), "b": shown(88)}
    assert [verdict.agrees for verdict in consistency(pairs, known)] == [True]


def test_an_unexplained_difference_stops_the_build() -> None:
    with pytest.raises(EditionRefused, match="Part des refus"):
        consistency(parse_consistency({"same": SAME}), {"a": shown(88), "b": shown(89)})


def test_an_explained_difference_is_kept_with_its_reason() -> None:
    pairs = parse_consistency({"same": [{**SAME[0], "accepted": "dates différentes"}]})
    (verdict,) = consistency(pairs, {"a": shown(88), "b": shown(89)})
    assert (verdict.agrees, verdict.accepted) == (False, "dates différentes")


def test_an_explanation_that_explains_nothing_is_refused() -> None:
    pairs = parse_consistency({"same": [{**SAME[0], "accepted": "dates différentes"}]})
    with pytest.raises(EditionRefused, match="Retirez"):
        consistency(pairs, {"a": shown(88), "b": shown(88)})


def test_an_ill_formed_pair_is_refused() -> None:
    with pytest.raises(EditionRefused, match="right absent, raison inconnu"):
        parse_consistency({"same": [{"says": "x", "left": "a", "raison": "y"}]})


def test_a_revised_number_is_listed_with_what_it_was() -> None:
    before = Vintage(known_on="2025-04-02", content=Shown(Value.exact(1140)), status=Status.PROVISIONAL)
    revised = shown(1146, id="a@2026", journey=Journey(vintages=(before,)))
    unchanged = shown(1140, id="b@2026", journey=Journey(vintages=(before,)))
    assert [(one.was, one.now) for one in revisions([revised, unchanged, shown(3)])] == [("1\u202f140", "1\u202f146")]

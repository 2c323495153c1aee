"""What leaves the registry: small counts never, nothing that gives them back, and a released year never changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from egide.disclosure.cells import BelowThreshold, Cell, NotCommunicated, Shown
from egide.disclosure.published import Published, PublishedCell, PublishedEdition
from egide.disclosure.register import Register
from egide.errors import ReleaseRefused
from egide.facts.model import FactKey
from egide.facts.values import Value
from egide.sources.catalogue import load_schema
from egide_registry.statistics.release import Released, as_registry, release_statistics
from egide_registry.statistics.rules import FAMILIES, PARTS_FROM, Row

MARCH, JUNE = date(2026, 3, 1), date(2026, 6, 1)
CORSE = frozenset({"2A", "2B"})
NORTH = frozenset({"02", "59", "60", "62", "80"})


def paths(**counts: int) -> tuple[Row, ...]:
    """`paths(d62=4)`: paths in progress on 31 December."""
    return tuple(
        Row(measure="psp_current", department=name[1:].upper(), period="2025-12-31", count=count)
        for name, count in counts.items()
    )


# Where the total of each region is worth the number that it costs.
YEAR = paths(d02=0, d59=31, d60=12, d62=3, d80=9, d2a=9, d2b=20)


def ended(department: str, early: int, term: int) -> Iterator[Row]:
    known = {"work": "training", "housing": "hosted", "residence": "settled"}
    for ending, count in (("early", early), ("term", term)):
        dims = {"ending": ending, **known}
        yield Row(measure="psp_ended", department=department, period="2025", count=count, dims=dims)


def released(
    rows: Iterable[Row], covered: frozenset[str], *, day: date = MARCH, public: Published | None = None
) -> Released:
    measures = load_schema("registre").measures
    return release_statistics(rows, year=2025, covered=covered, day=day, measures=measures, public=public)


def text(made: Released, measure: str, territory: str, **dims: str) -> str:
    cell = made.cell(measure, territory, tuple(dims.items()))
    match cell.content if cell else None:
        case None:
            return "-"
        case Shown(value):
            return str(value.number)
        case BelowThreshold():
            return "<5"
        case _:
            return "nc"


def test_a_small_count_is_hidden_with_another_that_would_give_it_back_and_zeros_are_shown() -> None:
    made = released(YEAR, NORTH | CORSE)
    assert text(made, "psp_current", "DEP-62") == "<5"
    assert text(made, "psp_current", "DEP-02") == "0"
    assert text(made, "psp_current", "REG-32") == "55"
    hidden = [one for one in ("02", "59", "60", "80") if text(made, "psp_current", f"DEP-{one}") == "nc"]
    assert len(hidden) == 1


def test_a_layer_that_no_hiding_protects_is_left_out_and_the_reason_is_kept() -> None:
    made = released(paths(d2a=1, d2b=2), CORSE | NORTH)
    assert text(made, "psp_current", "DEP-2A") == "<5"
    assert text(made, "psp_current", "REG-94") == "-"  # 3 = 1 + 2: neither part could be 4
    assert [(out.family, out.level) for out in made.left_out if out.family == "paths"] == [("paths", "région")]
    assert "garde au mieux" in next(out.reason for out in made.left_out if out.family == "paths")


def test_meetings_of_a_commission_are_shown_however_few() -> None:
    rows = [
        Row(measure="cdlp_sessions", department="2A", period="2025", count=1),
        Row(measure="cdlp_sessions", department="2B", period="2025", count=0),
    ]
    made = released(rows, CORSE)
    assert [text(made, "cdlp_sessions", one) for one in ("DEP-2A", "DEP-2B", "REG-94")] == ["1", "0", "1"]


def test_what_is_left_of_a_shown_total_is_protected_though_nobody_asks_for_it() -> None:
    # 25 ended, 22 of them early: the 3 others would be known.
    made = released([*ended("2A", early=22, term=3), *ended("2B", early=40, term=40)], CORSE)
    assert (text(made, "psp_ended", "DEP-2A"), text(made, "psp_ended", "DEP-2A", ending="early")) != ("25", "22")
    assert text(made, "psp_ended", "REG-94", ending="early") == "62"


def test_the_parts_of_a_department_are_there_exactly_where_its_whole_is_shown_and_large() -> None:
    rows = [*ended("59", 12, 20), *ended("62", 9, 30), *ended("80", 5, 14), *ended("60", 1, 1), *ended("02", 0, 0)]
    made = released(rows, NORTH)
    parts = [one for one in sorted(NORTH) if text(made, "psp_ended", f"DEP-{one}", ending="early") != "-"]
    wholes = {one: text(made, "psp_ended", f"DEP-{one}") for one in sorted(NORTH)}
    assert parts == [one for one, whole in wholes.items() if whole.isdigit() and int(whole) >= PARTS_FROM]
    assert parts == ["59", "62"]
    assert (wholes["60"], wholes["80"]) == ("<5", "19")


def test_a_year_that_is_not_over_is_not_released() -> None:
    with pytest.raises(ReleaseRefused, match="n’est pas finie"):
        released(paths(d2a=9, d2b=9), CORSE, day=date(2025, 12, 31))


def test_nothing_but_cells_of_the_door_can_stand_in_a_release() -> None:
    made = released(paths(d2a=9, d2b=9), CORSE)
    key = next(iter(made.cells))
    for raw in (9, "9", Value.exact(9), Shown(Value.exact(9))):
        with pytest.raises(TypeError):
            evolve(made, cells={key: raw})


# ---- versions ----


def test_the_same_rows_give_the_same_numbers_on_any_day_and_in_any_order(tmp_path: Path) -> None:
    rows = (*paths(d02=0, d59=31, d60=12, d62=3, d80=9), *ended("59", 6, 3), *ended("62", 12, 40))
    first = released(rows, NORTH)
    Register(tmp_path).record(first.published)
    again = released(rows[::-1], NORTH, day=JUNE, public=Register(tmp_path).read())
    assert again.version.fingerprint == first.version.fingerprint
    assert {key: cell.content for key, cell in again.cells.items()} == {
        key: cell.content for key, cell in first.cells.items()
    }


def test_a_released_year_is_not_revised_since_the_difference_would_tell_who_came_in_between() -> None:
    first = released((*paths(d2a=9, d2b=20), *ended("2A", 0, 7), *ended("2B", 0, 9)), CORSE)
    later = (*paths(d2a=9, d2b=20), *ended("2A", 0, 8), *ended("2B", 0, 9))
    again = released(later, CORSE, day=JUNE, public=Published([first.published]))
    assert text(again, "psp_current", "DEP-2A") == "9"  # has not changed
    assert text(again, "psp_ended", "DEP-2A") == "-"
    reasons = {out.reason for out in again.left_out if out.family == "endings"}
    assert any("une année diffusée ne se révise pas" in reason for reason in reasons)


def one_of_each() -> Iterator[Row]:
    """A row of every family, in its first leaves."""
    for family in FAMILIES:
        leaves = (axis.dims(tree.leaves[0]) for axis in family.axes for tree in axis.trees)
        dims = dict([*family.fixed, *(pair for leaf in leaves for pair in leaf)])
        yield Row(measure=family.measure, department="2A", period=family.period(2025), count=9, dims=dims)


def test_a_release_of_which_everything_has_changed_is_refused() -> None:
    first = released((), CORSE)
    assert {cell.number for cell in first.cells.values()} == {0}
    with pytest.raises(ReleaseRefused, match=r"Rien de l’année 2025 ne peut être montré"):
        released(one_of_each(), CORSE, day=JUNE, public=Published([first.published]))


# ---- what the Letter printed of the same persons ----


def printed(content: object, department: str = "2A") -> PublishedEdition:
    cell = PublishedCell(
        key=FactKey(source="sdfe", measure="psp_current", territory=f"DEP-{department}", period="2025-12-31"),
        known_on=MARCH,
        content=content,  # type: ignore[arg-type]
        label="Parcours en cours",
        expression="parcours",
        edition="lettre-2026",
        on=MARCH,
    )
    return PublishedEdition(edition="lettre-2026", on=MARCH, cells=(cell,))


def test_what_the_letter_printed_of_a_department_cannot_be_hidden_to_protect_its_neighbour() -> None:
    alone = released(YEAR, NORTH | CORSE)
    (beside,) = (key for key, cell in alone.cells.items() if isinstance(cell.content, NotCommunicated))
    number = {"DEP-59": 31, "DEP-60": 12, "DEP-80": 9}[beside.territory]
    letter = printed(Shown(Value.exact(number)), beside.territory[4:])
    made = released(YEAR, NORTH | CORSE, day=JUNE, public=Published([letter]))
    assert text(made, "psp_current", beside.territory) == str(number)
    assert text(made, "psp_current", "DEP-62") == "<5"
    assert sum(isinstance(cell.content, NotCommunicated) for cell in made.cells.values()) == 1


def test_a_small_count_that_the_letter_printed_is_not_hidden_in_vain() -> None:
    letter = Published([printed(Shown(Value.exact(3)))])
    made = released((*paths(d2a=3, d2b=20), *ended("2A", 0, 9)), CORSE, day=JUNE, public=letter)
    assert text(made, "psp_current", "DEP-2A") == "-"
    assert any("déjà public" in out.reason for out in made.left_out)


def test_a_count_of_another_institution_that_the_registry_does_not_have_stays_as_it_is() -> None:
    letter = printed(Shown(Value.exact(3)))
    assert len(as_registry(Published([letter])).editions[0].cells) == 2
    other = evolve(letter.cells[0], key=evolve(letter.cells[0].key, measure="approved_associations"))
    assert len(as_registry(Published([evolve(letter, cells=(other,))])).editions[0].cells) == 1


# ---- against every table that a reader could believe in, tried one by one ----

SMALL, LARGE = st.integers(0, 8), st.integers(0, 30)


def readings(cell: Cell | None, counts: np.ndarray) -> np.ndarray:
    """Of these possible counts, those that the cell lets its reader believe."""
    match cell.content if cell else None:
        case None:
            return np.ones(counts.shape, bool)
        case BelowThreshold():
            return (counts >= 1) & (counts <= 4)
        case NotCommunicated():
            return counts >= 5
        case Shown(value):
            return counts == int(value.number)
        case other:
            raise AssertionError(other)


@settings(max_examples=60)
@given(st.tuples(SMALL, LARGE, SMALL, LARGE))
def test_every_hidden_count_keeps_the_values_1_to_4_whatever_the_table(drawn: tuple[int, int, int, int]) -> None:
    early_a, term_a, early_b, term_b = drawn
    rows = [*ended("2A", early_a, term_a), *ended("2B", early_b, term_b)]
    try:
        made = released(rows, CORSE)
    except ReleaseRefused:
        return
    few, many = np.arange(17), np.arange(39)  # 8 more than what is drawn, for what `nc` leaves open
    a, b, c, d = np.meshgrid(few, many, few, many, indexing="ij")
    counts = {
        ("DEP-2A", "early"): a,
        ("DEP-2A", ""): a + b,
        ("DEP-2B", "early"): c,
        ("DEP-2B", ""): c + d,
        ("REG-94", "early"): a + c,
        ("REG-94", ""): a + b + c + d,
    }
    possible = np.ones(a.shape, bool)
    cells = {}
    for place, ending in product(("DEP-2A", "DEP-2B", "REG-94"), ("early", "")):
        cell = made.cell("psp_ended", place, (("ending", ending),) if ending else ())
        cells[place, ending] = cell
        possible &= readings(cell, counts[place, ending])
    assert possible.any()
    again = released(rows[::-1], CORSE, day=JUNE, public=Published([made.published]))
    assert again.version.fingerprint == made.version.fingerprint
    for name, cell in cells.items():
        if cell is not None and isinstance(cell.content, BelowThreshold):
            assert {1, 2, 3, 4} <= set(np.unique(counts[name][possible]).tolist())
    for number, found in ((early_a, a), (term_a, b), (early_b, c), (term_b, d)):
        if 1 <= number <= 4:  # asked for or not, hidden or not
            assert {1, 2, 3, 4} <= set(np.unique(found[possible]).tolist())

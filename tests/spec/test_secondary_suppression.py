"""Which cells go with the unsafe ones, as a statistician would draw it: a table, and the table that may be printed."""

from __future__ import annotations

from fractions import Fraction

import pytest

from egide.disclosure.attack.audit import audit
from egide.disclosure.attack.findings import FULL, ambiguous, protection
from egide.disclosure.attack.system import Contradictory, Shown, Statement, System
from egide.disclosure.primary import (
    Group,
    all_in_one_category,
    dominated,
    small_groups,
    too_easily_estimated,
)
from egide.disclosure.secondary import ProtectionImpossible, protect
from egide.disclosure.suppress.ranges import narrowest_safe_range
from egide.errors import ReleaseRefused


class Drawn:
    """Exact numbers; the last column and the last row are totals."""

    def __init__(self, table: str) -> None:
        heading, *lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
        self.columns, self.rows = heading[1:], [line[0] for line in lines]
        self.values = {
            f"{row} {column}": int(cell)
            for row, *cells in lines
            for column, cell in zip(self.columns, cells, strict=True)
        }
        self.unsafe = {cell for cell, count in self.values.items() if 0 < count < 5}
        *parts, total = self.columns
        *inner, whole = self.rows
        self.relations = [
            Statement.total(f"{row} {total}", [f"{row} {part}" for part in parts], said=f"ligne {row}")
            for row in self.rows
        ] + [
            Statement.total(f"{whole} {column}", [f"{row} {column}" for row in inner], said=f"colonne {column}")
            for column in self.columns
        ]

    def protected(self, **asked):
        return protect(self.values, self.relations, asked.pop("unsafe", self.unsafe), **asked)

    def printed(self, **asked) -> list[str]:
        hidden = self.protected(**asked).hidden
        return [
            " ".join(
                hidden[cell].label.replace(" ", "") if cell in hidden else str(self.values[cell])
                for cell in (f"{row} {column}" for column in self.columns)
            )
            for row in self.rows
        ]

    def narrowed(self, suppression, level) -> list:
        shown = {key: Shown(value=number) for key, number in self.values.items() if key not in suppression.hidden}
        return list(protection(audit(System.of(suppression.hidden, self.relations, shown)), level))


MINORS = Drawn("""
           | 59 | 62 | total
    minors |  3 | 20 |    23
    adults | 12 | 30 |    42
    total  | 15 | 50 |    65
""")
ROOMY = Drawn("""
            | 59 | 62 | 75 | 93 | total
    minors  |  3 | 20 | 14 | 11 |    48
    adults  | 12 | 30 | 25 | 40 |   107
    unknown |  9 |  0 | 16 | 22 |    47
    total   | 24 | 50 | 55 | 73 |   202
""")


def test_a_hidden_cell_takes_a_rectangle_with_it():
    assert MINORS.printed() == ["<5 nc 23", "nc nc 42", "15 50 65"]


def test_what_is_hidden_is_enough_for_every_value_of_the_label():
    assert MINORS.narrowed(MINORS.protected(), FULL) == []


def test_totals_stay_where_inner_cells_are_enough():
    assert {key for key in ROOMY.protected().hidden if "total" in key} == set()


def test_zeros_are_shown():
    assert "unknown 62" not in ROOMY.protected().hidden


def test_four_cells_are_enough_in_a_table_with_room():
    assert len(ROOMY.protected().hidden) == 4


def test_each_choice_says_what_it_protects():
    assert MINORS.protected().why["adults 62"] == "masqué pour protéger « minors 59 »"


def test_names_are_used_to_say_it():
    why = MINORS.protected(names={"minors 59": "mineures, Nord"}).why
    assert why["adults 62"] == "masqué pour protéger « mineures, Nord »"


def test_a_cell_that_the_text_quotes_stays_shown_when_it_weighs_more():
    quoted = next(iter(sorted(ROOMY.protected().secondary)))
    assert quoted not in ROOMY.protected(weights={quoted: 100}).hidden


def test_a_cell_to_keep_is_never_hidden():
    for cell in sorted(ROOMY.protected().secondary):
        assert cell not in ROOMY.protected(keep={cell}).hidden


def test_the_order_of_the_cells_changes_nothing():
    turned = Drawn("| a\nt | 1")
    turned.values, turned.relations = dict(reversed(ROOMY.values.items())), list(ROOMY.relations)
    turned.unsafe = ROOMY.unsafe
    assert turned.protected().why == ROOMY.protected().why


def test_a_lower_level_hides_no_more():
    assert len(ROOMY.protected(level=ambiguous(2)).hidden) <= len(ROOMY.protected().hidden)


# A neighbour of 5 cannot give way: `nc` says 5 or more.

TIGHT = Drawn("""
           | 59 | 62 | 75 | total
    minors |  3 |  5 | 20 |    28
    adults | 12 |  9 | 30 |    51
    total  | 15 | 14 | 50 |    79
""")


def test_a_neighbour_at_the_threshold_is_not_taken_for_protection():
    assert "minors 62" not in TIGHT.protected().hidden
    assert TIGHT.narrowed(TIGHT.protected(), FULL) == []


# Refusals.


def test_what_is_already_public_is_not_hidden_any_more():
    with pytest.raises(ReleaseRefused, match=r"déjà publiés.*minors 59"):
        MINORS.protected(already_public={"minors 59"})


def test_a_protector_already_public_makes_protection_impossible_and_is_named():
    public = {"minors 62", "minors total"}
    with pytest.raises(ProtectionImpossible, match=r"minors 59.*déjà publié à côté : minors 62, minors total"):
        MINORS.protected(already_public=public)


def test_a_small_total_of_two_small_counts_cannot_hide_four_values():
    table = Drawn("""
               | 59 | 62 | total
        minors |  1 |  2 |     3
        total  |  1 |  2 |     3
    """)
    with pytest.raises(ProtectionImpossible, match="ventilation moins fine") as refusal:
        table.protected()
    assert refusal.value.cells["minors 59"] == 3


def test_as_far_as_possible_says_what_falls_short():
    table = Drawn("""
               | 59 | 62 | total
        minors |  1 |  2 |     3
        total  |  1 |  2 |     3
    """)
    assert table.protected(best_effort=True).short["minors 59"] in (2, 3)


def test_a_zero_that_a_policy_calls_sensitive_has_no_label():
    with pytest.raises(ReleaseRefused, match=r"masquer un zéro.*unknown 62"):
        ROOMY.protected(unsafe={"unknown 62"})


def test_totals_that_do_not_add_are_all_named():
    wrong = Drawn("""
               | 59 | 62 | total
        minors |  3 | 20 |    24
        total  |  3 | 20 |    23
    """)
    with pytest.raises(Contradictory, match="ligne minors ; colonne total"):
        wrong.protected()


def test_negative_counts_are_refused():
    with pytest.raises(ReleaseRefused, match="négatif : a"):
        protect({"a": -1}, [], set())


def test_nothing_unsafe_hides_nothing():
    assert MINORS.protected(unsafe=frozenset()).hidden == {}


def test_a_large_count_called_unsafe_becomes_nc_and_is_not_found_again():
    suppression = ROOMY.protected(unsafe={"adults 59"})
    assert suppression.hidden["adults 59"].label == "nc"
    assert len(suppression.hidden) >= 4


# Ranges.


def test_a_hidden_number_can_be_printed_as_a_class_that_gives_nothing_away():
    suppression = MINORS.protected()
    printed = narrowest_safe_range("adults 62", suppression, MINORS.values, MINORS.relations)
    assert printed is not None and printed.low <= 28 and printed.high >= 31
    assert printed.label == "19 < nc < 40"


def test_a_small_count_is_never_printed_as_a_class():
    with pytest.raises(ValueError, match="minors 59"):
        narrowest_safe_range("minors 59", MINORS.protected(), MINORS.values, MINORS.relations)


# Rules for one cell.


def test_groups_need_enough_persons_and_enough_bodies():
    groups = {"few": Group(persons=4, bodies=9), "two": Group(persons=90, bodies=2), "ok": Group(persons=5, bodies=3)}
    assert small_groups(groups | {"none": Group(persons=0, bodies=0)}, persons=5, bodies=3) == {"few", "two"}


def test_a_row_all_in_one_category_discloses_everybody_in_it():
    assert all_in_one_category([{"a": 0, "b": 12}, {"c": 1, "d": 11}, {"e": 9}, {"f": 0, "g": 0}]) == {"b"}


@pytest.mark.parametrize(("amounts", "unsafe"), [([80, 10, 10], True), ([40, 35, 25], False), ([45, 40, 15], True)])
def test_two_contributors_with_more_than_80_percent_dominate(amounts, unsafe):
    assert (dominated({"x": amounts}, n=2, k=80) == {"x"}) is unsafe


@pytest.mark.parametrize(
    ("amounts", "unsafe"), [([100, 50, 9], True), ([100, 50, 10], False), ([], False), ([0], False)]
)
def test_the_second_contributor_may_not_know_the_first_within_ten_percent(amounts, unsafe):
    assert (too_easily_estimated({"x": amounts}, p=Fraction(10)) == {"x"}) is unsafe

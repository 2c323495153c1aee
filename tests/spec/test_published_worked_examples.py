"""Worked examples that others have published, reproduced: their tables, their intervals, their choices.

Handbook: A. Hundepool et al., "Handbook on Statistical Disclosure Control", second edition, Center of Excellence SDC,
August 2024, https://github.com/sdcTools/HandbookSDC.
sdcTable: B. Meindl, R package, https://github.com/sdcTools/sdcTable, tests/testthat/test-simpleheuristic.R.
Figures and facts are theirs; a cell that they print empty is « nd » here: any whole number from zero.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from egide.disclosure.attack.findings import ambiguous
from egide.disclosure.attack.system import Statement
from egide.disclosure.primary import all_in_one_category, dominated, too_easily_estimated
from egide.disclosure.printed.totals import DeclaredTotal
from egide.disclosure.secondary import protect
from support.printed import Audited

# ---------------------------------------------------------------- feasibility intervals


def test_handbook_4_2_2_example_3_the_interval_of_a_suppressed_cell():
    """Section 4.2.2, example 3, after Geurts (1992), table 10, page 20: cell (1, 1) lies between 3 and 6."""
    audited = Audited("""
              |  1 |  2 | Total
            1 | nd | nd |     7
            2 | nd | nd |     3
            3 |  3 |  3 |     6
        Total |  9 |  7 |    16
    """)
    assert audited["1", "1"] == (3, 6)


def test_handbook_4_1_example_1a_one_subsector_is_the_difference():
    """Section 4.1, example 1a: 56,600 − 47,600 − 8,002 = 998."""
    parts = ("Subsector I", "Subsector II", "Subsector III")
    total = DeclaredTotal(table="t1", axis="column", whole="Sector", parts=parts)
    audited = Audited(
        """
                   | Sector | Subsector I | Subsector II | Subsector III
        Production |  56600 |          nd |        47600 |          8002
    """,
        declared=[total],
    )
    assert audited["Production", "Subsector I"] == (998, 998)


SDCTABLE = """
          |   a |    b |   c |   d | Total
        w |  nd |   nd |  nd |  89 |   230
        x |  nd |  124 |  nd |  31 |   250
        y |  92 |   nd |  59 |  nd |   336
        z | 800 |   nd | 651 |  nd |  3127
    Total | 1012| 1262 | 779 | 890 |  3943
"""


def test_sdctable_two_cells_hidden_in_each_line_do_not_protect():
    """Every line hides two cells at least, and yet (w, b) is 47: rows w and x less columns a and c."""
    audited = Audited(SDCTABLE)
    assert audited["w", "b"] == (47, 47)
    assert "(3) + (4) − (1) − (2) donne « w, b » = 47" in audited.cell("w", "b").reasons[-1].replace("\u00a0", " ")


def test_sdctable_one_more_suppression_protects():
    """One suppression is added, and the published attack then leaves (w, b) between 0 and 78."""
    audited = Audited(SDCTABLE.replace("nd |  31 |", "nd |  nd |"))
    assert audited["w", "b"] == (0, 78)


# ---------------------------------------------------------------- what is hidden beside an unsafe cell


def test_fischetti_and_salazar_our_pattern_is_no_dearer_than_the_published_one():
    """A 3 × 3 table by region and activity, its cell of 8 unsafe: the optimal pattern hides 8, 22, 17 and 12.

    The numbers and the pattern are those that an R implementation of M. Fischetti and J. J. Salazar-González,
    "Solving the Cell Suppression Problem on Tabular Data with Linear Constraints", Management Science 47(7), 2001,
    is tested with (`determine_cell_suppression`, `small_max = 9`).
    """
    counts = {"I": (20, 50, 10), "II": (8, 19, 22), "III": (17, 32, 12)}
    values = {(row, column): n for row, numbers in counts.items() for column, n in zip("ABC", numbers, strict=True)}
    relations = []
    for row in counts:
        values[row, "Total"] = sum(values[row, column] for column in "ABC")
        relations.append(Statement.total((row, "Total"), [(row, column) for column in "ABC"], said=row))
    for column in ("A", "B", "C", "Total"):
        values["Total", column] = sum(values[row, column] for row in counts)
        relations.append(Statement.total(("Total", column), [(row, column) for row in counts], said=column))
    chosen = protect(values, relations, {("II", "A")}, threshold=10, level=ambiguous(2), weights=values)
    published = {("II", "A"), ("II", "C"), ("III", "A"), ("III", "C")}
    assert sum(values[cell] for cell in chosen.hidden) <= sum(values[cell] for cell in published) == 59
    assert set(chosen.hidden) == published


# ---------------------------------------------------------------- which cells are unsafe


def test_handbook_4_2_1_example_1_the_1_90_rule_overlooks_what_the_second_contributor_knows():
    """Section 4.2.1, example 1: 100,000 of which 50,000 and 49,000; the estimate of 51,000 is 2 % too large."""
    cell = {"X": (50_000, 49_000, 1_000)}
    assert not dominated(cell, n=1, k=90)
    assert too_easily_estimated(cell, p=Fraction(21, 10)) == {"X"} and not too_easily_estimated(cell, p=2)


def test_handbook_4_2_1_example_2_the_dominance_rule_protects_more_than_the_p_rule():
    """Section 4.2.1, example 2: 110,000 of which 52,000 and 50,000; p = 10 and k = 100 × 100 / 110."""
    cell = {"X": (52_000, 50_000, 8_000)}
    assert not too_easily_estimated(cell, p=10)
    assert dominated(cell, n=2, k=Fraction(10_000, 110)) == {"X"}


def test_handbook_4_2_2_example_4_a_cell_unsafe_under_the_1_85_rule():
    """Section 4.2.2, example 4: 330 = 300 + 20 + 10."""
    assert dominated({"X": (300, 20, 10)}, n=1, k=85) == {"X"}


@pytest.mark.parametrize(
    ("status", "full_time", "part_time", "disclosed"),
    [("married", 6, 0, True), ("divorced", 5, 1, False), ("single", 2, 2, False)],
)
def test_handbook_5_2_a_group_of_which_everybody_works_full_time(status, full_time, part_time, disclosed):
    """Section 5.2, table of marital status by hours worked: group attribute disclosure for the married."""
    row = {(status, "full time"): full_time, (status, "part time"): part_time}
    assert bool(all_in_one_category([row])) is disclosed

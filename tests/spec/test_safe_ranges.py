"""A hidden number printed as a class, beside cells that others hid before."""

from __future__ import annotations

import pytest

from egide.disclosure.attack.system import Attacker, Statement, Unknown
from egide.disclosure.secondary import protect
from egide.disclosure.suppress.ranges import narrowest_safe_range

VALUES = {"minors": 3, "adults": 60, "old": 40, "total": 103}
TOTAL = [Statement.total("total", ["minors", "adults", "old"], said="total")]
GIVEN = {"old": Unknown.between(35, 46)}  # as its source printed it


def test_a_cell_hidden_by_its_source_may_be_protection_enough():
    assert protect(VALUES, TOTAL, {"minors"}, given=GIVEN).secondary == frozenset()


def test_a_class_is_as_narrow_as_the_cells_hidden_by_the_source_allow():
    values = VALUES | {"young": 2, "grown": 61, "both": 63}
    relations = [*TOTAL, Statement.total("both", ["young", "grown"], said="both")]
    chosen = protect(values, relations, {"minors", "young"}, given=GIVEN)
    assert chosen.secondary == {"grown"}
    found = narrowest_safe_range("grown", chosen, values, relations, given=GIVEN)
    assert found is not None and (found.low, found.high) == (50, 99)


@pytest.mark.parametrize("attacker", list(Attacker))
def test_a_class_faces_the_same_reader_as_the_choice_of_cells(attacker):
    values = {"young": 2, "grown": 61, "both": 63}
    relations = [Statement.total("both", ["young", "grown"], said="both")]
    chosen = protect(values, relations, {"young"}, attacker=attacker)
    found = narrowest_safe_range("grown", chosen, values, relations, attacker=attacker)
    assert found is not None and found.low <= 59 and found.high >= 62

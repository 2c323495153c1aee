"""What to publish instead of a breakdown that is too fine, as a statistician would choose it."""

from __future__ import annotations

import numpy as np
import pytest

from egide.disclosure.attack.findings import ambiguous
from egide.disclosure.attack.system import Attacker
from egide.disclosure.coarser import coarser, propose, propose_together, reach
from egide.disclosure.cubes import NO_TOTAL, Cube, Dimension
from support.crossed import plain

PLACES = Dimension("territoire", ("59", "62", "13", "06", "Nord", "Sud", "France"), [4, 4, 5, 5, 6, 6, NO_TOTAL])
AGES = Dimension.flat("âge", ["mineurs", "majeurs"])
LEVELS = {"territoire": ("France", "région", "département")}


def cube(table: str, *more: Dimension) -> Cube:
    """Departments down, ages across; totals are added up."""
    _, *lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    inner = np.array([[int(cell) for cell in cells] for _, *cells in lines], np.int64)
    return Cube.of((PLACES, AGES, *more), inner.reshape(*inner.shape, *(1 for _ in more)))


SPARSE = cube("""
        | mineurs | majeurs
     59 |       1 |      20
     62 |       2 |      30
     13 |      10 |      25
     06 |      15 |      40
""")


def test_a_total_of_three_made_of_one_and_two_cannot_keep_all_its_values_whatever_is_hidden() -> None:
    finest = coarser(SPARSE)[-1]
    assert finest.text(LEVELS) == "par département × âge"
    best = reach(finest)
    assert (best.filled, best.small, best.within) == (21, 3, 0)


def test_two_values_each_are_within_reach_there() -> None:
    best = reach(coarser(SPARSE)[-1], level=ambiguous(2))
    assert (best.small, best.within) == (3, 3)


def test_what_is_proposed_keeps_every_small_count_and_says_how_many_cells_stay_readable() -> None:
    told = [plain(one.text(LEVELS)) for one in propose(SPARSE)]
    assert told == [
        "par département (sans âge) : 7 cellules montrées sur 7 (zéros mis à part), tous les petits effectifs protégés",
        "par région × âge : 5 cellules montrées sur 9 (zéros mis à part), tous les petits effectifs protégés",
        "par âge (sans territoire) : 3 cellules montrées sur 3 (zéros mis à part), tous les petits effectifs protégés",
        "par région (sans âge) : 3 cellules montrées sur 3 (zéros mis à part), tous les petits effectifs protégés",
    ]


def test_only_as_many_as_asked_for_are_proposed() -> None:
    assert [one.text(LEVELS)[:15] for one in propose(SPARSE, most=1)] == ["par département"]
    with pytest.raises(ValueError, match="expected one proposal at least, got 0"):
        propose(SPARSE, most=0)


def test_tables_published_together_are_protected_together() -> None:
    together = propose_together(SPARSE)
    assert together is not None
    assert plain(together.text(LEVELS)) == (
        "par région × âge ; par département (sans âge) : "
        "9 cellules montrées sur 13 (zéros mis à part), tous les petits effectifs protégés"
    )
    hidden = {SPARSE.codes(int(SPARSE.filled[one])) for one in together.columns[together.hidden]}
    assert hidden == {("Nord", "mineurs"), ("Nord", "majeurs"), ("Sud", "mineurs"), ("Sud", "majeurs")}


def test_a_cube_that_can_be_published_as_it_is_comes_first() -> None:
    dense = cube("""
            | mineurs | majeurs
         59 |      10 |      20
         62 |      20 |      30
         13 |      10 |      25
         06 |      15 |      40
    """)
    best, *_ = propose(dense)
    assert (best.text(LEVELS)[:21], best.shown, best.filled) == ("par département × âge", 21, 21)
    together = propose_together(dense)
    assert together is not None
    assert [cut.depths for cut in together.cuts] == [(2, 1)]


def test_a_table_that_would_not_make_more_cells_readable_is_left_out_of_the_set() -> None:
    """Each month of the Nord is hidden, so that of the Sud or that of France must be: as many lost as won."""
    places = Dimension.flat("région", ["Nord", "Sud"], "France")
    months = Dimension.flat("mois", [f"{month:02}" for month in range(1, 7)])
    inner = np.full((2, 2, 6), 30)
    inner[0] = [[1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 1]]
    together = propose_together(Cube.of([places, AGES, months], inner))
    assert together is not None
    assert [cut.text() for cut in together.cuts] == ["par âge × mois (sans région)", "par région (sans âge ni mois)"]
    assert (together.shown, together.filled) == (23, 23)


def test_nothing_is_proposed_when_the_only_total_could_be_shown() -> None:
    for counts in ([2, 2], [3, 0]):
        lonely = Cube.of([AGES], np.array(counts))
        assert propose(lonely) == ()
        assert propose_together(lonely) is None
        assert [cut.text() for cut in coarser(lonely)] == ["par âge"]


def test_tables_that_are_safe_each_by_itself_may_not_be_published_together() -> None:
    """Nord is 3 + 3 by age, 8 at most, and six times 1 by month, 6 at least: together, no age can be 1."""
    places = Dimension.flat("région", ["Nord", "Sud"], "France")
    months = Dimension.flat("mois", [f"{month:02}" for month in range(1, 8)])
    inner = np.full((2, 2, 7), 30)
    inner[0] = [[1, 1, 1, 0, 0, 0, 0], [0, 0, 0, 1, 1, 1, 0]]
    inner[1, :, 6] = 1, 2  # no table by age and month, then
    crossed = Cube.of([places, AGES, months], inner)
    by_age, by_month = "par région × âge (sans mois)", "par région × mois (sans âge)"
    assert {by_age, by_month} <= {one.text().split("\u00a0")[0] for one in propose(crossed, most=9)}
    together = propose_together(crossed)
    assert together is not None
    assert not {by_age, by_month} <= {cut.text() for cut in together.cuts}
    both = [cut for cut in coarser(crossed) if cut.text() in (by_age, by_month)]
    assert reach(*both).within < reach(*both).small


def test_an_attacker_who_knows_less_leaves_more_to_publish() -> None:
    finest = coarser(SPARSE)[-1]
    assert reach(finest, attacker=Attacker.POSITIVE_ONLY).within > reach(finest).within


def test_a_breakdown_is_told_by_what_it_keeps_and_what_it_leaves_out() -> None:
    sexes = Dimension.flat("sexe", ["femmes"])
    years = Dimension("année", ("2025",), [NO_TOTAL])
    both = Dimension("mesure", ("victimes", "mis en cause"), [NO_TOTAL, NO_TOTAL])
    told = {
        cut.depths: cut.text(LEVELS)
        for cut in coarser(Cube.of([PLACES, AGES, sexes, years, both], np.full((4, 2, 1, 1, 2), 9)))
    }
    assert told[2, 1, 1, 0, 0] == "par département × âge × sexe × mesure"
    assert told[1, 0, 0, 0, 0] == "par région × mesure (sans âge ni sexe)"
    assert told[0, 0, 0, 0, 0] == "par mesure (sans territoire, âge ni sexe)"
    assert told[0, 1, 1, 0, 0] == "par âge × sexe × mesure (sans territoire)"


def test_a_level_without_a_name_is_told_by_its_number() -> None:
    assert [cut.text() for cut in coarser(SPARSE)][2:4] == [
        "par territoire (niveau 1 sur 2) × âge",
        "par territoire (sans âge)",
    ]


def test_levels_that_lack_a_name_are_refused() -> None:
    with pytest.raises(ValueError, match="territoire: 3 levels, from the whole down, got région, département"):
        coarser(SPARSE)[-1].text({"territoire": ("région", "département")})


def test_the_coarser_table_has_the_counts_of_the_finer_one() -> None:
    (table,) = [cut.table for cut in coarser(SPARSE) if cut.depths == (1, 1)]
    assert table.dimensions[0].codes == ("Nord", "Sud", "France")
    assert table.counts.tolist() == [[3, 50, 53], [25, 65, 90], [28, 115, 143]]

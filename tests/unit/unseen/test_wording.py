"""What is said of several answers side by side."""

from __future__ import annotations

from egide.estimation.models import independence
from egide.estimation.results import Estimate
from egide.unseen import wording
from egide.unseen.appraise import Judged
from egide.unseen.methods import PANEL, Effort
from support.mse import table


def judged(**persons: float) -> list[Judged]:
    return [
        Judged(method=one, answer=Estimate(method=one.name, persons=persons[one.name]))
        for one in PANEL
        if one.name in persons
    ]


def test_a_lower_bound_above_an_estimate_is_explained():
    assert wording.bound_passed(judged(bic=900.0, averaged=1200.0, chao=1000.0)) == [wording.BOUND_PASSED]


def test_a_lower_bound_under_every_estimate_and_none_at_all_need_no_word():
    assert wording.bound_passed(judged(bic=1000.0, chao=1000.0)) == []
    assert wording.bound_passed(judged(bic=900.0)) == []


def test_other_numbers_beside_the_same_dependencies_are_explained():
    none = independence(3)
    one, other = (Judged(method=method, answer=Estimate(method="x", persons=9.0, model=none)) for method in PANEL[:2])
    assert wording.same_dependencies([one, other], "ABC") == []
    apart = Judged(method=PANEL[3], answer=Estimate(method="x", persons=12.0, model=none))
    assert wording.same_dependencies([one, other, apart], "ABC") == [wording.SAME_DEPENDENCIES]


def test_independent_lists_have_the_number_of_a_choice_that_keeps_no_dependency():
    given = table("NewOrl_5")
    panel = {one.name: one for one in PANEL}
    alone, chosen = (panel[name].run(given, Effort(replicates=100)) for name in ("independence", "stepwise"))
    assert isinstance(alone, Estimate) and isinstance(chosen, Estimate) and chosen.model == independence(5)
    assert abs(alone.persons - chosen.persons) < 1e-3

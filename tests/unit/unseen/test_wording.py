"""What is said of several answers side by side."""

from __future__ import annotations

from egide.estimation.results import Estimate
from egide.unseen import wording
from egide.unseen.appraise import Judged
from egide.unseen.methods import PANEL


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

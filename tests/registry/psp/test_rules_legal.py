"""The law as dated data: what holds on a day, what is not known, and where it comes from."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from egide.reference import legal
from egide.reference.legal import AppealKind, NoRule, Zone

EVERY_RULE = [
    *legal.path_terms(),
    *legal.permits(),
    *legal.approvals(),
    *legal.meeting_rules(),
    *legal.appeal_ways(),
    *legal.afis_scales(),
]


def test_a_period_lasts_six_months_and_all_of_them_twenty_four() -> None:
    rule = legal.path_term(date(2026, 3, 1))
    assert (rule.period_months, rule.max_months) == (6, 24)


def test_a_path_opens_a_permit_of_six_months_at_least_with_the_right_to_work() -> None:
    rule = legal.permit(date(2026, 3, 1))
    assert (rule.least_months, rule.right_to_work) == (6, True)


def test_the_court_has_a_delay_and_the_recours_gracieux_has_none_in_our_texts() -> None:
    on = date(2026, 3, 1)
    assert legal.appeal_way(AppealKind.TRIBUNAL, on).delay_months == 2
    assert legal.appeal_way(AppealKind.GRACIEUX, on).delay_months is None


def test_nothing_is_known_before_the_law() -> None:
    with pytest.raises(NoRule, match=r"2016-04-12.*durée d’un parcours.*2016-04-13"):
        legal.path_term(date(2016, 4, 12))


@pytest.mark.parametrize("rule", EVERY_RULE, ids=lambda rule: f"{type(rule).__name__}-{rule.since}")
def test_every_rule_names_a_text(rule) -> None:
    assert rule.texts


@pytest.mark.parametrize("zone", Zone)
def test_one_afis_scale_follows_the_other_without_a_hole(zone: Zone) -> None:
    scales = [scale for scale in legal.afis_scales() if scale.zone is zone]
    for before, after in pairwise(scales):
        assert before.until is not None
        assert after.since == before.until + timedelta(days=1)
    assert scales[-1].until is None


def test_mayotte_has_its_own_scale() -> None:
    assert [legal.zone_of(code) for code in ("976", "62", "2A", "974")] == [Zone.MAYOTTE, *[Zone.FRANCE] * 3]

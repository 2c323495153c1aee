"""Estimates by stratum: they add up, and a stratum with few persons leans on the others."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egide.estimation.fitting.fit import fit
from egide.estimation.graphs import averaged
from egide.estimation.histories import Histories
from egide.estimation.models import Model, independence, read
from egide.estimation.results import Declined, Estimate, Reason
from egide.estimation.strata import Stratified, collapsed, stratified
from support.mse import stratified_table, table

COUNTS = st.lists(st.integers(3, 80), min_size=7, max_size=7)


def strata(tables: dict[tuple[str, ...], Histories], model: Model) -> Stratified:
    found = stratified(tables, model, seed=1, draws=500)
    assert isinstance(found, Stratified)
    return found


def three(counts: list[int]) -> Histories:
    return Histories(lists=("A", "B", "C"), counts=[0, *counts])


@settings(max_examples=8, deadline=None)
@given(st.tuples(COUNTS, COUNTS, COUNTS, COUNTS))
def test_strata_margins_and_total_add_up(four: tuple[list[int], ...]):
    labels = [(sex, age) for sex in ("f", "m") for age in ("minor", "adult")]
    found = strata({label: three(counts) for label, counts in zip(labels, four, strict=True)}, read(3, "[12,3]"))
    each = [found.of(label).persons for label in labels]
    for place in (0, 1):
        assert sum(one.persons for one in found.margin(place).values()) == pytest.approx(sum(each), rel=1e-12)
    assert found.total.persons == pytest.approx(sum(each), rel=1e-12)
    assert found.margin(0)["f"].persons == pytest.approx(each[0] + each[1], rel=1e-12)


def test_strata_that_are_copies_give_each_what_one_fit_of_all_gives():
    model, one = read(3, "[12,23]"), table("Korea")
    three_times = one.with_counts(3 * one.counts)
    found = strata({("a",): one, ("b",): three_times}, model)
    fitted = float(fit(one, [model], compiled=False).unseen[0, 0])
    # The smallest spread allowed is 0.01, not 0: copies are not held together quite.
    assert found.of(("a",)).persons == pytest.approx(one.seen + fitted, rel=1e-3)
    assert found.of(("b",)).persons == pytest.approx(3 * (one.seen + fitted), rel=1e-3)
    assert max(found.spread) < 0.05  # nothing tells them apart


def test_strata_that_differ_and_have_many_persons_speak_for_themselves():
    model = independence(3)
    often = three([900, 800, 500, 700, 400, 300, 250])
    seldom = three([900, 800, 60, 700, 50, 40, 4])
    found = strata({("often",): often, ("seldom",): seldom}, model)
    for label, alone in ((("often",), often), (("seldom",), seldom)):
        by_itself = alone.seen + float(fit(alone, [model], compiled=False).unseen[0, 0])
        assert found.of(label).persons == pytest.approx(by_itself, rel=0.03)  # their intervals are 5 and 30 % wide
    assert found.spread[0] > 0.2


def test_a_stratum_that_could_not_answer_alone_leans_on_the_others():
    few = three([3, 2, 0, 2, 0, 0, 0])  # nobody twice: no estimate by itself
    many = three([300, 250, 90, 200, 80, 60, 30])
    found = strata({("few",): few, ("many",): many}, independence(3))
    alone = many.seen + float(fit(many, [independence(3)], compiled=False).unseen[0, 0])
    leaning = found.of(("few",))
    assert found.of(("many",)).persons == pytest.approx(alone, rel=0.05)  # its interval is 14 % wide
    assert leaning.low is not None and leaning.high is not None
    assert 7 < leaning.low < leaning.persons < leaning.high
    assert (leaning.high - 7) / (leaning.low - 7) > 2  # and its interval says how little it knows


def test_spina_bifida_by_ethnicity_agrees_with_the_averaging_over_graphs_of_the_whole():
    tables = stratified_table("conting_spina", 3, 0)
    whole = averaged(collapsed(tables))
    found = strata(tables, read(3, "[23,1]"))  # lists 2 and 3: 99.99 % of the graphs' weight joins them
    assert isinstance(whole, Estimate) and whole.low is not None and whole.high is not None
    assert whole.notes["23"] > 0.9999
    assert whole.low < found.total.persons < whole.high
    assert found.total.persons == pytest.approx(whole.persons, rel=0.01)


def test_the_same_seed_gives_the_same_answer():
    tables = stratified_table("conting_spina", 3, 0)
    once, again = strata(tables, independence(3)), strata(tables, independence(3))
    assert once.total == again.total
    assert np.array_equal(once.draws, again.draws)


def test_what_cannot_be_is_said():
    with pytest.raises(ValueError, match="same lists"):
        collapsed({("a",): table("Korea"), ("b",): table("Kosovo")})
    alone = {("a",): three([9, 9, 0, 9, 0, 0, 0])}
    said = stratified(alone, independence(3), seed=1)
    assert said == Declined(method="strata", reason=Reason.NOT_EXISTING, model=independence(3))


def test_it_can_be_followed_and_stopped_between_two_fits():
    tables = stratified_table("conting_spina", 3, 0)
    told: list[int] = []
    said = stratified(tables, independence(3), seed=1, tell=told.append, stop=lambda: len(told) == 2)
    assert (said, told) == (Declined(method="strata", reason=Reason.STOPPED, model=independence(3)), [1, 2])

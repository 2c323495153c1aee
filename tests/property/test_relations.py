"""Bound propagation against brute force: it never excludes a number that works, and never widens what was known."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide.facts.model import FactKey
from egide.facts.relations import Contradiction, Relation, tighten
from egide.facts.values import Value

KEYS = [FactKey(source="s", measure=name, territory="FR", period="2025") for name in "abcd"]
REACH = 5  # numbers from 0 to 5 are tried one by one


@st.composite
def values(draw):
    low, high = sorted([draw(st.integers(0, REACH)), draw(st.integers(0, REACH))])
    return Value(low, high)


@st.composite
def relations(draw):
    weights = draw(st.lists(st.integers(-2, 2), min_size=len(KEYS), max_size=len(KEYS)))
    terms = [(key, Fraction(weight)) for key, weight in zip(KEYS, weights, strict=True) if weight]
    return Relation(terms=terms, constant=draw(st.integers(-6, 6)))


def solutions(known, system):
    """Every choice of whole numbers that satisfies the system, found by trying them all."""
    ranges = [range(int(known[key].low), int(known[key].high) + 1) for key in KEYS]
    for choice in product(*ranges):
        numbers = dict(zip(KEYS, choice, strict=True))
        if all(sum(weight * numbers[key] for key, weight in r.terms) == r.constant for r in system):
            yield numbers


known = st.lists(values(), min_size=len(KEYS), max_size=len(KEYS)).map(
    lambda found: dict(zip(KEYS, found, strict=True))
)
systems = st.lists(relations(), min_size=1, max_size=4)


@given(known, systems)
def test_no_number_that_works_is_ever_excluded(known, system):
    working = list(solutions(known, system))
    try:
        tight = tighten(known, system)
    except Contradiction:
        assert not working
    else:
        assert all(tight[key].contains(numbers[key]) for numbers in working for key in KEYS)


@given(known, systems)
def test_nothing_is_ever_widened(known, system):
    try:
        tight = tighten(known, system)
    except Contradiction:
        return
    assert all(tight[key].within(known[key]) for key in KEYS)


@given(known, systems)
def test_a_second_pass_changes_nothing(known, system):
    try:
        tight = tighten(known, system)
    except Contradiction:
        return
    assert tighten(tight, system) == tight


@given(known, relations())
def test_one_relation_of_unit_weights_gives_the_exact_bounds(known, relation):
    unit = Relation(
        terms=[(key, Fraction(1 if weight > 0 else -1)) for key, weight in relation.terms], constant=relation.constant
    )
    working = list(solutions(known, [unit]))
    if not working:
        with pytest.raises(Contradiction):
            tighten(known, [unit])
        return
    tight = tighten(known, [unit])
    for key in unit.keys:
        assert tight[key] == Value(min(n[key] for n in working), max(n[key] for n in working))


@given(known, systems)
def test_the_order_of_the_relations_does_not_matter(known, system):
    def outcome(ordered):
        try:
            return tighten(known, ordered)
        except Contradiction:
            return None

    assert outcome(system) == outcome(system[::-1])


@given(known, systems)
def test_numbers_that_need_not_be_whole_are_never_narrowed_more_than_whole_ones(known, system):
    try:
        whole = tighten(known, system)
    except Contradiction:
        return
    loose = tighten(known, system, whole=False)
    assert all(whole[key].within(loose[key]) for key in KEYS)

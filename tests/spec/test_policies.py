"""A policy is a locked value: what it forbids to show, under which label, and what it asks to know."""

from __future__ import annotations

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import assume, given
from hypothesis import strategies as st

from egide.disclosure.attack.findings import FULL, ambiguous
from egide.disclosure.cells import BelowThreshold, Bounded, NotCommunicated, Shown, Withheld
from egide.disclosure.policy import (
    AMOUNTS,
    ELEVEN,
    GROUPS,
    ONE_CATEGORY,
    POLICIES,
    STATISTICAL_SECRET,
    TWO_VALUES,
    ZEROS,
    Policy,
)
from egide.disclosure.primary import Group, left_by_subtraction
from egide.disclosure.release import Candidates, proposed_ranges, release
from egide.disclosure.secondary import ProtectionImpossible
from egide.disclosure.unsafe import Backing, rows_of, unsafe_cells, whole_of
from egide.errors import ReleaseRefused
from egide.facts.model import Fact, Kind, Secret, Unit
from egide.facts.relations import Relation
from egide.facts.values import Value
from support.crossed import as_drawn, crossed
from support.facts import fact


def contents(policy: Policy, *facts: Fact, backing: Backing | None = None) -> list[object]:
    requested = {str(one.key): one for one in facts}
    released = release(Candidates(requested=requested, backing=backing or Backing()), policy)
    return [released.cell(str(one.key)).content for one in facts]


def persons(*numbers: int | Secret | Value) -> list[Fact]:
    return [fact(f"s/m/FR/2025/a={place}", number) for place, number in enumerate(numbers)]


def amounts(*numbers: int, unit: Unit = Unit.EUR, kind: Kind = Kind.FLOW) -> list[Fact]:
    return [fact(f"s/paid/FR/2025/a={n}", one, unit=unit, kind=kind, counts="") for n, one in enumerate(numbers)]


def brought(facts: list[Fact], *parts: tuple[int, ...]) -> Backing:
    return Backing(contributions={one.key: part for one, part in zip(facts, parts, strict=True)})


def test_policies_are_locked() -> None:
    with pytest.raises(FrozenInstanceError):
        STATISTICAL_SECRET.threshold = 3  # type: ignore[misc]
    with pytest.raises(TypeError):
        POLICIES["secret-statistique"] = ELEVEN  # type: ignore[index]


def test_each_policy_is_known_by_its_name() -> None:
    assert all(POLICIES[policy.name] is policy for policy in POLICIES.values())
    assert POLICIES["secret-statistique"] is STATISTICAL_SECRET


def test_the_letter_protects_in_full() -> None:
    assert STATISTICAL_SECRET.level == FULL
    assert TWO_VALUES.level == ambiguous(2)


# ---------------------------------------------------------------- thresholds and labels


def test_below_eleven_is_told_so() -> None:
    assert contents(ELEVEN, *persons(0, 1, 10, 11)) == [
        Shown(Value.exact(0)),
        BelowThreshold(11),
        BelowThreshold(11),
        Shown(Value.exact(11)),
    ]
    assert BelowThreshold(11).value == Value(1, 10)


def test_beside_a_count_below_eleven_nc_means_eleven_or_more() -> None:
    table = crossed("""
                |   59 |   62 | total
         minors |   7  |   40 |    47
         adults |  60  |   30 |    90
          total |  67  |   70 |   137
    """)
    released = table.released(ELEVEN)
    assert table.printed(released) == as_drawn("""
                |   59 |   62 | total
         minors | < 11 |   nc |    47
         adults |   nc |   nc |    90
          total |  67  |   70 |   137
    """)
    assert released.cell("minors, 62").content == NotCommunicated(11)


def test_a_zero_is_sensitive_where_the_policy_says_so() -> None:
    found = contents(ZEROS, *persons(0, 3, 5))
    assert found == [BelowThreshold(5, 0), BelowThreshold(5, 0), Shown(Value.exact(5))]
    assert BelowThreshold(5, 0).value == Value(0, 4)


def test_a_sensitive_zero_is_not_given_away_by_its_totals() -> None:
    table = crossed("""
                |  59 | 62 | total
         minors |   0 | 20 |    20
         adults |  12 | 30 |    42
         total  |  12 | 50 |    62
    """)
    assert table.printed(table.released(ZEROS)) == as_drawn("""
                |  59 | 62 | total
         minors | < 5 | nc |    20
         adults |  nc | nc |    42
         total  |  12 | 50 |    62
    """)


def test_sensitive_zeros_may_add_up_to_a_small_total() -> None:
    table = crossed("""
                |  59 |  62 | total
         minors |   0 |   3 |     3
    """)
    assert table.printed(table.released(ZEROS)) == as_drawn("""
                |  59 |  62 | total
         minors | < 5 | < 5 |   < 5
    """)


def test_a_sensitive_zero_that_nothing_can_protect_refuses_the_release() -> None:
    table = crossed("""
                |  59 | 62 | total
         minors |   0 | 20 |    20
    """)
    kept = frozenset({table.key("minors", "62"), table.key("minors", "total")})
    with pytest.raises(ProtectionImpossible, match="garde au mieux 1 valeur"):
        table.released(ZEROS, keep=kept)


def test_a_class_printed_beside_a_sensitive_zero_leaves_it_possible() -> None:
    table = crossed("""
                |  59 | 62 | total
         minors |   0 | 20 |    20
         adults |  12 | 30 |    42
         total  |  12 | 50 |    62
    """)
    key = table.key("adults", "62")
    proposed = proposed_ranges(table.candidates(), ZEROS)[key]
    assert proposed == Bounded(Value(30, 34))


def test_a_range_is_a_small_count_only_as_a_whole() -> None:
    two_or_three, three_to_eight = persons(Value(2, 3), Value(3, 8))
    assert contents(STATISTICAL_SECRET, two_or_three, three_to_eight) == [BelowThreshold(5), Shown(Value(3, 8))]


# ---------------------------------------------------------------- groups


@pytest.mark.parametrize(
    ("count", "group", "content"),
    [
        (20, Group(persons=20, bodies=3), Shown(Value.exact(20))),
        (20, Group(persons=20, bodies=2), NotCommunicated(5)),
        (20, Group(persons=4, bodies=3), NotCommunicated(5)),
        (3, Group(persons=3, bodies=3), BelowThreshold(5)),
    ],
)
def test_a_group_has_five_persons_and_three_bodies_at_least(count: int, group: Group, content: object) -> None:
    (one,) = persons(count)
    policy = evolve(GROUPS, name="groupes seuls", subtracting=False)
    assert contents(policy, one, backing=Backing(groups={one.key: group})) == [content]


def test_a_hidden_range_across_the_threshold_says_nothing() -> None:
    (one,) = persons(Value(3, 8))
    policy = evolve(GROUPS, name="groupes seuls", subtracting=False)
    backing = Backing(groups={one.key: Group(persons=8, bodies=1)})
    assert contents(policy, one, backing=backing) == [Withheld()]


def test_a_policy_on_groups_refuses_to_guess_who_is_behind_a_count() -> None:
    with pytest.raises(ReleaseRefused) as refusal:
        contents(GROUPS, *persons(20, 0))
    assert "personnes et organismes derrière chaque effectif\u00a0: s/m/FR/a=0." not in str(refusal.value)
    assert "personnes et organismes derrière chaque effectif\u00a0: s/m/FR/a=0 ;" in str(refusal.value)
    assert "part de chaque organisme dans chaque effectif\u00a0: s/m/FR/a=0." in str(refusal.value)
    assert "a=1" not in str(refusal.value)  # nobody stands behind a zero


@pytest.mark.parametrize(
    ("parts", "hidden"),
    [((18, 2), True), ((16, 4), True), ((15, 5), False), ((20,), False), ((10, 9, 1), False)],
)
def test_a_body_that_subtracts_its_own_part_learns_no_small_count(parts: tuple[int, ...], hidden: bool) -> None:
    (one,) = persons(20)
    policy = Policy(name="soustraction", threshold=5, subtracting=True)
    (content,) = contents(policy, one, backing=brought([one], parts))
    assert isinstance(content, NotCommunicated) == hidden


@given(st.lists(st.integers(0, 30), min_size=1, max_size=5), st.integers(2, 12))
def test_no_body_at_all_learns_a_small_count_by_subtraction(parts: list[int], threshold: int) -> None:
    assume(sum(parts) >= threshold)  # otherwise the count is hidden as a small one
    learns = any(0 < sum(parts) - mine < threshold for mine in parts)
    assert (left_by_subtraction({"x": parts}, threshold) == {"x"}) == learns


def test_where_zeros_are_sensitive_nobody_may_learn_that_the_others_had_none() -> None:
    assert left_by_subtraction({"x": [20, 0]}, 5, zero_is_sensitive=True) == {"x"}
    assert left_by_subtraction({"x": [0, 0]}, 5, zero_is_sensitive=True) == frozenset()


def test_parts_that_do_not_make_their_number_are_refused() -> None:
    (one,) = persons(20)
    policy = Policy(name="soustraction", threshold=5, subtracting=True)
    with pytest.raises(ReleaseRefused, match="ne font pas le nombre publié"):
        contents(policy, one, backing=brought([one], (10, 9)))


def test_a_count_that_is_the_whole_of_its_row_says_it_of_everybody() -> None:
    all_in_one, mixed, none = persons(20, 12, 0)
    rows = ((all_in_one.key, none.key), (mixed.key, all_in_one.key))
    found = contents(ONE_CATEGORY, all_in_one, mixed, none, backing=Backing(rows=rows))
    assert found == [NotCommunicated(5), Shown(Value.exact(12)), Shown(Value.exact(0))]


def test_rows_must_be_told_even_if_there_are_none() -> None:
    with pytest.raises(ReleaseRefused, match="catégories de chaque ligne\u00a0: s/m/FR/a=0"):
        contents(ONE_CATEGORY, *persons(20))
    assert contents(ONE_CATEGORY, *persons(20), backing=Backing(rows=())) == [Shown(Value.exact(20))]


def test_rows_are_those_of_the_declared_totals() -> None:
    whole, one, two = (fact(f"s/m/FR/2025{end}", 5).key for end in ("", "/a=x", "/a=y"))
    assert rows_of([Relation.total(whole, [one, two])]) == ((one, two),)
    assert rows_of([Relation(terms=[(one, 1), (two, -1)])]) == ()
    assert whole_of(Relation(terms=[(whole, 1), (one, 1), (two, 1)], constant=9)) is None


# ---------------------------------------------------------------- amounts


@pytest.mark.parametrize(
    ("parts", "hidden"),
    [((860, 140), True), ((820, 90, 90), False), ((800, 130, 70), True), ((400, 300, 300), False)],
)
def test_an_amount_is_hidden_when_one_dominates_or_another_can_estimate_it(
    parts: tuple[int, ...], hidden: bool
) -> None:
    """85 % of one contributor at most; the second one must not know the first within 10 %."""
    (one,) = amounts(1000)
    (content,) = contents(AMOUNTS, one, backing=brought([one], parts))
    assert (content == Withheld()) == hidden


def test_an_amount_in_millions_is_judged_on_contributions_in_euros() -> None:
    (one,) = amounts(3, unit=Unit.MILLION_EUR)
    assert contents(AMOUNTS, one, backing=brought([one], (2_700_000, 300_000))) == [Withheld()]


def test_a_legal_amount_or_a_mean_is_nobodys() -> None:
    (one,) = amounts(343, kind=Kind.LEVEL)
    assert contents(AMOUNTS, one) == [Shown(Value.exact(343))]


def test_an_amount_without_its_contributors_is_refused() -> None:
    with pytest.raises(ReleaseRefused, match="part de chaque contributeur dans chaque montant\u00a0: s/paid/FR/a=0"):
        contents(AMOUNTS, *amounts(1000))


def test_an_amount_to_hide_in_a_total_is_refused() -> None:
    whole, one, two = amounts(1000, 700, 300)
    relation = Relation.total(whole.key, [one.key, two.key])
    backing = brought([whole, one, two], (400, 300, 300), (690, 10), (100, 100, 100))
    candidates = Candidates(requested={"t": whole, "a": one, "b": two}, relations=(relation,), backing=backing)
    with pytest.raises(ReleaseRefused, match="un montant à masquer ne peut pas encore être protégé"):
        release(candidates, AMOUNTS)


# ---------------------------------------------------------------- reasons


def test_each_unsafe_fact_has_its_reason() -> None:
    small, dominated, hidden, none = *persons(3), *amounts(1000), *persons(Secret.BELOW_FIVE), fact("s/m/FR/2024", None)
    facts = {str(n): one for n, one in enumerate((small, dominated, hidden, none))}
    policy = evolve(AMOUNTS, name="un seul", p_percent=None)
    found = unsafe_cells(
        policy, {one.key: one for one in facts.values() if one is not hidden}, brought([dominated], (900, 100))
    )
    assert [reason.replace("\u202f", " ") for reason in found.values()] == [
        "effectif inférieur à 5",
        "un contributeur apporte plus de 85 % du montant",
    ]

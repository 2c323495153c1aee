"""Totals and hierarchies as relations, on cases a statistician can check by hand."""

import pytest

from egide.facts.model import FactKey, Kind, Secret
from egide.facts.relations import Contradiction, Relation, Term, Total, hierarchies, relations_of, tighten
from egide.facts.values import BELOW_FIVE, NOT_COMMUNICATED, Value
from egide.reference import load
from support.facts import fact

WHOLE, LEFT, RIGHT, OTHER = (FactKey.parse(f"s/{name}/FR/2025") for name in ("whole", "left", "right", "other"))
SUM = Relation.total(WHOLE, [LEFT, RIGHT])


def exactly(number):
    return Value.exact(number)


@pytest.mark.parametrize(
    ("whole", "left", "right", "expected"),
    [
        (exactly(14), exactly(8), NOT_COMMUNICATED, exactly(6)),
        (exactly(14), NOT_COMMUNICATED, NOT_COMMUNICATED, Value(5, 9)),
        (exactly(14), BELOW_FIVE, NOT_COMMUNICATED, Value(10, 13)),
        (NOT_COMMUNICATED, BELOW_FIVE, NOT_COMMUNICATED, NOT_COMMUNICATED),
        (Value(None, 20), exactly(8), Value(0, None), Value(0, 12)),
    ],
)
def test_a_hidden_part_is_cut_down_to_what_the_total_leaves(whole, left, right, expected):
    assert tighten({WHOLE: whole, LEFT: left, RIGHT: right}, [SUM])[RIGHT] == expected


def test_a_fact_nothing_is_known_of_is_bounded_by_the_others():
    assert tighten({LEFT: exactly(8), RIGHT: BELOW_FIVE}, [SUM])[WHOLE] == Value(9, 12)


def test_what_one_relation_says_reaches_the_others():
    known = {
        WHOLE: exactly(12),
        LEFT: exactly(8),
        RIGHT: NOT_COMMUNICATED.meet(Value(None, 9)),
        OTHER: NOT_COMMUNICATED,
    }
    chained = [
        Relation(terms=[(OTHER, 1), (RIGHT, 1)], constant=11),
        Relation(terms=[(WHOLE, 1), (LEFT, -1), (OTHER, -1)], constant=-2),
    ]
    assert tighten(known, chained)[RIGHT] == exactly(5)


def test_two_statements_that_cannot_both_hold_name_the_relation_that_clashes():
    with pytest.raises(Contradiction, match="s/whole/FR/2025") as clash:
        tighten({WHOLE: exactly(8), LEFT: exactly(8), RIGHT: BELOW_FIVE}, [SUM])
    assert clash.value.relation == SUM


def test_a_count_that_no_whole_number_satisfies_is_a_contradiction_and_a_mean_is_not():
    double = Relation(terms=[(LEFT, 2)], constant=5)
    with pytest.raises(Contradiction):
        tighten({LEFT: Value(0, 9)}, [double])
    assert tighten({LEFT: Value(0, 9)}, [double], whole=False)[LEFT] == Value("5/2", "5/2")


def test_an_interval_without_any_whole_number_is_a_contradiction_by_itself():
    with pytest.raises(Contradiction):
        tighten({LEFT: Value("1/3", "2/3")}, [])


def test_a_fact_on_both_sides_of_a_relation_says_nothing_and_a_false_constant_does():
    assert tighten({LEFT: BELOW_FIVE}, [Relation(terms=[(LEFT, 1), (LEFT, -1)])])[LEFT] == BELOW_FIVE
    with pytest.raises(Contradiction):
        tighten({LEFT: BELOW_FIVE}, [Relation(terms=[(LEFT, 1), (LEFT, -1)], constant=1)])


def test_a_system_that_closes_in_without_end_is_left_where_it_stands():
    halves = [Relation(terms=[(LEFT, 2), (RIGHT, -1)]), Relation(terms=[(RIGHT, 2), (LEFT, -1)])]
    tight = tighten({LEFT: Value(0, 1), RIGHT: Value(0, 1)}, halves, whole=False)
    assert tight[LEFT].contains(0)
    assert tight[LEFT].high < 1


# ---- from totals to relations ----

BY_SEX = Total(
    total=Term(measure="m"), parts=(Term(measure="m", dims={"sex": "F"}), Term(measure="m", dims={"sex": "M"}))
)


def keys(relations):
    return [[str(key) for key in relation.keys] for relation in relations]


def test_a_total_holds_at_each_period_territory_and_other_dimension_where_its_terms_are_stated():
    facts = [
        fact("s/m/FR/2024", 3), fact("s/m/FR/2024/sex=F", 1), fact("s/m/FR/2024/sex=M", 2),
        fact("s/m/FR/2025", 3), fact("s/m/FR/2025/sex=F", 1),
        fact("s/m/DEP-62/2025/age=lt18", 3), fact("s/m/DEP-62/2025/age=lt18;sex=F", 1),
        fact("s/m/DEP-62/2025/age=lt18;sex=M", Secret.BELOW_FIVE),
    ]  # fmt: skip
    assert keys(relations_of([BY_SEX], facts)) == [
        ["s/m/FR/2024", "s/m/FR/2024/sex=F", "s/m/FR/2024/sex=M"],
        ["s/m/DEP-62/2025/age=lt18", "s/m/DEP-62/2025/age=lt18;sex=F", "s/m/DEP-62/2025/age=lt18;sex=M"],
    ]


def test_a_fact_asked_for_but_not_known_states_nothing():
    facts = [fact("s/m/FR/2025", 3), fact("s/m/FR/2025/sex=F", 1), fact("s/m/FR/2025/sex=M", None)]
    assert relations_of([BY_SEX], facts) == ()


def test_a_total_may_run_over_measures_and_named_territories():
    total = Total(
        total=Term(measure="all", territory="FR"),
        parts=(Term(measure="m", territory="DEP-62"), Term(measure="m", territory="DEP-59")),
    )
    facts = [
        fact("s/all/FR/2025", 3),
        fact("s/m/DEP-59/2025", 1),
        fact("s/m/DEP-62/2025", 2),
        fact("s/all/DEP-62/2025", 9),
    ]
    assert keys(relations_of([total], facts)) == [["s/all/FR/2025", "s/m/DEP-62/2025", "s/m/DEP-59/2025"]]


def test_two_declarations_of_one_total_make_one_relation():
    facts = [fact("s/m/FR/2025", 3), fact("s/m/FR/2025/sex=F", 1), fact("s/m/FR/2025/sex=M", 2)]
    assert len(relations_of([BY_SEX, BY_SEX], facts)) == 1


# ---- hierarchies ----

BRITTANY = ["DEP-22", "DEP-29", "DEP-35", "DEP-56"]


def of_brittany(**details):
    return [fact(f"s/m/{code}/2025", 1, **details) for code in ["REG-53", *BRITTANY]]


def test_a_region_is_the_sum_of_its_departments_when_all_are_stated():
    assert keys(hierarchies(of_brittany())) == [[f"s/m/{code}/2025" for code in ["REG-53", *BRITTANY]]]


def test_a_region_is_not_summed_from_some_of_its_departments():
    assert hierarchies(of_brittany()[:-1]) == ()


def test_levels_and_persons_counted_in_several_territories_are_not_summed():
    assert hierarchies(of_brittany(kind=Kind.LEVEL)) == ()
    assert hierarchies(of_brittany(overlapping=("territory",))) == ()


def test_france_without_the_collectivities_is_the_sum_of_its_departments_and_of_its_regions():
    mainland = [row for row in load.table("departements") if row["zone"] in ("metro", "drom")]
    facts = [fact(f"s/m/DEP-{row['code']}/2025", 1) for row in mainland]
    whole = hierarchies([fact("s/m/FR_HORS_COM/2025", 101), *facts])
    assert [len(relation.keys) for relation in whole if "FR_HORS_COM" in str(relation.keys[0])] == [102]

"""A delivered share is two inequalities between its counts: declared once, checked at the door."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from egide.cli.facts import declared_ties
from egide.facts.book import FactBook
from egide.facts.model import Fact, Secret, Unit
from egide.facts.ratios import Inclusion, PrintedRatio, Ratio, RatioKind, inclusions_of, ratios_of
from egide.facts.relations import Term
from egide.facts.values import Value
from egide.sources.catalogue import known_sources, load_schema
from egide.sources.schema import SchemaError, parse_schema
from egide.sources.sums import false_inclusions, false_ratios
from support.deliveries import GOOD, found, judged, mapping
from support.facts import fact

PART, WHOLE = Term(measure="n", dims={"sex": "F"}), Term(measure="n")
SHARE = Ratio(kind=RatioKind.SHARE, printed=Term(measure="rate"), part=(PART,), whole=(WHOLE,))


def rate(number: int | Value, period: str = "2025", measure: str = "rate") -> Fact:
    return fact(f"s/{measure}/FR/{period}", number, unit=Unit.PERCENT)


def counted(women: int | Secret, all_: int, period: str = "2025") -> list[Fact]:
    return [fact(f"s/n/FR/{period}/sex=F", women), fact(f"s/n/FR/{period}", all_)]


def complaints(ratio: Ratio, *facts: Fact) -> list[str]:
    return [complaint.expected for _, complaint in false_ratios([ratio], facts)]


def test_a_share_is_tied_to_its_counts_wherever_all_are_stated() -> None:
    (tied,) = ratios_of([SHARE], [rate(30), *counted(3, 10), rate(40, "2024")])
    assert (str(tied.printed), [str(key) for key in tied.keys]) == (
        "s/rate/FR/2025",
        ["s/n/FR/2025/sex=F", "s/n/FR/2025"],
    )


def test_a_share_stated_with_more_decimals_than_declared_says_as_much_as_it_states() -> None:
    """37.5 % where whole per cents were announced is 3 of 8, not any share that would be printed 37 or 38."""
    (tied,) = ratios_of([SHARE], [rate(Value.exact(Fraction(75, 2))), *counted(3, 8)])
    bounds = [sorted(abs(weight) for _, weight in side.terms) for side in tied.sides(Value.exact(Fraction(75, 2)))]
    assert bounds == [[Fraction("37.45"), 100], [Fraction("37.55"), 100]]
    assert complaints(SHARE, rate(Value.exact(Fraction(75, 2))), *counted(3, 8)) == []
    assert len(complaints(SHARE, rate(Value.exact(Fraction(75, 2))), *counted(19, 50))) == 1


def test_a_growth_is_read_from_the_first_period_to_the_second() -> None:
    growth = Ratio(kind=RatioKind.GROWTH, printed=Term(measure="rate"), part=(WHOLE,), whole=(WHOLE,))
    facts = [*counted(1, 10, "2024"), *counted(1, 15, "2025")]
    assert complaints(growth, rate(50, "2024..2025"), *facts) == []
    (told,) = complaints(growth, rate(51, "2024..2025"), *facts)
    assert told == "ce que donnent les lignes 2 et 2\u00a0: 100 × (15 − 10) / 10"
    assert ratios_of([growth], [rate(50, "2025"), *facts]) == ()


@pytest.mark.parametrize(
    ("kind", "stated", "holds"),
    [
        (RatioKind.MULTIPLE, 2, True),
        (RatioKind.MULTIPLE, 3, False),
        (RatioKind.INDEX, 150, True),
        (RatioKind.INDEX, 152, False),
    ],
)
def test_multiples_and_indexes_over_time(kind: RatioKind, stated: int, holds: bool) -> None:
    over_time = Ratio(kind=kind, printed=Term(measure="rate"), part=(WHOLE,), whole=(WHOLE,))
    facts = [*counted(1, 10, "2024"), *counted(1, 15, "2025")]
    assert (complaints(over_time, rate(stated, "2024..2025"), *facts) == []) is holds


def test_a_mean_is_not_out_of_a_hundred() -> None:
    mean = Ratio(kind=RatioKind.MEAN, printed=Term(measure="rate"), part=(WHOLE,), whole=(PART,), places=1)
    assert complaints(mean, rate(Value.exact(Fraction("3.3"))), *counted(3, 10)) == []
    assert len(complaints(mean, rate(Value.exact(Fraction("3.4"))), *counted(3, 10))) == 1


@pytest.mark.parametrize(
    ("women", "stated", "holds"),
    [
        (3, 30, True),
        (3, 31, False),
        (Secret.BELOW_FIVE, 40, True),
        (Secret.BELOW_FIVE, 45, False),
        (Secret.NOT_COMMUNICATED, 100, True),
        (Secret.NOT_COMMUNICATED, 49, False),
    ],
)
def test_a_share_is_refused_when_no_hidden_count_prints_so(women: int | Secret, stated: int, holds: bool) -> None:
    assert (complaints(SHARE, rate(stated), *counted(women, 10)) == []) is holds


def test_the_half_is_rounded_away_from_zero() -> None:
    assert complaints(SHARE, rate(13), *counted(5, 40)) == []
    assert len(complaints(SHARE, rate(12), *counted(5, 40))) == 1


def test_a_share_stated_as_a_range_is_tied_on_the_sides_it_has() -> None:
    tied = PrintedRatio(printed=rate(1).key, above=[(WOMEN, 1)], below=[(ALL, 1)], factor=100, places=0)
    assert len(list(tied.sides(Value(50, None)))) == 1
    assert len(list(tied.sides(Value(None, 50)))) == 1


WOMEN, ALL = (one.key for one in counted(3, 10))


def test_a_part_larger_than_the_count_that_takes_it_in_is_refused() -> None:
    inside = Inclusion(part=PART, whole=WHOLE)
    (clash,) = false_inclusions([inside], counted(12, 10))
    assert (clash[1].expected, clash[1].got) == ("au plus 10, l’effectif qui le comprend (ligne 2)", "12")
    assert list(false_inclusions([inside], counted(Secret.BELOW_FIVE, 10))) == []
    assert inclusions_of([Inclusion(part=WHOLE, whole=WHOLE)], counted(1, 2)) == ()


# ---- in a schema ----


def declared(**changes: Any) -> dict[str, Any]:
    ratio = {
        "kind": "share",
        "printed": {"measure": "share_women", "dims": {}},
        "part": [{"measure": "psp_current", "dims": {"sex": "F"}}],
        "whole": [{"measure": "psp_current", "dims": {}}],
        "places": 1,
    }
    return mapping() | {"ratios": [ratio | changes]}


def test_a_delivery_whose_share_is_not_that_of_its_counts_is_refused_at_its_row() -> None:
    share = "Part des femmes | 2025-12-31 | France (hors COM) | | {} | | | | définitif |"
    assert judged(GOOD + share.format("97.0"), spoiled=declared()).accepted
    report = judged(GOOD + share.format("97.1"), spoiled=declared())
    assert found(report) == [(6, "valeur", "ratio-false")]
    assert "100 × 893 / 921" in report.text()


def test_a_delivery_whose_part_exceeds_its_whole_is_refused_at_its_row() -> None:
    terms = {
        "part": {"measure": "psp_current", "dims": {"sex": "M"}},
        "whole": {"measure": "psp_current", "dims": {"sex": "F"}},
    }
    assert judged(GOOD, spoiled=mapping() | {"inclusions": [terms]}).accepted
    swapped = {"part": terms["whole"], "whole": terms["part"]}
    assert found(judged(GOOD, spoiled=mapping() | {"inclusions": [swapped]})) == [(3, "valeur", "inclusion-false")]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"kind": "part"}, "kind: expected one of"),
        ({"part": []}, "at least one count on each side"),
        ({"places": -1}, "places to be a whole number"),
        ({"places": True}, "places to be a whole number"),
        ({"printed": {"measure": "x", "dims": {}}}, "a declared measure, got 'x'"),
        ({"printed": {"measure": "share_women", "dims": {"sex": "X"}}}, "codes of a sheet with share_women"),
        ({"printed": {"measure": "psp_current", "dims": {}}}, "in a unit that a share is stated in"),
        ({"kind": "growth"}, "one and the same count at both ends"),
        ({"whole": [{"measure": "growth", "dims": {}}]}, "growth is a level"),
        ({"note": "x"}, "no key"),
    ],
)
def test_a_ratio_that_says_nothing_sound_is_refused(changes: dict[str, Any], expected: str) -> None:
    with pytest.raises(SchemaError, match=expected):
        parse_schema(declared(**changes))


def test_a_scope_between_things_of_two_kinds_is_refused() -> None:
    terms = {"part": {"measure": "psp_current", "dims": {}}, "whole": {"measure": "share_women", "dims": {}}}
    with pytest.raises(SchemaError, match="counts of one unit and one kind"):
        parse_schema(mapping() | {"inclusions": [terms]})


def test_every_declared_ratio_can_be_delivered() -> None:
    """What is printed and what it is a ratio of are columns of the same institution."""
    ratios = [ratio for source in known_sources() for ratio in load_schema(source).ratios]
    assert len(ratios) > 30
    assert {ratio.kind for ratio in ratios} >= {RatioKind.SHARE, RatioKind.GROWTH, RatioKind.MULTIPLE}


# ---- a territory and all its parts ----


@pytest.mark.parametrize(("region", "tied"), [(10, True), (12, False)])
def test_a_region_is_the_sum_of_its_departments_unless_the_numbers_exclude_it(region: int, tied: bool) -> None:
    """Two persons of no known department: nobody declared that there are none."""
    departments = [
        fact(f"s/m/DEP-{code}/2025", number) for code, number in (("22", 1), ("29", 2), ("35", 3), ("56", 4))
    ]
    book = FactBook([fact("s/m/REG-53/2025", region), *departments])
    assert bool(declared_ties(book).totals) is tied

"""How what is public becomes a system of whole numbers, and how a large one is cut up."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from egide.disclosure.attack.audit import audit
from egide.disclosure.attack.components import reduce, split
from egide.disclosure.attack.exact import proven_empty, proven_least
from egide.disclosure.attack.findings import protection
from egide.disclosure.attack.propagation import propagate
from egide.disclosure.attack.reach import Reach
from egide.disclosure.attack.rows import NO_LIMIT, TooLarge
from egide.disclosure.attack.settle import How, Limits
from egide.disclosure.attack.system import Attacker, Contradictory, Statement, System, Unknown
from egide.disclosure.attack.system import Shown as Number
from egide.disclosure.cells import BelowFive, Bounded, NotCommunicated, Shown, Withheld
from egide.errors import ReleaseRefused
from egide.facts.values import Value, rounding


@pytest.mark.parametrize(
    ("content", "label", "low", "high"),
    [
        (BelowFive(), "< 5", 1, 4),
        (NotCommunicated(), "nc", 5, None),
        (Bounded(Value(11, 19)), "10 < nc < 20", 11, 19),
        (Bounded(Value(6, None)), "5 < nc", 6, None),
        (Withheld(), "fourchette", 0, None),
        (Shown(Value(300, 301)), "fourchette", 300, 301),
    ],
)
def test_a_cell_that_is_not_a_number_is_an_unknown(content, label, low, high):
    unknown = Unknown.of(content)
    assert (unknown.label, unknown.low, unknown.high) == (label, low, high)


def test_a_number_is_no_unknown():
    with pytest.raises(ValueError, match="shown exactly"):
        Unknown.of(Shown(Value.exact(7)))


@pytest.mark.parametrize(
    ("unknown", "range_"),
    [
        (Unknown.below(), (1, None)),
        (Unknown.nc(), (1, None)),
        (Unknown.between(10, 20), (11, 19)),
        (Unknown.withheld(), (0, None)),
    ],
)
def test_who_ignores_the_labels_takes_what_is_hidden_to_be_positive(unknown, range_):
    assert unknown.range_for(Attacker.POSITIVE_ONLY) == range_


@pytest.mark.parametrize(
    ("printed", "places", "bounds"),
    [
        (89, 0, (Fraction("88.5"), Fraction("89.5"), False, True)),
        (-12, 0, (Fraction("-12.5"), Fraction("-11.5"), True, False)),
        (0, 0, (Fraction("-0.5"), Fraction("0.5"), True, True)),
        (Fraction("12.3"), 1, (Fraction("12.25"), Fraction("12.35"), False, True)),
    ],
)
def test_what_rounding_leaves_possible(printed, places, bounds):
    assert rounding(printed, places) == bounds


def test_fractions_and_strict_bounds_become_whole():
    half = Statement(
        terms=(("a", Fraction(1, 2)), ("b", Fraction(1, 3))), low=1, high=2, low_strict=True, high_strict=True, said="x"
    )
    rows = System.of({"a": Unknown.withheld(), "b": Unknown.withheld()}, [half]).rows
    assert rows.weights.tolist() == [3, 2]
    assert (rows.at_least.tolist(), rows.at_most.tolist()) == ([7], [11])


def test_shown_cells_are_constants_and_a_cell_said_twice_counts_twice():
    said = Statement.equal([("a", 1), ("a", 1), ("b", 2)], 20, said="x")
    rows = System.of({"a": Unknown.withheld()}, [said], {"b": Number(value=3)}).rows
    assert (rows.weights.tolist(), rows.at_least.tolist(), rows.at_most.tolist()) == ([1], [7], [7])


def test_a_common_divisor_that_no_whole_number_satisfies_is_a_contradiction():
    with pytest.raises(Contradictory, match="contredit lui-même"):
        System.of({"a": Unknown.below()}, [Statement.equal([("a", 2)], 5, said="le double")])


def test_a_statement_about_a_cell_that_nobody_described_is_refused():
    with pytest.raises(KeyError):
        System.of({"a": Unknown.below()}, [Statement.equal([("b", 1)], 5, said="x")])


def test_a_cell_cannot_be_hidden_and_shown():
    with pytest.raises(ValueError, match="both hidden and shown"):
        System.of({"a": Unknown.below()}, [], {"a": Number(value=3)})


def test_numbers_beyond_exact_arithmetic_are_refused():
    with pytest.raises(TooLarge):
        System.of({"a": Unknown.withheld()}, [Statement.equal([("a", 1)], 10**30, said="x")])
    with pytest.raises(TooLarge):
        System.of({"a": Unknown(label="?", low=10**15, high=None)}, [])
    with pytest.raises(TooLarge):
        wide = Statement.equal([("a", 10**9), ("b", 10**9 + 1)], 5, said="x")
        System.of({"a": Unknown.withheld(), "b": Unknown.withheld()}, [wide])


def chain(length: int) -> System:
    """x0 + x1 = x1 + x2 = … = 5: each small count tells the next."""
    unknowns = {number: Unknown.below() for number in range(length)}
    said = [Statement.equal([(n, 1), (n + 1, 1)], 5, said=str(n)) for n in range(length - 1)]
    return System.of(unknowns, [*said, Statement.equal([(0, 1)], 2, said="premier")])


def test_propagation_goes_to_the_end_of_a_chain():
    bounds = propagate(chain(50).rows)
    assert bounds.low.tolist() == bounds.high.tolist() == [2, 3] * 25


def test_propagation_that_would_never_end_stops_and_stays_sound():
    """x < y and y < x, both without upper bound: only the sums show that nothing fits."""
    said = [
        Statement(terms=(("x", 1), ("y", -1)), high=0, high_strict=True, said="x < y"),
        Statement(terms=(("y", 1), ("x", -1)), high=0, high_strict=True, said="y < x"),
    ]
    system = System.of({"x": Unknown.withheld(), "y": Unknown.withheld()}, said)
    assert propagate(system.rows).clash is None
    with pytest.raises(Contradictory):
        audit(system)


def test_parts_that_do_not_touch_are_solved_apart():
    unknowns = {cell: Unknown(label="?", low=0, high=9) for cell in "abcdef"}
    said = [
        Statement.equal([("a", 1), ("b", 1)], 9, said="1"),
        Statement.equal([("c", 1), ("d", 1)], 9, said="2"),
        Statement.equal([("d", 1), ("e", 1)], 9, said="3"),
    ]
    rest = reduce(System.of(unknowns, said).rows).rest
    assert [part.columns.tolist() for part in split(rest)] == [[0, 1], [2, 3, 4]]


def test_a_long_chain_is_one_part():
    unknowns = {number: Unknown(label="?", low=0, high=9) for number in range(3000)}
    said = [Statement.equal([(n, 1), ((n * 7 + 1) % 3000, 1)], 9, said=str(n)) for n in range(3000)]
    parts = list(split(reduce(System.of(unknowns, said).rows).rest))
    assert sum(part.rows.width for part in parts) == 3000
    columns = [set(part.columns.tolist()) for part in parts]
    assert all(any({n, (n * 7 + 1) % 3000} <= part for part in columns) for n in range(3000))


def test_multipliers_badly_rounded_weaken_a_bound_and_never_make_it_false():
    unknowns = {cell: Unknown(label="?", low=0, high=9) for cell in "ab"}
    rows = System.of(unknowns, [Statement.equal([("a", 3), ("b", 3)], 15, said="x")]).rows
    objective = np.array([1, 1], np.int64)
    assert proven_least(rows, objective, np.array([1.0])) == 5
    for guess in (0.999999, 1.0000004, 0.5, 0.0, -3.7):
        bound = proven_least(rows, objective, np.array([guess]))
        assert bound is None or bound <= 5
    assert not proven_empty(rows, np.array([1.0]))


def test_an_unknown_that_nothing_bounds_is_proven_to_have_no_bound():
    unknowns = {"x": Unknown.nc(), "y": Unknown.nc(), "z": Unknown.below()}
    said = [Statement.equal([("x", 1), ("y", -2), ("z", 1)], 0, said="x")]
    findings = audit(System.of(unknowns, said), Limits(trials=0))
    assert [findings[cell].high for cell in "xyz"] == [None, None, 4]
    assert not findings.unproven.any()
    assert findings.system.rows.high.tolist()[:2] == [NO_LIMIT, NO_LIMIT]


def square(side: int, seed: int | None = None) -> tuple[System, np.ndarray]:
    """A table of small counts with its margins shown, all inner cells hidden, and the numbers behind it."""
    numbers = {(i, j): 1 + (i * 3 + j * 5 + i * j) % 4 for i in range(side) for j in range(side)}
    if seed is not None:
        drawn = np.random.default_rng(seed).integers(1, 5, side * side).tolist()
        numbers = dict(zip(numbers, drawn, strict=True))
    rows = [
        Statement.equal([((i, j), 1) for j in range(side)], sum(numbers[i, j] for j in range(side)), said=f"ligne {i}")
        for i in range(side)
    ]
    columns = [
        Statement.equal([((i, j), 1) for i in range(side)], sum(numbers[i, j] for i in range(side)), said=f"col {j}")
        for j in range(side)
    ]
    system = System.of({cell: Unknown.below() for cell in numbers}, rows + columns)
    return system, np.fromiter(numbers.values(), np.int64)


@pytest.mark.parametrize("known", [True, False])
def test_a_large_table_is_proven_protected_whether_or_not_its_numbers_are_known(known):
    system, truth = square(20)
    findings = audit(system, truth=truth if known else None)
    assert {finding.how for finding in findings} == {How.EXACT_SOLVER}
    assert protection(findings) == ()


def test_small_exchanges_alone_prove_a_large_table_protected():
    """No question is put to the solver, neither about the whole nor near a cell: squares of cells are enough."""
    system, truth = square(40, seed=1)
    findings = audit(system, Limits(swept=0, work=0, near=0), truth=truth)
    assert not findings.unproven.any()
    assert protection(findings) == ()


def test_a_part_too_large_for_the_work_allowed_is_said_to_be_not_proven():
    system, truth = square(40, seed=1)
    findings = audit(system, Limits(swept=0, work=0, near=0, exchanged=2000), truth=truth)
    assert findings.unproven.any()
    assert not any(breach.proven for breach in protection(findings))
    near = audit(system, Limits(swept=0, work=0, near=50_000, exchanged=0), truth=truth)
    assert 0 < near.unproven.sum() < 1600
    assert audit(system, Limits(solving=0)).unproven.all()


def test_an_exchange_that_changes_a_total_or_leaves_a_label_does_not_count():
    system, truth = square(6)
    reach = Reach(system.rows)
    reach.note(truth)
    places = [0, 1, 6, 7]  # the square of the first two lines and columns
    square_moves = np.array([[1, -1, -1, 1], [1, -1, -1, -1], [3, -3, -3, 3], [1, -1, 0, 0]])
    good = [
        bool(np.all((truth[places] + moves >= 1) & (truth[places] + moves <= 4)) and moves[0] == moves[3] == -moves[1])
        for moves in square_moves
    ]
    assert reach.note_moves(np.tile(np.array([places]), (4, 1)), square_moves) == sum(good)
    assert reach.note_moves(np.array([[0, 0]]), np.array([[1, -1]])) == 0, "one cell moved twice is no exchange"


def test_what_lies_near_a_cell_is_enough_to_prove_it_protected():
    """No point of the whole is sought: each question is answered around its cell, the rest keeping its numbers."""
    system, truth = square(13)
    findings = audit(system, Limits(swept=0, work=0, exchanged=0), truth=truth)
    assert not findings.unproven.any()
    assert protection(findings) == ()


def blocks(count: int) -> tuple[System, np.ndarray]:
    """Small tables whose cell `az` only sums of rows and columns give away, tied together by one common total."""
    unknowns, said, truth = {}, [], []
    for block in range(count):
        cells = {cell: (block, cell) for cell in ("ax", "ay", "az", "bx", "by")}
        unknowns |= {cell: Unknown.nc() for cell in cells.values()}
        unknowns[cells["az"]] = Unknown.below()
        for names, total in (("ax ay az", 53), ("bx by", 40), ("ax bx", 45), ("ay by", 45)):
            said.append(Statement.equal([(cells[name], 1) for name in names.split()], total, said=f"{block} {names}"))
        truth += [25, 25, 3, 20, 20]
    common = Statement.equal([((block, "ax"), 1) for block in range(count)], 25 * count, said="tous ensemble")
    return System.of(unknowns, [*said, common]), np.array(truth, np.int64)


@pytest.mark.parametrize("limits", [Limits(), Limits(swept=0, work=0)], ids=["whole", "near"])
def test_what_lies_near_a_cell_is_enough_to_prove_it_given_away(limits):
    system, truth = blocks(36)
    findings = audit(system, limits, truth=truth, small_only=True)
    assert {(findings[block, "az"].low, findings[block, "az"].high) for block in range(36)} == {(3, 3)}
    assert len(protection(findings)) == 36
    assert all(breach.proven for breach in protection(findings))


def test_a_common_divisor_left_once_a_cell_is_known_counts_too():
    unknowns = {"a": Unknown.below(), "b": Unknown.below(), "c": Unknown.below(), "d": Unknown.below()}
    said = [
        Statement(terms=(("a", 2), ("b", 2), ("c", 1)), low=8, high=12, said="couples et personnes"),
        Statement.equal([("c", 1), ("d", 1)], 2, said="un et un"),
    ]
    findings = audit(System.of(unknowns, said))
    assert [findings[cell].values for cell in "ab"] == [{1, 2, 3, 4}] * 2
    odd = Statement.equal([("a", 2), ("b", 2), ("c", 1)], 12, said="un nombre pair")
    with pytest.raises(Contradictory):
        audit(System.of(unknowns, [odd, said[1]]))


def test_a_clash_that_only_a_search_finds_is_told_as_such():
    """Three whole numbers, two by two equal to an odd sum: halves would do, whole numbers do not."""
    unknowns = {cell: Unknown(label="?", low=0, high=9, name=cell) for cell in "abc"}
    said = [Statement.equal([(one, 1), (other, 1)], 7, said=one + other) for one, other in ("ab", "bc", "ac")]
    with pytest.raises(Contradictory) as refusal:
        audit(System.of(unknowns, said))
    assert {one.said for one in refusal.value.statements} == {"ab", "bc", "ac"}


def test_a_false_truth_is_refused():
    system, truth = square(6)
    with pytest.raises(ReleaseRefused, match="vaudrait 5, sous"):
        audit(system, truth=np.where(truth == 4, 5, truth))
    moved = truth.copy()
    one, other = np.flatnonzero(truth == 1)[0], np.flatnonzero(truth == 2)[0]
    moved[one], moved[other] = 2, 1
    with pytest.raises(ReleaseRefused, match="col 0 ; col 1"):
        audit(system, truth=moved)
    with pytest.raises(ReleaseRefused, match="36 nombres attendus"):
        audit(system, truth=truth[:-1])


def test_cells_nobody_asked_about_keep_sound_bounds():
    unknowns = {"a": Unknown.below(), "b": Unknown.below(), "c": Unknown.nc(), "d": Unknown.nc()}
    said = [
        Statement.equal([("a", 1), ("c", 1)], 40, said="1"),
        Statement.equal([("b", 1), ("c", 1), ("d", 1)], 60, said="2"),
    ]
    findings = audit(System.of(unknowns, said), Limits(trials=0), small_only=True)
    assert [findings[cell].how for cell in "abcd"] == [How.EXACT_SOLVER] * 2 + [How.NOT_SOUGHT] * 2
    assert (findings["c"].low, findings["c"].high) == (36, 39)

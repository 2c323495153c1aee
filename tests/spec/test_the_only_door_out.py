"""Only `release` makes cells; what must be hidden is hidden, and what follows from it with it."""

from __future__ import annotations

import ast
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import egide
from egide.disclosure.attack.system import Contradictory
from egide.disclosure.cells import BelowThreshold, Bounded, Cell, Journey, NotCommunicated, Shown, Withheld, _Seal
from egide.disclosure.policy import ONE_CATEGORY, STATISTICAL_SECRET
from egide.disclosure.published import Published, PublishedCell, PublishedEdition
from egide.disclosure.release import Candidates, Release, proposed_ranges, release
from egide.disclosure.secondary import ProtectionImpossible
from egide.disclosure.unsafe import Backing
from egide.document.typography import cell_text, content_text
from egide.errors import ReleaseRefused
from egide.facts.model import Fact, Secret, Status, Unit
from egide.facts.relations import Relation
from egide.facts.values import Value
from egide.indicators.derived import Derived
from support.crossed import as_drawn, crossed, plain
from support.facts import fact

WOMEN = fact("paris/requests/DEP-75/2025/sex=F", 62)
MEN = fact("paris/requests/DEP-75/2025/sex=M", 2)
ALL = fact("paris/requests/DEP-75/2025", 64)
TOTAL = Relation.total(ALL.key, [WOMEN.key, MEN.key])


def share_of(part: Fact, whole: Fact, value: Value) -> Derived:
    return Derived(
        function="share",
        formula=f"share({part.key}, {whole.key})",
        label="Part",
        value=value,
        measure=part.measure,
        territory=part.key.territory,
        territories=(part.key.territory,),
        period=part.key.period,
        sources=(part.key.source,),
        families=(),
        status=Status.NORMAL,
        hidden=part.is_hidden or whole.is_hidden,
        operands=(part, whole),
        known_on=date(2026, 4, 2),
        method="share",
    )


def released(*facts: Fact | Derived, relations: tuple[Relation, ...] = (), public: Published | None = None) -> Release:
    requested = {str(one.key) if isinstance(one, Fact) else one.formula: one for one in facts}
    return release(Candidates(requested=requested, relations=relations), STATISTICAL_SECRET, public)


def released_with(*facts: Fact, **more: Any) -> Release:
    more.setdefault("relations", (TOTAL,) if ALL in facts else ())
    return release(Candidates(requested={str(one.key): one for one in facts}, **more), STATISTICAL_SECRET)


def printed_last_year(*facts: Fact) -> Published:
    cells = tuple(
        PublishedCell(
            key=one.key,
            known_on=one.known_on,
            content=Shown(one.value),
            label="",
            expression="",
            edition="2025",
            on=date(2025, 4, 13),
        )
        for one in facts
        if one.value is not None
    )
    return Published([PublishedEdition(edition="2025", on=date(2025, 4, 13), cells=cells)])


def told(refusal: pytest.ExceptionInfo[ReleaseRefused]) -> str:
    return plain(str(refusal.value))


def printed(release_: Release, one: Fact) -> str:
    return cell_text(release_.cell(str(one.key)))


def test_a_count_below_five_delivered_in_clear_is_hidden() -> None:
    assert printed(released(MEN), MEN) == "<\u00a05"


def test_a_zero_and_a_five_are_shown() -> None:
    none, five = fact("s/m/FR/2025/a=x", 0), fact("s/m/FR/2025/a=y", 5)
    assert [printed(released(none, five), one) for one in (none, five)] == ["0", "5"]


def test_three_departments_are_nobody() -> None:
    departments = fact("s/m/FR/2025", 3, counts="départements")
    assert printed(released(departments), departments) == "3"


def test_what_the_institution_hid_stays_hidden_as_it_hid_it() -> None:
    low, protected = fact("s/m/FR/2025/a=x", Secret.BELOW_FIVE), fact("s/m/FR/2025/a=y", Secret.NOT_COMMUNICATED)
    door = released(low, protected)
    assert [type(door.cell(str(one.key)).content) for one in (low, protected)] == [BelowThreshold, NotCommunicated]


def test_a_total_does_not_give_a_hidden_count_back() -> None:
    door = released(WOMEN, MEN, ALL, relations=(TOTAL,))
    assert [printed(door, one) for one in (WOMEN, MEN, ALL)] == ["nc", "<\u00a05", "64"]


def test_a_result_of_a_hidden_operand_is_withheld() -> None:
    share = share_of(MEN, ALL, Value.exact(3))
    cell = released(share).cell(share.formula)
    assert cell.content == Withheld()
    assert cell.value == Value(None, None)


def test_a_result_of_shown_operands_is_shown_with_its_operands() -> None:
    share = share_of(fact("s/m/FR/2025/a=x", 10), ALL, Value.exact(15))
    door = released(share)
    cell = door.cell(share.formula)
    assert cell.content == Shown(Value.exact(15))
    assert [one.id for one in door.with_operands([cell])] == [cell.id, *cell.journey.operands]


def test_a_result_that_is_itself_a_small_count_is_withheld() -> None:
    two = evolve(share_of(WOMEN, ALL, Value.exact(2)), measure=ALL.measure)
    assert released(two).cell(two.formula).content == Withheld()


def test_an_unknown_number_is_not_released() -> None:
    unknown = fact("s/m/FR/2025", None)
    with pytest.raises(ReleaseRefused, match="pas été autorisé"):
        released(unknown, share_of(unknown, ALL, Value.exact(1))).cell(str(unknown.key))


def test_a_note_does_not_tell_what_its_number_hides() -> None:
    told = fact("s/m/FR/2025", Secret.BELOW_FIVE, note="trois personnes")
    assert released(told).cell(str(told.key)).journey.note == ""


def test_earlier_statements_travel_with_the_present_one_under_the_same_rule() -> None:
    now, then = fact("s/m/FR/2025", 8, known_on="2027-04-02"), fact("s/m/FR/2025", 3, known_on="2026-04-02")
    candidates = Candidates(requested={"x": now}, vintages={now.key: (then, now)})
    (vintage,) = release(candidates, STATISTICAL_SECRET).cell("x").journey.vintages
    assert (vintage.known_on, vintage.content) == ("2026-04-02", BelowThreshold())


def revised(*pairs: tuple[int, int]) -> Candidates:
    """Two parts and their total, each as first known and as known a year later."""
    names = ("/a=x", "/a=y", "")
    days = ("2026-04-02", "2027-04-02")
    facts = [
        [fact(f"s/m/FR/2025{name}", number, known_on=day) for number, day in zip(numbers, days, strict=True)]
        for name, numbers in zip(names, pairs, strict=True)
    ]
    then_and_now = {now.key: (then, now) for then, now in facts}
    x, y, whole = then_and_now
    return Candidates(
        requested={str(key): now for key, (_, now) in then_and_now.items()},
        vintages=then_and_now,
        relations=(Relation.total(whole, [x, y]),),
    )


def then(candidates: Candidates) -> list[str]:
    cells = release(candidates, STATISTICAL_SECRET).by_expression.values()
    return [plain(content_text(cell.journey.vintages[0].content, Unit.COUNT)) for cell in cells]


def test_what_is_hidden_today_was_hidden_then_and_its_protector_too() -> None:
    assert then(revised((8, 3), (20, 20), (28, 23))) == ["nc", "nc", "28"]


def test_an_old_small_count_is_protected_by_its_neighbours_of_that_day() -> None:
    assert then(revised((3, 8), (20, 20), (23, 28))) == ["< 5", "nc", "23"]


def test_an_old_zero_is_not_said_to_be_five_or_more() -> None:
    vintages = [
        cell.journey.vintages[0].content
        for cell in release(revised((0, 3), (20, 20), (20, 23)), STATISTICAL_SECRET).by_expression.values()
    ]
    assert vintages[0] == Withheld()


def test_of_an_old_day_that_cannot_be_protected_nothing_is_said() -> None:
    assert then(revised((1, 30), (2, 40), (3, 70))) == ["nc", "nc", "nc"]


def test_of_an_old_day_whose_totals_did_not_add_nothing_is_said() -> None:
    assert then(revised((3, 30), (20, 40), (24, 70))) == ["nc", "nc", "nc"]


def test_an_old_day_is_not_judged_by_what_stood_behind_the_numbers_of_today() -> None:
    one_category = evolve(revised((30, 31), (40, 41), (70, 72)), backing=Backing(rows=()))
    vintages = [cell.journey.vintages[0] for cell in release(one_category, ONE_CATEGORY).by_expression.values()]
    assert {vintage.content for vintage in vintages} == {Withheld()}


def test_what_is_already_public_cannot_be_hidden_in_silence() -> None:
    with pytest.raises(ReleaseRefused) as refusal:
        released(MEN, public=printed_last_year(MEN))
    assert "« Mesure requests, 2025 (publié le 2025-04-13 dans l’édition 2025) » doit être masqué" in told(refusal)


def test_a_number_that_was_revised_since_can_still_be_hidden() -> None:
    assert printed(released(MEN, public=printed_last_year(evolve(MEN, value=Value.exact(3)))), MEN) == "<\u00a05"


def test_a_protector_is_not_sought_among_what_is_public() -> None:
    door = released(WOMEN, MEN, ALL, relations=(TOTAL,), public=printed_last_year(WOMEN))
    assert [printed(door, one) for one in (WOMEN, MEN, ALL)] == ["62", "<\u00a05", "nc"]


def test_what_cannot_be_protected_beside_what_is_public_is_refused_with_what_leaked_when() -> None:
    with pytest.raises(ProtectionImpossible) as refusal:
        released(WOMEN, MEN, ALL, relations=(TOTAL,), public=printed_last_year(WOMEN, ALL))
    assert "« Mesure requests, 2025 » garde au mieux 1 valeur(s)" in told(refusal)
    assert told(refusal).count("publié le 2025-04-13 dans l’édition 2025") == 2


# ---------------------------------------------------------------- what goes with a hidden count, and why

PARIS = crossed("""
         |  59 |  62 | total
  minors |   3 |  20 |    23
  adults |  12 |  30 |    42
   total |  15 |  50 |    65
""")


def test_linked_totals_do_not_give_a_hidden_count_back_together() -> None:
    assert PARIS.printed(PARIS.released()) == as_drawn("""
             |  59 |  62 | total
      minors | < 5 |  nc |    23
      adults |  nc |  nc |    42
       total |  15 |  50 |    65
    """)


def test_each_hidden_cell_is_explained_to_the_authors() -> None:
    released_ = PARIS.released(labels={PARIS.key("minors", "59").series: "Mineurs du Nord"})
    why = {
        cell.id.partition("/2025/")[2].partition("@")[0]: reason
        for cell in released_.by_id.values()
        if (reason := released_.why.get(cell.id))
    }
    assert why == {
        "column=59;row=minors": "effectif inférieur à 5",
        "column=62;row=minors": "masqué pour protéger « Mineurs du Nord, 2025 »",
        "column=59;row=adults": "masqué pour protéger « Mineurs du Nord, 2025 »",
        "column=62;row=adults": "masqué pour protéger « Mineurs du Nord, 2025 »",
    }


def test_what_a_source_hid_and_what_follows_are_explained_too() -> None:
    hidden = fact("s/m/FR/2025", Secret.BELOW_FIVE)
    share, two = share_of(MEN, ALL, Value.exact(30)), evolve(share_of(ALL, WOMEN, Value.exact(2)), measure=ALL.measure)
    assert list(released(hidden, share, two).why.values()) == [
        "masqué par la source",
        "effectif inférieur à 5",
        "calculé sur une valeur masquée",
        "effectif inférieur au seuil",
    ]


def test_a_cell_asked_for_stays_and_others_go() -> None:
    kept = PARIS.released(keep={PARIS.key("adults", "62")})
    assert PARIS.printed(kept) == as_drawn("""
             |  59 |  62 | total
      minors | < 5 |  nc |    23
      adults |  12 |  30 |    42
       total |  nc |  nc |    65
    """)


def test_a_cell_asked_for_in_vain_is_refused_with_what_stands_beside() -> None:
    with pytest.raises(ProtectionImpossible) as refusal:
        released_with(WOMEN, MEN, ALL, keep={WOMEN.key, ALL.key})
    assert "à garder visible à côté" in told(refusal)


def test_all_the_tables_that_cannot_be_protected_are_refused_at_once() -> None:
    facts, relations = [], []
    for place in ("DEP-59", "DEP-62"):
        whole, one, two = (fact(f"s/m/{place}/2025{end}", n) for end, n in (("", 3), ("/a=x", 1), ("/a=y", 2)))
        facts += [whole, one, two]
        relations.append(Relation.total(whole.key, [one.key, two.key]))
    with pytest.raises(ProtectionImpossible) as refusal:
        released_with(*facts, relations=tuple(relations), labels={facts[0].key.series: "59", facts[3].key.series: "62"})
    assert [one.partition(" valeur(s)")[0] for one in told(refusal).splitlines()] == [
        "Masquer d’autres cellules ne suffit pas. « 59, 2025 » garde au mieux 3",
        "Masquer d’autres cellules ne suffit pas. « 62, 2025 » garde au mieux 3",
    ]
    assert {key.territory for key in refusal.value.cells} == {"DEP-59", "DEP-62"}


def test_refusals_of_different_kinds_come_together() -> None:
    whole, one, two = (fact(f"s/m/DEP-59/2025{end}", n) for end, n in (("", 3), ("/a=x", 1), ("/a=y", 2)))
    small, half = fact("s/m/DEP-62/2025/a=x", 3), fact("s/m/DEP-62/2025", Value.exact(Fraction(7, 2)))
    relations = (
        Relation.total(whole.key, [one.key, two.key]),
        Relation(terms=[(half.key, 1), (small.key, -1)], constant=Fraction(1, 2)),
    )
    with pytest.raises(ReleaseRefused) as refusal:
        released_with(whole, one, two, small, half, relations=relations)
    assert "ne suffit pas" in told(refusal)
    assert "n’est pas un nombre entier positif" in told(refusal)


@pytest.mark.parametrize("one", [MEN, fact("s/m/FR/2025", Secret.NOT_COMMUNICATED)], ids=["ours", "its source's"])
def test_a_cell_that_must_be_hidden_cannot_be_asked_for(one: Fact) -> None:
    with pytest.raises(ReleaseRefused, match="ne peut pas être gardé"):
        released_with(one, keep={one.key})


def test_what_the_prose_quotes_is_hidden_last() -> None:
    others = [fact(f"s/m/FR/2025/a={name}", number) for name, number in (("x", 3), ("y", 20), ("z", 21))]
    whole = fact("s/m/FR/2025", 44)
    total = Relation.total(whole.key, [one.key for one in others])
    hidden = [
        [one.value.number for one in others if not door.cell(str(one.key)).is_shown]
        for quoted in ((), {others[1].key})
        for door in [released_with(*others, whole, relations=(total,), quoted=frozenset(quoted))]
    ]
    assert hidden == [[3, 20], [3, 21]]


def test_what_a_source_hid_already_protects() -> None:
    table = crossed("""
             |  59 |  62 |  75 | total
      minors |   3 |  nc |  20 |    40
    """)
    assert table.printed(table.released()) == as_drawn("""
             |  59 |  62 |  75 | total
      minors | < 5 |  nc |  20 |    40
    """)


def test_a_small_count_that_a_source_hid_protects_ours() -> None:
    table = crossed("""
             |  59 |  62 |  75 | total
      minors |   3 |  <5 |  20 |    25
    """)
    assert table.printed(table.released()) == as_drawn("""
             |  59 |  62 |  75 | total
      minors | < 5 | < 5 |  20 |    25
    """)


def test_what_can_neither_be_fitted_nor_refuted_is_refused() -> None:
    """x is even and odd at once: no search among numbers without end can tell."""
    small, (x, y, z, v) = fact("s/m/FR/2025/a=s", 3), (fact(f"s/m/FR/2025/a={name}", 1).key for name in "xyzv")
    relations = (
        Relation(terms=[(x, 1), (y, -2)]),
        Relation(terms=[(x, 1), (z, -2)], constant=1),
        Relation(terms=[(small.key, 1), (x, 1), (v, -1)]),
    )
    with pytest.raises(ReleaseRefused, match="ni la preuve qu’il n’y en a pas"):
        released_with(small, relations=relations)


def test_a_fact_that_is_not_published_protects_too() -> None:
    door = released(MEN, ALL, relations=(TOTAL,))
    assert [printed(door, one) for one in (MEN, ALL)] == ["<\u00a05", "64"]


def test_a_source_whose_labels_contradict_its_totals_is_refused_with_the_clash() -> None:
    table = crossed("""
             |  59 |  62 |  75 | total
      minors |   3 |  nc |  20 |    26
    """)
    with pytest.raises(Contradictory) as refusal:
        table.released(labels={PARIS.facts["total", "total"].key.series: "Tous"})
    assert "total « Mesure m, 2025 »" in told(refusal)


def test_totals_that_do_not_add_are_refused_all_together() -> None:
    wrong = crossed("""
             |  59 |  62 | total
      minors |  13 |  20 |    34
      adults |  12 |  30 |    42
       total |  25 |  50 |    76
    """)
    with pytest.raises(Contradictory) as refusal:
        wrong.released()
    assert told(refusal).count("total « Mesure m, 2025 »") == 2


@pytest.mark.parametrize(
    ("odd", "even"),
    [
        (Value(Fraction(1, 2), Fraction(1, 2)), Value(Fraction(7, 2), Fraction(7, 2))),
        (Value(Fraction(3, 10), Fraction(4, 10)), Value(Fraction(33, 10), Fraction(34, 10))),
    ],
)
def test_a_fraction_tied_to_a_hidden_count_is_refused_rather_than_rounded(odd: Value, even: Value) -> None:
    small, other, whole = fact("s/m/FR/2025/a=x", 3), fact("s/m/FR/2025/a=y", odd), fact("s/m/FR/2025", even)
    relation = Relation.total(whole.key, [small.key, other.key])
    with pytest.raises(ReleaseRefused, match="n’est pas un nombre entier positif"):
        released(small, other, whole, relations=(relation,))


def test_fractions_that_no_hidden_count_is_tied_to_are_let_out() -> None:
    half, three, whole = (
        fact(f"s/m/FR/2025{end}", Value.exact(number), counts="départements")
        for end, number in (("/a=x", Fraction(1, 2)), ("/a=y", 3), ("", Fraction(7, 2)))
    )
    door = released(half, three, whole, relations=(Relation.total(whole.key, [three.key, half.key]),))
    assert all(cell.is_shown for cell in door.by_id.values())


def test_a_published_range_beside_a_small_count_protects_it() -> None:
    small, other, whole = fact("s/m/FR/2025/a=x", 3), fact("s/m/FR/2025/a=y", Value(20, 30)), fact("s/m/FR/2025", 28)
    door = released(small, other, whole, relations=(Relation.total(whole.key, [small.key, other.key]),))
    assert [plain(printed(door, one)) for one in (small, other, whole)] == ["< 5", "20 à 30", "28"]


# ---------------------------------------------------------------- ranges


def test_a_protector_can_be_printed_as_a_range() -> None:
    in_range = PARIS.released(ranges=(PARIS.key("adults", "62"),))
    assert PARIS.printed(in_range) == as_drawn("""
             |  59 |           62 | total
      minors | < 5 |           nc |    23
      adults |  nc | 19 < nc < 40 |    42
       total |  15 |           50 |    65
    """)


def test_the_narrowest_range_of_each_protector_is_proposed() -> None:
    found = proposed_ranges(PARIS.candidates(), STATISTICAL_SECRET)
    assert found == {
        PARIS.key("adults", "59"): Bounded(Value(10, 14)),
        PARIS.key("adults", "62"): Bounded(Value(20, 39)),
        PARIS.key("minors", "62"): Bounded(Value(5, 49)),
    }


@pytest.mark.parametrize(
    ("place", "reason"),
    [(("adults", "total"), "il est montré"), (("minors", "59"), "masqué pour lui-même")],
)
def test_only_a_protector_is_printed_as_a_range(place: tuple[str, str], reason: str) -> None:
    with pytest.raises(ReleaseRefused, match=reason):
        PARIS.released(ranges=(PARIS.key(*place),))


def test_what_its_source_hid_cannot_be_printed_as_a_range() -> None:
    hidden = fact("s/m/FR/2025", Secret.NOT_COMMUNICATED)
    with pytest.raises(ReleaseRefused, match="sa source l’a masqué"):
        released_with(hidden, ranges=(hidden.key,))


def test_a_cell_cannot_be_made_without_the_door() -> None:
    cell = released(ALL).cell(str(ALL.key))
    with pytest.raises(TypeError, match=r"only egide\.disclosure\.release"):
        Cell(
            id="x",
            label="x",
            content=Shown(Value.exact(1)),
            measure=cell.measure,
            territory="FR",
            period="2025",
            sources=(),
            status=cell.status,
            journey=Journey(),
            seal=_Seal(),
        )


def test_no_other_module_holds_the_seal() -> None:
    root = Path(egide.__file__).parent
    holders = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.alias | ast.Name) and "SEAL" in ast.dump(node))
    }
    assert holders == {"disclosure/cells.py", "disclosure/release.py"}


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
def test_one_subtraction_never_gives_a_hidden_count_back(a: int, b: int, c: int) -> None:
    parts = [fact(f"s/m/FR/2025/a={name}", number) for name, number in zip("xyz", (a, b, c), strict=True)]
    whole = fact("s/m/FR/2025", a + b + c)
    door = released(*parts, whole, relations=(Relation.total(whole.key, [part.key for part in parts]),))
    hidden = [one for one in (*parts, whole) if not door.cell(str(one.key)).is_shown]
    assert all(0 < number < 5 for number in (a, b, c)) or len(hidden) != 1

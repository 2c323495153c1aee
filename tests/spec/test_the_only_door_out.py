"""Only `release` makes cells; what must be hidden is hidden, and what follows from it with it."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import egide
from egide.disclosure.cells import BelowFive, Cell, Journey, NotCommunicated, Shown, Withheld, _Seal
from egide.disclosure.policy import STATISTICAL_SECRET, Policy
from egide.disclosure.release import Candidates, Release, release
from egide.document.typography import cell_text
from egide.errors import ReleaseRefused
from egide.facts.model import Fact, Secret, Status
from egide.facts.relations import Relation
from egide.facts.values import Value
from egide.indicators.derived import Derived
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


def released(*facts: Fact | Derived, relations: tuple[Relation, ...] = (), public: Release | None = None) -> Release:
    requested = {str(one.key) if isinstance(one, Fact) else one.formula: one for one in facts}
    return release(Candidates(requested=requested, relations=relations), STATISTICAL_SECRET, public)


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
    assert [type(door.cell(str(one.key)).content) for one in (low, protected)] == [BelowFive, NotCommunicated]


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
    assert (vintage.known_on, vintage.content) == ("2026-04-02", BelowFive())


def test_what_is_already_public_cannot_be_hidden_in_silence() -> None:
    nothing_hidden = Policy(name="aucune", threshold=0, protects=frozenset())
    lenient = release(Candidates(requested={str(MEN.key): MEN}), nothing_hidden)
    with pytest.raises(ReleaseRefused, match="déjà été publiées"):
        released(MEN, public=lenient)


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

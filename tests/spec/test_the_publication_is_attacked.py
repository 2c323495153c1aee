"""Before anything is published, the attacker reads all of it: tables, totals, printed shares."""

from __future__ import annotations

from datetime import date

import pytest

from egide.disclosure.policy import STATISTICAL_SECRET
from egide.disclosure.release import Candidates, Release, release
from egide.errors import EditionRefused, ReleaseRefused
from egide.facts.model import Fact, Kind, Measure, Secret, Status, Unit
from egide.facts.relations import Relation
from egide.facts.values import Value
from egide.indicators.derived import Derived
from egide.letter.checks import Same
from egide.letter.leaks import Leak, judged, leaks_of
from support.facts import fact

LOW, NC = Secret.BELOW_FIVE, Secret.NOT_COMMUNICATED


def table(**counts: int | Secret) -> dict[str, Fact]:
    """One fact a name; `total` is the sum of the others."""
    return {name: fact(f"s/m/FR/2024/a={name}", value) for name, value in counts.items()}


def total_of(facts: dict[str, Fact]) -> Relation:
    return Relation.total(facts["total"].key, [one.key for name, one in facts.items() if name != "total"])


def attacked(facts: dict[str, Fact], *more: tuple[str, Fact | Derived], pairs: tuple[Same, ...] = ()) -> list[Leak]:
    candidates = {**facts, **dict(more)}
    relations = (total_of(facts),)
    released: Release = release(Candidates(requested=candidates, relations=relations), STATISTICAL_SECRET)
    return list(leaks_of(candidates, released, relations, pairs))


def test_a_total_that_leaves_every_value_possible_gives_nothing_away() -> None:
    assert attacked(table(total=1062, dropped=106, unfit=NC, other=LOW, tried=938)) == []


def test_a_total_that_excludes_a_four_is_a_leak_with_its_arithmetic() -> None:
    (leak,) = attacked(table(total=39, prison=31, fine=NC, other=LOW))
    assert (leak.cell, leak.shown, leak.low, leak.high) == ("other", "<\u00a05", 1, 3)
    assert "39 − 31 = 8" in "\n".join(leak.arithmetic)


def computed(function: str, *operands: Fact, unit: Unit = Unit.PERCENT) -> Derived:
    return Derived(
        function=function,
        formula=function,
        label="Résultat",
        value=Value(0, None),
        measure=Measure(code="r", label="Résultat", unit=unit, kind=Kind.LEVEL, counts="personnes"),
        territory="FR",
        territories=("FR",),
        period="2024",
        sources=("s",),
        families=(),
        status=Status.NORMAL,
        hidden=True,
        operands=operands,
        known_on=date(2026, 4, 2),
        method=function,
    )


def printed_rate(percent: int) -> Fact:
    return fact("s/rate/FR/2024", percent, unit=Unit.PERCENT, kind=Kind.LEVEL, counts="")


def test_a_printed_share_counts_as_known() -> None:
    """63 tried or not: 95 % is 60 of 63, so the two small cells add up to 3 and neither can be 3 or 4."""
    facts = table(total=63, tried=NC, dropped=LOW, unfit=LOW)
    asked = "share(tried[2024], total[2024])"
    more = (("rate[2024]", printed_rate(95)), (asked, computed("share", facts["tried"], facts["total"])))
    pair = Same(says="Part des poursuites", left=asked, right="rate[2024]")
    assert attacked(facts, *more) == []
    leaks = attacked(facts, *more, pairs=(pair,))
    assert [(leak.cell, leak.low, leak.high) for leak in leaks] == [("dropped", 1, 2), ("unfit", 1, 2)]
    assert "Part des poursuites" in "\n".join(leaks[0].arithmetic)


def test_a_printed_growth_counts_as_known() -> None:
    """Six after a growth of 100 % is three before."""
    before, after = fact("s/m/FR/2023", LOW), fact("s/m/FR/2024", 6)
    asked = "growth(m[2023], m[2024])"
    pair = Same(says="Évolution", left=asked, right="rate[2024]")
    found = {
        "m[2023]": before,
        "m[2024]": after,
        "rate[2024]": printed_rate(100),
        asked: computed("growth", before, after),
    }
    released = release(Candidates(requested=found), STATISTICAL_SECRET)
    assert [(leak.cell, leak.low, leak.high) for leak in leaks_of(found, released, (), (pair,))] == [("m[2023]", 3, 3)]


def test_a_printed_sum_counts_as_known() -> None:
    parts = [fact(f"s/m/FR/2024/a={name}", LOW) for name in "xy"]
    asked = "sum(x[2024], y[2024])"
    pair = Same(says="Somme", left="total[2024]", right=asked)
    found = {"x[2024]": parts[0], "y[2024]": parts[1], "total[2024]": fact("s/all/FR/2024", 7)}
    found |= {asked: computed("sum", *parts, unit=Unit.COUNT)}  # type: ignore[dict-item]
    released = release(Candidates(requested=found), STATISTICAL_SECRET)
    assert [(leak.low, leak.high) for leak in leaks_of(found, released, (), (pair,))] == [(3, 4), (3, 4)]


LEAK = Leak(cell="other[2024]", label="Autres", shown="< 5", low=1, high=3, proven=True, arithmetic=("39 − 31 = 8",))


def test_an_unlisted_leak_refuses_the_publication() -> None:
    with pytest.raises(ReleaseRefused, match=r"other\[2024\], < 5\) : de 1 à 3\n  39 − 31 = 8"):
        judged([LEAK], {})


def test_a_leak_its_source_published_is_kept_with_the_reason() -> None:
    (kept,) = judged([LEAK], {"other[2024]": "Publié par la source."})
    assert kept.accepted == "Publié par la source."


def test_a_listed_leak_that_is_no_longer_there_must_go() -> None:
    with pytest.raises(EditionRefused, match="Retirez-la"):
        judged([], {"other[2024]": "Publié par la source."})

"""Before anything is published, the attacker reads all of it: tables, totals, shares, scopes, earlier publications."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve

from egide.disclosure.policy import STATISTICAL_SECRET, TWO_VALUES, Policy
from egide.disclosure.published import Published
from egide.disclosure.release import Candidates, Release, release
from egide.errors import EditionRefused, ReleaseRefused
from egide.facts.model import Fact, Kind, Measure, Secret, Status, Unit
from egide.facts.ratios import AtLeast, PrintedRatio, Ties
from egide.facts.relations import Relation
from egide.facts.values import Value
from egide.indicators.derived import Derived
from egide.letter.checks import Same, Within
from egide.letter.leaks import Attack, Leak, attack, judged
from egide.letter.said import public_of
from support.facts import fact

LOW, NC = Secret.BELOW_FIVE, Secret.NOT_COMMUNICATED


def table(**counts: int | Secret) -> dict[str, Fact]:
    """One fact a name; `total` is the sum of the others."""
    return {name: fact(f"s/m/FR/2024/a={name}", value) for name, value in counts.items()}


def total_of(facts: dict[str, Fact]) -> Relation:
    return Relation.total(facts["total"].key, [one.key for name, one in facts.items() if name != "total"])


def attack_on(
    candidates: dict[str, Fact | Derived],
    ties: Ties,
    *,
    pairs: tuple[Same, ...] = (),
    within: tuple[Within, ...] = (),
    published: Published | None = None,
    policy: Policy = STATISTICAL_SECRET,
    edition: str = "2026",
) -> Attack:
    """The door, then the attacker, as a build has them."""
    every = {one.key: (one,) for one in candidates.values() if isinstance(one, Fact)}
    asked = Candidates(requested=candidates, relations=ties.totals, vintages=every)
    released: Release = release(asked, policy)
    before = Published() if published is None else published
    held = public_of(asked, released, policy=policy, ties=ties, published=before, same=pairs, within=within)
    return attack(held, released, edition=edition, on=date(int(edition), 4, 13))


def attacked(
    facts: dict[str, Fact], *more: tuple[str, Fact | Derived], pairs: tuple[Same, ...] = (), **ties: object
) -> list[Leak]:
    known = Ties(totals=(total_of(facts),), **ties)  # type: ignore[arg-type]
    return list(attack_on({**facts, **dict(more)}, known, pairs=pairs).leaks)


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
    leaks = attack_on(found, Ties(), pairs=(pair,)).leaks
    assert [(leak.cell, leak.low, leak.high) for leak in leaks] == [("m[2023]", 3, 3)]


def test_a_printed_sum_counts_as_known() -> None:
    parts = [fact(f"s/m/FR/2024/a={name}", LOW) for name in "xy"]
    asked = "sum(x[2024], y[2024])"
    pair = Same(says="Somme", left="total[2024]", right=asked)
    found = {"x[2024]": parts[0], "y[2024]": parts[1], "total[2024]": fact("s/all/FR/2024", 7)}
    found |= {asked: computed("sum", *parts, unit=Unit.COUNT)}  # type: ignore[dict-item]
    assert [(leak.low, leak.high) for leak in attack_on(found, Ties(), pairs=(pair,)).leaks] == [(3, 4), (3, 4)]


def ratio(printed: Fact, part: Fact, whole: Fact) -> PrintedRatio:
    return PrintedRatio(printed=printed.key, above=[(part.key, 1)], below=[(whole.key, 1)], factor=100, places=0)


def test_a_share_that_its_institution_declares_counts_as_known_without_any_pair() -> None:
    """95 % of 63 is 60: what is left for the two small ones is 3."""
    facts, rate = table(total=63, tried=NC, dropped=LOW, unfit=LOW), printed_rate(95)
    declared = ratio(rate, facts["tried"], facts["total"])
    leaks = attacked(facts, ("rate[2024]", rate), ratios=(declared,))
    assert [(leak.cell, leak.low, leak.high) for leak in leaks] == [("dropped", 1, 2), ("unfit", 1, 2)]
    assert "« Mesure rate, 2024 » : 95 %" in "\n".join(leaks[0].arithmetic).replace("\u00a0", " ").replace(
        "\u202f", " "
    )
    assert [clue.number for clue in leaks[0].clues if "rate" in clue.number] == ["Mesure rate, 2024"]


def test_a_share_that_nobody_prints_gives_nothing_away() -> None:
    facts, rate = table(total=63, tried=NC, dropped=LOW, unfit=LOW), printed_rate(95)
    assert attacked(facts, ratios=(ratio(rate, facts["tried"], facts["total"]),)) == []


def test_a_scope_inside_another_one_counts_as_known() -> None:
    """Two of the town can only be among the two of the department: a third is excluded, and a fourth."""
    town, department = fact("s/m/FR/2024/a=town", LOW), fact("s/m/FR/2024", 2, counts="départements")
    found = {"town[2024]": town, "all[2024]": department}
    inside = AtLeast(terms=[(department.key, 1), (town.key, -1)])
    assert attack_on(found, Ties()).leaks == ()
    assert [(leak.low, leak.high) for leak in attack_on(found, Ties(inclusions=(inside,))).leaks] == [(1, 2)]


def test_a_scope_that_the_authors_declare_counts_as_known() -> None:
    found = {"town[2024]": fact("s/m/FR/2024", LOW), "all[2024]": fact("t/m/FR/2024", 3, counts="départements")}
    declared = Within(says="La ville dans le département", part="town[2024]", whole="all[2024]")
    (leak,) = attack_on(found, Ties(), within=(declared,)).leaks
    assert (leak.cell, leak.high) == ("town[2024]", 3)
    assert "La ville dans le département" in leak.text()


def test_two_statements_of_the_same_count_are_one() -> None:
    """`< 5` here and 3 there, declared to be the same thing."""
    found = {"here[2024]": fact("s/m/FR/2024", LOW), "there[2024]": fact("t/m/FR/2024", 3, counts="départements")}
    pair = Same(says="La même chose", left="here[2024]", right="there[2024]")
    assert [(leak.low, leak.high) for leak in attack_on(found, Ties(), pairs=(pair,)).leaks] == [(3, 3)]


def test_the_level_is_that_of_the_policy() -> None:
    """1 to 3 is a leak where four values must stay, none where two suffice."""
    facts = table(total=39, prison=31, fine=NC, other=LOW)
    ties = Ties(totals=(total_of(facts),))
    assert len(attack_on(facts, ties).leaks) == 1
    assert attack_on(facts, ties, policy=TWO_VALUES).leaks == ()


def test_a_part_that_is_not_published_may_be_any_number() -> None:
    """39 is 31 and a fine that nobody prints and another one: the small one may be 1 to 4."""
    facts = table(total=39, prison=31, fine=NC, other=LOW)
    asked = {name: one for name, one in facts.items() if name != "fine"}
    requested = Candidates(requested=asked, vintages={one.key: (one,) for one in facts.values()})
    released = release(requested, STATISTICAL_SECRET)
    ties = Ties(totals=(total_of(facts),))
    held = public_of(
        requested, released, policy=STATISTICAL_SECRET, ties=ties, published=Published(), same=(), within=()
    )
    assert attack(held, released, edition="2026", on=date(2026, 4, 13)).leaks == ()


@pytest.mark.parametrize("policy", [STATISTICAL_SECRET, TWO_VALUES], ids=lambda one: one.name)
def test_a_small_count_that_nobody_prints_is_not_left_by_what_is_printed_around_it(policy: Policy) -> None:
    """30 of which 27: the three others were delivered, and whoever subtracts reads them."""
    facts = table(total=30, women=27, men=3)
    vintages = {one.key: (one,) for one in facts.values()}

    def leaks(*asked: str) -> list[tuple[str, int | None, int | None]]:
        requested = Candidates(requested={name: facts[name] for name in asked}, vintages=vintages)
        released = release(requested, policy)
        ties = Ties(totals=(total_of(facts),))
        held = public_of(requested, released, policy=policy, ties=ties, published=Published(), same=(), within=())
        return [(one.shown, one.low, one.high) for one in attack(held, released, edition="2026", on=TODAY).leaks]

    assert leaks("total", "women") == [("non diffusé", 3, 3)]
    assert leaks("total") == leaks("women") == []


TODAY = date(2026, 4, 13)


def test_a_share_printed_last_year_is_read_with_the_total_that_comes_this_year() -> None:
    """10 % in 2026, of a total that nobody had delivered; in 2027 the total, 30, and a share that is withheld."""
    rate = printed_rate(10)
    last_year = attack_on({"rate[2024]": rate}, Ties()).published
    counts = {name: evolve(one, known_on=date(2027, 4, 2)) for name, one in table(total=30, men=3).items()}
    again = evolve(rate, known_on=date(2027, 4, 2))  # delivered again, the same
    ties = Ties(ratios=(ratio(rate, counts["men"], counts["total"]),))
    vintages = {one.key: (one,) for one in counts.values()}
    for statements in ((rate,), (rate, again)):
        asked = Candidates(requested=counts, vintages={**vintages, rate.key: statements})
        released = release(asked, STATISTICAL_SECRET)
        held = public_of(
            asked,
            released,
            policy=STATISTICAL_SECRET,
            ties=ties,
            published=Published([last_year]),
            same=(),
            within=(),
        )
        (leak,) = attack(held, released, edition="2027", on=date(2027, 4, 13)).leaks
        assert (leak.cell, leak.low, leak.high) == ("men", 3, 3)
        assert "10\u202f%, édition 2026 du 2026-04-13" in leak.text()


def test_earlier_statements_shown_behind_a_number_are_read_with_the_totals_of_their_day() -> None:
    """In 2025: 39 of which 31, and 8 for the two that their source hides. In 2026 the total is revised to 60, and with
    it nobody can say which of the two: they are not the same numbers any more."""
    old, new = ({"total": total, "prison": 31, "fine": NC, "other": LOW} for total in (39, 60))
    before, after = (
        {name: evolve(one, known_on=date(year, 4, 2)) for name, one in table(**counts).items()}
        for year, counts in ((2025, old), (2026, new))
    )
    late = evolve(table(late=0)["late"], known_on=date(2026, 4, 2))
    asked = {**after, "late": late}
    vintages = {after[name].key: (before[name], after[name]) for name in after} | {late.key: (late,)}
    requested = Candidates(requested=asked, vintages=vintages)
    released = release(requested, STATISTICAL_SECRET)
    ties = Ties(totals=(total_of(after), total_of(asked)))
    held = public_of(
        requested, released, policy=STATISTICAL_SECRET, ties=ties, published=Published(), same=(), within=()
    )
    (leak,) = attack(held, released, edition="2026", on=date(2026, 4, 13)).leaks
    assert (leak.label, leak.low, leak.high) == ("Mesure m, 2024, connu le 2025-04-02", 1, 3)


def test_what_each_hidden_count_still_hides_is_known() -> None:
    (kept,) = attack_on(table(total=1062, dropped=106, unfit=NC, other=LOW, tried=938), Ties()).kept
    assert (kept.cell, kept.shown, kept.low, kept.high) == ("other", "<\u00a05", 1, 4)


def test_what_no_number_satisfies_is_refused_with_the_statements_that_clash() -> None:
    """A part of 40 % of 63 cannot be below 5."""
    facts, rate = table(total=63, tried=LOW), printed_rate(40)
    asked = {**facts, "rate[2024]": rate}
    with pytest.raises(ReleaseRefused, match=r"Aucun nombre ne satisfait(.|\n)*Mesure rate(.|\n)*son propre jour"):
        attack_on(asked, Ties(ratios=(ratio(rate, facts["tried"], facts["total"]),)))


# ---- what was published before ----


def last_year(**counts: int | Secret) -> Published:
    facts = table(**counts)
    return Published([attack_on(facts, Ties(totals=(total_of(facts),)), edition="2025").published])


def test_last_year_s_total_gives_back_what_this_year_shows_the_rest_of() -> None:
    """Last year: `< 5` + `nc` = 20. This year shows the 17."""
    before = last_year(total=20, few=LOW, many=NC)
    (leak,) = attack_on({"many": table(many=17)["many"]}, Ties(), published=before).leaks
    assert (leak.cell, leak.low, leak.high) == ("few (édition 2025 du 2025-04-13)", 3, 3)
    assert "édition 2025 du 2025-04-13" in leak.arithmetic[0]
    assert {clue.where for clue in leak.clues} >= {"édition 2025 du 2025-04-13"}


def test_a_number_revised_since_then_is_another_one() -> None:
    """The 17 of this year says nothing of last year's `nc`, which was 16."""
    stated = fact("s/m/FR/2024/a=many", 16, known_on="2025-04-02")
    now = fact("s/m/FR/2024/a=many", 17, known_on="2026-04-02")
    old = {
        name: fact(f"s/m/FR/2024/a={name}", value, known_on="2025-04-02")
        for name, value in (("total", 20), ("few", LOW))
    }
    hidden = {**old, "many": fact("s/m/FR/2024/a=many", NC, known_on="2025-04-02")}
    before = Published([attack_on(hidden, Ties(totals=(total_of(hidden),)), edition="2025").published])

    asked = Candidates(requested={"many": now}, vintages={now.key: (stated, now)})
    released = release(asked, STATISTICAL_SECRET)
    held = public_of(asked, released, policy=STATISTICAL_SECRET, ties=Ties(), published=before, same=(), within=())
    assert [leak.low for leak in attack(held, released, edition="2026", on=date(2026, 4, 13)).leaks] == [4]


def test_a_count_printed_once_is_no_secret_any_more() -> None:
    open_book = Policy(name="ouverte", threshold=0)
    shown = Published([attack_on({"x": fact("s/m/FR/2024", 3)}, Ties(), policy=open_book, edition="2025").published])
    (leak,) = attack_on({"x": fact("s/m/FR/2024", LOW)}, Ties(), published=shown).leaks
    assert (leak.low, leak.high) == (3, 3)
    assert "édition 2025" in leak.text()


def test_two_labels_that_no_number_satisfies_are_refused_with_both() -> None:
    before = Published([attack_on({"x": fact("s/m/FR/2024", LOW)}, Ties(), edition="2025").published])
    as_it_was = evolve(fact("s/m/FR/2024", NC), value=None)
    relabelled = Candidates(requested={"x": fact("s/m/FR/2024", NC)}, vintages={as_it_was.key: (as_it_was,)})
    released = release(relabelled, STATISTICAL_SECRET)
    held = public_of(relabelled, released, policy=STATISTICAL_SECRET, ties=Ties(), published=before, same=(), within=())
    with pytest.raises(ReleaseRefused, match=r"«.< 5.», édition 2025 du 2025-04-13 ; «.nc.», cette publication"):
        attack(held, released, edition="2026", on=date(2026, 4, 13))


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

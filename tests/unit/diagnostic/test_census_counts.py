"""Counts, mirrors, pages, the log and the purge: what each says, and what it refuses to say."""

from __future__ import annotations

import itertools
import json
import stat
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egide.diagnostic.census import counts, journal, mirrors, pages, runs
from egide.diagnostic.census.features import Features
from egide.diagnostic.census.journal import Act, Outcome
from egide.diagnostic.census.retention import FEATURES_DAYS, Kept, Kind, LatePurge, late, refuse_late
from egide.diagnostic.thresholds import Behind, behind, publishable
from egide.errors import StoreError
from support.census import manifest

NOW = datetime(2026, 4, 2, 9, tzinfo=UTC)


def features(rows: Sequence[tuple[str, str, int, int]]) -> Features:
    """Rows of (site, zone, person, author); each ad has its own text."""
    size = len(rows)
    labels = {name: [""] * size for name in ("site", "categorie", "departement", "epci", "commune", "mois")}
    labels |= {"site": [row[0] for row in rows], "epci": [row[1] for row in rows], "commune": [row[1] for row in rows]}
    return Features(
        labels=labels,
        numbers={
            "copie": np.arange(size),
            "auteur": np.array([row[3] for row in rows], np.int64),
            "personne": np.array([row[2] for row in rows], np.int64),
        },
    )


# ---- counts ----


def test_persons_authors_and_ads_of_a_zone_are_counted_apart() -> None:
    found = features([("S1", "A", 1, 1), ("S1", "A", 1, 1), ("S2", "A", 2, 1), ("S2", "B", 2, 1), ("S1", "", 3, 2)])
    assert counts.tally(found, "epci") == {
        ("",): Behind(persons=1, authors=1, ads=1, most=1),
        ("A",): Behind(persons=2, authors=1, ads=3, most=3),
        ("B",): Behind(persons=1, authors=1, ads=1, most=1),
    }
    assert counts.tally(found, "site", "epci")["S2", "A"].ads == 1
    assert counts.by_site(found) == {"S1": 3, "S2": 2}


def test_each_person_is_told_in_one_zone_only() -> None:
    found = features([("S", "B", 1, 1), ("S", "A", 1, 1), ("S", "B", 2, 1), ("S", "A", 2, 1), ("S", "B", 2, 1)])
    told = counts.told_by_zone(found)
    assert (told["A"].persons, told["B"].persons) == (1, 1)  # equal: the first code; else that of most ads
    assert (told["A"].ads, told["B"].ads) == (2, 3)


zones = st.lists(st.tuples(st.just("S"), st.sampled_from("ABCD"), st.integers(0, 25), st.integers(0, 12)), min_size=1)


@given(zones, st.booleans())
@settings(max_examples=60)
def test_every_line_shown_may_be_shown_and_together_they_are_the_whole(
    rows: list[tuple[str, str, int, int]], crossed: bool
) -> None:
    found = features(rows)
    shown = counts.shown(found, "epci", crossed=crossed)
    for part in shown:
        here = [row for row in rows if (row[1],) in part.cells]
        cell = behind(np.array([row[2] for row in here]), np.array([row[3] for row in here]))
        assert publishable(cell, crossed=crossed)
        assert part.ads == len(here)
    if shown:
        assert sorted(cell for part in shown for cell in part.cells) == sorted({(row[1],) for row in rows})
        assert sum(part.ads for part in shown) == len(rows)  # subtracting from the total gives nothing more


towns = st.lists(
    st.tuples(st.sampled_from(["A1", "A2", "A3", "B1", "B2", "C1"]), st.integers(0, 60), st.integers(0, 40)),
    min_size=20,
    max_size=150,
)


@given(towns)
@settings(max_examples=60)
def test_an_intercommunality_minus_its_communes_shown_gives_nothing_small(rows: list[tuple[str, int, int]]) -> None:
    found = features([("S", town, person, author) for town, person, author in rows])
    found = Features(labels={**found.labels, "epci": [town[0] for town, _, _ in rows]}, numbers=found.numbers)
    for part, inside in counts.territories(found):
        zones = {cell[0] for cell in part.cells}
        assert part.ads == sum(town[0] in zones for town, _, _ in rows)
        if inside:
            assert sum(one.ads for one in inside) == part.ads  # so nothing is left to subtract
        for one in inside:
            here = [row for row in rows if (row[0],) in one.cells]
            assert {row[0][0] for row in here} <= zones
            cell = behind(np.array([row[1] for row in here]), np.array([row[2] for row in here]))
            assert publishable(cell, crossed=True)


@given(towns)
@settings(max_examples=60)
def test_what_is_kept_of_communes_is_what_is_told_of_them_and_counts_are_the_same(
    rows: list[tuple[str, int, int]],
) -> None:
    found = features([("S", town, person, author) for town, person, author in rows])
    months = ["2026-01" if person % 9 else "2026-02" for _, person, _ in rows]
    labels = {**found.labels, "epci": [town[0] for town, _, _ in rows], "mois": months}
    found = Features(labels=labels, numbers=found.numbers)
    kept = counts.coarsened(found)
    for code in {*kept.labels["commune"]} - {""}:
        persons = {person for town, person, _ in rows if town == code}
        assert len(persons) >= 11 and kept.labels["commune"].count(code) == sum(town == code for town, _, _ in rows)
    for month in {*kept.labels["mois"]} - {""}:
        assert len({row[1] for row, one in zip(rows, months, strict=True) if one == month}) >= 5

    def told(one: Features) -> list[object]:
        zones = counts.territories(one)
        named = [[part for part in inside if len(part.cells) == 1 and part.cells != (("",),)] for _, inside in zones]
        return [
            [part for part, _ in zones],
            named,
            sorted(part.ads for part in counts.shown(one, "mois", crossed=False)),
        ]

    assert told(kept) == told(found)


def test_two_communes_of_one_intercommunality_are_not_told_apart_when_one_is_small() -> None:
    rows = [("S", "A1", person, person) for person in range(30)] + [("S", "A2", 90 + place, 90) for place in range(3)]
    found = features(rows)
    found = Features(labels={**found.labels, "epci": ["A"] * 33}, numbers=found.numbers)
    assert counts.territories(found) == ((counts.Part(cells=(("A",),), ads=33), ()),)


def test_the_ads_of_a_site_are_told_only_when_it_may_stand_alone_and_leaves_enough_behind() -> None:
    """Pages and an extrapolation give the number of ads back: 40 ads from 2 pages of 40 are 2 ads."""
    many = [("S1", "A", person, person) for person in range(12)]
    few = [("S2", "A", 50, 50), ("S2", "A", 50, 50)]
    assert counts.told_sites(features(many)) == {"S1"}
    assert counts.told_sites(features(many + few)) == set()  # the whole minus S1 would be S2
    assert counts.told_sites(features(many + few + [("S3", "A", person, person) for person in range(20, 28)])) == {"S1"}


def test_a_small_zone_is_put_with_another_and_a_small_corpus_is_not_shown() -> None:
    many = [
        ("S", zone, 100 * rank + person, 100 * rank + person) for rank, zone in enumerate("AB") for person in range(8)
    ]
    assert counts.shown(features(many), "epci", crossed=False) == (
        counts.Part(cells=(("A",),), ads=8),
        counts.Part(cells=(("B",),), ads=8),
    )
    with_small = features([*many, ("S", "C", 900, 900)])
    assert counts.shown(with_small, "epci", crossed=False)[-1] == counts.Part(cells=(("A",), ("C",)), ads=9)
    assert counts.shown(features(many[:3]), "epci", crossed=False) == ()
    assert [part.ads for part in counts.shown(features(many), "epci", crossed=True)] == [16]  # 8 persons are not 11


def test_the_total_is_told_only_when_enough_persons_and_authors_are_behind() -> None:
    assert counts.whole(features([("S", "A", person, person) for person in range(5)])) == 5
    for few in ([("S", "A", 1, 1)], [("S", "A", person, person) for person in range(4)]):
        assert counts.whole(features(few)) is None
    assert counts.whole(features([("S", "A", person, 1) for person in range(9)])) is None


# ---- mirrors ----


def test_eleven_sites_with_the_same_17_texts_are_mirrors_and_a_twelfth_is_not() -> None:
    rows = [(f"R{rank:02}", copy) for rank in range(11) for copy in range(17)] + [
        ("R99", 100 + copy) for copy in range(17)
    ]
    found = mirrors.overlaps([site for site, _ in rows], *(np.array([copy for _, copy in rows]),) * 2)
    assert mirrors.groups(found) == (tuple(f"R{rank:02}" for rank in range(11)),)


def test_the_same_count_alone_is_a_hint_never_an_answer() -> None:
    ads = {f"R{rank:02}": 17 for rank in range(11)} | {"S1": 120, "S2": 120, "S3": 4, "S4": 4, "S5": 4}
    ((number, sites),) = mirrors.same_count(ads)
    assert (number, len(sites)) == (17, 11)  # two sites are chance, and so is 4
    rows = [(site, rank) for rank, (site, _) in enumerate((s, i) for s, n in ads.items() for i in range(n))]
    alone = np.arange(len(rows))
    assert mirrors.groups(mirrors.overlaps([site for site, _ in rows], alone, alone)) == ()


def test_the_same_persons_with_a_few_same_texts_are_mirrors_and_with_none_are_not() -> None:
    site = ["A"] * 10 + ["B"] * 10
    person = np.array([*range(10), *range(10)])
    for shared, mirror in ((0, False), (2, False), (4, True)):
        copy = np.array([*range(10), *range(shared), *range(100, 110 - shared)])
        (found,) = mirrors.overlaps(site, copy, person)
        assert found.mirror is mirror
        assert (found.persons, found.texts) == (1.0, shared / (20 - shared))


def test_sites_with_too_few_texts_say_nothing() -> None:
    copy = np.array([0, 1, 2, 3] * 2)
    assert mirrors.overlaps(["A"] * 4 + ["B"] * 4, copy, copy) == ()
    assert mirrors.groups(()) == ()


# ---- pages ----


def test_ten_pages_of_forty_worked_by_hand() -> None:
    found = pages.extrapolated([10, 8, 9, 7, 10, 6, 8, 9, 7, 6], 40)
    # mean 8, s² = 20/9, so s/√10 = 0.4714; × 40 × √(1 − 10/40) = 16.33; t(9) at 97.5 % = 2.2622; margin 36.94
    assert found.ads == pytest.approx(320)
    assert (found.low, found.high) == (pytest.approx(283.06, abs=0.01), pytest.approx(356.94, abs=0.01))
    assert "ne sont pas tirées au sort" in found.warning


def test_all_pages_read_is_exact_and_one_page_has_no_interval() -> None:
    whole = pages.extrapolated([3, 0, 4], 3)
    assert (whole.ads, whole.low, whole.high, whole.exact, whole.warning) == (7, 7, 7, True, "")
    one = pages.extrapolated([12], 5)
    assert (one.ads, one.low, one.high, one.exact) == (60, None, None, False)


def test_the_low_end_is_never_below_the_ads_already_seen() -> None:
    assert pages.extrapolated([100, 0], 3).low == 100


@pytest.mark.parametrize(
    ("relevant", "total", "level"), [([], 4, 0.95), ([1, 2], 1, 0.95), ([-1], 4, 0.95), ([1], 4, 1)]
)
def test_impossible_pages_are_refused(relevant: list[int], total: int, level: float) -> None:
    with pytest.raises(ValueError, match=r"pages|negative|level"):
        pages.extrapolated(relevant, total, level)


def test_over_every_possible_draw_of_pages_the_mean_is_right_and_so_is_the_error() -> None:
    """All samples of 4 pages of 8: the estimator is unbiased, and its variance is the mean of the estimated ones."""
    site, size = [9, 7, 8, 8, 5, 10, 6, 7], 4
    drawn = [pages.extrapolated(sample, len(site)) for sample in itertools.combinations(site, size)]
    assert np.mean([one.ads for one in drawn]) == pytest.approx(sum(site))
    from_formula = [
        len(site) ** 2 * np.var(sample, ddof=1) / size * (1 - size / len(site))
        for sample in itertools.combinations(site, size)
    ]
    assert np.var([one.ads for one in drawn]) == pytest.approx(np.mean(from_formula))
    covered = [one.low is not None and one.high is not None and one.low <= sum(site) <= one.high for one in drawn]
    assert np.mean(covered) >= 0.93


# ---- the log ----


def test_the_log_keeps_its_lines_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    journal.note(tmp_path, Act.IMPORT, Outcome.REFUSED, at=NOW)
    journal.note(tmp_path, Act.IMPORT, Outcome.DONE, at=NOW, run="2026-04-02-1")
    assert [(one.rank, one.act, one.outcome, one.run) for one in journal.read(tmp_path)] == [
        (1, Act.IMPORT, Outcome.REFUSED, ""),
        (2, Act.IMPORT, Outcome.DONE, "2026-04-02-1"),
    ]
    assert stat.S_IMODE((tmp_path / journal.NAME).stat().st_mode) == 0o600
    lines = (tmp_path / journal.NAME).read_text(encoding="utf-8").splitlines()
    assert {tuple(json.loads(line)) for line in lines} == {("rang", "quand", "acte", "passage", "resultat")}


def test_a_line_taken_out_or_changed_stops_the_next_one(tmp_path: Path) -> None:
    for _ in range(3):
        journal.note(tmp_path, Act.ACCESS, Outcome.DONE, at=NOW)
    path = tmp_path / journal.NAME
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    for damaged in (lines[1:], [lines[0], lines[2]], [*lines, "{}\n"], [*lines, "x\n"], [lines[0], "[1]\n"]):
        path.write_text("".join(damaged), encoding="utf-8")
        with pytest.raises(StoreError, match="retirée ou changée"):
            journal.note(tmp_path, Act.ACCESS, Outcome.DONE, at=NOW)
        assert path.read_text(encoding="utf-8") == "".join(damaged)


def test_lines_cut_off_the_end_of_the_log_show_while_a_run_or_its_certificate_tells_of_them(tmp_path: Path) -> None:
    run = stored(tmp_path)
    path = tmp_path / journal.NAME

    def noted(act: Act) -> None:
        runs.witness(tmp_path, journal.note(tmp_path, act, Outcome.DONE, at=NOW, run=run.name))

    def cut_shows() -> None:
        whole = path.read_text(encoding="utf-8")
        runs.check_journal(tmp_path)
        kept = "".join(whole.splitlines(keepends=True)[:-1])
        path.write_text(kept, encoding="utf-8")
        for other in ("", "autre-passage"):  # even when other lines take the place of those cut
            if other:
                journal.note(tmp_path, Act.IMPORT, Outcome.DRY_RUN, at=NOW, run=other)
            with pytest.raises(StoreError, match="Le journal a été coupé"):
                runs.read(tmp_path, run.name)
        path.write_text(whole, encoding="utf-8")

    noted(Act.IMPORT)
    cut_shows()
    noted(Act.ACCESS)
    cut_shows()
    assert len(runs.read(tmp_path, run.name).features) == 6
    runs.purge(tmp_path, runs.kept(tmp_path)[0], NOW)
    noted(Act.PURGE)
    cut_shows()


def test_the_log_takes_no_free_text(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="named by small letters"):
        journal.note(tmp_path, Act.ACCESS, Outcome.DONE, at=NOW, run="Une phrase de bouquet")


# ---- retention ----


def test_features_stay_30_days_and_a_sample_six_months_after_its_report() -> None:
    traits = Kept(name="a", kind=Kind.FEATURES, made_on=date(2026, 4, 2))
    sample = Kept(name="b", kind=Kind.SAMPLE, made_on=date(2026, 4, 2), report_on=date(2026, 8, 31))
    assert (traits.last_day, FEATURES_DAYS) == (date(2026, 5, 2), 30)
    assert sample.last_day == date(2027, 2, 28)
    assert late([sample, traits], date(2026, 5, 2)) == ()
    assert late([sample, traits], date(2027, 3, 1)) == (traits, sample)
    with pytest.raises(LatePurge, match="purge au plus tard le 2026-05-02"):
        refuse_late([sample, traits], date(2026, 5, 3))


def test_a_sample_without_report_and_features_with_one_are_refused() -> None:
    with pytest.raises(ValueError, match="a sample has the day of its report"):
        Kept(name="a", kind=Kind.SAMPLE, made_on=date(2026, 4, 2))
    with pytest.raises(ValueError, match="features have none"):
        Kept(name="a", kind=Kind.FEATURES, made_on=date(2026, 4, 2), report_on=date(2026, 4, 2))


def stored(store: Path) -> runs.Run:
    found = features([("S1", "200033579", place, place) for place in range(6)])
    run = runs.run_of(runs.name_for(store, date(2026, 4, 2)), manifest(), found, {"S2": {1: 4, 2: 0}}, ())
    runs.write(store, run, date(2026, 4, 2))
    return run


def test_a_run_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    run = stored(tmp_path)
    back = runs.read(tmp_path, run.name)
    assert (back.department, back.sites, back.pages["S2"], back.gaps) == ("62", run.sites, {1: 4, 2: 0}, "aucun")
    assert back.features.labels == {name: tuple(column) for name, column in run.features.labels.items()}
    assert all(np.array_equal(back.features.numbers[name], run.features.numbers[name]) for name in run.features.numbers)
    assert runs.name_for(tmp_path, date(2026, 4, 2)) == "2026-04-02-2"
    with pytest.raises(StoreError, match="existe déjà"):
        runs.write(tmp_path, run, date(2026, 4, 2))
    with pytest.raises(StoreError, match="Passages gardés\u00a0: 2026-04-02-1"):
        runs.read(tmp_path, "2026-01-01-1")


def test_a_damaged_run_is_told(tmp_path: Path) -> None:
    run = stored(tmp_path)
    (tmp_path / "passages" / run.name / "traits.csv").write_text("a,b\n", encoding="utf-8")
    with pytest.raises(StoreError, match="passage abîmé"):
        runs.read(tmp_path, run.name)
    (tmp_path / "passages" / run.name / "garde.json").unlink()
    with pytest.raises(StoreError, match="jusqu’à quand"):
        runs.kept(tmp_path)


def test_a_run_that_says_another_day_than_its_name_is_damaged(tmp_path: Path) -> None:
    """Or a line changed in a file would keep it for ever."""
    folder = tmp_path / "passages" / "2026-04-02-1"
    folder.mkdir(parents=True)
    guard = {"nature": "traits", "fait_le": "2026-04-02", "rapport_le": None}
    (folder / "garde.json").write_text(json.dumps(guard), encoding="utf-8")
    assert [one.last_day for one in runs.kept(tmp_path)] == [date(2026, 5, 2)]
    (folder / "garde.json").write_text(json.dumps(guard | {"fait_le": "2099-04-02"}), encoding="utf-8")
    with pytest.raises(StoreError):
        runs.kept(tmp_path)


def test_a_purge_follows_no_link(tmp_path: Path) -> None:
    elsewhere = tmp_path / "ailleurs"
    elsewhere.mkdir()
    (elsewhere / "garde.json").write_text("à quelqu’un d’autre", encoding="utf-8")
    sample = tmp_path / "echantillons" / "echantillon-2026-04-02-1"
    sample.mkdir(parents=True)
    runs.declare_sample(sample, date(2026, 4, 2), date(2026, 5, 2))
    (sample / "lien").symlink_to(elsewhere / "garde.json")
    (sample.parent / "e2").symlink_to(elsewhere, target_is_directory=True)
    (one,) = runs.kept(tmp_path)
    runs.purge(tmp_path, one, NOW)
    assert not sample.exists()
    assert (elsewhere / "garde.json").read_text(encoding="utf-8") == "à quelqu’un d’autre"


def test_a_purge_leaves_a_certificate_and_nothing_else(tmp_path: Path) -> None:
    run = stored(tmp_path)
    sample = tmp_path / "echantillons" / "echantillon-2026-04-02-1"
    sample.mkdir(parents=True)
    runs.declare_sample(sample, date(2026, 4, 2), report_on=date(2026, 9, 1))
    assert {one.name: one.last_day for one in runs.kept(tmp_path)} == {
        run.name: date(2026, 5, 2),
        "echantillon-2026-04-02-1": date(2027, 3, 1),
    }
    for one in runs.kept(tmp_path):
        certificate = json.loads(runs.purge(tmp_path, one, NOW).read_text(encoding="utf-8"))
        assert certificate["efface_le"] == "2026-04-02T09:00:00+00:00"
        assert certificate["fichiers"] == (4 if one.kind is Kind.FEATURES else 1)
    assert runs.kept(tmp_path) == ()
    assert not list((tmp_path / "passages").iterdir()) and not list((tmp_path / "echantillons").iterdir())
    assert runs.name_for(tmp_path, date(2026, 4, 2)) == "2026-04-02-2"  # a purged name is not given again


def test_a_write_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(runs, "_write_json", full)
    with pytest.raises(OSError, match="No space"):
        stored(tmp_path)
    assert not list((tmp_path / "passages").iterdir())

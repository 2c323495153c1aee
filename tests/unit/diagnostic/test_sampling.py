"""How many ads to read, which ones, on which sheet, and what the sheet says once filled."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from random import Random

import numpy as np
import openpyxl
import pytest
from click.testing import CliRunner

from egide.cli.diagnostic_sample import sample
from egide.diagnostic.census.reading import read_table
from egide.diagnostic.sampling import clopper_pearson, sample_size, wilson, with_finite_population
from egide.diagnostic.sampling.allocation import proportional
from egide.diagnostic.sampling.draw import draw, generator
from egide.diagnostic.sampling.reading import read_filled
from egide.diagnostic.sampling.sheet import NO, YES, coding_sheets
from egide.errors import DeliveryRefused, Refused


@pytest.mark.parametrize(
    ("population", "size"),
    [(699, 249), (7_393, 366), (1, 1), (10**9, 385)],  # the first two are the study's own, the last one Cochran's
)
def test_a_sample_of_the_study_has_the_size_it_printed(population, size):
    assert sample_size(population) == size


def test_all_that_is_wrong_with_a_size_is_said_at_once():
    with pytest.raises(Refused) as refused:
        sample_size(0, margin=5, level=95, proportion=0)
    assert len(refused.value.defects) == 4


# Newcombe (1998), Statistics in Medicine 17, table I: methods 3 (Wilson) and 5 (Clopper-Pearson).
@pytest.mark.parametrize(
    ("hits", "n", "score", "exact"),
    [
        (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
        (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
        (0, 20, (0.0000, 0.1611), (0.0000, 0.1684)),
        (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
    ],
)
def test_intervals_of_a_share_are_those_of_the_published_table(hits, n, score, exact):
    for found, printed in ((wilson(hits, n), score), (clopper_pearson(hits, n), exact)):
        assert (round(found.low, 4), round(found.high, 4)) == printed


def test_a_share_of_the_whole_population_has_no_doubt_left():
    everything = with_finite_population(20, 20)
    assert wilson(5, 20, design_effect=everything).half_width == 0
    assert clopper_pearson(5, 20, design_effect=everything).half_width == 0


def test_the_study_s_61_percent_runs_from_56_to_66_once_the_population_is_finite():
    found = wilson(0.61 * 249, 249, design_effect=with_finite_population(249, 699))
    assert (round(100 * found.low), round(100 * found.high)) == (56, 66)  # methodology, 4.9: about ± 5


STRATA = ["a"] * 30 + ["b"] * 12 + ["c"] * 2


def test_one_seed_gives_one_draw_for_ever():
    drawn = draw(STRATA, {"a": 4, "b": 2, "c": 1}, generator(20181205))
    assert drawn.tolist() == [0, 6, 10, 20, 37, 40, 42]


def test_asking_for_more_keeps_the_ads_already_drawn():
    few = draw(STRATA, {"a": 4, "b": 2, "c": 1}, generator(7))
    more = draw(STRATA, {"a": 9, "b": 5, "c": 2}, generator(7))
    assert set(few.tolist()) <= set(more.tolist())


def test_every_ad_of_a_stratum_is_as_likely_to_be_drawn():
    chance = generator(1)
    times = np.zeros(len(STRATA))
    for _ in range(3_000):
        times[draw(STRATA, {"a": 6, "b": 3, "c": 1}, chance)] += 1
    expected = np.array([3_000 * {"a": 6 / 30, "b": 3 / 12, "c": 1 / 2}[one] for one in STRATA])
    # 44 binomial counts: 4.5 standard deviations is passed by none of them 9,997 times in 10,000.
    assert (np.abs(times - expected) < 4.5 * np.sqrt(expected * (1 - expected / 3_000))).all()


def test_a_draw_refuses_at_once_all_the_strata_that_do_not_fit():
    with pytest.raises(Refused) as refused:
        draw(STRATA, {"a": 31, "c": 1, "d": 1}, generator(1))
    assert len(refused.value.defects) == 3  # a has 30, b has no number, d has no ad


def sheets(size: int = 12):
    allocation = dict(zip("abc", proportional([30, 12, 2], size).tolist(), strict=True))
    drawn = draw(STRATA, allocation, generator(3))
    return drawn, coding_sheets(drawn, STRATA, {"deplacement": (YES, NO)}, Random(3))


def test_the_coding_sheet_holds_numbers_and_codes_and_nothing_else():
    drawn, made = sheets()
    book = openpyxl.load_workbook(BytesIO(made.first))
    rows = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert rows[0] == ["numero", "strate", "annonces_strate", "recherche", "annonces_meme_personne", "deplacement"]
    assert len(rows) == 1 + len(drawn)
    assert {row[1] for row in rows[1:]} == {"a", "b", "c"}
    assert all(10_000 <= row[0] < 100_000 and row[3:] == [None] * 3 for row in rows[1:])
    lists = {str(rule.sqref)[0]: rule.formula1 for rule in book.active.data_validations.dataValidation}
    assert lists == {"D": '"corpus,échantillon"', "F": '"oui,non"'}


def test_one_ad_in_ten_is_also_for_a_second_coder():
    _, made = sheets(40)
    first, second = (
        [row[0].value for row in openpyxl.load_workbook(BytesIO(one)).active.iter_rows(min_row=2)]
        for one in (made.first, made.second)
    )
    assert len(second) == 4 and set(second) < set(first)


def test_only_the_key_leads_from_a_number_to_an_ad():
    drawn, made = sheets()
    lines = [line.split(";") for line in made.key.decode().splitlines()]
    assert lines[0] == ["numero", "rang"]
    assert sorted(int(rank) - 1 for _, rank in lines[1:]) == drawn.tolist()
    assert sorted(lines[1:]) == lines[1:] != sorted(lines[1:], key=lambda one: int(one[1]))  # the order tells nothing


@pytest.mark.parametrize("text", ["06 12 34 56 78", "0612345678", "https://exemple.test/1", "deux mots", ""])
def test_nothing_that_is_not_a_code_enters_a_sheet_and_the_refusal_does_not_repeat_it(text):
    with pytest.raises(Refused) as refused:
        coding_sheets(np.array([0, 1]), ["a", text], {}, Random(1))
    assert len(refused.value.defects) == 1
    assert not text or text not in str(refused.value)


def test_the_same_numbers_make_the_same_bytes():
    assert sheets()[1] == sheets()[1]


def test_the_seed_gives_the_ads_again_and_never_their_numbers(tmp_path):
    """Once the key is purged, trying seeds until the numbers of the sheet come out leads to no ad."""
    corpus = written(tmp_path, "strate\n" + "\n".join(STRATA) + "\n", "corpus.csv")
    keys, twice = [], []
    for name in ("un", "deux"):
        options = ["--seed", "5", "--size", "30", "--output", str(tmp_path / name)]
        assert CliRunner().invoke(sample, ["draw", str(corpus), *options]).exit_code == 0
        lines = (tmp_path / name / "cle.csv").read_text(encoding="utf-8").splitlines()[1:]
        keys.append(dict(reversed(line.split(";")) for line in lines))
        second = openpyxl.load_workbook(tmp_path / name / "codage-2.xlsx").active
        number_of = {number: rank for rank, number in keys[-1].items()}
        twice.append({number_of[str(row[0].value)] for row in second.iter_rows(min_row=2)})
    assert keys[0].keys() == keys[1].keys()
    assert sum(keys[0][rank] == number for rank, number in keys[1].items()) <= 1  # 30 times one in 90,000
    assert {len(one) for one in twice} == {3}


FILLED = """numero;strate;annonces_strate;recherche;annonces_meme_personne;deplacement
10001;a;30;corpus;2;oui
10002;a;30;corpus;1;non
10003;a;30;corpus;4;
10004;b;12;corpus;1;non
10005;b;12;corpus;3;oui
"""


def written(folder: Path, text: str, name: str = "codage.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_filled_sheet_gives_persons_and_shares(tmp_path):
    said = CliRunner().invoke(sample, ["estimate", str(written(tmp_path, FILLED))])
    assert said.exit_code == 0
    # 30 × (1/2 + 1 + 1/4) / 3 + 12 × (1 + 1/3) / 2 = 25.5
    assert "Personnes distinctes\u00a0: 26" in said.output
    assert "estimateur de multiplicité, 5 annonces codées sur 42" in said.output
    # known answers stand for 10, 10, 6 and 6 ads: 16 of 32
    assert "deplacement\u00a0: 50,0\u202f%" in said.output
    assert "Moins de 60 annonces codées" in said.stderr


def test_duplicates_seen_inside_the_sample_give_no_number_of_persons(tmp_path):
    path = written(tmp_path, FILLED.replace("10003;a;30;corpus", "10003;a;30;échantillon"))
    said = CliRunner().invoke(sample, ["estimate", str(path)])
    assert said.exit_code == 5
    assert "28 points de moins" in said.stderr and "cherchez dans tout le corpus" in said.stderr


def test_a_badly_filled_sheet_is_refused_whole_with_the_rows():
    # as read from a file: cells are text
    from egide.diagnostic.tables import Row, Table

    columns = tuple(FILLED.splitlines()[0].split(";"))
    lines = ["10001;a;30;corpus;0;oui", "10001;a;31;ailleurs;Martine;non"]
    rows = tuple(
        Row(number=place, cells=dict(zip(columns, line.split(";"), strict=True)))
        for place, line in enumerate(lines, start=2)
    )
    with pytest.raises(DeliveryRefused) as refused:
        read_filled(Table(file_name="codage.csv", sheet="", columns=columns, rows=rows))
    assert [one.place.partition("ligne ")[2][0] for one in refused.value.defects] == ["2", "3", "3", "3", "3"]
    assert "Martine" not in str(refused.value)


def test_a_sheet_without_a_column_says_which(tmp_path):
    path = written(tmp_path, FILLED.replace("recherche", "cherche"))
    with pytest.raises(DeliveryRefused, match="recherche"):
        read_filled(read_table(path))


def test_the_commands_lead_from_a_corpus_to_a_sheet_that_can_be_read_back(tmp_path):
    run = CliRunner().invoke
    assert "249 annonces à tirer parmi 699" in run(sample, ["size", "699"]).output
    table = written(tmp_path, "strate;annonces;ecart_type\na;300;0,5\nb;100;0,1\n", "strates.csv")
    said = run(sample, ["allocate", str(table), "--size", "40", "--method", "neyman"])
    assert said.output == "a\u00a0: 37 sur 300\nb\u00a0: 3 sur 100\n"  # 150² / 37 + 10² / 3
    corpus = written(tmp_path, "strate\n" + "\n".join(STRATA) + "\n", "corpus.csv")
    options = ["--seed", "5", "--size", "12", "--code", "deplacement", "--output", str(tmp_path / "tirage")]
    said = run(sample, ["draw", str(corpus), *options])
    assert said.exit_code == 0 and "12 annonces tirées parmi 44" in said.output
    assert sorted(one.name for one in (tmp_path / "tirage").iterdir()) == ["cle.csv", "codage-1.xlsx", "codage-2.xlsx"]
    with pytest.raises(DeliveryRefused) as refused:  # not filled yet: said once a column, not once an ad
        read_filled(read_table(tmp_path / "tirage" / "codage-1.xlsx"))
    assert [one.got for one in refused.value.defects] == ["une colonne vide"] * 2
    assert run(sample, ["draw", str(corpus), *options]).exit_code == 4  # nothing is overwritten


def test_two_coders_who_agree_have_a_kappa_of_one(tmp_path):
    first = written(tmp_path, FILLED)
    second = written(tmp_path, FILLED, "codage-2.csv")
    said = CliRunner().invoke(sample, ["estimate", str(first), "--second", str(second)])
    assert "deplacement\u00a0: kappa 1 sur 5 annonces, toutes d’accord" in said.output


def test_a_margin_is_written_with_a_comma_or_a_point_and_a_level_is_never_beyond_all(tmp_path):
    said = [CliRunner().invoke(sample, ["size", "699", "--margin", one]).output for one in ("0,05", "0.05")]
    assert said[0] == said[1] == "249 annonces à tirer parmi 699.\n"
    assert CliRunner().invoke(sample, ["size", "699", "--margin", "cinq"]).exit_code == 2
    first = written(tmp_path, FILLED)
    assert CliRunner().invoke(sample, ["estimate", str(first), "--level", "95"]).exit_code == 2

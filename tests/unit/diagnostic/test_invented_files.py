"""A team can rehearse: files like those it will collect, and beside them what it will never know of real ads."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from egide.cli.diagnostic_invent import invent
from egide.diagnostic.census.columns import verdict
from egide.diagnostic.synthetic.files import COLUMNS


def test_the_ads_and_their_truth_stand_line_for_line(tmp_path: Path) -> None:
    file = tmp_path / "essai" / "annonces.csv"
    said = _run("--ads", "60", "--persons", "20", "--output", str(file))
    assert said.exit_code == 0, said.output
    ads, truth = _table(file), _table(tmp_path / "essai" / "annonces-verite.csv")
    assert tuple(ads[0]) == COLUMNS
    assert len(ads) == 60
    assert [row["ligne"] for row in truth] == [str(row) for row in range(2, 62)]
    assert len({row["personne"] for row in truth}) == 20
    assert all(ad["texte"] and ad["insee"].startswith("62") for ad in ads)
    assert {row["third_person"] for row in truth} <= {"0", "1"}


def test_the_census_may_read_every_column() -> None:
    assert verdict(COLUMNS, "annonces.csv") == ()


def test_lines_of_json_hold_the_same_ads(tmp_path: Path) -> None:
    for name in ("a.csv", "b.jsonl"):
        assert _run("--ads", "30", "--persons", "9", "--seed", "4", "-q", "--output", str(tmp_path / name)).output == ""
    lines = (tmp_path / "b.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == _table(tmp_path / "a.csv")


def test_a_file_that_exists_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "a-verite.csv").write_text("à garder", encoding="utf-8")
    said = _run("--ads", "3", "--persons", "2", "--output", str(tmp_path / "a.csv"))
    assert said.exit_code == 4
    assert "existe déjà" in said.output
    assert [path.name for path in tmp_path.iterdir()] == ["a-verite.csv"]


@pytest.mark.parametrize("wrong", [("--persons", "4"), ("--output", "annonces.xlsx")])
def test_what_cannot_be_invented_is_refused_before_anything_is_written(wrong: tuple[str, str], tmp_path: Path) -> None:
    said = _run("--ads", "3", "--persons", "2", "--output", str(tmp_path / "a.csv"), *wrong)
    assert said.exit_code == 2
    assert not list(tmp_path.iterdir())


def _run(*words: str):  # type: ignore[no-untyped-def]
    return CliRunner().invoke(invent, words)


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

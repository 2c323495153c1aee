"""The report of Pas-de-Calais as its readers get it: whole, protected, with its precaution in every file.

Built once, at the head of this file; every test reads what was written.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
from math import ceil, floor
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from lxml import html
from pypdf import PdfReader

from egide.facts.model import FactKey
from egide.letter.edition import load_edition
from support.editions import egide, files_of, said, spoil
from support.pdf_judge import judge

EDITION = Path(__file__).parents[2] / "editions" / "diagnostic-62"
CLAIMS, FACTS = EDITION / "claims" / "claims.csv", EDITION / "claims" / "facts.csv"
ADS = "2018-09-20..2018-12-05"
PERSONS = 152


def build(edition: Path, place: Path, *options: str):
    places = ["--output", place / "rapport", "--store", place / "store", "--cache", place / "cache"]
    return egide("diagnostic", "build", edition, *places, *(options or ["-q"]))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("diagnostic")
    run = build(EDITION, folder)
    assert (run.exit_code, run.stderr, run.stdout) == (0, "", "")
    return folder


@pytest.fixture(scope="module")
def report(place: Path) -> Path:
    return place / "rapport"


@pytest.fixture(scope="module")
def numbers(report: Path) -> list[dict[str, Any]]:
    return json.loads((report / "trace.json").read_text(encoding="utf-8"))["numbers"]


@pytest.fixture(scope="module")
def shown(numbers) -> dict[str, str]:
    return {expression: said(one["shown"]) for one in numbers for expression in one["expressions"]}


@pytest.fixture(scope="module")
def text(report: Path) -> str:
    page = html.fromstring((report / "index.html").read_bytes().decode())
    return re.sub(r"\s+", " ", said(page.xpath("//main")[0].text_content()))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# ---------------------------------------------------------------- what is written


def test_a_report_has_its_page_its_pdf_its_data_and_the_way_of_each_number(report):
    names = set(files_of(report))
    assert {"index.html", "rapport.pdf", "trace.json", "data/rapport.csv", "data/rapport.parquet"} <= names
    assert {"data/sdmx/data.csv", "data/datapackage.json", "data/dcat.ttl", "data/figures/f02.csv"} <= names
    assert [name for name in names if "lettre" in name] == []


def test_every_export_carries_the_precaution(report):
    precaution = load_edition(EDITION).precaution
    files = {
        name: content
        for name, content in files_of(report).items()
        if name not in ("rapport.pdf", "coherence.json", "data/rapport.parquet")
    }
    assert [name for name, content in files.items() if precaution not in content.decode()] == []
    table = pyarrow.parquet.read_table(report / "data" / "rapport.parquet")
    assert set(table.column("precaution").to_pylist()) == {precaution}
    for path in (report / "data" / "rapport.csv", *(report / "data" / "figures").iterdir()):
        assert {row["precaution"] for row in rows(path)} == {precaution}
    printed = re.sub(
        r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(report / "rapport.pdf").pages[3:5])
    )
    assert said(precaution) in said(printed)


def test_the_report_says_what_a_reader_must_know(text):
    for words in ("434-3", "119", "jamais un recensement des personnes", "ne prouve rien sur une personne"):
        assert words in text
    assert "20 septembre 2018" in text and "juillet 2020" in text


def test_the_number_of_persons_online_never_goes_without_its_interval_and_its_condition(shown, text):
    assert shown[f'persons_online["{ADS}"]'] == "273"
    assert "environ 240 à environ 307" in text
    assert "proche des 97 personnes distinctes" in text
    assert "Une condition que l’étude ne précise pas" in text


@pytest.mark.pdfjudge
def test_an_independent_judge_finds_no_failure_of_pdf_ua(report):
    assert judge(report / "rapport.pdf").failures == []


def test_a_script_is_told_where_the_report_is_and_a_second_build_gives_the_same_bytes(place, report):
    before = files_of(report)
    told = json.loads(build(EDITION, place, "--json").stdout)
    assert (Path(told["page"]), Path(told["pdf"])) == (report / "index.html", report / "rapport.pdf")
    assert (told["numbers"], told["hidden"]) == (230, 16)
    assert files_of(report) == before


# ---------------------------------------------------------------- nothing small comes back


def test_no_count_of_persons_or_of_ads_below_five_is_shown(report):
    counted = {"personnes", "annonces", "amendes"}
    measures = {
        code: measure["counts"]
        for path in (EDITION.parents[1] / "src" / "egide" / "sources" / "schemas").glob("*.json")
        if path.stem in {"adn_62", "adn_idf", "adn_maraude", "reperes"}
        for code, measure in json.loads(path.read_text(encoding="utf-8"))["measures"].items()
        if measure.get("counts") in counted
    }
    small = [
        row["identifiant"]
        for row in rows(report / "data" / "rapport.csv")
        if row["mesure"] in measures and row["valeur"] and 0 < float(row["valeur"]) < 5
    ]
    assert small == []


def test_the_attacker_is_left_with_every_value_of_each_hidden_count(place):
    secret = json.loads((place / "rapport-auteurs" / "secret.json").read_text(encoding="utf-8"))
    assert secret["leaks"] == []
    assert len(secret["kept"]) == 15
    assert {tuple(one["values"]) for one in secret["kept"]} == {(1, 2, 3, 4)}


def test_a_share_that_is_shown_is_that_of_five_persons_or_more(numbers):
    """No count says how many; an integer that rounds to the share does."""
    measures = ("adn_62/share_of_persons/", "adn_62/share_with_vulnerability_factor/")
    shares = [one for one in numbers if one["key"].startswith(measures)]
    known = {"/".join(one["key"].split("/")[3:]) for one in numbers if "/persons_in_prostitution" in one["key"]}
    assert len(shares) == 28
    for one in shares:
        if "/".join(one["key"].split("/")[3:]) in known:
            continue  # its count is published
        share = float(one["low"])
        possible = [n for n in range(PERSONS + 1) if abs(100 * n / PERSONS - share) <= 0.5]
        assert min(possible) >= 5, one["id"]


def test_what_the_shares_by_age_leave_is_that_of_five_persons_or_more(shown):
    ages = ("le25", "26_35", "36_45", "age_unknown")
    left = 100 - sum(int(shown[f'profile_share_{age}["2015..2020"]'].removesuffix(" %")) for age in ages)
    assert floor(PERSONS * (left - 2) / 100) >= 5 and ceil(PERSONS * (left + 2) / 100) < PERSONS
    assert not any("46_55" in name or "gt55" in name for name in shown)


def test_children_are_in_no_number_of_a_town_and_not_split(numbers):
    for one in numbers:
        dims = FactKey.parse(one["key"]).dims if one["key"].count("/") in (3, 4) and "(" not in one["key"] else ()
        names = {name for name, _ in dims}
        if ("age", "lt18") in dims:
            assert names <= {"age", "pimp"}
        assert ("age", "lt15") not in dims


# ---------------------------------------------------------------- what is refused


@pytest.fixture
def spoiled(tmp_path) -> Path:
    shutil.copytree(EDITION, tmp_path / "edition")
    return tmp_path / "edition"


def test_a_report_without_its_precaution_or_its_duty_is_refused_with_all_that_is_missing(spoiled, tmp_path):
    spoil(spoiled, "prose/00-avant-lire.md", "c’est l’{article 434-3} du code pénal", "c’est le code pénal")
    spoil(spoiled, "prose/11-doutes.md", "{#doutes}", "{#reserves}")
    run = build(spoiled, tmp_path)
    assert run.exit_code == 7
    assert "les mots « 434-3 »" in said(run.stderr) and "une partie pour les doutes" in said(run.stderr)
    assert not (tmp_path / "rapport").exists()


def test_the_name_of_its_files_is_a_name_for_files(spoiled, tmp_path):
    spoil(spoiled, "edition.toml", 'file = "rapport"', 'file = "../Rapport"')
    run = build(spoiled, tmp_path)
    assert run.exit_code == 7
    assert "pour « file », des lettres sans accent et des tirets" in said(run.stderr)


def test_a_withheld_share_cannot_be_written_in_a_sentence(spoiled, tmp_path):
    spoil(spoiled, "prose/12-annexes.md", "## D’où vient", '{{ vuln_runaway["2015..2020"] }}\n\n## D’où vient')
    run = build(spoiled, tmp_path)
    assert run.exit_code == 7
    assert "ne publie pas" in said(run.stderr)


# ---------------------------------------------------------------- the claims of the published study


def test_every_verdict_written_beside_the_57_claims_is_found_again():
    run = egide("verify", CLAIMS, FACTS, "--json")
    assert run.exit_code == 0
    found = {one["claim_id"]: one["agrees"] for one in json.loads(run.stdout)}
    written = {row["claim_id"]: row["agrees"] for row in rows(CLAIMS)}
    assert found == written
    assert len(found) == 57
    assert [name for name, verdict in found.items() if verdict == "no"] == ["d019"]
    assert list(found.values()).count("not_computable") == 7


def test_the_facts_behind_the_claims_are_those_delivered(numbers):
    delivered = {
        expression.partition("[")[0]: one
        for one in numbers
        for expression in one["expressions"]
        if re.fullmatch(r"\w+\[.*\]", expression)
    }
    compared = 0
    for row in rows(FACTS):
        one = delivered.get(row["id"])
        if one and one["low"]:
            assert float(row["value"]) == float(one["low"]), row["id"]
            assert row["period"].replace("/", "..") == one["period"]
            compared += 1
    assert compared > 80

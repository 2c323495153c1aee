"""`egide verify` on the sentences of the Letter of 2026: the same verdicts as those written beside them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from support.editions import egide, said

LETTER = Path(__file__).parents[1] / "data" / "letter-2026"
CLAIMS, FACTS = LETTER / "claims.csv", LETTER / "facts.csv"


@pytest.fixture
def claims(tmp_path):
    """A copy of the claims in which one text is changed."""

    def changed(old: str, new: str) -> Path:
        text = CLAIMS.read_text(encoding="utf-8")
        assert old in text
        path = tmp_path / "claims.csv"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return path

    return changed


def test_every_verdict_written_in_the_file_is_found_again():
    found = {one["claim_id"]: one for one in json.loads(egide("verify", CLAIMS, FACTS, "--json").stdout)}
    with CLAIMS.open(encoding="utf-8", newline="") as file:
        written = {row["claim_id"]: row["agrees"] for row in csv.DictReader(file)}
    assert {name: one["agrees"] for name, one in found.items()} == written
    assert [name for name, one in found.items() if one["problem"]] == []


def test_each_disagreement_is_given_with_its_arithmetic():
    run = egide("verify", CLAIMS, FACTS)
    assert run.exit_code == 0
    (line,) = [line for line in run.stdout.splitlines() if " b042 " in line]
    assert "affiché 97\u00a0%" in line.replace(" %", "\u00a0%") and "450 / 507" in line


def test_the_last_line_counts_the_verdicts():
    last = said(egide("verify", CLAIMS, FACTS).stdout).splitlines()[-1]
    assert last == "377 affirmations : 247 vraies, 15 démenties, 115 non calculables."


def test_a_script_may_ask_to_be_told_by_the_exit_code():
    assert egide("verify", CLAIMS, FACTS, "--exit-code", "-q").exit_code == 1
    assert egide("verify", CLAIMS, FACTS, "-q").stdout == ""


def test_a_verdict_that_is_no_longer_the_one_in_the_file_is_an_error(claims):
    run = egide("verify", claims("249,exact,yes", "250,exact,yes"), FACTS)
    assert run.exit_code == 1
    assert "autre      a001 : le fichier dit « 250 yes », on trouve « 249 yes »" in run.stdout


def test_a_formula_that_cannot_be_read_is_an_error_and_named(claims):
    run = egide("verify", claims('"f(""fnsf_2025_victims"")"', "f("), FACTS)
    assert run.exit_code == 1
    assert "illisible  a001" in run.stdout


@pytest.mark.parametrize("claims_file, facts_file", [("absent.csv", FACTS), (CLAIMS, "absent.csv"), (FACTS, CLAIMS)])
def test_files_that_are_not_what_they_should_be_are_refused(claims_file, facts_file):
    run = egide("verify", claims_file, facts_file)
    assert run.exit_code == 3
    assert "attendu" in run.stderr and run.stdout == ""

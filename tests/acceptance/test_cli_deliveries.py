"""A sender checks a delivery; the observatory records it, and computes with what it knows."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from support.editions import RECIPIENTS, egide, recipients_csv, said, small_edition

DELIVERIES = Path(__file__).parents[2] / "editions" / "2026" / "deliveries"
GOOD = {
    "acpe": "acpe-accompagnement-2025.csv",
    "sdfe": "sdfe-parcours-2025.xlsx",
    "dgesco": "dgesco-service-social-2024-2025.ods",
}


@pytest.fixture
def afis(tmp_path):
    path = tmp_path / "afis.csv"
    path.write_text(recipients_csv(RECIPIENTS), encoding="utf-8")
    return path


# ---------------------------------------------------------------- check


@pytest.mark.parametrize("source", GOOD)
def test_a_good_delivery_of_each_format_is_accepted(source):
    run = egide("check", source, DELIVERIES / GOOD[source])
    assert run.exit_code == 0
    assert "Verdict : livraison acceptée" in said(run.stdout)
    assert run.stderr == ""


def test_quiet_says_nothing_of_a_good_delivery_and_everything_of_a_bad_one(afis):
    assert egide("check", "afis", afis, "-q").stdout == ""
    afis.write_text(recipients_csv(RECIPIENTS).replace("806", "beaucoup"), encoding="utf-8")
    assert "« beaucoup »" in said(egide("check", "afis", afis, "-q").stdout)


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def emptied(_: bytes) -> bytes:
    return b""


def garbled(content: bytes) -> bytes:
    return bytes(reversed(content))


@pytest.mark.parametrize("spoiled", [cut, emptied, garbled])
@pytest.mark.parametrize("source", ["sdfe", "dgesco"])
def test_a_file_that_cannot_be_read_gets_the_same_report_as_any_other(tmp_path, source, spoiled):
    path = tmp_path / GOOD[source]
    path.write_bytes(spoiled((DELIVERIES / GOOD[source]).read_bytes()))
    run = egide("check", source, path)
    assert run.exit_code == 3
    assert f"- {path.name} : attendu" in said(run.stdout)
    assert "livraison refusée, rien n’est enregistré" in run.stdout
    report = json.loads(egide("check", source, path, "--json").stdout)
    assert (report["accepted"], report["facts"], len(report["defects"])) == (False, 0, 1)


ELSEWHERE = {
    "no file there": ("afis", "absente.csv", "reçu rien à cet endroit"),
    "a folder": ("afis", ".", "reçu un dossier"),
    "another format": ("sdfe", "afis.csv", "attendu un fichier .xlsx"),
}


@pytest.mark.parametrize("case", ELSEWHERE)
def test_what_is_not_the_file_is_told_to_programs_too(afis, case):
    source, name, told = ELSEWHERE[case]
    assert told in said(egide("check", source, afis.parent / name).stdout)
    run = egide("check", source, afis.parent / name, "--json")
    assert run.exit_code == 3
    assert json.loads(run.stdout)["accepted"] is False


BAD_CONTENT = {
    "a renamed column": ("valeur", "nombre", "colonne"),
    "words for a number": (",806,", ",huit cents,", "ligne 3, colonne valeur"),
    "an unknown code": ("définitif", "sûr", "colonne statut"),
    "a row said twice": ("2024,", "2023,", "ligne"),
}


@pytest.mark.parametrize("case", BAD_CONTENT)
def test_each_defect_has_its_place_what_was_expected_and_what_came(afis, case):
    old, new, place = BAD_CONTENT[case]
    afis.write_text(recipients_csv(RECIPIENTS).replace(old, new), encoding="utf-8")
    run = egide("check", "afis", afis)
    assert run.exit_code == 3
    (first, *_) = [line for line in run.stdout.splitlines() if line.startswith("- ")]
    assert "afis.csv" in first and place in first
    assert "attendu" in first and "reçu" in first
    defects = json.loads(egide("check", "afis", afis, "--json").stdout)["defects"]
    assert all(defect["expected"] and defect["way_out"] for defect in defects)


def test_another_encoding_is_not_guessed(afis):
    afis.write_bytes(recipients_csv(RECIPIENTS).encode("windows-1252"))
    run = egide("check", "afis", afis)
    assert run.exit_code == 3
    assert "UTF-8" in run.stdout


# ---------------------------------------------------------------- record


def record(path: Path, *options: object, received: str = "2026-04-02"):
    return egide("record", "afis", path, "--received", received, "--store", path.parent / "store", *options)


def test_a_delivery_recorded_twice_is_recorded_once(afis):
    assert "3 faits" in said(record(afis).stdout)
    again = record(afis)
    assert again.exit_code == 0
    assert "déjà enregistré" in again.stdout
    assert len(list((afis.parent / "store").glob("*/*.parquet"))) == 1
    assert json.loads(record(afis, "--json").stdout)["already_recorded"] is True
    assert record(afis, "-q").stdout == ""


def test_a_delivery_with_a_defect_leaves_no_trace_in_the_store(afis):
    afis.write_text(recipients_csv(RECIPIENTS).replace("806", "beaucoup"), encoding="utf-8")
    run = record(afis)
    assert run.exit_code == 3
    assert "« beaucoup »" in said(run.stderr)
    assert not (afis.parent / "store").exists()


def test_two_files_cannot_say_the_same_thing_on_the_same_day(afis):
    record(afis)
    afis.write_text(recipients_csv(RECIPIENTS | {"2024": 805}), encoding="utf-8")
    run = record(afis)
    assert run.exit_code == 4
    assert "déjà enregistré à la date du 2026-04-02" in run.stderr
    assert record(afis, received="2026-05-02").exit_code == 0


def test_a_store_that_is_a_file_is_refused_without_a_crash(afis):
    (afis.parent / "store").write_text("pas un dossier", encoding="utf-8")
    assert record(afis).exit_code == 4
    assert (afis.parent / "store").read_text(encoding="utf-8") == "pas un dossier"


def test_a_store_that_was_damaged_is_named(afis):
    record(afis)
    (kept,) = (afis.parent / "store").glob("*/*.parquet")
    kept.write_bytes(kept.read_bytes()[:-200])
    run = record(afis, received="2026-05-02")
    assert run.exit_code == 4
    assert kept.name in run.stderr


# ---------------------------------------------------------------- compute


@pytest.fixture(scope="module")
def calculator(tmp_path_factory):
    folder = tmp_path_factory.mktemp("calcul")
    edition = small_edition(folder / "2026")

    def compute(*words: object):
        return egide("compute", *words, "--edition", edition, "--store", folder / "store", "--cache", folder / "cache")

    return compute


def test_the_formulas_are_listed_with_the_page_that_justifies_them(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # no edition is needed for that
    assert "share(" in egide("compute", "--list").stdout
    assert "docs/methods/share.md" in egide("compute", "--list").stdout
    assert any(signature.startswith("growth(") for signature in json.loads(egide("compute", "--list", "--json").stdout))


def test_a_result_is_printed_as_a_reader_sees_it_and_exactly(calculator):
    lines = calculator("recipients[2025]", "recipients.growth(2024, 2025)").stdout.splitlines()
    assert lines[0] == "recipients[2025] = 895 — Bénéficiaires de l’aide (définitif)"
    assert lines[1].startswith("growth(recipients[2024], recipients[2025]) = 11,04\u202f% (exactement 4450/403) — ")


def test_a_result_for_a_program_is_exact(calculator):
    (found,) = json.loads(calculator("recipients.growth(2024, 2025)", "--json").stdout)
    assert (found["low"], found["high"], found["unit"]) == ("4450/403", "4450/403", "percent")


def test_nothing_is_computed_of_a_day_when_nothing_was_known(calculator):
    run = calculator("recipients[2025]", "--as-of", "2025-01-01")
    assert run.exit_code == 7
    assert "attendu un jour où des faits sont connus, reçu 2025-01-01" in said(run.stderr)


def test_every_refused_expression_is_told_at_once(calculator):
    run = calculator("share(recipients[2025], requests[2025])", "recipient[2025]", "recipients[", "recipients[1999]")
    assert run.exit_code == 5
    assert run.stdout == ""
    for reason in ("deux institutions", "Noms proches : « recipients »", "pas bien formée", "Périodes connues"):
        assert reason in said(run.stderr)


def test_an_edition_whose_delivery_is_bad_is_not_computed_with(tmp_path):
    edition = small_edition(tmp_path / "2026", recipients=RECIPIENTS | {"2024": -1})
    places = ("--store", tmp_path / "store", "--cache", tmp_path / "cache")
    run = egide("compute", "recipients[2025]", "--edition", edition, *places)
    assert run.exit_code == 3
    assert "afis-2026.csv, ligne 3, colonne valeur" in run.stderr


def test_an_edition_that_is_not_there_is_told(tmp_path):
    run = egide("compute", "x[2025]", "--edition", tmp_path / "2031")
    assert run.exit_code == 7
    assert "2031/edition.toml" in run.stderr


def test_a_folder_of_deliveries_can_be_moved_and_recorded_again(tmp_path, afis):
    """What is recorded is what the file says, not where it lay."""
    record(afis)
    moved = tmp_path / "ailleurs"
    moved.mkdir()
    shutil.copy(afis, moved / afis.name)
    again = egide("record", "afis", moved / afis.name, "--received", "2026-04-02", "--store", tmp_path / "store")
    assert "déjà enregistré" in again.stdout

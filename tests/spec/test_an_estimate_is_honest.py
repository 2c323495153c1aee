"""`egide estimate`: several methods on one page with their disagreement, or no number and the reason."""

from __future__ import annotations

import json
import os
import re
import signal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook

from egide.cli import main
from egide.cli.estimate import interruptible
from support.mse import FOLDER, table

QUICK = ("--quick", "--replicates", "100", "-q")


def run(*args: object) -> Result:
    return CliRunner().invoke(main, ["estimate", *map(str, args)])


def told(*args: object) -> dict:
    result = run(*args, "--json")
    return {"code": result.exit_code, **json.loads(result.stdout)}


def written(folder: Path, text: str) -> Path:
    path = folder / "listes.csv"
    path.write_text("\n".join(line.replace(" ", ",") for line in text.strip().splitlines()), encoding="utf-8")
    return path


FEW = "police justice associations effectif\n1 0 0 40\n0 1 0 33\n0 0 1 60\n1 1 0 3\n0 1 1 4"


def test_every_answer_shows_four_estimators_their_intervals_and_their_spread():
    """Goal G15; the numbers are those of the published baselines (Korea)."""
    said = told(FOLDER / "Korea.csv", *QUICK)
    persons = {one["method"]: one for one in said["estimates"] if "persons" in one}
    assert said["code"] == 0 and len(persons) - ("chao" in persons) >= 4
    assert round(persons["bic"]["persons"]) == 157 and round(persons["stepwise"]["persons"]) == 269
    assert round(persons["graphs"]["persons"]) == 163
    assert said["spread"][0] < 157 and round(said["spread"][1]) == 269
    assert all(one["low"] <= one["persons"] <= one["high"] for one in persons.values())
    assert said["known_truths"] and said["without"] and said["undecidable"][0]["models"] >= 1


def test_the_terminal_says_what_drives_each_number_and_what_is_supposed():
    text = run(FOLDER / "Korea.csv", *QUICK).stdout
    for words in (
        "Écart entre les méthodes",
        "ne s’accordent pas",
        "b avec c",
        "Sans la liste d",
        "Épreuve",
        "Ces nombres supposent",
    ):
        assert words in text
    assert "ne se publient pas" in text


def test_fewer_than_eight_persons_on_two_lists_give_no_number_at_all(tmp_path):
    result = run(written(tmp_path, FEW), *QUICK)
    assert result.exit_code == 5
    assert "moins de huit personnes" in result.stdout and "Méthode" not in result.stdout
    said = told(written(tmp_path, FEW), *QUICK)
    assert (said["refusal"], said["estimates"], said["spread"]) == ("too_few_repeats", [], None)


def test_lists_that_never_meet_give_no_number(tmp_path):
    said = told(written(tmp_path, "A B effectif\n1 0 40\n0 1 33\n1 1 0"), *QUICK)
    assert (said["code"], said["refusal"], said["estimates"]) == (5, "no_overlap", [])


def test_a_method_that_declines_says_why(tmp_path):
    text = "A B C effectif\n1 0 0 40\n0 1 0 33\n0 0 1 60\n1 0 1 14\n0 1 1 15"
    said = told(written(tmp_path, text), *QUICK, "--apart", "A,B")
    declined = {one["method"]: one["declined"] for one in said["estimates"] if "declined" in one}
    assert declined["graphs"] == "out_of_reach"
    assert "listes qui ne peuvent se croiser" in run(written(tmp_path, text), *QUICK, "--apart", "A,B").stdout


def test_defects_of_a_file_are_all_said_and_nothing_is_estimated(tmp_path):
    result = run(written(tmp_path, "A B effectif\n1 0 -4\n0 1 2.5\n2 1 9"), *QUICK)
    assert result.exit_code == 3 and "3 défauts" in result.stderr and not result.stdout
    assert all(f"ligne {number}" in result.stderr for number in (2, 3, 4))


def test_hidden_counts_are_told_and_give_no_page(tmp_path):
    path = written(tmp_path, "A B C effectif\n1 0 0 40\n0 1 0 33\n0 0 1 60\n1 1 0 14\n0 1 1 9\n1 1 1 <5")
    said = told(path, *QUICK)
    assert said["hidden_counts"] and said["tables"] > 1 and said["spread"]
    result = run(path, *QUICK, "--report", tmp_path / "page", "--period", "2025")
    assert result.exit_code == 5 and "attendu des effectifs entiers" in result.stderr
    assert not (tmp_path / "page").exists()


def test_strata_make_the_total(tmp_path):
    text = "sexe A B C effectif\n" + "\n".join(
        f"{sex} {row} {count * times}"
        for sex, times in (("F", 2), ("H", 1))
        for row, count in (("1 0 0", 40), ("0 1 0", 33), ("0 0 1", 60), ("1 1 0", 9), ("0 1 1", 8), ("1 0 1", 11))
    )
    found = told(written(tmp_path, text), *QUICK, "--strata", "sexe")["strata"]
    assert [one["label"] for one in found["strata"]] == [["F"], ["H"]]
    assert found["total"]["persons"] == pytest.approx(sum(one["persons"] for one in found["strata"]), rel=1e-9)


def test_a_stratum_that_would_bear_no_number_alone_is_told_to_borrow(tmp_path):
    rows = [f"{sex} {row}" for sex, row in (("F", "1 0 40"), ("F", "0 1 33"), ("F", "1 1 12"), ("H", "1 0 9"))]
    path = written(tmp_path, "sexe A B effectif\n" + "\n".join([*rows, "H 0 1 8", "H 1 1 7"]))
    text = run(path, *QUICK, "--strata", "sexe").stdout
    assert "est emprunté aux autres, et ne se cite pas seul\u00a0: sexe = H." in text
    assert "Modèle commun aux strates\u00a0: aucune dépendance entre listes." in text
    assert [one["borrowed"] for one in told(path, *QUICK, "--strata", "sexe")["strata"]["strata"]] == [False, True]
    hidden = written(tmp_path, path.read_text().replace(",", " ").replace("1 1 7", "1 1 <5"))
    assert "Par strate\u00a0: aucun nombre, car des effectifs" in run(hidden, *QUICK, "--strata", "sexe").stdout


def test_the_folder_of_linked_lists_is_taken_with_its_doubt(tmp_path):
    counts = table("Korea")
    rows = ["b,c,d,count", *(f"{c & 1},{c >> 1 & 1},{c >> 2 & 1},{counts.counts[c]}" for c in range(1, 8))]
    for name in ("tableau.csv", "tirage-001.csv", "tirage-002.csv"):
        (tmp_path / name).write_text("\n".join(rows) + "\n", encoding="utf-8")
    said = told(tmp_path, *QUICK)
    assert said["seen"] == 123 and said["tables"] == 2
    assert run(tmp_path, *QUICK, "--strata", "sexe").exit_code == 2


def test_a_page_is_made_of_what_the_secret_lets_out(tmp_path):
    folder = tmp_path / "page"
    result = run(FOLDER / "Korea.csv", *QUICK, "--report", folder, "--period", "2016", "--on", "2026-04-02")
    assert result.exit_code == 0
    text = (folder / "index.html").read_text(encoding="utf-8")
    assert "ne s’accordent pas" in text and "Une épreuve dont la réponse est connue" in text
    assert (folder / "estimation.pdf").read_bytes().startswith(b"%PDF")
    assert (folder / "data/figures/recoupements.csv").is_file()


def test_a_page_of_refusal_has_the_overlaps_and_no_estimate(tmp_path):
    folder = tmp_path / "page"
    result = run(written(tmp_path, FEW), *QUICK, "--report", folder, "--period", "2016", "--on", "2026-04-02")
    assert result.exit_code == 5
    text = (folder / "index.html").read_text(encoding="utf-8")
    assert "Aucun nombre ne peut être donné" in text and "Personnes vues, par liste" in text
    assert "selon la méthode" not in text and "Intervalle" not in text
    assert [path.name for path in (folder / "data/figures").iterdir()] == ["recoupements.csv"]


@pytest.mark.parametrize(
    "args", [("--report", "x"), ("--report", "x", "--period", "été"), ("--apart", "A"), ("--replicates", "3")]
)
def test_a_wrong_call_is_explained(args):
    result = run(FOLDER / "Korea.csv", *QUICK, *args)
    assert result.exit_code == 2 and "Erreur" in result.stderr and not result.stdout


def test_the_first_interruption_asks_to_stop_and_the_second_one_stops():
    before = signal.getsignal(signal.SIGINT)
    with interruptible() as stop:
        assert not stop()
        os.kill(os.getpid(), signal.SIGINT)
        assert stop()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_ends_of_an_interval_are_told_to_two_digits_and_published_estimates_whole():
    result = run(FOLDER / "UKdat_5.csv", *QUICK)
    (bic,) = (line for line in result.stdout.replace("\u202f", "").splitlines() if "(BIC)  " in line)
    assert " 25311 " in bic
    low, high = (int(word) for word in re.findall(r"de (\d+) à (\d+)", bic)[0])
    assert low % 100 == 0 and high % 1000 == 0 and low < 25311 < high


def test_a_sheet_is_chosen_by_its_name(tmp_path):
    book = Workbook()
    for sheet in (book.active, book.create_sheet("second")):
        for row in FEW.splitlines():
            sheet.append(row.split())
    book.save(tmp_path / "listes.xlsx")
    assert "indiquez laquelle lire" in run(tmp_path / "listes.xlsx", *QUICK).stderr
    assert "moins de huit personnes" in run(tmp_path / "listes.xlsx", *QUICK, "--sheet", "second").stdout


def test_a_folder_that_link_did_not_make_is_told_so(tmp_path):
    assert "un dossier fait par «\u00a0egide link\u00a0»" in run(tmp_path, *QUICK).stderr


def test_what_could_not_be_observed_is_named(tmp_path):
    text = "A B C effectif\n1 0 0 40\n0 1 0 33\n0 0 1 60\n1 0 1 \n1 1 0 14\n0 1 1 9"
    result = run(written(tmp_path, text), *QUICK)
    assert result.exit_code == 0 and "Sans effectif, donc hors du calcul\u00a0: A et C." in result.stdout

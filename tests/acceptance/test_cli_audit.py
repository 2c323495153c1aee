"""`egide audit` on folders as they are published: what it prints, writes and refuses."""

from __future__ import annotations

import json
import shutil
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest

from support.documents import run
from support.editions import egide, files_of, said

TOP = Path(__file__).parents[2]
LETTER = TOP / "tests" / "data" / "letter-2026"
SENTENCES = """Peine;Proxénétisme;Tenue d’un lieu
Prison;745;31
Amende;< 5;nc
Autre;nc;< 5
Total;755;39
"""
CLAIMS = "claim_id,locator,statement,displayed,kind,formula,computed,rounding,agrees,comment\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "publication"
    made.mkdir()
    (made / "peines.csv").write_text(SENTENCES, encoding="utf-8")
    return made


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """The facts and the claims of the Letter of 2026."""
    made = tmp_path / "lettre-2026"
    made.mkdir()
    for name in ("facts.csv", "claims.csv"):
        shutil.copy(LETTER / name, made)
    return made


def found(folder: Path, *options: str) -> dict[tuple[str, str, str], dict]:
    cells = json.loads(egide("audit", folder, "--json", *options).stdout)
    return {(one["table"], one["row"], one["column"]): one for one in cells}


def bounds(cell: dict) -> tuple[int | None, int | None]:
    return cell["low"], cell["high"]


def test_the_page_of_documentation_shows_what_happens(letter: Path):
    (letter.parent / "publication").mkdir()
    page = (TOP / "docs" / "how-to" / "auditer-une-publication.md").read_text(encoding="utf-8")
    differences = run(page, letter.parent)
    assert not differences, "\n\n".join(differences)


def test_the_judicial_tables_of_2026_hold_one_leak(letter: Path):
    cells = found(letter)
    assert [where for where, one in cells.items() if one["leak"]] == [("figure 13", "tenue_lieu", "autre")]
    assert bounds(cells["figure 13", "tenue_lieu", "autre"]) == (1, 3)
    assert bounds(cells["figure 10", "proxenetisme_aggrave", "inopportunite"]) == (14, 17)


def test_every_hidden_fact_of_the_letter_is_listed(letter: Path):
    hidden = [
        line for line in (letter / "facts.csv").read_text("utf-8").splitlines() if ",lt5," in line or ",nc,L" in line
    ]
    assert len(found(letter)) == len(hidden) == 27


def test_without_the_sentences_the_tables_alone_say_less(letter: Path):
    (letter / "claims.csv").unlink()
    assert bounds(found(letter)["figure 12", "tenue_lieu", "poursuites"]) == (55, 61)


def test_a_leak_ends_with_code_1_and_comes_first_with_its_arithmetic(folder: Path):
    ended = egide("audit", folder)
    first, reason, *_ = said(ended.stdout).splitlines()
    assert ended.exit_code == 1
    assert first == "fuite     peines.csv, ligne « Autre », colonne « Tenue d’un lieu » : « < 5 » vaut 1 à 3"
    assert "39 − 31 = 8" in reason


def test_the_level_ambiguous_lets_it_pass(folder: Path):
    assert egide("audit", folder, "--level", "ambiguous").exit_code == 0


@pytest.mark.parametrize(("encoding", "delimiter"), [("cp1252", ";"), ("utf-8-sig", ";"), ("utf-8", ",")])
def test_any_usual_csv_reads_alike(folder: Path, encoding: str, delimiter: str):
    expected = found(folder)
    (folder / "peines.csv").write_text(SENTENCES.replace(";", delimiter), encoding=encoding)
    assert found(folder) == expected


def test_a_workbook_reads_like_a_csv(folder: Path):
    expected = [bounds(one) for one in found(folder).values()]
    (folder / "peines.csv").unlink()
    book = openpyxl.Workbook()
    book.active.title = "Peines"
    for line in SENTENCES.splitlines():
        book.active.append([int(cell) if cell.isdigit() else cell for cell in line.split(";")])
    book.save(folder / "peines.xlsx")
    cells = found(folder)
    assert {table for table, _, _ in cells} == {"peines.xlsx/Peines"}
    assert [bounds(one) for one in cells.values()] == expected


def test_a_column_of_a_workbook_printed_in_percent_is_left_aside(folder: Path):
    book = openpyxl.Workbook()
    for line in (["x", "a", "b", "Total", "part de b"], ["r", "< 5", 3, 6, 0.5], ["s", 0, 7, 7, 1]):
        book.active.append(line)
    for row in (2, 3):
        book.active.cell(row, 5).number_format = "0%"
    book.save(folder / "x.xlsx")
    assert bounds(found(folder)["x.xlsx/Sheet", "r", "a"]) == (3, 3)
    assert "Laissé de côté" in said(egide("audit", folder).stdout)


def test_a_total_can_be_declared(folder: Path):
    (folder / "peines.csv").write_text(SENTENCES.replace("Total", "Condamnations"), encoding="utf-8")
    assert not any(one["leak"] for one in found(folder).values())
    declared = '[[total]]\ntable = "peines.csv"\nrow = "Condamnations"\nparts = ["Prison", "Amende", "Autre"]\n'
    (folder / "audit.toml").write_text(declared, encoding="utf-8")
    assert bounds(found(folder)["peines.csv", "Autre", "Tenue d’un lieu"]) == (1, 3)


def test_a_sentence_beside_the_tables_narrows_them(folder: Path):
    formula = 'share(f("peines.csv|Amende|Tenue d’un lieu"), f("peines.csv|Total|Tenue d’un lieu"))'
    line = f'a1,,Fines,18 %,share,"{formula.replace(chr(34), chr(34) * 2)}",,round0,,\n'
    (folder / "claims.csv").write_text(CLAIMS + line, encoding="utf-8")
    assert bounds(found(folder)["peines.csv", "Autre", "Tenue d’un lieu"]) == (1, 1)


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def test_the_page_stands_alone_and_shows_labels_as_text(folder: Path, tmp_path: Path):
    (folder / "peines.csv").write_text(SENTENCES.replace("Autre", "<script>x</script>"), encoding="utf-8")
    egide("audit", folder, "--html", tmp_path / "audit.html")
    text = (tmp_path / "audit.html").read_text(encoding="utf-8")
    tags = Tags(text).seen
    assert ("html", {"lang": "fr"}) in tags and "39 − 31 = 8" in text
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in tags}
    assert all("scope" in attributes for tag, attributes in tags if tag == "th")


# ---------------------------------------------------------------- what is refused


def refusal(folder: Path) -> str:
    """What the command says; it must leave with code 3, and write nothing."""
    page, before = folder.parent / "audit.html", files_of(folder)
    ended = egide("audit", folder, "--html", page)
    assert (ended.exit_code, ended.stdout, page.exists(), files_of(folder)) == (3, "", False, before)
    return said(ended.stderr)


def test_tables_that_contradict_each_other_are_refused_with_the_clashing_totals(folder: Path):
    (folder / "peines.csv").write_text(SENTENCES.replace("755;39", "755;32"), encoding="utf-8")
    words = refusal(folder)
    assert "Refus — peines.csv, ligne « Total », colonne « Tenue d’un lieu » : attendu des nombres entiers" in words
    assert "32 − 31 = 1" in words and "Proxénétisme" not in words


def test_a_total_that_does_not_add_up_is_refused(folder: Path):
    (folder / "peines.csv").write_text("x,a,b,Total\nr,1,2,4\n", encoding="utf-8")
    assert "peines.csv, ligne « r », colonne « Total » : attendu 3" in refusal(folder)


def test_a_negative_count_is_refused_with_its_place(folder: Path):
    (folder / "peines.csv").write_text("x,a,b\nr,1,-2\n", encoding="utf-8")
    assert "peines.csv, ligne « r », colonne « b » : attendu un effectif, qui ne peut pas être négatif" in refusal(
        folder
    )


def test_an_empty_folder_is_refused(tmp_path: Path):
    (tmp_path / "rien").mkdir()
    assert "rien : attendu des fichiers .csv ou .xlsx" in refusal(tmp_path / "rien")


def test_a_file_that_is_no_workbook_is_refused(folder: Path):
    (folder / "x.xlsx").write_bytes(b"PK\x03\x04 no")
    assert "x.xlsx" in refusal(folder)


def test_a_formula_saved_without_its_result_is_refused(folder: Path):
    book = openpyxl.Workbook()
    for line in (["x", "a", "b"], ["r", 1, "=1+1"]):
        book.active.append(line)
    book.save(folder / "x.xlsx")
    assert "x.xlsx, feuille Sheet, ligne 2, colonne n° 3 : attendu le résultat de la formule" in refusal(folder)


def test_an_empty_file_is_refused(folder: Path):
    (folder / "x.csv").write_bytes(b"")
    assert "x.csv" in refusal(folder)


def test_another_kind_of_csv_is_refused_in_a_few_lines(folder: Path):
    shutil.copy(LETTER / "series.csv", folder)
    words = refusal(folder)
    assert "retirez-le du dossier" in words and len(words.splitlines()) < 20


def test_settings_that_say_something_else_are_refused(folder: Path):
    (folder / "audit.toml").write_text('[[total]]\ntable = "peines.csv"\nrow = "Total"\n', encoding="utf-8")
    assert "audit.toml : attendu table" in refusal(folder)


def test_a_fact_that_is_hidden_and_yet_in_figures_is_refused(letter: Path):
    text = (letter / "facts.csv").read_text(encoding="utf-8")
    hidden = "step=alternatives;figure=10,,count,< 5,P,lt5"
    assert hidden in text
    (letter / "facts.csv").write_text(text.replace(hidden, hidden.replace(",,", ",3,")), encoding="utf-8")
    assert "sser_2024_mec_proxagg_alternatives" in refusal(letter)


def test_a_folder_that_does_not_exist_ends_with_code_4(tmp_path: Path):
    assert egide("audit", tmp_path / "absent").exit_code == 4

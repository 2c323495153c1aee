"""`egide audit` on folders as they are published: what it prints, writes and refuses."""

from __future__ import annotations

import json
import shutil
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest

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


def test_tables_one_under_the_other_are_read_apart(folder: Path):
    text = "Figure 1\n\nPeine;A;B;Total\nx;1;< 5;3\n\nFigure 2\n\nPeine;C;D;Total\nx;2;< 5;6\nSource : SDSE\n"
    (folder / "peines.csv").write_text(text, encoding="utf-8")
    cells = found(folder)
    assert bounds(cells["peines.csv", "x", "B"]) == (2, 2)
    assert bounds(cells["peines.csv (2)", "x", "D"]) == (4, 4)


def test_a_tab_separates_too(folder: Path):
    (folder / "peines.csv").write_text("Peine\tA\tB\tTOTAL GÉNÉRAL\nx\t1,0\t< 5\t3\n", encoding="cp1252")
    assert bounds(found(folder)["peines.csv", "x", "B"]) == (2, 2)


def sheets(folder: Path, total: str = "Total", hide: bool = False) -> Path:
    """A workbook by sex; the sheet of the total may be hidden, which hides nothing from a reader."""
    (folder / "peines.csv").unlink()
    book = openpyxl.Workbook()
    book.active.title = "Hommes"
    for name, counts in (("Hommes", ("< 5", 3)), ("Femmes", (2, 3)), (total, (4, 6))):
        sheet = book[name] if name in book.sheetnames else book.create_sheet(name)
        sheet.append(["peine", "a", "b"])
        sheet.append(["x", *counts])
    if hide:
        book[total].sheet_state = "hidden"
    path = folder / "x.xlsx"
    book.save(path)
    return path


def test_a_sheet_called_total_adds_up_the_sheets_with_the_same_titles(folder: Path):
    sheets(folder, hide=True)
    assert bounds(found(folder)["x.xlsx/Hommes", "x", "a"]) == (2, 2)


def test_a_table_can_be_declared_the_sum_of_others_or_of_none(folder: Path):
    sheets(folder, total="Les deux")
    assert bounds(found(folder)["x.xlsx/Hommes", "x", "a"]) == (1, 4)
    declared = '[[total]]\ntable = "x.xlsx/Les deux"\ntables = ["x.xlsx/Hommes", "x.xlsx/Femmes"]\n'
    (folder / "audit.toml").write_text(declared, encoding="utf-8")
    assert bounds(found(folder)["x.xlsx/Hommes", "x", "a"]) == (2, 2)


def test_files_of_the_same_titles_add_up_to_the_file_called_total(folder: Path):
    for name, cells in (("peines", "< 5;3"), ("femmes", "2;3"), ("total", "4;6")):
        (folder / f"{name}.csv").write_text(f"peine;a;b\nx;{cells}\n", encoding="utf-8")
    assert bounds(found(folder)["peines.csv", "x", "a"]) == (2, 2)
    (folder / "audit.toml").write_text('[[total]]\ntable = "total.csv"\ntables = []\n', encoding="utf-8")
    assert bounds(found(folder)["peines.csv", "x", "a"]) == (1, 4)


def test_a_code_of_a_file_of_codes_can_be_declared(folder: Path):
    lines = ["an;dep;sexe;n", "2023;59;F;< 5", "2023;59;H;nc", "2023;62;F;1", "2023;62;H;9"]
    lines += ["2023;France;F;3", "2023;France;H;15", "2023;59;Total;8", "2023;62;Total;10"]
    (folder / "peines.csv").write_text("\n".join(lines), encoding="utf-8")
    declared = '[[total]]\ntable = "peines.csv"\ndimension = "dep"\nwhole = "France"\nparts = ["59", "62"]\n'
    assert bounds(found(folder)["peines.csv", "2023, 59", "F"]) == (1, 3)
    (folder / "audit.toml").write_text(declared, encoding="utf-8")
    assert bounds(found(folder)["peines.csv", "2023, 59", "F"]) == (2, 2)


def test_a_margin_printed_in_two_tables_is_linked_in_one_line(folder: Path):
    (folder / "peines.csv").write_text("p;A;B;C\nTotal;5;nc;< 5\nx;1;2;0\ny;4;9;2\n", encoding="utf-8")
    (folder / "b.csv").write_text("q;Ensemble;u\nA;5;5\nB;11;7\nC;2;1\n", encoding="utf-8")
    lines = '{table = "b.csv", column = "Ensemble"}, {table = "peines.csv", row = "Total"}'
    (folder / "audit.toml").write_text(
        f'[[same]]\nlines = [{lines}]\n[[total]]\ntable = "peines.csv"\nrow = "Total"\nparts = []\n'
        '[[total]]\ntable = "b.csv"\ncolumn = "Ensemble"\nparts = []\n',
        encoding="utf-8",
    )
    cells = found(folder)
    assert bounds(cells["peines.csv", "Total", "B"]) == (11, 11)
    assert bounds(cells["peines.csv", "Total", "C"]) == (2, 2)


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


def test_the_page_says_the_threshold_that_the_publication_shows(folder: Path, tmp_path: Path):
    (folder / "peines.csv").write_text("x;a;b;Total\nr;< 11;nc;40\n", encoding="utf-8")
    egide("audit", folder, "--html", tmp_path / "audit.html")
    assert "« &lt; 11 » cache 1 à 10 et « nc » au moins 11" in said((tmp_path / "audit.html").read_text("utf-8"))


# ---------------------------------------------------------------- what is refused


def refusal(folder: Path) -> str:
    """What the command says; it must leave with code 3, and write nothing."""
    page, before = folder.parent / "audit.html", files_of(folder)
    ended = egide("audit", folder, "--html", page)
    assert (ended.exit_code, ended.stdout, page.exists(), files_of(folder)) == (3, "", False, before)
    return said(ended.stderr)


def test_the_json_of_a_refusal_lists_its_defects(folder: Path):
    (folder / "peines.csv").write_text("x,a,b,Total\nr,1,2,4\n", encoding="utf-8")
    ended = egide("audit", folder, "--json")
    (defect,) = json.loads(ended.stdout)["refused"]
    assert ended.exit_code == 3 and said(defect["place"]) == "peines.csv, ligne « r », colonne « Total »"
    assert defect.keys() == {"place", "expected", "got", "way_out"} and defect["got"] == "4"


def test_the_json_of_a_leak_is_the_list_and_the_code_is_1(folder: Path):
    ended = egide("audit", folder, "--json")
    assert ended.exit_code == 1
    assert all(one.keys() >= {"table", "row", "column", "label", "low", "high"} for one in json.loads(ended.stdout))


def test_a_thousand_by_thousand_table_with_one_wrong_margin_is_refused_in_one_line(folder: Path):
    size = 1000
    lines = ["x;" + ";".join(f"c{n}" for n in range(size)) + ";Total"]
    lines += [f"r{n};" + "1;" * size + str(size + (n == 500)) for n in range(size)]
    lines.append("Total;" + f"{size};" * size + str(size * size))
    (folder / "peines.csv").write_text("\n".join(lines), encoding="utf-8")
    words = refusal(folder)
    assert words.startswith("Refus — peines.csv, ligne « r500 », colonne « Total » : attendu 1000, somme des parties")
    assert "reçu 1001" in words and len(words) < 400


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ('[{table = "peines.csv", row = "Total"}, {table = "b.csv", row = "Total"}]', "attendu une ligne publiée"),
        ('[{table = "peines.csv", row = "Total"}, {table = "peines.csv", column = "Proxénétisme"}]', "reçu aucun"),
        ('[{table = "peines.csv", row = "Total", column = "x"}, {}]', "lines = [{table"),
    ],
)
def test_lines_that_cannot_be_the_same_are_refused(folder: Path, lines: str, expected: str):
    (folder / "audit.toml").write_text(f"[[same]]\nlines = {lines}\n", encoding="utf-8")
    assert expected in refusal(folder)


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


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("[[total]\n", "attendu un fichier TOML en UTF-8"),
        ("[[totaux]]\n", "attendu des tables [[total]] et [[same]], reçu « totaux »"),
        ("[[same]]\ncells = []\n", "attendu cells = "),
        ('[[same]]\ncells = [["peines.csv", "x", "y"], ["peines.csv", "Total", "x"]]\n', "attendu une cellule publiée"),
        ('[[total]]\ntable = "absent.csv"\ntables = ["peines.csv"]\n', "reçu « absent.csv »"),
    ],
)
def test_settings_that_cannot_be_used_are_refused(folder: Path, settings: str, expected: str):
    (folder / "audit.toml").write_text(settings, encoding="utf-8")
    assert expected in refusal(folder)


def test_a_claim_with_a_cell_too_many_is_refused_with_its_line(folder: Path):
    (folder / "claims.csv").write_text(CLAIMS + "a1,,Fines, 18 %,share,f(1),,round0,,,\n", encoding="utf-8")
    assert "claims.csv, ligne 2 : attendu 10 cellules, reçu 11" in refusal(folder)


def test_the_same_figure_in_two_files_of_facts_is_refused(letter: Path):
    shutil.copy(letter / "facts.csv", letter / "other.csv")
    assert "attendu un nom de tableau à chacun" in refusal(letter)


def test_beyond_a_thousand_leaks_the_arithmetic_is_no_longer_written(folder: Path):
    lines = ["x;a;b;Total", *(f"r{n};1;< 5;3" for n in range(1002))]
    (folder / "peines.csv").write_text("\n".join(lines), encoding="utf-8")
    cells = list(found(folder).values())
    assert all(one["leak"] and bounds(one) == (2, 2) for one in cells)
    assert [len(one["reasons"]) for one in cells] == [1] * 1000 + [0] * 2
    assert "2 fuites sont données sans la leur" in said(egide("audit", folder).stdout)


def test_quiet_prints_nothing_and_a_table_without_total_is_told(folder: Path):
    (folder / "peines.csv").write_text("x,a,b\nr,1,< 5\n", encoding="utf-8")
    assert egide("audit", folder, "--quiet").stdout == ""
    assert "Aucun total ne porte sur une cellule masquée" in said(egide("audit", folder).stdout)


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

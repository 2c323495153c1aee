"""Files of a team: any encoding, any of four formats, and every defect at once, without a word of the content."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from egide.diagnostic.census import reading
from egide.diagnostic.census.reading import read_rows, read_table
from egide.errors import DeliveryRefused
from support.census import csv_of, jsonl_of, ods_of, xlsx_of

ROWS = [{"titre": "Été à Œuf-en-Ternois", "texte": "bouquet « frais »"}, {"titre": "leçon, piano", "texte": "10 €"}]


def told(path: Path) -> list[str]:
    with pytest.raises(DeliveryRefused) as refusal:
        read_table(path)
    return [defect.text() for defect in refusal.value.defects]


def raw(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_encoding_and_delimiter_are_found(tmp_path: Path, encoding: str, delimiter: str) -> None:
    table = read_table(csv_of(tmp_path / "a.csv", ROWS, encoding=encoding, delimiter=delimiter))
    assert [dict(row.cells) for row in table.rows] == ROWS
    assert [row.number for row in table.rows] == [2, 3]


def test_a_csv_a_workbook_and_json_lines_read_the_same(tmp_path: Path) -> None:
    cells = [list(ROWS[0]), *(list(row.values()) for row in ROWS)]
    tables = [
        read_table(csv_of(tmp_path / "a.csv", ROWS)),
        read_table(jsonl_of(tmp_path / "a.jsonl", ROWS)),
        read_table(xlsx_of(tmp_path / "a.xlsx", cells)),
        read_table(ods_of(tmp_path / "a.ods", cells)),
    ]
    for table in tables:
        assert table.columns == ("titre", "texte")
        assert [dict(row.cells) for row in table.rows] == ROWS


def test_emoji_and_a_text_of_100_000_characters_are_kept_whole(tmp_path: Path) -> None:
    long = "💐" * 50_000 + "fin de texte" * 4_000 + "é" * 2_000
    (row,) = read_table(csv_of(tmp_path / "a.csv", [{"texte": long, "titre": "👩🏽‍🌾"}])).rows
    assert row.cells == {"texte": long, "titre": "👩🏽‍🌾"}
    (row,) = read_table(jsonl_of(tmp_path / "a.jsonl", [{"texte": long}])).rows
    assert row.cells == {"texte": long}


def test_dates_and_numbers_of_a_workbook_are_text(tmp_path: Path) -> None:
    path = xlsx_of(tmp_path / "a.xlsx", [["date", "telephone"], [datetime(2026, 3, 12), 612345678], ["12/03/2026", ""]])
    assert [tuple(row.cells.values()) for row in read_table(path).rows] == [
        ("2026-03-12", "612345678"),
        ("12/03/2026", ""),
    ]


def test_every_ragged_row_is_told_at_once_with_its_number(tmp_path: Path) -> None:
    path = raw(tmp_path / "a.csv", b"titre;texte\na;b\nc\nd;e;f\n\ng;h;;\n")
    assert told(path) == [
        "a.csv, ligne 3 : attendu 2\u00a0cellules, reçu 1. Complétez la ligne, au besoin par des cellules vides.",
        "a.csv, ligne 4 : attendu 2\u00a0cellules, reçu 3, donc du contenu hors du tableau. Supprimez ce qui dépasse "
        "les titres, ou entourez de guillemets le texte qui contient un séparateur.",
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "un fichier vide (0 octet)"),
        (b"titre;texte\n", "rien, ou les titres seuls"),
        (b"\n\n", "rien, ou les titres seuls"),
        (b"titre;titre\na;b\n", "le même qu’à la colonne n° 1"),
        (b"titre;;texte\na;b;c\n", "une colonne sans titre"),
        (b"Mes annonces;;\ntitre;texte;site\na;b;c\n", "sans doute un titre au-dessus du tableau"),
        (b"titre;texte\nTitre;Texte\na;b\n", "ligne 2 : attendu une seule ligne de titres"),
        (b'titre;texte\na;"b\n', "un guillemet seul"),
        (b"titre;texte\n\0\0;b\n", "des octets nuls"),
        (b"PK\x03\x04 whatever", "un classeur"),
        ("titre;texte\né;b\n".encode() + b"\xe9\n", "de l’UTF-8, puis des octets qui n’en sont pas (ligne 3)"),
        (b"titre;texte\n\x81\x8d;\xff\n", "des octets qui n’ont de sens dans aucun des trois"),
        ("titre;texte\na;b\n".encode("utf-32"), "du texte en UTF-32"),
        ("titre;texte\na;b\n".encode("utf-16") + b"\x00\xd8", "du texte abîmé en UTF-16"),
    ],
)
def test_a_bad_csv_is_refused_in_words(tmp_path: Path, content: bytes, words: str) -> None:
    assert any(words in line for line in told(raw(tmp_path / "a.csv", content)))


def test_several_defects_of_headings_and_rows_come_together(tmp_path: Path) -> None:
    lines = told(raw(tmp_path / "a.csv", b"titre;titre;\na;b;c\nd\n"))
    assert len(lines) == 3  # a heading twice, content without heading, a short row


def test_two_headed_or_merged_workbooks_are_refused_with_the_range(tmp_path: Path) -> None:
    rows = [["lieu", "", "texte"], ["ville", "quartier", ""], ["Arras", "centre", "bouquets"], ["", "gare", "leçons"]]
    lines = told(xlsx_of(tmp_path / "a.xlsx", rows, merged=["A1:B1", "A3:A4"]))
    assert any("des titres fusionnés (A1:B1)" in line for line in lines)
    assert any(
        "ligne 3 : attendu une valeur dans chaque cellule, reçu des cellules fusionnées (A3:A4)" in x for x in lines
    )
    assert any("une colonne sans titre" in line for line in lines)


def test_merged_cells_of_an_ods_are_refused_with_the_range(tmp_path: Path) -> None:
    path = ods_of(tmp_path / "a.ods", [["titre", "texte", "site"], ["a", "b"]], wide={(2, 1): 2})
    assert any("des cellules fusionnées (A2:B2)" in line for line in told(path))


def test_a_formula_never_computed_is_refused(tmp_path: Path) -> None:
    path = xlsx_of(tmp_path / "a.xlsx", [["titre", "texte"], ["a", "=1+1"]])
    assert any("cellule B2 : attendu une valeur" in line for line in told(path))


def test_a_workbook_with_two_filled_sheets_asks_which(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["titre"])
    book.active.append(["a"])
    book.create_sheet("Autre").append(["texte"])
    book.create_sheet("Vide")
    book.save(tmp_path / "a.xlsx")
    assert "une seule feuille remplie" in told(tmp_path / "a.xlsx")[0]
    assert read_table(tmp_path / "a.xlsx", sheet="Sheet").columns == ("titre",)
    with pytest.raises(DeliveryRefused, match="une feuille «\u00a0Absente\u00a0»"):
        read_table(tmp_path / "a.xlsx", sheet="Absente")


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ('{"titre": "a"}\n{"titre": "b", "photo": "c"}\n', "ligne 2 : attendu les mêmes noms"),
        ('{"titre": "a", "titre": "b"}\n', "un nom donné deux fois"),
        ('{"titre": ["a"]}\n', "une liste ou un objet"),
        ('[{"titre": "a"}]\n', "un objet JSON par ligne"),
        ('{"titre": "a"}\n{"titre": NaN}\n', "ligne 2 : attendu un objet JSON par ligne"),
        ('{"titre": "a"}\n{"titre": "\\ud83d seul"}\n', "une moitié d’émoji"),
        ("\n\n", "rien, ou les titres seuls"),
    ],
)
def test_bad_json_lines_are_refused_in_words(tmp_path: Path, lines: str, words: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(lines, encoding="utf-8")
    assert any(words in line for line in told(path))


def test_json_lines_may_leave_names_out_and_hold_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"titre": "a", "page": 2, "vu": true, "x": null}\n\n{"page": 1.5}\n', encoding="utf-8")
    assert [tuple(row.cells.values()) for row in read_table(path).rows] == [("a", "2", "VRAI", ""), ("", "1.5", "", "")]
    assert [row.number for row in read_table(path).rows] == [1, 3]


@pytest.mark.parametrize(
    ("name", "words"),
    [("absent.csv", "rien à cet endroit"), ("a.pdf", "un fichier «\u00a0.csv\u00a0»"), ("", "un dossier")],
)
def test_what_is_no_table_is_refused(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    assert words in told(tmp_path / name)[0]


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"PK\x03\x04", "abîmé"), (b"titre;texte", "le contenu"), (bytes.fromhex("d0cf11e0a1b11ae1"), "ancien classeur")],
)
def test_a_renamed_or_broken_workbook_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    assert words in told(raw(tmp_path / "a.xlsx", content))[0]
    assert words in told(raw(tmp_path / "a.ods", content))[0]


def test_too_much_is_refused_without_reading_it_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = csv_of(tmp_path / "a.csv", ROWS)
    for limit, most, words in (("MAX_TABLE_BYTES", 8, "0 Mo"), ("MAX_CELLS", 3, "au plus 3\u00a0cellules")):
        with monkeypatch.context() as patch:
            patch.setattr(reading, limit, most)
            assert words in told(path)[0]
    monkeypatch.setattr(reading, "MAX_CELL", 12)
    assert "au plus 12\u00a0caractères" in told(path)[0]
    assert "au plus 12\u00a0caractères" in told(jsonl_of(tmp_path / "a.jsonl", ROWS))[0]


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv"])
def test_a_line_without_end_is_not_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(reading, "MAX_LINE", 1_000)
    whole = '{"texte": "bouquet"}\n' if name == "a.jsonl" else "texte;site\nbouquet;S1\n"
    assert len(read_table(raw(tmp_path / name, whole.encode())).rows) == 1
    (only,) = told(raw(tmp_path / name, whole.encode() + b"x" * 1_000))
    assert f"{name}, ligne {whole.count(chr(10)) + 1} : attendu au plus" in only.replace("\u00a0", " ")


def test_defects_are_no_more_than_anybody_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_DEFECTS", 300)
    for name, row in (("a.csv", b"bouquet\n"), ("a.jsonl", b"[]\n")):
        head = b"texte;site\n" if name == "a.csv" else b'{"texte": "bouquet"}\n'
        assert told(raw(tmp_path / name, head + row * 5_000))[-1].startswith(
            f"{name} : attendu un fichier sans défaut, reçu encore 100"
        )


def test_many_defects_are_counted_beyond_the_first_200(tmp_path: Path) -> None:
    lines = told(raw(tmp_path / "a.csv", b"titre;texte\n" + b"a\n" * 1_000))
    assert len(lines) == 201
    assert "encore 800\u00a0défauts après ceux-ci" in lines[-1]


def test_rows_are_streamed_and_the_defects_come_at_the_end(tmp_path: Path) -> None:
    stream = read_rows(raw(tmp_path / "a.csv", b"titre;texte\na;b\nc\nd;e\n"))
    assert stream.columns == ("titre", "texte")
    seen = []
    with pytest.raises(DeliveryRefused):
        seen.extend(row.number for row in stream)
    seen = [row.number for row in read_rows(csv_of(tmp_path / "b.csv", ROWS * 1_500))]
    assert seen == list(range(2, 3_002))


def test_no_message_quotes_a_file_without_headings(tmp_path: Path) -> None:
    secret = "bouquet au 06 11 22 33 44"
    lines = told(raw(tmp_path / "a.csv", f"{secret};{secret};\n{secret};x;y\n{secret}\n".encode()))
    lines += told(raw(tmp_path / "b.jsonl", (json.dumps({"a": "b"}) + "\n" + json.dumps({secret: secret})).encode()))
    assert not any("bouquet" in line or "11" in line for line in lines)


def test_tables_and_streams_are_not_printable_by_accident(tmp_path: Path) -> None:
    path = csv_of(tmp_path / "a.csv", ROWS)
    table = read_table(path)
    assert "bouquet" not in repr((table, table.rows[0], read_rows(path)))

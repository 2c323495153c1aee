"""What a map is made of is read whole or refused whole, and what leaves it is words and classes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from egide.cli.diagnostic_map import AREAS, SVG, TABLE, WORDS, draw_map

ZONES = """zone;nom;longitude;latitude
A;Aval;1,70;50,90
B;Bourg;2,00;50,75
C;Colline;2,30;50,60
D;Dune;2,60;50,45
"""
COUNTS = """zone;couche;personnes;auteurs;annonces;plus_gros_auteur
A;En ligne;30;12;90;20
B;En ligne;2;2;4;3
C;En ligne;17;9;40;8
A;Visible;6;;;
"""


def drawn(folder: Path, zones: str = ZONES, counts: str = COUNTS, *options: str) -> Result:
    (folder / "zones.csv").write_text(zones, encoding="utf-8")
    (folder / "effectifs.csv").write_text(counts, encoding="utf-8")
    files = [str(folder / "zones.csv"), str(folder / "effectifs.csv")]
    output = ["--output", str(folder / "carte")] if "--output" not in options else []
    return CliRunner().invoke(draw_map, [*files, "--department", "62", *output, *options])


def test_a_drawing_a_table_and_a_text_leave_and_no_count(tmp_path):
    done = drawn(tmp_path)
    assert done.exit_code == 0, done.output
    table = (tmp_path / "carte" / TABLE).read_text(encoding="utf-8-sig")
    assert table.splitlines()[0] == "Zone;En ligne;Visible"
    assert "Aval;25 personnes ou plus;5 à 9 personnes" in table
    assert "Bourg et Colline;10 à 24 personnes;regroupée autrement" in table
    written = {path.name: path.read_text(encoding="utf-8-sig") for path in (tmp_path / "carte").iterdir()}
    assert set(written) == {SVG, TABLE, WORDS, AREAS}
    for count in ("30", "17", "90", "40"):
        assert count not in table + written[WORDS] + written[AREAS]


def test_zones_of_another_department_are_refused_each_with_its_row(tmp_path):
    abroad = ZONES.replace("1,70;50,90", "55,45;-20,88").replace("2,60;50,45", "2,35;48,85")
    done = drawn(tmp_path, abroad)
    assert done.exit_code == 3 and "ligne 2" in done.output and "ligne 5" in done.output
    assert "ligne 3" not in done.output and not (tmp_path / "carte").exists()


def test_the_areas_of_a_map_are_kept_the_year_after(tmp_path):
    drawn(tmp_path)
    former = tmp_path / "former.json"
    former.write_text((tmp_path / "carte" / AREAS).read_text(encoding="utf-8"), encoding="utf-8")
    more = COUNTS.replace("B;En ligne;2;2;4;3", "B;En ligne;28;9;60;8")
    drawn(tmp_path, ZONES, more, "--former", str(former))
    assert ["B", "C"] in json.loads((tmp_path / "carte" / AREAS).read_text(encoding="utf-8"))["En ligne"]


def test_neighbours_that_somebody_drew_are_followed_both_ways(tmp_path):
    apart = ZONES.replace("latitude\n", "latitude;voisines\n")
    for code, others in (("50,90", "B"), ("50,75", ""), ("50,60", ""), ("50,45", "")):
        apart = apart.replace(code, f"{code};{others}")
    drawn(tmp_path, apart)
    assert ["A", "B"] in json.loads((tmp_path / "carte" / AREAS).read_text(encoding="utf-8"))["En ligne"]


def test_every_defect_of_both_files_is_said_at_once(tmp_path):
    zones = ZONES.replace("50,90", "95").replace("Bourg", "").replace("C;Colline", "B;Colline")
    counts = COUNTS.replace("A;Visible;6", "Z;Visible;six").replace("20\n", "200\n") + "C;En ligne;1;1;1;1\n"
    done = drawn(tmp_path, zones, counts)
    assert done.exit_code == 3
    for said in (
        "zones.csv, ligne 2, colonne latitude : attendu des degrés",
        "zones.csv, ligne 3, colonne nom : attendu un texte",
        "zones.csv, ligne 4, colonne zone : attendu un code par zone",
        "effectifs.csv, ligne 5, colonne zone : attendu une zone de la liste",
    ):
        assert said in done.output
    assert not (tmp_path / "carte").exists()


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (COUNTS.replace("30", "trente"), "un nombre entier, reçu un texte de 6 caractères"),
        (COUNTS.replace("20\n", "200\n"), "au plus les annonces de la zone"),
        (COUNTS + "A;Visible;6;;;\n", "une ligne par zone et par couche"),
        ("zone;couche;personnes;telephone\nA;x;5;0\n", "colonne n°\u00a04"),
        (COUNTS + "D;;6;;;\n", "le nom d’une couche"),
        ("zone;personnes\nA;5\n", "une colonne «\u00a0couche\u00a0»"),
    ],
)
def test_a_defect_of_the_counts_says_its_row(tmp_path, counts, said):
    done = drawn(tmp_path, ZONES, counts)
    assert done.exit_code == 3
    assert said in done.output


def test_a_neighbour_that_is_not_in_the_list_is_refused(tmp_path):
    drawn_by_hand = ZONES.replace("latitude\n", "latitude;voisines\n").replace("50,90", "50,90;Q")
    drawn_by_hand = drawn_by_hand.replace("50,75", "50,75;").replace("50,60", "50,60;").replace("50,45", "50,45;")
    assert "attendu d’autres zones de la liste, reçu un texte de 1 caractère" in drawn(tmp_path, drawn_by_hand).output


def test_a_foreign_folder_is_not_replaced_and_an_unknown_department_not_drawn(tmp_path):
    (tmp_path / "carte").mkdir()
    (tmp_path / "carte" / "notes.txt").write_text("à garder", encoding="utf-8")
    assert drawn(tmp_path).exit_code == 4
    assert (tmp_path / "carte" / "notes.txt").exists()
    assert drawn(tmp_path, ZONES, COUNTS, "--department", "999").exit_code == 2


def test_what_is_not_a_former_map_is_refused(tmp_path):
    (tmp_path / "former.json").write_text("[]", encoding="utf-8")
    done = drawn(tmp_path, ZONES, COUNTS, "--former", str(tmp_path / "former.json"))
    assert done.exit_code == 3
    assert "carte précédente" in done.output


@pytest.mark.parametrize("said", [True, False])
def test_municipalities_ask_for_eleven_said_or_known_by_their_codes(tmp_path, said):
    if said:
        drawn(tmp_path, ZONES, COUNTS, "--communes")
    else:
        drawn(tmp_path, ZONES.replace("A;", "62041;"), COUNTS.replace("A;", "62041;"))
    table = (tmp_path / "carte" / TABLE).read_text(encoding="utf-8-sig")
    assert "5 à 9" not in table
    assert "11 à 24 personnes" in table

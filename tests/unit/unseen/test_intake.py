"""A file of lists, in its three shapes, gives counts by history; what is wrong is said at once, with its line."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egide.diagnostic.census.reading import read_table
from egide.errors import DeliveryRefused
from egide.unseen.intake import read_lists
from egide.unseen.reading import Reading
from support.mse import FOLDER, table


def written(folder: Path, rows: list[list[object]]) -> Path:
    path = folder / "listes.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    return path


def read(folder: Path, text: str, **asked: object) -> Reading:
    rows: list[list[object]] = [line.split() for line in text.strip().splitlines()]
    rows = [["" if cell == "." else str(cell).replace("_", " ") for cell in row] for row in rows]
    return read_lists(read_table(written(folder, rows)), **asked)  # type: ignore[arg-type]


def refused(folder: Path, text: str, **asked: object) -> list[str]:
    with pytest.raises(DeliveryRefused) as refusal:
        read(folder, text, **asked)
    return [defect.text() for defect in refusal.value.defects]


def counts(reading: Reading) -> list[int]:
    assert reading.table.is_exact
    return reading.table.low.tolist()


def test_a_published_table_is_read_as_it_was_written():
    reading = read_lists(read_table(FOLDER / "UKdat_5.csv"))
    assert reading.lists == table("UKdat_5").lists
    assert counts(reading) == table("UKdat_5").counts.tolist()


def test_the_three_shapes_of_the_same_persons_say_the_same(tmp_path):
    counted = "A B effectif\n1 0 2\n0 1 1\n1 1 1"
    by_person = "personne A B\np1 oui non\np2 oui non\np3 non oui\np4 oui oui"
    memberships = "personne liste\np1 A\np2 A\np3 B\np4 B\np4 A\np4 A"
    assert [counts(read(tmp_path, text)) for text in (counted, by_person, memberships)] == [[0, 2, 1, 1]] * 3


def test_an_x_and_an_empty_cell_are_marks_when_no_is_never_written(tmp_path):
    assert counts(read(tmp_path, "A B count\nx . 7\n. x 5\nX x 3")) == [0, 7, 5, 3]
    (said,) = refused(tmp_path, "A B count\n1 . 7\n0 1 5\n1 0 3")
    assert "ligne 2, colonne B" in said


@pytest.mark.parametrize(("cell", "low", "high"), [("<5", 1, 4), ("<_5", 1, 4), ("1-4", 1, 4), ("<11", 1, 10)])
def test_a_hidden_count_is_a_range(tmp_path, cell, low, high):
    found = read(tmp_path, f"A B count\n1 0 7\n0 1 5\n1 1 {cell}").table
    assert (found.low[3], found.high[3], found.hidden.tolist()) == (low, high, [3])


def test_an_empty_count_is_a_history_that_nobody_could_have_had(tmp_path):
    reading = read(tmp_path, "A B C count\n1 0 0 7\n0 1 0 5\n0 0 1 4\n1 1 0 2\n0 1 1 .")
    assert reading.unobserved == (6,)
    assert np.flatnonzero(~reading.table.possible).tolist() == [6]


def test_lists_apart_make_their_overlaps_impossible(tmp_path):
    text = "A B C count\n1 0 0 7\n0 1 0 5\n0 0 1 4\n1 0 1 2"
    assert np.flatnonzero(~read(tmp_path, text, apart=[("A", "B")]).table.possible).tolist() == [3, 7]
    (said,) = refused(tmp_path, text, apart=[("A", "C")])
    assert "personne à la fois sur A et C" in said
    assert len(refused(tmp_path, text, apart=[("A", "Z")])) == 1


def test_strata_add_up_to_the_whole(tmp_path):
    reading = read(tmp_path, "sexe A B count\nF 1 0 7\nF 1 1 2\nH 0 1 5\nH 1 1 <5", strata=["sexe"])
    assert [stratum for stratum, _ in reading.strata] == [("F",), ("H",)]
    assert sum(one.low for _, one in reading.strata).tolist() == reading.table.low.tolist() == [0, 7, 5, 3]
    assert reading.table.high.tolist() == [0, 7, 5, 6]


def test_every_defect_is_said_at_once_with_its_line(tmp_path):
    said = refused(tmp_path, "A B count\n1 0 7\n0 1 -5\n1 1 2.5\n1 0 8\nDupont 1 3\n0 0 4")
    assert all(f"ligne {number}" in one for number, one in zip((3, 4, 5, 6, 7), said, strict=True))
    assert "ligne 2" in said[2] and "Dupont" not in " ".join(said)


def test_a_column_that_is_no_list_is_one_defect_and_its_rows_are_not_told_twice(tmp_path):
    with pytest.raises(DeliveryRefused) as refusal:
        read_lists(read_table(FOLDER / "Cruyff_simdat.csv"))
    said = [defect.text() for defect in refusal.value.defects]
    wanted = ("X1", "X2", "X3", "X4", "year")
    assert all(f"--strata {name}," in one for name, one in zip(wanted, said, strict=True))
    (sex,) = refused(tmp_path, "sexe A B\nF 1 0\nH 1 0\nF 0 0")
    assert "colonne sexe" in sex and "lignes sur 3\u00a0: 2, 3, 4" in sex
    again = refused(tmp_path, "sexe A B count\nF 1 0 4\nH 1 0 5\nF 1 0 6")
    assert len(again) == 2 and "le même qu’à la ligne 2" in again[1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A count\n1 3", "de 2 à 9 listes"),
        ("A B C D E F G H I J count\n" + "1 " * 10 + "3", "de 2 à 9 listes"),
        ("A B count\n1 0 3\n1 0 0", "une ligne par croisement"),
        ("A B count\n1 0 3", "une personne au moins"),
        ("personne A B\np 1 0\np 0 1", "une ligne par personne"),
        ("personne A B\np 1 0\nq 0 1\nr 0 0", "une personne présente sur une liste"),
        ("personne liste\np A\nq .\nr B", "une cellule remplie"),
        ("personne liste\np A\nq A", "de 2 à 9 listes"),
        ("personne liste age\np A 3\nq B 4", "deux colonnes"),
        ("personne A B count\np 1 0 3\nq 0 1 3", "pas les deux"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path, text, expected):
    assert any(expected in one for one in refused(tmp_path, text))


def test_a_stratum_that_is_missing_or_that_changes_is_refused(tmp_path):
    assert "--strata" in refused(tmp_path, "A B count\n1 0 3\n0 1 3", strata=["sexe"])[0]
    text = "personne liste sexe\np A F\np B H\nq B F"
    assert "la même strate" in refused(tmp_path, text, strata=["sexe"])[0]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=7, max_size=7), st.randoms(use_true_random=False))
def test_a_table_written_in_any_order_of_rows_and_shape_comes_back_the_same(tmp_path_factory, numbers, shuffled):
    wanted = [0, *numbers]
    if not all(any(count for cell, count in enumerate(wanted) if cell >> place & 1) for place in range(3)):
        return
    folder = tmp_path_factory.mktemp("lists")
    rows = [[cell & 1, cell >> 1 & 1, cell >> 2 & 1, count] for cell, count in enumerate(wanted) if cell]
    shuffled.shuffle(rows)
    assert counts(read_lists(read_table(written(folder, [["A", "B", "C", "effectif"], *rows])))) == wanted
    each = [["p", *row[:3]] for row in rows for _ in range(int(row[3]))]
    pairs = [[f"p{number}", "ABC"[place]] for number, row in enumerate(each) for place in range(3) if row[1 + place]]
    random.Random(0).shuffle(pairs)
    assert counts(read_lists(read_table(written(folder, [["personne", "liste"], *pairs])))) == wanted

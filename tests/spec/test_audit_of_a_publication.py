"""What somebody else's printed tables let a reader work out."""

from __future__ import annotations

import pytest

from egide.disclosure.attack.findings import ambiguous
from egide.disclosure.printed.tables import Aside, Hidden, Misprint, Place, read_cell
from egide.disclosure.printed.totals import DeclaredSum, DeclaredTotal
from support.printed import Audited, claim, refusal

# ---------------------------------------------------------------- reading what is printed


@pytest.mark.parametrize(
    "printed",
    ["1 062", "1\u202f062", "1\u00a0062", "1062", "1062,0"],
)
def test_a_count_reads_in_french_or_in_plain_notation(printed):
    assert read_cell(printed) == 1062


@pytest.mark.parametrize("printed", ["< 5", "<5", "<\u00a05", "moins de 5", "Moins de 5", "inférieur à 5"])
def test_a_small_count_reads_however_it_is_written(printed):
    assert read_cell(printed) == Hidden(label="< 5", over=5, kind="small")


@pytest.mark.parametrize("printed", ["nc", "NC", "n.c.", "n. c."])
def test_a_neighbour_reads_however_it_is_written(printed):
    assert read_cell(printed) == Hidden(label="nc")


@pytest.mark.parametrize("printed", ["", "-", "–", "—", " "])
def test_a_dash_is_no_cell(printed):
    assert read_cell(printed) is None


def test_a_range_keeps_both_its_bounds():
    assert read_cell("5 < nc < 1 000") == Hidden(label="5 < nc < 1000", under=5, over=1000, kind="between")


@pytest.mark.parametrize("printed", ["12 %", "12,5", "0.89"])
def test_a_percentage_or_a_mean_is_no_count(printed):
    assert read_cell(printed) == Aside()


@pytest.mark.parametrize("printed", ["-3", "−3", "12*", "environ 12", "5 < nc < 6", "< 1", "9" * 400, "1 06"])
def test_what_cannot_be_read_is_refused(printed):
    with pytest.raises(Misprint):
        read_cell(printed)


@pytest.mark.parametrize("printed", [".", "..", "…", "///", "x"])
def test_a_sign_that_may_hide_a_count_or_none_is_refused(printed):
    with pytest.raises(Misprint, match="masquée, nulle ou absente"):
        read_cell(printed)


@pytest.mark.parametrize("printed", ["s", "S", "c", "nd", "secret"])
def test_a_cell_whose_label_says_nothing_is_any_count(printed):
    assert read_cell(printed) == Hidden(label=printed, kind="withheld")


def test_a_title_above_and_a_note_below_hold_no_count():
    audited = Audited("""
        Figure 13. Peines prononcées
              | prison | autre | Total
        lieux |     31 |   < 5 |    33
        Champ : France entière
    """)
    assert audited["lieux", "autre"] == (2, 2)


def test_one_line_per_cell_reads_as_the_table_it_says():
    audited = Audited("""
        département | sexe  | nombre
        59          | F     |    < 5
        59          | H     |      3
        59          | Total |      5
        62          | F     |      1
        62          | H     |      4
        62          | Total |      5
    """)
    assert audited["59", "F"] == (2, 2)


CUBE = """
        an    | dep   | sexe  | nombre
        2023  | 59    | F     |    < 5
        2023  | 59    | H     |     nc
        2023  | 59    | Total |     12
        2023  | 62    | F     |      4
        2023  | 62    | H     |     nc
        2023  | 62    | Total |     11
        2023  | Total | F     |      7
        2023  | Total | H     |     16
        2023  | Total | Total |     23
"""


def test_three_columns_of_codes_add_up_along_each():
    assert Audited(CUBE)["2023, 59", "F"] == (3, 3)


def test_a_code_can_be_declared_not_to_be_a_total():
    not_total = DeclaredTotal(table="t1", axis="row", whole="Total", parts=(), dimension="dep")
    audited = Audited(CUBE, declared=[not_total])
    assert audited["2023, 59", "F"] == (1, 4)


def test_a_code_can_be_declared_a_total():
    drawing = CUBE.replace("Total |  ", "France|  ").replace("Total | F", "France| F").replace("Total | H", "France| H")
    drawing = drawing.replace("Total | Total", "France| Total")
    france = DeclaredTotal(table="t1", axis="row", whole="France", parts=("59", "62"), dimension="dep")
    assert Audited(drawing)["2023, 59", "F"] == (1, 4)
    assert Audited(drawing, declared=[france])["2023, 59", "F"] == (3, 3)


def test_tables_can_be_declared_to_add_up():
    one, other, both = (
        """
              | autre | amende
        lieux |   < 5 |     12
    """,
        """
              | autre | amende
        lieux |     3 |     12
    """,
        """
              | autre | amende
        lieux |     5 |     24
    """,
    )
    added = DeclaredSum(table="t3", tables=("t1", "t2"))
    assert Audited(one, other, both)["lieux", "autre"] == (1, 4)
    assert Audited(one, other, both, declared_sums=[added])["lieux", "autre"] == (2, 2)


def test_a_label_that_says_nothing_leaks_when_it_is_worked_out_to_be_small():
    audited = Audited("""
                | prison | autre | Total
        lieux   |     31 |     s |    33
        recours |     31 |     s |    73
    """)
    assert audited["lieux", "autre"] == (2, 2) and audited["recours", "autre"] == (42, 42)
    assert audited.leaks == {("lieux", "autre")}


def test_a_column_titled_in_percent_is_left_aside():
    audited = Audited("""
               |  59 |  62 | Total | part des 59 (en %)
        filles | < 5 |  20 |    23 | 13
    """)
    assert audited["filles", "59"] == (3, 3) and audited.report.aside == 1


# ---------------------------------------------------------------- what gives a cell away


def test_a_total_narrows_a_small_count_hidden_beside_a_neighbour():
    audited = Audited("""
              | prison | amende | autre | Total
        lieux |     31 |     nc |   < 5 |    39
    """)
    assert audited["lieux", "autre"] == (1, 3)
    assert audited["lieux", "amende"] == (5, 7)
    assert audited.leaks == {("lieux", "autre")}
    (reason,) = audited.cell("lieux", "autre").reasons
    assert "39 − 31 = 8" in reason and "au plus 3" in reason


def test_a_neighbour_that_is_narrowed_is_told_and_is_no_leak():
    audited = Audited("""
              | classés | autres | poursuites | Total
        lieux |      nc |    < 5 |        938 | 956
    """)
    assert audited["lieux", "classés"] == (14, 17)
    assert (audited.leaks, len(audited.report.narrowed), audited.report.exit_code) == (set(), 1, 0)


def test_the_only_hidden_cell_of_a_line_is_given_back():
    audited = Audited("""
               |  59 |  62 | Ensemble
        filles | < 5 |  20 |       23
    """)
    assert audited["filles", "59"] == (3, 3)


def test_rows_and_columns_are_added_together():
    audited = Audited("""
                 |  59 |  62 | Total
         mineurs | < 5 |  nc |    10
         majeurs |  nc | < 5 |    10
           Total |   9 |  11 |    20
    """)
    assert audited["mineurs", "59"] == (1, 3)  # a fourth one would make five of the other « < 5 »
    assert audited["majeurs", "62"] == (2, 4)
    assert audited["mineurs", "62"] == (7, 9)


def test_the_level_ambiguous_asks_only_for_two_values():
    drawing = """
              | prison | amende | autre | Total
        lieux |     31 |     nc |   < 5 |    39
    """
    assert Audited(drawing, level=ambiguous(2)).report.exit_code == 0


def test_a_dash_adds_nothing():
    audited = Audited("""
              | prison | amende | autre | Total
        lieux |     31 |      – |   < 5 |    33
    """)
    assert audited["lieux", "autre"] == (2, 2)


def test_nc_starts_where_the_publication_says_that_it_starts_to_show():
    audited = Audited("""
              | prison | amende | autre
        lieux |     31 |     nc |  < 11
    """)
    assert audited["lieux", "amende"] == (11, None) and audited["lieux", "autre"] == (1, 10)


def test_a_share_printed_rounded_is_two_inequalities():
    audited = Audited(
        """
              | prison | amende | Total
        lieux |     nc |     nc |   100
    """,
        claims=[claim('share(f("t1|lieux|prison"), f("t1|lieux|Total"))', "89 %", "round0")],
    )
    assert audited["lieux", "prison"] == (89, 89)
    assert audited["lieux", "amende"] == (11, 11)


def test_a_growth_between_a_hidden_and_a_shown_count_narrows_it():
    audited = Audited(
        """
              | 2023 | 2024
        lieux |   nc |   30
    """,
        claims=[claim('growth(f("t1|lieux|2023"), f("t1|lieux|2024"))', "+ 20 %", "round0")],
    )
    assert audited["lieux", "2023"] == (25, 25)


def test_a_claim_that_its_file_calls_false_says_nothing():
    formula = 'f("t1|lieux|2023") == 7'
    drawing = """
              | 2023 | 2024
        lieux |   nc |   30
    """
    assert Audited(drawing, claims=[claim(formula, "", "bool", "yes")])["lieux", "2023"] == (7, 7)
    assert Audited(drawing, claims=[claim(formula, "", "bool", "no")])["lieux", "2023"] == (5, None)


def test_a_claim_that_is_not_linear_is_named_and_not_used():
    drawing = """
              | 2023 | 2024
        lieux |   nc |   30
    """
    audited = Audited(drawing, claims=[claim('max(f("t1|lieux|2023"), f("t1|lieux|2024"))', "30", "exact")])
    assert audited.report.claims_unread == ("a1",) and audited.report.claims_used == 0


def test_a_cell_printed_in_two_tables_is_one_cell():
    here, there = (Place(table=name, row="lieux", column="autre") for name in ("t1", "t2"))
    first = """
              | autre | amende
        lieux |   < 5 |     12
    """
    second = """
              | autre | prison
        lieux |     3 |     12
    """
    assert Audited(first, second)["lieux", "autre"] == (1, 4)
    assert Audited(first, second, same=[(here, there)])["lieux", "autre"] == (3, 3)


# ---------------------------------------------------------------- which line is a total


def test_a_last_line_that_is_always_the_sum_of_the_others_is_a_total():
    audited = Audited("""
                 |  59 |  62 | 75
         mineurs |   3 |  20 | < 5
         majeurs |  12 |  30 | 7
          France |  15 |  50 | 9
    """)
    assert audited["mineurs", "75"] == (2, 2)


def test_a_last_line_that_is_once_not_the_sum_of_the_others_is_no_total():
    audited = Audited("""
                 |  59 |  62 | 75
         mineurs |   3 |  20 | < 5
         majeurs |  12 |  30 | 7
          France |  15 |  51 | 9
    """)
    assert audited["mineurs", "75"] == (1, 4)


def test_lines_that_begin_with_dont_are_parts_of_the_line_above():
    audited = Audited("""
                   | 2023 | 2024
        prison     |   20 |   30
        dont ferme |   12 |   28
        dont sursis|    8 |  < 5
        amende     |    7 |  < 5
        Total      |   27 |   33
    """)
    assert audited["dont sursis", "2024"] == (2, 2)
    assert audited["amende", "2024"] == (3, 3)


def test_a_part_alone_is_at_most_its_whole():
    audited = Audited("""
                   | 2024
        amende     |    2
        dont ferme |  < 5
    """)
    assert audited["dont ferme", "2024"] == (1, 2)


def test_a_declared_total_is_one():
    drawing = """
              | prison | amende | autre | ensemble des peines
        lieux |     31 |     nc |   < 5 |                  39
    """
    total = DeclaredTotal(table="t1", axis="column", whole="ensemble des peines", parts=("prison", "amende", "autre"))
    assert Audited(drawing)["lieux", "autre"] == (1, 4)
    assert Audited(drawing, declared=[total])["lieux", "autre"] == (1, 3)


def test_a_heading_declared_without_parts_is_no_total():
    drawing = """
              | prison | autre | Total
        lieux |     31 |   < 5 |    33
    """
    total = DeclaredTotal(table="t1", axis="column", whole="Total", parts=())
    assert Audited(drawing, declared=[total])["lieux", "autre"] == (1, 4)


def test_a_column_of_percentages_is_left_aside_and_said_to_be():
    audited = Audited("""
               | 59  |  62 | Total | part
        filles | < 5 |  20 |    23 | 87 %
        garçons|  7  |   8 |    15 | 100
    """)
    assert audited["filles", "59"] == (3, 3) and audited.report.aside == 1


# ---------------------------------------------------------------- what is refused


def test_a_total_that_does_not_add_up_is_refused_with_its_place():
    said = refusal("""
               |  59 |  62 | Total
        filles |   3 |  20 |    24
    """)
    assert "t1, ligne « filles », colonne « Total » : attendu 23, somme des parties (3 + 20), reçu 24" in said


def test_one_wrong_margin_is_named_once_though_it_spoils_two_sums():
    said = refusal("""
               |  59 |  62 | Total
        filles |   3 |  20 |    24
        garçons|   3 |   4 |     7
        Total  |   6 |  24 |    30
    """)
    assert said.count("attendu") == 1
    assert "t1, ligne « filles », colonne « Total » : attendu 23, somme des parties (3 + 20), reçu 24" in said


def test_one_wrong_inner_number_is_named_with_both_sums_that_it_spoils():
    said = refusal("""
               |  59 |  62 | Total
        filles |   3 |  20 |    23
        garçons|   3 |   9 |     7
        Total  |   6 |  24 |    30
    """)
    assert said.count("attendu") == 1 and "t1, ligne « garçons », colonne « 62 » : attendu 4, pour que" in said


def test_a_wrong_margin_beside_a_hidden_cell_is_named_rather_than_the_grand_total():
    said = refusal("""
               |  59 |  62 | Total
        filles | < 5 |  20 |    73
        garçons|   3 |   4 |     7
        Total  |   6 |  24 |    30
    """)
    assert said.count("attendu") == 1
    assert (
        "t1, ligne « filles », colonne « Total » : attendu 23, pour que t1, ligne « Total », colonne « Total »" in said
    )


def test_a_wrong_part_alone_is_named_as_the_larger_one():
    said = refusal("""
                   | 2024
        amende     |    2
        dont ferme |    5
        prison     |    9
    """)
    assert "t1, ligne « amende », colonne « 2024 » : attendu au moins 5, sa plus grande part, reçu 2" in said


def test_a_wrong_total_of_many_parts_does_not_list_them():
    heading = "x | " + " | ".join(f"c{n}" for n in range(40)) + " | Total"
    said = refusal(f"{heading}\nr | " + "1 | " * 40 + "41")
    assert "attendu 40, somme des parties (40 cellules), reçu 41" in said and "parts = []" in said


def test_two_lines_of_headings_are_refused_with_the_titles_to_write():
    assert "Réunissez-les : « 2023, F »" in refusal("""
          | 2023 |   | 2024 |
          | F    | H | F    | H
        a | 1    | 2 | 3    | 4
    """)


def test_two_columns_of_headings_are_refused_with_the_titles_to_write():
    assert "Réunissez-les, en répétant ce qui était fusionné : « Prison, ferme »" in refusal("""
        peine  | mode   | 2023 | 2024
        Prison | ferme  |    1 |    2
               | sursis |    3 |    4
    """)


def test_a_cell_given_on_two_lines_is_refused():
    assert (
        "t1, ligne 3, « 59, F » : attendu une ligne par cellule, reçu une cellule déjà donnée à la ligne 2"
        in refusal("""
        dep | sexe  | nombre
        59  | F     |      1
        59  | F     |      2
        59  | Total |      3
    """)
    )


def test_a_line_of_codes_that_is_too_short_is_refused():
    said = refusal("""
        dep | sexe  | nombre
        59  | F     |      1
        59  | H     |     12
        59  | 13
    """)
    assert "t1, ligne 4 : attendu 3 cellules, reçu 2" in said and said.count("attendu") == 1


def test_a_code_that_is_no_count_is_refused():
    said = refusal("""
        dep | sexe  | nombre
        59  | F     |     -1
        59  | H     |   12 %
        59  | Total |     13
    """)
    assert "t1, ligne « 59 », colonne « F » : attendu un effectif, qui ne peut pas être négatif" in said
    assert "t1, ligne « 59 », colonne « H » : attendu un effectif, reçu « 12 % »" in said


def test_a_declared_dimension_or_table_that_is_not_there_is_refused():
    wrong = DeclaredTotal(table="t1", axis="row", whole="Total", parts=("59", "62"), dimension="region")
    assert "attendu une colonne de codes de t1 (« an », « dep » et « sexe »), reçu « region »" in refusal(
        CUBE, declared=[wrong]
    )
    assert "reçu « t9 »" in refusal(CUBE, declared_sums=[DeclaredSum(table="t1", tables=("t9",))])


def test_a_wrong_margin_of_a_file_of_codes_says_how_to_declare_it():
    said = refusal(CUBE.replace("      7", "      8").replace("< 5", "  3").replace("    nc", "     9", 1))
    assert '[[total]] table = "t1", dimension = "dep", whole = "Total", parts = []' in said


def test_headings_without_a_cell_are_refused():
    assert "attendu un tableau, reçu un tableau sans cellule" in refusal("x | 59 | 62")


def test_a_line_without_a_title_is_refused():
    assert "attendu un titre à chaque ligne, reçu la ligne 3 sans titre" in refusal("""
               |  59 |  62
        filles |   3 |  20
               |   4 |  20
    """)


def test_a_column_that_hides_everything_is_no_column_of_headings():
    audited = Audited("""
               | 59 | 62 | Total
        filles | s  |  4 |    44
        garçons| s  |  5 |    55
    """)
    assert audited["filles", "59"] == (40, 40)


def test_a_code_without_a_count_is_no_cell():
    audited = Audited("""
        dep | sexe  | nombre
        59  | F     |    < 5
        59  | H     |      –
        59  | Total |      3
    """)
    assert audited["59", "F"] == (3, 3)


def test_a_declared_total_of_a_table_that_is_not_there_is_refused():
    total = DeclaredTotal(table="t9", axis="row", whole="France", parts=("x",))
    assert "attendu un tableau du dossier (« t1 »), reçu « t9 »" in refusal(CUBE, declared=[total])


def test_the_same_cell_with_two_numbers_is_refused():
    one, other = Place(table="t1", row="2023, 62", column="F"), Place(table="t1", row="2023, Total", column="F")
    assert "attendu 4, comme à t1, ligne « 2023, 62 », colonne « F », reçu 7" in refusal(CUBE, same=[(one, other)])


def test_the_same_cell_that_is_nowhere_is_refused():
    one, other = Place(table="t1", row="2023, 62", column="F"), Place(table="t1", row="2022, 62", column="F")
    assert "t1, ligne « 2022, 62 », colonne « F » : attendu une cellule publiée" in refusal(CUBE, same=[(one, other)])


def test_totals_that_clash_are_named():
    said = refusal("""
               |  59 |  62 | Total
        filles | < 5 |  20 |    30
        garçons|   3 |   4 |     7
    """)
    assert "t1, ligne « filles », colonne « Total »" in said and "garçons" not in said


def test_two_lines_of_the_same_name_are_refused():
    said = refusal("""
               |  59 |  62
        filles |   3 |  20
        filles |   4 |  20
    """)
    assert "t1 : attendu un titre différent par ligne, reçu plusieurs fois « filles »" in said


def test_every_cell_that_cannot_be_read_is_named_at_once():
    said = refusal("""
               |  59 |  62
        filles |  -3 |  2O
    """)
    assert "colonne « 59 » : attendu un effectif, qui ne peut pas être négatif, reçu « -3 »" in said
    assert "colonne « 62 » : attendu un effectif, « < 5 »" in said


def test_a_line_that_is_too_short_is_refused():
    assert "attendu une cellule par colonne, reçu 1 pour 2 colonnes" in refusal("""
               |  59 |  62
        filles |   3
    """)


def test_a_declared_total_of_a_line_that_is_not_there_is_refused():
    total = DeclaredTotal(table="t1", axis="row", whole="France", parts=("filles", "garcons"))
    drawing = """
               |  59 |  62
        filles |   3 |  20
        France |   3 |  20
    """
    assert "reçu « garcons »" in refusal(drawing, declared=[total])


def test_a_publication_without_a_table_is_refused():
    assert "attendu au moins un tableau" in refusal()

"""What a reader who adds and subtracts can learn from printed tables, and how the attacker says it.

The judicial tables are those of the Letter of 2026, figures 10 to 15, with the sentences printed beside them.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from egide.disclosure.attack.audit import audit
from egide.disclosure.attack.findings import FULL, ambiguous, protection
from egide.disclosure.attack.pencil import MOST_LINES
from egide.disclosure.attack.reasons import explain
from egide.disclosure.attack.settle import How, Limits
from egide.disclosure.attack.system import Attacker, Contradictory, Shown, Statement, System, Unknown

LETTER = Path(__file__).parents[1] / "data" / "letter-2026" / "facts.csv"


class Drawn:
    """A table as printed: `< 5`, `nc`, `5 < nc < 20`, `?` or a number; the last column and the last row are totals."""

    def __init__(self, table: str, *sentences: Statement, attacker: Attacker = Attacker.LABELS_KNOWN) -> None:
        heading, *lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
        self.columns = heading[1:]
        self.unknowns: dict[tuple[str, str], Unknown] = {}
        self.shown: dict[tuple[str, str], Shown] = {}
        self.rows = [line[0] for line in lines]
        for row, *cells in lines:
            for column, cell in zip(self.columns, cells, strict=True):
                self._read((row, column), cell)
        self.statements = [*self._totals(), *sentences]
        self.system = System.of(self.unknowns, self.statements, self.shown, attacker)

    def _read(self, place: tuple[str, str], cell: str) -> None:
        name = " ".join(place)
        if cell.lstrip("-").isdigit():
            self.shown[place] = Shown(value=int(cell), name=name)
        elif cell == "nc":
            self.unknowns[place] = Unknown.nc(name=name)
        elif "nc" in cell:
            under, over = (int(end) if end.strip() else None for end in cell.replace("<", " ").split("nc"))
            self.unknowns[place] = Unknown.between(under, over, name=name)
        elif cell == "?":
            self.unknowns[place] = Unknown.withheld(name=name)
        else:
            self.unknowns[place] = Unknown.below(int(cell.removeprefix("<")), name=name)

    def _totals(self) -> list[Statement]:
        *parts, total = self.columns
        lines = [
            Statement.total((row, total), [(row, part) for part in parts], said=f"ligne {row}") for row in self.rows
        ]
        if self.rows[-1] != "total":
            return lines
        *inner, whole = self.rows
        return lines + [
            Statement.total((whole, column), [(row, column) for row in inner], said=f"colonne {column}")
            for column in self.columns
        ]

    def attacked(self) -> dict[str, str]:
        """What is left of each hidden cell: `1-4`, `7`, `5-`."""
        findings = audit(self.system)
        assert not findings.unproven.any()
        return {" ".join(one.cell): _range(one.low, one.high) for one in findings}

    def reason(self, row: str, column: str) -> str:
        reason = explain(audit(self.system), (row, column))
        return "" if reason is None else reason.text.replace("\u202f", " ").replace("\u00a0", " ")

    def breaches(self, level=FULL) -> list[str]:
        return [" ".join(breach.finding.cell) for breach in protection(audit(self.system), level)]


def _range(low: int | None, high: int | None) -> str:
    return str(low) if low == high else f"{low}-{'' if high is None else high}"


# The label itself is no leak.


def test_a_cell_alone_in_no_total_hides_all_that_its_label_says():
    table = Drawn("""
               | a  | b  | total
        minors | <5 | nc | ?
    """)
    assert table.attacked() == {"minors a": "1-4", "minors b": "5-", "minors total": "6-"}


def test_a_protected_table_leaves_each_small_count_every_value():
    table = Drawn("""
               | 59 | 62 | total
        minors | <5 | nc | 23
        adults | nc | nc | 42
        total  | 15 | 50 | 65
    """)
    assert table.attacked() == {"minors 59": "1-4", "minors 62": "19-22", "adults 59": "11-14", "adults 62": "28-31"}
    assert table.breaches() == []


# What gives a cell away.


def test_a_hidden_cell_alone_in_its_row_is_subtracted_back():
    table = Drawn("""
               | 59 | 62 | total
        minors | <5 | 20 | 23
    """)
    assert table.attacked() == {"minors 59": "3"}
    assert table.reason("minors", "59") == "ligne minors : minors 59 = 23 − 20 = 3, donc minors 59 vaut 3."


def test_the_meaning_of_nc_narrows_the_small_count_beside_it():
    table = Drawn("""
                   | prison | amende | autre | total
        tenue_lieu | 31     | nc     | <5    | 39
    """)
    assert table.attacked() == {"tenue_lieu amende": "5-7", "tenue_lieu autre": "1-3"}
    assert table.breaches() == ["tenue_lieu autre"]
    assert table.reason("tenue_lieu", "autre") == (
        "ligne tenue_lieu : tenue_lieu amende + tenue_lieu autre = 39 − 31 = 8 ; "
        "tenue_lieu amende (« nc ») vaut au moins 5, donc tenue_lieu autre vaut au plus 3."
    )


def test_who_knows_only_that_hidden_is_positive_learns_less():
    table = """
                   | prison | amende | autre | total
        tenue_lieu | 31     | nc     | <5    | 39
    """
    assert Drawn(table, attacker=Attacker.POSITIVE_ONLY).attacked() == {
        "tenue_lieu amende": "1-7",
        "tenue_lieu autre": "1-7",
    }
    assert Drawn(table, attacker=Attacker.POSITIVE_ONLY).breaches() == []


def test_four_hidden_cells_in_a_square_give_the_fifth_away():
    table = Drawn("""
              | x  | y  | z  | total
        a     | <5 | <5 | nc | 14
        b     | <5 | <5 | 7  | 10
        total | 3  | 5  | 16 | 24
    """)
    assert table.attacked()["a z"] == "9"


def test_what_only_sums_of_rows_and_columns_tell_is_told_as_a_sum():
    table = Drawn("""
              | x  | y  | z  | total
        a     | nc | nc | nc | 60
        b     | nc | nc | 0  | 40
        c     | 0  | 0  | nc | ?
        total | 45 | 45 | ?  | ?
    """)
    assert table.attacked()["a z"] == "10"
    assert table.reason("a", "z").splitlines() == [
        "(1) ligne a : a x + a y + a z = 60.",
        "(2) ligne b : b x + b y = 40.",
        "(3) colonne x : a x + b x = 45.",
        "(4) colonne y : a y + b y = 45.",
        "(1) + (2) − (3) − (4) donne a z = 10, donc a z vaut 10.",
    ]


def test_printed_bounds_of_an_nc_are_read_by_everybody():
    table = Drawn("""
          | x  | y           | total
        a | <5 | 10 < nc < 13 | 14
    """)
    assert table.attacked() == {"a x": "2-3", "a y": "11-12"}


def test_a_threshold_of_eleven_is_attacked_alike():
    table = Drawn("""
          | x   | y   | total
        a | <11 | <11 | 6
    """)
    assert table.attacked() == {"a x": "1-5", "a y": "1-5"}


def test_values_inside_the_bounds_count_too():
    """Two times a number plus an even one: odd values are impossible although the bounds are those of the label."""
    pairs = Statement.equal([("couples", 2), ("personnes", -1)], said="une personne et son conjoint")
    unknowns = {"couples": Unknown(label="nc", low=0, high=2), "personnes": Unknown.below()}
    findings = audit(System.of(unknowns, [pairs]))
    assert (findings["personnes"].low, findings["personnes"].high) == (2, 4)
    assert findings["personnes"].values == {2, 4}
    assert protection(findings, ambiguous(2)) == ()
    assert [sorted(breach.missing) for breach in protection(findings, FULL)] == [[1, 3]]


# Sentences.


def test_a_percentage_in_a_sentence_gives_a_hidden_count_away():
    sentence = Statement.share(("a", "x"), ("a", "total"), 95, said="phrase « environ 95 % »")
    table = Drawn(
        """
          | x  | y  | z  | total
        a | nc | <5 | <5 | 93
    """,
        *sentence,
    )
    assert table.attacked()["a x"] == "88"
    assert "100 × a x ≥ 94,5 × 93 = 8 788,5, donc a x vaut au moins 88" in table.reason("a", "x")


@pytest.mark.parametrize(
    ("part", "whole", "printed", "possible"),
    [
        (1, 200, 1, True),  # 0.5 is printed 1
        (89, 100, 89, True),
        (179, 200, 90, True),  # 89.5 is printed 90
        (179, 200, 89, False),
        (-1, 200, -1, True),  # and −0.5 is printed −1
        (-1, 200, 0, False),
        (0, 200, 0, True),
    ],
)
def test_a_printed_share_is_rounded_half_away_from_zero(part, whole, printed, possible):
    share = Statement.share("part", "whole", printed, said="phrase")
    shown = {"part": Shown(value=part), "whole": Shown(value=whole)}
    if possible:
        System.of({}, share, shown)
    else:
        with pytest.raises(Contradictory):
            System.of({}, share, shown)


# Contradictions.


def test_tables_that_contradict_each_other_are_refused_with_what_clashes():
    table = """
              | x  | y  | z  | total
        a     | <5 | nc | 3  | 20
        b     | nc | nc | nc | 60
        total | 30 | 30 | 20 | 80
    """
    said = Statement.equal([(("a", "x"), 1), (("a", "y"), 1)], 14, said="phrase « quatorze »")
    with pytest.raises(Contradictory) as refusal:
        Drawn(table, said).attacked()
    assert {one.said for one in refusal.value.statements} == {"ligne a", "phrase « quatorze »"}


def test_a_contradiction_of_labels_is_told_with_the_arithmetic():
    with pytest.raises(Contradictory) as refusal:
        Drawn("""
              | x  | y  | total
            a | <5 | nc | 5
        """).attacked()
    assert len(refusal.value.statements) == 1
    assert str(refusal.value).replace("\u00a0", " ").splitlines() == [
        "Ces énoncés se contredisent (le plus petit ensemble trouvé : 1) :",
        "ligne a : a x + a y = 5 ; a y (« nc ») vaut au moins 5, donc a x vaut au plus 0.",
        "a x (« < 5 ») vaudrait au moins 1 et au plus 0 : c’est impossible.",
    ]


def test_shown_numbers_that_do_not_add_up_are_refused_at_once():
    with pytest.raises(Contradictory) as refusal:
        Drawn("""
              | x | y | total
            a | 3 | 4 | 8
        """)
    assert "ligne a" in str(refusal.value)


def test_a_share_that_no_whole_number_gives_is_a_contradiction():
    impossible = Statement.share("part", "whole", 50, said="phrase « la moitié »")
    with pytest.raises(Contradictory):
        audit(System.of({"part": Unknown.withheld()}, impossible, {"whole": Shown(value=0)}))


def test_a_narrowing_without_end_is_told_by_a_sum_and_never_by_a_bound_that_nobody_stated():
    """Twice a number, the same number, and twice another plus one: rows taken in turn would double for ever."""
    said = [
        Statement.equal([("x", 1), ("y", -2)], said="x est le double de y"),
        Statement.equal([("x", 1), ("z", -2)], 1, said="x est le double de z, plus un"),
        Statement.equal([("y", 1), ("x", -1)], said="y vaut x"),
    ]
    with pytest.raises(Contradictory) as refusal:
        audit(System.of({name: Unknown.withheld(name=name) for name in "xyz"}, said))
    lines = str(refusal.value).splitlines()
    assert len(lines) == 5
    assert lines[-1].endswith("c’est impossible.") or lines[-1].endswith("C’est impossible.")
    assert "donne" in lines[-1]


def test_a_long_narrowing_is_cut_and_says_what_was_left_out():
    """A chain of sixty sums: each tells the next."""
    unknowns = {number: Unknown.below(name=f"c{number}") for number in range(60)}
    said = [Statement.equal([(n, 1), (n + 1, 1)], 5, said=f"total {n}") for n in range(59)]
    first = Statement.equal([(0, 1)], 2, said="premier")
    reason = explain(audit(System.of(unknowns, [first, *said])), 59)
    lines = [line.replace("\u00a0", " ") for line in reason.lines]
    assert len(lines) == MOST_LINES
    assert lines[0] == "premier : c0 = 2, donc c0 vaut 2."
    assert lines[15].startswith("[41 lignes semblables ne sont pas écrites")
    assert "total 14" in lines[15] and "c15 vaut 3" in lines[15]
    assert lines[-1] == "total 58 : c58 + c59 = 5 ; c58 vaut 2, donc c59 vaut 3."
    assert len(reason.statements) == 60


# The judicial tables of 2026, as they were printed.


@pytest.fixture(scope="module")
def judicial():
    """Cells of figures 10 to 15 and of the sentences beside them, from the file of published figures."""
    unknowns, shown = {}, {}
    with LETTER.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if not row["source"].startswith("sser") or row["unit"] != "count":
                continue
            cell = row["id"].removeprefix("sser_2024_")
            if row["conf_status"] == "lt5":
                unknowns[cell] = Unknown.below(name=cell)
            elif row["conf_status"] == "nc":
                unknowns[cell] = Unknown.nc(name=cell)
            elif row["value"]:
                shown[cell] = Shown(value=int(row["value"]), name=cell)
    return unknowns, shown


STEPS = ("non_poursuivable", "inopportunite", "alternatives", "poursuites")
SENTENCES = ("reclusion", "emprisonnement", "amende", "autre")


def printed(unknowns, shown) -> System:
    """Every total of the tables and every sentence about them that speaks of a hidden cell."""
    said = [
        Statement.total(f"mec_{family}_total", [f"mec_{family}_{step}" for step in STEPS], said=f"figure {figure}")
        for family, figure in (("proxagg", 10), ("recagg", 11), ("place", 12), ("minor", 14))
    ]
    said += [
        Statement.total(f"conv_{one}_total", [f"conv_{one}_{kind}" for kind in SENTENCES], said="figure 13")
        for one in ("prox", "proxagg", "recagg", "place")
    ]
    said += [
        Statement.total(
            f"conv_{one}_emprisonnement",
            [f"conv_{one}_emprisonnement_ferme", f"conv_{one}_emprisonnement_sursis"],
            said="figure 13, dont",
        )
        for one in ("prox", "recagg")
    ]
    minor = ("reclusion", "emprisonnement", "amende", "substitution")
    said.append(Statement.total("conv_minor_total", [f"conv_minor_{kind}" for kind in minor], said="figure 15"))
    said.append(
        Statement.total(
            "mec_proxagg_poursuivable", [f"mec_proxagg_{step}" for step in STEPS[1:]], said="« 956 poursuivables »"
        )
    )
    said.append(
        Statement.total(
            "conv_recagg_not_firm",
            ["conv_recagg_emprisonnement_sursis", "conv_recagg_amende"],
            said="« 13 peines de sursis ou d’amende »",
        )
    )
    recagg = [f"mec_recagg_{step}" for step in STEPS[1:]]
    for low_or_high in Statement.share("mec_recagg_poursuites", "whole", 95, said="« Environ 95 % »"):
        terms = [(recagg[-1], 100), *((step, low_or_high.terms[1][1]) for step in recagg)]
        said.append(
            Statement(
                terms=tuple(terms),
                low=low_or_high.low,
                high=low_or_high.high,
                low_strict=low_or_high.low_strict,
                high_strict=low_or_high.high_strict,
                said=low_or_high.said,
            )
        )
    return System.of(unknowns, said, shown)


@pytest.mark.parametrize(
    ("cell", "left"),
    [
        ("mec_proxagg_inopportunite", "14-17"),
        ("mec_proxagg_alternatives", "1-4"),
        ("mec_recagg_poursuites", "88"),
        ("mec_recagg_alternatives", "1-4"),
        ("mec_place_poursuites", "55-61"),
        ("mec_minor_inopportunite", "12-15"),
        ("conv_proxagg_autre", "5-8"),
        ("conv_place_autre", "1-3"),
        ("conv_place_amende", "5-7"),
        ("conv_recagg_amende", "1-4"),
        ("conv_recagg_emprisonnement_sursis", "9-12"),
        ("conv_minor_amende", "1-4"),
    ],
)
def test_what_the_letter_of_2026_leaves_hidden(judicial, cell, left):
    finding = audit(printed(*judicial))[cell]
    assert _range(finding.low, finding.high) == left


def test_the_letter_of_2026_pins_one_small_count_below_four(judicial):
    breaches = protection(audit(printed(*judicial)))
    assert [(one.finding.cell, sorted(one.missing), one.proven) for one in breaches] == [
        ("conv_place_autre", [4], True)
    ]


def test_the_arithmetic_of_a_leak_fits_on_a_pencilled_line(judicial):
    reason = explain(audit(printed(*judicial)), "mec_proxagg_inopportunite")
    assert reason.lines == (
        "figure 10 : mec_proxagg_inopportunite + mec_proxagg_alternatives = 1\u202f062 − 106 − 938 = 18 ; "
        "mec_proxagg_alternatives («\u00a0< 5\u00a0») vaut 1 à 4, donc mec_proxagg_inopportunite vaut 14 à 17.",
    )


# Proof.


def test_what_could_not_be_proven_is_said_and_is_no_protection():
    table = Drawn("""
              | x  | y  | z  | total
        a     | <5 | <5 | nc | 14
        b     | <5 | nc | <5 | 14
        c     | nc | <5 | <5 | 14
        total | 14 | 14 | 14 | 42
    """)
    findings = audit(table.system, Limits(trials=0, nodes=0, work=0, sweeps=0))
    assert {finding.how for finding in findings} == {How.NOT_PROVEN}
    assert not any(breach.proven for breach in protection(findings))
    assert len(protection(findings)) == 6

"""Specifications, notes, sources and scopes of figures."""

import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from egide.document.figures.build import build_figure
from egide.document.figures.labels import plain, runs, undeclared
from egide.document.figures.parsing import parse_specs
from egide.document.figures.specs import FigureSpec, Kind, SeriesSpec, at
from egide.document.figures.tables import build_table
from egide.document.model import Declared, Text
from egide.document.typography import NBSP
from egide.errors import EditionRefused
from egide.facts.model import Status
from support.cells import shown
from support.figures import INSTITUTIONS, built, spec_of

EDITION = Path(str(files("egide"))).parents[1] / "editions" / "2026" / "figures.toml"
ONE = """
[[figure]]
id = "f01"
number = 1
kind = "line"
title = "Victimes, 2021-2025"
periods = [2021, 2025-12-31]
series = [{ label = "Victimes", values = "victimes[x]" }]
"""


def parsed(text: str) -> FigureSpec:
    return parse_specs(tomllib.loads(text))[0][0]


def refused(text: str) -> str:
    with pytest.raises(EditionRefused) as refusal:
        parse_specs(tomllib.loads(text))
    return str(refusal.value)


@pytest.mark.parametrize(
    ("template", "period", "expression"),
    [
        ("serie[x]", "2025", "serie[2025]"),
        ("serie[x]", "2025-12-31", 'serie["2025-12-31"]'),
        ('serie["2017..{x}"]', "2024", 'serie["2017..2024"]'),
        ("share(a[x], b[x])", "2024", "share(a[2024], b[2024])"),
        ("serie.growth(2017, x)", "2024", "serie.growth(2017, 2024)"),
        ("max_x[x]", "2024", "max_x[2024]"),
    ],
)
def test_a_template_asks_for_one_expression_a_period(template, period, expression):
    assert at(template, period) == expression


def test_a_figure_asks_for_each_expression_once():
    assert parsed(ONE).expressions() == ("victimes[2021]", 'victimes["2025-12-31"]')


def test_growth_from_the_base_to_itself_is_not_asked_for():
    index = parsed(ONE.replace('kind = "line"', 'kind = "index"\nbase = 2021'))
    assert index.expressions() == ('victimes["2025-12-31"]',)


def test_a_class_count_of_a_map_is_asked_for():
    spec = parsed("""
        [[figure]]
        id = "f04"
        kind = "map"
        title = "Carte"
        label = "Parcours"
        departments = { DEP-62 = "a[2025]" }
        classes = [{ label = "aucun", low = 0, high = 0, count = "b[2025]" }]
    """)
    assert spec.expressions() == ("a[2025]", "b[2025]")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('kind = "line"', 'kind = "pie"'), "« kind » parmi line"),
        (("Victimes, 2021-2025", "Les 880 victimes"), "« 880 »"),
        (("Victimes, 2021-2025", "Les {880} victimes"), "« {880} »"),
        (('title = "Victimes, 2021-2025"', ""), "la clé « title »"),
        (("values =", "valeurs ="), "une clé connue, reçu « valeurs »"),
        (("periods = [2021, 2025-12-31]", ""), "des séries et des positions"),
        (("2025-12-31]", '"décembre"]'), "des périodes sous leur forme normalisée"),
        (('values = "victimes[x]"', 'values = ["victimes[2021]"]'), "attendu 2 expressions, reçu 1"),
        (("number = 1", 'number = "un"'), "« number » de type int"),
        (('"line"', '"index"'), "la clé « base »"),
        (('"line"', '"flow"'), "« alternative »"),
        (("number = 1", "small = 1"), "« small » true ou false"),
        (('"victimes[x]"', "12"), "une liste d’expressions"),
        (('title = "Victimes, 2021-2025"', "title = 12"), "« title » de type str"),
        (("number = 1", "notes = [12]"), "« notes » en toutes lettres"),
    ],
)
def test_a_defect_says_its_place_and_what_was_expected(change, said):
    message = refused(ONE.replace(*change))
    assert said in message
    assert "figures.toml, f01" in message


def test_every_defect_is_listed_at_once():
    text = ONE.replace('"line"', '"pie"').replace("Victimes, 2021-2025", "Les 880 victimes")
    assert refused(text).count("\n") == 1


def test_two_figures_cannot_share_an_identifier_or_a_number():
    message = refused(ONE + ONE)
    assert "un identifiant par figure ou tableau, reçu « f01 »" in message
    assert "un numéro de figure par figure ou tableau, reçu « 1 »" in message


def test_a_map_knows_its_departments():
    assert "« DEP-999 »" in refused("""
        [[figure]]
        id = "f04"
        kind = "map"
        title = "Carte"
        label = "Parcours"
        departments = { DEP-999 = "a[2025]" }
    """)


ZONES = """
    [[figure]]
    id = "f05"
    kind = "zones"
    title = "Où"
    department = "62"
    zones = [
      { label = "Aval", longitude = 1.7, latitude = 50.9 },
      { label = "Bourg", longitude = 2.0, latitude = 50.7 },
    ]
    series = [{ label = "En ligne", values = ["a[2025]", "b[2025]"] }]
    classes = [{ label = "peu", low = 5, high = 9 }]
"""


def test_a_map_of_zones_has_one_value_a_zone():
    spec = parsed(ZONES)
    assert spec.positions == ("Aval", "Bourg")
    assert spec.expressions() == ("a[2025]", "b[2025]")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('"62"', '"999"'), "un code de département, reçu « 999 »"),
        (("classes", "# classes"), "de une à 3 classes, reçu 0"),
        (("longitude = 1.7, ", ""), "la clé « longitude »"),
        ((', "b[2025]"', ""), "attendu 2 expressions, reçu 1"),
    ],
)
def test_a_map_of_zones_says_what_it_lacks(change, said):
    assert said in refused(ZONES.replace(*change))


def test_a_table_without_columns_or_without_numbers_is_refused():
    message = refused("[[table]]\nid = 't01'\ntitle = 'Rien'\n")
    assert "« columns » ou « periods »" in message
    assert "au moins une expression" in message


def test_what_is_not_a_table_of_the_file_is_refused():
    assert "attendu une table TOML, reçu 12" in refused("figure = [12]")


def test_a_sixth_series_is_refused():
    series = ", ".join(f'{{ label = "S", values = "s{rank}[x]" }}' for rank in range(6))
    text = ONE.replace('series = [{ label = "Victimes", values = "victimes[x]" }]', f"series = [{series}]")
    assert "attendu 5 séries au plus, reçu 6" in refused(text)


@pytest.mark.parametrize(
    ("label", "loose"),
    [
        ("Victimes, 2017-2024", ""),
        ("Au {31 décembre 2025}", ""),
        ("Jeunes de {15 à 17} ans", ""),
        ("Jeunes de {18 à 20} ans", "{18 à 20}"),
        ("Plus de 12 victimes", "12"),
    ],
)
def test_digits_of_a_label_are_years_or_declared_names(label, loose):
    assert undeclared(label, {"15 à 17"}) == loose


def test_the_digits_of_a_label_reach_the_page_as_declared():
    assert runs("Jeunes de {15 à 17} ans en 2025") == (
        Text("Jeunes de "),
        Declared("15 à 17"),
        Text(" ans en "),
        Declared("2025"),
    )


def test_a_label_is_read_with_french_typography():
    assert plain("L'essai : {3919}") == f"L’essai{NBSP}: 3919"


def test_source_and_scope_come_from_the_cells():
    figure = built(spec_of("line"), {"a[2021]": shown(9, territory="FR_HORS_COM"), "a[2025]": shown(8)})
    assert figure.source == f"Source{NBSP}: Institution d’essai"
    assert figure.scope == f"Champ{NBSP}: France (hors COM), France"


def test_the_author_may_word_source_and_scope():
    figure = built(spec_of("line", source="Étude.", scope="Répondantes"), {"a[2021]": shown(9)})
    assert (figure.source, figure.scope) == (f"Source{NBSP}: Étude", f"Champ{NBSP}: Répondantes")


def test_a_source_without_a_name_is_refused():
    with pytest.raises(EditionRefused, match="f99 : attendu une source qui a un nom, reçu « test »"):
        build_figure(spec_of("line"), {"a[2021]": shown(9)}, institutions={})


def test_the_firmness_of_each_point_is_told():
    cells = {
        "a[2021]": shown(9, status=Status.ESTIMATED),
        "a[2022]": shown(8),
        "a[2023]": shown(7),
        "a[2024]": shown(6, status=Status.SEMI_DEFINITIVE),
        "a[2025]": shown(5, status=Status.PROVISIONAL),
    }
    assert built(spec_of("line"), cells).notes == (
        f"Donnée provisoire (p){NBSP}: 2025.",
        f"Donnée semi-définitive (sd){NBSP}: 2024.",
        f"Donnée estimée (e){NBSP}: 2021.",
    )


def test_one_sentence_is_enough_when_all_points_are_provisional():
    cells = {f"a[{year}]": shown(9, status=Status.PROVISIONAL) for year in range(2021, 2026)}
    assert built(spec_of("bar"), cells).notes == ("Toutes les données sont provisoires (p).",)


def test_a_firmness_of_one_series_names_it():
    cells = {
        "a[2024]": shown(1),
        "a[2025]": shown(2, status=Status.PROVISIONAL),
        "b[2024]": shown(3),
        "b[2025]": shown(4),
    }
    figure = built(spec_of("line", "a", "b", years=(2024, 2025)), cells)
    assert figure.notes == (f"Donnée provisoire (p){NBSP}: Série a (2025).",)


def test_the_flow_of_the_penal_chain_holds_no_number():
    spec = FigureSpec(id="f09", number=9, kind=Kind.FLOW, title="Chaîne pénale", alternative="Un schéma.")
    figure = built(spec, {})
    assert figure.table.rows[1][1].runs == (Text("sans donnée chiffrée"),)
    assert (figure.alternative, figure.notes) == ("Un schéma.", ())


class TestTheEditionOf2026:
    figures, tables = parse_specs(tomllib.loads(EDITION.read_text(encoding="utf-8")))

    def test_has_the_twenty_seven_numbered_figures(self):
        assert sorted(one.number for one in self.figures if one.number) == list(range(1, 28))

    def test_names_each_numbered_figure_after_its_number(self):
        assert [one.id for one in self.figures if one.number] == [f"f{rank:02}" for rank in range(1, 28)]

    def test_has_tables_for_figures_ten_to_fifteen(self):
        assert [one.number for one in self.figures if one.kind is Kind.TABLE] == [10, 11, 12, 13, 14, 15]

    def test_every_figure_is_present_even_when_nothing_was_delivered(self):
        assert all(built(one, {}).alternative for one in self.figures)

    def test_every_table_is_present_even_when_nothing_was_delivered(self):
        assert all(build_table(one, {}, institutions=INSTITUTIONS).rows for one in self.tables)


def test_a_series_over_categories_keeps_their_order():
    spec = FigureSpec(
        id="f06",
        number=6,
        kind=Kind.BAR,
        title="Parts",
        series=(SeriesSpec(label="Parts", expressions=("a[2025]", "b[2025]")),),
        positions=("Oui", "Non"),
    )
    table = built(spec, {"a[2025]": shown(1), "b[2025]": shown(2)}).table
    assert [row[0].runs[0].text for row in table.rows] == ["Catégorie", "Oui", "Non"]

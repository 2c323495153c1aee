"""The deliveries of 2026 say what the Letter of April 2026 printed, no more and no less.

Files are read here with openpyxl, odfpy and csv, never with egide.sources: two readers that agree are worth more
than one.
"""

from __future__ import annotations

import csv
import json
import tomllib
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from attrs import field, frozen
from odf.opendocument import load as load_ods
from odf.table import Table, TableCell, TableRow
from odf.teletype import extractText
from openpyxl import load_workbook

ROOT = Path(__file__).parents[2]
EDITION = ROOT / "editions" / "2026"
SCHEMAS = ROOT / "src" / "egide" / "sources" / "schemas"
LETTER = ROOT / "tests" / "data" / "letter-2026"

FILES = {
    "acpe": "acpe-accompagnement-2025.csv",
    "afis": "ccmsa-afis-2025.csv",
    "amicale_du_nid": "amicale-du-nid-donnees-2025.xlsx",
    "bus_des_femmes": "bus-des-femmes-file-active-2025.csv",
    "cdlp_paris": "paris-cdlp-bilan-2025.xlsx",
    "dantilles_dailleurs": "dantilles-et-dailleurs-accompagnement-2025.csv",
    "dgef": "dgef-aps-2025.csv",
    "dgesco": "dgesco-service-social-2024-2025.ods",
    "eacp": "eacp-accompagnement-2025.csv",
    "fas": "fas-enquete-associations-agreees-2025.xlsx",
    "fnsf_3919": "fnsf-3919-prostitution-2025.csv",
    "miprof": "miprof-textes-et-etudes-2025.xlsx",
    "mouvement_du_nid": "mouvement-du-nid-aspire-2025.ods",
    "ocrteh": "ocrteh-amendes-recours-2025.ods",
    "scelles": "fondation-scelles-stages-2025.xlsx",
    "sdfe": "sdfe-parcours-2025.xlsx",
    "snated_119": "snated-119-exploitation-sexuelle-2024.csv",
    "sser_casier": "sser-casier-condamnations-2024.xlsx",
    "sser_cassiopee": "sser-cassiopee-orientations-2024.xlsx",
    "ssmsi": "ssmsi-victimes-enregistrees-2025.xlsx",
    "tj_bobigny": "tj-bobigny-difaje-2025.ods",
}

# Printed as a limit ("more than 280") or twice with two numbers: delivered as one interval.
RANGES = """
    edito_2016_2026_psp_min             2501  ∞
    fnsf_3919_languages_min              201  ∞
    adn_2025_staff_min                   281  ∞
    adn_2025_places_min                  501  ∞
    adn_2019_2025_diag_trained_min      3001  ∞
    sser_2017_2022_mec_place_max         111  ∞
    sser_2018_gap_antecedents_prox        10  ∞
    sser_2019_gap_antecedents_prox        10  ∞
    sser_2021_gap_antecedents_prox        10  ∞
    sdfe_2017_2025_psp_small_regions       0  26
    eacp_2025_share_minors_new_min        50  100
    ssmsi_2021_vict_adult_title          952  955
    sdfe_20191231_psp_current_low        300  301
    sdfe_20191231_psp_current_high       300  301
    sdfe_20201231_psp_current_low        401  403
    sdfe_20201231_psp_current_high       401  403
    fnsf_2025_share_author_men_text       99  100
    fnsf_2025_share_author_men_title      99  100
"""
# Limits that a count from elsewhere makes useless, and an age printed in months that is delivered in two parts.
REPLACED = """
    sdfe_20241231_psp_current_low       903
    sdfe_20241231_psp_current_high      903
    kf_bobigny_2025_mean_age             15
"""
# Printed in points, transcribed in percent; an age in months that is delivered in years and months.
OTHER_UNITS = {
    "fnsf_2024_2025_share_lt20_diff": "points",
    "fnsf_2024_2025_share_30_59_diff": "points",
    "kf_bobigny_2025_mean_age": "years",
}
# A period of several years whose count is the sum of its years, where the years are stated.
ADDED_YEARS = ["cdlp_paris/psp_entries", "ocrteh/fines_purchase_from_adult", "ssmsi/victims_recorded"]

Key = tuple[str, str, str, str, frozenset[tuple[str, str]]]  # source, measure, territory, period, dimensions


def drawn(table: str) -> dict[str, list[str]]:
    return {name: cells for name, *cells in (line.split() for line in table.strip().splitlines())}


@frozen(kw_only=True)
class Statement:
    """One row of a delivery, its labels turned back into codes."""

    source: str
    measure: str
    territory: str
    period: str
    dims: frozenset[tuple[str, str]] = field(converter=frozenset)
    value: str = ""
    low: str = ""
    high: str = ""
    secret: str = ""
    status: str

    @property
    def key(self) -> Key:
        return self.source, self.measure, self.territory, self.period, self.dims

    @property
    def bounds(self) -> tuple[float, float]:
        if self.secret:
            return {"<5": (1, 4), "nc": (5, float("inf"))}[self.secret]
        low, high = (self.value, self.value) if self.value else (self.low, self.high)
        return float(low or "-inf"), float(high or "inf")


# ---------------------------------------------------------------- reading, without egide


def csv_rows(path: Path, schema: dict[str, Any], _sheet: str) -> list[list[str]]:
    text = path.read_text(encoding=schema["csv"]["encoding"])
    return list(csv.reader(text.splitlines(), delimiter=schema["csv"]["delimiter"]))


def xlsx_rows(path: Path, _schema: dict[str, Any], sheet: str) -> list[list[str]]:
    book = load_workbook(path, data_only=True)
    return [["" if cell is None else str(cell) for cell in row] for row in book[sheet].iter_rows(values_only=True)]


def ods_rows(path: Path, _schema: dict[str, Any], sheet: str) -> list[list[str]]:
    table = next(t for t in load_ods(path).getElementsByType(Table) if t.getAttribute("name") == sheet)
    rows = [[ods_cell(cell) for cell in row.getElementsByType(TableCell)] for row in table.getElementsByType(TableRow)]
    return [row + [""] * (len(rows[0]) - len(row)) for row in rows]


def ods_cell(cell: TableCell) -> str:
    return cell.getAttribute("value") or extractText(cell)


READERS = {"csv": csv_rows, "xlsx": xlsx_rows, "ods": ods_rows}


@cache
def schema_of(source: str) -> dict[str, Any]:
    return json.loads((SCHEMAS / f"{source}.json").read_text(encoding="utf-8"))


def statements_of(source: str) -> Iterator[Statement]:
    schema = schema_of(source)
    for sheet in schema["sheets"]:
        columns = sheet["schema"]["fields"]
        heading, *rows = READERS[schema["format"]](EDITION / "deliveries" / FILES[source], schema, sheet["name"])
        assert heading == [column["name"] for column in columns]
        for row in rows:
            yield statement(source, columns, row)


def statement(source: str, columns: list[dict[str, Any]], row: list[str]) -> Statement:
    found: dict[str, str] = {}
    dims = {}
    for column, text in zip(columns, row, strict=True):
        role, codes = column["egide"]["role"], column["egide"].get("codes")
        code = codes[text] if codes and text else text
        if role == "dim":
            dims |= {column["egide"]["dim"]: code} if text else {}
        else:
            found[role] = code.replace(",", ".") if role in ("value", "low", "high") else code
    found.pop("note")
    return Statement(source=source, dims=dims.items(), **found)


@cache
def statements() -> tuple[Statement, ...]:
    return tuple(one for source in FILES for one in statements_of(source))


@cache
def by_key() -> dict[Key, Statement]:
    return {one.key: one for one in statements()}


@cache
def series() -> dict[str, dict[str, Any]]:
    return tomllib.loads((EDITION / "series.toml").read_text(encoding="utf-8"))


def series_key(entry: dict[str, Any]) -> tuple[str, str, str, frozenset[tuple[str, str]]]:
    return entry["source"], entry["measure"], entry["territory"], frozenset(entry.get("dims", {}).items())


def table(name: str) -> list[dict[str, str]]:
    with (LETTER / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def printed() -> tuple[tuple[dict[str, str], Statement | None], ...]:
    """Each published figure with the row that delivers it."""
    point = {row["id"]: (row["name"], row["period"]) for row in table("series.csv")}
    return tuple((figure, delivered(*point[figure["id"]])) for figure in table("facts.csv"))


def delivered(name: str, period: str) -> Statement | None:
    source, measure, territory, dims = series_key(series()[name])
    return by_key().get((source, measure, territory, period, dims))


# ---------------------------------------------------------------- the rules


def test_the_folder_holds_one_file_for_each_institution_and_nothing_else():
    found = {path.name for path in (EDITION / "deliveries").iterdir()}
    assert found == {*FILES.values(), "LISEZMOI.md"}
    later = {"registre"}  # the registry did not exist yet: the Letter of 2026 has nothing of it
    elsewhere = {"adn_62", "adn_idf", "adn_maraude", "reperes"}  # of a territorial diagnostic
    assert set(FILES) == {path.stem for path in SCHEMAS.glob("*.json")} - later - elsewhere


def test_every_published_figure_has_its_row():
    assert [figure["id"] for figure, row in printed() if row is None] == []
    assert len(printed()) == 845


def test_every_published_figure_is_delivered_with_its_value():
    apart = drawn(RANGES) | drawn(REPLACED)
    compared = [(figure, row) for figure, row in printed() if row and figure["id"] not in apart]
    wrong = [f["id"] for f, row in compared if f["conf_status"] == "F" and Fraction(row.value) != Fraction(f["value"])]
    assert wrong == []


@pytest.mark.parametrize(("identifier", "low", "high"), [(name, *ends) for name, ends in drawn(RANGES).items()])
def test_a_figure_known_only_by_its_limits_is_one_interval(identifier, low, high):
    row = next(row for figure, row in printed() if figure["id"] == identifier)
    assert (row.value, row.low, row.high or "∞") == ("", low, high)


@pytest.mark.parametrize(("identifier", "value"), [(name, *value) for name, value in drawn(REPLACED).items()])
def test_a_figure_replaced_by_a_better_one_gives_way_to_it(identifier, value):
    row = next(row for figure, row in printed() if figure["id"] == identifier)
    assert row.value == value


def test_every_published_figure_keeps_its_status():
    assert [figure["id"] for figure, row in printed() if row.status != figure["obs_status"]] == []


def test_what_the_letter_hid_stays_hidden_and_nothing_else_is():
    marks = {"F": "", "lt5": "<5", "nc": "nc"}
    assert [figure["id"] for figure, row in printed() if row.secret != marks[figure["conf_status"]]] == []


def test_units_of_measures_are_those_of_the_published_figures():
    units = {figure["id"]: OTHER_UNITS.get(figure["id"], figure["unit"]) for figure, _ in printed()}
    measure = {figure["id"]: schema_of(row.source)["measures"][row.measure] for figure, row in printed()}
    assert [name for name, unit in units.items() if measure[name]["unit"] != unit] == []


def test_no_delivery_states_the_same_thing_twice():
    assert [key for key, times in Counter(one.key for one in statements()).items() if times > 1] == []
    assert len(statements()) == 811


def test_a_row_gives_a_number_or_limits_or_a_secret_and_only_one_of_them():
    ways = [(one, [bool(one.value), bool(one.low or one.high), bool(one.secret)]) for one in statements()]
    assert [one.key for one, given in ways if sum(given) != 1] == []


def test_every_named_series_has_a_row_and_every_row_a_name():
    named = {series_key(entry) for entry in series().values()}
    stated = {(one.source, one.measure, one.territory, one.dims) for one in statements()}
    assert named == stated
    assert len(named) == len(series()) == 643


def test_every_series_has_a_caption_of_its_own():
    captions = Counter(entry["label"] for entry in series().values())
    assert [caption for caption, times in captions.items() if times > 1] == []
    assert [caption for caption in captions if not caption[0].isupper() or "'" in caption or "  " in caption] == []


def test_series_are_sorted_by_source_then_by_name():
    order = [(entry["source"], name) for name, entry in series().items()]
    assert order == sorted(order)


@pytest.mark.parametrize("source", FILES)
def test_a_code_has_one_label_and_a_label_one_code_in_the_whole_file(source):
    pairs = {
        (column["egide"].get("dim", column["egide"]["role"]), label, code)
        for sheet in schema_of(source)["sheets"]
        for column in sheet["schema"]["fields"]
        if column["egide"]["role"] in ("measure", "dim", "status")
        for label, code in column["egide"]["codes"].items()
    }
    labels, codes = {(kind, label) for kind, label, _ in pairs}, {(kind, code) for kind, _, code in pairs}
    assert len(labels) == len(codes) == len(pairs)


# ---------------------------------------------------------------- sums


def declared_totals() -> list[tuple[str, dict[str, Any]]]:
    return [
        (source, total)
        for source in FILES
        for sheet in schema_of(source)["sheets"]
        for total in sheet.get("totals", ())
    ]


def instances(source: str, total: dict[str, Any]) -> Iterator[tuple[Statement, list[Statement]]]:
    """Wherever the whole and all its parts are stated for one period, territory and set of other dimensions."""
    named = {name for term in (total["total"], *total["parts"]) for name in term["dims"]}
    for one in statements():
        if (one.source, one.measure) != (source, total["total"]["measure"]):
            continue
        others = frozenset(pair for pair in one.dims if pair[0] not in named)
        if one.dims - others != frozenset(total["total"]["dims"].items()):
            continue
        if total["total"].get("territory", one.territory) != one.territory:
            continue
        keys = [
            (
                source,
                part["measure"],
                part.get("territory", one.territory),
                one.period,
                others | set(part["dims"].items()),
            )
            for part in total["parts"]
        ]
        if all(key in by_key() for key in keys):
            yield one, [by_key()[key] for key in keys]


def test_declared_totals_hold_whatever_the_hidden_numbers_are():
    checked = [found for source, total in declared_totals() for found in instances(source, total)]
    impossible = [whole.key for whole, parts in checked if not can_be(whole.bounds, [part.bounds for part in parts])]
    assert impossible == []
    assert len(checked) == 41


def can_be(whole: tuple[float, float], parts: list[tuple[float, float]]) -> bool:
    low, high = (sum(ends) for ends in zip(*parts, strict=True))
    return low <= whole[1] and whole[0] <= high


@pytest.mark.parametrize("measure", ADDED_YEARS)
def test_a_count_over_several_years_is_the_sum_of_its_years(measure):
    spans = [one for one in statements() if f"{one.source}/{one.measure}" == measure and ".." in one.period]
    assert spans
    assert [one.key for one in spans if not fits_its_years(one)] == []


def fits_its_years(span: Statement) -> bool:
    first, last = map(int, span.period.split(".."))
    years = [by_key().get((*span.key[:3], str(year), span.dims)) for year in range(first, last + 1)]
    return can_be(span.bounds, [year.bounds if year else (0, float("inf")) for year in years])


def test_a_hidden_count_cannot_be_read_back_from_one_declared_total():
    """One hidden part alone beside stated ones would be a subtraction away."""
    checked = [[whole, *parts] for source, total in declared_totals() for whole, parts in instances(source, total)]
    lonely = [terms[0].key for terms in checked if sum(bool(one.secret) for one in terms) == 1]
    assert lonely == []


def test_families_of_cassiopee_overlap_and_those_of_the_criminal_record_do_not():
    overlapping = {
        (source, tuple(measure.get("overlapping", ())))
        for source, code in product(("sser_cassiopee", "sser_casier"), ("mis_en_cause_processed", "convictions"))
        if (measure := schema_of(source)["measures"].get(code))
    }
    assert overlapping == {("sser_cassiopee", ("offence",)), ("sser_casier", ())}

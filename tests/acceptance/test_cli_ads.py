"""From invented ads to a map, by the commands of docs/how-to/recenser-des-annonces.md; the coder is always right."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest

from egide.diagnostic.clues import PROVES_NOTHING
from support.census import on
from support.coder import fill
from support.editions import egide

ADS, PERSONS, CODED = 500, 180, 218
TODAY = "2025-04-02"
MANIFEST = """
[collecte]
equipe = "Équipe Coquelicot"
autorisation = "décision 2025-12 de la délégation"
autorisation_date = 2025-01-05
base_legale = "mission d'intérêt public, article 6-1-e du RGPD"
aipd_numero = "AIPD-2025-04"
aipd_date = 2025-01-12
finalite = "connaissance d'un territoire"
debut = 2025-03-03
fin = 2025-03-30
departement = "62"
refus = "aucun"
lacunes = "aucun"
"""
SITE = '\n[[site]]\ncode = "S{:02}"\ncategorie = "petites-annonces"\ncomptage_exact = true\n'
CODES = [word for code in ("organise", *(f"N{rank}" for rank in range(1, 10))) for word in ("--code", code)]


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The team's folder after the draw and the coding, and the store after the import."""
    folder = tmp_path_factory.mktemp("annonces")
    with pytest.MonkeyPatch.context() as here:
        here.chdir(folder)
        on(TODAY, here)
        settings = ("--ads", ADS, "--persons", PERSONS, "--organised", 0.5, "--seed", 3)
        done("invent", *settings, "--output", "annonces.csv")
        Path("manifeste.toml").write_text(MANIFEST + "".join(map(SITE.format, range(1, 12))), encoding="utf-8")
        assert f"{ADS}\u00a0annonces" in done("census", "check", *collection())
        imported = done("census", "import", *collection(), *store(), "--confirm", "--frame", "cadre.csv")
        assert f"Passage {TODAY}-1" in imported
        assert "218 annonces" in done("sample", "size", str(ADS))
        drawing = ("--size", CODED, "--seed", 11, *CODES, "--output", "tirage")
        assert f"{CODED} annonces tirées parmi {ADS}" in done("sample", "draw", "cadre.csv", *drawing)
        coder("rempli.xlsx")
        coder("mal-cherche.xlsx", searched="échantillon")
    return folder


@pytest.fixture(autouse=True)
def in_the_folder(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(work)
    on(TODAY, monkeypatch)


@pytest.fixture(scope="module")
def estimates(work: Path) -> dict:
    with pytest.MonkeyPatch.context() as here:
        here.chdir(work)
        on(TODAY, here)
        return json.loads(done("census", "estimate", *collection(), *coding("rempli.xlsx"), *store(), "--json"))


def collection() -> tuple[str, ...]:
    return ("annonces.csv", "--manifest", "manifeste.toml")


def store() -> tuple[str, ...]:
    return ("--store", "depot")


def coding(sheet: str) -> tuple[str, ...]:
    return ("--sheet", sheet, "--key", "tirage/cle.csv", "--report-on", "2025-09-01")


def coder(output: str, **how: str) -> Path:
    return fill(Path("tirage/codage-1.xlsx"), Path("tirage/cle.csv"), Path("annonces-verite.csv"), Path(output), **how)


def done(*arguments: object) -> str:
    result = egide("diagnostic", *map(str, arguments))
    assert result.exit_code == 0, result.output
    return result.stdout


def test_distinct_persons_come_with_intervals_and_the_point_method_with_its_warning(estimates: dict) -> None:
    by_multiplicity, around_groups = estimates["persons"]
    for found in (by_multiplicity, around_groups):
        low, high = found["interval"]
        assert low < PERSONS < high
        assert found["duplicate_share"] == pytest.approx(1 - found["value"] / ADS, abs=0.006)  # rounded
    assert width(around_groups) < width(by_multiplicity)
    assert "multiplicité" in by_multiplicity["method"] and "groupes de la machine" in around_groups["method"]
    assert "parmi toutes les annonces" in estimates["point_method"]["warning"]
    assert estimates["point_method"]["if_within_sample"][1] < PERSONS


def width(found: dict) -> float:
    return found["interval"][1] - found["interval"][0]


def test_a_clue_is_counted_only_when_it_was_measured_and_is_tied_to_organisation(estimates: dict) -> None:
    clues = estimates["clues"]
    assert list(clues) == [f"N{rank}" for rank in range(1, 10)]
    published = {code for code, one in clues.items() if one["published"]}
    assert {"N1", "N9"} <= published and not {"N3", "N4"} & published  # the coder never reads N3 nor N4
    for code, one in clues.items():
        tied = one["lift"] is not None and one["lift"]["interval"][0] >= 1  # rounded down
        assert one["published"] == (tied and one["precision"] is not None and one["recall"] is not None), code
    assert {one for pair in estimates["pairs"] for one in (pair["first"], pair["second"])} == published
    assert estimates["sentence"] == PROVES_NOTHING


def test_shares_by_territory_are_shown_whole_or_put_together(estimates: dict) -> None:
    whole, *territories = estimates["shares"]
    assert whole["territory"] == "Ensemble" and len(territories) >= 2
    for one in estimates["shares"]:
        assert one["at_least"] == 2
        assert one["share"]["interval"][0] <= one["share"]["value"] <= one["share"]["interval"][1]
    assert any(" + " in one["territory"] for one in territories)


def test_what_is_said_is_what_the_numbers_are(estimates: dict) -> None:
    said = done("census", "estimate", *collection(), *coding("rempli.xlsx"), *store())
    assert f"{estimates['persons'][0]['value']} personnes, de " in said
    assert "N3 Un seul compte pour plusieurs personnes\u00a0: non publié" in said
    assert said.count(PROVES_NOTHING) == 1
    assert [one.name for one in Path("depot/echantillons").iterdir()] == [f"echantillon-{TODAY}-1"]  # kept once


def test_one_sample_has_one_table_so_that_two_are_never_subtracted(estimates: dict) -> None:
    again = done("census", "estimate", *collection(), *coding("rempli.xlsx"), *store(), "--json")
    assert json.loads(again) == estimates
    for other in (("--at-least", "1"), ("--report-on", "2026-01-01")):
        given = ("estimate", *collection(), *coding("rempli.xlsx"), *store(), *other)
        result = egide("diagnostic", "census", *given)
        assert result.exit_code == 4, result.output


def test_every_number_told_is_rounded_so_that_no_count_comes_back(estimates: dict) -> None:
    def shares(tree: object) -> Iterator[float]:
        for one in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
            yield from [one] if isinstance(one, float) else shares(one)

    point = estimates["point_method"]
    people = [point["persons"], *point["interval"], *point["if_within_sample"]]
    people += [number for one in estimates["persons"] for number in (one["value"], *one["interval"])]
    assert {type(one) for one in people} == {int}
    told = list(shares(estimates))
    assert len(told) > 50 and [one for one in told if one != round(one, 2)] == []
    kept = Path(f"depot/echantillons/echantillon-{TODAY}-1/estimations.json").read_text(encoding="utf-8")
    assert list(shares(json.loads(kept))) == told


def test_another_sheet_of_the_same_draw_is_refused_once_the_first_is_estimated(estimates: dict) -> None:
    book = openpyxl.load_workbook("rempli.xlsx")
    heading = [cell.value for cell in book.active[1]]
    cell = book.active.cell(2, heading.index("N9") + 1)
    cell.value = "non" if cell.value == "oui" else "oui"
    book.save("change.xlsx")
    result = egide("diagnostic", "census", "estimate", *collection(), *coding("change.xlsx"), *store())
    assert result.exit_code == 4 and "une autre feuille du même tirage" in result.stderr
    assert [one.name for one in Path("depot/echantillons").iterdir()] == [f"echantillon-{TODAY}-1"]


@pytest.mark.parametrize(
    ("which", "change", "expected"),
    [
        ("cle.csv", lambda rows: [rows[0], *([number, f"9{rank}"] for number, rank in rows[1:])], "un rang de 1 à 500"),
        ("cle.csv", lambda rows: rows[:-5], "5\u00a0autres"),
        ("annonces.csv", lambda rows: rows[:-40], "comme au tirage"),
        ("annonces.csv", lambda rows: [rows[0], *rows[:0:-1]], "comme au tirage"),
    ],
)
def test_files_that_are_not_those_of_the_draw_are_refused(
    tmp_path: Path, which: str, change: Callable[[list[list[str]]], list[list[str]]], expected: str
) -> None:
    for given in (Path("tirage/cle.csv"), Path("annonces.csv")):
        with given.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file, delimiter=";" if given.stem == "cle" else ","))
        with (tmp_path / given.name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows(change(rows) if given.name == which else rows)
    rest = ("--sheet", "rempli.xlsx", "--key", tmp_path / "cle.csv", "--report-on", "2025-09-01")
    ads, store = (tmp_path / "annonces.csv", *collection()[1:]), tmp_path / "depot"
    result = egide("diagnostic", "census", "estimate", *ads, *rest, "--store", store)
    assert not (store / "echantillons").exists()
    assert result.exit_code == 3, result.output
    assert expected in result.stderr


def test_duplicates_searched_in_the_sample_only_are_refused() -> None:
    result = egide("diagnostic", "census", "estimate", *collection(), *coding("mal-cherche.xlsx"), *store())
    assert result.exit_code == 5
    assert "parmi les seules annonces de l’échantillon" in result.stderr


def test_the_sheet_alone_tells_no_share_of_a_clue() -> None:
    said = done("sample", "estimate", "rempli.xlsx")
    assert "Personnes distinctes" in said and "N9" not in said and "organise " not in said


def test_the_map_takes_what_the_import_wrote(tmp_path: Path) -> None:
    counts = Path(f"depot/passages/{TODAY}-1/effectifs.csv")
    with counts.open(encoding="utf-8", newline="") as file:
        codes = [row["zone"] for row in csv.DictReader(file)]
    rows = [f"{code};Zone {rank};{1.7 + rank / 7};50.{4 + rank % 3}" for rank, code in enumerate(codes)]
    zones = tmp_path / "zones.csv"
    zones.write_text("\n".join(["zone;nom;longitude;latitude", *rows]) + "\n", encoding="utf-8")
    done("map", zones, counts, "--department", 62, "--output", tmp_path / "carte")
    assert "personnes" in (tmp_path / "carte" / "carte.csv").read_text(encoding="utf-8-sig")


def test_what_was_kept_is_purged_at_its_term_and_blocks_the_next_pass_until_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    on("2026-04-02", monkeypatch)  # features since 2 May, codes since 1 March
    result = egide("diagnostic", "census", "estimate", *collection(), *coding("rempli.xlsx"), *store())
    assert result.exit_code == 4 and "une purge au plus tard le 2025-05-02" in result.stderr
    assert "Essai à blanc" in done("census", "purge", *store())
    done("census", "purge", *store(), "--confirm")
    kept = {path.parent.name for path in Path("depot").rglob("*") if path.is_file()}
    assert kept == {"depot", "certificats"}

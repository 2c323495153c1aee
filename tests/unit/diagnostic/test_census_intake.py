"""A manifest and its files: what is refused at once, what is kept but listed, and what nobody guesses."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from egide.diagnostic.census.columns import READ, verdict
from egide.diagnostic.census.dates import day_of
from egide.diagnostic.census.manifest import Category
from egide.errors import DeliveryRefused
from support.census import MANIFEST, TODAY, ad, manifest, received


def told(text: str) -> list[str]:
    with pytest.raises(DeliveryRefused) as refusal:
        manifest(text)
    return [defect.text() for defect in refusal.value.defects]


def test_a_whole_manifest_is_read() -> None:
    found = manifest()
    assert (found.department, found.dpia_number, found.last_day) == ("62", "AIPD-2026-04", date(2026, 3, 31))
    assert found.sites["S2"].category is Category.CLASSIFIEDS
    assert (found.sites["S2"].pages, found.sites["S1"].pages, found.sites["S1"].whole) == (40, None, True)


@pytest.mark.parametrize("purpose", ['"recherche d\'une personne"', '""', "3", None])
def test_any_other_purpose_is_refused(purpose: str | None) -> None:
    line = 'finalite = "connaissance d\'un territoire"\n'
    (defect,) = told(MANIFEST.replace(line, f"finalite = {purpose}\n" if purpose else ""))
    assert "Égide ne sert qu’à cela" in defect


@pytest.mark.parametrize(
    "line",
    [line for line in MANIFEST.splitlines() if "=" in line and not line.startswith("pages")],
)
def test_each_line_of_the_manifest_is_required(line: str) -> None:
    assert told(MANIFEST.replace(line + "\n", "", 1))


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ('"AIPD-2026-04"', '"en cours"', "un texte sans chiffre"),
        ("aipd_date = 2026-01-12", "aipd_date = 2026-03-12", "On ne collecte pas avant d’en avoir le droit"),
        ("fin = 2026-03-31", "fin = 2026-02-28", "un jour après le début"),
        ("fin = 2026-03-31", "fin = 2027-03-31", "un jour à venir"),
        ("fin = 2026-03-31", 'fin = "31 mars"', "un jour, écrit 2026-03-31"),
        ('departement = "62"', 'departement = "Pas-de-Calais"', "le code d’un département"),
        ('code = "S2"', 'code = "annonces.example"', "jamais le nom ni l’adresse du site"),
        ('code = "S2"', 'code = "S1"', "un code déjà donné"),
        ('"petites-annonces"', '"forum"', "l’une de : escorting"),
        ("pages = 40", "pages = 0", "un nombre entier"),
        ('refus = "un site demande une inscription"', 'refus = ""', "écrivez « aucun »"),
        ("[collecte]\n", '[collecte]\nparquet = "copie"\n', "1 autre(s) nom(s)"),
        ("[[site]]", "[[sites]]", "au moins un site"),
        ("[collecte]", "[collecte", "un fichier TOML"),
    ],
)
def test_a_wrong_manifest_is_refused_in_words(before: str, after: str, words: str) -> None:
    assert any(words in line for line in told(MANIFEST.replace(before, after)))


def test_all_the_defects_of_a_manifest_come_at_once() -> None:
    assert len(told("finalite = 1")) > 10


def test_the_columns_that_may_be_read_are_these() -> None:
    assert verdict([*READ], "a.csv") == ()
    assert verdict(["Texte", "TÉLÉPHONE", "Site "], "a.csv") == ()


@pytest.mark.parametrize(
    "column",
    [
        "photo",
        "Image",
        "visage",
        "url",
        "lien",
        "pseudo",
        "ethnie",
        "origine",
        "nationalité",
        "pays",
        "pratique",
        "prestations",
        "prix",
        "tarif_heure",
        "age",
        "taille",
        "id",
        "ip",
        "adresse",
        "remarque",
        "tel",
        "ville",
    ],
)
def test_any_other_column_is_refused_not_ignored(column: str) -> None:
    (defect,) = verdict(["texte", "site", column], "a.csv")
    assert defect.place == "a.csv, colonne n° 3"
    assert f"« {column} »" not in defect.text()


def test_all_the_columns_are_judged_at_once() -> None:
    assert len(verdict(["photo", "url", "titre", "titre", "x"], "a.csv")) == 6  # three refused, one twice, two missing


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-03-12", date(2026, 3, 12)),
        ("2026-03-12T08:30:00", date(2026, 3, 12)),
        ("12/03/2026", date(2026, 3, 12)),
        ("1.3.26", date(2026, 3, 1)),
        ("jeudi 12 mars 2026 à 10 h", date(2026, 3, 12)),
        ("1er Août 2026", date(2026, 8, 1)),
        ("12 févr. 2026", date(2026, 2, 12)),
        ("2026-03-12T10:30:00.125+01:00", date(2026, 3, 12)),
        ("12/03/2026, 10 h 30 min", date(2026, 3, 12)),
        ("31/02/2026", None),
        ("06.11.22 33 44", None),  # a number that begins like a day
        ("06-11-2033 44", None),
        ("06/11/22 33:44", None),
        ("0611-12-13", None),
        ("hier", None),
        ("mars 2026", None),
        ("", None),
    ],
)
def test_a_date_typed_as_text_is_read_or_not_known(written: str, day: date | None) -> None:
    assert day_of(written) == day


def test_a_collection_of_one_single_commune_is_read(tmp_path: Path) -> None:
    arrivals = received(tmp_path, [ad(), ad(commune="ARRAS (62)"), ad(commune="62000 arras")])
    assert arrivals.labels()["commune"] == ["62041"] * 3
    assert arrivals.labels()["epci"] == ["200033579"] * 3
    assert arrivals.remarks == []


def test_a_day_after_the_collection_is_not_known(tmp_path: Path) -> None:
    arrivals = received(tmp_path, [ad(date="2026-03-31"), ad(date="06-11-2233")])
    assert arrivals.labels()["mois"] == ["2026-03", ""]
    assert len(arrivals.remarks) == 1


def test_towns_and_dates_not_understood_are_listed_with_their_row_and_nothing_is_lost(tmp_path: Path) -> None:
    rows = [ad(commune="Nulle part"), ad(commune="Saint-Denis"), ad(date="hier"), ad(commune="", date="")]
    arrivals = received(tmp_path, rows)
    assert len(arrivals) == 4
    unknown, ambiguous, undated = [defect.text() for defect in arrivals.remarks]
    assert "annonces.csv, colonne commune, ligne 2 :" in unknown
    assert "un texte de 10\u00a0caractères qui n’en nomme aucune" in unknown
    assert "annonces.csv, colonne commune, ligne 3 :" in ambiguous
    assert "Saint-Denis (93066)" in ambiguous
    assert "Saint-Denis (97411)" in ambiguous
    assert "annonces.csv, colonne date, ligne 4 :" in undated
    assert arrivals.labels()["mois"] == ["2026-03", "2026-03", "", ""]


def test_a_town_written_many_times_is_listed_once_with_its_rows(tmp_path: Path) -> None:
    (remark,) = received(tmp_path, [ad(commune="Nulle part")] * 25).remarks
    assert "colonne commune, lignes 2, 3, 4, 5," in remark.place
    assert remark.place.endswith("20, 21… (25\u00a0lignes)")


def test_a_former_commune_is_counted_in_that_of_today_and_said_so(tmp_path: Path) -> None:
    arrivals = received(tmp_path, [ad(commune="Arbignieu"), ad(commune="Paris 8e")])
    assert arrivals.labels()["commune"] == ["01015", "75056"]
    (remark,) = arrivals.remarks
    assert "reçu Arbignieu, commune déléguée. Comptée à Arboys en Bugey (01015), d’après la liste du" in remark.text()


def test_a_code_of_insee_has_its_own_column(tmp_path: Path) -> None:
    codes = ["62041", "62765", "97411", "99999", ""]
    arrivals = received(tmp_path, [ad(commune="62041") | {"insee": code} for code in codes])
    assert arrivals.labels()["commune"] == ["62041", "62765", "97411", "", "62041"]
    (remark,) = arrivals.remarks
    assert "colonne insee, ligne 5 : attendu une commune" in remark.text()


def test_a_wrong_site_page_or_answer_is_refused_with_its_row(tmp_path: Path) -> None:
    rows = [ad(site="S9"), ad(page="deux"), ad(page="0"), ad(), ad(page="-1")]
    with pytest.raises(DeliveryRefused) as refusal:
        received(tmp_path, [row | {"pertinente": "oui"} for row in rows] + [ad() | {"pertinente": "peut-être"}])
    places = [defect.place for defect in refusal.value.defects]
    assert places == [
        "annonces.csv, ligne 2, colonne site",
        "annonces.csv, ligne 3, colonne page",
        "annonces.csv, ligne 4, colonne page",
        "annonces.csv, ligne 6, colonne page",
        "annonces.csv, ligne 7, colonne pertinente",
    ]


def test_ads_that_are_not_relevant_are_counted_on_their_page_and_left_out(tmp_path: Path) -> None:
    rows = [("1", "oui"), ("1", "non"), ("2", "non"), ("3", ""), ("3", "oui")]
    arrivals = received(tmp_path, [ad(site="S2", page=page) | {"pertinente": said} for page, said in rows])
    assert len(arrivals) == 3
    assert dict(arrivals.pages["S2"]) == {1: 1, 2: 0, 3: 2}


def test_a_collection_without_relevant_ad_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeliveryRefused, match="au moins une annonce pertinente"):
        received(tmp_path, [ad() | {"pertinente": "non"}])


def test_the_day_of_the_test_is_after_the_collection() -> None:
    assert manifest().last_day < TODAY

"""Authors weigh the secret: why a cell is hidden, what keeping another would cost, which range is safe."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from pypdf import PdfReader

from support.editions import NEIGHBOUR, SMALL, TOTAL, build, egide, files_of, said, small_edition, spoil

PROTECTS = "masqué pour protéger « Premières demandes d’hommes à Paris, 2025 »"


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    return small_edition(tmp_path / "2026")


def release(edition: Path, *options: object) -> Result:
    places = ("--store", edition.parent / "store", "--cache", edition.parent / "cache")
    return egide("release", edition, *places, "-q", *options)


def answer(edition: Path, *options: object) -> Any:
    return json.loads(release(edition, "--json", *options).stdout)


def decide(edition: Path, *tables: str) -> None:
    """Write tables at the end of the settings, before the deliveries."""
    spoil(edition, "edition.toml", "[institutions]", "\n".join([*tables, "[institutions]"]))


def test_each_hidden_number_comes_with_its_reason(edition: Path) -> None:
    shown = said(release(edition).stdout)
    assert "< 5    Premières demandes d’hommes à Paris, 2025" in shown
    assert ": effectif inférieur à 5" in shown
    assert f": {PROTECTS}" in shown
    reasons = [said(one["why"]) for one in answer(edition) if "why" in one]
    assert reasons == [PROTECTS, "effectif inférieur à 5", "calculé sur une valeur masquée"]


def test_reasons_are_for_the_authors_only(edition: Path) -> None:
    output = edition.parent / "site"
    assert build(edition, output).exit_code == 0
    for name, content in files_of(output).items():
        assert b"masqu\xc3\xa9 pour prot\xc3\xa9ger" not in content, name


def test_keeping_a_number_says_what_else_must_go(edition: Path) -> None:
    run = release(edition, "--keep", "requests_women[2025]")
    assert said(run.stdout).splitlines() == [
        "À masquer en plus :",
        "  Premières demandes à Paris, 2025 (cdlp_paris/psp_first_requests/DEP-75/2025@2026-04-02) : " + PROTECTS,
        "Montré en plus :",
        "  Premières demandes de femmes à Paris, 2025 (cdlp_paris/psp_first_requests/DEP-75/2025/sex=F@2026-04-02)",
        'Pour le décider, écrivez sous [keep] d’edition.toml : "expression" = "raison".',
    ]
    found = answer(edition, "--keep", "requests_women[2025]")
    assert [one["label"] for one in found["hidden"]] == ["Premières demandes à Paris"]
    assert [one["label"] for one in found["shown"]] == ["Premières demandes de femmes à Paris"]


def test_keeping_what_is_shown_costs_nothing(edition: Path) -> None:
    assert said(release(edition, "--keep", "recipients[2025]").stdout).splitlines()[:2] == [
        "À masquer en plus : rien.",
        "Montré en plus : rien.",
    ]


def test_keeping_too_much_is_refused_with_the_reason(edition: Path) -> None:
    run = release(edition, "--keep", "requests_women[2025]", "--keep", "requests[2025]")
    assert run.exit_code == 6
    assert "« Premières demandes d’hommes à Paris, 2025 » garde au mieux 1 valeur(s)" in said(run.stderr)
    assert "à garder visible à côté : Premières demandes de femmes à Paris, 2025" in said(run.stderr)


def test_keeping_the_small_count_itself_is_refused(edition: Path) -> None:
    run = release(edition, "--keep", "requests_men[2025]")
    assert run.exit_code == 6
    assert "ne peut pas être gardé : effectif inférieur à 5" in said(run.stderr)


@pytest.mark.parametrize("text", ["requests[1999]", "share(", "nothing[2025]"])
def test_only_what_the_edition_publishes_can_be_asked_for(edition: Path, text: str) -> None:
    run = release(edition, "--keep", text)
    assert run.exit_code == 7
    assert f"--keep : attendu une expression que l’édition publie, reçu « {text} »" in said(run.stderr)


def test_a_result_is_kept_by_keeping_what_it_is_computed_from(edition: Path) -> None:
    run = release(edition, "--keep", "share(requests_women[2025], requests[2025])")
    assert run.exit_code == 6


def test_the_narrowest_safe_ranges_are_proposed(edition: Path) -> None:
    assert said(release(edition, "--ranges").stdout).splitlines()[0] == (
        "7 914 < nc < 7 920 : Premières demandes de femmes à Paris, 2025 (requests_women[2025])"
    )
    (one,) = answer(edition, "--ranges")
    assert (one["expression"], said(one["range"])) == ("requests_women[2025]", "7 914 < nc < 7 920")


def test_where_nothing_protects_no_range_is_proposed(edition: Path) -> None:
    decide(edition, "[withheld]", 'requests_women = "essai"')
    prose = edition / "prose" / "01-aides.md"
    prose.write_text("# Les aides {#aides}\n\n{{ recipients[2025] }} personnes.\n", encoding="utf-8")
    (edition / "figures.toml").write_text("", encoding="utf-8")
    assert "Aucun « nc » n’a été choisi ici" in said(release(edition, "--ranges").stdout)


def test_keep_and_ranges_are_two_questions(edition: Path) -> None:
    assert release(edition, "--ranges", "--keep", "requests[2025]").exit_code == 2


def test_the_edition_decides_for_good_in_its_settings(edition: Path) -> None:
    decide(edition, "[keep]", '"requests_women[2025]" = "la phrase en a besoin"')
    shown = {one["label"]: said(one["shown"]) for one in answer(edition)}
    assert shown["Premières demandes de femmes à Paris"] == "7 916"
    assert shown["Premières demandes à Paris"] == "nc"


def test_the_edition_prints_a_range_instead_of_nc(edition: Path) -> None:
    decide(edition, "[ranges]", '"requests_women[2025]" = "l’ordre de grandeur suffit"')
    output = edition.parent / "site"
    assert build(edition, output).exit_code == 0
    files = files_of(output)
    assert "7 914 < nc < 7 920" in said(files["index.html"].decode()).replace("&lt;", "<")
    for content in files.values():
        assert str(NEIGHBOUR).encode() not in content
    assert SMALL + NEIGHBOUR == TOTAL


def test_a_range_for_a_number_that_is_shown_is_refused(edition: Path) -> None:
    decide(edition, "[ranges]", '"recipients[2025]" = "essai"')
    run = build(edition, edition.parent / "site")
    assert run.exit_code == 6
    assert "ne peut pas être donné en fourchette : il est montré" in said(run.stderr)


def test_a_wish_about_what_is_not_published_is_refused(edition: Path) -> None:
    decide(edition, "[keep]", '"nothing[2025]" = "essai"', "[ranges]", '"share(" = "essai"')
    run = build(edition, edition.parent / "site")
    assert run.exit_code == 7
    assert "edition.toml, [keep] : attendu une expression que l’édition publie" in said(run.stderr)


def test_an_edition_may_choose_a_threshold_of_eleven(edition: Path) -> None:
    spoil(edition, "edition.toml", '"secret-statistique"', '"secret-statistique-11"')
    output = edition.parent / "site"
    assert build(edition, output).exit_code == 0
    files = {name: said(content.decode(errors="replace")) for name, content in files_of(output).items()}
    assert "&lt; 11" in files["index.html"]
    assert "&lt; 11 : de 1 à 10" in files["index.html"]
    assert "< 11" in said(" ".join(page.extract_text() for page in PdfReader(output / "lettre.pdf").pages))
    assert "< 11" in files["trace.json"]
    assert "< 11" in files["data/lettre.csv"]
    (row,) = [line for line in files["data/sdmx/data.csv"].splitlines() if "< 11" in line]
    assert ",A," in row

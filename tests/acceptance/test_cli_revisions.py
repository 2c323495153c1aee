"""A year later a number was revised: the page says so, `diff` says by how much, `trace` says what it was."""

from __future__ import annotations

import json
import shutil

import pytest

from support.editions import build, egide, files_of, said, small_edition


@pytest.fixture(scope="module")
def years(tmp_path_factory):
    """Two publications from one store; the second revised the recipients of 2024 and knows those of 2026."""
    folder = tmp_path_factory.mktemp("annees")
    first = small_edition(folder / "2026")
    revised = {"2024": 805, "2025": 895, "2026": 910}
    small_edition(folder / "2027", year=2027, recipients=revised, earlier=first)
    for year in ("2026", "2027"):
        run = build(folder / year, folder / f"lettre-{year}")
        assert run.exit_code == 0, run.stderr
    return folder


def diff(years, *words: object):
    return egide("diff", *words, "--store", years / "store", "--cache", years / "cache")


# ---------------------------------------------------------------- on the page


def test_a_first_publication_revises_nothing(years):
    assert "Ce qui a été révisé" not in (years / "lettre-2026" / "index.html").read_text(encoding="utf-8")


def test_the_next_publication_lists_the_revised_number_with_what_it_was(years):
    page = (years / "lettre-2027" / "index.html").read_text(encoding="utf-8")
    assert "Ce qui a été révisé" in page
    table = page[page.index("Valeurs révisées depuis leur dernière connaissance</") :].partition("</table>")[0]
    assert ("2 avril 2026" in table.replace("\u00a0", " "), ">806<" in table, "805" in table) == (True, True, True)
    assert "895" not in table  # stated again, unchanged


def test_the_same_store_gives_the_former_publication_again(years, tmp_path):
    """What came later is not known on the day of the first edition."""
    assert build(years / "2026", tmp_path / "encore", "--store", years / "store").exit_code == 0
    assert files_of(tmp_path / "encore") == files_of(years / "lettre-2026")


# ---------------------------------------------------------------- diff


def test_a_revision_is_listed_with_its_size_and_the_sentences_it_touches(years):
    lines = said(diff(years, years / "lettre-2026", years / "lettre-2027").stdout).splitlines()
    start = lines.index("Valeurs révisées : 1")
    assert lines[start + 1 : start + 5] == [
        "  Bénéficiaires de l’aide : 806 → 805 (− 1 ; − 0,1 %)",
        "    afis/afis_recipients/FR_HORS_COM/2024",
        "    · En 2025, 895 personnes ont reçu l’aide, contre 806 en 2024.",
        "    · Figure 1. Bénéficiaires de l’aide, 2023-2025",
    ]


def test_a_growth_revised_below_its_rounding_touches_no_sentence(years):
    changes = json.loads(diff(years, years / "lettre-2026", years / "lettre-2027", "--json").stdout)["changes"]
    by_key = {change["key"]: change for change in changes}
    growth = by_key["=growth(recipients[2024], recipients[2025])"]
    assert (growth["kind"], growth["old"], growth["new"], growth["sentences"]) == (
        "beneath",
        "11\u202f%",
        "11\u202f%",
        [],
    )
    assert by_key["afis/afis_recipients/FR_HORS_COM/2026"]["kind"] == "added"


def test_two_days_are_compared_like_two_publications(years):
    run = diff(years, "2026-04-02", "2027-04-02", "--edition", years / "2027")
    assert run.exit_code == 0
    assert "(connu au 2026-04-02)" in run.stdout and "(connu au 2027-04-02)" in run.stdout
    assert "806 → 805" in run.stdout


def test_a_day_is_compared_with_a_publication(years):
    run = diff(years, years / "lettre-2026" / "trace.json", "2027-04-02", "--edition", years / "2027")
    assert "806 → 805" in run.stdout


def test_nothing_changed_is_said_so(years):
    run = diff(years, years / "lettre-2026", years / "lettre-2026", "--exit-code")
    assert run.exit_code == 0
    assert run.stdout.startswith("Aucune différence")


def test_a_script_may_ask_to_be_told_by_the_exit_code(years):
    pair = (years / "lettre-2026", years / "lettre-2027")
    assert (diff(years, *pair).exit_code, diff(years, *pair, "--exit-code").exit_code) == (0, 1)


def test_what_is_no_publication_is_not_a_difference(years, tmp_path):
    (tmp_path / "trace.json").write_text('{"format": "autre"}', encoding="utf-8")
    for other in (tmp_path, tmp_path / "absent", years / "2026" / "edition.toml"):
        run = diff(years, years / "lettre-2026", other, "--exit-code")
        assert run.exit_code == 8
        assert "attendu le fichier trace.json" in run.stderr


def test_a_day_before_every_delivery_has_no_publication_to_compare(years):
    run = diff(years, "2020-01-01", years / "lettre-2026", "--edition", years / "2026")
    assert run.exit_code == 7
    assert "attendu un jour où des faits sont connus, reçu 2020-01-01" in said(run.stderr)


# ---------------------------------------------------------------- trace


def trace(years, name: str, *options: object):
    return egide("trace", name, "--build", years / "lettre-2027", *options)


def anchor(years) -> str:
    numbers = json.loads((years / "lettre-2027" / "trace.json").read_text(encoding="utf-8"))["numbers"]
    return next(number["anchor"] for number in numbers if number["expressions"] == ["recipients[2024]"])


NAMES = (
    "recipients[2024]",
    "recipients[ 2024 ]",
    'recipients["2024"]',
    "afis/afis_recipients/FR_HORS_COM/2024",
    "afis/afis_recipients/FR_HORS_COM/2024@2027-04-02",
)


@pytest.mark.parametrize("name", [*NAMES, "anchor", "#anchor"])
def test_a_number_is_found_by_whatever_names_it(years, name):
    run = trace(years, name.replace("anchor", anchor(years)))
    assert run.stdout.splitlines()[:2] == [
        "805 — Bénéficiaires de l’aide (définitif)",
        "  afis/afis_recipients/FR_HORS_COM/2024@2027-04-02",
    ]


def test_the_way_of_a_number_ends_at_a_line_of_a_file(years):
    lines = [line.strip() for line in trace(years, "recipients[2024]").stdout.splitlines()]
    assert "Livraison : afis-2027.csv, ligne 2, colonne valeur" in lines
    assert "Connu au 2026-04-02 : 806 (définitif)" in lines
    assert [line for line in lines if line.startswith("Dit dans « Les aides »")] != []


@pytest.mark.parametrize(
    "name", ["recipients.growth(2024, 2025)", "growth(recipients[2024],recipients[2025])"], ids=["method", "function"]
)
def test_a_derived_number_shows_its_operands_as_authors_or_as_the_page_write_it(years, name):
    lines = trace(years, name).stdout.splitlines()
    assert lines[0].replace("\u202f", " ").startswith("11 % — ")
    assert [line for line in lines if line.startswith("    8")] == [
        "    805 — Bénéficiaires de l’aide (définitif)",
        "    895 — Bénéficiaires de l’aide (définitif)",
    ]


def test_the_way_of_a_number_can_be_read_by_a_program(years):
    number = json.loads(trace(years, "recipients[2024]", "--json").stdout)
    assert (number["shown"], number["low"], number["period"]) == ("805", "805", "2024")


def test_a_near_miss_gives_the_nearest_names(years):
    run = trace(years, "recipient[2024]")
    assert run.exit_code == 8
    assert "  recipients[2024]" in run.stderr.splitlines()


@pytest.mark.parametrize("name", ["n-0000000000", "zzzz"])
def test_a_name_like_no_other_gets_no_guess(years, name):
    run = trace(years, name)
    assert run.exit_code == 8
    assert "La page donne l’identifiant" in run.stderr


def test_a_folder_without_publication_is_told(tmp_path):
    run = egide("trace", "x", "--build", tmp_path)
    assert run.exit_code == 8
    assert "Lancez « egide letter build »" in run.stderr


def test_a_trace_that_was_damaged_is_told(years, tmp_path):
    shutil.copytree(years / "lettre-2027", tmp_path, dirs_exist_ok=True)
    (tmp_path / "trace.json").write_bytes(b"{")
    assert "abîmé" in egide("trace", "x", "--build", tmp_path).stderr


# ---------------------------------------------------------------- the secret over the years


def test_what_was_known_earlier_does_not_give_a_hidden_number_back(years):
    """7 916 is hidden today because of its neighbour: its value of last year must be hidden too."""
    texts = {name: content.decode("utf-8", "ignore") for name, content in files_of(years / "lettre-2027").items()}
    assert [name for name, text in texts.items() if "7916" in text.replace("\u202f", "")] == []

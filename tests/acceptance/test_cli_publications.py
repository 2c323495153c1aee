"""What one publication says counts for the next: sentences that give a hidden count away, and the register."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copytree

import pytest

from support.editions import NEIGHBOUR, SERIES, add_refusals, append, build, egide, files_of, said, small_edition, spoil

PRINTED = "On a refusé {{ refused_share[2025] }} des premières demandes."
WORDED = 'On a refusé {{ refused_share[2025] : "un dixième" }} des premières demandes.'
OTHER = "On a examiné {{ examined[2025] }} demandes."


def refused(folder: Path, tmp_path: Path) -> str:
    result = build(folder, tmp_path / "out")
    assert result.exit_code == 6, result.output
    assert not (tmp_path / "out").exists()
    return said(result.output)


def test_a_share_in_a_sentence_that_gives_a_hidden_count_away_is_refused(tmp_path: Path) -> None:
    """No pair of `consistency.toml` is needed: the institution's schema says what the share is."""
    told = refused(add_refusals(small_edition(tmp_path / "2026"), PRINTED), tmp_path)
    assert "Premières demandes refusées, 2025 (refused[2025], < 5) : de 3 à 3" in told
    assert "prose/01-aides.md, ligne 27 : « On a refusé 10 % des premières demandes. »" in told


def test_words_that_stand_for_such_a_share_are_refused_with_the_sentence(tmp_path: Path) -> None:
    told = refused(add_refusals(small_edition(tmp_path / "2026"), WORDED), tmp_path)
    assert "prose/01-aides.md, ligne 27 : « On a refusé un dixième des premières demandes. »" in told


def test_the_same_share_in_the_open_data_alone_is_refused_too(tmp_path: Path) -> None:
    told = refused(
        add_refusals(small_edition(tmp_path / "2026"), "On a examiné {{ examined[2025] }} demandes."), tmp_path
    )
    assert "données ouvertes, sdfe/share_first_requests_refused/FR_HORS_COM/2025@2026-04-02" in told


def test_a_share_that_is_withheld_gives_nothing_away(tmp_path: Path) -> None:
    folder = add_refusals(small_edition(tmp_path / "2026"), "On a examiné {{ examined[2025] }} demandes.")
    spoil(
        folder, "edition.toml", "[institutions]\n", '[withheld]\nrefused_share = "Elle rend trois."\n\n[institutions]\n'
    )
    assert build(folder, tmp_path / "out").exit_code == 0


def test_the_authors_report_is_beside_the_publication_even_when_that_is_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, here = small_edition(tmp_path / "2026"), tmp_path / "ici"
    here.mkdir()
    monkeypatch.chdir(here)
    result = egide("letter", "build", folder, "--output", ".", "--store", tmp_path / "s", "--cache", tmp_path / "c")
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in (tmp_path / "ici-auteurs").iterdir()) == ["secret.html", "secret.json"]


def test_the_store_and_its_register_are_never_in_the_folder_that_is_replaced(tmp_path: Path) -> None:
    folder, output = small_edition(tmp_path / "2026"), tmp_path / "out"
    assert build(folder, output).exit_code == 0
    before = files_of(output)
    result = build(folder, output, "--store", output / "store")
    assert result.exit_code == 4
    assert "Il serait perdu, registre compris" in said(result.output)
    assert files_of(output) == before


def without_men(folder: Path) -> Path:
    """An edition of Paris that prints the requests, and those of women: the men, three, are named nowhere."""
    spoil(folder, "prose/01-aides.md", " et {{ requests_men[2025] }} hommes", "")
    share = "Les hommes forment {{ share(requests_men[2025], requests[2025]) }} de l’ensemble."
    spoil(folder, "prose/01-aides.md", share, "")
    spoil(folder, "figures.toml", '  { label = "Hommes", values = ["requests_men[2025]"] },\n', "")
    return folder


def test_a_small_count_that_the_authors_withhold_is_not_given_back_by_subtraction(tmp_path: Path) -> None:
    """7 919 requests, 7 916 by women: whoever subtracts reads the three men that no page prints."""
    folder = without_men(small_edition(tmp_path / "2026"))
    spoil(folder, "edition.toml", "[institutions]\n", '[withheld]\nrequests_men = "Trop peu."\n\n[institutions]\n')
    told = refused(folder, tmp_path)
    assert "psp_first_requests/DEP-75/2025/sex=M@2026-04-02, non diffusé) : de 3 à 3" in told
    assert "7 919 − 7 916 = 3" in told
    assert "prose/01-aides.md, ligne 19 : « Paris a reçu 7 919 premières demandes, dont 7 916 femmes. »" in told


def test_nor_is_one_that_no_series_names(tmp_path: Path) -> None:
    folder = without_men(small_edition(tmp_path / "2026"))
    series = folder / "series.toml"
    series.write_text(series.read_text(encoding="utf-8").partition("[requests_men]")[0], encoding="utf-8")
    assert "psp_first_requests/DEP-75/2025/sex=M@2026-04-02, non diffusé) : de 3 à 3" in refused(folder, tmp_path)
    series.write_text(series.read_text(encoding="utf-8") + MEN, encoding="utf-8")  # the way out that the refusal gives
    assert build(folder, tmp_path / "out").exit_code == 0


MEN = "[requests_men]" + SERIES.partition("[requests_men]")[2]


def test_the_authors_read_what_each_hidden_count_still_hides(tmp_path: Path) -> None:
    assert build(small_edition(tmp_path / "2026"), tmp_path / "out").exit_code == 0
    page = said((tmp_path / "out-auteurs" / "secret.html").read_text(encoding="utf-8"))
    report = json.loads((tmp_path / "out-auteurs" / "secret.json").read_text(encoding="utf-8"))
    (kept,) = report["kept"]
    assert (kept["cell"], kept["low"], kept["high"], kept["values"]) == ("requests_men[2025]", 1, 4, [1, 2, 3, 4])
    assert "requests_men[2025]" in page
    assert "1, 2, 3, 4" in page
    assert not [name for name in files_of(tmp_path / "out") if "secret" in name]
    assert build(small_edition(tmp_path / "again"), tmp_path / "out-auteurs").exit_code == 4  # never the public folder


# ---- last year's edition ----


def publish(folder: Path, tmp_path: Path, *options: object) -> tuple[int, str]:
    places = ["--store", tmp_path / "store", "--cache", tmp_path / "cache"]
    result = egide("letter", "publish", folder, *places, *options)
    return result.exit_code, said(result.output)


def next_year(tmp_path: Path) -> Path:
    """An edition that speaks of women alone, and so has nothing to hide by itself."""
    folder = small_edition(tmp_path / "2027", year=2027, earlier=tmp_path / "2026")
    for file, end in (
        ("prose/01-aides.md", "Paris a reçu"),
        ("figures.toml", "[[table]]"),
        ("series.toml", "[requests]"),
    ):
        path = folder / file
        path.write_text(path.read_text(encoding="utf-8").partition(end)[0], encoding="utf-8")
    append(folder / "prose" / "01-aides.md", "Des femmes : {{ requests_women[2025] }}.\n")
    women = SERIES.partition("[requests_women]")[2].partition("[requests_men]")[0]
    append(folder / "series.toml", f"[requests_women]{women}")
    return folder


def test_what_last_year_hid_is_not_given_back_by_this_year(tmp_path: Path) -> None:
    """7 919 last year, of which « nc » women and « < 5 » men: this year may not print the women."""
    assert publish(small_edition(tmp_path / "2026"), tmp_path, "--confirm")[0] == 0
    told = refused(next_year(tmp_path), tmp_path)
    assert "requests_men[2025] (édition 2026 du 2026-04-13)" in told
    assert "7 919" in told
    assert f"{NEIGHBOUR:,}".replace(",", " ") in told
    assert "prose/01-aides.md, ligne" in told


def test_without_last_year_s_edition_the_same_one_is_built(tmp_path: Path) -> None:
    small_edition(tmp_path / "2026")
    assert build(next_year(tmp_path), tmp_path / "out").exit_code == 0


def test_nothing_is_recorded_unless_it_is_confirmed(tmp_path: Path) -> None:
    folder = small_edition(tmp_path / "2026")
    code, told = publish(folder, tmp_path)
    assert code == 0
    assert "Rien n’est inscrit" in told
    assert not (tmp_path / "store" / "register").exists()


def test_a_publication_is_recorded_once_and_never_replaced(tmp_path: Path) -> None:
    folder = small_edition(tmp_path / "2026")
    assert "Inscrite" in publish(folder, tmp_path, "--confirm")[1]
    assert "Déjà inscrite, la même" in publish(folder, tmp_path, "--confirm")[1]
    before = files_of(tmp_path / "store" / "register")
    spoil(folder, "series.toml", "Bénéficiaires de l’aide", "Personnes aidées")
    code, told = publish(folder, tmp_path, "--confirm")
    assert (code, files_of(tmp_path / "store" / "register")) == (4, before)
    assert "avec un autre contenu" in told
    assert publish(folder, tmp_path, "--on", "2026-05-02", "--confirm")[0] == 0
    assert sorted(files_of(tmp_path / "store" / "register")) == ["2026@2026-04-13.json", "2026@2026-05-02.json"]


def test_what_keeping_a_number_would_cost_is_told_with_what_was_published(tmp_path: Path) -> None:
    """To keep the women, the total would go; but last year's readers have it."""
    assert publish(small_edition(tmp_path / "2026"), tmp_path, "--confirm")[0] == 0
    folder = small_edition(tmp_path / "2027", year=2027, earlier=tmp_path / "2026")
    places = ["--store", tmp_path / "store", "--cache", tmp_path / "cache", "--quiet"]
    result = egide("release", folder, "--keep", "requests_women[2025]", *places)
    assert result.exit_code == 6
    assert "Premières demandes à Paris, 2025 (publié le 2026-04-13 dans l’édition 2026)" in said(result.output)
    ranges = egide("release", folder, "--ranges", *places)
    assert "7 914 < nc < 7 920" in said(ranges.output)


def test_two_editions_of_the_same_day_are_read_together(tmp_path: Path) -> None:
    assert publish(small_edition(tmp_path / "2026"), tmp_path, "--confirm")[0] == 0
    folder = next_year(tmp_path)
    spoil(folder, "edition.toml", "published_on = 2027-04-13", "published_on = 2026-04-13")
    assert "requests_men[2025] (édition 2026 du 2026-04-13)" in refused(folder, tmp_path)


def test_accepted_leaks_that_are_no_table_are_a_defect_of_the_edition(tmp_path: Path) -> None:
    folder = small_edition(tmp_path / "2026")
    spoil(folder, "edition.toml", "[institutions]\n", 'accepted_leaks = ["recipients[2025]"]\n\n[institutions]\n')
    result = build(folder, tmp_path / "out")
    assert result.exit_code == 7
    assert "attendu des textes sous [accepted_leaks]" in said(result.output)


def test_an_edition_that_is_refused_is_not_recorded(tmp_path: Path) -> None:
    folder = add_refusals(small_edition(tmp_path / "2026"), PRINTED)
    assert publish(folder, tmp_path, "--confirm")[0] == 6
    assert not (tmp_path / "store" / "register").exists()


def test_a_program_reads_what_would_be_recorded(tmp_path: Path) -> None:
    code, told = publish(small_edition(tmp_path / "2026"), tmp_path, "--json")
    assert code == 0
    assert {name: json.loads(told)[name] for name in ("edition", "on", "hidden", "recorded")} == {
        "edition": "2026",
        "on": "2026-04-13",
        "hidden": 2,
        "recorded": False,
    }


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda text: text.replace("7919", "7918"), "son empreinte ne correspond plus"),
        (lambda text: text[: len(text) // 2], "ce n’est pas un fichier du registre"),
        (lambda text: text.replace("egide-registre-1", "egide-registre-9"), "attendu le format egide-registre-1"),
    ],
)
def test_a_damaged_register_refuses_every_build_and_names_the_file(tmp_path: Path, damage, reason) -> None:  # type: ignore[no-untyped-def]
    folder = small_edition(tmp_path / "2026")
    publish(folder, tmp_path, "--confirm")
    file = tmp_path / "store" / "register" / "2026@2026-04-13.json"
    file.write_text(damage(file.read_text(encoding="utf-8")), encoding="utf-8")
    result = build(folder, tmp_path / "out")
    assert result.exit_code == 4
    assert str(file) in result.output
    assert reason in said(result.output)


# ---- the Letter of 2026 ----


def test_the_rate_that_the_letter_withholds_would_give_three_persons_away(tmp_path: Path) -> None:
    """Of 63 prosecuted or not, 95 % got an answer: 3 were dismissed. The authors withhold it; were they to forget…"""
    copytree("editions/2026", tmp_path / "2026")
    settings = tmp_path / "2026" / "edition.toml"
    lines = settings.read_text(encoding="utf-8").splitlines(keepends=True)
    settings.write_text(
        "".join(one for one in lines if not one.startswith("sser_rate_response_place")), encoding="utf-8"
    )
    places = ["--store", tmp_path / "store", "--cache", tmp_path / "cache"]
    result = egide("release", tmp_path / "2026", *places)
    assert result.exit_code == 6
    told = said(result.output)
    assert "(sser_mec_place_inopportunite[2024], < 5) : de 3 à 3" in told
    assert "« 63 personnes ont été mises en cause en 2024 pour la tenue d’un lieu de prostitution. »" in told
    assert "données ouvertes, sser_cassiopee/penal_response_rate/" in told


# ---- scopes that the authors declare ----

WITHIN = '[[within]]\nsays = "Paris dans la France"\npart = "{part}"\nwhole = "{whole}"\n'


def test_a_part_larger_than_its_whole_is_a_defect_of_the_edition(tmp_path: Path) -> None:
    folder = small_edition(tmp_path / "2026")
    consistency = folder / "consistency.toml"
    consistency.write_text(WITHIN.format(part="recipients[2024]", whole="recipients[2025]"), encoding="utf-8")
    assert build(folder, tmp_path / "out").exit_code == 0
    consistency.write_text(WITHIN.format(part="recipients[2025]", whole="recipients[2024]"), encoding="utf-8")
    result = build(folder, tmp_path / "out")
    assert result.exit_code == 7
    assert "« Paris dans la France » : attendu au plus 806 (recipients[2024]), reçu 895" in said(result.output)
    consistency.write_text(WITHIN.format(part="recipients[2031]", whole="recipients[2024]"), encoding="utf-8")
    assert build(folder, tmp_path / "out").exit_code == 7  # no such number, told once, with its place
    consistency.write_text('[[within]]\nsays = "Rien"\n', encoding="utf-8")
    assert "[[within]] n° 1 : attendu says, part, whole, reçu part absent, whole absent" in said(
        build(folder, tmp_path / "out").output
    )

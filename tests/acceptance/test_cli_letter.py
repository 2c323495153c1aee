"""`egide letter build`: the whole publication, or a refusal that names every place and leaves the former one whole."""

from __future__ import annotations

import json
import re
import shutil
from io import BytesIO
from pathlib import Path

import pyarrow.parquet as parquet
import pytest
from pypdf import PdfReader

import egide.cli.building as building
from support.editions import NEIGHBOUR, SECRET_NOTE, SMALL, build, egide, files_of, small_edition, spoil

HEAD, FIGURES, PROSE = "edition.toml", "figures.toml", "prose/01-aides.md"
AFIS = "deliveries/afis-2026.csv"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """An edition, its publication, its store and its cache, made once; tests copy what they spoil."""
    folder = tmp_path_factory.mktemp("petite")
    run = build(small_edition(folder / "2026"), folder / "lettre")
    assert run.exit_code == 0, run.stderr
    return folder


@pytest.fixture
def place(whole, tmp_path):
    """A copy of all that, to be spoiled."""
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    return tmp_path


def rebuild(place: Path, *options: object):
    return build(place / "2026", place / "lettre", *options)


# ---------------------------------------------------------------- what is written


def test_a_publication_holds_its_page_its_pdf_its_data_and_the_way_of_each_number(whole):
    names = set(files_of(whole / "lettre"))
    assert {"index.html", "lettre.pdf", "trace.json", "coherence.json"} <= names
    assert {"data/lettre.csv", "data/lettre.parquet", "data/sdmx/data.csv", "data/dcat.ttl"} <= names
    assert "data/figures/f01.csv" in names


def test_every_file_the_page_offers_is_there(whole):
    page = (whole / "lettre" / "index.html").read_text(encoding="utf-8")
    offered = [name for name in files_of(whole / "lettre") if f'href="{name}"' in page]
    assert {"lettre.pdf", "trace.json", "data/lettre.csv", "data/figures/f01.csv"} <= set(offered)


def test_progress_is_told_on_the_side_one_line_a_step_and_not_when_asked(place):
    run = rebuild(place)
    lines = run.stderr.splitlines()
    assert [line for line in lines if not re.fullmatch(r"  \S.* … \d+,\d s", line)] == []
    assert (lines[0].split()[0], lines[-1].split()[0]) == ("livraisons", "page")
    assert run.stdout.splitlines()[0] == f"Page : {place / 'lettre' / 'index.html'}"
    quiet = rebuild(place, "-q")
    assert (quiet.stdout, quiet.stderr) == ("", "")


def test_a_script_is_told_where_the_page_is_and_how_many_numbers_are_hidden(place):
    run = rebuild(place, "--json")
    assert run.stderr == ""
    told = json.loads(run.stdout)
    assert Path(told["page"]).is_file() and Path(told["pdf"]).is_file()
    assert (told["numbers"], told["hidden"]) == (8, 3)


# ---------------------------------------------------------------- the same input, the same bytes


def test_a_second_build_gives_the_same_bytes(place):
    before = files_of(place / "lettre")
    assert rebuild(place).exit_code == 0
    assert files_of(place / "lettre") == before


def test_without_cache_and_with_a_new_store_the_bytes_are_the_same(whole, tmp_path):
    assert build(whole / "2026", tmp_path / "autre").exit_code == 0
    assert files_of(tmp_path / "autre") == files_of(whole / "lettre")


def test_a_damaged_cache_changes_nothing(place):
    before = files_of(place / "lettre")
    for archive in (place / "cache").rglob("*.zip"):
        archive.write_bytes(archive.read_bytes()[:100])
    assert rebuild(place).exit_code == 0
    assert files_of(place / "lettre") == before


def test_a_changed_sentence_changes_the_page_and_not_the_data(place):
    before = files_of(place / "lettre")
    spoil(place / "2026", PROSE, "ont reçu l’aide", "ont perçu l’aide")
    assert rebuild(place).exit_code == 0
    after = files_of(place / "lettre")
    assert {name for name in before if before[name] != after[name]} == {"index.html", "lettre.pdf", "trace.json"}


# ---------------------------------------------------------------- refusals

SPOILED = {
    "a series nobody named": (PROSE, "{{ recipients[2025] }}", "{{ recipient[2025] }}", "ligne 8", "« recipients »"),
    "a year not delivered": (PROSE, "{{ recipients[2024] }}", "{{ recipients[1999] }}", "ligne 8", "« 2023 »"),
    "two sources in one share": (
        PROSE,
        "{{ recipients[2024] }}",
        "{{ share(recipients[2024], requests[2025]) }}",
        "ligne 8",
        "deux institutions",
    ),
    "a digit that is not bound": (PROSE, "personnes ont reçu", "personnes sur 12 ont reçu", "ligne 8", "« 12 »"),
    "a number mark left open": (PROSE, "{{ recipients[2024] }}", "{{ recipients[2024]", "ligne 8", "{{"),
    "words the data do not bear": (PROSE, "près de 900", "près de 700", "ligne 9", "reçu 895"),
    "words nobody can check": (PROSE, "près de 900", "genre 900", "ligne 9", "« genre 900 »"),
    "a note that is not there": (PROSE, "[^aide]: Une", "[^autre]: Une", "ligne 9", "[^aide]"),
    "a figure not placed": (PROSE, "::: figure f01\n:::\n", "", "figures.toml", "« f01 » absent"),
    "a figure that is not there": (PROSE, "::: figure f01", "::: figure f09", "ligne 11", "« f09 »"),
    "a table placed twice": (PROSE, "::: table t01\n:::", 2 * "::: table t01\n:::\n\n", "ligne 25", "t01"),
    "a date that is none": (PROSE, "{2024}", "{24}", "ligne 8", "« {24} »"),
    "a level of title skipped": (PROSE, "## À Paris", "### À Paris", "ligne 16", "niveau 3"),
    "the same address twice": (PROSE, "{#paris}", "{#aides}", "ligne 16", "{#aides}"),
    "a table drawn by hand": (PROSE, "Paris a reçu", "| a | b |\n|---|---|\n\nParis a reçu", "ligne 18", "| a | b |"),
    "a scope under no known name": (PROSE, "Champ : France", "Lieu : France", "ligne 3", "Lieu : France"),
    "settings that are not TOML": (HEAD, '"n° 2026"', "n° 2026", "edition.toml, ligne 5", "Corrigez la ligne"),
    "a missing title": (HEAD, 'title = "Petite lettre"', "", HEAD, "« title »"),
    "a day between quotes": (HEAD, "known_on = 2026-04-02", 'known_on = "2026-04-02"', HEAD, "known_on"),
    "an unknown rule of secret": (HEAD, '"secret-statistique"', '"aucun"', HEAD, "secret-statistique"),
    "a source without schema": (HEAD, 'source = "afis"', 'source = "afiss"', HEAD, "« afiss »"),
    "a delivery not received": (HEAD, '"afis-2026.csv"', '"afis.csv"', "deliveries/afis.csv", "le fichier livré"),
    "one delivery for a list": (
        HEAD,
        '[[delivery]]\nsource = "afis"\nfile = "afis-2026.csv"\nreceived_on = 2026-04-02\n\n[[delivery]]',
        "[delivery]",
        HEAD,
        "[[delivery]]",
    ),
    "a delivery without its day": (
        HEAD,
        'file = "afis-2026.csv"\nreceived_on = 2026-04-02',
        'file = "afis-2026.csv"',
        HEAD,
        "received_on",
    ),
    "names that are not a list": (HEAD, '["3919"]', '"3919"', HEAD, "names"),
    "an institution without name": (HEAD, 'afis = "CCMSA"', "", "f01", "« afis »"),
    "institutions not in words": (HEAD, 'afis = "CCMSA"', "afis = 3", HEAD, "[institutions]"),
    "an unknown series withheld": (HEAD, "[institutions]", '[withheld]\nx = ""\n[institutions]', HEAD, "« x »"),
    "a series that counts nothing": ("series.toml", 'measure = "afis_recipients"', "", "[recipients]", "« measure »"),
    "a series named twice": ("series.toml", "[requests]\n", "[recipients]\n", "series.toml, ligne 8", "recipients"),
    "a chart of no known kind": (FIGURES, '"bar"', '"camembert"', "f01", "« camembert »"),
    "a figure of an unknown series": (FIGURES, "recipients[x]", "recipents[x]", "f01", "« recipients »"),
    "a delivery with a defect": (AFIS, ",806,", ",beaucoup,", "ligne 3, colonne valeur", "« beaucoup »"),
}  # fmt: skip


@pytest.mark.parametrize("case", SPOILED)
def test_a_refusal_names_the_place_the_value_and_the_way_out_and_changes_nothing(place, case):
    file, old, new, where, what = SPOILED[case]
    code = 3 if file == AFIS else 7
    before = files_of(place / "lettre")
    spoil(place / "2026", file, old, new)
    run = rebuild(place, "-q", *(["--store", place / "neuf"] if code == 3 else []))
    assert run.exit_code == code
    assert where in run.stderr and what in run.stderr.replace("\u00a0", " ")
    assert "attendu" in run.stderr and "reçu" in run.stderr
    assert run.stdout == ""
    assert files_of(place / "lettre") == before
    assert not (place / "neuf").exists()
    assert [path.name for path in place.iterdir() if path.name.startswith(".")] == []


def test_prose_in_another_encoding_is_told_with_its_line(place):
    path = place / "2026" / PROSE
    path.write_bytes(path.read_bytes().replace("Paris a reçu".encode(), "Paris a reçu".encode("latin-1")))
    run = rebuild(place)
    assert run.exit_code == 7
    assert f"{PROSE}, ligne 18" in run.stderr and "un texte en UTF-8" in run.stderr


def test_settings_in_another_encoding_are_told(place):
    path = place / "2026" / "figures.toml"
    path.write_bytes(path.read_bytes().replace("é".encode(), "é".encode("latin-1")))
    assert "figures.toml : attendu un fichier TOML lisible, reçu un autre codage" in rebuild(place).stderr


def test_an_edition_without_prose_says_nothing(place):
    (place / "2026" / PROSE).unlink()
    assert "au moins un fichier .md" in rebuild(place).stderr


def test_a_folder_that_is_no_edition_is_told(tmp_path):
    run = build(tmp_path, tmp_path / "lettre")
    assert run.exit_code == 7
    assert "edition.toml" in run.stderr


def test_all_the_defects_of_an_edition_come_at_once(place):
    spoil(place / "2026", PROSE, "{{ recipients[2024] }}", "{{ recipient[2024] }}")
    spoil(place / "2026", PROSE, "près de 900", "près de 700")
    spoil(place / "2026", PROSE, "::: table t01\n:::\n", "")
    run = rebuild(place, "-q")
    assert run.stderr.startswith("Refus, 3 défauts")
    assert [line[:2] for line in run.stderr.splitlines()[1:]] == ["- "] * 3


# ---------------------------------------------------------------- never half a publication


@pytest.mark.parametrize("broken", [KeyboardInterrupt, MemoryError, OSError])
@pytest.mark.parametrize("step", ["render_pdf", "export_all", "render_html", "_json"])
def test_a_crash_at_any_step_leaves_the_former_publication_whole(place, monkeypatch, step, broken):
    before = files_of(place / "lettre")
    spoil(place / "2026", PROSE, "ont reçu l’aide", "ont perçu l’aide")
    shutil.rmtree(place / "cache")

    def crash(*_: object, **__: object) -> None:
        raise broken

    monkeypatch.setattr(building, step, crash)
    try:
        assert rebuild(place).exit_code in (4, 130)
    except MemoryError:
        assert broken is MemoryError
    assert files_of(place / "lettre") == before
    assert [path.name for path in place.iterdir() if path.name.startswith(".")] == []


def test_the_folder_of_something_else_is_never_replaced(place):
    (place / "docs").mkdir()
    (place / "docs" / "these.odt").write_bytes(b"vingt ans de travail")
    run = build(place / "2026", place / "docs")
    assert run.exit_code == 4
    assert "un dossier qui tient autre chose" in run.stderr
    assert files_of(place / "docs") == {"these.odt": b"vingt ans de travail"}


def test_the_edition_itself_is_never_replaced(place):
    before = files_of(place / "2026")
    assert build(place / "2026", place / "2026").exit_code == 4
    assert files_of(place / "2026") == before


@pytest.mark.parametrize("option", ["--output", "--store", "--cache"])
def test_a_place_that_cannot_be_written_is_refused_without_a_crash(place, option):
    (place / "fichier").write_bytes(b"")
    run = rebuild(place, option, place / "fichier" / "dedans")
    assert run.exit_code == 4
    assert "fichier" in run.stderr


def test_an_output_that_is_a_file_is_kept(place):
    (place / "fichier").write_bytes(b"x")
    assert build(place / "2026", place / "fichier").exit_code == 4
    assert (place / "fichier").read_bytes() == b"x"


def test_the_default_folder_bears_the_name_of_the_edition(place, monkeypatch):
    monkeypatch.chdir(place)
    assert egide("letter", "build", "2026", "--store", "store", "--cache", "cache").exit_code == 0
    assert (place / "build" / "letter-2026" / "index.html").is_file()


# ---------------------------------------------------------------- what is hidden stays hidden


def texts_of(folder: Path) -> dict[str, str]:
    """Everything a reader could read, formats opened, thousands written in one piece."""
    texts = {name: content.decode("utf-8", "replace") for name, content in files_of(folder).items()}
    texts["lettre.pdf"] = "\n".join(page.extract_text() for page in PdfReader(folder / "lettre.pdf").pages)
    attached = PdfReader(folder / "lettre.pdf").attachment_list
    texts["attached"] = "\n".join(one.content.decode() for one in attached)
    table = parquet.read_table(BytesIO((folder / "data" / "lettre.parquet").read_bytes()))
    texts["data/lettre.parquet"] = "\n".join(map(str, table.to_pylist()))
    return {name: text.replace("\u202f", "").replace("\u00a0", "") for name, text in texts.items()}


def test_what_would_give_a_small_count_back_is_in_no_file(whole):
    assert [name for name, text in texts_of(whole / "lettre").items() if str(NEIGHBOUR) in text] == []


def test_the_note_of_a_hidden_count_or_of_its_total_is_in_no_file(whole):
    assert [name for name, text in texts_of(whole / "lettre").items() if SECRET_NOTE in text] == []


def test_the_total_is_in_every_format_so_that_looking_for_the_parts_means_something(whole):
    found = {name for name, text in texts_of(whole / "lettre").items() if "7919" in text}
    assert {"index.html", "lettre.pdf", "trace.json", "data/lettre.csv", "data/lettre.parquet"} <= found
    assert "data/sdmx/data.csv" in found


def test_a_small_count_delivered_in_clear_is_shown_below_five_and_never_as_itself(whole):
    numbers = json.loads((whole / "lettre" / "trace.json").read_text(encoding="utf-8"))["numbers"]
    (men,) = [number for number in numbers if number["expressions"] == ["requests_men[2025]"]]
    assert (men["shown"], men["low"], men["high"]) == ("<\u00a05", None, None)
    csv = (whole / "lettre" / "data" / "lettre.csv").read_text(encoding="utf-8-sig")
    (row,) = [line for line in csv.splitlines() if "sex=M" in line and "fait" in line]
    assert str(SMALL) not in row.split(",")[12:]


def test_the_command_that_shows_the_secret_counts_what_it_keeps(place):
    run = egide("release", place / "2026", "--store", place / "store", "--cache", place / "cache")
    assert run.exit_code == 0
    assert run.stdout.replace("\u00a0", " ").splitlines()[-1] == (
        "8 nombres, règle « secret-statistique » : 5 montrés, 1 inférieur à cinq, 1 non communiqué,"
        " 1 calculé sur une valeur masquée."
    )
    assert str(NEIGHBOUR) not in run.stdout.replace("\u202f", "")
    cells = json.loads(
        egide("release", place / "2026", "--store", place / "store", "--cache", place / "cache", "--json").stdout
    )
    assert {cell["shown"].replace("\u00a0", " ") for cell in cells} >= {"< 5", "nc", "895"}

"""Lists of partners, from names to a table of counts, as commands: nothing of a person comes out of either door.

Rules: docs/methods/list-tokens.md, docs/methods/linkage-error.md.
"""

from __future__ import annotations

import csv
import json
import logging
import resource
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from click.testing import CliRunner, Result

from egide.cli import main
from egide.diagnostic.census.reading import read_table
from egide.estimation.linkage_error import carried
from egide.estimation.models import independence
from egide.unseen.intake import read_lists
from egide.unseen.linking.folder import read_tables
from support.broken_links import by_model
from support.partners import HEADINGS, Partners, partners

CANARY = ("Barbotinelle-Quédraux", "Clémentine-Zoé", "17/11/1987", "F", "Quelque-Part-les-Tulipes", "06 11 22 33 44")
PIECES = (
    "barbotin",
    "quedraux",
    "quédraux",
    "clement",
    "clément",
    "1987-11",
    "17/11",
    "tulipes",
    "0611",
    "06 11",
    "2233",
)


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder to work in, and another for whatever may be written aside."""
    aside = tmp_path / "aside"
    aside.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(aside))
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return work


def run(*args: str) -> Result:
    return CliRunner().invoke(main, list(args))


def done(*args: str) -> Result:
    found = run(*args)
    assert found.exit_code == 0, found.output
    return found


def list_file(path: Path, rows: list[tuple[str, ...]], headings: tuple[str, ...] = HEADINGS) -> str:
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        for row in (headings, *rows):
            book.active.append(row)
        book.save(path)
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows([headings, *rows])
    return path.name


def pseudonymised(place: Path, world: Partners) -> list[str]:
    """Three partners, one key: the names of their files of tokens."""
    done("pseudonymise", "--new-key", "commune.cle")
    names = []
    for rank, name in enumerate(("ase", "police", "association")):
        source = list_file(place / f"{name}.{'xlsx' if rank == 1 else 'csv'}", world.rows[rank])
        done("pseudonymise", source, "--key", "commune.cle", "--list", name, "--output", f"{name}.jetons")
        names.append(f"{name}.jetons")
    done("pseudonymise", "--destroy", "commune.cle")
    return names


def assert_nothing_of_her(*texts: str) -> None:
    for text in texts:
        assert not [piece for piece in PIECES if piece in text.casefold()], "a canary came out"


def everything_under(*folders: Path) -> str:
    return "\n".join(
        f"{path} {path.read_bytes().decode('utf-8', errors='replace')}"
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file()
    )


def test_three_partners_link_their_lists_and_only_counts_come_out(place):
    persons = 900
    world = partners(2, persons, (0.4, 0.35, 0.4), noise=0.08)
    files = pseudonymised(place, world)
    said = done("link", *files, "--output", "rapprochement", "--seed", "1", "--draws", "12", "--json")
    told = json.loads(said.stdout)
    assert "ne se publie pas" in said.stderr

    truth = np.array(world.counts())
    table, drawn = read_tables(place / "rapprochement")
    assert table.lists == ("ase", "police", "association") and len(drawn) == 12 == told["tirages"]
    assert np.abs(table.counts - truth).sum() < 0.08 * truth.sum()
    read = read_lists(read_table(place / "rapprochement" / "tableau.csv"))
    assert read.table.completed(read.table.low).counts.tolist() == table.counts.tolist()

    share = min(links(table.counts) / links(truth), 1.0)  # as partners measure it, by looking for persons by hand
    ends = (f"{max(share - 0.03, 0.01)}", f"{min(share + 0.03, 1.0)}")
    done(
        "link",
        *files,
        "--output",
        "mesure",
        "--seed",
        "1",
        "--draws",
        "12",
        "--found",
        f"{share}",
        "--found-range",
        *ends,
    )
    estimator = partial(by_model, independence(3))
    raw, mended = (carried(read_tables(place / name)[1], None, estimator) for name in ("rapprochement", "mesure"))
    right = estimator(table.with_counts(truth))
    assert raw.persons / right.persons - 1 > 0.05  # missed links make one person two
    assert abs(mended.persons / right.persons - 1) < 0.03
    assert mended.low < persons < mended.high

    tokens = {token for name in files for line in Path(name).read_text().splitlines()[1:] for token in line.split(",")}
    assert not [token for token in tokens - {""} if token in everything_under(place / "rapprochement")]
    assert (place / "rapprochement").stat().st_mode & 0o077 == 0


def links(counts: np.ndarray) -> float:
    """Pairs of lists that a person is on, over persons."""
    on = np.array([cell.bit_count() for cell in range(len(counts))])
    return float((counts * on * (on - 1)).sum() / 2)


def test_the_same_tokens_and_seed_give_the_same_folder(place):
    files = pseudonymised(place, partners(4, 300, (0.4, 0.4, 0.4)))
    for folder in ("un", "deux"):
        done(
            "link",
            *files,
            "--output",
            folder,
            "--seed",
            "7",
            "--draws",
            "3",
            "--found",
            "0,9",
            "--found-range",
            "0,8",
            "0,95",
        )
    assert everything_under(place / "un").replace("/un/", "/deux/") == everything_under(place / "deux")


def test_the_order_of_the_rows_leaves_no_trace_in_the_tokens(place):
    rows = partners(1, 60, (0.9, 0.1)).rows[0]
    key = json.loads(done("pseudonymise", "--new-key", "commune.cle", "--json").stdout)["cle"]
    args = ("--key", "commune.cle", "--list", "ase", "--column", "Prénoms=prenom", "--json")
    for name, order in (("un", rows), ("deux", rows[::-1])):
        source = list_file(place / f"{name}.csv", order)
        told = json.loads(done("pseudonymise", source, *args, "--output", f"{name}.jetons").stdout)
        assert told["cle"] == key and told["lignes"] + told["sans_jeton"] == len(rows)
    assert Path("un.jetons").read_text() == Path("deux.jetons").read_text()


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_no_name_no_date_no_number_is_in_the_tokens_nor_in_a_message_nor_aside(place, caplog, suffix):
    caplog.set_level(logging.DEBUG)
    done("pseudonymise", "--new-key", "commune.cle")
    source = list_file(place / f"liste.{suffix}", [CANARY] * 3, (*HEADINGS, "Téléphone"))
    found = done("pseudonymise", source, "--key", "commune.cle", "--list", "ase", "--output", "sortie/ase.jetons")
    linked = done("pseudonymise", source, "--key", "commune.cle", "--list", "bis", "--output", "sortie/bis.jetons")
    last = done("link", "sortie/ase.jetons", "sortie/bis.jetons", "--output", "sortie/table", "--draws", "2")
    assert_nothing_of_her(found.output, linked.output, last.output, caplog.text)
    assert_nothing_of_her(everything_under(place / "sortie", place.parent / "aside"))
    assert list((place.parent / "aside").iterdir()) == []
    assert Path("commune.cle").read_text().splitlines()[1] not in everything_under(place / "sortie")


HOSTILE = {
    "a date that is none": ((*HEADINGS, "Téléphone"), [(*CANARY[:2], "Clémentine 17/11", *CANARY[3:])] * 3),
    "a phone as a sex": (HEADINGS, [(*CANARY[:3], CANARY[5], CANARY[4])]),
    "no headings": (CANARY, [CANARY]),
    "a person among the headings": (("Nom", "Prénom", *CANARY[2:]), [CANARY]),
    "a row too long": (HEADINGS, [(*CANARY, "Barbotinelle")]),
    "a row too short": (HEADINGS, [CANARY[:2]]),
    "headings twice": (("Nom", "Nom", "Prénom", "Naissance", CANARY[0]), [CANARY[:5]]),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_list_with_defects_is_refused_whole_and_nothing_of_it_is_said(place, name):
    headings, rows = HOSTILE[name]
    done("pseudonymise", "--new-key", "commune.cle")
    source = list_file(place / "liste.csv", rows, headings)
    found = run("pseudonymise", source, "--key", "commune.cle", "--list", "ase", "--output", "ase.jetons")
    assert found.exit_code == 3 and not Path("ase.jetons").exists()
    assert_nothing_of_her(found.output, "".join(traceback.format_exception(found.exception)))


def test_a_list_in_clear_is_never_linked(place):
    source = list_file(place / "liste.csv", [CANARY])
    found = run("link", source, source, "--output", "table")
    assert found.exit_code == 3 and "jamais en clair" in found.output and not Path("table").exists()
    assert_nothing_of_her(found.output)


@pytest.mark.parametrize(
    ("args", "code"),
    [
        ((), 2),
        (("liste.csv", "--new-key", "x"), 2),
        (("liste.csv", "--key", "commune.cle"), 2),
        (("liste.csv", "--key", "commune.cle", "--list", "Ma Liste", "--output", "x"), 2),
        (("liste.csv", "--key", "commune.cle", "--list", "liste", "--output", "x"), 2),
        (("liste.csv", "--key", "commune.cle", "--list", "ase", "--output", "x", "--column", "Nom=surnom"), 2),
        (("liste.jsonl", "--key", "commune.cle", "--list", "ase", "--output", "x"), 3),
        (("liste.csv", "--key", "absente.cle", "--list", "ase", "--output", "x"), 4),
        (("liste.csv", "--key", "commune.cle", "--list", "ase", "--output", "liste.csv"), 4),
        (("--new-key", "commune.cle"), 4),
        (("--destroy", "liste.csv"), 4),
    ],
)
def test_what_cannot_be_done_leaves_with_its_code_and_writes_nothing(place, args, code):
    done("pseudonymise", "--new-key", "commune.cle")
    list_file(place / "liste.csv", [CANARY])
    before = everything_under(place)
    found = run("pseudonymise", *args)
    assert (found.exit_code, everything_under(place)) == (code, before)
    assert_nothing_of_her(found.output)


@contextmanager
def a_disk_that_fills() -> Iterator[None]:
    former = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40, former[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, former)


def test_a_disk_that_fills_leaves_neither_half_a_key_nor_half_a_file_of_tokens(place):
    done("pseudonymise", "--new-key", "commune.cle")
    source = list_file(place / "liste.csv", [CANARY[:5]])
    before = everything_under(place)
    with a_disk_that_fills():
        key = run("pseudonymise", "--new-key", "autre.cle")
        made = run("pseudonymise", source, "--key", "commune.cle", "--list", "ase", "--output", "ase.jetons")
    assert (key.exit_code, made.exit_code) == (4, 4)
    assert everything_under(place) == before
    assert_nothing_of_her(made.output)


@pytest.mark.parametrize(
    "more", [("--found", "1,2"), ("--found", "0,9", "--found-range", "0,95", "1"), ("--found-range", "0,8", "0,9")]
)
def test_a_share_of_links_is_a_share_inside_its_range(place, more):
    assert run("link", "a.jetons", "b.jetons", "--output", "table", *more).exit_code == 2


def test_a_folder_that_exists_is_never_replaced(place):
    (place / "table").mkdir()
    assert run("link", "a.jetons", "b.jetons", "--output", "table").exit_code == 4

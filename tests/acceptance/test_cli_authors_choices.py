"""What authors decide beside the prose: series kept out of the publication, statements that must print alike."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result

from support.editions import build, files_of, said, small_edition, spoil


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    return small_edition(tmp_path / "2026")


def built(edition: Path) -> Result:
    return build(edition, edition.parent / "out")


def add(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def withhold(edition: Path, table: str) -> None:
    spoil(edition, "edition.toml", "[institutions]", f"[withheld]\n{table}\n\n[institutions]")


def test_a_withheld_series_cannot_be_printed(edition):
    withhold(edition, 'recipients = "La base est incertaine."')
    result = built(edition)
    assert result.exit_code == 7
    assert "L’édition ne publie pas « recipients » : La base est incertaine." in said(result.stderr)
    assert "prose/01-aides.md, ligne 8" in said(result.stderr)


def test_a_withheld_series_is_not_in_the_open_data_either(edition):
    add(edition / "series.toml", '\n[ever]\nsource = "afis"\nmeasure = "afis_recipients_ever"\n'
        'territory = "FR_HORS_COM"\nlabel = "Depuis le début"\n')  # fmt: skip
    withhold(edition, 'ever = "La période n’est pas dite."')
    assert built(edition).exit_code == 0
    assert not [
        name for name, content in files_of(edition.parent / "out").items() if b"afis_recipients_ever" in content
    ]


def test_withholding_a_series_that_does_not_exist_is_a_defect(edition):
    withhold(edition, 'recipient = "Faute de frappe."')
    result = built(edition)
    assert result.exit_code == 7
    assert "« recipient »" in said(result.stderr)


SAME = """
[[same]]
says = "Bénéficiaires"
left = "recipients[2025]"
right = "{right}"
"""


def test_statements_that_print_alike_are_reported(edition):
    (edition / "consistency.toml").write_text(SAME.format(right="mean(recipients[2025], recipients[2025])"))
    result = built(edition)
    assert result.exit_code == 7, "a mean of one point twice is refused by the formulas, with its place"
    (edition / "consistency.toml").write_text(SAME.format(right="recipients[2025]"))
    assert built(edition).exit_code == 0
    (verdict,) = json.loads((edition.parent / "out" / "coherence.json").read_text(encoding="utf-8"))
    assert (verdict["left_shown"], verdict["agrees"]) == ("895", True)


def test_statements_that_disagree_stop_the_build_until_explained(edition):
    (edition / "consistency.toml").write_text(SAME.format(right="recipients[2024]"))
    result = built(edition)
    assert result.exit_code == 7
    assert "attendu 895 (recipients[2025]), reçu 806 (recipients[2024])" in said(result.stderr)
    add(edition / "consistency.toml", 'accepted = "Deux années différentes."\n')
    assert built(edition).exit_code == 0


def test_a_recorded_file_that_was_damaged_is_refused_even_by_a_rebuild(edition):
    assert built(edition).exit_code == 0
    for path in (edition.parent / "store").glob("*/*.parquet"):
        path.write_bytes(path.read_bytes()[:-40])
    result = built(edition)
    assert result.exit_code == 4
    assert "est illisible" in said(result.stderr)

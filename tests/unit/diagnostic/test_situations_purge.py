"""Erasing the folders of a linkage."""

from __future__ import annotations

from pathlib import Path

import pytest

from egide.diagnostic.consolidation import folders, purging
from egide.errors import StoreError
from support.editions import egide


@pytest.fixture
def linked(tmp_path: Path) -> Path:
    folders.write(tmp_path / "consolidation", (), ())
    return tmp_path / "consolidation"


def test_a_dry_run_erases_nothing_and_confirming_erases_both_parts(linked: Path) -> None:
    assert "serait effacé (4\u00a0fichiers)" in egide("diagnostic", "situations", "purge", linked).stdout
    assert linked.is_dir()
    assert egide("diagnostic", "situations", "purge", linked, "--confirm").exit_code == 0
    assert not linked.exists()


def test_who_holds_one_part_erases_it_under_any_name(linked: Path, tmp_path: Path) -> None:
    mine = (linked / folders.LINKING).rename(tmp_path / "ma part")
    purging.erase(mine)
    assert not mine.exists() and (linked / folders.COUNTING).is_dir()
    purging.erase(linked)
    assert not linked.exists()


def test_a_folder_that_holds_anything_else_is_left_alone(linked: Path, tmp_path: Path) -> None:
    (linked / "notes.txt").write_text("à garder", encoding="utf-8")
    empty, other = tmp_path / "vide", tmp_path / "autre"
    for folder in (empty, other):
        folder.mkdir()
    (other / "niveaux.csv").symlink_to(linked / folders.COUNTING / folders.LEVELS)
    for folder in (linked, empty, other):
        with pytest.raises(StoreError, match="Rien n’a été effacé"):
            purging.erase(folder)
    assert (linked / "notes.txt").read_text(encoding="utf-8") == "à garder"
    assert (linked / folders.COUNTING / folders.LEVELS).stat().st_size > 0

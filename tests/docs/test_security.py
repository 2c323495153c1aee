"""The page on security cites tests and code that are there."""

import re
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
PAGE = (TOP / "docs" / "security.md").read_text(encoding="utf-8")
CITED = sorted(set(re.findall(r"`([a-z_]+)::(test_\w+)`", PAGE)))
CODE = sorted(
    set(
        re.findall(
            r"`((?:access|accounts|audit|commissions|files|psp|retention|security|settings|theme)/[\w/]*(?:\.py)?)`",
            PAGE,
        )
    )
)


@pytest.mark.parametrize(("folder", "name"), CITED)
def test_every_test_that_the_page_cites_exists(folder: str, name: str) -> None:
    files = (TOP / "tests" / "registry" / folder).glob("test_*.py")
    assert [file.name for file in files if f"def {name}(" in file.read_text(encoding="utf-8")] != []


@pytest.mark.parametrize("path", CODE)
def test_every_file_that_the_page_cites_exists(path: str) -> None:
    assert (TOP / "src" / "egide_registry" / path).exists()


def test_every_threat_has_an_answer_a_place_and_a_test() -> None:
    rows = PAGE.split("## Threats")[1].split("## ")[0].strip().splitlines()[2:]
    assert all(len([cell for cell in row.strip("|").split(" | ") if cell.strip()]) == 4 for row in rows)
    assert [row for row in rows if "::test_" not in row] == []

"""The page on security cites tests and code that are there."""

import re
from pathlib import Path

import pytest

from egide_registry.retention.rules import SCHEDULE

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


def test_the_canaries_that_the_page_cites_are_there() -> None:
    assert "`test_canary.py`" in PAGE
    assert (TOP / "tests" / "registry" / "test_canary.py").is_file()


def test_every_threat_has_an_answer_a_place_and_a_test() -> None:
    rows = PAGE.split("## Threats")[1].split("## ")[0].strip().splitlines()[2:]
    assert all(len([cell for cell in row.strip("|").split(" | ") if cell.strip()]) == 4 for row in rows)
    assert [row for row in rows if "::test_" not in row] == []


def test_every_variable_of_a_production_site_is_in_the_how_to() -> None:
    read = (TOP / "src" / "egide_registry" / "settings" / "environment.py").read_text(encoding="utf-8")
    page = (TOP / "docs" / "how-to" / "mettre-en-production.md").read_text(encoding="utf-8")
    names = set(re.findall(r"EGIDE_[A-Z_]*[A-Z]\b", read)) - {"EGIDE_DEBUG", "EGIDE_OIDC"}
    assert [name for name in sorted(names) if f"`{name}`" not in page] == []


def test_the_lifetimes_of_the_impact_assessment_are_those_of_the_code() -> None:
    page = (TOP / "docs" / "dpia.md").read_text(encoding="utf-8")
    lines = [f"| {life.what} | {life.since} | {life.length} | {life.basis} |" for life in SCHEDULE]
    plain = [line.replace("\u00a0", " ").replace("\u202f", " ") for line in lines]
    assert [line for line in plain if line not in page] == []

"""What a page or a docstring points to is there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

TOP = Path(__file__).parents[2]
ELSEWHERE = {".venv", "build", ".git", ".hypothesis", ".pytest_cache"}


def files(*suffixes: str) -> list[str]:
    found = (path.relative_to(TOP) for path in TOP.rglob("*") if path.suffix in suffixes)
    return sorted(path.as_posix() for path in found if ELSEWHERE.isdisjoint(path.parts))


def addresses(text: str) -> Iterator[str]:
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        for child in token.children or ():
            yield from (str(child.attrs[name]) for name in ("href", "src") if name in child.attrs)


def missing_from(page: str) -> list[str]:
    """Relative addresses of a page that lead to no file."""
    folder = (TOP / page).parent
    wanted = (address.partition("#")[0] for address in addresses((TOP / page).read_text(encoding="utf-8")))
    return [path for path in wanted if path and "://" not in path and not (folder / path).exists()]


@pytest.mark.parametrize("page", files(".md"))
def test_every_relative_link_of_a_page_leads_to_a_file(page: str) -> None:
    assert missing_from(page) == []


def test_every_page_named_in_the_code_or_in_an_edition_exists() -> None:
    named = {
        f"{file}: {page}"
        for file in files(".py", ".toml", ".json", ".po")
        for page in re.findall(r"docs/[\w/-]+\.md", (TOP / file).read_text(encoding="utf-8"))
        if not (TOP / page).is_file() and file != "tests/docs/test_links.py"
    }
    assert named == set()


@pytest.mark.parametrize("page", [name for name in files(".md") if name.startswith("docs/")])
def test_every_page_can_be_reached_from_an_index(page: str) -> None:
    """From docs/README.md, or from the README of its own folder."""
    path = TOP / page
    indexes = [path.parent / "README.md", TOP / "docs" / "README.md"]
    links = {
        (index.parent / address.partition("#")[0]).resolve()
        for index in indexes
        if index.is_file()
        for address in addresses(index.read_text(encoding="utf-8"))
    }
    assert path == TOP / "docs" / "README.md" or path in links

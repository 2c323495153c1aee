"""The pages of docs/reference say what the code says."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from egide import errors
from egide.cli import main
from egide.document import wording
from egide.document.prose import CONTAINERS
from egide.document.typography import Style
from egide.indicators.catalogue import FORMULAS
from egide.sources.catalogue import known_sources

TOP = Path(__file__).parents[2]
REFERENCE = TOP / "docs" / "reference"


def the_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_reference", TOP / "docs" / "make_reference.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SCRIPT = the_script()
PAGES = SCRIPT.pages()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_what_the_script_makes(name: str) -> None:
    on_disk = (REFERENCE / name).read_text(encoding="utf-8")
    assert on_disk == PAGES[name], f"docs/reference/{name} is out of date: run `make docs`"


@pytest.mark.parametrize("verb", main.list_commands(main.make_context("egide", [], resilient_parsing=True)))
def test_every_verb_has_its_help_in_the_reference(verb: str) -> None:
    assert f"\n## egide {verb}\n" in PAGES["commands.md"]


@pytest.mark.parametrize("source", known_sources())
def test_every_institution_is_in_the_reference(source: str) -> None:
    assert f"\n## {source}\n" in PAGES["deliveries.md"]


@pytest.mark.parametrize("formula", FORMULAS.values(), ids=list(FORMULAS))
def test_every_formula_is_in_the_reference_with_its_method(formula) -> None:
    assert f"`{formula.signature}`" in PAGES["formulas.md"]
    assert (TOP / formula.method).is_file()


@pytest.mark.parametrize("pattern", [pattern for pattern, _ in wording._PATTERNS], ids=lambda one: one.pattern[:40])
def test_every_wording_that_is_understood_has_an_example(pattern: re.Pattern[str]) -> None:
    examples = [said.replace("’", "'") for group in SCRIPT.EXAMPLES.values() for said in group]
    assert [said for said in examples if pattern.fullmatch(said)] != []


# ---- exit codes ----


def codes(text: str, shape: str) -> set[int]:
    return {int(code) for code in re.findall(shape, text, re.M)}


DOCUMENTED = codes(PAGES["exit-codes.md"], r"^\| (\d+) \|")


def test_every_error_has_its_exit_code_in_the_reference() -> None:
    raised = {error.exit_code for error in vars(errors).values() if SCRIPT._is_refusal(error)}
    assert raised - DOCUMENTED == set()


def test_the_help_the_readme_and_the_reference_list_the_same_exit_codes() -> None:
    readme = (TOP / "README.md").read_text(encoding="utf-8")
    assert codes(main.epilog or "", r"^  (\d+) ") == DOCUMENTED
    assert codes(readme, r"^\| (\d+) \|") == DOCUMENTED


# ---- what authors may write is in the how-to ----

HOW_TO = (TOP / "docs" / "how-to" / "ecrire-une-phrase-verifiee.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("mark", CONTAINERS)
def test_every_block_of_the_prose_is_in_the_how_to(mark: str) -> None:
    assert f"::: {mark}" in HOW_TO or f"`{mark}`" in HOW_TO


@pytest.mark.parametrize("style", [one for one in Style if one is not Style.USUAL])
def test_every_way_to_print_a_number_is_in_the_how_to(style: Style) -> None:
    assert f"| {style}" in HOW_TO.replace("\\|", "|")

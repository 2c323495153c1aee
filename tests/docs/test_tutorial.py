"""What a page of documentation shows is what happens."""

import shutil
from pathlib import Path

import pytest

from support.documents import blocks, run

TOP = Path(__file__).parents[2]
# Each page, and what its reader already has in the folder where the commands are typed.
PAGES = {
    "docs/tutorials/ma-premiere-edition.md": (),
    "docs/how-to/editer-la-lettre-de-l-an-prochain.md": ("editions/2026",),
    "docs/how-to/auditer-une-publication.md": ("tests/data/letter-2026",),
    "docs/how-to/publier-et-inscrire.md": ("editions/2026",),
    "docs/how-to/ecrire-une-phrase-verifiee.md": ("editions/2026",),
    "docs/how-to/ajouter-une-institution.md": ("src",),
    "README.md": ("editions/2026",),
}


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_shows_is_what_happens(page: str, tmp_path: Path) -> None:
    for start in PAGES[page]:
        shutil.copytree(TOP / start, tmp_path / start, ignore=shutil.ignore_patterns("__pycache__", "build"))
    differences = run((TOP / page).read_text(encoding="utf-8"), tmp_path)
    assert not differences, "\n\n".join(differences)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_that_is_executed_shows_at_least_one_command(page: str) -> None:
    text = (TOP / page).read_text(encoding="utf-8")
    assert any(block.language == "console" and block.text.startswith("$ ") for block in blocks(text))


PAGE = """
Créez `note.txt` :

```text
un
deux
```

Corrigez `note.txt` :

```diff
-deux
+trois
```

```console
$ cat note.txt
un
trois
$ false
$ echo $?
1
```
"""


def test_a_page_writes_its_files_corrects_them_and_remembers_the_exit_code(tmp_path: Path) -> None:
    assert run(PAGE, tmp_path) == []


@pytest.mark.parametrize("shown", ["un\n…", "…\ntrois", "…", "u…\nt…"])
def test_an_ellipsis_stands_for_what_the_page_does_not_show(shown: str, tmp_path: Path) -> None:
    assert run(PAGE.replace("un\ntrois\n", shown + "\n"), tmp_path) == []


@pytest.mark.parametrize("shown", ["un", "un\ndeux", "", "un\ntrois\nquatre"])
def test_a_page_that_shows_something_else_is_told_with_its_line(shown: str, tmp_path: Path) -> None:
    assert run(PAGE.replace("un\ntrois\n", shown + "\n"), tmp_path)[0].startswith("line 17: $ cat note.txt")


def test_a_correction_of_what_is_not_there_is_told(tmp_path: Path) -> None:
    assert "holds 0 times" in run(PAGE.replace("-deux", "-douze"), tmp_path)[0]

"""The PDF judge says yes to a good file and names what is wrong in a bad one."""

from pathlib import Path

import pytest
import typst

from support.pdf_judge import judge

pytestmark = pytest.mark.pdfjudge

PAGE = """
#set document(title: "Essai")
#set text(lang: "fr")
= Titre
Un paragraphe.
#figure(rect(), alt: "Un rectangle", caption: [Figure])
#table(columns: 2, table.header[Année][Nombre], [2025], [12])
"""


def compiled(folder: Path, source: str, **options: object) -> Path:
    path = folder / "page.pdf"
    path.write_bytes(typst.compile(source.encode(), ignore_system_fonts=True, **options))
    return path


def test_a_tagged_titled_page_in_a_named_language_passes(tmp_path):
    verdict = judge(compiled(tmp_path, PAGE, pdf_standards="ua-1"))
    assert verdict.failures == []
    assert verdict.passed_checks > 100


def test_an_untitled_page_is_refused_with_the_rules_named(tmp_path):
    verdict = judge(compiled(tmp_path, "= Heading\nText"))
    rules = {failure.split(",")[0] for failure in verdict.failures}
    assert {"5-1", "7.1-9"} <= rules  # does not claim PDF/UA; no title in its metadata


def test_a_file_that_is_not_a_pdf_is_an_error_not_a_pass(tmp_path):
    path = tmp_path / "page.pdf"
    path.write_text("not a PDF")
    with pytest.raises(RuntimeError, match="could not judge"):
        judge(path)

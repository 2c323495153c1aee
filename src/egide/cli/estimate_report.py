"""The folder of a page: HTML, PDF and data, made from what the secret lets out. [I/O]"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

from egide.cli.folders import replace_folder
from egide.document.model import Document
from egide.document.render.html import Download, render_html
from egide.document.render.load import load_assets
from egide.document.render.pdf import render_pdf
from egide.document.typography import NBSP
from egide.document.walk import figures_of
from egide.errors import ReleaseRefused
from egide.estimation.histories import Histories
from egide.unseen import wording
from egide.unseen.methods import Effort
from egide.unseen.report.findings import findings
from egide.unseen.report.overlaps import Frame, overlaps
from egide.unseen.report.page import Heading, page

MARK, PDF = "index.html", "estimation.pdf"
_MERGE = "Pour cette page\u00a0: réunissez les plus petites listes, ou allongez la période."


@frozen(kw_only=True)
class Report:
    """What the page is called, what it holds for, and whether its table came from links in doubt."""

    title: str
    publisher: str
    frame: Frame
    linked: bool
    quick: bool


def write_report(table: Histories, asked: Report, folder: Path, effort: Effort) -> Iterator[str]:
    """Lines that say what was done. Raises ReleaseRefused when a small count cannot be protected."""
    try:
        public = overlaps(table, asked.frame)
    except ReleaseRefused as refused:
        raise ReleaseRefused(f"{refused} {_MERGE}") from refused
    found = findings(public, effort, quick=asked.quick)
    heading = Heading(
        title=asked.title, publisher=asked.publisher, published_on=asked.frame.known_on, linked=asked.linked
    )
    replace_folder(folder, _files(page(public, found, asked.frame, heading)))
    yield f"\nPage{NBSP}: {folder / MARK}"
    yield f"PDF{NBSP}: {folder / PDF}"
    if found.refusal is not None:
        yield f"La page ne donne aucun nombre{NBSP}: {wording.REASONS[found.refusal]}, d’après ce qui peut être montré."
    elif public.hides:
        yield (
            "La page est calculée sur le tableau publié, petits effectifs masqués\u00a0: ses nombres diffèrent de ceux "
            "ci-dessus. Comparez-les avant de publier."
        )


def _files(document: Document) -> dict[str, bytes]:
    pdf = render_pdf(document)
    download = Download(title="Cette page en PDF accessible", format="PDF", href=PDF, bytes=len(pdf))
    html = render_html(document, downloads=(download,), assets=load_assets())
    data = {f"data/figures/{figure.id}.csv": figure.csv.encode() for figure in figures_of(document) if figure.csv}
    return {MARK: html.encode(), PDF: pdf, **data}

"""Build a publication into its folder: read, publish, render, write. Whole or not at all. [I/O]"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from attrs import asdict, frozen

from egide.cli.caches import DrawingCache, write_atomically
from egide.cli.console import Progress
from egide.cli.facts import facts_of
from egide.disclosure.policy import POLICIES
from egide.document.dataset import describe
from egide.document.export.files import export_all, fingerprint
from egide.document.render.html import Download, render_html
from egide.document.render.load import load_assets
from egide.document.render.pdf import render_pdf
from egide.document.walk import figures_of
from egide.errors import ReleaseRefused
from egide.letter.edition import Edition, load_edition
from egide.letter.publish import Publication, publish
from egide.letter.record import record

PAGE, PDF, TRACE, CHECKS = "index.html", "lettre.pdf", "trace.json", "coherence.json"
DATA = "data"  # the page links to data/figures/


@frozen(kw_only=True)
class Places:
    """Where a build reads and writes besides the edition."""

    output: Path  # the publication's folder
    store: Path  # recorded deliveries
    cache: Path  # can be deleted at any time


def publication_of(edition: Edition, places: Places, *, as_of: date | None, progress: Progress) -> Publication:
    """The edition as known on a day, released and bound; nothing is written but the store and the cache."""
    if edition.policy not in POLICIES:
        known = ", ".join(POLICIES)
        raise ReleaseRefused(f"Aucune règle de secret ne s’appelle « {edition.policy} » ; règles connues : {known}.")
    known_facts = facts_of(edition, places.store, as_of=as_of, progress=progress)
    with progress.step("calculs, secret, figures, prose"):
        return publish(
            edition,
            known_facts.book,
            policy=POLICIES[edition.policy],
            relations=known_facts.relations,
            draw=DrawingCache(places.cache / "figures"),
        )


def build(folder: Path, places: Places, *, progress: Progress) -> Publication:
    """Everything a reader downloads, in `places.output`. A build that fails leaves the former publication whole."""
    edition = load_edition(folder)
    publication = publication_of(edition, places, as_of=None, progress=progress)
    document = publication.document
    with progress.step("PDF"):
        pdf = render_pdf(document)
    with progress.step("données ouvertes"):
        data = _open_data(edition, publication, places)
    with progress.step("page"):
        files = {
            PDF: pdf,
            TRACE: _json(record(document, publication.release)),
            CHECKS: _json([asdict(verdict) for verdict in publication.verdicts]),
            **{f"{DATA}/{path}": content for path, content in data.items()},
        }
        page = render_html(document, downloads=tuple(_downloads(files)), assets=load_assets())
        _replace(places.output, {PAGE: page.encode(), **files})
    return publication


def _open_data(edition: Edition, publication: Publication, places: Places) -> dict[str, bytes]:
    """Every file of open data by path, written anew only when what it says has changed."""
    document = publication.document
    dataset = describe(
        document,
        publication.release.by_id.values(),
        institutions=edition.institutions,
        contact=edition.contact,
    )
    drawn = figures_of(document)
    kept = places.cache / "data" / fingerprint(dataset, drawn)
    if not kept.is_dir():
        shutil.rmtree(kept.parent, ignore_errors=True)
        _replace(kept, export_all(dataset, drawn))
    return {path.relative_to(kept).as_posix(): path.read_bytes() for path in sorted(kept.rglob("*")) if path.is_file()}


_OFFERED = {
    PDF: ("La Lettre en PDF, balisée, données des figures jointes", "PDF"),
    f"{DATA}/lettre.csv": ("Toutes les données", "CSV"),
    f"{DATA}/lettre.parquet": ("Toutes les données", "Parquet"),
    f"{DATA}/sdmx/data.csv": ("Toutes les données", "SDMX-CSV"),
    f"{DATA}/sdmx/structure.xml": ("Structure des données", "SDMX-ML"),
    f"{DATA}/datapackage.json": ("Description des fichiers", "Data Package"),
    f"{DATA}/dcat.ttl": ("Fiche de catalogue", "DCAT-AP, Turtle"),
    f"{DATA}/dcat.jsonld": ("Fiche de catalogue", "DCAT-AP, JSON-LD"),
    TRACE: ("Le chemin de chaque nombre", "JSON"),
}


def _downloads(files: Mapping[str, bytes]) -> Iterator[Download]:
    for path, (title, form) in _OFFERED.items():
        yield Download(title=title, format=form, href=path, bytes=len(files[path]))


def _json(payload: object) -> bytes:
    return (json.dumps(payload, ensure_ascii=False, indent=1) + "\n").encode()


def _replace(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put a folder with exactly these files in place of the former one. Written aside first."""
    aside = folder.with_name(f".{folder.name}.aside")
    former = folder.with_name(f".{folder.name}.former")
    for leftover in (aside, former):
        shutil.rmtree(leftover, ignore_errors=True)
    for path, content in files.items():
        write_atomically(aside / path, content)
    if folder.exists():
        folder.rename(former)
    aside.rename(folder)
    shutil.rmtree(former, ignore_errors=True)

"""Build a publication into its folder: read, publish, render, write. Whole or not at all. [I/O]"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from attrs import asdict

from egide.cli import secret_page
from egide.cli.caches import DrawingCache, FilesCache, write_atomically
from egide.cli.console import Progress
from egide.cli.facts import facts_of
from egide.cli.folders import Places, refuse_foreign, refuse_what_would_be_lost, replace_folder
from egide.disclosure.policy import POLICIES, Policy
from egide.disclosure.published import Published
from egide.disclosure.register import Register
from egide.document.dataset import describe
from egide.document.export.files import export_all, fingerprint
from egide.document.model import Document
from egide.document.render.html import Download, render_html
from egide.document.render.load import load_assets
from egide.document.render.pdf import render_pdf
from egide.document.walk import figures_of
from egide.errors import Defect, EditionRefused
from egide.letter.edition import Edition, load_edition
from egide.letter.leaks import to_json
from egide.letter.publish import Publication, publish
from egide.letter.record import record

PAGE, TRACE, CHECKS = "index.html", "trace.json", "coherence.json"
DATA = "data"  # the page links to data/figures/


def pdf_of(edition: Edition) -> str:
    return f"{edition.file}.pdf"


def policy_of(edition: Edition) -> Policy:
    """The rule that the edition names. Raises EditionRefused for an unknown one."""
    if edition.policy not in POLICIES:
        defect = Defect(
            place="edition.toml, policy",
            expected="une règle de secret connue",
            got=f"« {edition.policy} »",
            way_out=f"Au choix\u00a0: {', '.join(POLICIES)}.",
        )
        raise EditionRefused([defect])
    return POLICIES[edition.policy]


def publication_of(edition: Edition, places: Places, *, progress: Progress) -> Publication:
    """The edition as known on its day, released and bound; nothing is written but the store and the cache."""
    policy = policy_of(edition)
    known_facts = facts_of(edition, places, progress=progress)
    with progress.step("calculs, secret, figures, prose"):
        return publish(
            edition,
            known_facts.book,
            policy=policy,
            ties=known_facts.ties,
            public=published_before(edition, places),
            draw=DrawingCache(places.cache / "figures"),
        )


def register_of(places: Places) -> Register:
    """Beside the deliveries: what was published is kept as long as what was received."""
    return Register(places.store / "register")


def published_before(edition: Edition, places: Places) -> Published:
    return register_of(places).read().before(edition.id, edition.published_on)


def build(
    edition: Edition | Path,
    places: Places,
    *,
    progress: Progress,
    judge: Callable[[Document], None] = lambda _: None,
) -> Publication:
    """Everything a reader downloads, in `places.output`. A build that fails leaves the former publication whole.

    `judge` raises EditionRefused for a document that this kind of publication may not be.
    """
    refuse_foreign(places.output, TRACE)
    refuse_what_would_be_lost(places)
    edition = load_edition(edition) if isinstance(edition, Path) else edition
    publication = publication_of(edition, places, progress=progress)
    document = publication.document
    judge(document)
    # The typesetter needs no Python while it works: on two processors the rest is made meanwhile.
    with ThreadPoolExecutor(max_workers=1) as aside:
        typesetting = aside.submit(render_pdf, document)
        with progress.step("données ouvertes"):
            data = _open_data(edition, publication, places)
        with progress.step("chemins des nombres"):
            trace = _json(record(document, publication.release))
        with progress.step("PDF"):
            pdf = typesetting.result()
    with progress.step("page"):
        files = {
            pdf_of(edition): pdf,
            TRACE: trace,
            CHECKS: _json([asdict(verdict) for verdict in publication.verdicts]),
            **{f"{DATA}/{path}": content for path, content in data.items()},
        }
        report = authors_report(places.output)  # named first: the folder that stands there is about to go
        page = render_html(document, downloads=tuple(_downloads(edition, files)), assets=load_assets())
        replace_folder(places.output, {PAGE: page.encode(), **files})
        write_atomically(report, _json(to_json(publication.leaks, publication.attack.kept)))
        write_atomically(report.with_suffix(".html"), secret_page.page(publication).encode())
    return publication


def authors_report(output: Path) -> Path:
    """What the publication is known to give away: for its authors, so never in the folder that is put online."""
    whole = output.resolve()  # so that it has a name even when called "."
    return whole.with_name(f"{whole.name}-auteurs") / "secret.json"


def _open_data(edition: Edition, publication: Publication, places: Places) -> dict[str, bytes]:
    """Every file of open data by path, written anew only when what it says has changed."""
    document = publication.document
    dataset = describe(
        document,
        publication.release.by_id.values(),
        institutions=edition.institutions,
        contact=edition.contact,
        name=edition.file,
    )
    drawn = figures_of(document)
    return FilesCache(places.cache / "data").files(fingerprint(dataset, drawn), lambda: export_all(dataset, drawn))


_OFFERED = {
    "{file}.pdf": ("{called} en PDF accessible, données des figures jointes", "PDF"),
    f"{DATA}/{{file}}.csv": ("Toutes les données", "CSV"),
    f"{DATA}/{{file}}.parquet": ("Toutes les données", "Parquet"),
    f"{DATA}/sdmx/data.csv": ("Toutes les données", "SDMX-CSV"),
    f"{DATA}/sdmx/structure.xml": ("Structure des données", "SDMX-ML"),
    f"{DATA}/datapackage.json": ("Description des fichiers", "Data Package"),
    f"{DATA}/dcat.ttl": ("Fiche de catalogue", "DCAT-AP, Turtle"),
    f"{DATA}/dcat.jsonld": ("Fiche de catalogue", "DCAT-AP, JSON-LD"),
    TRACE: ("Le chemin de chaque nombre", "JSON"),
}


def _downloads(edition: Edition, files: Mapping[str, bytes]) -> Iterator[Download]:
    for template, (title, form) in _OFFERED.items():
        path = template.format(file=edition.file)
        yield Download(title=title.format(called=edition.called), format=form, href=path, bytes=len(files[path]))


def _json(payload: object) -> bytes:
    return (json.dumps(payload, ensure_ascii=False, indent=1) + "\n").encode()

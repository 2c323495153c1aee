"""Every file of the open data, by path, from one description."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from egide.document.dataset import Dataset
from egide.document.export.csv_file import csv_bytes
from egide.document.export.dcat import Offer, json_ld, turtle
from egide.document.export.package import figure_path, package_json
from egide.document.export.parquet import parquet_bytes
from egide.document.export.sdmx import data_csv, structure_xml
from egide.document.model import Figure
from egide.document.runs import plain
from egide.document.walk import titled


def export_all(dataset: Dataset, figures: Iterable[Figure] = (), *, address: str = "") -> dict[str, bytes]:
    """Path -> bytes: the data in each format, each figure's data, then what describes them.

    `address` is where the folder will be served, with its final slash; without it the DCAT record says where its
    files are relative to itself. No clock is read: every date is the publication's.
    """
    drawn = tuple(figure for figure in figures if figure.csv)
    tables = {f"{dataset.name}.csv": csv_bytes(dataset)}
    tables |= {figure_path(figure): figure.csv.encode() for figure in drawn}
    files = {
        **tables,
        f"{dataset.name}.parquet": parquet_bytes(dataset),
        "sdmx/structure.xml": structure_xml(dataset),
        "sdmx/data.csv": data_csv(dataset),
        "datapackage.json": package_json(dataset, drawn, tables),
    }
    offers = {offer: files[offer.path] for offer in _offers(dataset, drawn)}
    return {
        **files,
        "dcat.ttl": turtle(dataset, offers, address=address),
        "dcat.jsonld": json_ld(dataset, offers, address=address),
    }


def fingerprint(dataset: Dataset, figures: Iterable[Figure] = (), *, address: str = "") -> str:
    """Changes when what `export_all` writes would: an edited sentence need not have the data written again."""
    drawn = [
        (one.id, one.number, plain(one.title), one.source, one.scope, one.notes, one.csv) for one in figures if one.csv
    ]
    return hashlib.sha256(repr((dataset, drawn, address)).encode()).hexdigest()


def _offers(dataset: Dataset, figures: tuple[Figure, ...]) -> tuple[Offer, ...]:
    csv = {"format": "CSV", "media": "text/csv"}
    return (
        Offer(path=f"{dataset.name}.csv", title="Toutes les données, CSV", **csv),
        Offer(
            path=f"{dataset.name}.parquet",
            title="Toutes les données, Parquet",
            format="PARQUET",
            media="application/vnd.apache.parquet",
        ),
        Offer(path="sdmx/data.csv", title="Toutes les données, SDMX-CSV 2.0", **csv),
        Offer(
            path="sdmx/structure.xml", title="Structure des données, SDMX-ML 3.0", format="XML", media="application/xml"
        ),
        Offer(
            path="datapackage.json",
            title="Description des fichiers, Data Package",
            format="JSON",
            media="application/json",
        ),
        *(Offer(path=figure_path(figure), title=titled(figure), **csv) for figure in figures),
    )

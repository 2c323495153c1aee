"""The Data Package: what each file holds, column by column, with its size and its hash, in one `datapackage.json`."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from typing import Any

from egide.document.dataset import Dataset
from egide.document.dataset_columns import Column
from egide.document.model import Figure
from egide.document.walk import titled


def package_json(dataset: Dataset, figures: Iterable[Figure], files: Mapping[str, bytes]) -> bytes:
    """The descriptor of the main CSV and of each figure's. `files` holds their bytes, by path.

    Raises KeyError when a file to be described is not there.
    """
    main = f"{dataset.name}.csv"
    resources = [_resource(main, dataset.name, dataset.title, dataset.description, _schema(dataset), files[main])]
    for figure in figures:
        path = figure_path(figure)
        words = " ".join(line for line in (figure.source, figure.scope, *figure.notes) if line)
        resources.append(
            _resource(path, f"figure-{figure.id}", titled(figure), words, _figure_schema(files[path]), files[path])
        )
    descriptor = {
        "profile": "tabular-data-package",
        "name": dataset.name,
        "id": f"{dataset.name}-{dataset.published_on.isoformat()}",
        "title": dataset.title,
        "description": dataset.description,
        "version": dataset.published_on.isoformat(),
        "created": f"{dataset.published_on.isoformat()}T00:00:00Z",
        "licenses": [
            {"name": dataset.licence.id, "title": dataset.licence.title, "path": dataset.licence.address},
        ],
        "contributors": [{"title": dataset.publisher, "role": "publisher"}],
        "sources": [{"title": source.label} for source in dataset.sources],
        "resources": resources,
    }
    return (json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n").encode()


def figure_path(figure: Figure) -> str:
    return f"figures/{figure.id}.csv"


def _resource(
    path: str, name: str, title: str, description: str, schema: dict[str, Any], data: bytes
) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": name.lower(),
        "path": path,
        "title": title,
        "description": description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "schema": schema,
    }


def _schema(dataset: Dataset) -> dict[str, Any]:
    fields = [_field(column) for column in dataset.columns]
    return {"fields": fields, "primaryKey": ["identifiant"], "missingValues": [""]}


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": column.type.value,
        "title": column.title,
        "description": column.description,
    }
    if column.codes:
        field["description"] += " " + " ; ".join(f"{one.code} : {one.label}" for one in column.codes) + "."
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    if column.codes:
        constraints["enum"] = [one.code for one in column.codes]
    return {**field, "constraints": constraints} if constraints else field


def _figure_schema(data: bytes) -> dict[str, Any]:
    """Headings as they are; a column is of numbers when every filled cell is one. `< 5` makes it a column of text."""
    headings, *rows = list(csv.reader(StringIO(data.decode())))
    types = ["number" if _are_numbers([row[i] for row in rows if row[i]]) else "string" for i in range(len(headings))]
    fields = [{"name": name, "type": kind} for name, kind in zip(headings, types, strict=True)]
    return {"fields": fields, "missingValues": [""]}


def _are_numbers(texts: Sequence[str]) -> bool:
    try:
        return bool([float(text) for text in texts])
    except ValueError:
        return False

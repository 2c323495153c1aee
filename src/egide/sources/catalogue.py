"""The schema files that travel with the package: which institutions are known, and what each sends. [I/O]"""

from __future__ import annotations

import json
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any

from egide.errors import UnknownIdentifier
from egide.sources.schema import SourceSchema, parse_schema

_SCHEMAS = files("egide.sources") / "schemas"


@cache
def known_sources() -> tuple[str, ...]:
    """Names of the institutions that have a schema, sorted."""
    return tuple(
        sorted(entry.name.removesuffix(".json") for entry in _SCHEMAS.iterdir() if entry.name.endswith(".json"))
    )


@cache
def load_schema(source: str) -> SourceSchema:
    """The checked schema of one institution. Raises UnknownIdentifier, with the nearest names, for any other."""
    if source not in known_sources():
        near = get_close_matches(source, known_sources()) or known_sources()
        listed = ", ".join(f"«\u00a0{name}\u00a0»" for name in near)
        raise UnknownIdentifier(f"Aucune source «\u00a0{source}\u00a0». Sources connues\u00a0: {listed}.")
    schema = parse_schema(schema_document(source))
    if schema.source != source:
        raise ValueError(f"{source}.json declares the source {schema.source!r}")
    return schema


def schema_document(source: str) -> dict[str, Any]:
    """The schema of a known institution as it is published: JSON with a Table Schema for each sheet."""
    document: dict[str, Any] = json.loads((_SCHEMAS / f"{source}.json").read_text(encoding="utf-8"))
    return document

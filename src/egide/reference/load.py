"""Read the reference data that travel with the package. The only file of `reference` that opens anything. [I/O]"""

from __future__ import annotations

import csv
import json
from functools import cache
from importlib.resources import files
from io import StringIO
from typing import Any

_DATA = files("egide.reference") / "data"


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `data/<name>.csv`, as text."""
    text = (_DATA / f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(StringIO(text)))


@cache
def document(name: str) -> Any:
    """The JSON of `data/<name>`, suffix included. Shared: read it, never change it."""
    return json.loads((_DATA / name).read_text(encoding="utf-8"))

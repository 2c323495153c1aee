"""One file on paper, for an export: who, what was asked, decided, granted, when. Plain data in, tagged PDF out.

[I/O: the fonts and the template of the acts]
"""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from attrs import field, frozen

from egide.document.render.pdf import typeset
from egide.document.typography import sentence
from egide_registry.files.pdf import template

Block = dict[str, Any]
Facts = tuple[tuple[str, str], ...]


@frozen(kw_only=True)
class Part:
    """A heading, and what is said under it; a value that is missing is not printed."""

    title: str
    facts: Facts = field(repr=False)


@frozen(kw_only=True)
class Summary:
    """What the export says of one file."""

    reference: str
    issuer: str
    on: date
    parts: tuple[Part, ...] = field(repr=False)


def summary_pdf(summary: Summary) -> bytes:
    """Set in pages (PDF/UA-1). The title holds the opaque reference alone. Raises EditionRefused."""
    page = {
        "title": sentence(f"Dossier n°\u00a0{summary.reference}"),
        "over": "Parcours de sortie de la prostitution",
        "issuer": summary.issuer,
        "date": [summary.on.year, summary.on.month, summary.on.day],
        "blocks": list(_blocks(summary.parts)),
    }
    inputs = {"act": json.dumps(page, ensure_ascii=False)}
    return typeset(template("act.typ"), inputs, on=summary.on, standards=("ua-1",))


def _blocks(parts: Iterable[Part]) -> Iterable[Block]:
    for part in parts:
        pairs = [[name, sentence(value)] for name, value in part.facts if value.strip()]
        yield {"kind": "heading", "text": sentence(part.title), "level": 1}
        yield {"kind": "facts", "pairs": pairs} if pairs else {"kind": "text", "text": "Rien à dire ici."}

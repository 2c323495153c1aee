"""The memory of what was published: one file a publication, written once, never changed. [I/O]

`<folder>/<edition>@<day>.json`. Each file says which version of the format it is in and carries the fingerprint of what
it holds: a file that was touched is refused, since the next release would be audited against something else than
what readers hold. Source: docs/how-to/publier-et-inscrire.md.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from attrs import frozen

from egide.disclosure.cells import BelowThreshold, Bounded, Content, NotCommunicated, Shown, Withheld
from egide.disclosure.published import Published, PublishedCell, PublishedEdition, PublishedStatement
from egide.errors import StoreError
from egide.facts.model import FactKey, Unit
from egide.facts.values import Value

FORMAT = "egide-registre-1"
_NAME = re.compile(r"[A-Za-z0-9._-]+")


@frozen
class Register:
    """A folder of publications. Nothing in it is ever replaced."""

    folder: Path

    def path(self, edition: PublishedEdition) -> Path:
        return self.folder / f"{edition.edition}@{edition.on.isoformat()}.json"

    def record(self, edition: PublishedEdition) -> bool:
        """Keep this publication, whole or not at all. False: it was already there, the same.

        Raises StoreError when another publication has that name and day, and when the folder cannot be written.
        """
        if not _NAME.fullmatch(edition.edition):
            raise StoreError(
                f"« {edition.edition} » ne peut pas nommer une publication : attendu des lettres sans accent, des "
                "chiffres, « . », « _ » ou « - ». Changez « id » dans edition.toml."
            )
        content, path = _written(edition), self.path(edition)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if _placed(content, path):
                return True
            already = path.read_bytes()
        except OSError as error:
            raise StoreError(f"Le registre {self.folder} ne peut pas être écrit ({error.strerror}).") from None
        if already != content:
            raise StoreError(
                f"{path} : une publication du même nom et du même jour y est déjà inscrite, avec un autre contenu. "
                "Ce qui est publié ne se remplace pas : inscrivez la nouvelle à son propre jour (--on)."
            )
        return False

    def read(self) -> Published:
        """Every publication. Raises StoreError naming the files that are not what was written."""
        found, damaged = [], []
        for path in sorted(self.folder.glob("*.json")):
            try:
                found.append(_edition(path))
            except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
                damaged.append(f"{path} : {_reason(problem)}")
        if damaged:
            raise StoreError(
                "Le registre des publications n’est pas lisible en entier, et rien ne se publie sans lui :\n"
                + "\n".join(damaged)
                + "\nRemettez ces fichiers dans l’état où « egide letter publish » les a écrits."
            )
        return Published(found)


class _Damaged(ValueError):
    """Why a file is refused, in French."""


def _reason(problem: Exception) -> str:
    if isinstance(problem, _Damaged):
        return str(problem)
    if isinstance(problem, OSError):
        return f"illisible ({problem.strerror})"
    return "ce n’est pas un fichier du registre, ou il est abîmé"


def _placed(content: bytes, path: Path) -> bool:
    """Write aside, force to disk, then give the name only if it is free."""
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(aside, 0o644)
        os.link(aside, path)
    except FileExistsError:
        return False
    finally:
        os.unlink(aside)
    return True


# ---------------------------------------------------------------- as text, and back


def _written(edition: PublishedEdition) -> bytes:
    body = {
        "edition": edition.edition,
        "on": edition.on.isoformat(),
        "cells": [_cell_record(cell) for cell in edition.cells],
        "statements": [_statement_record(one) for one in edition.statements],
    }
    record = {"format": FORMAT, "sha256": _fingerprint(body), **body}
    return (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode()


def _fingerprint(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _edition(path: Path) -> PublishedEdition:
    record = json.loads(path.read_text(encoding="utf-8"))
    version, stored = record.pop("format"), record.pop("sha256")
    if version != FORMAT:
        raise _Damaged(f"attendu le format {FORMAT}, reçu « {version} » ; utilisez la version d’Égide qui l’a écrit")
    if _fingerprint(record) != stored:
        raise _Damaged("son empreinte ne correspond plus à son contenu : il a été modifié")
    edition, on = record["edition"], date.fromisoformat(record["on"])
    if path.name != f"{edition}@{on.isoformat()}.json":
        raise _Damaged(f"il tient la publication {edition} du {on.isoformat()} : son nom a été changé")
    return PublishedEdition(
        edition=edition,
        on=on,
        cells=tuple(_cell(one, edition, on) for one in record["cells"]),
        statements=tuple(_statement(one) for one in record["statements"]),
    )


def _cell_record(cell: PublishedCell) -> dict[str, Any]:
    return {
        "key": str(cell.key),
        "known_on": cell.known_on.isoformat(),
        "content": _content_record(cell.content),
        "label": cell.label,
        "expression": cell.expression,
        "unit": cell.unit.value,
    }


def _cell(record: dict[str, Any], edition: str, on: date) -> PublishedCell:
    return PublishedCell(
        key=FactKey.parse(record["key"]),
        known_on=date.fromisoformat(record["known_on"]),
        content=_content(record["content"]),
        label=record["label"],
        expression=record["expression"],
        edition=edition,
        on=on,
        unit=Unit(record["unit"]),
    )


def _content_record(content: Content) -> dict[str, Any]:
    match content:
        case BelowThreshold(limit=limit, least=least):
            return {"kind": "below", "limit": limit, "least": least}
        case NotCommunicated(least=least):
            return {"kind": "nc", "least": least}
        case Withheld():
            return {"kind": "withheld"}
        case Shown(value) | Bounded(value):
            kind = "shown" if isinstance(content, Shown) else "bounded"
            return {"kind": kind, "low": _text(value.low), "high": _text(value.high)}


def _content(record: dict[str, Any]) -> Content:
    match record["kind"]:
        case "below":
            return BelowThreshold(limit=record["limit"], least=record["least"])
        case "nc":
            return NotCommunicated(least=record["least"])
        case "withheld":
            return Withheld()
        case "shown":
            return Shown(Value(_number(record["low"]), _number(record["high"])))
        case "bounded":
            return Bounded(Value(_number(record["low"]), _number(record["high"])))
    raise _Damaged(f"« {record['kind']} » n’est pas une façon de montrer un nombre")


def _statement_record(one: PublishedStatement) -> dict[str, Any]:
    return {
        "terms": [[str(key), known_on.isoformat(), str(weight)] for key, known_on, weight in one.terms],
        "low": _text(one.low),
        "high": _text(one.high),
        "low_strict": one.low_strict,
        "high_strict": one.high_strict,
        "said": one.said,
    }


def _statement(record: dict[str, Any]) -> PublishedStatement:
    return PublishedStatement(
        terms=tuple(
            (FactKey.parse(key), date.fromisoformat(known_on), Fraction(weight))
            for key, known_on, weight in record["terms"]
        ),
        low=_number(record["low"]),
        high=_number(record["high"]),
        low_strict=record["low_strict"],
        high_strict=record["high_strict"],
        said=record["said"],
    )


def _text(number: Fraction | None) -> str | None:
    """An exact fraction: a float would lie."""
    return None if number is None else str(number)


def _number(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)

"""Read a claims file and a facts file, or say in French what is wrong with them. [I/O]"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

from egide.errors import Defect, DeliveryRefused
from egide.indicators.claims import CLAIM_COLUMNS, FACT_COLUMNS
from egide.indicators.words import listed, quoted


def read_claims(path: Path) -> list[dict[str, str]]:
    """The rows of a claims file, as text. Raises DeliveryRefused when it is not one."""
    return _read(path, CLAIM_COLUMNS)


def read_facts(path: Path) -> list[dict[str, str]]:
    """The rows of a facts file, as text. Raises DeliveryRefused when it is not one."""
    return _read(path, FACT_COLUMNS)


def _read(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as problem:
        raise _refused(path, "un fichier lisible", problem.strerror or "rien", "Vérifiez son chemin.") from None
    except UnicodeDecodeError:
        way_out = "Enregistrez-le en « CSV UTF-8 »."
        raise _refused(path, "un texte en UTF-8", "un autre codage", way_out) from None
    try:
        reader = csv.DictReader(StringIO(text, newline=""), strict=True)
        heading = list(reader.fieldnames or ())
        rows = list(reader)
    except csv.Error as problem:
        way_out = "Séparez les cellules par des virgules et fermez les guillemets."
        raise _refused(path, "un fichier CSV bien formé", str(problem), way_out) from None
    missing = [column for column in columns if column not in heading]
    twice = sorted({column for column in heading if heading.count(column) > 1})
    if missing or twice:
        faults = [f"sans {listed(map(quoted, missing))}"] * bool(missing)
        faults += [f"avec deux fois {listed(map(quoted, twice))}"] * bool(twice)
        got = f"un fichier {' et '.join(faults)}" if heading else "un fichier vide"
        way_out = "Rétablissez la première ligne ; le séparateur est la virgule et une colonne peut rester vide."
        raise _refused(path, f"les colonnes {listed(columns)}", got, way_out)
    if not rows:
        raise _refused(path, "au moins une ligne", "une ligne de titres seule", "Complétez le fichier.")
    return rows


def _refused(path: Path, expected: str, got: str, way_out: str) -> DeliveryRefused:
    return DeliveryRefused([Defect(place=path.name, expected=expected, got=got, way_out=way_out)])

"""An edition is a folder of content without code: deliveries, series, prose, figures. Read whole, or refused. [I/O]"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from attrs import frozen

from egide.document.figures.parsing import parse_specs
from egide.document.figures.specs import FigureSpec, TableSpec
from egide.document.prose import ProseFile, read_prose
from egide.errors import Defect, EditionRefused
from egide.facts.model import SeriesKey
from egide.indicators.language import NamedSeries
from egide.letter.checks import Same, Within, parse_consistency, parse_inclusions


@frozen(kw_only=True)
class DeliveryEntry:
    """One file received: from whom, where it lies, when it came."""

    source: str
    file: Path
    received_on: date


@frozen(kw_only=True)
class Edition:
    """Everything one publication says, before a single number is looked up."""

    id: str
    title: str
    subtitle: str
    issue: str
    publisher: str
    published_on: date
    known_on: date  # facts are read as known on this day
    policy: str
    licence: str
    contact: str
    names: frozenset[str]  # proper names that hold digits
    institutions: Mapping[str, str]  # source id -> name under figures
    deliveries: tuple[DeliveryEntry, ...]
    series: Mapping[str, NamedSeries]
    prose: tuple[ProseFile, ...]
    figures: tuple[FigureSpec, ...]
    tables: tuple[TableSpec, ...]
    same: tuple[Same, ...]  # statements that must print alike
    within: tuple[Within, ...]  # counts that are part of others
    withheld: Mapping[str, str]  # series that the authors do not publish, and why
    keep: Mapping[str, str]  # expressions that must stay shown, and why
    ranges: Mapping[str, str]  # expressions to print `x < nc < y` rather than `nc`, and why
    accepted_leaks: Mapping[str, str]  # hidden counts that their source has already given away, and how
    file: str = "lettre"  # what its files are called
    called: str = "La Lettre"  # what its page calls it
    precaution: str = ""  # printed in its prose, carried by every file of data


def load_edition(folder: Path) -> Edition:
    """Read an edition's folder. Raises EditionRefused with every defect of its settings."""
    folder = folder.resolve()  # so that a refusal names it even when called "."
    settings = _toml(folder / "edition.toml")
    reader = _Settings(folder / "edition.toml", settings)
    head: dict[str, Any] = {name: reader.text(name) for name in _TEXTS} | {name: reader.day(name) for name in _DAYS}
    head |= {name: reader.text(name) for name in _OPTIONS if name in settings}
    if not re.fullmatch(r"[a-z0-9-]+", head.get("file", "lettre")):
        reader.defect(
            reader.name, "pour « file », des lettres sans accent et des tirets", _got(head["file"]), "Changez « file »."
        )
    names = frozenset(reader.texts("names"))
    institutions, withheld = reader.table("institutions"), reader.table("withheld")
    keep, ranges, accepted_leaks = (reader.table(name) for name in ("keep", "ranges", "accepted_leaks"))
    deliveries = tuple(reader.deliveries(folder))
    series = _series(folder / "series.toml", reader.defects)
    texts = {path.relative_to(folder).as_posix(): reader.prose(path) for path in sorted(folder.glob("prose/*.md"))}
    prose = tuple(read_prose(name, text) for name, text in texts.items())
    if not prose:
        reader.defect("prose/", "au moins un fichier .md", "aucun", "Écrivez prose/01-….md.")
    for name in sorted(set(withheld) - set(series)):
        reader.defect(reader.name, "le nom d’une série à ne pas publier", f"« {name} »", "Corrigez [withheld].")
    if reader.defects:
        raise EditionRefused(reader.defects)
    figures, tables = parse_specs(_toml(folder / "figures.toml"), names)
    path = folder / "consistency.toml"
    consistency = _toml(path) if path.exists() else {}
    return Edition(
        **head,
        names=names,
        institutions=institutions,
        deliveries=deliveries,
        series=series,
        prose=prose,
        figures=figures,
        tables=tables,
        withheld=withheld,
        keep=keep,
        ranges=ranges,
        accepted_leaks=accepted_leaks,
        same=parse_consistency(consistency),
        within=parse_inclusions(consistency),
    )


_TEXTS = ("id", "title", "subtitle", "issue", "publisher", "policy", "licence", "contact")
_DAYS = ("published_on", "known_on")
_OPTIONS = ("file", "called", "precaution")


class _Settings:
    """Reads `edition.toml` field by field and remembers what is missing or wrong."""

    def __init__(self, path: Path, settings: Mapping[str, Any]) -> None:
        self._path = path
        self.name = path.name
        self._settings = settings
        self.defects: list[Defect] = []

    def defect(self, place: str, expected: str, got: str, way_out: str) -> None:
        where = f"{self._path.parent.name}/{place}"
        self.defects.append(Defect(place=where, expected=expected, got=got, way_out=way_out))

    def text(self, name: str) -> str:
        found = self._settings.get(name)
        if not isinstance(found, str) or not found:
            self.defect(self.name, f"un texte « {name} »", _got(found), f'Ajoutez {name} = "…".')
            return ""
        return found

    def day(self, name: str) -> date:
        found = self._settings.get(name)
        if type(found) is not date:
            self.defect(self.name, f"un jour « {name} » sans guillemets", _got(found), f"Ajoutez {name} = 2026-04-02.")
            return date.min
        return found

    def texts(self, name: str) -> list[str]:
        found = self._settings.get(name, [])
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            self.defect(self.name, f"une liste de textes « {name} »", _got(found), f'Écrivez {name} = ["…", "…"].')
            return []
        return found

    def table(self, name: str) -> Mapping[str, str]:
        found = self._settings.get(name, {})
        if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
            self.defect(self.name, f"des textes sous [{name}]", _got(found), 'Écrivez une ligne nom = "…" par entrée.')
            return {}
        return found

    def prose(self, path: Path) -> str:
        try:
            return path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            line = path.read_bytes()[: error.start].count(b"\n") + 1
            place = f"prose/{path.name}, ligne {line}"
            self.defect(place, "un texte en UTF-8", "un autre codage", "Enregistrez le fichier en UTF-8.")
            return ""

    def deliveries(self, folder: Path) -> list[DeliveryEntry]:
        listed = self._settings.get("delivery", [])
        if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
            self.defect(self.name, "une suite de [[delivery]]", _got(listed), "Mettez deux crochets de chaque côté.")
            return []
        entries = []
        for rank, entry in enumerate(listed, start=1):
            source, file, received = (entry.get(name) for name in ("source", "file", "received_on"))
            path = folder / "deliveries" / str(file)
            if not (isinstance(source, str) and isinstance(file, str) and type(received) is date):
                self.defect(
                    self.name,
                    "source, file et received_on pour chaque [[delivery]]",
                    f"{dict(entry)} à la livraison n° {rank}",
                    "Complétez-la.",
                )
            elif not path.is_file():
                self.defect(f"deliveries/{file}", "le fichier livré", "rien", "Déposez-le ou retirez la livraison.")
            else:
                entries.append(DeliveryEntry(source=source, file=path, received_on=received))
        return entries


def _got(found: object) -> str:
    if isinstance(found, str | int | float | date):
        return f"« {found} »"
    return "rien" if found is None else "des entrées d’une autre sorte"


def _toml(path: Path) -> dict[str, Any]:
    place = f"{path.parent.name}/{path.name}"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        problem, way_out = "rien", f"Vérifiez que {path.parent} est le dossier d’une édition."
    except UnicodeDecodeError:
        problem, way_out = "un autre codage", "Enregistrez le fichier en UTF-8."
    except tomllib.TOMLDecodeError as error:
        said = _TOML_PLACE.search(str(error))
        place += f", ligne {said['line']}, colonne {said['column']}" if said else ""
        problem = f"une erreur d’écriture ({_TOML_PLACE.sub('', str(error))})"
        way_out = "Corrigez la ligne : un texte est entre guillemets, une liste entre crochets."
    raise EditionRefused([Defect(place=place, expected="un fichier TOML lisible", got=problem, way_out=way_out)])


_TOML_PLACE = re.compile(r" \(at line (?P<line>\d+), column (?P<column>\d+)\)")


def _series(path: Path, defects: list[Defect]) -> dict[str, NamedSeries]:
    named = {}
    for name, entry in _toml(path).items():
        try:
            key = SeriesKey(
                source=entry["source"],
                measure=entry["measure"],
                territory=entry["territory"],
                dims=entry.get("dims", {}),
            )
            named[name] = NamedSeries(name=name, key=key, label=entry["label"])
        except (KeyError, ValueError, TypeError) as problem:
            defects.append(
                Defect(
                    place=f"{path.name}, [{name}]",
                    expected="source, measure, territory, label et, au besoin, dims",
                    got=f"« {problem.args[0]} » absent" if isinstance(problem, KeyError) else str(problem),
                    way_out="Complétez la série.",
                )
            )
    return named

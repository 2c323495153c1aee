"""What must come with a collection: who collected, by what right, for what, where and when. Without it nothing is read.

The purpose is fixed: knowledge of a territory. Any other purpose, or none, is refused. Sites have codes, never names
or addresses. Source: docs/methods/census-hard-rules.md, rules 1, 13 and 16; docs/aipd-diagnostic.md.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from attrs import define, field, frozen

from egide.diagnostic.census.contacts import tells_contact
from egide.diagnostic.tables import unshown
from egide.errors import Defect, DeliveryRefused
from egide.reference import territories

PURPOSE = "connaissance d'un territoire"
MAX_CHARACTERS = 100_000
_SITE_CODE = re.compile(r"(?!(?:.*\d){6})[A-Z0-9][A-Z0-9-]{0,11}")  # six digits may be half a number
_REFERENCE = re.compile(r"(?=.*\d).{3,60}")
_KEPT = ("refus", "lacunes")  # written with the run and shown by `census counts`
_TEXTS = ("equipe", "autorisation", "base_legale", "refus", "lacunes")
_DAYS = ("autorisation_date", "aipd_date", "debut", "fin")
_COLLECTION = frozenset((*_TEXTS, *_DAYS, "aipd_numero", "finalite", "departement"))
_SITE = frozenset(("code", "categorie", "annonces", "pages", "comptage_exact"))


class Category(StrEnum):
    """How a site presents ads."""

    ESCORTING = "escorting"
    CLASSIFIEDS = "petites-annonces"
    MASSAGE = "massage"
    DATING = "rencontre"


@frozen(kw_only=True)
class Site:
    """A site under its code."""

    code: str
    category: Category
    ads: int | None  # as the site itself counts them, when it does
    pages: int | None  # of results, when known
    whole: bool  # were all its pages collected?


@frozen(kw_only=True, repr=False)
class Manifest:
    """One collection. The team is known to the run, and shown nowhere."""

    team: str
    authorisation: str
    authorised_on: date
    legal_basis: str
    dpia_number: str
    dpia_on: date
    first_day: date
    last_day: date
    department: str  # code of Insee, "62"
    sites: Mapping[str, Site]  # by code, in order of the file
    refusals: str  # sites or pages that refused to be read
    gaps: str  # what is known to be missing


def parse(content: bytes, file_name: str, today: date) -> Manifest:
    """Raises: DeliveryRefused with every defect at once."""
    try:
        found = tomllib.loads(content.decode("utf-8-sig")) if len(content) <= MAX_CHARACTERS else None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        found = None
    if found is None:
        got = "autre chose (accents, guillemets ou virgules à revoir)"
        raise DeliveryRefused(
            [Defect(place=file_name, expected="un fichier TOML en UTF-8", got=got, way_out="Partez du modèle fourni.")]
        )
    reader = _Reader(file_name=file_name)
    manifest = reader.manifest(found, today)
    if manifest is None or reader.defects:
        raise DeliveryRefused(reader.defects)
    return manifest


@define(kw_only=True)
class _Reader:
    file_name: str
    defects: list[Defect] = field(factory=list)

    def refuse(self, where: str, expected: str, got: str, way_out: str) -> None:
        self.defects.append(Defect(place=f"{self.file_name}, {where}", expected=expected, got=got, way_out=way_out))

    def manifest(self, found: Mapping[str, Any], today: date) -> Manifest | None:
        self._only(found, frozenset(("collecte", "site")), "premier niveau")
        collection = found.get("collecte")
        if not isinstance(collection, dict):
            self.refuse("[collecte]", "une partie [collecte]", "rien", "Partez du modèle fourni.")
            collection = {}
        self._only(collection, _COLLECTION, "[collecte]")
        texts = {name: self._text(collection, name) for name in _TEXTS}
        days = {name: self._day(collection, name, today) for name in _DAYS}
        number = self._text(collection, "aipd_numero")
        if number and not _REFERENCE.fullmatch(number):
            self.refuse(
                "aipd_numero", "la référence de l’AIPD, avec un numéro", "un texte sans chiffre", "Recopiez-la."
            )
        self._purpose(collection)
        department = self._department(collection)
        self._order(days)
        sites = self._sites(found.get("site"))
        known = {name: day for name, day in days.items() if day is not None}
        if self.defects or len(known) < len(days):
            return None
        return Manifest(
            team=texts["equipe"],
            authorisation=texts["autorisation"],
            authorised_on=known["autorisation_date"],
            legal_basis=texts["base_legale"],
            dpia_number=number,
            dpia_on=known["aipd_date"],
            first_day=known["debut"],
            last_day=known["fin"],
            department=department,
            sites=sites,
            refusals=texts["refus"],
            gaps=texts["lacunes"],
        )

    def _only(self, found: Mapping[str, Any], names: frozenset[str], where: str) -> None:
        strange = [name for name in found if name not in names]
        if strange:
            self.refuse(
                where,
                f"seulement {', '.join(sorted(names))}",
                f"{len(strange)} autre(s) nom(s)",
                "Supprimez ce que le modèle ne prévoit pas.",
            )

    def _text(self, collection: Mapping[str, Any], name: str) -> str:
        value = collection.get(name)
        if isinstance(value, str) and value.strip():
            if name in _KEPT and tells_contact(value):
                way_out = "Dites ce qui manque sans dire qui joindre\u00a0: ce texte est gardé et affiché."
                self.refuse(name, "un texte sans numéro ni adresse", unshown(value), way_out)
            return value.strip()
        way_out = (
            "S’il n’y en a pas, écrivez « aucun »." if name in ("refus", "lacunes") else "L’import attend ce texte."
        )
        self.refuse(name, "un texte", "rien" if value in (None, "") else "autre chose", way_out)
        return ""

    def _day(self, collection: Mapping[str, Any], name: str, today: date) -> date | None:
        value = collection.get(name)
        if not isinstance(value, date) or isinstance(value, datetime):
            got = "rien" if value is None else "autre chose"
            self.refuse(name, "un jour, écrit 2026-03-31 sans guillemets", got, "Écrivez la date.")
            return None
        if value > today:
            self.refuse(name, "un jour passé", "un jour à venir", "Vérifiez l’année.")
            return None
        return value

    def _purpose(self, collection: Mapping[str, Any]) -> None:
        value = collection.get("finalite")
        if not isinstance(value, str) or value.strip().replace("’", "'").casefold() != PURPOSE:
            self.refuse(
                "finalite",
                f"« {PURPOSE} »",
                "rien" if value is None else "une autre finalité",
                "Égide ne sert qu’à cela : aucune autre finalité n’est acceptée.",
            )

    def _department(self, collection: Mapping[str, Any]) -> str:
        value = collection.get("departement")
        if isinstance(value, str) and territories.is_territory(f"DEP-{value}"):
            return value
        got = "rien" if value is None else "autre chose"
        self.refuse("departement", 'le code d’un département, comme "62" ou "2A"', got, "Écrivez-le entre guillemets.")
        return ""

    def _order(self, days: Mapping[str, date | None]) -> None:
        first, last = days["debut"], days["fin"]
        if first is not None and last is not None and last < first:
            self.refuse("fin", "un jour après le début", "un jour avant", "Échangez ou corrigez les deux dates.")
        for name in ("autorisation_date", "aipd_date"):
            day = days[name]
            if day is not None and first is not None and day > first:
                self.refuse(
                    name,
                    "un jour avant le début de la collecte",
                    "un jour après",
                    "On ne collecte pas avant d’en avoir le droit.",
                )

    def _sites(self, found: Any) -> dict[str, Site]:
        if not isinstance(found, list) or not found:
            self.refuse("[[site]]", "au moins un site", "aucun", "Décrivez chaque site par une partie [[site]].")
            return {}
        sites: dict[str, Site] = {}
        for rank, raw in enumerate(found, start=1):
            where = f"[[site]] n° {rank}"
            if not isinstance(raw, dict):
                self.refuse(where, "une partie [[site]]", "autre chose", "Partez du modèle fourni.")
                continue
            self._only(raw, _SITE, where)
            code, category = raw.get("code"), raw.get("categorie")
            if not isinstance(code, str) or not _SITE_CODE.fullmatch(code):
                self.refuse(
                    f"{where}, code",
                    "un code de 1 à 12 capitales, chiffres (cinq au plus) ou tirets",
                    "rien" if code is None else "autre chose",
                    "Donnez un code, jamais le nom ni l’adresse du site.",
                )
            elif code in sites:
                self.refuse(f"{where}, code", "un code par site", "un code déjà donné", "Changez l’un des deux.")
            elif category not in list(Category):
                known = ", ".join(Category)
                self.refuse(f"{where}, categorie", f"l’une de : {known}", "autre chose", "Choisissez la plus proche.")
            else:
                sites[code] = Site(
                    code=code,
                    category=Category(category),
                    ads=self._count(raw, "annonces", where),
                    pages=self._count(raw, "pages", where),
                    whole=self._flag(raw, "comptage_exact", where),
                )
        return sites

    def _count(self, raw: Mapping[str, Any], name: str, where: str) -> int | None:
        value = raw.get(name)
        if value is None or (type(value) is int and value >= (1 if name == "pages" else 0)):
            return value
        self.refuse(
            f"{where}, {name}", "un nombre entier", "autre chose", "Laissez la ligne de côté s’il n’est pas connu."
        )
        return None

    def _flag(self, raw: Mapping[str, Any], name: str, where: str) -> bool:
        value = raw.get(name)
        if isinstance(value, bool):
            return value
        self.refuse(
            f"{where}, {name}",
            "true (toutes les pages ont été lues) ou false",
            "rien" if value is None else "autre chose",
            "Le comptage en dépend.",
        )
        return False

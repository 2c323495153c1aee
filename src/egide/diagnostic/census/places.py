"""The municipality behind a town as a site writes it: one code of Insee, or the list of those it could be.

Codes are those of 1 January 2026. A delegated or associated commune and an arrondissement of Paris, Lyon or
Marseille lead to their commune of that day; the source does not say since when. Nothing is guessed: a name that fits
two communes is ambiguous. Source: docs/methods/ad-census.md; lists: src/egide/reference/data/README.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache

from attrs import field, frozen

from egide.reference import load

DATED = date(2026, 1, 1)
FORMS = {
    "": "commune",
    "D": "commune déléguée",
    "A": "commune associée",
    "M": "arrondissement municipal",
}

_ARTICLES = ("le", "la", "les", "l")
_SHORT = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes", "ss": "sous", "s": "sur"}
_ORDINAL = re.compile(r"^(\d{1,2})(?:er|e|eme|nd|nde|re)?$")
_POSTAL = re.compile(r"(?<!\d)(\d{5})(?!\d)")
_DEPARTMENT = re.compile(r"\(\s*(\d{2,3}|2[abAB])\s*\)")


@frozen(kw_only=True)
class Municipality:
    """One line of the code list."""

    code: str
    name: str
    department: str
    epci: str  # "" for the few communes outside any
    form: str  # a key of FORMS
    present: str  # code of the commune of 1 January 2026 it belongs to: its own, most often
    postal: tuple[str, ...]


@frozen(kw_only=True)
class Place:
    """One commune of today. `former` is what was declared when it is now a part of it."""

    municipality: Municipality
    former: Municipality | None = None


@frozen(kw_only=True)
class Ambiguous:
    """Several communes have this name; a department or a postal code would tell."""

    candidates: tuple[Municipality, ...]


@frozen
class Unknown:
    """No commune has this name."""


@frozen(kw_only=True, repr=False)
class Gazetteer:
    """The code list with its names folded. `find` reads nothing else."""

    by_code: Mapping[str, Municipality]  # communes of today
    _by_name: Mapping[str, Sequence[Municipality]] = field(alias="by_name")
    _by_postal: Mapping[str, Sequence[Municipality]] = field(alias="by_postal")
    _by_insee: Mapping[str, Sequence[Municipality]] = field(alias="by_insee")

    def coded(self, insee: str) -> Place | Unknown:
        """The commune of today of a code of Insee, be it that of a former commune."""
        found = self._decided(self._by_insee.get(insee, ()), None)
        return found if isinstance(found, Place) else Unknown()

    def find(self, declared: str, department: str | None = None) -> Place | Ambiguous | Unknown:
        """What `declared` is, `department` being where the ads were collected.

        A postal code or a department in brackets inside `declared` comes first; then `department`, which only
        chooses among communes of one name: a town that exists elsewhere alone is found there.
        """
        postal = _POSTAL.search(declared)
        inside = _DEPARTMENT.search(declared)
        name = folded(_DEPARTMENT.sub(" ", _POSTAL.sub(" ", declared)))
        if name:
            candidates = list(self._by_name.get(name, ()))
            bare = _without_article(name)
            # « Mans » may be Le Mans or a commune named Mans; with its article it is the former alone.
            if bare == name or not candidates:
                candidates += [each for each in self._by_name.get(f"*{bare}", ()) if each not in candidates]
            if postal:
                candidates = [each for each in candidates if _has_postal(each, postal[1], self.by_code)]
        else:
            # Five digits alone may be a postal code or one of Insee: where they differ, nobody can tell.
            digits = postal[1] if postal else ""
            candidates = [*self._by_postal.get(digits, ()), *self._by_insee.get(digits, ())]
        if inside:
            wanted = inside[1].upper()
            candidates = [each for each in candidates if each.department == wanted]
        return self._decided(candidates, department)

    def _decided(self, candidates: Sequence[Municipality], department: str | None) -> Place | Ambiguous | Unknown:
        presents = {each.present for each in candidates}
        if len(presents) > 1 and department is not None:
            near = [each for each in candidates if each.department == department]
            if near:
                candidates, presents = near, {each.present for each in near}
        if not presents:
            return Unknown()
        if len(presents) > 1:
            return Ambiguous(candidates=tuple(sorted(candidates, key=lambda each: (each.code, each.form))))
        (code,) = presents
        own = any(each.code == code and not each.form for each in candidates)
        return Place(municipality=self.by_code[code], former=None if own else candidates[0])


@cache
def gazetteer() -> Gazetteer:
    """Every commune of 1 January 2026, overseas included, and what is now a part of one."""
    known = [
        Municipality(
            code=row["code"],
            name=row["nom"],
            department=row["departement"],
            epci=row["epci"],
            form=row["forme"],
            present=row["commune_actuelle"] or row["code"],
            postal=tuple(row["codes_postaux"].split()),
        )
        for row in load.table("communes")
    ]
    names: dict[str, list[Municipality]] = {}
    postal: dict[str, list[Municipality]] = {}
    insee: dict[str, list[Municipality]] = {}
    for each in known:
        insee.setdefault(each.code, []).append(each)
        name = folded(each.name)
        names.setdefault(name, []).append(each)
        names.setdefault(f"*{_without_article(name)}", []).append(each)
        for code in each.postal:
            postal.setdefault(code, []).append(each)
    current = {each.code: each for each in known if not each.form}
    return Gazetteer(by_code=current, by_name=names, by_postal=postal, by_insee=insee)


@cache
def epci_names() -> Mapping[str, str]:
    """SIREN of each EPCI with its own taxation → its name."""
    return {row["code"]: row["nom"] for row in load.table("epci")}


def folded(name: str) -> str:
    """A name without accents, case, hyphens and abbreviations: « S^t-Omer CEDEX 2 » is `saint omer`."""
    plain = unicodedata.normalize("NFKD", name.replace("œ", "oe").replace("Œ", "oe").replace("æ", "ae"))
    plain = "".join(char for char in plain if not unicodedata.combining(char)).lower()
    head, bracket, inside = plain.partition("(")
    if bracket and inside.strip(" )'’") in _ARTICLES:  # « Havre (Le) »
        plain = f"{inside.strip(' )')} {head}"
    words = re.sub(r"[^a-z0-9]+", " ", plain.replace("s/", "sur ")).split()
    if "cedex" in words:
        words = words[: words.index("cedex")]
    words = [_SHORT.get(word, word) if rank < len(words) - 1 else word for rank, word in enumerate(words)]
    words = [word for word in words if word not in ("arrondissement", "arrdt", "arr")]
    if words and (number := _ORDINAL.match(words[-1])):
        words[-1] = str(int(number[1]))
    return " ".join(words)


def _without_article(name: str) -> str:
    first, _, rest = name.partition(" ")
    return rest if rest and first in _ARTICLES else name


def _has_postal(each: Municipality, code: str, current: Mapping[str, Municipality]) -> bool:
    """A former commune has no postal code in the list: those of its commune of today stand for it."""
    return code in (each.postal or current[each.present].postal)

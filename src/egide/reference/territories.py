"""Where a number holds: national scopes, regions, departments. Codes of Insee, written `DEP-62`, `REG-11`, `FR`.

The three national scopes are different things and are never compared without saying so:
`FR` (France), `FR_HORS_COM` (without the overseas collectivities), `FR_AVEC_COM` (with them).
"""

from __future__ import annotations

from functools import cache

from egide.errors import UnknownIdentifier
from egide.reference import load

SCOPES = {
    "FR": "France",
    "FR_HORS_COM": "France (hors COM)",
    "FR_AVEC_COM": "France (dont COM)",
}


@cache
def _departments() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in load.table("departements")}


@cache
def _regions() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in load.table("regions")}


def is_territory(code: str) -> bool:
    kind, _, number = code.partition("-")
    known = {"DEP": _departments, "REG": _regions}.get(kind, dict)()
    return code in SCOPES or number in known


def territory_name(code: str) -> str:
    """French name. Raises UnknownIdentifier for a code that is not in the lists."""
    if code in SCOPES:
        return SCOPES[code]
    if not is_territory(code):
        raise UnknownIdentifier(f"« {code} » n’est ni un champ national, ni une région, ni un département.")
    kind, _, number = code.partition("-")
    return (_departments() if kind == "DEP" else _regions())[number]["nom"]


def contains(whole: str, part: str) -> bool:
    """Does the first territory contain the second, or equal it? Collectivities lie in `FR_AVEC_COM` only."""
    if whole == part:
        return True
    if part in SCOPES:
        return False
    zone = _zone(part)
    if whole in SCOPES:
        return zone != "com" or whole == "FR_AVEC_COM"
    return whole.startswith("REG-") and part.startswith("DEP-") and _departments()[part[4:]]["region"] == whole[4:]


def _zone(code: str) -> str:
    if not is_territory(code):
        raise UnknownIdentifier(f"« {code} » n’est ni un champ national, ni une région, ni un département.")
    kind, _, number = code.partition("-")
    return (_departments() if kind == "DEP" else _regions())[number]["zone"]

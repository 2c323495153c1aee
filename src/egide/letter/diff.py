"""What changed between two publications: by how much, and which sentences say so. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from attrs import asdict, frozen

from egide.document.typography import Style, quantity
from egide.errors import EgideError
from egide.facts.model import Unit
from egide.letter.record import FORMAT


@frozen(kw_only=True)
class Change:
    """One number that is not what it was. `kind`: revised, beneath (it still prints alike), added,
    withdrawn, firmed (same value, another status)."""

    kind: str
    key: str
    label: str
    old: str
    new: str
    old_status: str
    new_status: str
    difference: str  # new − old, signed; empty when either is not exact
    percent: str  # the same in % of the old value; empty when that has no meaning
    sentences: tuple[str, ...]  # of the older publication: those that no longer hold as written


@frozen(kw_only=True)
class Difference:
    old: str
    new: str
    changes: tuple[Change, ...]

    def to_json(self) -> dict[str, Any]:
        return {"old": self.old, "new": self.new, "changes": [asdict(change) for change in self.changes]}

    def text(self) -> str:
        """For a terminal: revisions first, with their size and the sentences they touch."""
        if not self.changes:
            return f"Aucune différence entre {self.old} et {self.new}."
        lines = [f"De {self.old} à {self.new} : {len(self.changes)} différence{'s' if len(self.changes) > 1 else ''}."]
        for kind, title in _TITLES.items():
            group = [change for change in self.changes if change.kind == kind]
            if group:
                lines += ["", f"{title} : {len(group)}"]
            for change in group:
                lines += _lines(change)
        return "\n".join(lines)


_TITLES = {
    "revised": "Valeurs révisées",
    "beneath": "Valeurs révisées de moins que l’arrondi, imprimées comme avant",
    "firmed": "Statuts changés, valeur inchangée",
    "added": "Nombres nouveaux",
    "withdrawn": "Nombres disparus",
}


def _lines(change: Change) -> list[str]:
    size = " ; ".join(part for part in (change.difference, change.percent) if part)
    arrow = {
        "revised": f"{change.old} → {change.new}" + (f" ({size})" if size else ""),
        "beneath": change.new,
        "firmed": f"{change.new} : {change.old_status} → {change.new_status}",
        "added": change.new,
        "withdrawn": change.old,
    }[change.kind]
    return [f"  {change.label} : {arrow}", f"    {change.key}", *(f"    · {said}" for said in change.sentences)]


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> Difference:
    """Compare two records made by `egide.letter.record`. Raises EgideError for anything else.

    Numbers are paired by what they count, not by when they were known.
    """
    for one in (old, new):
        if one.get("format") != FORMAT:
            raise EgideError(f"Ce n’est pas un fichier de trace d’Égide (format « {one.get('format')} »).")
    before = {number["key"]: number for number in old["numbers"]}
    after = {number["key"]: number for number in new["numbers"]}
    keys = [*before, *(key for key in after if key not in before)]
    changes = [change for key in keys if (change := _change(key, before.get(key), after.get(key))) is not None]
    return Difference(old=_name(old), new=_name(new), changes=tuple(changes))


def _name(record: Mapping[str, Any]) -> str:
    return f"{record['issue']} (connu au {record['known_on']})"


def _change(key: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Change | None:
    if old is not None and new is not None:
        same_value = old["shown"] == new["shown"] and (old["low"], old["high"]) == (new["low"], new["high"])
        if same_value and old["status"] == new["status"]:
            return None
        alike = old["shown"] == new["shown"]
        kind = "firmed" if same_value else "beneath" if alike else "revised"
    else:
        kind = "added" if old is None else "withdrawn"
    difference, percent = _size(old, new)
    either = new or old or {}
    return Change(
        kind=kind,
        key=key,
        label=either["label"],
        old=old["shown"] if old else "",
        new=new["shown"] if new else "",
        old_status=old["status"] if old else "",
        new_status=new["status"] if new else "",
        difference=difference,
        percent=percent,
        sentences=tuple(use["sentence"] for use in old["said_in"]) if old and kind in ("revised", "withdrawn") else (),
    )


def _size(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> tuple[str, str]:
    a, b = _exact(old), _exact(new)
    if old is None or a is None or b is None or a == b:
        return "", ""
    unit = Unit(old["unit"])
    moved = quantity(b - a, Unit.POINTS if unit is Unit.PERCENT else unit, style=Style.SIGNED)
    if a == 0 or unit is not Unit.COUNT:
        return moved, ""
    return moved, quantity(100 * (b - a) / a, Unit.PERCENT, style=Style.SIGNED, places=1)


def _exact(number: Mapping[str, Any] | None) -> Fraction | None:
    if number is None or number["low"] is None or number["low"] != number["high"]:
        return None
    return Fraction(number["low"])

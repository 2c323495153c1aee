"""The details of an entry of the journal, in French for who reads it. Pure: the journal itself keeps its codes."""

import json
import re
from typing import Final

from egide_registry.psp.rules.states import TABLES

NAMES: Final = {
    "act": "acte",
    "appeal": "recours",
    "document": "pièce",
    "due": "échéance",
    "entries": "inscriptions lues",
    "export": "export",
    "factor": "facteur",
    "form": "forme",
    "formation": "formation",
    "how": "moyen",
    "kind": "nature",
    "limit": "limite",
    "mandate": "mandat",
    "members": "membres",
    "moment": "moment",
    "page": "page",
    "period": "période",
    "person": "personne",
    "reason": "motif",
    "request": "demande",
    "role": "rôle",
    "second": "seconde personne",
    "section": "rubrique",
    "session": "séance",
    "step": "étape",
    "to": "vers",
    "transfer": "transfert",
    "until": "jusqu’au",
}
ACTS: Final = {act.act: act.label for table in TABLES.values() for act in table.transitions}
IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def detail_in_words(detail: str) -> str:
    """`{"act":"grant","request":"…"}` as « acte : Autoriser le parcours, demande : 3f9c21ab ». Unknown codes stay."""
    return ", ".join(
        f"{NAMES.get(name, name)}\u00a0: {_value(name, value)}" for name, value in json.loads(detail).items()
    )


def _value(name: str, value: str | int) -> str:
    said = str(value)
    if name == "act":
        return ACTS.get(said, said)
    return said[:8] if IDENTIFIER.fullmatch(said) else said

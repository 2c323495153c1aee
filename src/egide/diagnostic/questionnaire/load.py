"""The questionnaires that travel with the package. [I/O: reads them]"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from egide.diagnostic.questionnaire.model import QUESTIONS, Questionnaire, questionnaire_from
from egide.errors import UnknownIdentifier

LATEST = "1"


@cache
def load(version: str = LATEST) -> Questionnaire:
    """One version. Raises UnknownIdentifier."""
    if version not in QUESTIONS:
        known = ", ".join(QUESTIONS)
        raise UnknownIdentifier(
            f"Version du questionnaire\u00a0: attendu {known}. Mettez Égide à jour, ou demandez laquelle."
        )
    path = files("egide.diagnostic.questionnaire") / "data" / f"questionnaire-{version}.json"
    return questionnaire_from(json.loads(path.read_text(encoding="utf-8")))

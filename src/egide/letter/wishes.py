"""What authors ask of the secret: expressions that must stay shown, and those to be printed as ranges. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from egide.disclosure.release import Candidate
from egide.errors import Defect, EditionRefused, EgideError
from egide.facts.model import Fact, FactKey
from egide.indicators.language import Reference, parse


def facts_named(texts: Iterable[str], requested: Mapping[str, Candidate], place: str) -> tuple[FactKey, ...]:
    """The facts that these expressions are or are computed from, each once, in order.

    In:     `requested`, the candidates to publication by canonical expression; `place`, where the texts are written.
    Raises: EditionRefused for those that cannot be read, or whose facts are not to be published, all at once.
    """
    found: dict[FactKey, None] = {}
    defects = []
    for text in texts:
        try:
            names = [str(Reference(*one)) for one in parse(text).references()]
        except EgideError as problem:
            defects.append(_defect(place, text, str(problem)))
            continue
        for name in names:
            fact = requested.get(name)
            if isinstance(fact, Fact):
                found[fact.key] = None
            else:
                defects.append(_defect(place, text, f"«\u00a0{name}\u00a0» n’est pas dans ce que l’édition publie."))
    if defects:
        raise EditionRefused(defects)
    return tuple(found)


def _defect(place: str, text: str, problem: str) -> Defect:
    return Defect(
        place=place, expected="une expression que l’édition publie", got=f"«\u00a0{text}\u00a0»", way_out=problem
    )

"""Fields of the form, read against the questionnaire: known names, known options, bounded lengths, all defects at once.

The page, the receiver and the reader of sealed files share these names and limits; none of them trusts the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from attrs import frozen

from egide.diagnostic.questionnaire.answers import Entry
from egide.diagnostic.questionnaire.model import Kind, Place, Questionnaire
from egide.errors import Defect, DeliveryRefused

MOST_SITUATIONS = 12  # in one answer; a second answer can follow
MOST_FIELDS = 3000
LONGEST = {
    Kind.TEXT: 500,
    Kind.LONG_TEXT: 4000,
    Kind.NUMBER: 60,
    Kind.CHOICE: 500,
}  # characters; CHOICE: words beside it

Pair = tuple[str, str]
_NBSP = "\u00a0"


@frozen(kw_only=True)
class Target:
    place: Place
    other: bool


def form_places(questionnaire: Questionnaire, situations: int) -> Iterator[Place]:
    """The places of the form, in order: never a personal question."""
    for place, _ in questionnaire.places(situations):
        if not questionnaire.by_id[place.question].personal:
            yield place


@lru_cache(maxsize=4)
def _targets(questionnaire: Questionnaire) -> Mapping[str, Target]:
    targets: dict[str, Target] = {}
    for place in form_places(questionnaire, MOST_SITUATIONS):
        targets[place.name] = Target(place=place, other=False)
        if questionnaire.by_id[place.question].other:
            targets[place.other_name] = Target(place=place, other=True)
    return targets


def read_fields(questionnaire: Questionnaire, pairs: Iterable[Pair], *, source: str) -> dict[Place, Entry]:
    """Entries by place; empty values are nothing. `source` is how a message names the file.

    Raises DeliveryRefused with every defect. A message never holds a value: only its length.
    """
    targets = _targets(questionnaire)
    entries: dict[Place, Entry] = {}
    defects: list[Defect] = []
    for rank, (name, raw) in enumerate(pairs):
        value = raw.replace("\r\n", "\n").strip()
        if rank >= MOST_FIELDS:
            defects.append(_defect(source, f"au plus {MOST_FIELDS} champs", "davantage"))
            break
        if name not in targets:
            defects.append(_defect(source, "les champs du formulaire", f"le champ n°{_NBSP}{rank + 1}, inconnu"))
        elif value:
            _enter(questionnaire, targets[name], value, f"{source}, champ {name}", entries, defects)
    if defects:
        raise DeliveryRefused(defects)
    return entries


def _enter(
    questionnaire: Questionnaire,
    target: Target,
    value: str,
    where: str,
    entries: dict[Place, Entry],
    defects: list[Defect],
) -> None:
    question = questionnaire.by_id[target.place.question]
    former = entries.get(target.place, Entry())
    got = f"un texte de {len(value)} caractères"
    if question.kind is Kind.CHOICE and not target.other:
        if value not in question.codes:
            defects.append(_defect(where, "l’une des options de la question", got))
        elif former.codes and not question.multiple:
            defects.append(_defect(where, "une seule option", "plusieurs"))
        else:
            codes = former.codes | {value}
            entries[target.place] = Entry(codes=codes, other=former.other)
    elif len(value) > LONGEST[question.kind]:
        defects.append(_defect(where, f"au plus {LONGEST[question.kind]} caractères", got))
    elif former.other if target.other else former.text:
        defects.append(_defect(where, "un seul texte", "plusieurs"))
    elif target.other:
        entries[target.place] = Entry(codes=former.codes, other=value)
    else:
        entries[target.place] = Entry(text=value)


def _defect(place: str, expected: str, got: str) -> Defect:
    way_out = (
        "Ce n’est pas une réponse de ce formulaire, ou il a été modifié. Utilisez la page telle qu’elle est remise."
    )
    return Defect(place=place, expected=expected, got=got, way_out=way_out)

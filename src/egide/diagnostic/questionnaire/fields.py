"""Fields of the form, read against the questionnaire: known names, known options, bounded lengths, all defects at once.

The page, the receiver and the reader of sealed files share these names and limits; none of them trusts the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from attrs import frozen

from egide.diagnostic.questionnaire.answers import Entry
from egide.diagnostic.questionnaire.model import Kind, Place, Questionnaire
from egide.diagnostic.tables import unshown
from egide.errors import Defect, DeliveryRefused
from egide.sources.messages import NBSP

MOST_SITUATIONS = 12  # in one answer; a second answer can follow
MOST_FIELDS = 3000
# In characters; for a choice, those of the words beside it.
LONGEST = {Kind.TEXT: 500, Kind.LONG_TEXT: 4000, Kind.NUMBER: 60, Kind.CHOICE: 500}

Pair = tuple[str, str]


@frozen(kw_only=True)
class Field:
    """What a name of the form stands for: a place, or the words beside its option "autre"."""

    place: Place
    other: bool


def form_places(questionnaire: Questionnaire, situations: int) -> Iterator[Place]:
    """The places of the form, in order: never a personal question."""
    for place, _ in questionnaire.places(situations):
        if not questionnaire.by_id[place.question].personal:
            yield place


@lru_cache(maxsize=4)
def _known_fields(questionnaire: Questionnaire) -> Mapping[str, Field]:
    known: dict[str, Field] = {}
    for place in form_places(questionnaire, MOST_SITUATIONS):
        known[place.name] = Field(place=place, other=False)
        if questionnaire.by_id[place.question].other:
            known[place.other_name] = Field(place=place, other=True)
    return known


def read_fields(questionnaire: Questionnaire, pairs: Iterable[Pair], *, source: str) -> dict[Place, Entry]:
    """Entries by place; empty values are nothing. `source` is how a message names the file.

    Raises DeliveryRefused with every defect. A message never holds a value: only its length.
    """
    known = _known_fields(questionnaire)
    entries: dict[Place, Entry] = {}
    defects: list[Defect] = []
    for rank, (name, raw) in enumerate(pairs):
        value = raw.replace("\r\n", "\n").strip()
        if rank >= MOST_FIELDS:
            defects.append(_defect(source, f"au plus {MOST_FIELDS} champs", "davantage"))
            break
        if name not in known:
            defects.append(_defect(source, "les champs du formulaire", f"le champ n°{NBSP}{rank + 1}, inconnu"))
        elif value:
            _enter(questionnaire, known[name], value, f"{source}, champ {name}", entries, defects)
    if defects:
        raise DeliveryRefused(defects)
    return entries


def _enter(
    questionnaire: Questionnaire,
    field: Field,
    value: str,
    where: str,
    entries: dict[Place, Entry],
    defects: list[Defect],
) -> None:
    question = questionnaire.by_id[field.place.question]
    former = entries.get(field.place, Entry())
    got = unshown(value)
    if question.kind is Kind.CHOICE and not field.other:
        if value not in question.codes:
            defects.append(_defect(where, "l’une des options de la question", got))
        elif former.codes and not question.multiple:
            defects.append(_defect(where, "une seule option", "plusieurs"))
        else:
            codes = former.codes | {value}
            entries[field.place] = Entry(codes=codes, other=former.other)
    elif len(value) > LONGEST[question.kind]:
        defects.append(_defect(where, f"au plus {LONGEST[question.kind]} caractères", got))
    elif former.other if field.other else former.text:
        defects.append(_defect(where, "un seul texte", "plusieurs"))
    elif field.other:
        entries[field.place] = Entry(codes=former.codes, other=value)
    else:
        entries[field.place] = Entry(text=value)


def _defect(place: str, expected: str, got: str) -> Defect:
    way_out = (
        "Ce n’est pas une réponse de ce formulaire, ou il a été modifié. Utilisez la page telle qu’elle est remise."
    )
    return Defect(place=place, expected=expected, got=got, way_out=way_out)

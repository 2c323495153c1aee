"""Read a form from its JSON file, or refuse it with everything that is wrong.

A form is a file `<kind>-<version>.json` of `egide_registry/psp/schemas`. A version that was used is never edited: a
change is a new file, so that old answers are read again as they were asked. A key that nothing reads is refused: a
rule that is written but not checked would deceive.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any, TypeVar

from attrs import evolve

from egide.errors import Defect
from egide_registry.psp.rules.form_model import (
    CODED,
    CONSENT_QUESTIONS,
    LISTED,
    STATISTICS_CONSENT,
    TEXTS,
    YES,
    Condition,
    Consent,
    Kind,
    Question,
    Schema,
    SchemaRefused,
    Section,
    Sensitivity,
    Statistics,
    frozen_map,
)

_FILE = re.compile(r"([a-z]+)-([1-9][0-9]*)\.json")
_ID = re.compile(r"[a-z][a-z0-9_]*")
_CODE = re.compile(r"[a-z0-9][a-z0-9_]*")
_YES_NO_UNKNOWN = MappingProxyType({YES: "Oui", "no": "Non", "unknown": "Ne sait pas"})
_Word = TypeVar("_Word", bound=StrEnum)
_Keys = Mapping[str, type]

_SCHEMA: _Keys = {"title": str, "before": list, "sections": list, "consents": list}
_SECTION: _Keys = {"id": str, "title": str, "questions": list}
_SECTION_MORE: _Keys = {"statistical": bool, "introduction": str}
_QUESTION: _Keys = {"id": str, "label": str, "kind": str, "use": str, "sensitivity": str}
_QUESTION_MORE: _Keys = {
    **{"required": bool, "past": bool, "carried": bool, "choices": dict, "shown_when": dict},
    **{"max_length": int, "minimum": int, "maximum": int, "statistics": str},
    **{"unit": str, "must": str, "must_reason": str, "hint": str, "source": str},
}
_CONDITION: _Keys = {"question": str, "among": list}
_CONSENT: _Keys = {
    name: str for name in ("id", "question", "purpose", "recipient", "text_version", "text", "withdrawal")
}
_FRENCH = {str: "un texte", list: "une liste", dict: "un objet", bool: "true ou false", int: "un nombre entier"}


@cache
def versions(kind: str) -> tuple[int, ...]:
    """Every version of this form, the first one first; empty when there is no such form."""
    names = (_FILE.fullmatch(one.name) for one in _folder().iterdir())
    return tuple(sorted(int(name[2]) for name in names if name is not None and name[1] == kind))


@cache
def load(kind: str, version: int) -> Schema:
    """The form as it was in this version. Raises SchemaRefused, with every defect, when absent or ill-formed."""
    if version not in versions(kind):
        known = ", ".join(map(str, versions(kind))) or "aucune"
        expected = f"une version connue ({known})"
        raise SchemaRefused(
            [_at(f"formulaire {kind}", expected, str(version), "Les versions sont les fichiers de psp/schemas.")]
        )
    return parse(json.loads((_folder() / f"{kind}-{version}.json").read_text(encoding="utf-8")), kind, version)


@cache
def countries() -> Mapping[str, str]:
    """Code of ISO 3166-1 → French name, in the order of the list; `stateless` and `unknown` come last."""
    return frozen_map(json.loads((_folder() / "countries.json").read_text(encoding="utf-8")))


def _folder() -> Traversable:
    return resources.files("egide_registry.psp").joinpath("schemas")


def parse(raw: Mapping[str, Any], kind: str, version: int) -> Schema:
    """Make a form of its JSON. Raises SchemaRefused with every defect, in the order of the file."""
    reader = _Reader(f"formulaire {kind}-{version}")
    schema = reader.schema(raw, kind, version)
    if reader.defects or schema is None:
        raise SchemaRefused(reader.defects)
    return schema


def _at(place: str, expected: str, got: str, way_out: str) -> Defect:
    return Defect(place=place, expected=expected, got=got, way_out=way_out)


class _Reader:
    """Goes through one file once and keeps what is wrong; what could be read is read on."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.defects: list[Defect] = []
        self.asked: dict[str, Question] = {}  # the questions read so far: what a condition may look at

    def expect(self, holds: bool, place: str, expected: str, got: object, way_out: str) -> bool:
        if not holds:
            self.defects.append(_at(place, expected, str(got), way_out))
        return holds

    def typed(self, raw: object, place: str, required: _Keys, more: _Keys = MappingProxyType({})) -> dict[str, Any]:
        """The keys of an object that are known and of the right type; the others become defects."""
        if not isinstance(raw, dict):
            self.expect(False, place, "un objet", type(raw).__name__, "Écrivez { … }.")
            return {}
        known, found = {**required, **more}, {}
        for key in sorted(raw.keys() - known.keys()):
            self.expect(False, place, f"une clé parmi {', '.join(known)}", key, "Retirez-la ou corrigez-la.")
        for key, wanted in known.items():
            if key not in raw:
                self.expect(key not in required, place, f"la clé {key}", "rien", "Ajoutez-la.")
            elif type(raw[key]) is not wanted:
                self.expect(False, f"{place}, {key}", _FRENCH[wanted], type(raw[key]).__name__, "Corrigez la valeur.")
            elif wanted is str and not raw[key].strip():
                self.expect(False, f"{place}, {key}", "un texte", "un texte vide", "Écrivez-le.")
            else:
                found[key] = raw[key]
        return found

    def word(self, words: type[_Word], said: str, place: str) -> _Word | None:
        known = [word.value for word in words]
        self.expect(said in known, place, f"un mot parmi {', '.join(known)}", said, "Corrigez-le.")
        return words(said) if said in known else None

    def texts(self, raw: Iterable[object], place: str) -> tuple[str, ...]:
        said = tuple(one for one in raw if isinstance(one, str) and one.strip())
        self.expect(len(said) == len(list(raw)) > 0, place, "des textes, au moins un", "autre chose", "Corrigez.")
        return said

    def schema(self, raw: object, kind: str, version: int) -> Schema | None:
        said = self.typed(raw, self.name, _SCHEMA)
        sections = tuple(self.sections(said.get("sections", ())))
        consents = tuple(self.consents(said.get("consents", ())))
        self.statistics_have_a_consent(consents)
        before = self.texts(said.get("before", ()), f"{self.name}, before")
        if self.defects:
            return None
        return Schema(
            kind=kind, version=version, title=said["title"], before=before, sections=sections, consents=consents
        )

    def sections(self, raw: Iterable[object]) -> Iterable[Section]:
        names: set[str] = set()
        for number, one in enumerate(raw, start=1):
            place = f"{self.name}, rubrique {number}"
            said = self.typed(one, place, _SECTION, _SECTION_MORE)
            place = f"{self.name}, rubrique {said.get('id', number)}"
            self.identifier(said.get("id"), names, place)
            self.expect(bool(said.get("questions", True)), place, "au moins une question", "aucune", "Ajoutez-en une.")
            statistical = said.get("statistical", False)
            questions = tuple(self.questions(said.pop("questions", ()), place, statistical))
            if said.keys() >= {"id", "title"}:
                yield Section(**said, questions=questions)

    def identifier(self, name: str | None, taken: set[str], place: str) -> None:
        if name is None:
            return
        self.expect(bool(_ID.fullmatch(name)), place, "un id en minuscules", name, "Lettres a-z, chiffres et _.")
        self.expect(
            name not in taken, place, "un id que nul autre ne porte", f"{name} deux fois", "Changez l’un d’eux."
        )
        taken.add(name)

    def questions(self, raw: Iterable[object], section: str, statistical: bool) -> Iterable[Question]:
        for number, one in enumerate(raw, start=1):
            place = f"{section}, question {number}"
            said = self.typed(one, place, _QUESTION, _QUESTION_MORE)
            place = f"{section}, question {said.get('id', number)}"
            self.identifier(said.get("id"), set(self.asked), place)
            kind = self.word(Kind, said["kind"], f"{place}, kind") if "kind" in said else None
            sensitivity = self.word(
                Sensitivity, said.get("sensitivity", Sensitivity.SITUATION), f"{place}, sensitivity"
            )
            counted = self.word(Statistics, said.get("statistics", Statistics.NEVER), f"{place}, statistics")
            condition = self.condition(said.get("shown_when"), place)
            if kind is None or sensitivity is None or counted is None or not said.keys() >= set(_QUESTION):
                continue
            said |= {"kind": kind, "sensitivity": sensitivity, "statistics": counted, "shown_when": condition}
            question = self.coded(Question(**said), place)
            self.coherent(question, place, statistical)
            self.asked.setdefault(question.id, question)
            yield question

    def coded(self, question: Question, place: str) -> Question:
        """The question with its codes: its own, or those that its kind gives."""
        if question.kind in LISTED:
            for code, label in question.choices.items():
                said = bool(_CODE.fullmatch(code)) and isinstance(label, str) and bool(label.strip())
                self.expect(said, f"{place}, choices", "un code en minuscules et son libellé", code, "Corrigez-les.")
            self.expect(len(question.choices) > 1, place, "au moins deux choix", len(question.choices), "Ajoutez-en.")
            return question
        got = f"choices pour {question.kind.value}"
        self.expect(not question.choices, place, "choices pour choice ou choices", got, "Retirez choices.")
        if question.kind is Kind.YES_NO_UNKNOWN:
            return evolve(question, choices=_YES_NO_UNKNOWN)
        return evolve(question, choices=countries()) if question.kind is Kind.COUNTRY else question

    def condition(self, raw: object, place: str) -> Condition | None:
        if raw is None:
            return None
        place = f"{place}, shown_when"
        said = self.typed(raw, place, _CONDITION)
        if said.keys() != set(_CONDITION):
            return None
        name, among = said["question"], self.texts(said["among"], f"{place}, among")
        earlier = self.asked.get(name)
        if not self.expect(
            earlier is not None, place, "une question posée plus haut", name, "Changez l’ordre ou l’id."
        ):
            return None
        assert earlier is not None
        unknown = [code for code in among if code not in earlier.choices]
        self.expect(not unknown, place, f"des codes de {name}", ", ".join(unknown), "Corrigez among.")
        return Condition(question=name, among=among)

    def coherent(self, asked: Question, place: str, statistical: bool) -> None:
        """What one question may say, taken together."""
        is_text, is_number = asked.kind in TEXTS, asked.kind is Kind.NUMBER
        bounded = asked.minimum is not None and asked.maximum is not None and asked.minimum <= asked.maximum
        unbounded = asked.minimum is None and asked.maximum is None and not asked.unit
        long_enough = (asked.max_length or 0) > 0 if is_text else asked.max_length is None
        counted, of_kind = asked.statistics is not Statistics.NEVER, asked.kind.value
        self.expect(long_enough, place, "max_length pour un texte, et lui seul", asked.max_length, "Corrigez.")
        bounds = "minimum et maximum pour un nombre, et lui seul"
        self.expect(bounded if is_number else unbounded, place, bounds, of_kind, "Corrigez les bornes.")
        self.expect(asked.kind is Kind.DATE or not asked.past, place, "past pour une date", of_kind, "Retirez past.")
        self.expect(
            asked.kind in CODED or not counted,
            place,
            "une réponse codée pour statistics",
            of_kind,
            "Retirez statistics.",
        )
        self.expect(
            not asked.must or asked.must in asked.choices, place, "must parmi les codes", asked.must, "Corrigez."
        )
        self.expect(
            bool(asked.must) == bool(asked.must_reason), place, "must avec must_reason", "l’un seul", "Complétez."
        )
        parent = self.asked.get(asked.shown_when.question) if asked.shown_when is not None else None
        lost = asked.carried and parent is not None and not parent.carried
        said = "une question reprise avec celle dont elle dépend"
        self.expect(not lost, place, said, "carried pour elle seule", "Retirez carried ou la condition.")
        if statistical:
            fair = asked.statistics is Statistics.CONSENT and not asked.required
            said = "une question facultative, comptée avec accord (statistics: consent)"
            self.expect(fair, place, said, "autre chose", "Déplacez-la ou rendez-la facultative.")

    def consents(self, raw: Iterable[object]) -> Iterable[Consent]:
        names: set[str] = set()
        for number, one in enumerate(raw, start=1):
            place = f"{self.name}, accord {number}"
            said = self.typed(one, place, _CONSENT)
            self.identifier(said.get("id"), names, place)
            asked = self.asked.get(said.get("question", ""))
            yes = asked is not None and asked.kind is Kind.CHOICE and YES in asked.choices
            self.expect(yes, place, "une question à choix avec le code yes", said.get("question"), "Corrigez question.")
            if said.keys() == set(_CONSENT):
                yield Consent(**said)
        absent = [name for name in CONSENT_QUESTIONS if names and name not in self.asked]
        self.expect(not absent, self.name, "langue, interprète et date de l’accord", ", ".join(absent), "Ajoutez-les.")

    def statistics_have_a_consent(self, consents: Iterable[Consent]) -> None:
        counted = [one.id for one in self.asked.values() if one.statistics is Statistics.CONSENT]
        given = STATISTICS_CONSENT in {one.id for one in consents}
        said = f"un accord « {STATISTICS_CONSENT} »"
        self.expect(
            given or not counted, self.name, said, f"aucun, pour {', '.join(counted)}", "Ajoutez-le à consents."
        )

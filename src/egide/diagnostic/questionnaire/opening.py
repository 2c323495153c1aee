"""A folder of sealed answers, opened at once: all of them, or none with the list of those that do not open."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from attrs import frozen

from egide.diagnostic.questionnaire.answers import Received, assemble
from egide.diagnostic.questionnaire.fields import read_fields
from egide.diagnostic.questionnaire.keys import PrivateKey
from egide.diagnostic.questionnaire.model import Questionnaire
from egide.diagnostic.questionnaire.sealing import Content, Unsealable, WrongKey, unseal
from egide.errors import Defect, DeliveryRefused, UnknownIdentifier


@frozen(kw_only=True, repr=False)
class Opened:
    received: tuple[Received, ...]
    twice: int  # files that hold an answer already there: sent again, counted once


def opened(files: Mapping[str, bytes], key: PrivateKey, *, questionnaire: Callable[[str], Questionnaire]) -> Opened:
    """`files` by name; `questionnaire` gives the one of a version, or raises UnknownIdentifier.

    Raises DeliveryRefused with every file at fault and nothing of what they hold.
    """
    contents: dict[str, Content] = {}
    received: list[Received] = []
    defects: list[Defect] = []
    twice = 0
    for name, sealed in files.items():
        try:
            content = unseal(sealed, key)
        except Unsealable as error:
            defects.append(_closed(name, other_key=isinstance(error, WrongKey)))
            continue
        if contents.setdefault(content.number, content) != content:
            defects.append(_forged(name))
        elif contents[content.number] is not content:
            twice += 1
        else:
            try:
                asked = questionnaire(content.version)
                entries = read_fields(asked, content.pairs, source=name)
                received.append(assemble(asked, entries, number=content.number))
            except DeliveryRefused as refusal:
                defects.extend(refusal.defects)
            except UnknownIdentifier:
                defects.append(_version(name))
    if defects:
        raise DeliveryRefused(defects)
    return Opened(received=tuple(received), twice=twice)


def _closed(name: str, *, other_key: bool) -> Defect:
    if other_key:
        got, way_out = "une réponse scellée pour une autre clé", "Cherchez la clé de cette collecte."
    else:
        got = "un fichier abîmé, modifié ou d’une autre nature"
        way_out = "Ôtez-le du dossier et demandez un nouvel envoi du même fichier."
    return Defect(place=name, expected="une réponse scellée pour la clé de l’équipe", got=got, way_out=way_out)


def _forged(name: str) -> Defect:
    return Defect(
        place=name,
        expected="une réponse, un numéro",
        got="une autre réponse sous un numéro déjà lu",
        way_out="L’un des fichiers ne vient pas du formulaire. Écartez-les tant que ce n’est pas éclairci.",
    )


def _version(name: str) -> Defect:
    return Defect(
        place=name,
        expected="une version connue du questionnaire",
        got="une autre version",
        way_out="Mettez Égide à jour, ou demandez avec quelle page la réponse a été faite.",
    )

"""Which columns of a collection may be read: these and no other. What is not named here is refused, not ignored.

A heading may itself be a piece of an ad, when a file has no headings. So an unknown one is told by its place and its
length, never quoted. Source: docs/methods/census-hard-rules.md, rule 2.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from egide.errors import Defect
from egide.sources.messages import NBSP, counted

# Name → what it holds.
READ = {
    "texte": "le corps de l’annonce",
    "titre": "son titre",
    "telephone": "le champ du site, tel quel",
    "courriel": "le champ du site, tel quel",
    "nom": "le nom affiché",
    "compte": "le compte qui a publié",
    "commune": "la commune déclarée",
    "insee": "son code Insee, quand le relevé le connaît",
    "date": "le jour de publication",
    "site": "le code du site",
    "page": "le rang de la page de résultats",
    "pertinente": "oui ou non : une annonce de la catégorie du site",
}
REQUIRED = ("texte", "site")

# First words of headings that must never be collected, and what they are.
_FORBIDDEN = {
    "une photo ou un visage": "photo image img picture visage face avatar miniature empreinte",
    "une adresse de page": "url lien link href adresse permalien",
    "un pseudonyme": "pseudo pseudonyme nickname alias surnom login",
    "une origine ou une nationalité": "ethnie ethnicite ethnicity origine race nationalite nationality pays couleur",
    "une pratique": "pratique pratiques prestation prestations service services practice",
    "un prix": "prix tarif tarifs price rate cadeau",
    "une mesure du corps": "age taille poids mensurations corps cheveux poitrine",
}
_WHY = {word: what for what, words in _FORBIDDEN.items() for word in words.split()}


def canonical(heading: str) -> str:
    """Case and accents do not matter: « Téléphone » is `telephone`."""
    plain = unicodedata.normalize("NFKD", heading)
    return "".join(char for char in plain if not unicodedata.combining(char)).strip().casefold()


def verdict(columns: Sequence[str], place: str) -> tuple[Defect, ...]:
    """Every column that may not be read and every one that is missing; nothing when the file may be read."""
    names = [canonical(column) for column in columns]
    defects = [
        _refused(name, f"{place}, colonne n° {rank}") for rank, name in enumerate(names, start=1) if name not in READ
    ]
    for name in READ:
        if names.count(name) > 1:
            defects.append(
                Defect(
                    place=place,
                    expected=f"une seule colonne «{NBSP}{name}{NBSP}»",
                    got=f"{names.count(name)}",
                    way_out="Gardez la bonne.",
                )
            )
    defects += [
        Defect(
            place=place,
            expected=f"une colonne «{NBSP}{name}{NBSP}» ({READ[name]})",
            got="aucune",
            way_out="Ajoutez-la. Le fichier a-t-il bien une ligne de titres\u202f?",
        )
        for name in REQUIRED
        if name not in names
    ]
    return tuple(defects)


def _refused(name: str, place: str) -> Defect:
    words = name.replace("_", " ").replace("-", " ").split()
    what = next((_WHY[word] for word in words if word in _WHY), None)
    if what is not None:
        return Defect(
            place=place,
            expected="aucune donnée de cette nature",
            got=what,
            way_out="Supprimez la colonne du fichier et de votre collecte\u00a0: elle ne doit pas exister.",
        )
    return Defect(
        place=place,
        expected=f"seulement {', '.join(READ)}",
        got=f"un autre titre, de {counted(len(name), 'caractère')}",
        way_out="Supprimez la colonne, ou rendez-lui son nom si elle est dans la liste.",
    )

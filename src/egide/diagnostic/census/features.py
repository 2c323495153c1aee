"""What is left of an ad once its text is gone: these columns, and no other may be written.

Numbers of authors, persons and copies are drawn anew at each run, and rows are shuffled: two runs have no number in
common. What labels and the shapes of groups still give away is in docs/methods/census-hard-rules.md.
Source: docs/methods/ad-census.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

Ints = NDArray[np.int64]

# Column → what it holds. `commune` is a code of Insee of 1 January 2026, "" when not known; so are the others.
DECLARED: Mapping[str, str] = {
    "site": "code du site",
    "categorie": "catégorie du site",
    "departement": "département de la commune",
    "epci": "intercommunalité de la commune",
    "commune": "commune déclarée, au 1er janvier 2026 ; vide si peu de personnes y sont montrées",
    "mois": "mois de publication ; vide si peu de personnes y sont montrées",
    "copie": "numéro, propre au passage, des textes identiques",
    "auteur": "numéro, propre au passage, de qui écrit",
    "personne": "numéro, propre au passage, de qui est montré",
}
_LABELS = ("site", "categorie", "departement", "epci", "commune", "mois")
_NUMBERS = ("copie", "auteur", "personne")


@frozen(kw_only=True, eq=False, repr=False)
class Features:
    """`n` ads. Labels are texts that many ads share; numbers are groups of this run.

    Refuses columns that are not declared, and lists of different lengths.
    """

    labels: Mapping[str, Sequence[str]] = field()
    numbers: Mapping[str, Ints] = field()

    def __attrs_post_init__(self) -> None:
        if tuple(self.labels) != _LABELS or tuple(self.numbers) != _NUMBERS:
            raise ValueError(f"features have the columns {', '.join(DECLARED)} and no other")
        lengths = {len(labels) for labels in self.labels.values()} | {len(groups) for groups in self.numbers.values()}
        if len(lengths) != 1:
            raise ValueError("columns of different lengths")

    def __len__(self) -> int:
        return len(self.numbers["copie"])

    def shuffled(self, seeds: Sequence[int]) -> Features:
        """Rows in another order and groups under other numbers, as these secret seeds decide."""
        chance = np.random.default_rng(list(seeds))
        order = chance.permutation(len(self))
        return Features(
            labels={name: [column[place] for place in order] for name, column in self.labels.items()},
            numbers={name: _renamed(column[order], chance) for name, column in self.numbers.items()},
        )


def _renamed(groups: Ints, chance: np.random.Generator) -> Ints:
    known, place = np.unique(groups, return_inverse=True)
    return chance.permutation(len(known))[place].astype(np.int64)

"""Which ads to read: without replacement, stratum by stratum, the same ones again from the same seed.

Chance comes as an argument. Source: docs/methods/survey-sampling.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from egide.diagnostic.sampling.moments import Ints
from egide.errors import Defect, Refused


def generator(seed: int) -> np.random.Generator:
    """PCG64 under this seed: the policy of NumPy (NEP 19) fixes its raw stream for ever."""
    return np.random.Generator(np.random.PCG64(seed))


def draw(strata: Sequence[str], allocation: Mapping[str, int], chance: np.random.Generator) -> Ints:
    """Places of the drawn ads, in the order of the corpus.

    One 64-bit number of the raw stream per ad, in the order of the corpus; each stratum keeps its smallest ones. So
    every subset of the asked size is as likely, strata do not depend on one another, and asking for more later keeps
    those already drawn.
    In:     strata: shape (ads,), code of each ad's stratum; allocation: ads to draw in each.
    Raises: Refused, all at once: a stratum without its number, a number without its stratum or above what it holds.
    """
    held = Counter(strata)
    defects = [
        Defect(
            place=f"Strate {code}",
            expected=f"un tirage de 0 à {held[code]} annonces, son effectif",
            got=str(allocation[code]) if code in allocation else "aucun nombre",
            way_out="Refaites la répartition sur le fichier qui sert au tirage.",
        )
        for code in sorted({*held, *allocation})
        if not 0 <= allocation.get(code, -1) <= held[code]
    ]
    if defects:
        raise Refused(defects)
    luck, codes = chance.bit_generator.random_raw(len(strata)), np.asarray(strata, dtype=object)
    kept = []
    for code in sorted(held):
        places = np.flatnonzero(codes == code)
        kept.append(places[np.argsort(luck[places], kind="stable")[: allocation[code]]])
    return np.sort(np.concatenate([*kept, np.empty(0, dtype=np.int64)])).astype(np.int64)

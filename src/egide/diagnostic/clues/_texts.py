"""What one text says, as clues N5 to N9: true or false each, of shape (ads,), and nothing else of the text. Pure."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from egide.diagnostic.clues._lexicon import FAMILIES, Lexicon, lexicon
from egide.diagnostic.clues._words import LOOPS
from egide.diagnostic.duplicates.folding import Folded
from egide.diagnostic.duplicates.machine import PLAIN_LETTERS, kernels

Bools = NDArray[np.bool_]
ENGLISH_WORDS = 4  # fewer is a greeting or "english spoken"
ENGLISH_WORDS_ALONE = 3  # enough when there is no French word at all


def one_ad_clues(folded: Folded, *, words: Lexicon | None = None) -> dict[str, Bools]:
    """Clues N5 to N9 of each text, by code.

    N5: third-person phrases, more than first-person words. N6: English words, at least `ENGLISH_WORDS` and more than
    French ones. N7: two names or two ages more than a year apart, unless two persons are announced. N8 and N9: a
    phrase of their lexicon that nothing denies. Source: docs/methods/clues.md.
    """
    found = _counted(folded, words or lexicon())
    of = {family: found[:, rank] for rank, family in enumerate(FAMILIES)}
    several_names, several_ages = found[:, -2] > 0, found[:, -1] > 0
    english, french = of["english"], of["french"]
    return {
        "N5": (of["third"] > 0) & (of["third"] > of["first"]),
        "N6": (english > french) & (english >= np.where(french == 0, ENGLISH_WORDS_ALONE, ENGLISH_WORDS)),
        "N7": (several_names | several_ages) & (of["duo"] == 0),
        "N8": of["passing"] > 0,
        "N9": of["always"] > 0,
    }


def _counted(folded: Folded, words: Lexicon) -> NDArray[np.int32]:
    counts = np.zeros((len(folded), len(FAMILIES) + 2), dtype=np.int32)
    _loops(compiled=len(folded.letters) > PLAIN_LETTERS).read_texts(
        folded.letters,
        folded.starts,
        words.slots,
        words.slot_word,
        words.flags,
        words.value,
        words.column,
        words.edges,
        words.gain,
        words.deniable,
        counts,
    )
    return counts


@cache
def _loops(*, compiled: bool) -> Any:
    return kernels(LOOPS, compiled=compiled)

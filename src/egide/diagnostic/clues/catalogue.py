"""The nine clues, in the words a reader sees, and the sentence that goes with every one of their numbers.

[I/O: catalogue.toml of this package.] Source: docs/methods/clues.md.
"""

from __future__ import annotations

import tomllib
from importlib import resources

from attrs import field, frozen
from attrs.validators import in_, matches_re

PROVES_NOTHING = (
    "Ces indices d’organisation par un tiers se comptent sur des annonces d’un territoire et d’une période\u00a0: "
    "ils ne prouvent rien sur une personne, et leur absence ne prouve rien non plus."
)


@frozen(kw_only=True)
class Clue:
    """One clue as data."""

    code: str = field(validator=matches_re(r"N[1-9]"))
    slug: str
    label: str  # French, as a column of a table
    scope: str = field(validator=in_(("one", "several")))  # ads needed to see it
    observed: str  # French, what is looked at
    reading: str  # French, what may and may not be made of it
    warning: str = ""  # French, printed beside each number of this clue


def _load() -> tuple[Clue, ...]:
    text = resources.files(__package__).joinpath("catalogue.toml").read_text(encoding="utf-8")
    content = tomllib.loads(text)
    return tuple(Clue(reading=content["reading"], **one) for one in content["clue"])


CLUES = _load()
CODES = tuple(clue.code for clue in CLUES)


def clue(code: str) -> Clue:
    """The clue of a code. Raises: ValueError for a code that is none of the nine."""
    return CLUES[CODES.index(code)]

"""Clues of organised exploitation: shares by territory and period, never about an ad or a person."""

from egide.diagnostic.clues.catalogue import CLUES, PROVES_NOTHING, Clue
from egide.diagnostic.clues.estimates import Estimate
from egide.diagnostic.clues.links import Links, numbered
from egide.diagnostic.clues.marks import Marks, coded, observe
from egide.diagnostic.clues.measures import Measure, Published, checked, measure
from egide.diagnostic.clues.tables import (
    PairCell,
    PairTable,
    ShareCell,
    ShareTable,
    gathered_share_table,
    pair_table,
    share_table,
)

__all__ = [
    "CLUES",
    "PROVES_NOTHING",
    "Clue",
    "Estimate",
    "Links",
    "Marks",
    "Measure",
    "PairCell",
    "PairTable",
    "Published",
    "ShareCell",
    "ShareTable",
    "checked",
    "coded",
    "gathered_share_table",
    "measure",
    "numbered",
    "observe",
    "pair_table",
    "share_table",
]

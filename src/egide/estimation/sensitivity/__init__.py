"""How far an estimate can be trusted: one person, one list, or one model away."""

from egide.estimation.sensitivity.changes import (
    Change,
    Method,
    OnePerson,
    WithoutEachList,
    WithoutList,
    one_person,
    without,
    without_each_list,
)
from egide.estimation.sensitivity.undecidable import Range, Undecidable, undecidable

__all__ = [
    "Change",
    "Method",
    "OnePerson",
    "Range",
    "Undecidable",
    "WithoutEachList",
    "WithoutList",
    "one_person",
    "undecidable",
    "without",
    "without_each_list",
]

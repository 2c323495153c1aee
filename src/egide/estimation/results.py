"""What every method of this package answers: a number of persons with its interval, or the reason why it gives none."""

from __future__ import annotations

from enum import Enum

from attrs import field, frozen

from egide.estimation.models import Model


class Reason(Enum):
    """Why no number is given; what a reader sees is written by the page."""

    TOO_FEW_REPEATS = "too few persons are on two lists"
    NO_OVERLAP = "nobody is on two lists"
    NOT_EXISTING = "the maximum of the likelihood does not exist"
    NOT_IDENTIFIED = "the data cannot tell this model's parameters apart"
    NOT_CONVERGED = "the draws of the sampler disagree, or are worth too few independent ones"
    UNBOUNDED = "no upper end: the data bear numbers as large as one likes"
    OUT_OF_REACH = "no place for so many lists, so sparse a table, or histories that nobody can have"
    STOPPED = "stopped before the end"


@frozen(kw_only=True)
class Estimate:
    """Persons in all, seen and unseen. `low` and `high` are None where the method gives no interval."""

    method: str  # "bic", "stepwise", "average"…: one word, the key of its French name on a page
    persons: float
    low: float | None = None
    high: float | None = None
    level: float = 0.95
    model: Model | None = None  # the one it rests on, if a single one
    notes: dict[str, float] = field(factory=dict)  # what drives it: replicates, weight of the best model, R-hat…


@frozen(kw_only=True)
class Declined:
    """A method that gives no number."""

    method: str
    reason: Reason
    model: Model | None = None


Answer = Estimate | Declined

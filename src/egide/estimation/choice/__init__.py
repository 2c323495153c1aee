"""Which model: the best by a criterion, all of them by their weights, or one interaction at a time."""

from egide.estimation.choice.criteria import Ranking, aic, average, bic, obic, ranked
from egide.estimation.choice.enumerate import hierarchical, usual_order
from egide.estimation.choice.stepwise import Steps, stepwise, stepwise_all

__all__ = [
    "Ranking",
    "Steps",
    "aic",
    "average",
    "bic",
    "hierarchical",
    "obic",
    "ranked",
    "stepwise",
    "stepwise_all",
    "usual_order",
]

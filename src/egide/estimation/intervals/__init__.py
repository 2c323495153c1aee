"""How far an estimate can be trusted: intervals that know a model was chosen."""

from egide.estimation.intervals.bootstrap import bootstrapped
from egide.estimation.intervals.choosing import Bic, Choice, Exact, Fixed, Stepwise
from egide.estimation.intervals.mixture import averaged
from egide.estimation.intervals.profile import profiled, wald

__all__ = ["Bic", "Choice", "Exact", "Fixed", "Stepwise", "averaged", "bootstrapped", "profiled", "wald"]

"""Tables whose small counts came hidden: what is known of each cell is a range."""

from egide.estimation.censored.table import Censored, exact

__all__ = ["Censored", "exact"]

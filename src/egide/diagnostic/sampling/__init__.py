"""How many ads to read, which ones, and what the sample says of all of them."""

from egide.diagnostic.sampling.intervals import Interval, clopper_pearson, wilson, with_finite_population
from egide.diagnostic.sampling.size import sample_size

__all__ = ["Interval", "clopper_pearson", "sample_size", "wilson", "with_finite_population"]

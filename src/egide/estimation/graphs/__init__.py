"""Bayesian averaging over the decomposable graphs of lists."""

from egide.estimation.graphs.chordal import Graphs, decomposable
from egide.estimation.graphs.posterior import Margins, Posterior, averaged, posterior

__all__ = ["Graphs", "Margins", "Posterior", "averaged", "decomposable", "posterior"]

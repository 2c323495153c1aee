"""Bayesian averaging over the decomposable graphs of lists."""

from egide.estimation.graphs.chordal import Graphs, decomposable
from egide.estimation.graphs.posterior import Posterior, averaged, posterior

__all__ = ["Graphs", "Posterior", "averaged", "decomposable", "posterior"]

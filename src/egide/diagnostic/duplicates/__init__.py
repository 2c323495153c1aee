"""Ads that show one person, or come from one hand: machine groups, and estimates with intervals."""

from egide.diagnostic.duplicates.ads import Ads, Clusters
from egide.diagnostic.duplicates.clustering import cluster

__all__ = ["Ads", "Clusters", "cluster"]

"""Persons who are not all as easy to see: unequal chances, one source alone, unknown classes of persons."""

from egide.estimation.heterogeneity.latent_classes import latent
from egide.estimation.heterogeneity.mixtures import chao, darroch, equal
from egide.estimation.heterogeneity.one_source import captures, chao_counts, chao_lee, poisson, zelterman

__all__ = ["captures", "chao", "chao_counts", "chao_lee", "darroch", "equal", "latent", "poisson", "zelterman"]

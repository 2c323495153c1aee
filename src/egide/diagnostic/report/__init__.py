"""The diagnostic as a publication: one section after another, each number bound."""

from egide.diagnostic.report.duties import missing_duties

__all__ = ["missing_duties"]

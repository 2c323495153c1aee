"""Figures and tables of a publication: what the authors ask, what the cells give, what is said beside them."""

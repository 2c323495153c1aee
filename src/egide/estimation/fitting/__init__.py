"""Fits of log-linear models, and whether they exist at all."""

"""Covariates: estimates of strata that add up."""

from egide.estimation.strata.pooled import Stratified, collapsed, stratified

__all__ = ["Stratified", "collapsed", "stratified"]

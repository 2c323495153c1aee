"""Ads that show one person, or come from one hand: machine groups, and estimates with intervals."""

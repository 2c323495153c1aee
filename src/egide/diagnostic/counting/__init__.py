"""How many persons are told of, at least: the rules *a minima*."""

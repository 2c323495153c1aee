"""Clues of exploitation by others, counted over a territory; never an ad, never a person."""

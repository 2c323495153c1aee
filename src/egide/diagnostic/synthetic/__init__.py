"""Invented ads whose persons and authors are known, to try and to measure."""

"""Invented ads whose persons and authors are known, to try and to measure."""

from egide.diagnostic.synthetic.corpus import CLUES, Corpus, Truth
from egide.diagnostic.synthetic.generation import generate

__all__ = ["CLUES", "Corpus", "Truth", "generate"]

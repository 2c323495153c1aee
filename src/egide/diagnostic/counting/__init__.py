"""Counting persons a minima: what was told, in numbers that never say more than the words.

Rules: docs/methods/counting-a-minima.md.
"""

from egide.diagnostic.counting.counts import Counted, LevelCount, count
from egide.diagnostic.counting.reading import Reading, read_number
from egide.diagnostic.counting.situations import Level, Situation

__all__ = ["Counted", "Level", "LevelCount", "Reading", "Situation", "count", "read_number"]

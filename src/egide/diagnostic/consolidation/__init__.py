"""The same situation told by several professionals: pairs, a person's decisions, and an interval.

Rules and separation of roles: docs/methods/consolidation.md.
"""

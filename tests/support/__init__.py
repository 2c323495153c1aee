"""Helpers shared by the tests: a real browser, independent judges."""

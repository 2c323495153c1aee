"""The only door out: what has not been released cannot be written on a page."""

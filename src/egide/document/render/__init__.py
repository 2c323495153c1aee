"""Renderers: from the neutral document to a page or a file. They translate and compute nothing."""

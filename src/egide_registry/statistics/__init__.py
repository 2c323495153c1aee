"""The statistics of the registry: counts in, released cells out, and no path beside."""

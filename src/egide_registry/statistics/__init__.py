"""The statistics of the registry: counts in, released cells out, nothing beside. Pure but for the schema that it reads."""

"""The same person in several records: pseudonyms, settings, links, and how good they are."""

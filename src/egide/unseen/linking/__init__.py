"""Lists that partners hold: names become keyed tokens at each of them, tokens a table of counts in one place."""

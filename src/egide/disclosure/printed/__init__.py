"""Tables as printed, put to the attacker: reading of cells, totals and claims, then the report."""

"""Everything public as statements for the attacker: what was computed, declared, worded, and published before."""

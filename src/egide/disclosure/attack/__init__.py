"""The attacker: what a reader who knows the labels can deduce from all that is public, proven in whole numbers."""

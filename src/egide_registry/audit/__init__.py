"""What happened, reads included, in one chain of hashes per department."""

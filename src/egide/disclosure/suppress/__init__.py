"""The parts of secondary suppression: the table as arrays, repairs, safe ranges."""

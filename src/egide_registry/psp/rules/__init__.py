"""The rules of the exit path. Pure: no Django, no clock, no chance; days and identifiers come in as arguments."""

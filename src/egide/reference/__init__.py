"""The words everyone shares: territories, code lists, periods, legal parameters."""

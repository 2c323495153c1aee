"""The diagnostic as a publication: one section after another, each number bound."""

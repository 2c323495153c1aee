"""From facts to derived values, and from a publication's claims to verdicts: formulas, refusals, languages."""

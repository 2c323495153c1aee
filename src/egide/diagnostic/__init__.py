"""A department'"'"'s picture: questionnaire, consolidation, ad census, sample, clues, map, report. Never a search."""

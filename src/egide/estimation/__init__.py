"""How many are not seen: capture histories, log-linear models, their choice, and how far an estimate can be trusted.

Pure mathematics on tables of counts: nothing here knows a person, a file or a page. The dark figure is the cell of the
persons who are on no list; every method guesses it from the overlaps, and every guess rests on what no data can show.
Source: docs/methods/multiple-systems-estimation.md.
"""

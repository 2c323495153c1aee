"""Does a name or a note hold a telephone number or an address? Asked of what is shown or kept beside the ads. Pure.

A name of a file or of a sheet comes back in every message on that file, a note of the manifest in every list of
counts. Source: docs/methods/census-hard-rules.md, rule 5.
"""

from __future__ import annotations

import re

from egide.diagnostic.census import phones

_ADDRESS = re.compile(r"@|https?:|www\.", re.IGNORECASE)


def tells_contact(text: str) -> bool:
    """A number as `phones` reads it, or the sign of an e-mail or web address."""
    return bool(_ADDRESS.search(text) or phones.in_text(text.replace("_", " ")))

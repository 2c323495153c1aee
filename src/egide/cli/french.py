"""The command line library's own words, in French whatever the machine's language. [I/O]"""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LOCALE = Path(__file__).with_name("locale")
_DOMAIN = "egide"


@contextmanager
def spoken_french() -> Iterator[None]:
    """Inside, what click says through gettext is French. Everything is put back after: a program may import us."""
    domain, language = gettext.textdomain(), os.environ.get("LANGUAGE")
    gettext.bindtextdomain(_DOMAIN, _LOCALE)
    gettext.textdomain(_DOMAIN)
    os.environ["LANGUAGE"] = "fr"  # looked at first by gettext, before the locale
    try:
        yield
    finally:
        gettext.textdomain(domain)
        if language is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = language

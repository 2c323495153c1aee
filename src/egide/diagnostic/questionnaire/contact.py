"""Take e-mail and web addresses and telephone numbers out of what people write. Names stay: hence the rereading."""

from __future__ import annotations

import re

_PART = r"[^\s@<>()\[\],;:]"  # of an address; begun once a word, so that a text of 100,000 signs stays cheap
_MAIL = re.compile(rf"(?<!{_PART}){_PART}++\s?@\s?{_PART}+\.\w{{2,}}")
_WEB = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
# Nine digits or more with no other sign than those people put between them: French or foreign, with or without +33.
_PHONE = re.compile(r"(?<![\d€])\+?\(?\d(?:[\s.\-/()]{0,3}\d){8,}")
_REMOVED = ((_MAIL, "[adresse retirée]"), (_WEB, "[adresse retirée]"), (_PHONE, "[numéro retiré]"))


def without_contact(text: str) -> tuple[str, int]:
    """The text with each address or number replaced by what it was, and how many were."""
    removed = 0
    for pattern, said in _REMOVED:
        text, times = pattern.subn(said, text)
        removed += times
    return text, removed

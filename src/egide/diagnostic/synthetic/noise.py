"""What hands and sites do to a text: typing errors, lost accents, short forms of messages, capitals."""

from __future__ import annotations

import re
import unicodedata
from random import Random

_NEAR = {
    "a": "zq", "b": "vn", "c": "xv", "d": "sf", "e": "zr", "f": "dg", "g": "fh", "h": "gj", "i": "uo", "j": "hk",
    "k": "jl", "l": "km", "m": "lp", "n": "bh", "o": "ip", "p": "om", "q": "sa", "r": "et", "s": "qd", "t": "ry",
    "u": "yi", "v": "cb", "w": "xs", "x": "wc", "y": "tu", "z": "ea",
}  # fmt: skip
_SHORT = (
    ("rendez-vous", "rdv"), ("bonjour", "bjr"), ("Bonjour", "Bjr"), ("beaucoup", "bcp"), ("toujours", "tjs"),
    ("pour", "pr"), ("vous", "vs"), ("dans", "ds"), ("avec", "ac"), ("quelques", "qq"), ("que ", "ke "),
    ("qu", "k"), ("est ", "é "), ("merci", "mci"), ("leçon", "lson"), ("jours", "jrs"), ("eau", "o"), ("très", "tré"),
)  # fmt: skip
_ACCENTED = "àâäçéèêëîïôöùûüÿœÀÂÇÉÈÊËÎÏÔÙÛŒ"
_BARE = str.maketrans(
    {letter: unicodedata.normalize("NFD", letter)[0] for letter in _ACCENTED} | {"œ": "oe", "Œ": "OE"}
)
_WORD = re.compile(r"[a-zà-ÿœ]{4,}")


def without_accents(text: str) -> str:
    return text.translate(_BARE)


def as_message(text: str) -> str:
    """As written on a telephone."""
    for long, short in _SHORT:
        text = text.replace(long, short)
    return text


def slipped(text: str, chance: Random, slips: int) -> str:
    """`slips` fresh typing errors, at places drawn; the marks of what is still to fill are left alone."""
    for _ in range(slips):
        place = int(chance.random() * len(text))
        letter = text[place : place + 1]
        if not letter.isalpha():
            continue
        kind = chance.random()
        if kind < 0.35:
            text = text[:place] + text[place + 1 :]
        elif kind < 0.55:
            text = text[:place] + letter + text[place:]
        elif kind < 0.75:
            text = text[:place] + text[place : place + 2][::-1] + text[place + 2 :]
        else:
            near = _NEAR.get(letter.lower(), letter)
            text = text[:place] + near[int(chance.random() * len(near))] + text[place + 1 :]
    return text


def misspeller(texts: list[str], chance: Random, words: int) -> list[tuple[str, str]]:
    """What one hand always misspells: `words` words of its texts, each with its wrong form."""
    known = sorted({word for text in texts for word in _WORD.findall(text)})
    chosen = [known[int(chance.random() * len(known))] for _ in range(words if known else 0)]
    return [(word, slipped(word, chance, 2)) for word in chosen]

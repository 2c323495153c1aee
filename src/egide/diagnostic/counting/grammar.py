"""The grammar of a number of persons: tokens, quantities, ranges and sums. Folded text in, bounds out.

`None` means not understood: one unknown word is enough, for it may be "fois" or "chambre". Source:
docs/methods/counting-a-minima.md.
"""

from __future__ import annotations

import re

from attrs import evolve, frozen

from egide.diagnostic.counting.vocabulary import APPROXIMATE, BANDS, GROUPS, MEN, PERSONS, SEVERAL, SILENT, WOMEN


@frozen(kw_only=True)
class Phrase:
    """Bounds of one statement. `high` None: no end. `told` False: it names persons, and no number."""

    low: int = 1
    high: int | None = None
    told: bool = True
    sex: str = ""  # "f", "m" when the persons named are all so
    named: bool = False  # says who is counted
    marks: frozenset[str] = frozenset()  # names of rules used

    def meet(self, other: Phrase) -> Phrase | None:
        """What both statements leave; None when they contradict each other."""
        low = max(self.low, other.low)
        ends = [end for end in (self.high, other.high) if end is not None]
        high = min(ends, default=None)
        if high is not None and low > high:
            return None
        exact = low == high
        return evolve(self, low=low, high=high, marks=frozenset() if exact else self.marks | other.marks)

    def or_else(self, other: Phrase) -> Phrase:
        """Either one or the other."""
        return _joined(self, other, min(self.low, other.low), _highest(self, other), "LOWEST")

    def and_also(self, other: Phrase) -> Phrase:
        """Both, of different persons."""
        return _joined(self, other, self.low + other.low, _total(self, other), "ADDED")

    def perhaps_of_whom(self, other: Phrase) -> Phrase:
        """Either both, or the second among the first."""
        return _joined(self, other, max(self.low, other.low), _total(self, other), "LOWEST")

    def either_or_sum(self, other: Phrase) -> Phrase:
        """Two bare numbers and "et": one, the other or both."""
        return _joined(self, other, min(self.low, other.low), _total(self, other), "LOWEST")


def _highest(one: Phrase, other: Phrase) -> int | None:
    return None if one.high is None or other.high is None else max(one.high, other.high)


def _total(one: Phrase, other: Phrase) -> int | None:
    return None if one.high is None or other.high is None else one.high + other.high


def _joined(one: Phrase, other: Phrase, low: int, high: int | None, mark: str) -> Phrase:
    sex = one.sex if one.sex == other.sex else ""
    named = other.named or one.named
    return Phrase(low=low, high=high, sex=sex, named=named, marks=one.marks | other.marks | {mark})


_TURNS = (  # turns of phrase, each one token, the first that fits
    (r"(?:il y (?:en )?(?:a eu|a)|nous (?:en )?avons(?: eu)?)\b", "SAY"),
    (r"(?:et|ou) ?(?:plus|davantage|\+)(?! ?de\b)", "MIN"),
    (r"(?:et|ou) ?moins\b(?! ?de\b)", "MAX"),
    (r"(?:au moins|au minimum|a minima|minimum|mini|min\b\.?|au bas mot|>=|a partir de)", "MIN"),
    (r"(?:(?:plus|\+) ?(?:de|d)\b|superieur a|>)", "MORE"),
    (r"(?:(?:moins|-) ?(?:de|d)\b|inferieur a|<(?!=))", "LESS"),
    (r"(?:au plus|au maximum|maximum|maxi|max\b\.?|jusqu ?a|pas plus de|<=)", "MAX"),
    (
        r"(?:environ|env\b\.?|a peu pres|approximativement|autour de|aux alentours de|de l ordre de|quelque\b|~)",
        "ABOUT",
    ),
    (r"(?:aucune?s?|neant|pas de|pas d|rien)\b", "0"),
    (r"(?:voire|ou bien|ou|a)\b", "OR"),
    (r"entre\b", "BETWEEN"),
    (r"(?:peut[ -]etre)\b", "MAYBE"),
    (r"(?:et|ainsi que|plus|&)(?![a-z])", "AND"),
)
_TOKEN = re.compile(
    "|".join(f"(?P<t{rank}>(?<![a-z]){turn})" for rank, (turn, _) in enumerate(_TURNS))
    + r"|(?P<number>0\d+|\d+(?:[.,]\d+)?)|(?P<word>demi[ -][a-z]+|[a-z]+)|(?P<sign>\S)"
)


def _tokens(text: str) -> list[str]:
    tokens = []
    for found in _TOKEN.finditer(re.split(r"\bdont\b", text)[0]):
        kind = found.lastgroup or ""
        tokens.append(_TURNS[int(kind[1:])][1] if kind.startswith("t") else found[0].replace(" ", "-"))
    return tokens


def understand(text: str) -> Phrase | None:
    """Reads one statement from left to right. What follows "dont" is part of what precedes, and is left out."""
    return _Reader(_tokens(text)).statement()


class _Reader:
    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0

    def _next(self, ahead: int = 0) -> str:
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else ""

    def _take(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1]

    def statement(self) -> Phrase | None:
        done: Phrase | None = None  # what a sum has closed
        last = self._quantity(after_or=False)
        while last is not None and self._next():
            link = self._link(last)
            following = None if link == "?" else self._quantity(after_or=link == "OR")
            if following is None or not (last.told and following.told):
                return None  # who is counted is not clear
            if link == "beside" and following.low <= last.low:
                return None
            apart = {last.sex, following.sex} == {"f", "m"}
            if link == "AND" and not last.named:
                last = last.either_or_sum(following)
            elif link in ("AND", "PLUS") or (apart and link in ("/", ",")):
                done, last = (last if done is None else done.and_also(last)), following
            elif link == "," and last.named:
                last = last.perhaps_of_whom(following)
            else:
                last = last.or_else(following)
        return last if done is None or last is None else done.and_also(last)

    def _link(self, last: Phrase) -> str:
        """How the next quantity is tied to this one; "?" when that is not said."""
        found = self._next()
        if found not in ("-", "/", "OR", "MAYBE", ",", ";", "AND", "+"):
            return "?" if last.named else "beside"  # "trois quatre" is three or four; "3 femmes 2" is not clear
        self._take()
        if found == "," and self._next() in ("MAYBE", "OR", "AND"):
            found = self._take()
        return {"-": "OR", "MAYBE": "OR", "+": "PLUS", ";": ","}.get(found, found)

    def _quantity(self, *, after_or: bool) -> Phrase | None:
        nouns: list[str] = []
        before = self._modifier(nouns)
        found = self._between() if before == "BETWEEN" else self._atom()
        if found is None:
            return Phrase(told=False, named=True) if nouns and not before and not self._next() else None
        after = self._modifier(nouns)
        if self._next() == "+" and not self._starts(self._next(1)):
            self._take()
            after = after or "MIN"
            self._modifier(nouns)
        if before and after:
            return None if before != "ABOUT" and after != "ABOUT" else _modified(found, before, nouns)
        if after == "MAX" and after_or:
            return _of(nouns, found, low=found.low, high=found.high, mark="LOWEST")
        return _modified(found, before or after, nouns)

    def _modifier(self, nouns: list[str]) -> str:
        """Skips silent words and keeps nouns, up to the next thing that counts; the modifier met, or ""."""
        met = ""
        while True:
            word = self._next()
            if word in ("MIN", "MORE", "LESS", "MAX", "ABOUT", "BETWEEN") and not met:
                met = self._take()
            elif word in PERSONS or word in WOMEN or word in MEN:
                nouns.append(self._take())
            elif word in SILENT or word == "SAY":
                self._take()
            else:
                return met

    def _starts(self, word: str) -> bool:
        return word.isdigit() or word in SEVERAL or word in BANDS or _group(word) is not None

    def _between(self) -> Phrase | None:
        low = self._atom()
        if low is None or self._next() not in ("AND", "OR", "-"):
            return None
        self._take()
        high = self._atom()
        return None if high is None else low.or_else(high)

    def _atom(self) -> Phrase | None:
        word = self._next()
        if word.isdigit() and (word == "0" or word[0] != "0"):  # 06 begins a phone number, not a count
            self._take()
            return self._counted(int(word))
        if word in SEVERAL:
            while self._next() in SEVERAL or self._next() in SILENT:
                self._take()
            return self._counted(2, end=False)
        if word in BANDS or _group(word) is not None:
            return self._counted(2 if word.endswith("s") else 1, end=not word.endswith("s"))
        return None

    def _counted(self, number: int, *, end: bool = True) -> Phrase:
        """`number` of what follows: persons, couples, tens, bands."""
        word = self._next()
        marks: frozenset[str] = frozenset() if end else frozenset({"SEVERAL"})
        if word in BANDS:
            self._take()
            if self._next() == "de" and self._next(1).isdigit():
                self._take()
                size = int(self._take())
                return Phrase(low=number * size, high=number * size if end else None, marks=marks)
            return Phrase(low=2 * number, high=None, marks=frozenset({"SEVERAL"}))
        group = _group(word)
        if group is None:
            return Phrase(low=number, high=number if end else None, marks=marks)
        self._take()
        size, about = group
        marks |= {"ABOUT"} if about else frozenset()
        return Phrase(low=number * size, high=number * size if end else None, named=not about, marks=marks)


def _group(word: str) -> tuple[int, bool] | None:
    """How many the group holds, and whether it is approximate."""
    for form in (word, word.removesuffix("s")):
        if form in GROUPS:
            return GROUPS[form], False
        if form in APPROXIMATE:
            return APPROXIMATE[form], True
    return None


def _modified(found: Phrase, modifier: str, nouns: list[str]) -> Phrase | None:
    low, high = found.low, found.high
    if modifier == "MIN":
        return _of(nouns, found, low=low, high=None, mark="FLOOR")
    if modifier == "MORE":
        return _of(nouns, found, low=low + 1, high=None, mark="FLOOR")
    if modifier in ("LESS", "MAX"):
        top = None if high is None else high - (modifier == "LESS")
        return None if top is None or top < 1 else _of(nouns, found, low=1, high=top, mark="CEILING")
    return _of(nouns, found, low=low, high=high, mark="ABOUT" if modifier == "ABOUT" else "")


def _of(nouns: list[str], found: Phrase, *, low: int, high: int | None, mark: str) -> Phrase:
    sexes = {"f" if noun in WOMEN else "m" if noun in MEN else "" for noun in nouns}
    return Phrase(
        low=low,
        high=high,
        sex=sexes.pop() if len(sexes) == 1 else "",
        named=found.named or bool(nouns),
        marks=found.marks | ({mark} if mark else frozenset()),
    )

"""The review of doubtful pairs: which one is next, what each key does, and what the screen shows. Pure.

The screen shows coded fields side by side and nothing else: no probability, which would decide in the person's place,
no team, no words of the teller. Source: docs/methods/consolidation.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from textwrap import wrap

from attrs import evolve, frozen

from egide.diagnostic.consolidation.decisions import Beliefs, Decision, Entry, Ids, standing
from egide.diagnostic.consolidation.likeness import Class, Pair

LABELS = ("Lieu", "Première année", "Dernière année", "Âges", "Personnes", "Formes", "Nombre retenu")
NOT_TOLD = "non dit"
_WORDS = {
    "lt15": "moins de 15 ans",
    "15_17": "15 à 17 ans",
    "18_25": "18 à 25 ans",
    "26_35": "26 à 35 ans",
    "36_45": "36 à 45 ans",
    "46_55": "46 à 55 ans",
    "gt55": "plus de 55 ans",
    "trans": "personnes trans",
    "bar": "bar, club",
    "foret": "forêt",
    "route": "bord de route",
    "hotel": "hôtel",
    "massage": "salon de massage",
    "structure": "structure d’accueil",
    "internet": "en ligne",
    "contre_hebergement": "contre un hébergement",
    "contre_biens": "contre des biens",
    "inconnu": "forme inconnue",
    "autre": "autre forme",
}


class Key(Enum):
    """Keys of the screen, with what they say."""

    SAME = ("m", "même situation")
    DIFFERENT = ("d", "différentes")
    PASS = ("p", "passer")
    UNDO = ("u", "annuler")
    QUIT = ("q", "quitter")

    @property
    def letter(self) -> str:
        return self.value[0]

    @property
    def words(self) -> str:
        return self.value[1]


@frozen(kw_only=True)
class Review:
    """A review under way. Whatever is not in `entries` is not decided; passed pairs come back in another session."""

    fields: Mapping[str, tuple[str, ...]]  # id -> coded fields, adults only
    pairs: tuple[Pair, ...]
    entries: tuple[Entry, ...] = ()
    passed: frozenset[Ids] = frozenset()

    @property
    def beliefs(self) -> Beliefs:
        return Beliefs(pairs=self.pairs, decided=standing(self.entries))

    @property
    def shown(self) -> tuple[Ids, ...]:
        """Doubtful pairs that may be on a screen."""
        doubts = ((p.one, p.other) for p in self.pairs if p.belief is Class.DOUBTFUL)
        return tuple(pair for pair in doubts if pair[0] in self.fields and pair[1] in self.fields)

    @property
    def hidden(self) -> int:
        """Doubtful pairs with a sign of a minor: on no screen, in doubt for good."""
        return sum(p.belief is Class.DOUBTFUL for p in self.pairs) - len(self.shown)

    @property
    def settled(self) -> int:
        beliefs = self.beliefs
        return sum(beliefs.settled(pair) is not None for pair in self.shown)

    @property
    def _waiting(self) -> tuple[Ids, ...]:
        beliefs = self.beliefs
        return tuple(pair for pair in self.shown if pair not in self.passed and beliefs.settled(pair) is None)

    @property
    def next(self) -> Ids | None:
        return next(iter(self._waiting), None)

    def pressed(self, key: Key) -> tuple[Review, Entry | None]:
        """What a key does, and the line to add to the file. PASS and an UNDO with nothing to undo add none."""
        if key is Key.UNDO:
            decided = tuple(standing(self.entries))
            if not decided:
                return self, None
            undone = Entry(pair=decided[-1], decision=Decision.UNDONE)
            return evolve(self, entries=(*self.entries, undone), passed=self.passed - {decided[-1]}), undone
        pair = self.next
        if pair is None or key is Key.QUIT:
            return self, None
        if key is Key.PASS:
            return evolve(self, passed=self.passed | {pair}), None
        entry = Entry(pair=pair, decision=Decision(key.letter))
        return evolve(self, entries=(*self.entries, entry)), entry

    def screen(self, width: int = 78) -> str:
        """The pair to decide, side by side; a mark shows the lines that differ."""
        pair = self.next
        if pair is None:
            return self.farewell()
        one, other = (self.fields[which] for which in pair)
        column = (width - 20) // 2
        lines = [f"Paire {len(self.shown) - len(self._waiting) + 1}/{len(self.shown)}", ""]
        lines.append(f"{'':18}{'Situation A':{column}}Situation B")
        for label, left, right in zip(LABELS, one, other, strict=True):
            lines.extend(_side_by_side(label, _said(left), _said(right), column, differs=left != right))
        return "\n".join((*lines, "", "  ".join(f"[{key.letter}] {key.words}" for key in Key)))

    def farewell(self) -> str:
        """Where the review stands."""
        left = len(self.shown) - self.settled
        said = [f"{self.settled}/{len(self.shown)} paires tranchées, {left} en doute."]
        if self.hidden:
            said.append(f"{self.hidden} autres ne se montrent pas à l’écran (signe de minorité) et restent en doute.")
        return "\n".join(said)


def _said(codes: str) -> str:
    return ", ".join(_WORDS.get(code, code) for code in codes.split("; ") if code) or NOT_TOLD


def _side_by_side(label: str, left: str, right: str, column: int, *, differs: bool) -> Sequence[str]:
    a, b = _folded(left, column - 2), _folded(right, column - 2)
    height = max(len(a), len(b))
    rows = zip(a + [""] * (height - len(a)), b + [""] * (height - len(b)), strict=True)
    mark = "≠" if differs else " "
    return [
        f"{label if rank == 0 else '':16}{mark if rank == 0 else ' '} {one:{column}}{other}".rstrip()
        for rank, (one, other) in enumerate(rows)
    ]


def _folded(text: str, width: int) -> list[str]:
    return wrap(text, width) or [""]

"""Invented ads by a second hand: the held-out judge of what was tuned on `egide.diagnostic.synthetic`.

Written without reading that generator. Sentences come from a grammar (stranger_grammar.py), so that unrelated authors
share words but no template. Per author: a voice, a layout, a way to spell and to give a phone. Per ad: exact reposts,
a sentence said otherwise, another order, typos, a cut by the site, a footer of the site, a text copied from a stranger.

Phones are 06 39 98 …, kept for fiction, and 07 00 …, which no ten-digit line can have: 10,100 blocks of 100 for
everybody. So at the size of the country almost everyone has a neighbour by chance: harder than reality, on purpose.
"""

from __future__ import annotations

import random
import re
from datetime import date, timedelta

import numpy as np
from attrs import define

from egide.diagnostic.duplicates.ads import Ads
from egide.diagnostic.synthetic.corpus import CLUES, Corpus, Truth
from support.stranger_grammar import (
    DISTRICTS,
    EMOJI,
    FOOTERS,
    GRAMMAR,
    NAMES,
    SMS,
    TAGS,
    TENS,
    TOWN_HEADS,
    TOWN_TAILS,
    TRADES,
    UNITS,
    WEEKDAYS,
)

SYMBOL = re.compile(r"<([a-z0-9_.]+)>")
SMS_WORD = re.compile("|".join(rf"\b{re.escape(word)}\b" for word in sorted(SMS, key=len, reverse=True)))
NO_ACCENT = str.maketrans("àâäçéèêëîïôöùûüÀÂÉÈÊÎÔÙ", "aaaceeeeiioouuuAAEEEIOU")
FIRST_DAY = date(2018, 9, 20)
PASSING, ALWAYS, MIXED = "\x01", "\x02", "\x03"  # where a clue was said, until the ad is finished


@define
class _Hand:
    """Who writes: everything that stays the same from one ad to the next."""

    number: int
    voice: str
    pieces: list[tuple[str, str]]  # symbol of the grammar, sentence with holes
    trade: list[str]
    tours: float
    always: float
    mixes: float  # chance of an ad with two names or two ages
    layout: str
    sms: bool
    bare: bool
    shouts: float
    decorated: float
    phone_style: int
    account: str
    tags: list[str]


@define
class _Shown:
    """Who is advertised."""

    number: int
    hand: _Hand
    names: list[str]
    age: int
    phone: str
    town: int
    pieces: list[tuple[str, str]]
    last: str = ""


def generate(
    seed: int, *, persons: int = 273, ads: int = 699, organised: float = 0.25, phone_shown: float = 0.77
) -> Corpus:
    """`ads` ads of `persons` persons, of whom a share `organised` are run by someone who writes for several.

    The truth holds the one-ad clues each text was written with. Refuses fewer ads than persons.
    """
    if ads < persons:
        raise ValueError("every person has at least one ad")
    chance = random.Random(seed)
    towns = _towns(chance, max(30, persons // 40))
    shown = _cast(chance, persons, organised, len(towns))
    weights = [min(chance.paretovariate(1.15), 300.0) for _ in shown]
    who = [*range(persons), *chance.choices(range(persons), weights=weights, k=ads - persons)]
    chance.shuffle(who)
    rows = [_ad(chance, shown[one], towns, phone_shown) for one in who]
    _copy_strangers(chance, rows, who, shown)
    texts, phones, places, days, accounts, sites, said = zip(*rows, strict=True)
    return Corpus(
        ads=Ads(texts=texts, phones=phones, places=places, days=days, accounts=accounts),
        sites=sites,
        truth=Truth(
            person=np.array(who, dtype=np.int64),
            author=np.array([shown[one].hand.number for one in who], dtype=np.int64),
            clues=dict(zip(CLUES, np.array(said, dtype=np.bool_).T, strict=True)),
        ),
    )


def _towns(chance: random.Random, count: int) -> list[tuple[str, str]]:
    """Name and code of invented towns; the first ones are the large ones."""
    names = [f"{head}{tail}" for head in TOWN_HEADS for tail in TOWN_TAILS]
    chance.shuffle(names)
    return [(names[rank % len(names)], f"T{rank:05d}") for rank in range(count)]


def _town(chance: random.Random, towns: int) -> int:
    return min(int(chance.paretovariate(0.8)) - 1, towns - 1) if chance.random() < 0.8 else chance.randrange(towns)


def _cast(chance: random.Random, persons: int, organised: float, towns: int) -> list[_Shown]:
    """Organisers with two persons or more until their share is reached, then one person a hand."""
    shown: list[_Shown] = []
    phones = _Phones(chance)
    hands = 0
    while len(shown) < round(organised * persons):
        size = min(1 + int(chance.paretovariate(0.9) * 1.3), 45, persons - len(shown))
        hand = _hand(chance, hands, organiser=True)
        base, reworded = phones.new(), chance.choice((0.03, 0.12, 0.3))
        one_phone, one_block = chance.random() < 0.5, chance.random() < 0.6
        home = _town(chance, towns)
        for _ in range(size):
            town = home if chance.random() < 0.6 else _town(chance, towns)
            phone = base if one_phone else phones.near(base) if one_block else phones.new()
            pieces = [_reworded(chance, hand, piece) if chance.random() < reworded else piece for piece in hand.pieces]
            shown.append(_one(chance, len(shown), hand, phone, town, pieces))
        hands += 1
    while len(shown) < persons:
        hand = _hand(chance, hands, organiser=False)
        shown.append(_one(chance, len(shown), hand, phones.new(), _town(chance, towns), hand.pieces))
        hands += 1
    return shown


def _one(
    chance: random.Random, number: int, hand: _Hand, phone: str, town: int, pieces: list[tuple[str, str]]
) -> _Shown:
    names = chance.sample(NAMES, k=chance.choices((1, 2, 3), weights=(80, 15, 5))[0])
    return _Shown(
        number=number, hand=hand, names=names, age=chance.randrange(20, 52), phone=phone, town=town, pieces=pieces
    )


class _Phones:
    """Numbers that two lines never share, unless an organiser gives one for several persons."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._given: set[str] = set()

    def new(self) -> str:
        while True:
            line = self._chance.randrange(1_010_000)  # a hundredth of them under 06 39 98
            phone = f"0700{line:06d}" if line < 1_000_000 else f"063998{line - 1_000_000:04d}"
            if phone not in self._given:
                self._given.add(phone)
                return phone

    def near(self, phone: str) -> str:
        """Another line with the same first eight digits; a new one anywhere when the block is full."""
        free = [one for last in range(100) if (one := f"{phone[:8]}{last:02d}") not in self._given]
        if not free:
            return self.new()
        self._given.add(found := self._chance.choice(free))
        return found


def _hand(chance: random.Random, number: int, *, organiser: bool) -> _Hand:
    third, english = (0.4, 0.12) if organiser else (0.06, 0.04)
    drawn = chance.random()
    voice = "her" if drawn < third else "en" if drawn < third + english else "me"
    hand = _Hand(
        number=number,
        voice=voice,
        pieces=[],
        trade=chance.choice(TRADES).split("|"),
        tours=0.8 if chance.random() < (0.35 if organiser else 0.2) else 0.0,
        always=0.8 if chance.random() < (0.3 if organiser else 0.12) else 0.0,
        mixes=0.15 if chance.random() < (0.3 if organiser else 0.04) else 0.0,
        layout=chance.choice(("prose", "prose", "lines", "bullets", "slashes", "dots")),
        sms=voice == "me" and chance.random() < 0.15,
        bare=chance.random() < 0.35,
        shouts=chance.choice((0.0, 0.0, 0.0, 0.3)),
        decorated=chance.choice((0.0, 0.1, 0.5)),
        phone_style=chance.randrange(8),
        account=f"u{number}" if chance.random() < 0.7 else "",
        tags=chance.sample(TAGS, k=3) if chance.random() < 0.15 else [],
    )
    first = "open.two" if voice == "me" and chance.random() < 0.03 else f"open.{voice}"
    plan = [first, *[f"say.{voice}"] * chance.choices((1, 2, 3, 4, 6), weights=(10, 25, 35, 20, 10))[0]]
    if voice != "en":
        plan += ["rule"] * chance.choices((0, 1, 2), weights=(40, 40, 20))[0]
        if chance.random() < 0.25 and not (hand.tours or hand.always):
            plan.append(chance.choice(("passing.not", "always.not")))
    if chance.random() < 0.8:
        plan.append(f"close.{voice}")
    hand.pieces = [(symbol, _said(chance, hand, symbol)) for symbol in plan]
    return hand


def _said(chance: random.Random, hand: _Hand, symbol: str) -> str:
    def one(found: re.Match[str]) -> str:
        name = found.group(1)
        if name[0] == "t" and name[1:].isdigit():
            return hand.trade[int(name[1:])]
        return SYMBOL.sub(one, chance.choice(GRAMMAR[name]))

    return SYMBOL.sub(one, chance.choice(GRAMMAR[symbol])).strip()


def _reworded(chance: random.Random, hand: _Hand, piece: tuple[str, str]) -> tuple[str, str]:
    return (piece[0], _said(chance, hand, piece[0]))


Row = tuple[str, str, str, str, str, str, list[bool]]


def _ad(chance: random.Random, shown: _Shown, towns: list[tuple[str, str]], phone_shown: float) -> Row:
    hand = shown.hand
    town = shown.town if chance.random() > hand.tours * 0.5 else _town(chance, len(towns))
    if not shown.last or chance.random() > 0.45:
        shown.last = _body(chance, shown, towns[town][0])
    body = shown.last
    given = chance.random()
    in_text, in_field = given < phone_shown * 0.65, phone_shown * 0.35 < given < phone_shown
    if in_text:
        typed = _typed(chance, shown.phone, hand.phone_style)
        place = body.find(" ", chance.randrange(len(body) + 1))
        body = f"{body[:place]} {typed}{body[place:]}" if place >= 0 and chance.random() < 0.3 else f"{body} {typed}"
    site = min(int(chance.expovariate(0.35)), 11)
    if site % 3 == 0:
        body += f"\n{FOOTERS[site % len(FOOTERS)]}"
    if site == 5:
        body = body[:180]
    said = [hand.voice == "her", hand.voice == "en", *(mark in body for mark in (MIXED, PASSING, ALWAYS))]
    for mark in (MIXED, PASSING, ALWAYS):
        body = body.replace(mark, "")
    day = (FIRST_DAY + timedelta(days=(hand.number * 7 + chance.randrange(25)) % 76)).isoformat()
    phone = _typed(chance, shown.phone, chance.randrange(4)) if in_field else ""
    place_code = towns[town][1] if chance.random() < 0.93 else ""
    return (body, phone, place_code, day if chance.random() < 0.8 else "", hand.account, f"s{site:02d}", said)


def _body(chance: random.Random, shown: _Shown, town: str) -> str:
    """One version of what a person's ads say, with a mark after each clue."""
    hand = shown.hand
    if chance.random() < 0.05:
        pieces = [_reworded(chance, hand, piece) for piece in shown.pieces]
    else:
        pieces = [_reworded(chance, hand, one) if chance.random() < 0.07 else one for one in shown.pieces]
    passing, always = chance.random() < hand.tours, chance.random() < hand.always
    for wanted, symbol, mark in ((passing, "passing", PASSING), (always, "always", ALWAYS)):
        if wanted:
            piece = (symbol, _said(chance, hand, f"{symbol}.{hand.voice}") + mark)
            pieces.insert(chance.randrange(1, len(pieces) + 1), piece)
    if chance.random() < 0.1 and len(pieces) > 3:
        middle = pieces[1:-1]
        chance.shuffle(middle)
        pieces = [pieces[0], *middle, pieces[-1]]
    if chance.random() < 0.03 and hand.voice == "me":
        pieces.append(("en", chance.choice(("english spoken", "i speak english a little", "welcome to my place"))))
    text = _laid_out(chance, hand, [piece[1] for piece in pieces])
    return _spelled(chance, hand, _filled(chance, shown, town, text, mixes=chance.random() < hand.mixes))


def _laid_out(chance: random.Random, hand: _Hand, said: list[str]) -> str:
    joined = {"prose": ". ", "lines": "\n", "bullets": "\n- ", "slashes": " // ", "dots": "... "}[hand.layout]
    if hand.decorated:
        said = [f"{one} {chance.choice(EMOJI)}" if chance.random() < hand.decorated else one for one in said]
    text = joined.join(said)
    return f"{text}\n{' '.join(hand.tags)}" if hand.tags else text


def _filled(chance: random.Random, shown: _Shown, town: str, text: str, *, mixes: bool) -> str:
    name = shown.names[0] if chance.random() < 0.85 else chance.choice(shown.names)
    friend = NAMES[(NAMES.index(name) + 1 + shown.number % 40) % len(NAMES)]
    age = shown.age + chance.choice((0, 0, 0, 0, -3, 2))
    if mixes and chance.random() < 0.5:
        text = text if "{name}" in text else f"{{name}} - {text}"
        text = f"{text}. {chance.choice(('bises', 'bisous', 'à bientôt', 'signé'))}, {friend}{MIXED}"
    elif mixes:
        text = f"{chance.choice(('Jeune femme', 'Charmante'))} {{age}} ans. {text}. J'ai {age + 7} ans{MIXED}"
    holes = {
        "{name}": name,
        "{friend}": friend,
        "{age}": _number(age) if chance.random() < 0.15 else str(age),
        "{decade}": f"{TENS[age // 10]}aine" if age < 70 and age // 10 != 2 else "vingtaine",
        "{town}": town if chance.random() < 0.75 else chance.choice(DISTRICTS),
        "{district}": chance.choice(DISTRICTS[:: 1 + shown.number % 3]),
        "{district2}": "du centre" if chance.random() < 0.5 else "de la gare",
        "{weekday}": chance.choice(WEEKDAYS),
    }
    for hole, value in holes.items():
        text = text.replace(hole, value)
    return text


def _number(value: int) -> str:
    """An age in words, as it is spelt in a hurry: "vingt trois"."""
    if value < 20:
        return UNITS[value]
    tens, unit = divmod(value, 10)
    if tens in (7, 9):
        return f"{TENS[tens]} {UNITS[10 + unit]}"
    return TENS[tens] if unit == 0 else f"{TENS[tens]} {'et un' if unit == 1 else UNITS[unit]}"


def _spelled(chance: random.Random, hand: _Hand, text: str) -> str:
    if hand.sms:
        text = SMS_WORD.sub(lambda found: SMS[found.group()], text)
    if hand.bare or chance.random() < 0.05:
        text = text.translate(NO_ACCENT)
    if chance.random() < hand.shouts:
        text = text.upper()
    if chance.random() < 0.25:
        for _ in range(chance.randrange(1, 4)):
            place = chance.randrange(len(text))
            if text[place] in (PASSING, ALWAYS, MIXED):
                continue
            text = text[:place] + chance.choice(("", text[place] * 2, "e", "s")) + text[place + 1 :]
    return text


def _typed(chance: random.Random, phone: str, style: int) -> str:
    pairs = [phone[place : place + 2] for place in range(0, 10, 2)]
    if style == 0:
        return " ".join(pairs)
    if style == 1:
        return ".".join(pairs)
    if style == 2:
        return phone
    if style == 3:
        return f"+33 {phone[1]} {' '.join(pairs[1:])}"
    if style == 4:
        return "".join(f"{pair}{chance.choice(EMOJI)}" for pair in pairs)
    if style == 5:
        return " ".join(phone).replace("0", "O")
    if style == 6:
        return " ".join(f"zéro {UNITS[int(pair[1])]}" if pair[0] == "0" else _number(int(pair)) for pair in pairs)
    return "-".join(UNITS[int(digit)] if chance.random() < 0.5 else digit for digit in phone)


def _copy_strangers(chance: random.Random, rows: list[Row], who: list[int], shown: list[_Shown]) -> None:
    """Two ads in a hundred take the sentences of somebody else, under their own phone."""
    for place in chance.sample(range(len(rows)), k=len(rows) // 50):
        source = chance.randrange(len(rows))
        if shown[who[source]].hand.phone_style > 3:  # a phone in words would come along
            continue
        text = rows[source][0]
        for digits in re.findall(r"(?:\d[\s.]?){10}", text):
            text = text.replace(digits, _typed(chance, shown[who[place]].phone, 0))
        rows[place] = (text, *rows[place][1:6], rows[source][6])

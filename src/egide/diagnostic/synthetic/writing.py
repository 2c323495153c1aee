"""One ad: what its hand says of its person this time, on its site; and what the text tells."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from attrs import frozen

from egide.diagnostic.synthetic import hands, noise, phones
from egide.diagnostic.synthetic.hands import Hand, Person, Sentence
from egide.diagnostic.synthetic.sentences import AGE, COMMON_SENTENCE, NAME, PHONE, TOWN

DISGUISED = 0.23  # of the numbers that are shown
IN_FIELD = 0.35  # of the numbers that are shown, in the site's own field; half of them in the text too
# How often, in one ad: a sentence in its rare wording, one left out, two exchanged, one more, another name inside.
RARE, LEFT_OUT, EXCHANGED, ONE_MORE, TWO_NAMES = 0.03, 0.06, 0.05, 0.08, 0.015
SLIPS = 0.20  # of the ads have one to three fresh typing errors
FIRST_TOWN, FIRST_NAME, FIRST_AGE = 0.8, 0.8, 0.8


@frozen(kw_only=True)
class Site:
    """A site: how often it is met, what it adds under a text, after how many characters it cuts."""

    code: str
    weight: float
    footer: str = ""
    limit: int | None = None


SITES = (
    Site(code="S01", weight=0.30),
    Site(code="S02", weight=0.18, footer="Publiée sur S02, petits ateliers."),
    Site(code="S03", weight=0.13),
    Site(code="S04", weight=0.10, footer="Signaler - Référence {}"),
    Site(code="S05", weight=0.08, limit=200),
    Site(code="S06", weight=0.06),
    Site(code="S07", weight=0.05, footer="Dites que vous venez de S07. Vu {} fois."),
    Site(code="S08", weight=0.04, limit=150),
    Site(code="S09", weight=0.03),
    Site(code="S10", weight=0.02, footer="S10 : bouquets, leçons et réparations partout en France."),
    Site(code="S11", weight=0.01),
)


class Ad(NamedTuple):
    """What a site shows, and the clues that its text gives, as bits of `hands`."""

    text: str
    field: str
    place: str
    clues: int


def ad(chance: Random, writer: Hand, who: Person, site: Site, *, phone_shown: float, attacked: float) -> Ad:
    """Write it."""
    random = chance.random
    said = _said(chance, writer, who)
    field, number = "", ""
    if random() < phone_shown:
        number = phones.disguised(who.number, chance) if random() < DISGUISED else who.shown
        if random() < IN_FIELD:
            field = phones.plain(who.number, chance)
            number = number if random() < 0.5 else ""
    call = writer.call if number else writer.silent
    if call:
        said.append((call, 0))
    town = who.towns[0 if random() < FIRST_TOWN else int(random() * len(who.towns))]
    name = who.names[0 if random() < FIRST_NAME else int(random() * len(who.names))]
    age = who.ages[0 if random() < FIRST_AGE else -1]
    text = writer.join.join([sentence for sentence, _ in said])
    if writer.title:
        text = f"{writer.title}\n{text}"
    if site.limit is not None and len(text) > site.limit:
        text = text[: site.limit]
        said = [sentence for sentence in said if sentence[0] in text]  # what is cut tells nothing
        text += "…"
    clues = 0
    for _, told in said:
        clues |= told
    text = _noised(text, writer, chance)
    text = text.replace(NAME, name).replace(AGE, str(age)).replace(TOWN, town.name).replace(PHONE, number)
    if attacked and random() < attacked:
        text = f"{text} {COMMON_SENTENCE}"
    if site.footer:
        text = f"{text}\n{site.footer.format(int(random() * 90_000))}"
    return Ad(text, field, town.code, clues)


def _said(chance: Random, writer: Hand, who: Person) -> list[Sentence]:
    """The sentences of this ad, in order."""
    random = chance.random
    said = [pair[random() < RARE] for pair in writer.wordings]
    if random() < LEFT_OUT and len(said) > 2:
        del said[int(random() * len(said))]
    if random() < EXCHANGED:
        first = int(random() * (len(said) - 1))
        said[first : first + 2] = said[first : first + 2][::-1]
    if who.own is not None and random() < 0.9:
        said.insert(len(said) // 2, who.own)
    if random() < ONE_MORE:
        said.append(writer.more[random() < 0.4])
    if who.passing is not None and random() < 0.6:
        said.append((who.passing, hands.PASSING))
    if random() < TWO_NAMES:
        said.append((hands.inconsistent(chance), hands.INCONSISTENT))
    return said


def _noised(text: str, writer: Hand, chance: Random) -> str:
    """The hand's habits, and what slips this time."""
    if writer.message or chance.random() < 0.02:
        text = noise.as_message(text)
    if chance.random() < SLIPS:
        text = noise.slipped(text, chance, 1 + int(chance.random() * 3))
    if writer.bare or chance.random() < 0.05:
        text = noise.without_accents(text)
    if writer.capitals or chance.random() < 0.02:
        text = text.upper()
    return text

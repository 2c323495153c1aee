"""Invented ads, by seed, with the truth of who writes and who is shown.

What varies and how often is said in docs/methods/synthetic-ads.md. Chance comes from the seed alone: the same seed and
the same settings give the same corpus. Neither a real ad nor a real number was used.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

import numpy as np

from egide.diagnostic.duplicates.ads import Ads
from egide.diagnostic.synthetic import hands
from egide.diagnostic.synthetic.corpus import CLUES, Corpus, Truth
from egide.diagnostic.synthetic.hands import Hand
from egide.diagnostic.synthetic.lists import FRANCE, PAS_DE_CALAIS, Town
from egide.diagnostic.synthetic.people import People, people
from egide.diagnostic.synthetic.phones import MOST
from egide.diagnostic.synthetic.writing import SITES, Ad, ad

FIRST_DAY, DAYS = date(2025, 3, 3), 28
DEPARTMENT = 1_000  # up to so many persons, towns of one department


def generate(
    seed: int,
    *,
    persons: int,
    ads: int,
    organised: float = 0.25,
    phone_shown: float = 0.77,
    new_text: float = 0.08,
    copied: float = 0.04,
    borrowed: float = 0.0,
    changing: float = 0.15,
    english: float = 0.05,
    attacked: float = 0.0,
    account_shown: float = 0.0,
    towns: Sequence[Town] | None = None,
) -> Corpus:
    """An invented corpus.

    organised:   share of the persons run by an organiser, 0 to 1.
    phone_shown: share of the ads that give a number, plainly or not.
    new_text:    share of the ads written anew by the same hand.
    copied:      share of the hands whose wording is a stranger's, taken once for all.
    borrowed:    share of the ads that take a stranger's wording for once: harder, since a number then joins two hands.
    changing:    share of the persons who give several names; twice that of organised ones, and of two ages.
    english:     share of the hands of one person that write in English; twice that of organisers.
    attacked:    share of the ads to which one common sentence is added.
    account_shown: share of the ads whose account is known; at 0, Ads.accounts is None.
    towns:       where ads are published; by default 15 of one department up to 1,000 persons, else of all the country.
    Refuses no person, more persons than ads or than numbers that nobody has, shares outside 0 to 1, and no town.
    """
    shares = (organised, phone_shown, new_text, copied, borrowed, changing, english, attacked, account_shown)
    if (
        not 0 < persons <= min(ads, MOST)
        or not all(0 <= share <= 1 for share in shares)
        or (towns is not None and not towns)
    ):
        raise ValueError(
            f"1 to {MOST:,} persons, no more than ads, shares from 0 to 1, and one town at least are expected"
        )
    drawn, chance = np.random.default_rng(seed), Random(seed)
    who = people(drawn, persons=persons, ads=ads, organised=organised)
    run = np.zeros(int(who.author[-1]) + 1, dtype=bool)
    run[who.author[who.organised]] = True
    writers = _hands(chance, run.tolist(), english=english, copied=copied)
    places = tuple(towns) if towns is not None else PAS_DE_CALAIS if persons <= DEPARTMENT else FRANCE
    shown = [
        hands.person(chance, writers[author], number, places, organised=one, changing=changing)
        for author, number, one in zip(who.author.tolist(), who.phone, who.organised.tolist(), strict=True)
    ]
    author = who.author[who.ad_person]
    weights = np.array([site.weight for site in SITES])
    sites = drawn.choice(len(SITES), size=ads, p=weights / weights.sum()).tolist()
    days = [(FIRST_DAY + timedelta(days=rank)).isoformat() for rank in range(DAYS)]
    published = [days[rank] for rank in drawn.integers(0, DAYS, ads).tolist()]
    written: list[Ad] = []
    for person, hand, site in zip(who.ad_person.tolist(), author.tolist(), sites, strict=True):
        writer = writers[hand]
        kind = chance.random()
        if kind < new_text:
            writer = hands.hand(chance, organised=bool(who.organised[person]), english=english)
        elif kind < new_text + borrowed:
            writer = writers[int(chance.random() * len(writers))]
        written.append(ad(chance, writer, shown[person], SITES[site], phone_shown=phone_shown, attacked=attacked))
    told = np.array([one.clues for one in written])
    return Corpus(
        ads=Ads(
            texts=[one.text for one in written],
            phones=[one.field for one in written],
            places=[one.place for one in written],
            days=published,
            accounts=_accounts(drawn, who, account_shown) if account_shown else None,
        ),
        sites=tuple(SITES[site].code for site in sites),
        truth=Truth(
            person=who.ad_person,
            author=author,
            clues={clue: (told & (1 << rank)) != 0 for rank, clue in enumerate(CLUES)},
        ),
    )


def _hands(chance: Random, organised: list[bool], *, english: float, copied: float) -> list[Hand]:
    """One of each author; some have the wording of one already drawn."""
    found: list[Hand] = []
    for one in organised:
        if found and chance.random() < copied:
            found.append(found[int(chance.random() * len(found))])
        else:
            found.append(hands.hand(chance, organised=one, english=english))
    return found


def _accounts(drawn: np.random.Generator, who: People, known: float) -> list[str]:
    """Account of each ad. About half of the organised persons are published from their organiser's."""
    from_organiser = who.organised & (drawn.random(len(who.organised)) < 0.5)
    account = np.where(from_organiser, who.author, len(who.author) + np.arange(len(who.author)))[who.ad_person]
    seen = (drawn.random(len(account)) < known).tolist()
    return [f"compte {one}" if shown else "" for one, shown in zip(account.tolist(), seen, strict=True)]

"""The only place where texts, numbers, names and addresses are alive. What comes out is counted or coded, never theirs.

Texts live for one call of `cross`: they are clustered and observed by functions given as arguments, then dropped.
Identifiers become keyed digests of 128 bits under keys made for this run, one key per use, destroyed when it ends
whatever happens. No error that leaves the door carries a text. Source: docs/methods/census-hard-rules.md, rules 3 to 5.

Minors: the door looks for no sign of age and keeps no mark on any ad. What a reader sees, a reader must report.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Generic, Protocol, TypeVar

import numpy as np
from attrs import define, field, fields, frozen

from egide.diagnostic.census import mirrors, phones
from egide.diagnostic.census.arrivals import Arrivals
from egide.diagnostic.census.features import Features, Ints
from egide.diagnostic.duplicates.ads import UNKNOWN, Ads, Clusters
from egide.errors import EgideError
from egide.linkage.pseudonyms import Key

DUTY = (
    "Un signe de minorité, dans une annonce ou ailleurs, ne se note pas ici\u00a0: il se signale. Qui le lit avise "
    "sans délai le procureur de la République (article 434-3 du code pénal), le 119 ou Pharos, selon la procédure de "
    "son équipe. Égide n’en garde aucune trace."
)
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{2,64}){1,4}")

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class DoorFailed(EgideError):
    """A step stopped inside the door. Says which, and of what kind; nothing of what it was reading."""

    exit_code = 5


@define(kw_only=True, repr=False, eq=False)
class Keys:
    """One key per use, so that two digests of different uses can never be compared."""

    phone: Key = field(factory=Key.random)  # whole number
    line: Key = field(factory=Key.random)  # number without its last two digits
    mail: Key = field(factory=Key.random)
    name: Key = field(factory=Key.random)
    account: Key = field(factory=Key.random)
    text: Key = field(factory=Key.random)
    sketch: Key = field(factory=Key.random)  # for whoever clusters
    order: Key = field(factory=Key.random)  # numbers and order of what leaves

    def __enter__(self) -> Keys:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for one in fields(Keys):
            getattr(self, one.name).destroy()


@frozen(kw_only=True, eq=False, repr=False)
class Digests:
    """Keyed digests of one run; they mean nothing once its keys are gone, and are not written.

    accounts, names, texts: one per ad, `b""` when not known.
    phone_ad, phone, line: one entry per number shown: which ad, the whole number, the number without its last two.
    mail_ad, mail: the same for e-mail addresses.
    """

    accounts: Sequence[bytes]
    names: Sequence[bytes]
    texts: Sequence[bytes]
    phone_ad: Ints
    phone: Sequence[bytes]
    line: Sequence[bytes]
    mail_ad: Ints
    mail: Sequence[bytes]


@frozen(kw_only=True, eq=False, repr=False)
class Alive:
    """What an observer is shown while texts are alive. It may count; it keeps nothing."""

    ads: Ads
    digests: Digests
    clusters: Clusters


class Clusterer(Protocol):
    def __call__(self, ads: Ads, *, key: Key) -> Clusters: ...


class Observer(Protocol[T_co]):
    """Returns tables of counts: nothing by ad, and no text."""

    def __call__(self, alive: Alive) -> T_co: ...


@frozen(kw_only=True, eq=False, repr=False)
class Crossing(Generic[T]):
    """What leaves the door."""

    features: Features
    overlaps: tuple[mirrors.Overlap, ...]
    observed: T


def cross(arrivals: Arrivals, keys: Keys, *, cluster: Clusterer, observe: Observer[T]) -> Crossing[T]:
    """Texts to features. `arrivals` is emptied and `keys` are destroyed, even when a step fails.

    Raises: DoorFailed, without a word of the texts.
    """
    try:
        with keys:
            digests = _guarded("chiffrement", lambda: hashed(arrivals, keys))
            clusters = _guarded("rapprochement", lambda: cluster(arrivals.ads, key=keys.sketch))
            alive = Alive(ads=arrivals.ads, digests=digests, clusters=clusters)
            observed = _guarded("observation", lambda: observe(alive))
            features = _features(arrivals, digests, clusters)
            overlaps = mirrors.overlaps(
                features.labels["site"], features.numbers["copie"], features.numbers["personne"]
            )
            return Crossing(
                features=features.shuffled(keys.order.words("order", 4)), overlaps=overlaps, observed=observed
            )
    finally:
        arrivals.forget()


def hashed(arrivals: Arrivals, keys: Keys) -> Digests:
    """Digests of every identifier, whether it stood in a field or in the text."""
    ads = arrivals.ads
    phone_ad, phone, line, mail_ad, mail = [], [], [], [], []
    for place, (text, cell, address) in enumerate(zip(ads.texts, arrivals.phones, arrivals.mails, strict=True)):
        for number in dict.fromkeys((*(phones.in_field(cell) if cell else ()), *phones.in_text(text))):
            phone_ad.append(place)
            phone.append(keys.phone.digest("phone", number))
            line.append(keys.line.digest("line", phones.without_last_two(number)))
        found = (*_MAIL.findall(address), *(_MAIL.findall(text) if "@" in text else ()))
        for one in dict.fromkeys(each.casefold() for each in found):
            mail_ad.append(place)
            mail.append(keys.mail.digest("mail", one))
    return Digests(
        accounts=[keys.account.digest("account", one) if one else b"" for one in arrivals.accounts],
        names=[keys.name.digest("name", one) if one else b"" for one in map(same_name, arrivals.names)],
        texts=[keys.text.digest("text", " ".join(text.casefold().split())) if text else b"" for text in ads.texts],
        phone_ad=np.array(phone_ad, np.int64),
        phone=phone,
        line=line,
        mail_ad=np.array(mail_ad, np.int64),
        mail=mail,
    )


def same_name(written: str) -> str:
    """Letters only, without accents or case: « Zoé ♥ » and « zoe » are one."""
    plain = unicodedata.normalize("NFKD", written).casefold()
    return "".join(char for char in plain if char.isalpha())


def _features(arrivals: Arrivals, digests: Digests, clusters: Clusters) -> Features:
    seen: dict[bytes, int] = {}
    copies = [seen.setdefault(one, len(seen)) if one else UNKNOWN for one in digests.texts]
    # An ad without text is a copy of nothing: each has a number of its own.
    alone = iter(range(len(seen), len(seen) + len(copies)))
    return Features(
        labels=arrivals.labels(),
        numbers={
            "copie": np.array([next(alone) if one == UNKNOWN else one for one in copies], np.int64),
            "auteur": np.asarray(clusters.author, np.int64),
            "personne": np.asarray(clusters.person, np.int64),
        },
    )


def _guarded(step: str, work: Callable[[], T]) -> T:
    try:
        return work()
    except Exception as error:  # whatever it is, its words may be those of an ad
        kind = type(error).__name__
    raise DoorFailed(f"L’étape «\u00a0{step}\u00a0» s’est arrêtée ({kind}). Rien n’a été gardé ni écrit.")

"""Names that nobody bears, drawn from a seed: made of syllables, and each says that it is an example. Pure."""

from datetime import date, timedelta
from random import Random

_FIRST = ("Ba", "Cé", "Do", "Fi", "Ga", "Lu", "Mi", "No", "Ro", "Sé", "Ti", "Va", "Zo")
_MIDDLE = ("bri", "dou", "fla", "kor", "lu", "mé", "né", "pi", "ra", "ti", "vo", "zé")
_LAST = ("bal", "dine", "fo", "line", "mar", "nor", "quin", "ril", "sane", "tov", "vin", "zel")


def name(chance: Random) -> tuple[str, str]:
    """A family name and a given name."""
    family = chance.choice(_FIRST) + chance.choice(_MIDDLE) + chance.choice(_LAST)
    return f"Exemple-{family}", chance.choice(_FIRST) + chance.choice(_LAST)


def birth(chance: Random, *, on: date) -> date:
    """The birth date of somebody between nineteen and forty-five years old on a day."""
    return on - timedelta(days=chance.randint(19 * 366, 45 * 365))

"""Synthetic situations told by several professionals, with the truth. Seeded; codes only, nobody behind them."""

from __future__ import annotations

import random

from attrs import frozen

_AGES = ("15_17", "18_25", "26_35", "36_45", "46_55")
_FORMS = ("appartement", "hotel", "rue", "route", "internet", "contre_hebergement")
_LEVELS = ("risque", "probable", "avéré")
COLUMNS = ("reponse", "repondants", "nombre", "certitude", "lieu", "debut", "fin", "ages", "sexes", "formes")


@frozen(kw_only=True)
class Telling:
    """Rows of a table of situations, and which true situation each row tells."""

    rows: list[dict[str, str]]
    truth: list[int]

    def csv(self) -> str:
        lines = [",".join(COLUMNS), *(",".join(row[name] for name in COLUMNS) for row in self.rows)]
        return "\n".join(lines) + "\n"


def telling(seed: int, true: int, answers: int, *, twice: float = 0.25) -> Telling:
    """`true` situations told by `answers` professionals; a share `twice` is told again by somebody else."""
    drawn = random.Random(seed)
    rows: list[dict[str, str]] = []
    truth: list[int] = []
    team = [drawn.choice([1, 1, 3]) for _ in range(answers)]
    for number in range(true):
        first = drawn.randint(2015, 2019)
        real = {
            "nombre": drawn.choice(["", "1", "1", "2", "3 ou 4", "plusieurs"]),
            "certitude": drawn.choice(_LEVELS),
            "lieu": f"62{int(drawn.random() ** 2 * 60):03}",
            "debut": str(first),
            "fin": str(min(2020, first + drawn.randint(0, 2))),
            "ages": drawn.choice(_AGES),
            "sexes": drawn.choices(["femmes", "hommes", "trans"], [8, 1, 1])[0],
            "formes": drawn.choice(_FORMS),
        }
        tellers = drawn.sample(range(answers), 2 if drawn.random() < twice else 1)
        for rank, teller in enumerate(tellers):
            told = dict(real)
            if rank:
                told |= {"certitude": drawn.choice(_LEVELS), "nombre": drawn.choice([real["nombre"], "2"])}
                for name in ("lieu", "ages", "formes"):
                    if drawn.random() < 0.15:
                        told[name] = ""
            rows.append({"reponse": f"r{teller}", "repondants": str(team[teller])} | told)
            truth.append(number)
    return Telling(rows=rows, truth=truth)

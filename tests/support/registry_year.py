"""A seeded national year, drawn: as many departments with few paths as the Senate counted at the end of 2024."""

from __future__ import annotations

from collections import Counter

import numpy as np

from egide_registry.statistics.cubes import departments
from egide_registry.statistics.rules import DELAYS, RIGHTS, Row

YEAR = 2025
_WORK = ("stable_job", "short_job", "training", "no_job", "work_unknown")
_HOUSING = ("own_home", "hosted", "shelter", "no_home", "housing_unknown")
_RESIDENCE = ("settled", "provisional", "no_right", "residence_unknown")


def national(seed: int = 1) -> tuple[Row, ...]:
    """About 900 paths: 34 departments with none, 26 with 1 to 5, 16 with 6 to 10, the others with 11 to 100."""
    draw = np.random.default_rng(seed)
    sizes = np.concatenate(
        [np.zeros(34, int), draw.integers(1, 6, 26), draw.integers(6, 11, 16), draw.integers(11, 50, 25)]
    )
    draw.shuffle(sizes)
    rows: list[Row] = []
    for code, paths in zip(departments(), sizes.tolist(), strict=True):
        rows.append(Row(measure="psp_current", department=code, period=f"{YEAR}-12-31", count=paths))
        rows.append(Row(measure="cdlp_sessions", department=code, period=str(YEAR), count=int(draw.integers(0, 5))))
        rows += _crossed(code, "psp_requests", [_request(draw) for _ in range(draw.poisson(paths * 1.1))])
        rows += _crossed(code, "psp_appeals", [_appeal(draw) for _ in range(draw.poisson(paths * 0.04))])
        rows += _crossed(code, "psp_ended", [_end(draw) for _ in range(draw.poisson(paths * 0.4))])
        for moment in ("m6", "m12"):
            persons = [{"moment": moment, **_situation(draw)} for _ in range(draw.poisson(paths * 0.2))]
            rows += _crossed(code, "psp_followed", persons)
        for right in RIGHTS:
            asked = [{"right": right, **_right(draw)} for _ in range(draw.poisson(paths * 0.6))]
            rows += _crossed(code, "psp_rights", asked)
    return tuple(rows)


def _crossed(code: str, measure: str, units: list[dict[str, str]]) -> list[Row]:
    """As the database counts them: one row for each combination that exists."""
    counted = Counter(tuple(sorted(one.items())) for one in units)
    return [
        Row(measure=measure, department=code, period=str(YEAR), count=count, dims=dims)
        for dims, count in sorted(counted.items())
    ]


def _pick(draw: np.random.Generator, codes: tuple[str, ...], weights: list[float]) -> str:
    return codes[int(draw.choice(len(codes), p=weights))]


def _request(draw: np.random.Generator) -> dict[str, str]:
    outcome = _pick(draw, ("granted", "refused", "pending", "withdrawn"), [0.75, 0.14, 0.09, 0.02])
    kind = {"kind": _pick(draw, ("first", "renewal"), [0.45, 0.55]), "outcome": outcome}
    return kind | {"delay": _pick(draw, DELAYS, [0.2, 0.4, 0.3, 0.1])} if outcome in ("granted", "refused") else kind


def _appeal(draw: np.random.Generator) -> dict[str, str]:
    return {
        "way": _pick(draw, ("prefect", "court"), [0.6, 0.4]),
        "outcome": _pick(draw, ("upheld", "rejected", "pending", "withdrawn"), [0.2, 0.4, 0.35, 0.05]),
    }


def _end(draw: np.random.Generator) -> dict[str, str]:
    return {"ending": _pick(draw, ("term", "early"), [0.8, 0.2]), **_situation(draw)}


def _situation(draw: np.random.Generator) -> dict[str, str]:
    return {
        "work": _pick(draw, _WORK, [0.35, 0.25, 0.15, 0.2, 0.05]),
        "housing": _pick(draw, _HOUSING, [0.4, 0.15, 0.35, 0.05, 0.05]),
        "residence": _pick(draw, _RESIDENCE, [0.3, 0.5, 0.1, 0.1]),
    }


def _right(draw: np.random.Generator) -> dict[str, str]:
    stage = _pick(draw, ("not_granted", "not_effective", "effective"), [0.15, 0.2, 0.65])
    return (
        {"stage": stage, "delay": _pick(draw, DELAYS, [0.3, 0.4, 0.2, 0.1])}
        if stage == "effective"
        else {"stage": stage}
    )

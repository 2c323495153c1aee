"""One world of synthetic persons, linked and grouped: what `benchmarks/linkage.py` starts, one process each.

Splink's own groups are its connected components, at thresholds of its tutorials. The pairs are the same for all.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from egide.linkage.clusters import closure, cluster
from egide.linkage.evaluate import evaluate
from egide.linkage.link import link
from egide.linkage.pairs import Ints, Pairs
from egide.linkage.persons import bounds, calibrate, from_sample, simulated
from egide.linkage.settings import Settings, Subject, day, exact, text

# The generator belongs to the tests. Run by its path, this process sees their `support` and not the one it lies in.
sys.path.append(str(Path(__file__).resolve().parents[2] / "tests"))
from support.people import people

WORLDS = {  # share of fields with an error, mean records of a person
    "few records each": (0.10, 1.3),
    "ordinary": (0.15, 4.0),
    "many errors": (0.30, 9.0),
}
PERSONS = Settings(
    subject=Subject.LISTS,
    comparisons=(
        text("first_name"),
        text("surname"),
        day("dob"),
        exact("place", u=0.01, frequent=True),
        exact("occupation", u=0.06),
    ),
    blocks=(
        ("surname", "first_name"),
        ("dob",),
        ("surname:4", "place"),
        ("first_name:4", "place"),
        ("surname:3", "first_name:3"),
    ),
    sure=(("first_name", "surname", "dob"), ("first_name", "dob", "place"), ("surname", "dob", "place")),
    recall=0.5,
    learn=(("first_name", "surname"), ("dob",)),
)
FEBRL = Settings(
    subject=Subject.LISTS,
    comparisons=(
        text("given_name"),
        text("surname"),
        day("birth"),
        exact("soc_sec_id", u=0.0001),
        text("address_1"),
        text("suburb"),
        exact("postcode", u=0.01, frequent=True),
    ),
    blocks=(
        ("soc_sec_id",),
        ("birth",),
        ("surname", "given_name"),
        ("postcode", "surname:3"),
        ("postcode", "given_name:3"),
        ("address_1",),
    ),
    sure=(("soc_sec_id",), ("given_name", "surname", "birth")),
    recall=0.9,
    learn=(("birth",), ("postcode",)),
)
THRESHOLDS = (0.5, 0.8, 0.95, 0.99)
CODED, SURVEYS = 200, 1_000


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("world")
    parser.add_argument("--records", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--febrl", type=Path)
    asked = parser.parse_args()
    if asked.febrl:
        columns, truth, lists = _febrl(
            asked.febrl, ["dataset4a", "dataset4b"] if asked.world == "febrl4" else ["dataset3"]
        )
        report(columns, truth, FEBRL, lists)
    else:
        noise, mean = WORLDS[asked.world]
        world = people(asked.seed, asked.records, noise=noise, mean=mean)
        report(world.columns, np.array(world.person), PERSONS, None)


def report(columns: dict[str, list[str | None]], truth: Ints, settings: Settings, lists: list[int] | None) -> None:
    start = time.process_time()
    pairs = link(columns, settings, lists=lists)
    true = len(np.unique(truth))
    print(
        f"  {len(truth):,} records of {true:,} persons; {len(pairs):,} pairs in {time.process_time() - start:.1f} cpu s"
    )
    print(
        f"  {'groups':28}{'pair P':>8}{'pair R':>8}{'pair F1':>8}{'B-cubed':>9}{'persons':>9}{'largest':>9}{'cpu s':>7}"
    )
    for at in THRESHOLDS:
        _line(f"connected components {at}", lambda at=at: closure(pairs, at), truth)
    found = _line("mean evidence (ours)", lambda: cluster(pairs, lists=lists), truth)
    _numbers(pairs, found, truth, true)


def _line(name: str, group: Callable[[], Ints], truth: Ints) -> Ints:
    start = time.process_time()
    found = group()
    spent = time.process_time() - start
    said = evaluate(found, truth)
    print(
        f"  {name:28}{said.pairs.precision:8.4f}{said.pairs.recall:8.4f}{said.pairs.f1:8.4f}{said.records.f1:9.4f}"
        f"{said.error:+9.1%}{np.bincount(found).max():9}{spent:7.2f}"
    )
    return found


def _numbers(pairs: Pairs, found: Ints, truth: Ints, true: int) -> None:
    """The three answers on the number of persons, in % of the truth; the last over many samples."""
    chance = np.random.default_rng(1)
    doubt = bounds(pairs, doubtful=0.05, sure=0.99)
    blind = simulated(pairs, seed=1)
    drawn = np.zeros(len(pairs), dtype=bool)
    drawn[chance.choice(len(pairs), min(300, len(pairs)), replace=False)] = True
    labels = (truth[pairs.left] == truth[pairs.right])[drawn]
    known = simulated(pairs, seed=1, calibration=calibrate(pairs.kept(drawn), labels))
    sizes, mates = np.bincount(found)[found], np.unique(truth, return_inverse=True, return_counts=True)
    true_sizes = mates[2][mates[1]]
    surveys = []
    for _ in range(SURVEYS):
        rows = chance.choice(len(truth), CODED, replace=False)
        surveys.append(from_sample(sizes, rows, true_sizes[rows]))
    covered = np.mean([one.low <= true <= one.high for one in surveys])
    half = np.mean([(one.high - one.low) / 2 for one in surveys]) / true
    bias = np.mean([one.persons for one in surveys]) / true - 1
    print(f"  bounds (0.05 to 0.99)          {_range(doubt.low, doubt.high, true)}")
    print(f"  simulated, no label            {_range(blind.low, blind.high, true)}")
    print(f"  simulated, 300 pairs labelled  {_range(known.low, known.high, true)}")
    print(
        f"  {CODED} records coded, {SURVEYS} surveys: bias {bias:+.1%}, half-width {half:.1%}, coverage {covered:.1%}"
    )


def _range(low: object, high: object, true: int) -> str:
    ends = (float(low) / true - 1, float(high) / true - 1)  # type: ignore[arg-type]
    return f"{ends[0]:+.1%} to {ends[1]:+.1%}{'' if ends[0] <= 0 <= ends[1] else '  (misses the truth)'}"


def _febrl(folder: Path, names: list[str]) -> tuple[dict[str, list[str | None]], Ints, list[int] | None]:
    rows, lists = [], []
    for rank, name in enumerate(names):
        with (folder / f"{name}.csv").open(newline="") as file:
            for row in csv.DictReader(file, skipinitialspace=True):
                rows.append({key.strip(): value.strip() or None for key, value in row.items()})
                lists.append(rank)
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    columns["birth"] = [day and f"{day[:4]}-{day[4:6]}-{day[6:]}" for day in columns["date_of_birth"]]
    person = np.unique([(name or "").split("-")[1] for name in columns["rec_id"]], return_inverse=True)[1]
    return columns, person.astype(np.int64), lists if len(names) > 1 else None


if __name__ == "__main__":
    main()

"""The steps of a deduction, one bound at a time, as one would write them with a pencil; and only those needed."""

from __future__ import annotations

from attrs import frozen

from egide.disclosure.attack.rows import LARGEST, NO_LIMIT, Rows

_ROUNDS = 200


@frozen(kw_only=True)
class Step:
    """A row, with the bounds of its other unknowns, bounds this one: from below (`side` 0) or from above (1)."""

    row: int
    column: int
    side: int
    value: int
    others: tuple[tuple[int, int, int], ...]  # column, side, value of each bound it rests on
    after: tuple[int, ...]  # the earlier steps those bounds come from


@frozen(kw_only=True)
class Deduction:
    """Every step taken, the step each bound now held comes from, and an unknown left without value if there is one."""

    steps: tuple[Step, ...]
    last: dict[tuple[int, int], int]
    bounds: tuple[tuple[int, ...], tuple[int, ...]]
    crossed: int | None

    def leading_to(self, *ends: tuple[int, int]) -> list[Step]:
        """The steps that these bounds (column, side) rest on, in order."""
        waiting = [self.last[end] for end in ends if end in self.last]
        needed: set[int] = set()
        while waiting:
            step = waiting.pop()
            if step not in needed:
                needed.add(step)
                waiting.extend(self.steps[step].after)
        return [self.steps[step] for step in sorted(needed)]


def deduce(rows: Rows) -> Deduction:
    """Apply one row after the other until nothing moves or an unknown has no value left. For small systems."""
    walk = _Deducing(rows)
    for _ in range(_ROUNDS):
        before = len(walk.steps)
        for row in range(rows.height):
            walk.apply(row)
            if walk.crossed is not None:
                break
        if walk.crossed is not None or len(walk.steps) == before:
            break
    bounds = (tuple(walk.bounds[0]), tuple(walk.bounds[1]))
    return Deduction(steps=tuple(walk.steps), last=walk.last, bounds=bounds, crossed=walk.crossed)


class _Deducing:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.bounds = [rows.low.tolist(), rows.high.tolist()]
        self.steps: list[Step] = []
        self.last: dict[tuple[int, int], int] = {}
        self.crossed: int | None = next((n for n in range(rows.width) if rows.low[n] > rows.high[n]), None)

    def apply(self, row: int) -> None:
        rows = self._rows
        span = slice(int(rows.starts[row]), int(rows.starts[row + 1]))
        terms = list(zip(rows.columns[span].tolist(), rows.weights[span].tolist(), strict=True))
        for limit, upper in ((int(rows.at_most[row]), True), (int(rows.at_least[row]), False)):
            if abs(limit) == NO_LIMIT:
                continue
            for column, weight in terms:
                others = tuple(
                    (other, side, self.bounds[side][other])
                    for other, times in terms
                    if other != column
                    for side in ((0 if times > 0 else 1) if upper else (1 if times > 0 else 0),)
                )
                if any(abs(value) == NO_LIMIT for _, _, value in others):
                    continue
                weights = dict(terms)
                left = limit - sum(weights[other] * value for other, _, value in others)
                self._bound(row, column, weight, left, upper, others)
                if self.crossed is not None:
                    return

    def _bound(
        self, row: int, column: int, weight: int, left: int, upper: bool, others: tuple[tuple[int, int, int], ...]
    ) -> None:
        """weight × unknown is at most (upper) or at least `left`."""
        side = 1 if upper == (weight > 0) else 0
        value = left // weight if side else -(-left // weight)
        if abs(value) > LARGEST:
            return  # a narrowing without end: it proves nothing, and a missing bound is no number to compare it with
        now = self.bounds[side][column]
        if (value < now) if side else (value > now):
            after = tuple(self.last[other, end] for other, end, _ in others if (other, end) in self.last)
            self.last[column, side] = len(self.steps)
            self.steps.append(Step(row=row, column=column, side=side, value=value, others=others, after=after))
            self.bounds[side][column] = value
            if self.bounds[0][column] > self.bounds[1][column]:
                self.crossed = column

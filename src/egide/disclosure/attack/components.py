"""What is left once propagation has stopped: fixed unknowns out, rows that say nothing more out, the rest cut into
parts that do not touch each other. Each part can then be solved alone.

A row whose remaining weights share a divisor has its bounds rounded to what whole numbers can reach, which may set
propagation going again. Source: docs/methods/attacker.md.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen

from egide.disclosure.attack.propagation import Bounds, least, most, propagate
from egide.disclosure.attack.rows import NO_LIMIT, Flags, Ints, Rows, entries_of


@frozen(kw_only=True, eq=False)
class Part:
    """Rows over some unknowns only. `columns` and `origins` are their numbers in the system they come from."""

    rows: Rows
    columns: Ints
    origins: Ints


@frozen(kw_only=True, eq=False)
class Reduced:
    """Bounds of every unknown of the system, and the part of it that is not settled by them."""

    bounds: Bounds
    rest: Part


def reduce(rows: Rows) -> Reduced:
    """Propagate, substitute what is fixed, round by common divisors, until nothing moves."""
    bounds = propagate(rows)
    while bounds.clash is None:
        rest, sharper, clash = _substitute(rows, bounds)
        if clash is not None:
            return Reduced(bounds=Bounds(low=bounds.low, high=bounds.high, clash=clash), rest=rest)
        if not sharper:
            return Reduced(bounds=bounds, rest=rest)
        inner = propagate(rest.rows)
        low, high = bounds.low.copy(), bounds.high.copy()
        low[rest.columns], high[rest.columns] = inner.low, inner.high
        moved = bool(np.any(low != bounds.low) or np.any(high != bounds.high))
        clash = None if inner.clash is None else int(rest.origins[inner.clash])
        bounds = Bounds(low=low, high=high, clash=clash)
        if not moved and clash is None:
            return Reduced(bounds=bounds, rest=rest)
        if clash is None:
            bounds = propagate(rows.within(low, high))
    return Reduced(bounds=bounds, rest=Part(rows=rows, columns=np.arange(rows.width), origins=np.arange(rows.height)))


def _substitute(rows: Rows, bounds: Bounds) -> tuple[Part, bool, int | None]:
    """The rows over what is not fixed; whether a common divisor sharpened one; a row it left empty."""
    low, high = bounds.low, bounds.high
    (least_sum, least_gaps), (most_sum, most_gaps) = least(rows, low, high), most(rows, low, high)
    said_low = (rows.at_least != -NO_LIMIT) & ((least_gaps > 0) | (least_sum < rows.at_least))
    said_high = (rows.at_most != NO_LIMIT) & ((most_gaps > 0) | (most_sum > rows.at_most))
    kept = np.flatnonzero(said_low | said_high)
    part = rows.chosen(kept)
    free: Flags = low != high
    fixed_sum = part.sums(np.where(free[part.columns], 0, part.weights * np.where(free, 0, low)[part.columns]))
    entries = free[part.columns]
    lengths = part.sums(entries)
    weights, columns = part.weights[entries], part.columns[entries]
    starts = np.concatenate(([0], np.cumsum(lengths)))
    at_least = np.where(said_low[kept], part.at_least - fixed_sum, -NO_LIMIT)
    at_most = np.where(said_high[kept], part.at_most - fixed_sum, NO_LIMIT)
    sharper, clash = False, None
    if len(weights) and int(np.abs(weights).max()) > 1:
        divisors = np.gcd.reduceat(weights, starts[:-1])
        down = np.where(at_least == -NO_LIMIT, -NO_LIMIT, -(-at_least // divisors))
        up = np.where(at_most == NO_LIMIT, NO_LIMIT, at_most // divisors)
        stricter = ((down * divisors != at_least) & (at_least != -NO_LIMIT)) | (
            (up * divisors != at_most) & (at_most != NO_LIMIT)
        )
        sharper = bool(stricter.any())
        empty = np.flatnonzero(down > up)
        clash = int(kept[empty[0]]) if len(empty) else None
        weights, at_least, at_most = weights // np.repeat(divisors, lengths), down, up
    used = np.flatnonzero(np.bincount(columns, minlength=rows.width) > 0)
    place = np.zeros(rows.width, np.int64)
    place[used] = np.arange(len(used))
    inner = Rows(
        low=low[used],
        high=high[used],
        starts=starts,
        columns=place[columns],
        weights=weights,
        at_least=at_least,
        at_most=at_most,
    )
    return Part(rows=inner, columns=used, origins=kept), sharper, clash


def labels(rows: Rows) -> Ints:
    """One number per unknown, the same for two of them exactly when a chain of rows ties them."""
    found = np.arange(rows.width)
    if not len(rows.columns):
        return found
    row_of = rows.row_of_entries()
    full = np.flatnonzero(np.diff(rows.starts) > 0)
    smallest = np.zeros(rows.height, np.int64)
    while True:
        smallest[full] = np.minimum.reduceat(found[rows.columns], rows.starts[full])
        after = found.copy()
        np.minimum.at(after, rows.columns, smallest[row_of])
        np.minimum.at(after, found, after.copy())  # whoever was led by this one follows it
        after = after[after]
        if np.array_equal(after, found):
            return found
        found = after


def split(part: Part) -> Iterator[Part]:
    """The parts that do not touch, in the order of their first unknown."""
    rows = part.rows
    if not rows.width:
        return
    leader = labels(rows)
    column_order = np.argsort(leader, kind="stable")
    row_leader = leader[rows.columns[rows.starts[:-1]]]
    row_order = np.argsort(row_leader, kind="stable")
    leaders, column_starts = np.unique(leader[column_order], return_index=True)
    column_ends = np.append(column_starts[1:], rows.width)
    row_starts = np.searchsorted(row_leader[row_order], leaders)
    row_ends = np.append(row_starts[1:], rows.height)
    place = np.zeros(rows.width, np.int64)
    place[column_order] = np.arange(rows.width)
    entries = entries_of(rows.starts, row_order)
    sorted_columns, sorted_weights = place[rows.columns[entries]], rows.weights[entries]
    starts = np.concatenate(([0], np.cumsum(np.diff(rows.starts)[row_order])))
    for first, last, top, bottom in zip(column_starts, column_ends, row_starts, row_ends, strict=True):
        columns, chosen = column_order[first:last], row_order[top:bottom]
        begin, end = starts[top], starts[bottom]
        yield Part(
            rows=Rows(
                low=rows.low[columns],
                high=rows.high[columns],
                starts=starts[top : bottom + 1] - begin,
                columns=sorted_columns[begin:end] - first,
                weights=sorted_weights[begin:end],
                at_least=rows.at_least[chosen],
                at_most=rows.at_most[chosen],
            ),
            columns=part.columns[columns],
            origins=part.origins[chosen],
        )

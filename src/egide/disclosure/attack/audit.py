"""The attacker: exact bounds of every hidden cell, from everything that is public, and what gives each one away.

Propagation first, then the parts that do not touch each other, each tried in full or solved; see
docs/methods/attacker.md. Nothing here rounds, guesses or trusts a float: what could not be proven is called
"not proven", and a caller takes that for a refusal.
"""

from __future__ import annotations

import numpy as np

from egide.disclosure.attack.components import Part, reduce, split
from egide.disclosure.attack.findings import Findings
from egide.disclosure.attack.reach import window_bits
from egide.disclosure.attack.reasons import contradiction
from egide.disclosure.attack.rows import LARGEST, Ints
from egide.disclosure.attack.settle import How, Impossible, Limits, Settled, settle
from egide.disclosure.attack.system import System
from egide.errors import ReleaseRefused

DEFAULT = Limits()
_NAMED = 5  # of what a false truth belies


def audit(system: System, limits: Limits = DEFAULT, *, truth: Ints | None = None, small_only: bool = False) -> Findings:
    """Exact bounds of every unknown given all the statements together, and every value of the small counts.

    In:     `truth`, the numbers behind the unknowns when the caller is the publisher: a solution to start from, never
            believed without a check. `small_only`: prove the small counts and leave the other unknowns "not sought".
    Raises: Contradictory, naming a small set of statements that clash, when no whole numbers satisfy them all;
            ReleaseRefused for a `truth` that is no solution, naming what it belies.
    Source: docs/methods/attacker.md.
    """
    rows = system.rows
    if truth is not None:
        _refuse_what_is_false(system, truth)
    base = _bases(system)
    reduced = reduce(rows)
    if reduced.bounds.clash is not None:
        raise contradiction(system, [reduced.bounds.clash])
    low, high = reduced.bounds.low.copy(), reduced.bounds.high.copy()
    seen = window_bits(low, high, base)  # true of what is fixed or free; parts replace theirs
    found = Findings(
        system=system,
        low=low,
        high=high,
        base=base,
        seen=seen,
        never=~seen,
        how=np.full(rows.width, int(How.PROPAGATION)),
    )
    small = np.fromiter((unknown.small for unknown in system.unknowns), dtype=bool, count=rows.width)
    sought = small if small_only else np.ones(rows.width, bool)
    for part in split(reduced.rest):
        start = None if truth is None else truth[part.columns]
        valued = small[part.columns]
        try:
            settled = settle(part, base[part.columns], sought[part.columns], valued, limits, start)
        except Impossible:
            raise contradiction(system, part.origins.tolist()) from None
        _write(found, part, settled)
    return found


def _refuse_what_is_false(system: System, truth: Ints) -> None:
    rows = system.rows
    if truth.shape != (rows.width,):
        raise ReleaseRefused(f"{rows.width} nombres attendus, un pour chaque cellule masquée ; reçus : {truth.size}.")
    if rows.holds(truth):
        return
    outside = np.flatnonzero((truth < rows.low) | (truth > rows.high) | (np.abs(truth) > LARGEST))
    hidden = [(system.unknowns[one], system.cells[one], int(truth[one])) for one in outside[:_NAMED]]
    wrong = [f"{one.name or cell} vaudrait {number}, sous «\u00a0{one.label}\u00a0»" for one, cell, number in hidden]
    if not len(outside):
        totals = rows.sums(rows.weights * truth[rows.columns])
        belied = np.flatnonzero((totals < rows.at_least) | (totals > rows.at_most))
        wrong = [system.statements[int(system.origins[row])].said for row in belied[:_NAMED]]
    raise ReleaseRefused(
        f"Les nombres donnés pour vrais ne le sont pas : {' ; '.join(wrong)}. "
        "Donnez ceux du tableau audité, dans l’ordre de ses cellules masquées, ou n’en donnez pas."
    )


def _bases(system: System) -> Ints:
    """The first number that the label allows, so that values can be told whoever the attacker is."""
    lows = (unknown.low for unknown in system.unknowns)
    return np.fromiter((0 if low is None else low for low in lows), dtype=np.int64, count=len(system.unknowns))


def _write(found: Findings, part: Part, settled: Settled) -> None:
    for name in ("low", "high", "seen", "never", "how"):
        getattr(found, name)[part.columns] = getattr(settled, name)

"""Which cells must be hidden beside the unsafe ones, so that nobody can work these back out.

`protect` takes named cells and everything that ties them, and refuses what it cannot prove; `protect_rows` takes
arrays, for cubes of a million cells, and says how far it got. Same question, same answer, in whatever order.
Source: docs/methods/secondary-suppression.md.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from collections.abc import Set as AbstractSet

import numpy as np
from attrs import field, frozen

from egide.disclosure.attack.audit import DEFAULT
from egide.disclosure.attack.findings import FULL, Level
from egide.disclosure.attack.rows import NO_LIMIT, Flags, Ints, Rows
from egide.disclosure.attack.settle import Limits
from egide.disclosure.attack.system import Attacker, Statement, Unknown
from egide.disclosure.suppress.choosing import REPAIRED, Choosing
from egide.disclosure.suppress.reveal import Weights, reveal
from egide.disclosure.suppress.table import Table
from egide.errors import ReleaseRefused
from egide.facts.relations import Relation

_LISTED = 20


@frozen(kw_only=True)
class Suppression:
    """What is hidden, under which label, and why. Cells that are not here are shown.

    short: unsafe cells for which the level asked cannot be reached, with how many values are proven to stay possible.
           Always empty unless `best_effort` was asked for.
    """

    hidden: Mapping[Hashable, Unknown]
    why: Mapping[Hashable, str]  # French, for the authors
    unsafe: AbstractSet[Hashable]
    protects: Mapping[Hashable, Hashable] = field(factory=dict)  # a cell hidden beside others -> one that needs it
    short: Mapping[Hashable, int] = field(factory=dict)

    @property
    def secondary(self) -> frozenset[Hashable]:
        """Cells hidden only to protect others."""
        return frozenset(self.hidden) - self.unsafe


class ProtectionImpossible(ReleaseRefused):
    """These cells stay too narrow: proven so whatever is hidden, or no cell whose hiding would help was found near.

    cells: how many values each could keep at best, or keeps as far as proven.
    """

    def __init__(self, message: str, cells: Mapping[Hashable, int]) -> None:
        self.cells = dict(cells)
        super().__init__(message)


def protect(
    values: Mapping[Hashable, int],
    relations: Iterable[Statement | Relation],
    unsafe: AbstractSet[Hashable],
    *,
    weights: Mapping[Hashable, float] | None = None,
    level: Level = FULL,
    keep: AbstractSet[Hashable] = frozenset(),
    already_public: AbstractSet[Hashable] = frozenset(),
    threshold: int = 5,
    zero_is_sensitive: bool = False,
    given: Mapping[Hashable, Unknown] | None = None,
    attacker: Attacker = Attacker.LABELS_KNOWN,
    names: Mapping[Hashable, str] | None = None,
    limits: Limits = DEFAULT,
    best_effort: bool = False,
) -> Suppression:
    """Hide what the unsafe cells need beside them.

    In:     `values`, the exact number of every cell; `relations`, everything that ties them, of all tables together;
            `unsafe`, those that may not be shown: non-zero ones below the threshold become `< 5`, others `nc`; zeros
            too where `zero_is_sensitive`, and the label then means 0 to 4.
            `weights`, how dear a cell is to the reader (1 unless said; totals, series and quoted cells deserve more);
            `keep`, cells that must stay shown; `already_public`, cells that cannot be hidden any more;
            `given`, cells that the source itself hid, under its labels: `values` holds any numbers for them that fit
            the relations, since the attacker could believe in those as well as in the true ones.
            `attacker`, what readers are told of labels; under POSITIVE_ONLY one label stands for all that is hidden.
    Out:    labels such that, for an attacker who knows what labels mean and holds every relation, each unsafe cell
            keeps all the values of its label (`FULL`) or at least n (`ambiguous(n)`; also the rule for unsafe cells
            that are not small, which keep threshold − 1 values at level `FULL`). Proven, not estimated.
    Raises: ProtectionImpossible, naming the cells and a way out, unless `best_effort`, which gets them as far as
            possible and says so in `short`; ReleaseRefused for unsafe cells already public, unsafe zeros, negative
            counts; Contradictory for relations that the values belie.
    Source: docs/methods/secondary-suppression.md.
    """
    called = {} if names is None else names
    if leaked := sorted(called.get(key, str(key)) for key in unsafe & already_public):
        raise ReleaseRefused(f"À masquer, mais déjà publiés, donc déjà connus : {', '.join(leaked)}.")
    table = Table.of(
        values,
        [statement_of(one) for one in relations],
        unsafe,
        weights=weights or {},
        level=level,
        locked=keep | already_public,
        threshold=threshold,
        zero_is_sensitive=zero_is_sensitive,
        given=given,
        attacker=attacker,
    )
    made = Choosing(table=table, limits=limits)
    hopeless, possible = made.lower_hopes()
    if hopeless.any() and not best_effort:
        raise _impossible(table, hopeless, possible, called, keep, already_public)
    made.run()
    if made.short.any() and not best_effort:
        raise _impossible(table, made.short, made.left, called, keep, already_public)
    return _told(made, called)


def statement_of(relation: Statement | Relation) -> Statement:
    """A total or a hierarchy between facts, as something that a reader is told."""
    if isinstance(relation, Statement):
        return relation
    return Statement.equal(relation.terms, relation.constant, said=str(relation))


@frozen(kw_only=True, eq=False)
class Protection:
    """Arrays by column. What is not hidden is shown.

    proven: unsafe cells that keep the values that the level asks for, each met by a checked exchange.
    short:  the other unsafe cells, hidden all the same: publish a coarser breakdown (`coarser`).
    protects: for a cell hidden beside others, an unsafe one that needs it; -1 elsewhere.
    """

    hidden: Flags
    proven: Flags
    short: Flags
    protects: Ints


def protect_rows(
    rows: Rows,
    numbers: Ints,
    unsafe: Flags,
    *,
    weights: Weights | None = None,
    level: Level = FULL,
    attacker: Attacker = Attacker.LABELS_KNOWN,
    threshold: int = 5,
    locked: Flags | None = None,
) -> Protection:
    """What `protect` does, for arrays: a cube of a million cells, of which `short` says what could not be protected.

    In:     `rows`, the relations (their bounds are not read); `numbers`, one count per column, never 0; `unsafe` ones,
            hidden whatever happens; `weights`, how dear each is (1 unless said: the dearest are shown first, and among
            equals the smallest, which bind the others least); `locked`, cells that may not be hidden.
    Raises: ReleaseRefused for negative counts, zeros to hide and relations that the numbers belie.
    Source: docs/methods/secondary-suppression.md.
    """
    _check(rows, numbers, unsafe)
    fixed = np.zeros(rows.width, bool) if locked is None else locked
    worth = np.ones(rows.width) if weights is None else weights
    if rows.width <= REPAIRED:
        return _as_cells(rows, numbers, unsafe, worth, level, attacker, threshold, fixed)
    positive = attacker is Attacker.POSITIVE_ONLY
    small = numbers < threshold
    low = np.where(small | positive, np.minimum(1, numbers), threshold)
    high = np.where(small & ~np.array(positive), np.where(numbers > 0, threshold - 1, 0), NO_LIMIT)
    wanted = threshold - 1 if level.least_values is None else level.least_values
    choice = reveal(
        rows.within(low, high),
        numbers,
        hidden=unsafe,
        hideable=~unsafe & ~fixed & (numbers > 0),
        needs=np.where(unsafe, wanted, 0),
        width=max(wanted, threshold - 1),
        beyond=level.least_values is not None,
        weights=worth,
    )
    proven = unsafe & (choice.values >= wanted)
    return Protection(hidden=choice.hidden, proven=proven, short=unsafe & ~proven, protects=choice.protects)


def _as_cells(
    rows: Rows,
    numbers: Ints,
    unsafe: Flags,
    weights: Weights,
    level: Level,
    attacker: Attacker,
    threshold: int,
    locked: Flags,
) -> Protection:
    """A small table, whose cells are worth being looked at one by one: what `protect` makes of it."""
    width = range(rows.width)
    ends = rows.starts.tolist()
    terms = list(zip(rows.columns.tolist(), rows.weights.tolist(), strict=True))
    statements = [
        Statement(
            terms=tuple(terms[first:last]),
            low=None if least == -NO_LIMIT else least,
            high=None if most == NO_LIMIT else most,
            said=f"relation {row}",
        )
        for row, (first, last, least, most) in enumerate(
            zip(ends[:-1], ends[1:], rows.at_least.tolist(), rows.at_most.tolist(), strict=True)
        )
    ]
    made = protect(
        dict(zip(width, numbers.tolist(), strict=True)),
        statements,
        frozenset(np.flatnonzero(unsafe).tolist()),
        weights=dict(zip(width, weights.tolist(), strict=True)),
        level=level,
        keep=frozenset(np.flatnonzero(locked & ~unsafe).tolist()),
        threshold=threshold,
        attacker=attacker,
        best_effort=True,
    )
    hidden, short = (np.array([one in found for one in width], bool) for found in (made.hidden, made.short))
    protects = np.array([made.protects.get(one, -1) for one in width], np.int64)
    return Protection(hidden=hidden, proven=unsafe & ~short, short=short, protects=protects)


def _check(rows: Rows, numbers: Ints, unsafe: Flags) -> None:
    def listed(places: Ints) -> str:
        more = f" et {len(places) - _LISTED} autres" if len(places) > _LISTED else ""
        return ", ".join(map(str, places[:_LISTED])) + more

    if len(negative := np.flatnonzero(numbers < 0)):
        raise ReleaseRefused(f"Un effectif ne peut pas être négatif : colonnes {listed(negative)}.")
    if len(zeros := np.flatnonzero(unsafe & (numbers == 0))):
        raise ReleaseRefused(f"Aucune mention ne peut masquer un zéro : colonnes {listed(zeros)}.")
    sums = rows.sums(rows.weights * numbers[rows.columns])
    if len(wrong := np.flatnonzero((sums < rows.at_least) | (sums > rows.at_most))):
        raise ReleaseRefused(f"Ces relations ne sont pas vérifiées par les effectifs : lignes {listed(wrong)}.")


def _told(made: Choosing, names: Mapping[Hashable, str]) -> Suppression:
    table, kept = made.table, made.values_kept
    cells = np.flatnonzero(made.hidden & ~table.given).tolist()
    beside = {table.keys[cell]: table.keys[int(made.roots[cell])] for cell in cells if not table.unsafe[cell]}
    why = {table.keys[cell]: "effectif à protéger" for cell in cells}
    why |= {key: f"masqué pour protéger « {names.get(root, str(root))} »" for key, root in beside.items()}
    return Suppression(
        hidden={table.keys[cell]: table.system.unknowns[cell] for cell in cells},
        why=why,
        protects=beside,
        unsafe=frozenset(table.keys[cell] for cell in np.flatnonzero(table.unsafe)),
        short={table.keys[cell]: int(kept[cell]) for cell in np.flatnonzero(made.short).tolist()},
    )


def _impossible(
    table: Table,
    cells: Flags,
    left: Ints,
    names: Mapping[Hashable, str],
    keep: AbstractSet[Hashable],
    public: AbstractSet[Hashable],
) -> ProtectionImpossible:
    def name(key: Hashable) -> str:
        return names.get(key, str(key))

    places = np.flatnonzero(cells).tolist()
    lines = []
    for place in places[:_LISTED]:
        line = f"« {name(table.keys[place])} » garde au mieux {left[place]} valeur(s) possible(s) sur {table.wanted}"
        beside = {table.keys[one] for one in table.beside(place)}
        for some, words in ((beside & public, "déjà publié"), (beside & keep, "à garder visible")):
            if some:
                line += f" ; {words} à côté : {', '.join(sorted(map(name, some)))}"
        lines.append(line)
    more = f" Et {len(places) - _LISTED} autres." if len(places) > _LISTED else ""
    way_out = "Publiez la ventilation moins fine (les seuls totaux de ces cellules), ou demandez un autre niveau."
    return ProtectionImpossible(
        "Masquer d’autres cellules ne suffit pas. " + " ; ".join(lines) + f".{more} {way_out}",
        {table.keys[place]: int(left[place]) for place in places},
    )

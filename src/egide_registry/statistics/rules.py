"""What the registry counts, how each count is cut, and which cells it asks to publish, the most wanted first. Pure.

A *family* is one whole (paths in progress, requests of a year…) with all the ways it is cut: its totals hold between
its own cells and with no other family. A *layer* is some of its cells at one territorial level; layers are tried in
order and one that cannot be protected beside those before it is left out (`release`).
Source: docs/methods/registry-statistics.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from itertools import product
from typing import Any

from attrs import field, frozen

SOURCE = "registre"
SCHEMA = "registre-1"  # changes when a count changes its meaning: a released number keeps the meaning it had
WHOLE = "all"
OTHER = "other"  # what a whole has besides the parts that are asked for: never released, the attacker knows it
FRANCE = "FR_HORS_COM"  # the 101 departments: the scope of the commissions
PARTS_FROM = 20  # shown whole from which the parts of a department or region are asked for; a setting
MEDIAN_FROM = 30  # decisions from which the class of the median is given; a setting

Dims = tuple[tuple[str, str], ...]
Node = tuple[str, ...]  # one code per axis


class Level(StrEnum):
    """How fine the territory is."""

    FRANCE = "france"
    REGION = "région"
    DEPARTMENT = "département"


def _dims(given: Mapping[str, str] | Iterable[tuple[str, str]]) -> Dims:
    return tuple(sorted(dict(given).items()))


@frozen(kw_only=True)
class Tree:
    """One way to cut an axis: each code with the code that it is a part of, `all` being the whole."""

    parents: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, **parts: str) -> Tree:
        """`Tree.of(all="first renewal")`: the parts of each total, a `delay_x` being a code of another dimension."""
        return cls(parents=tuple((code, whole) for whole, codes in parts.items() for code in codes.split()))

    @property
    def codes(self) -> tuple[str, ...]:
        return (WHOLE, *(code for code, _ in self.parents))

    @property
    def leaves(self) -> tuple[str, ...]:
        wholes = {whole for _, whole in self.parents}
        return tuple(code for code in self.codes if code not in wholes)

    def within(self, code: str, chosen: frozenset[str]) -> str:
        """Which of the chosen codes holds this one: itself, or the nearest total above it; `other` if none does."""
        above = dict(self.parents)
        while code not in chosen and code != WHOLE:
            code = above[code]
        return code if code in chosen else OTHER


@frozen(kw_only=True)
class Axis:
    """A dimension of a family. Several trees are several ways to cut the same persons: they share their common codes.

    elsewhere: codes that belong to another dimension of the delivery: `{"lt1m": "delay"}`.
    """

    name: str
    trees: tuple[Tree, ...]
    elsewhere: Mapping[str, str] = field(factory=dict)

    def dims(self, code: str) -> Dims:
        """How the delivery names this code: nothing for the whole."""
        return () if code == WHOLE else ((self.elsewhere.get(code, self.name), code),)

    def leaf(self, tree: Tree, dims: Mapping[str, str]) -> str | None:
        """The only leaf of this tree that a row with these dimensions belongs to; None: none, or several."""
        found = [code for code in tree.leaves if all(dims.get(name) == one for name, one in self.dims(code))]
        return found[0] if len(found) == 1 else None

    def cut(self, chosen: frozenset[str]) -> tuple[Tree, Tree]:
        """The tree that has these codes, and the coarsest one that still has them: flat, with `other` for the rest."""
        fine = next(tree for tree in self.trees if chosen <= {*tree.codes})
        held = dict.fromkeys(fine.within(leaf, chosen) for leaf in fine.leaves)
        return fine, Tree(parents=tuple((code, WHOLE) for code in held) if chosen else ())

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(code for tree in self.trees for code in tree.codes))

    @property
    def dimensions(self) -> frozenset[str]:
        return frozenset(name for code in self.codes for name, _ in self.dims(code))


@frozen(kw_only=True)
class Layer:
    """Cells asked for at one level: nodes of the family, one code per axis each.

    of: these nodes are parts of this one, and asked for only where it is shown, `PARTS_FROM` or more: the parts of a
        small whole are small, and one place that cannot be protected would cost all the others theirs. Who reads the
        whole knows beforehand whether the parts are there: that they are missing tells nothing.
    """

    level: Level
    nodes: tuple[Node, ...]
    of: Node | None = None


@frozen(kw_only=True)
class Family:
    """One whole and its cuts. `fixed`: dimensions that are the same for all its cells."""

    name: str
    measure: str
    layers: tuple[Layer, ...]
    axes: tuple[Axis, ...] = ()
    fixed: Dims = field(default=(), converter=_dims)
    stock: bool = False

    def period(self, year: int) -> str:
        """A stock is that of 31 December: two days close to each other would tell who came in between."""
        return f"{year}-12-31" if self.stock else str(year)

    def dims(self, node: Node) -> Dims:
        """How the delivery names a node."""
        return _dims(
            [*self.fixed, *(pair for axis, code in zip(self.axes, node, strict=True) for pair in axis.dims(code))]
        )

    @property
    def choices(self) -> tuple[tuple[Tree, ...], ...]:
        """One tree per axis, in every way."""
        return tuple(product(*(axis.trees for axis in self.axes)))

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Every cell that a tree of each axis has, the whole first."""
        return tuple(dict.fromkeys(node for trees in self.choices for node in product(*(tree.codes for tree in trees))))

    @property
    def dimensions(self) -> frozenset[str]:
        """Dimensions that a row of this family may give, the fixed ones included."""
        return frozenset(name for name, _ in self.fixed).union(*(axis.dimensions for axis in self.axes))


@frozen(kw_only=True)
class Row:
    """One aggregate as the database gives it: a count of one department, never a person.

    A row gives the finest code of each dimension that applies. A combination without a row is a zero: the
    departments that answer are said apart (`covered`).
    """

    measure: str
    department: str  # "62", "2A", "971"
    period: str  # "2025" or "2025-12-31"
    count: int
    dims: Dims = field(default=(), converter=_dims)

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Row:
        """A row of the statistical view: its codes that are null do not apply."""
        own = ("measure", "department", "period", "count")
        dims = {name: code for name, code in record.items() if name not in own and code is not None}
        return cls(**{name: record[name] for name in own}, dims=dims)


# ---------------------------------------------------------------- classes of delay


DELAYS = ("lt1m", "m1_3", "m3_6", "gt6m")


def delay_class(asked: date, answered: date) -> str:
    """The class of a delay, in whole calendar months: less than 1, 1 to 3, 3 to 6, more.

    A median over a few files would identify them; a class is a count, and goes through the door as one.
    Raises: ValueError for an answer before the question.
    """
    if answered < asked:
        raise ValueError(f"answered on {answered.isoformat()}, before {asked.isoformat()}")
    months = (answered.year - asked.year) * 12 + answered.month - asked.month - (answered.day < asked.day)
    return next((code for code, limit in zip(DELAYS, (1, 3, 6), strict=False) if months < limit), DELAYS[-1])


# ---------------------------------------------------------------- families


def _node(text: str) -> Node:
    return tuple(text.split(".")) if text else ()


def _layers(*asked: tuple[Level, str] | tuple[Level, str, str]) -> tuple[Layer, ...]:
    """`(Level.REGION, "first.all")`, or parts of a whole, `(Level.REGION, "first.refused", "first.all")`.

    "" is the only node of a family without axes.
    """
    return tuple(
        Layer(
            level=level,
            nodes=tuple(_node(one) for one in nodes.split()) or ((),),
            of=_node(of[0]) if of else None,
        )
        for level, nodes, *of in asked
    )


def _every(axes: tuple[Axis, ...]) -> str:
    nodes = Family(name="", measure="", axes=axes, layers=()).nodes
    return " ".join(".".join(node) for node in nodes)


F, R, D = Level.FRANCE, Level.REGION, Level.DEPARTMENT

_REQUEST = (
    Axis(name="kind", trees=(Tree.of(all="first renewal"),)),
    Axis(
        name="outcome",
        trees=(
            Tree.of(all="decided pending withdrawn", decided="granted refused"),
            Tree.of(all="decided pending withdrawn", decided=" ".join(DELAYS)),
        ),
        elsewhere=dict.fromkeys(DELAYS, "delay"),
    ),
)
_APPEAL = (
    Axis(name="way", trees=(Tree.of(all="prefect court"),)),
    Axis(name="outcome", trees=(Tree.of(all="upheld rejected pending withdrawn"),)),
)
_WORK = "stable_job short_job training no_job work_unknown"
_HOUSING = "own_home hosted shelter no_home housing_unknown"
_RESIDENCE = "settled provisional no_right residence_unknown"
_SITUATIONS = {
    code: dimension
    for dimension, codes in (("work", _WORK), ("housing", _HOUSING), ("residence", _RESIDENCE))
    for code in codes.split()
}
_ENDED = (
    Axis(
        name="ending",
        trees=(
            Tree.of(all="term early"),
            Tree.of(all=_WORK),
            Tree.of(all=_HOUSING),
            Tree.of(all=_RESIDENCE),
        ),
        elsewhere=_SITUATIONS,
    ),
)
_FOLLOWED = (
    Axis(
        name="situation",
        trees=(Tree.of(all=_WORK), Tree.of(all=_HOUSING), Tree.of(all=_RESIDENCE)),
        elsewhere=_SITUATIONS,
    ),
)
_STAGE = (
    Axis(
        name="stage",
        trees=(Tree.of(all="not_granted granted", granted="not_effective effective", effective=" ".join(DELAYS)),),
        elsewhere=dict.fromkeys(DELAYS, "delay"),
    ),
)
RIGHTS = ("aps", "afis", "housing", "support")

FAMILIES: tuple[Family, ...] = (
    Family(name="paths", measure="psp_current", stock=True, layers=_layers((F, ""), (D, ""), (R, ""))),
    Family(
        name="requests",
        measure="psp_requests",
        axes=_REQUEST,
        layers=_layers(
            (F, _every(_REQUEST)),
            (R, "first.all"),
            (R, "first.refused", "first.all"),
            (R, "renewal.all"),
            (R, "renewal.refused", "renewal.all"),
            (D, "first.all"),
            (D, "renewal.all"),
            (D, "first.refused", "first.all"),
            (D, "renewal.refused", "renewal.all"),
        ),
    ),
    Family(
        name="appeals",
        measure="psp_appeals",
        axes=_APPEAL,
        layers=_layers(
            (F, "all.all"), (F, "prefect.all court.all"), (F, _every(_APPEAL)), (R, "all.all"), (D, "all.all")
        ),
    ),
    Family(
        name="endings",
        measure="psp_ended",
        axes=_ENDED,
        layers=_layers((F, _every(_ENDED)), (D, "all"), (R, "all"), (R, "early", "all"), (D, "early", "all")),
    ),
    *(
        Family(
            name=f"followed_{months}",
            measure="psp_followed",
            fixed={"moment": f"m{months}"},
            axes=_FOLLOWED,
            layers=_layers((F, _every(_FOLLOWED)), (R, "all")),
        )
        for months in (6, 12)
    ),
    *(
        Family(
            name=f"right_{right}",
            measure="psp_rights",
            fixed={"right": right},
            axes=_STAGE,
            layers=_layers(
                (F, _every(_STAGE)),
                (R, "all"),
                (R, "effective", "all"),
                (D, "all"),
                (D, "effective", "all"),
            ),
        )
        for right in RIGHTS
    ),
    # Meetings identify nobody: every department is shown, and a commission that did not meet shows as a zero.
    Family(name="sessions", measure="cdlp_sessions", layers=_layers((F, ""), (D, ""), (R, ""))),
)


def family_of(row: Row) -> Family | None:
    """The family that this row feeds; None when no family counts it."""
    given = dict(row.dims)
    return next(
        (
            one
            for one in FAMILIES
            if one.measure == row.measure and all(given.get(name) == code for name, code in one.fixed)
        ),
        None,
    )


def leaf_of(family: Family, row: Row, trees: Iterable[Tree]) -> tuple[str | None, ...]:
    """The leaf of each tree, one per axis, that the row is counted in; None where its codes name none."""
    given = dict(row.dims)
    return tuple(axis.leaf(tree, given) for axis, tree in zip(family.axes, trees, strict=True))


# The same number of the same persons under another institution's key: what the Letter printed of it is public here too.
SAME_AS: Mapping[tuple[str, str, Dims], tuple[str, Dims]] = {
    ("sdfe", "psp_current", ()): ("psp_current", ()),
    ("sdfe", "psp_first_requests", ()): ("psp_requests", _dims({"kind": "first"})),
    ("sdfe", "psp_first_requests_accepted", ()): ("psp_requests", _dims({"kind": "first", "outcome": "granted"})),
    ("sdfe", "psp_first_requests_refused", ()): ("psp_requests", _dims({"kind": "first", "outcome": "refused"})),
    ("sdfe", "psp_renewal_requests", ()): ("psp_requests", _dims({"kind": "renewal"})),
    ("sdfe", "psp_renewal_requests_refused", ()): ("psp_requests", _dims({"kind": "renewal", "outcome": "refused"})),
    ("sdfe", "appeals_against_refusal", ()): ("psp_appeals", ()),
}

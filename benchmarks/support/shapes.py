"""The tables of the benchmark, by name. `quoted`: what issue 3 measured on one like it; as many cells, within a tenth.

Departments (`d`), offences (`o`), ages (`a`), sexes (`s`), years (`y`).
"""

from __future__ import annotations

from support.counts import Quoted, Shape, flat, groups


def _gauss(filled: int, primary: int, secondary: int, seconds: float) -> Quoted:
    return Quoted(method="GaussSuppression (R)", filled=filled, primary=primary, secondary=secondary, seconds=seconds)


SHAPES = {
    "650": Shape(
        said="two dimensions, few small counts, like the table of sdcTable's documentation: 28 × 23 cells",
        dimensions=(flat("d", 27), flat("o", 22)),
        mean=45,
        spread=0.5,
        quoted=Quoted(method="sdcTable, optimal", filled=644, primary=77, secondary=7),
    ),
    "600": Shape(
        said="the smallest sparse cube: departments < regions, offences < families, ages",
        dimensions=(groups("d", 4, 4), groups("o", 2, 2), flat("a", 3)),
        mean=0.6,
        spread=0.5,
    ),
    "10000": Shape(
        said="departments < regions × offences < families × age",
        dimensions=(groups("d", 7, 5), groups("o", 4, 4), flat("a", 11)),
        mean=0.4,
        spread=0.6,
        quoted=_gauss(4_802, 3_244, 722, 3.4),
    ),
    "30000": Shape(
        said="the same × sex",
        dimensions=(groups("d", 7, 5), groups("o", 4, 4), flat("a", 11), flat("s", 2)),
        mean=0.26,
        spread=0.8,
        quoted=_gauss(11_829, 8_406, 2_272, 7.9),
    ),
    "120000": Shape(
        said="the same × sex × year",
        dimensions=(groups("d", 7, 5), groups("o", 4, 4), flat("a", 11), flat("s", 2), flat("y", 3)),
        mean=0.27,
        spread=0.6,
        quoted=_gauss(53_589, 36_170, 13_636, 312),
    ),
    "linked": Shape(
        said="two tables that share departments × offences: by age, and by sex; few small counts",
        dimensions=(groups("d", 8, 8), groups("o", 3, 4), flat("a", 4), flat("s", 2)),
        mean=11,
        spread=0.5,
        quoted=_gauss(7_647, 1_075, 3_011, 161),
        margin_of=(0, 1),
    ),
    "1000000": Shape(
        said="a million cells in all, 0 included: 113 places × 37 offences × ages < groups × sex × year",
        dimensions=(groups("d", 16, 6), groups("o", 6, 5), groups("a", 4, 4), flat("s", 2), flat("y", 3)),
        mean=0.25,
        spread=0.5,
    ),
    "2000000": Shape(
        said="a million cells that are not zero: 127 places, 7 years",
        dimensions=(groups("d", 18, 6), groups("o", 6, 5), groups("a", 4, 4), flat("s", 2), flat("y", 7)),
        mean=0.31,
        spread=0.5,
    ),
}

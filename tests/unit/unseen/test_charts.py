"""The two pictures of an estimate: who is on which lists, and what each method answers."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from egide.document.charts import theme
from egide.document.charts.overlaps import Combination, overlap_chart
from egide.document.charts.ranges import Answer, is_logarithmic, range_chart
from support.cells import below_five, nc, shown, shown_between

LISTS = ("police", "justice", "associations")


def combination(marks: str, cell: object) -> Combination:
    return Combination(on=tuple(one == "1" for one in marks), cell=cell)  # type: ignore[arg-type]


def bars(svg: str) -> list[tuple[str, float]]:
    return [(fill, float(width)) for width, fill in re.findall(r'width="([\d.]+)" height="14" fill="([^"]+)"', svg)]


def test_a_bar_is_as_long_as_its_count_and_a_hidden_one_always_the_same():
    svg = overlap_chart(
        LISTS,
        [
            combination("100", shown(200)),
            combination("010", shown(100)),
            combination("110", below_five()),
            combination("011", nc()),
        ],
    )
    lengths = bars(svg)
    assert lengths[0][1] == pytest.approx(2 * lengths[1][1], abs=0.2)
    assert lengths[2] == lengths[3] and lengths[2][0] == theme.HATCH
    assert ElementTree.fromstring(svg).tag.endswith("svg")


def test_rows_come_by_how_many_lists_they_name_whatever_their_counts():
    rows = [combination("111", shown(900)), combination("001", below_five()), combination("100", shown(3000))]
    svg = overlap_chart(LISTS, rows)
    assert re.findall(r">([^<>]*\d[^<>]*)</text>", svg) == ["3\u202f000", "&lt;\u00a05", "900"]
    with pytest.raises(ValueError, match="whether one is on it"):
        overlap_chart(LISTS, [combination("11", shown(9))])


def test_a_point_an_interval_and_a_lower_bound_are_drawn_at_their_numbers():
    answers = [
        Answer(name="Une méthode", point=shown(2000), span=shown_between(1000, 4000)),
        Answer(name="Une borne", point=shown(1500), bound=True),
    ]
    svg = range_chart(answers, unit="Personnes")
    assert not is_logarithmic(answers) and "logarithmique" not in svg
    (dot,) = re.findall(r'<circle cx="([\d.]+)"', svg)
    low, high = re.findall(r'd="M([\d.]+),[\d.]+H([\d.]+)M', svg)[0]
    assert float(low) < float(dot) < float(high)
    assert (float(dot) - float(low)) * 2 == pytest.approx(float(high) - float(dot), abs=0.5)
    assert theme.SERIES[1] in svg  # the arrow of the bound
    assert {*re.findall(r"#[0-9a-f]{6}", svg)} <= {*theme.THEME_COLOURS.values()}


def test_numbers_far_apart_are_on_a_logarithmic_axis_which_says_so():
    answers = [
        Answer(name="Une", point=shown(1000), span=shown_between(100, 10000)),
        Answer(name="Deux", point=shown(50)),
    ]
    svg = range_chart(answers, unit="Personnes")
    assert is_logarithmic(answers) and "échelle logarithmique" in svg
    low, high = re.findall(r'd="M([\d.]+),[\d.]+H([\d.]+)M', svg)[0]
    dot = float(re.findall(r'<circle cx="([\d.]+)"', svg)[0])
    assert dot == pytest.approx((float(low) + float(high)) / 2, abs=0.2)
    with pytest.raises(ValueError, match="nothing to draw"):
        range_chart([], unit="Personnes")

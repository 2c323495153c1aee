"""From the codes of files to those of counts: finer ones would count nearly nobody. Pure.

Source: docs/methods/registry-statistics.md.
"""

from __future__ import annotations

from collections.abc import Mapping


def _grouped(**codes: str) -> Mapping[str, str]:
    return {fine: coarse for coarse, many in codes.items() for fine in many.split()}


# For each dimension, the code under which each code of a file is counted: finer ones would count nearly nobody.
GROUPS: Mapping[str, Mapping[str, str]] = {
    "work": _grouped(
        stable_job="permanent self_employed",
        short_job="fixed_term temporary subsidised",
        training="training",
        no_job="searching none",
        work_unknown="unknown",
    ),
    "housing": _grouped(
        own_home="own social intermediated",
        shelter="chrs emergency other_shelter hotel",
        hosted="hosted",
        no_home="none",
        housing_unknown="unknown",
    ),
    "residence": _grouped(
        settled="not_needed long multi_year temporary",
        provisional="aps pending",
        no_right="none",
        residence_unknown="unknown",
    ),
    "moment": _grouped(m6="six", m12="twelve"),
    "appeal": _grouped(upheld="accepted", rejected="rejected", withdrawn="withdrawn", pending="filed under_review"),
}

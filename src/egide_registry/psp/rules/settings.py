"""What the law does not say. A department may change each of these; none of them is a rule of law."""

from __future__ import annotations

from attrs import field, frozen
from attrs.validators import ge


@frozen(kw_only=True)
class Settings:
    """The choices of a department, with the project's first proposal for each."""

    suspension_extends: bool = False  # does a suspension push back the end of the period?
    silence_days: int = field(default=30, validator=ge(1))  # after so many days without a step, a request is listed
    reasons_min_length: int = field(default=200, validator=ge(1))  # characters of the written reasons of a refusal
    implicit_rejection_months: int = field(default=2, validator=ge(1))  # silence of the prefect on a recours gracieux
    closing_margin_days: int = field(
        default=15, validator=ge(0)
    )  # kept after the appeal delay: post, week-ends, registry
    not_effective_days: int = field(default=30, validator=ge(1))  # a right granted and still not effective
    aps_lapse_days: int = field(default=60, validator=ge(1))  # an APS that ends soon and whose renewal is not asked
    outcome_window_days: int = field(default=45, validator=ge(0))  # on each side of the day an outcome is due

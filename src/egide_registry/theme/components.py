"""What the tags of the theme need to know of each component, checked before it is drawn. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from attrs import field, frozen
from attrs.validators import in_, instance_of, optional

KINDS = ("info", "success", "warning", "error")
BADGES = (*KINDS, "new", "neutral")
MOST_STEPS = 8  # the style draws no more


def one_of(value: str, allowed: Sequence[str], what: str) -> str:
    """The value, or an error for the author of the page that lists what is allowed."""
    if value not in allowed:
        raise ValueError(f"{what}: expected one of {', '.join(allowed)}, got {value!r}")
    return value


@frozen(kw_only=True)
class Act:
    """One dated thing done in a file, for a timeline: what, when, by which role, in which words."""

    on: date
    title: str
    by: str = ""  # a role or a body, never the name of a person
    detail: str = ""
    kind: str = field(default="neutral", validator=in_(BADGES))
    state: str | None = field(default=None, validator=optional(instance_of(str)))  # words of the badge, if any


@frozen(kw_only=True)
class Progress:
    """Where one is in a procedure: the present step, counted from 1, and the next one if any."""

    step: int
    steps: int
    title: str
    following: str


def progress(steps: Sequence[str], current: int) -> Progress:
    """Refuses more steps than are drawn, and a step that is not in the list."""
    if not 1 <= len(steps) <= MOST_STEPS:
        raise ValueError(f"steps: expected 1 to {MOST_STEPS}, got {len(steps)}")
    if not 1 <= current <= len(steps):
        raise ValueError(f"current step: expected 1 to {len(steps)}, got {current}")
    following = steps[current] if current < len(steps) else ""
    return Progress(step=current, steps=len(steps), title=steps[current - 1], following=following)

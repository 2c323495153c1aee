"""How the rules refuse: every defect at once, each with its place and its way out."""

from __future__ import annotations

from collections.abc import Iterable

from egide.errors import Defect, Refused


class RuleRefused(Refused):
    """An act that the rules of the exit path do not allow. The message is French and holds no personal data."""

    def __str__(self) -> str:
        """With the space that French wants before a colon, since it is read on a screen."""
        return super().__str__().replace(" : ", "\u00a0: ")


def refuse_if(defects: Iterable[Defect]) -> None:
    """Raise RuleRefused with all the defects, if there is one."""
    found = tuple(defects)
    if found:
        raise RuleRefused(found)

"""On how many examples a property is tried: on half of them by `make test`, on all by `make slow`."""

import os

ALL = os.environ.get("EGIDE_EXAMPLES") == "all"


def examples(number: int) -> int:
    """`number` of them, or half as many."""
    return number if ALL else number // 2

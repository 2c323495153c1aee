"""The loops of suppression, as plain Python for small tables and as machine code for large ones: the same functions.

Machine code takes some seconds to make the first time, and is kept beside the sources afterwards.
"""

from __future__ import annotations

from functools import cache
from types import FunctionType, SimpleNamespace
from typing import Any

from egide.disclosure.suppress import blocking, exchanges, expansion, merging, search

_ORDER = (
    *(expansion.expand,),
    *(search.excess, search.shift, search.balance),
    *(exchanges.fitting, exchanges.count_values, exchanges.met, exchanges.keep, exchanges.written, exchanges.paths),
    *(
        merging.merged,
        merging.ancestor,
        merging.partner,
        merging.added,
        merging.bearer,
        merging.rescued,
        blocking.step_of,
        blocking.blocked,
        merging.attempt,
        exchanges.holding,
    ),
)


@cache
def kernels(*, compiled: bool) -> Any:
    """Every loop by name."""
    if not compiled:
        return SimpleNamespace(**{one.__name__: one for one in _ORDER})
    import numba  # heavy: only large tables need it

    known: dict[str, Any] = {}
    for one in _ORDER:  # a function may call those before it
        again = FunctionType(one.__code__, {**one.__globals__, **known}, one.__name__)
        again.__module__, again.__qualname__ = one.__module__, one.__qualname__
        known[one.__name__] = numba.njit(cache=True)(again)
    return SimpleNamespace(**known)

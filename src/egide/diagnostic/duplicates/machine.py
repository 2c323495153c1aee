"""The loops of this package, as plain Python for a few ads and as machine code for a corpus: the same functions.

Machine code takes some seconds to make the first time, and is kept beside the sources afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import FunctionType, SimpleNamespace
from typing import Any

import numpy as np

PLAIN_LETTERS = 6_000  # below, loading machine code would cost more than it gives


def kernels(order: Sequence[Callable[..., Any]], *, compiled: bool) -> Any:
    """The functions of `order` by name; each may call those before it."""
    if not compiled:
        return SimpleNamespace(**{one.__name__: _wrapping(one) for one in order})
    import numba  # heavy: only a corpus needs it

    known: dict[str, Any] = {}
    for one in order:
        code: Any = one
        again = FunctionType(code.__code__, {**code.__globals__, **known}, code.__name__)
        again.__module__, again.__qualname__ = code.__module__, code.__qualname__
        known[code.__name__] = numba.njit(cache=True)(again)
    return SimpleNamespace(**known)


def _wrapping(one: Callable[..., Any]) -> Callable[..., Any]:
    """Machine words wrap around; NumPy's scalars say so aloud unless told not to."""

    def quiet(*given: Any) -> Any:
        with np.errstate(over="ignore"):
            return one(*given)

    return quiet

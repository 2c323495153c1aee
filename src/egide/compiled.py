"""Loops as plain Python for little data and as machine code for much: the same functions, written once.

Machine code takes some seconds to make the first time, and is kept beside the sources afterwards. It runs without the
interpreter's lock, so that threads share the cores.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import blake2b
from types import FunctionType, SimpleNamespace
from typing import Any

import numpy as np


def kernels(order: Sequence[Callable[..., Any]], *, compiled: bool) -> Any:
    """The functions of `order` by name; each may call those before it."""
    if not compiled:
        # A number too large is infinity, without a warning, as in machine code: loops that step too far come back.
        return SimpleNamespace(**{one.__name__: np.errstate(over="ignore")(one) for one in order})
    import numba  # heavy: only much data needs it

    known: dict[str, Any] = {}
    seen = b""
    for one in order:
        code: Any = one
        again = FunctionType(code.__code__, {**code.__globals__, **known}, code.__name__)
        # Numba keeps code by the file of the function alone: its name must change when what it calls does.
        seen = blake2b(seen + _matter(code), digest_size=16).digest()
        again.__module__, again.__qualname__ = code.__module__, f"{code.__qualname__}_{seen.hex()}"
        known[code.__name__] = numba.njit(cache=True, nogil=True)(again)
    return SimpleNamespace(**known)


def _matter(code: Any) -> bytes:
    """What a function is made of: its instructions, its constants and the numbers it reads around it."""
    around = [(name, repr(code.__globals__.get(name))) for name in code.__code__.co_names if name.isupper()]
    return repr((code.__code__.co_code, code.__code__.co_consts, around)).encode()

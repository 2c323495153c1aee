"""The loops of this package, as plain Python for a few ads and as machine code for a corpus: the same functions.

Machine code takes some seconds to make the first time, and is kept beside the sources afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import FunctionType, SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from egide.linkage.pseudonyms import Key

_CODE = Key(bytes(32))  # names code, hides nothing
PLAIN_LETTERS = 6_000  # below, loading machine code would cost more than it gives


def kernels(order: Sequence[Callable[..., Any]], *, compiled: bool) -> Any:
    """The functions of `order` by name; each may call those before it."""
    if not compiled:
        return SimpleNamespace(**{one.__name__: _wrapping(one) for one in order})
    import numba  # heavy: only a corpus needs it

    known: dict[str, Any] = {}
    seen = b""
    for one in order:
        code: Any = one
        again = FunctionType(code.__code__, {**code.__globals__, **known}, code.__name__)
        # Numba keeps code by the file of the function alone: its name must change when what it calls does.
        seen = _CODE.digest_bytes("code", seen + _matter(code))
        again.__module__, again.__qualname__ = code.__module__, f"{code.__qualname__}_{seen.hex()}"
        known[code.__name__] = numba.njit(cache=True)(again)
    return SimpleNamespace(**known)


def _matter(code: Any) -> bytes:
    """What a function is made of: its instructions, its constants and the numbers it reads around it."""
    around = [(name, repr(code.__globals__.get(name))) for name in code.__code__.co_names if name.isupper()]
    return repr((code.__code__.co_code, code.__code__.co_consts, around)).encode()


def _wrapping(one: Callable[..., Any]) -> Callable[..., Any]:
    """Machine words wrap around; NumPy's scalars say so aloud unless told not to."""

    def quiet(*given: Any) -> Any:
        with np.errstate(over="ignore"):
            return one(*given)

    return quiet


def distinct(values: NDArray[Any]) -> NDArray[Any]:
    """The values, rising, each once: `np.unique` by sorting, many times quicker here than by its table."""
    rising = np.sort(values)
    found: NDArray[Any] = rising[np.concatenate([np.ones(min(len(rising), 1), np.bool_), rising[1:] != rising[:-1]])]
    return found

"""The loops of this package, as plain Python for a few ads and as machine code for a corpus: `egide.compiled`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from egide import compiled as machine_code

PLAIN_LETTERS = 6_000  # below, loading machine code would cost more than it gives


def kernels(order: Sequence[Callable[..., Any]], *, compiled: bool) -> Any:
    """The functions of `order` by name; each may call those before it."""
    found = machine_code.kernels(order, compiled=compiled)
    return found if compiled else SimpleNamespace(**{name: _wrapping(one) for name, one in vars(found).items()})


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

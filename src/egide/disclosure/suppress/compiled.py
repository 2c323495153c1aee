"""The loops of suppression, as plain Python for small tables and as machine code for large ones: `egide.compiled`."""

from __future__ import annotations

from functools import cache
from typing import Any

from egide import compiled as machine_code
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
    return machine_code.kernels(_ORDER, compiled=compiled)

"""The engine behind Ibis. The only file that names one; everything else sees Ibis tables. [I/O]"""

from __future__ import annotations

import ibis
from ibis.backends.duckdb import Backend

# No extension is fetched or loaded behind our back: an engine that downloads depends on the network.
# The time zone needs no setting: Ibis fixes it to UTC at each connection, and a test holds it to that.
_SETTINGS = {
    "threads": 2,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


def connect() -> Backend:
    """A fresh engine in memory. The caller disconnects it."""
    return ibis.duckdb.connect(":memory:", **_SETTINGS)

"""The hour of the machine, the only one there is: no command takes another day, which would hide a late purge. [I/O]"""

from __future__ import annotations

from datetime import datetime


def now() -> datetime:
    """With its time zone."""
    return datetime.now().astimezone()

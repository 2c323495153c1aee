"""What the database refuses about commissions: a session that changes state by no act."""

from egide_registry.psp.guards import state_trigger
from egide_registry.psp.rules.states import SESSION


def sql() -> str:
    """All of it."""
    return state_trigger("commissions_session", SESSION)

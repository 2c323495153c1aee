"""Only the owner of the tables migrates."""

from typing import Any


class OwnerMigrates:
    """The other roles could not anyway: this says so before they try."""

    def allow_migrate(self, db: str, app_label: str, **_: Any) -> bool:
        return db == "owner"

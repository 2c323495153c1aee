"""Columns that hold only sealed bytes."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models


class SealedField(models.BinaryField):  # type: ignore[type-arg]  # a class of Django takes no argument when it runs
    """Bytes made by `egide_registry.security.vault`; a text or a clear value is refused before it is written."""

    description = "sealed bytes"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is not None and not bytes(value).startswith(b"v1|"):
            raise ValidationError(f"{self.model._meta.db_table}.{self.column}: only sealed bytes are stored here.")
        return super().get_db_prep_value(value, connection, prepared)

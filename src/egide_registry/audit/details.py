"""What an entry may hold besides its event: codes, identifiers and numbers, in one way of writing. Pure."""

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import TypeAlias
from uuid import UUID

# A StrEnum is a str. No float: it has several ways of being written.
Detail: TypeAlias = str | int | UUID | date | None

LONGEST = 64  # the hash of a file that left, in hexadecimal
_CODE = re.compile(rf"[A-Za-z0-9_.:/+-]{{1,{LONGEST}}}")


class NotACode(ValueError):
    """A detail that could hold a name or words. The message does not repeat it."""

    def __init__(self, wrong: list[str]) -> None:
        names = ", ".join(wrong)
        super().__init__(
            f"Journal, détail {names}\u00a0: attendu un code, un identifiant, une date ou un nombre "
            f"(lettres sans accent, chiffres et _.:/+-, {LONGEST} signes au plus), reçu autre chose. "
            "Un nom ou une phrase n’entre jamais au journal\u202f: mettre un code, ou l’identifiant de la ligne."
        )


def canonical_detail(detail: Mapping[str, Detail]) -> str:
    """The details as JSON, keys sorted, without a space; those that are None are left out. Raises NotACode."""
    kept = {name: value for name, value in detail.items() if value is not None}
    wrong = sorted(name for name, value in kept.items() if not _allowed(value))
    if wrong:
        raise NotACode(wrong)
    plain = {name: value if isinstance(value, int) else str(value) for name, value in kept.items()}
    return json.dumps(plain, sort_keys=True, separators=(",", ":"))


def _allowed(value: object) -> bool:
    if isinstance(value, str):
        return _CODE.fullmatch(value) is not None
    # datetime is a date: its text has a space.
    return isinstance(value, int | UUID) or type(value) is date

"""A file of tokens: a manifest, then the tokens of each record, in an order that says nothing. Pure but for `read`.

First line: JSON, the manifest. Then one line a record, its tokens separated by commas in the order of the rules,
sorted as texts: under a key, that order is chance. Source: docs/methods/list-tokens.md.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path

from attrs import field, frozen
from attrs.validators import matches_re

from egide.errors import Defect, DeliveryRefused
from egide.estimation.histories import MOST_LISTS
from egide.sources.messages import NBSP, counted
from egide.unseen.linking.tokens import RULES, VERSION, Tokens

SUFFIX = ".jetons"
FORMAT = "egide-jetons-1"
_LIST_NAME = re.compile(r"[a-z][a-z0-9_-]{0,30}")
_HEADINGS = frozenset(  # what a table of lists may have as other columns
    (
        *("effectif", "effectifs", "count", "counts", "liste", "list"),
        *("personne", "person", "identifiant", "id", "pseudonyme"),
    )
)
_MOST_SHOWN = 20  # wrong lines of one file
MOST_BYTES = 512 * 2**20
MOST_RECORDS = 10**9  # that a manifest may say
MOST_PAIRS = 20_000_000  # of records with a token in common, added up over the rules: beyond, hours and all the memory
_LINE = re.compile(rf"(?:[0-9a-f]{{32}})?(?:,(?:[0-9a-f]{{32}})?){{{len(RULES) - 1}}}")
_FINGERPRINT = re.compile(r"[0-9a-f]{16}")


@frozen(kw_only=True, repr=False)
class TokenList:
    """The tokens of one list. `key`: fingerprint of the key that made them. Records without any token are counted."""

    name: str = field(validator=matches_re(_LIST_NAME))
    key: str = field(validator=matches_re(_FINGERPRINT))
    records: tuple[Tokens, ...]
    without: int  # records that gave no token: they take no part in the linkage, and in no table
    rules: str = VERSION


def is_list_name(text: str) -> bool:
    """Small letters, figures, - and _; and no heading that a table of lists has already."""
    return bool(_LIST_NAME.fullmatch(text)) and text not in _HEADINGS


def token_list(name: str, key: str, made: Iterable[Tokens]) -> TokenList:
    every = tuple(made)
    kept = sorted(one for one in every if any(one))
    return TokenList(name=name, key=key, records=tuple(kept), without=len(every) - len(kept))


def token_text(given: TokenList) -> str:
    lines = _lines(given)
    return "\n".join([json.dumps(_told(given) | {"somme": _sum(given)}), *lines]) + "\n"


def _told(given: TokenList) -> dict[str, object]:
    return {
        "format": FORMAT,
        "regles": given.rules,
        "jetons": list(RULES),
        "cle": given.key,
        "liste": given.name,
        "lignes": len(given.records),
        "sans_jeton": given.without,
    }


def _lines(given: TokenList) -> list[str]:
    return [",".join(one) for one in given.records]


def _sum(given: TokenList) -> str:
    """What tells a file that was damaged or touched up. It has no key: it does not stop who would make a false one."""
    return sha256("\n".join([json.dumps(_told(given)), *_lines(given)]).encode()).hexdigest()[:32]


def read(paths: Sequence[Path]) -> tuple[TokenList, ...]:
    """Files that may be linked together: two lists or more, one key, one version of the rules. [I/O]

    Raises: DeliveryRefused with every defect of every file; OSError.
    """
    defects: list[Defect] = []
    found = [_parsed(path.name, _bounded(path), defects) for path in paths]
    lists = [one for one in found if one is not None]
    if not defects:
        defects += _together([path.name for path in paths], lists)
    if defects:
        raise DeliveryRefused(defects)
    return tuple(lists)


def _bounded(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def _parsed(file_name: str, content: bytes, defects: list[Defect]) -> TokenList | None:
    def refuse(place: str, expected: str, got: str, way_out: str = "Redemandez le fichier à la source.") -> None:
        defects.append(Defect(place=f"{file_name}{place}", expected=expected, got=got, way_out=way_out))

    if len(content) > MOST_BYTES:
        refuse("", f"au plus {MOST_BYTES // 2**20} Mo", "un fichier plus gros")
        return None
    # A mail or a Windows editor may have changed the ends of lines.
    text = content.replace(b"\r\n", b"\n").decode("ascii", errors="replace")
    heading, *lines = text.removesuffix("\n").split("\n")
    manifest = _manifest(heading)
    if manifest is None:
        refuse(
            ", ligne 1",
            f"un fichier de jetons fait par «{NBSP}egide pseudonymise{NBSP}»",
            "autre chose",
            f"Une liste de noms ne se rapproche jamais en clair{NBSP}: chaque source en fait d’abord des jetons.",
        )
        return None
    if manifest.rules != VERSION:
        refuse(
            ", ligne 1", f"les règles de jetons n°{NBSP}{VERSION}", "d’autres règles", "Prenez la même version d’Égide."
        )
        return None
    wrong = [number for number, line in enumerate(lines, start=2) if not _LINE.fullmatch(line) or not line.strip(",")]
    for number in wrong[:_MOST_SHOWN]:
        refuse(f", ligne {number}", f"{len(RULES)} jetons ou places vides", "autre chose")
    if len(lines) != manifest.lines:
        refuse("", f"{counted(manifest.lines, 'ligne')} de jetons, comme annoncé", counted(len(lines), "ligne"))
    if wrong or len(lines) != manifest.lines:
        return None
    found = TokenList(
        name=manifest.name,
        key=manifest.key,
        records=tuple(tuple(line.split(",")) for line in lines),
        without=manifest.without,
    )
    if manifest.sum != _sum(found):
        refuse("", "les jetons tels qu’ils ont été faits", "un fichier abîmé ou retouché depuis")
        return None
    return found


@frozen(kw_only=True)
class _Manifest:
    name: str
    key: str
    rules: str
    lines: int
    without: int
    sum: object


def _manifest(line: str) -> _Manifest | None:
    """None for anything else than a manifest of ours: what it says instead is nobody's to read."""
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        return None
    name, key, lines, without = (told.get(each) for each in ("liste", "cle", "lignes", "sans_jeton"))
    if not (isinstance(name, str) and is_list_name(name) and isinstance(key, str) and _FINGERPRINT.fullmatch(key)):
        return None
    if not (type(lines) is int and type(without) is int and 0 <= lines < MOST_RECORDS and 0 <= without < MOST_RECORDS):
        return None
    rules = told.get("regles") if told.get("jetons") == list(RULES) else None
    return _Manifest(
        name=name,
        key=key,
        rules=rules if isinstance(rules, str) else "",
        lines=lines,
        without=without,
        sum=told.get("somme"),
    )


def _together(names: Sequence[str], lists: Sequence[TokenList]) -> list[Defect]:
    """What is wrong with files that are each sound, taken together."""
    defects: list[Defect] = []
    if not 2 <= len(lists) <= MOST_LISTS:
        defects.append(
            Defect(
                place="les listes",
                expected=f"2 à {MOST_LISTS} fichiers de jetons",
                got=str(len(lists)),
                way_out="Regroupez à la source les listes d’une même institution.",
            )
        )
    first = lists[0] if lists else None
    seen: dict[str, str] = {}
    for file_name, one in zip(names, lists, strict=True):
        if first is not None and one.key != first.key:
            defects.append(
                Defect(
                    place=file_name,
                    expected=f"des jetons de la clé {first.key}, celle de {names[0]}",
                    got=f"la clé {one.key}",
                    way_out=f"Sous deux clés rien ne se ressemble{NBSP}: refaites ces jetons avec la clé commune.",
                )
            )
        if one.name in seen:
            defects.append(
                Defect(
                    place=file_name,
                    expected="une autre liste que les précédentes",
                    got=f"la liste {one.name}, déjà donnée par {seen[one.name]}",
                    way_out="Donnez chaque liste une fois, sous son propre nom.",
                )
            )
        seen.setdefault(one.name, file_name)
        if not one.records:
            defects.append(
                Defect(
                    place=file_name,
                    expected="au moins une personne avec un jeton",
                    got="aucune",
                    way_out=f"Une liste vide n’apprend rien{NBSP}: laissez-la.",
                )
            )
    return defects or _too_alike(names, lists)


def _too_alike(names: Sequence[str], lists: Sequence[TokenList]) -> list[Defect]:
    """One word that stands for "not known" makes one person of hundreds, and millions of pairs to look at."""
    pairs, most, where = 0, 0, ""
    for place in range(len(RULES)):
        every: Counter[str] = Counter()
        for file_name, one in zip(names, lists, strict=True):
            seen = Counter(record[place] for record in one.records if record[place])
            most, where = max((most, where), (max(seen.values(), default=0), file_name))
            every += seen
        pairs += sum(number * (number - 1) // 2 for number in every.values())
    if pairs <= MOST_PAIRS:
        return []
    return [
        Defect(
            place=where,
            expected="des jetons qui tiennent à une personne",
            got=f"un même jeton sur {counted(most, 'ligne')}",
            way_out=f"Un mot y est mis pour «{NBSP}inconnu{NBSP}»{NBSP}: faites vider ces cellules à la source.",
        )
    ]

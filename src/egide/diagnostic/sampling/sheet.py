"""The sheet a coder fills: numbers drawn by lot and codes to choose from, nothing of any ad.

The key that says which ad bears which number is a file of its own, for the one person who shows the ads. One ad in ten
is on a second sheet, for another coder. Source: docs/methods/survey-sampling.md.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from random import Random

from attrs import frozen

from egide.diagnostic.sampling.moments import Ints
from egide.diagnostic.sampling.workbook import workbook
from egide.errors import Defect, Refused

NUMBER, STRATUM, STRATUM_ADS, SEARCHED, SAME_PERSON = (
    *("numero", "strate", "annonces_strate", "recherche", "annonces_meme_personne"),
)
FIXED = (NUMBER, STRATUM, STRATUM_ADS, SEARCHED, SAME_PERSON)
YES, NO = "oui", "non"
SEARCHES = ("corpus", "échantillon")
NUMBERS = range(10_000, 100_000)
MOST_ADS = 20_000  # so that numbers stay far apart, and no coder will read more
DOUBLE = 0.10
_CODE = re.compile(r"[0-9A-Za-z_-]{1,24}")


@frozen(kw_only=True)
class CodingSheets:
    """Three files. The key alone leads from a number to an ad: it is kept apart, and purged with the features."""

    first: bytes  # XLSX, every drawn ad
    second: bytes  # XLSX, one in ten of them
    key: bytes  # CSV, "numero;rang": the rank of the ad in the corpus file, the first one being 1


def coding_sheets(
    drawn: Ints, strata: Sequence[str], codes: Mapping[str, Sequence[str]], chance: Random
) -> CodingSheets:
    """Sheets for the ads at places `drawn` of the corpus, whose strata are `strata`, one code per ad of the corpus.

    codes: column to fill → codes to choose from, `{}` for the persons only; (YES, NO) gives a share.
    chance: of its own, never that of the draw: whoever tries seeds until these numbers come out would have the key.
    Raises: Refused, all at once: a stratum or a column that is not a code (letters, digits, - and _, 24 at most), so
    that no text, phone or address can slip in; a column of the same name as ours; more than 20,000 ads.
    """
    _refuse_anything_but_codes(drawn, strata, codes)
    held = Counter(strata)
    numbers = chance.sample(NUMBERS, len(drawn))
    twice = set(chance.sample(range(len(drawn)), min(len(drawn), max(2, math.ceil(DOUBLE * len(drawn))))))
    order = sorted(range(len(drawn)), key=numbers.__getitem__)
    lists = {SEARCHED: SEARCHES, **codes}

    def filled(places: Sequence[int]) -> bytes:
        rows = [
            [numbers[one], strata[drawn[one]], held[strata[drawn[one]]], *[""] * (2 + len(codes))] for one in places
        ]
        return workbook("Codage", [*FIXED, *codes], rows, lists)

    key = "".join(f"{numbers[one]};{drawn[one] + 1}\n" for one in order)
    return CodingSheets(
        first=filled(order),
        second=filled([one for one in order if one in twice]),
        key=f"{NUMBER};rang\n{key}".encode(),
    )


def _refuse_anything_but_codes(drawn: Ints, strata: Sequence[str], codes: Mapping[str, Sequence[str]]) -> None:
    first = {code: rank for rank, code in reversed(list(enumerate(strata, start=1)))}
    places = [(f"Strate de l’annonce de rang {rank}", code) for code, rank in reversed(first.items())]
    for column, values in codes.items():
        places += [(f"Colonne {rank} à coder", text) for rank, text in enumerate((column, *values))]
    defects = [
        Defect(
            place=place,
            expected="un code de 1 à 24 lettres sans accent, chiffres, tirets ou soulignés",
            got=f"un texte de {len(text)} caractères",
            way_out="Remplacez-le par un code\u00a0: la feuille de codage ne porte rien d’une annonce.",
        )
        for place, text in places
        if not _CODE.fullmatch(text) or _looks_like_a_phone(text)
    ]
    defects += [
        Defect(
            place="Colonnes à coder",
            expected="un nom qui ne soit pas déjà celui d’une colonne de la feuille",
            got=column,
            way_out="Renommez cette colonne.",
        )
        for column in codes
        if column in FIXED
    ]
    if not 1 <= len(drawn) <= MOST_ADS:
        defects.append(
            Defect(
                place="Feuille de codage",
                expected="1 à 20 000 annonces",
                got=str(len(drawn)),
                way_out="Tirez moins d’annonces.",
            )
        )
    if defects:
        raise Refused(defects)


def _looks_like_a_phone(text: str) -> bool:
    return len(re.sub(r"[^0-9]", "", text)) >= 9

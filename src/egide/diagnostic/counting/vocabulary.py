"""The French words of a number of persons, as data: whatever is not here is a person's to settle.

Words are folded: lower case, no accents, `œ` as `oe`, apostrophes as blanks. Source: docs/methods/counting-a-minima.md.
"""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


LARGEST = 200  # a single situation of more persons is rather a year, a room or a phone number

_UNITS = _words(
    "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit "
    "dix-neuf"
)
_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante", 70: "septante", 80: "octante"}
_TENS |= {90: "nonante"}


def _spelt(number: int) -> tuple[str, ...]:
    """Every usual way to write a number from 0 to 199, words joined by hyphens."""
    if number < 20:
        return (_UNITS[number],)
    if number >= 100:
        return ("cent",) if number == 100 else tuple(f"cent-{rest}" for rest in _spelt(number - 100))
    tens, rest = divmod(number, 10)
    ways = list(_after(_TENS[tens * 10], rest))
    if tens == 7:
        ways.append("soixante-et-onze" if rest == 1 else f"soixante-{_UNITS[10 + rest]}")
    if tens in (8, 9):
        beyond = number - 80
        ways.append("quatre-vingts" if beyond == 0 else f"quatre-vingt-{_UNITS[beyond]}")
    if tens == 8:
        ways.extend(_after("huitante", rest))
    if number == 80:
        ways.append("quatre-vingt")
    return tuple(ways)


def _after(ten: str, rest: int) -> tuple[str, ...]:
    if rest == 0:
        return (ten,)
    if rest == 1:
        return (f"{ten}-et-un", f"{ten}-un")
    return (f"{ten}-{_UNITS[rest]}",)


SPELT = {way: number for number in range(200) for way in _spelt(number)} | {"deux-cents": 200, "deux-cent": 200}

# Exact groups, and approximate ones: the study counts "une dizaine" as ten.
GROUPS = {"couple": 2, "binome": 2, "duo": 2, "paire": 2, "trio": 3, "quatuor": 4}
APPROXIMATE = {
    "demi-dizaine": 5,
    "demi-douzaine": 6,
    "dizaine": 10,
    "douzaine": 12,
    "quinzaine": 15,
    "vingtaine": 20,
    "trentaine": 30,
    "quarantaine": 40,
    "cinquantaine": 50,
    "soixantaine": 60,
    "centaine": 100,
}
# "Several" in all its forms: two at least, and no more is said.
SEVERAL = frozenset(
    _words("plusieurs quelques des certaines certains beaucoup nombreuses nombreux multiples diverses divers")
)
BANDS = frozenset({"groupe", "groupes"})  # two at least each
# Who is counted. Women and men are told apart, so that "2 femmes, 1 homme" is three and "2 femmes, 1 mineure" two.
WOMEN = frozenset(_words("femme femmes fille filles fillette fillettes dame dames f"))
MEN = frozenset(_words("homme hommes garcon garcons monsieur messieurs h"))
PERSONS = frozenset(
    _words(
        "personne personnes pers individu individus jeune jeunes mineur mineure mineurs mineures ado ados "
        "adolescent adolescente adolescents adolescentes adulte adultes majeur majeure majeurs majeures etudiant "
        "etudiante etudiants etudiantes lyceen lyceenne lyceens lyceennes collegien collegienne collegiens "
        "collegiennes trans transgenre transgenres victime victimes usager usagere usagers usageres patient "
        "patiente patients patientes resident residente residents residentes situation situations cas migrant "
        "migrante migrants migrantes mere meres soeur soeurs frere freres"
    )
)
# Words that change nothing to a number.
SILENT = frozenset(
    _words(
        "de d la le les l du en tout total au seul seule seuls seules unique uniquement different differents "
        "differente differentes distinct distincts distincte distinctes connu connue connus connues suivi suivie "
        "suivis suivies rencontre rencontree rencontres rencontrees accompagne accompagnee accompagnes "
        "accompagnees identifie identifiee identifies identifiees repere reperee reperes reperees concerne "
        "concernee concernes concernees prostitue prostituee prostitues prostituees signale signalee signales "
        "signalees recu recue recus recues ensemble enceinte enceintes isole isolee isoles isolees majoritairement "
        "principalement par notre service equipe structure dans sur departement :"
    )
)
AMBIGUOUS = frozenset({"non", "personne"})  # nobody, or somebody: French says both
UNTOLD = frozenset(
    _words(
        "nsp nc nr na ns inconnu inconnue inconnus inconnues ? - x . indetermine indeterminee non renseigne "
        "renseignee precise precisee communique communiquee connaissance sans objet je on nous ne sait sais savons "
        "pas nombre"
    )
)

"""A small but complete Letter drawn by hand, for the tests of renderers: every block, run and kind of cell.

The numbers are invented. What tries to break a page (a tag, quotes, an ampersand) is in it too.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from egide.disclosure.cells import Bounded, Cell, Journey, Shown, Vintage, Withheld
from egide.document.model import (
    Align,
    Box,
    BulletList,
    Declared,
    Document,
    Emphasis,
    Figure,
    KeyFigure,
    KeyFigures,
    Link,
    Note,
    NoteReference,
    Number,
    Paragraph,
    Runs,
    Section,
    Strong,
    Table,
    TableCell,
    Text,
)
from egide.document.typography import cell_text
from egide.facts.model import FactKey, Origin, Status, Unit
from egide.facts.values import Value
from support.cells import below_five, cell, nc, shown, shown_between

HOSTILE = """<script>window.broken = true</script> "a" 'b' & <img src=x onerror="window.broken = true">"""


def _origin(row: int) -> Origin:
    return Origin(
        delivery="ssmsi-2026.xlsx",
        sha256="0123456789abcdef" * 4,
        sheet="Victimes",
        row=row,
        column="effectif",
    )


def _fact(identifier: str, row: int, **more: object) -> Journey:
    return Journey(key=FactKey.parse(identifier.partition("@")[0]), origin=_origin(row), **more)  # type: ignore[arg-type]


_A21 = "ssmsi/victimes/FR/2021/age=ge18@2026-04-02"
_A25 = "ssmsi/victimes/FR/2025/age=ge18@2026-04-02"
_M25 = "ssmsi/victimes/FR/2025/age=lt18@2026-04-02"
_D59 = "sdfe/psp_en_cours/DEP-59/2025-12-31@2026-04-02"
_D62 = "sdfe/psp_en_cours/DEP-62/2025-12-31@2026-04-02"
_D75 = "sdfe/psp_en_cours/DEP-75/2025-12-31@2026-04-02"
_D80 = "sdfe/psp_en_cours/DEP-80/2025-12-31@2026-04-02"

ADULTS_2021 = shown_between(
    952,
    955,
    id=_A21,
    label="Victimes majeures enregistrées",
    period="2021",
    status=Status.ESTIMATED,
    sources=("ssmsi",),
    journey=_fact(_A21, 2, note="Reconstitué à partir de l’évolution publiée."),
)
ADULTS_2025 = shown(
    880,
    id=_A25,
    label="Victimes majeures de proxénétisme ou de recours délictuel enregistrées",
    status=Status.PROVISIONAL,
    sources=("ssmsi",),
    journey=_fact(
        _A25,
        6,
        vintages=(Vintage(known_on="2026-01-30", content=Shown(Value.exact(874)), status=Status.PROVISIONAL),),
    ),
)
MINORS_2025 = shown(12704, id=_M25, label="Victimes mineures enregistrées", sources=("ssmsi",), journey=_fact(_M25, 11))
GROWTH = cell(
    Shown(Value(Fraction(-75, 955) * 100, Fraction(-72, 952) * 100)),
    id="=growth(victimes_majeures[2021], victimes_majeures[2025])@2026-04-02",
    label="Évolution des victimes majeures",
    unit=Unit.PERCENT,
    period="2021..2025",
    status=Status.PROVISIONAL,
    sources=("ssmsi",),
    journey=Journey(
        formula="growth(victimes_majeures[2021], victimes_majeures[2025])",
        operands=(_A21, _A25),
        method="docs/methods/growth.md",
    ),
)
SHARE = shown(
    Fraction(88000, 13584),
    id="=share(victimes_majeures[2025], victimes[2025])@2026-04-02",
    label="Part des majeures parmi les victimes",
    unit=Unit.PERCENT,
    sources=("ssmsi",),
    journey=Journey(
        formula="share(victimes_majeures[2025], victimes[2025])",
        operands=(_A25, _M25),
        method="docs/methods/share.md",
    ),
)


def _psp(identifier: str, row: int, name: str) -> dict[str, object]:
    return {
        "id": identifier,
        "label": f"Parcours de sortie en cours, {name}",
        "territory": identifier.split("/")[2],
        "period": "2025-12-31",
        "sources": ("sdfe",),
        "journey": _fact(identifier, row),
    }


NORD = shown(59, **_psp(_D59, 4, "Nord"))
PAS_DE_CALAIS = below_five(**_psp(_D62, 5, "Pas-de-Calais"))
PARIS = nc(**_psp(_D75, 6, "Paris"))
SOMME = cell(Bounded(Value(6, 9)), **_psp(_D80, 7, "Somme"))  # type: ignore[arg-type]
WITHHELD = cell(
    Withheld(),
    id="=share(psp[62], psp[59])@2026-04-02",
    label="Rapport d’un département à l’autre",
    unit=Unit.PERCENT,
    sources=("sdfe",),
    journey=Journey(formula="share(psp[62], psp[59])", operands=(_D62, _D59)),
)
CELLS = (
    ADULTS_2025, GROWTH, SHARE, MINORS_2025, ADULTS_2021, NORD, PAS_DE_CALAIS, PARIS, SOMME, WITHHELD,
)  # fmt: skip


def number(of: Cell, text: str = "") -> Number:
    return Number(cell=of, text=text or cell_text(of), claim=bool(text))


def _row(*columns: Runs | Cell, heading: bool = False, indent: int = 0) -> tuple[TableCell, ...]:
    return tuple(
        TableCell(
            runs=(number(column),) if isinstance(column, Cell) else column,
            header=heading or place == 0,
            align=Align.RIGHT if place else Align.LEFT,
            indent=0 if place else indent,
        )
        for place, column in enumerate(columns)
    )


SVG = """<svg xmlns="http://www.w3.org/2000/svg" version="1.1" class="marks"
width="640" height="300" viewBox="0 0 640 300">
<defs><clipPath id="clip0"><rect x="0" y="0" width="640" height="300"/></clipPath></defs>
<rect width="640" height="300" fill="#ffffff"/>
<g clip-path="url(#clip0)" role="graphics-object" aria-label="880">
<path aria-label="x: 2025; y: 880" fill="#1f3a6e" d="M120,60h120v190h-120Z"/>
<path fill="#b0452b" d="M380,78h120v172h-120Z"/></g>
<line x1="60" x2="600" y1="250" y2="250" stroke="#5c5c68" stroke-width="1"/>
<g font-family="Public Sans" text-anchor="middle">
<text x="180" y="48" font-size="18" fill="#1d1d26">952 à 955</text>
<text x="440" y="66" font-size="18" fill="#1d1d26">880</text>
<text x="180" y="276" font-size="16" fill="#5c5c68">2021</text>
<text x="440" y="276" font-size="16" fill="#5c5c68">2025</text>
</g></svg>"""

CHART = Figure(
    id="f01",
    number=1,
    title=(Text("Victimes majeures enregistrées, "), Declared("2021-2025")),
    svg=SVG,
    alternative="Le nombre de victimes majeures baisse : 952 à 955 en 2021, 880 en 2025.",
    table=Table(
        id="f01-donnees",
        caption=(Text("Victimes majeures enregistrées par année"),),
        rows=(
            _row((Text("Année"),), (Text("Victimes majeures"),), heading=True),
            _row((Declared("2021"),), ADULTS_2021),
            _row((Declared("2025"),), ADULTS_2025),
        ),
    ),
    source="Source : SSMSI, base des victimes.",
    scope="Champ : France.",
    notes=("Données provisoires.", "Les années intermédiaires ne sont pas connues."),
    csv="annee,victimes\n2025,880\n",
)
TABLE_FIGURE = Figure(
    id="f02",
    number=2,
    title=(Text("Parcours de sortie en cours au "), Declared("31 décembre 2025")),
    svg="",
    alternative="Un tableau de quatre départements ; deux valeurs sont masquées.",
    table=Table(
        id="f02-donnees",
        caption=(Text("Parcours de sortie en cours par département"),),
        rows=(
            _row((Text("Département"),), (Text("Parcours en cours"),), heading=True),
            _row((Text("Nord"),), NORD),
            _row((Text("Pas-de-Calais"),), PAS_DE_CALAIS),
            _row((Text("Paris"),), PARIS),
            _row((Text("Somme"),), SOMME),
        ),
        legend=("« < 5 » : de une à quatre personnes.", "« nc » : non communiqué, cinq personnes ou plus."),
    ),
    source="Source : SDFE.",
    scope="Champ : France (hors COM).",
    notes=(),
    csv="departement,parcours\n59,59\n62,<5\n",
)
WIDE = Table(
    id="t01",
    caption=(Text("Orientation des personnes mises en cause"),),
    rows=(
        _row(
            (Text("Orientation"),),
            *(((Text("Proxénétisme aggravé en bande organisée"),),) * 6),
            heading=True,
        ),
        _row((Text("Ensemble"),), *(ADULTS_2025,) * 6),
        _row((Text("dont poursuites"),), *(NORD, PARIS, SOMME, NORD, PAS_DE_CALAIS, NORD), indent=1),
    ),
    legend=("« nc » : non communiqué.",),
)

_ADULTS = Section(
    id="majeures-police",
    level=2,
    title=(Text("Les victimes majeures enregistrées par les services de police et de gendarmerie"),),
    source="Source : SSMSI, données provisoires.",
    scope="Champ : France.",
    blocks=(
        Paragraph(
            (
                Text("Les forces de sécurité ont enregistré "),
                number(ADULTS_2025),
                Text(" victimes majeures de proxénétisme ou de recours à l’achat d’actes sexuels en "),
                Declared("2025"),
                Text(", contre "),
                number(ADULTS_2021, "environ 950"),
                Text(" en "),
                Declared("2021"),
                Text(" ("),
                number(GROWTH),
                Text("). Les majeures sont "),
                Strong((number(SHARE), Text(" des victimes"))),
                NoteReference("champ"),
                Text(" ; voir la "),
                Link("#figure-f01", (Text("figure"),)),
                Text("."),
            )
        ),
        CHART,
        Paragraph(
            (
                Text("Un achat d’acte sexuel est puni selon l’"),
                Declared("article 225-12-1"),
                Text(" du code pénal. Le "),
                Declared("3919"),
                Text(" écoute, "),
                Emphasis((Text("de manière anonyme et gratuite"),)),
                Text(", "),
                Link("https://arretonslesviolences.gouv.fr/", (Text("toutes les femmes victimes"),)),
                Text("."),
                NoteReference("hostile"),
            )
        ),
        Box(
            kind="methode",
            title=(Text("Ce que ces données ne disent pas"),),
            blocks=(
                Paragraph((Text("Une amende seule n’a pas de victime enregistrée."),)),
                BulletList(
                    (
                        (Paragraph((Text("une victime compte une fois par an ;"),)),),
                        (
                            Paragraph((Text("les familles d’infractions ne s’additionnent pas :"),)),
                            BulletList(
                                (
                                    (Paragraph((Text("ni dans le texte,"),)),),
                                    (Paragraph((Text("ni dans un tableau."),)),),
                                ),
                                ordered=True,
                            ),
                        ),
                    )
                ),
            ),
        ),
    ),
)
_PATHS = Section(
    id="parcours",
    level=1,
    title=(Text("Les parcours de sortie de la prostitution"),),
    blocks=(
        Box(
            kind="source",
            title=(Text("Le service des droits des femmes"),),
            blocks=(Paragraph((Text("Il réunit les comptes des commissions départementales."),)),),
        ),
        Box(
            kind="droit",
            title=(Text("Ce que donne un parcours"),),
            blocks=(Paragraph((Text("Six mois, renouvelables jusqu’à "), Declared("24 mois"), Text("."))),),
        ),
        Paragraph((Text("Une partie des comptes est masquée : "), number(WITHHELD), Text("."))),
        TABLE_FIGURE,
        WIDE,
    ),
    sections=(
        Section(
            id="refus",
            level=2,
            title=(Text("Refus & recours"),),
            blocks=(
                Paragraph((Text(HOSTILE),)),
                Box(
                    kind="zoom",
                    title=(Text("Le Pas-de-Calais"),),
                    blocks=(Paragraph((number(PAS_DE_CALAIS), Text(" parcours en cours."))),),
                ),
                Box(
                    kind="eclairage",
                    title=(Text("Le point de vue d’une association"),),
                    blocks=(Paragraph((Text("« Les refus ne sont pas motivés. »"),)),),
                ),
            ),
        ),
    ),
)

SAMPLE = Document(
    title="La Lettre de l’observatoire national des violences faites aux femmes",
    subtitle="Le système prostitutionnel en France",
    issue="n° 27",
    published_on=date(2026, 4, 13),
    known_on=date(2026, 4, 2),
    publisher="Mission interministérielle d’essai",
    sections=(
        Section(
            id="chiffres-cles",
            level=1,
            title=(Text("Chiffres clés "), Declared("2025")),
            blocks=(
                KeyFigures(
                    (
                        KeyFigure(
                            number=number(ADULTS_2025),
                            label=(Text("victimes majeures enregistrées en "), Declared("2025")),
                            source="SSMSI",
                        ),
                        KeyFigure(number=number(MINORS_2025), label=(Text("victimes mineures"),), source="SSMSI"),
                        KeyFigure(number=number(SHARE), label=(Text("des victimes sont majeures"),), source="SSMSI"),
                        KeyFigure(
                            number=number(NORD),
                            label=(Text("parcours de sortie dans le Nord"),),
                            source="SDFE",
                        ),
                    )
                ),
            ),
        ),
        Section(id="majeures", level=1, title=(Text("Les victimes majeures"),), sections=(_ADULTS,)),
        _PATHS,
    ),
    notes=(
        Note(
            id="champ",
            runs=(Text("Champ : France ; "), number(MINORS_2025), Text(" victimes mineures par ailleurs.")),
        ),
        Note(id="hostile", runs=(Text(HOSTILE),)),
    ),
    cells=CELLS,
)

"""The columns of the open data and the codes they use, in a reader's words. Source: docs/reference/open-data.md."""

from __future__ import annotations

from enum import StrEnum

from attrs import frozen

from egide.document.trace import STATUS_LABELS
from egide.facts.model import Unit


@frozen
class Code:
    code: str
    label: str


OBS_STATUS = (
    Code("A", "Valeur définitive"),
    Code("P", "Valeur provisoire ou semi-définitive"),
    Code("E", "Valeur estimée"),
    Code("Q", "Valeur masquée"),
)
CONF_STATUS = (
    Code("F", "Diffusion libre"),
    Code("A", "Secret primaire : effectif de un à quatre"),
    Code("D", "Secret secondaire : masqué pour ne pas révéler une autre valeur"),
    Code("C", "Résultat masqué, car calculé sur une valeur masquée"),
)
UNITS = (
    Code("count", "Nombre"),
    Code("percent", "Pour cent"),
    Code("points", "Points de pourcentage"),
    Code("ratio", "Rapport"),
    Code("years", "Années"),
    Code("months", "Mois"),
    Code("days", "Jours"),
    Code("eur", "Euros"),
    Code("million_eur", "Millions d’euros"),
)
NATURES = (Code("fait", "Énoncé par une institution"), Code("calcul", "Calculé par l’observatoire"))


class Type(StrEnum):
    """Names of Table Schema."""

    TEXT = "string"
    NUMBER = "number"
    DAY = "date"


@frozen(kw_only=True)
class Column:
    name: str  # heading, French without accent
    field: str  # of an Observation
    title: str
    description: str
    type: Type = Type.TEXT
    required: bool = False
    codes: tuple[Code, ...] = ()


assert {one.code for one in UNITS} == {unit.value for unit in Unit}  # a new unit needs its words here

COLUMNS = (
    Column(
        name="identifiant",
        field="id",
        title="Identifiant",
        description="Le même partout : clé du fait, ou formule du résultat après un =, puis le jour où il est connu.",
        required=True,
    ),
    Column(
        name="nature",
        field="nature",
        title="Nature",
        description="Un fait est énoncé par une institution ; un résultat est calculé par l’observatoire.",
        required=True,
        codes=NATURES,
    ),
    Column(name="source", field="source", title="Code de la source", description="Plusieurs codes sont unis par un +."),
    Column(name="source_nom", field="source_label", title="Source", description="Institution ou association."),
    Column(
        name="mesure",
        field="measure",
        title="Code de la mesure",
        description="Ce qui est compté par cette source ; « calc_ » annonce un résultat.",
        required=True,
    ),
    Column(name="mesure_nom", field="measure_label", title="Mesure", description="Ce qui est compté, en mots."),
    Column(name="libelle", field="label", title="Libellé", description="Ce qu’est ce nombre, en une ligne."),
    Column(
        name="territoire",
        field="territory",
        title="Code du territoire",
        description="FR, FR_HORS_COM, FR_AVEC_COM, REG- ou DEP- et le code officiel géographique.",
        required=True,
    ),
    Column(name="territoire_nom", field="territory_label", title="Territoire", description="Nom du territoire."),
    Column(
        name="periode",
        field="period",
        title="Période",
        description="Année, mois, jour, année scolaire (2024-2025), ou de l’une à l’autre (2017..2025).",
        required=True,
    ),
    Column(
        name="periode_debut",
        field="first_day",
        title="Premier jour",
        description="Premier jour de la période.",
        type=Type.DAY,
        required=True,
    ),
    Column(
        name="periode_fin",
        field="last_day",
        title="Dernier jour",
        description="Dernier jour de la période.",
        type=Type.DAY,
        required=True,
    ),
    Column(
        name="dimensions",
        field="dimensions",
        title="Ventilation",
        description="Dimension=code, séparés par des points-virgules ; vide pour un ensemble ou un résultat.",
    ),
    Column(name="calcul", field="formula", title="Calcul", description="Formule du résultat ; vide pour un fait."),
    Column(
        name="valeur",
        field="value",
        title="Valeur",
        description="Le nombre exact, à six décimales au plus. Vide pour une fourchette ou une valeur masquée.",
        type=Type.NUMBER,
    ),
    Column(
        name="valeur_basse",
        field="low",
        title="Borne basse",
        description="Quand la source énonce une fourchette ; vide sans borne basse.",
        type=Type.NUMBER,
    ),
    Column(
        name="valeur_haute",
        field="high",
        title="Borne haute",
        description="Quand la source énonce une fourchette ; vide sans borne haute.",
        type=Type.NUMBER,
    ),
    Column(
        name="affichage",
        field="shown",
        title="Affichage",
        description="Ce que lit le lecteur : nombre, fourchette, « < 5 » (ou un autre seuil), « nc ».",
        required=True,
    ),
    Column(name="unite", field="unit", title="Unité", description="Unité de la valeur.", required=True, codes=UNITS),
    Column(
        name="obs_status",
        field="obs_status",
        title="Statut de l’observation",
        description="Liste internationale SDMX CL_OBS_STATUS.",
        required=True,
        codes=OBS_STATUS,
    ),
    Column(
        name="conf_status",
        field="conf_status",
        title="Statut de confidentialité",
        description="Liste internationale SDMX CL_CONF_STATUS.",
        required=True,
        codes=CONF_STATUS,
    ),
    Column(
        name="statut",
        field="status",
        title="Fermeté",
        description="Définitif, semi-définitif, provisoire ou estimé, même quand la valeur est masquée.",
        required=True,
        codes=tuple(Code(label, label) for label in STATUS_LABELS.values()),
    ),
    Column(
        name="connu_le",
        field="known_on",
        title="Connu le",
        description="Jour de la livraison qui énonce ce nombre.",
        type=Type.DAY,
        required=True,
    ),
    Column(name="note", field="note", title="Note", description="Ce que la source ajoute à ce nombre."),
)
# Only where the publication has one: a table that is copied elsewhere still carries it.
PRECAUTION = Column(
    name="precaution",
    field="precaution",
    title="Précaution",
    description="Ce qu’il faut savoir de tout nombre de cette publication, le même à chaque ligne.",
    required=True,
)

"""Acts of an invented department: nobody of these names exists."""

from datetime import date, time

from egide_registry.files.acts import (
    Appeal,
    Convocation,
    Decision,
    Extract,
    Heard,
    Item,
    Minutes,
    Opinion,
    Outcome,
    Person,
    Read,
    Reason,
    Receipt,
    Votes,
)
from egide_registry.files.stamp import Watermark

DEPARTMENT = "Val-d’Essai"
PREFECT = Person(name="Mme Alba Exemplaire", quality="préfète du Val-d’Essai")
JUDGE = Person(name="M. Test Premier", quality="magistrat désigné par la cour d’appel")
DOCTOR = Person(name="Mme Ébauche Seconde", quality="médecin, conseil de l’ordre")
DELEGATE = Person(name="M. Maquette Tiers", quality="délégué départemental aux droits des femmes")
FRIEND = Person(name="Mme Fictive Quarte", quality="association Les Essais solidaires")
POLICE = Person(name="M. Factice Quinte", quality="directeur départemental de la police nationale")

FIRST = Item(reference="PSP-7K2M-41", purpose="première demande", filed_by="Les Essais solidaires")
SECOND = Item(reference="PSP-9X4T-08", purpose="renouvellement", filed_by="Association de l’Exemple")

MINUTES = Minutes(
    reference="CDLP-2026-03",
    department=DEPARTMENT,
    held_on=date(2026, 12, 1),
    place="Préfecture, salle des essais",
    chair=PREFECT,
    present=(PREFECT, JUDGE, DOCTOR, DELEGATE, FRIEND),
    excused=(POLICE,),
    quorum=4,
    heard=(
        Heard(
            item=FIRST,
            opinion=Opinion.FAVOURABLE,
            votes=Votes(in_favour=4, against=0, abstained=0),
            recused=(FRIEND,),
            reasons="La commission relève l’engagement de la personne et un projet précis : formation, logement.",
        ),
        Heard(
            item=SECOND,
            opinion=Opinion.UNFAVOURABLE,
            votes=Votes(in_favour=1, against=3, abstained=1),
            reasons="Les engagements du parcours précédent ne sont pas documentés.\nElle demande un bilan écrit.",
        ),
    ),
    other_business="Prochaine séance au premier trimestre. L’association rappelle le délai des titres de séjour !",
    signatories=(PREFECT, DELEGATE),
)

APPEALS = (
    Appeal(
        name="Recours gracieux",
        before="la préfète du Val-d’Essai, 1 place de l’Essai, 00000 Essai-le-Grand",
        delay="dans les deux mois qui suivent la notification",
    ),
    Appeal(
        name="Recours contentieux",
        before="le tribunal administratif d’Essai-le-Grand",
        delay="dans les deux mois qui suivent la notification",
        note="Un avocat n’est pas obligatoire ; l’aide juridictionnelle peut être demandée.",
    ),
)

REFUSAL = Decision(
    reference="ARR-2026-0117",
    department=DEPARTMENT,
    authority="La préfète du Val-d’Essai",
    place="Essai-le-Grand",
    signed_on=date(2026, 12, 8),
    request="PSP-9X4T-08",
    purpose="renouvellement",
    outcome=Outcome.REFUSED,
    legal_basis=("le code de l’action sociale et des familles, notamment son article L. 121-9",),
    opinion=Opinion.UNFAVOURABLE,
    opinion_on=date(2026, 12, 1),
    reasons=(Reason(code="R3", label="Engagements du parcours non documentés"),),
    written_reasons="Le bilan demandé le 1er octobre n’a pas été produit ; aucune pièce ne décrit les démarches.",
    appeals=APPEALS,
    signatory=PREFECT,
)
GRANT = Decision(
    reference="ARR-2026-0118",
    department=DEPARTMENT,
    authority="La préfète du Val-d’Essai",
    place="Essai-le-Grand",
    signed_on=date(2026, 12, 8),
    request="PSP-7K2M-41",
    purpose="première demande",
    outcome=Outcome.GRANTED,
    legal_basis=("le code de l’action sociale et des familles, notamment son article L. 121-9",),
    opinion=Opinion.FAVOURABLE,
    opinion_on=date(2026, 12, 1),
    starts_on=date(2026, 12, 15),
    ends_on=date(2027, 6, 14),
    appeals=APPEALS,
    signatory=PREFECT,
)
RECEIPT = Receipt(
    reference="PSP-7K2M-41",
    department=DEPARTMENT,
    filed_on=date(2026, 11, 3),
    filed_by="Les Essais solidaires",
    purpose="première demande",
    documents=("déclaration sur l’honneur", "justificatif d’identité", "agrément de l’association"),
    next_steps=(
        "La déléguée vérifie que le dossier est complet.",
        "La commission donne un avis ; la préfète décide.",
        "Vous êtes prévenue de la décision et des recours possibles.",
    ),
    contact="Délégation aux droits des femmes du Val-d’Essai, 1 place de l’Essai, 00000 Essai-le-Grand.",
)
CONVOCATION = Convocation(
    reference="CONV-2026-03-05",
    department=DEPARTMENT,
    authority="La préfète du Val-d’Essai",
    recipient=FRIEND,
    sent_on=date(2026, 11, 10),
    held_on=date(2026, 12, 1),
    at=time(14, 30),
    place="Préfecture, salle des essais",
    agenda=(FIRST, SECOND),
    notes=(
        "L’association qui dépose un dossier le présente, puis se retire : elle ne prend part ni au débat ni au vote.",
    ),
    contact="Secrétariat de la commission, délégation aux droits des femmes du Val-d’Essai.",
    signatory=PREFECT,
)
EXTRACT = Extract(
    reference="PSP-7K2M-41",
    department=DEPARTMENT,
    made_on=date(2026, 12, 20),
    first=date(2026, 11, 1),
    last=date(2026, 12, 20),
    reads=(
        Read(on=date(2026, 12, 1), body="Commission départementale", purpose="consultation", times=6),
        Read(on=date(2026, 11, 3), body="Les Essais solidaires", purpose="dépôt et consultation"),
        Read(on=date(2026, 12, 8), body="Préfecture", purpose="consultation et impression", times=2),
    ),
    contact="Écrivez à la personne déléguée à la protection des données de la préfecture du Val-d’Essai.",
)
WATERMARK = Watermark(
    mandate="M-4F7A",
    journal="J-59-000123",
    purpose="recours devant le tribunal",
    on=date(2026, 12, 20),
    expires=date(2026, 12, 27),
)

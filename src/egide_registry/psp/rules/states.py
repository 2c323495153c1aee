"""What may follow what: requests, files, appeals, transfers, sessions. One table each.

Source: docs/methods/psp-states.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from egide.reference.legal import AppealKind
from egide_registry.accounts.rules import Role
from egide_registry.psp.rules.state_table import SETTING, S, State, StateTable, Transition

__all__ = [
    "APPEAL",
    "FILE",
    "REQUEST",
    "SESSION",
    "TABLES",
    "TRANSFER",
    "AppealKind",
    "AppealState",
    "FileState",
    "RequestState",
    "SessionState",
    "TransferState",
]

ASSOCIATION = (Role.ASSOCIATION,)
DELEGATE = (Role.DELEGATE,)
PREFECT = (Role.PREFECT,)
PREFECTURE = (Role.DELEGATE, Role.PREFECT)

L121_9 = "article L.121-9 du CASF"
OPINION = "article R.121-12-6 du CASF"
CIRCULAR = "circulaire n° DGCS/B2/2017/18"
FULL_REVIEW = "Conseil d’État, 19 novembre 2021, n° 440802"
DELAY = "articles R.421-1 et R.421-5 du CJA"


class RequestState(StrEnum):
    DRAFT = "draft"
    FILED = "filed"
    INCOMPLETE = "incomplete"
    COMPLETE = "complete"
    SCHEDULED = "scheduled"
    OPINION_GIVEN = "opinion_given"
    GRANTED = "granted"
    GRANT_NOTIFIED = "grant_notified"
    REFUSAL_PROPOSED = "refusal_proposed"
    REFUSED = "refused"
    REFUSAL_NOTIFIED = "refusal_notified"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class FileState(StrEnum):
    """A move to another department is no state: the file keeps its own, see TransferState."""

    OPEN = "open"
    IN_PATH = "in_path"
    EXIT_PROPOSED = "exit_proposed"
    ENDED = "ended"
    CLOSED = "closed"
    PURGED = "purged"


class AppealState(StrEnum):
    FILED = "filed"
    UNDER_REVIEW = "under_review"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class TransferState(StrEnum):
    ASKED = "asked"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DONE = "done"
    REVOKED = "revoked"


class SessionState(StrEnum):
    CONVENED = "convened"
    HELD = "held"
    NO_QUORUM = "no_quorum"
    CANCELLED = "cancelled"


def _go(
    source: S,
    target: S,
    act: str,
    label: str,
    roles: Iterable[Role],
    basis: str = SETTING,
    *,
    needs: str = "",
    other_than: str = "",
) -> Transition[S]:
    return Transition(
        source=source,
        target=target,
        act=act,
        label=label,
        roles=frozenset(roles),
        basis=basis,
        needs=needs,
        other_than=other_than,
    )


R = RequestState
_UNDECIDED = (R.FILED, R.INCOMPLETE, R.COMPLETE, R.SCHEDULED, R.OPINION_GIVEN, R.REFUSAL_PROPOSED)

REQUEST = StateTable(
    name="une demande de parcours",
    states=(
        State(code=R.DRAFT, label="brouillon", at=(0, 0)),
        State(code=R.FILED, label="déposée", at=(1, 0)),
        State(code=R.INCOMPLETE, label="pièces demandées", at=(1, 1)),
        State(code=R.COMPLETE, label="complète", at=(2, 0)),
        State(code=R.SCHEDULED, label="inscrite à une séance", at=(3, 0)),
        State(code=R.OPINION_GIVEN, label="avis rendu", at=(4, 0)),
        State(code=R.GRANTED, label="accordée", at=(5, 1)),
        State(code=R.GRANT_NOTIFIED, label="accord notifié", at=(5, 2)),
        State(code=R.REFUSAL_PROPOSED, label="refus proposé", at=(4, 1)),
        State(code=R.REFUSED, label="refusée", at=(4, 2)),
        State(code=R.REFUSAL_NOTIFIED, label="refus notifié", at=(4, 3)),
        State(code=R.CLOSED, label="close", at=(5, 3)),
        State(code=R.WITHDRAWN, label="retirée", at=(2, 2)),
    ),
    initial=R.DRAFT,
    final=frozenset({R.CLOSED, R.WITHDRAWN}),
    transitions=(
        _go(R.DRAFT, R.FILED, "file", "Déposer la demande", ASSOCIATION, L121_9),
        _go(R.FILED, R.INCOMPLETE, "ask_pieces", "Demander des pièces", DELEGATE, needs="Liste des pièces manquantes."),
        _go(R.INCOMPLETE, R.FILED, "send_pieces", "Envoyer les pièces", ASSOCIATION),
        _go(R.FILED, R.COMPLETE, "declare_complete", "Déclarer la demande complète", DELEGATE, CIRCULAR),
        _go(
            R.COMPLETE,
            R.INCOMPLETE,
            "ask_more",
            "Demander un complément",
            DELEGATE,
            needs="Liste des pièces manquantes.",
        ),
        _go(R.COMPLETE, R.SCHEDULED, "schedule", "Inscrire à l’ordre du jour", DELEGATE, OPINION),
        _go(R.SCHEDULED, R.COMPLETE, "unschedule", "Retirer de l’ordre du jour", DELEGATE),
        _go(
            R.SCHEDULED,
            R.COMPLETE,
            "defer",
            "Reporter l’avis",
            DELEGATE,
            OPINION,
            needs="Ce que la commission demande.",
        ),
        _go(
            *(R.SCHEDULED, R.OPINION_GIVEN, "give_opinion", "Consigner l’avis de la commission", DELEGATE, OPINION),
            needs="Séance tenue, association déportée.",
        ),
        _go(R.OPINION_GIVEN, R.GRANTED, "grant", "Autoriser le parcours", PREFECT, L121_9),
        _go(
            *(R.OPINION_GIVEN, R.REFUSAL_PROPOSED, "propose_refusal", "Proposer un refus", PREFECTURE, L121_9),
            needs="Motifs codés et rédigés.",
        ),
        _go(R.REFUSAL_PROPOSED, R.OPINION_GIVEN, "drop_refusal", "Renoncer au refus", PREFECT),
        _go(
            *(R.REFUSAL_PROPOSED, R.REFUSED, "confirm_refusal", "Confirmer le refus", PREFECT, L121_9),
            needs="Seconde personne ; voies et délais de recours.",
            other_than="propose_refusal",
        ),
        _go(
            *(R.REFUSED, R.REFUSAL_NOTIFIED, "notify_refusal", "Notifier le refus", PREFECTURE, DELAY),
            needs="Date, moyen et preuve de la notification.",
        ),
        _go(
            *(R.REFUSAL_NOTIFIED, R.GRANTED, "grant_after_appeal", "Autoriser après un recours", PREFECT, FULL_REVIEW),
            needs="Recours accueilli.",
        ),
        _go(
            *(R.REFUSAL_NOTIFIED, R.CLOSED, "close_refusal", "Clore après les recours", PREFECTURE),
            needs="Délai de recours passé, aucun recours en cours ni accueilli.",
        ),
        _go(R.GRANTED, R.GRANT_NOTIFIED, "notify_grant", "Notifier l’accord", PREFECTURE, needs="Date et moyen."),
        _go(R.GRANT_NOTIFIED, R.CLOSED, "close_grant", "Clore la demande", PREFECTURE),
        *(
            _go(
                state,
                R.WITHDRAWN,
                "withdraw",
                "Retirer la demande",
                ASSOCIATION,
                L121_9,
                needs="Accord de la personne.",
            )
            for state in _UNDECIDED
        ),
    ),
)

F = FileState

FILE = StateTable(
    name="un dossier",
    states=(
        State(code=F.OPEN, label="ouvert", at=(0, 0)),
        State(code=F.IN_PATH, label="parcours en cours", at=(1, 0)),
        State(code=F.EXIT_PROPOSED, label="sortie anticipée proposée", at=(2, 0)),
        State(code=F.ENDED, label="parcours terminé", at=(1, 1)),
        State(code=F.CLOSED, label="clos", at=(0, 1)),
        State(code=F.PURGED, label="purgé", at=(0, 2)),
    ),
    initial=F.OPEN,
    final=frozenset({F.PURGED}),
    transitions=(
        _go(F.OPEN, F.IN_PATH, "open_path", "Ouvrir le parcours", PREFECT, L121_9, needs="Demande accordée."),
        _go(
            *(F.IN_PATH, F.ENDED, "end_at_term", "Constater le terme", (*PREFECTURE, Role.KEEPER), L121_9),
            needs="Dernier jour passé, aucune période à suivre.",
        ),
        _go(
            *(F.IN_PATH, F.ENDED, "end_on_request", "Terminer à la demande de la personne", ASSOCIATION, L121_9),
            needs="Demande de la personne.",
        ),
        _go(
            *(F.IN_PATH, F.EXIT_PROPOSED, "propose_exit", "Proposer une sortie anticipée", PREFECTURE),
            needs="Motifs codés et rédigés.",
        ),
        _go(F.EXIT_PROPOSED, F.IN_PATH, "drop_exit", "Renoncer à la sortie anticipée", PREFECT),
        _go(
            *(F.EXIT_PROPOSED, F.ENDED, "confirm_exit", "Confirmer la sortie anticipée", PREFECT),
            needs="Seconde personne.",
            other_than="propose_exit",
        ),
        _go(F.ENDED, F.IN_PATH, "resume_path", "Reprendre le parcours", PREFECT, L121_9, needs="Demande accordée."),
        _go(F.ENDED, F.CLOSED, "close", "Clore le dossier", (*PREFECTURE, *ASSOCIATION)),
        _go(
            *(F.OPEN, F.CLOSED, "close_without_path", "Clore sans parcours", (*PREFECTURE, *ASSOCIATION)),
            needs="Aucune demande en cours.",
        ),
        _go(F.CLOSED, F.OPEN, "reopen", "Rouvrir le dossier", (*PREFECTURE, *ASSOCIATION)),
        _go(
            *(F.OPEN, F.PURGED, "drop_empty", "Effacer un dossier jamais déposé", (Role.KEEPER,)),
            needs="Aucune demande, même en brouillon.",
        ),
        _go(
            *(F.CLOSED, F.PURGED, "purge", "Purger le dossier", (Role.KEEPER, Role.DPO)),
            needs="Durée de conservation passée, aucune conservation légale.",
        ),
    ),
)

A = AppealState

APPEAL = StateTable(
    name="un recours",
    states=(
        State(code=A.FILED, label="déposé", at=(0, 0)),
        State(code=A.UNDER_REVIEW, label="en cours d’examen", at=(1, 0)),
        State(code=A.ACCEPTED, label="accueilli", at=(2, 0)),
        State(code=A.REJECTED, label="rejeté", at=(2, 1)),
        State(code=A.WITHDRAWN, label="retiré", at=(0, 1)),
    ),
    initial=A.FILED,
    final=frozenset({A.ACCEPTED, A.REJECTED, A.WITHDRAWN}),
    transitions=(
        _go(A.FILED, A.UNDER_REVIEW, "register", "Enregistrer le recours", PREFECTURE),
        _go(A.UNDER_REVIEW, A.ACCEPTED, "accept", "Accueillir le recours gracieux", PREFECT),
        _go(A.UNDER_REVIEW, A.REJECTED, "reject", "Rejeter le recours gracieux", PREFECT, needs="Motifs rédigés."),
        _go(
            *(
                A.UNDER_REVIEW,
                A.ACCEPTED,
                "record_annulment",
                "Consigner un jugement favorable",
                PREFECTURE,
                FULL_REVIEW,
            ),
            needs="Jugement joint.",
        ),
        _go(
            *(
                A.UNDER_REVIEW,
                A.REJECTED,
                "record_dismissal",
                "Consigner un jugement de rejet",
                PREFECTURE,
                FULL_REVIEW,
            ),
            needs="Jugement joint.",
        ),
        _go(
            *(A.UNDER_REVIEW, A.REJECTED, "note_silence", "Constater le rejet implicite", (*PREFECTURE, Role.KEEPER)),
            needs="Recours gracieux resté sans réponse pendant le délai réglé.",
        ),
        _go(
            *(A.FILED, A.REJECTED, "note_silence", "Constater le rejet implicite", (*PREFECTURE, Role.KEEPER)),
            needs="Recours gracieux resté sans réponse pendant le délai réglé.",
        ),
        _go(A.FILED, A.WITHDRAWN, "withdraw", "Retirer le recours", ASSOCIATION, needs="Accord de la personne."),
        _go(A.UNDER_REVIEW, A.WITHDRAWN, "withdraw", "Retirer le recours", ASSOCIATION, needs="Accord de la personne."),
    ),
)

T = TransferState

TRANSFER = StateTable(
    name="un transfert entre départements",
    states=(
        State(code=T.ASKED, label="demandé", at=(0, 0)),
        State(code=T.ACCEPTED, label="accepté", at=(1, 0)),
        State(code=T.DONE, label="effectué", at=(2, 0)),
        State(code=T.REJECTED, label="refusé", at=(0, 1)),
        State(code=T.REVOKED, label="annulé", at=(1, 1)),
    ),
    initial=T.ASKED,
    final=frozenset({T.REJECTED, T.DONE, T.REVOKED}),
    transitions=(
        _go(T.ASKED, T.ACCEPTED, "accept", "Accepter le dossier", DELEGATE, needs="Département d’accueil."),
        _go(T.ASKED, T.REJECTED, "reject", "Refuser le dossier", DELEGATE, needs="Département d’accueil."),
        _go(T.ASKED, T.REVOKED, "revoke", "Annuler le transfert", DELEGATE, needs="Département d’origine."),
        _go(
            T.ACCEPTED,
            T.DONE,
            "carry_out",
            "Remettre le dossier",
            DELEGATE,
            needs="Clé remise au département d’accueil.",
        ),
        _go(T.ACCEPTED, T.REVOKED, "revoke", "Annuler le transfert", DELEGATE, needs="Département d’origine."),
    ),
)

M = SessionState

SESSION = StateTable(
    name="une séance de la commission",
    states=(
        State(code=M.CONVENED, label="convoquée", at=(0, 0)),
        State(code=M.HELD, label="tenue", at=(1, 0)),
        State(code=M.NO_QUORUM, label="sans quorum", at=(1, 1)),
        State(code=M.CANCELLED, label="annulée", at=(0, 1)),
    ),
    initial=M.CONVENED,
    final=frozenset({M.HELD, M.NO_QUORUM, M.CANCELLED}),
    transitions=(
        _go(M.CONVENED, M.HELD, "hold", "Consigner la tenue", DELEGATE, OPINION, needs="Présences consignées."),
        _go(M.CONVENED, M.NO_QUORUM, "note_no_quorum", "Constater l’absence de quorum", DELEGATE),
        _go(M.CONVENED, M.CANCELLED, "cancel", "Annuler la séance", DELEGATE, needs="Raison de l’annulation."),
    ),
)

# By the name its drawing and the triggers of the database use.
TABLES: Mapping[str, StateTable[Any]] = {
    "request": REQUEST,
    "file": FILE,
    "appeal": APPEAL,
    "transfer": TRANSFER,
    "session": SESSION,
}

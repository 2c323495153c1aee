"""Everything the journal can say, with the words a person reads in the extract of who read their file. Pure."""

from enum import StrEnum
from typing import Final


class Event(StrEnum):
    """A code per thing that happens. An event that reads a file is in `READS`."""

    # accounts
    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGNED_OUT = "signed_out"
    MANDATE_CHOSEN = "mandate_chosen"
    ACCOUNT_INVITED = "account_invited"
    ACCOUNT_CLOSED = "account_closed"
    MANDATE_GRANTED = "mandate_granted"
    MANDATE_ENDED = "mandate_ended"
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    IDENTITY_ATTACHED = "identity_attached"
    # files
    FILE_OPENED = "file_opened"
    FILE_READ = "file_read"
    FILE_CHANGED = "file_changed"
    FILE_LISTED = "file_listed"
    FILE_SEARCHED = "file_searched"
    FILE_CLOSED = "file_closed"
    FILE_HELD = "file_held"
    DOCUMENT_ADDED = "document_added"
    DOCUMENT_READ = "document_read"
    DOCUMENT_REMOVED = "document_removed"
    # requests, decisions, appeals: the act of the table of states is in the detail
    REQUEST_STARTED = "request_started"
    REQUEST_SAVED = "request_saved"
    REQUEST_MOVED = "request_moved"
    DECISION_TAKEN = "decision_taken"
    DECISION_CONFIRMED = "decision_confirmed"
    DECISION_NOTIFIED = "decision_notified"
    APPEAL_MOVED = "appeal_moved"
    PERIOD_ENDED = "period_ended"
    SUSPENSION_RECORDED = "suspension_recorded"
    RIGHT_RECORDED = "right_recorded"
    OUTCOME_RECORDED = "outcome_recorded"
    TRANSFER_MOVED = "transfer_moved"
    # commissions
    SESSION_MOVED = "session_moved"
    SESSION_CALLED = "session_called"
    AGENDA_CHANGED = "agenda_changed"
    RECUSAL_RECORDED = "recusal_recorded"
    OPINION_RECORDED = "opinion_recorded"
    MINUTES_SIGNED = "minutes_signed"
    MINUTES_READ = "minutes_read"
    SETTINGS_CHANGED = "settings_changed"
    # further than usual
    GLASS_BROKEN = "glass_broken"
    GLASS_REVIEWED = "glass_reviewed"
    SECOND_ASKED = "second_asked"
    SECOND_GIVEN = "second_given"
    EXPORTED = "exported"
    ACCESS_REFUSED = "access_refused"
    EXTRACT_GIVEN = "extract_given"
    JOURNAL_READ = "journal_read"
    # retention and statistics
    DRAFT_DROPPED = "draft_dropped"
    PURGE_ANNOUNCED = "purge_announced"
    FILE_PURGED = "file_purged"
    KEYS_ROTATED = "keys_rotated"
    JOURNAL_SEALED = "journal_sealed"
    JOURNAL_PURGED = "journal_purged"
    STATISTICS_RELEASED = "statistics_released"


READS: Final = frozenset({Event.FILE_READ, Event.DOCUMENT_READ, Event.FILE_LISTED, Event.GLASS_BROKEN, Event.EXPORTED})

LABELS: Final = {
    Event.SIGNED_IN: "Connexion",
    Event.SIGN_IN_REFUSED: "Connexion refusée",
    Event.SIGNED_OUT: "Déconnexion",
    Event.MANDATE_CHOSEN: "Mandat choisi",
    Event.ACCOUNT_INVITED: "Compte ouvert",
    Event.ACCOUNT_CLOSED: "Compte fermé",
    Event.MANDATE_GRANTED: "Mandat donné",
    Event.MANDATE_ENDED: "Mandat terminé",
    Event.FACTOR_ADDED: "Second facteur ajouté",
    Event.FACTOR_REMOVED: "Second facteur retiré",
    Event.IDENTITY_ATTACHED: "Identité de l’État rattachée",
    Event.FILE_OPENED: "Dossier ouvert",
    Event.FILE_READ: "Dossier consulté",
    Event.FILE_CHANGED: "Dossier modifié",
    Event.FILE_LISTED: "Dossier vu dans une liste",
    Event.FILE_SEARCHED: "Recherche d’un dossier",
    Event.FILE_CLOSED: "Dossier clos",
    Event.FILE_HELD: "Dossier conservé au-delà du terme",
    Event.DOCUMENT_ADDED: "Pièce ajoutée",
    Event.DOCUMENT_READ: "Pièce consultée",
    Event.DOCUMENT_REMOVED: "Pièce retirée",
    Event.REQUEST_STARTED: "Demande commencée",
    Event.REQUEST_SAVED: "Demande enregistrée",
    Event.REQUEST_MOVED: "Demande avancée",
    Event.DECISION_TAKEN: "Décision prise",
    Event.DECISION_CONFIRMED: "Décision confirmée",
    Event.DECISION_NOTIFIED: "Décision notifiée",
    Event.APPEAL_MOVED: "Recours avancé",
    Event.PERIOD_ENDED: "Période terminée",
    Event.SUSPENSION_RECORDED: "Suspension enregistrée",
    Event.RIGHT_RECORDED: "Droit enregistré",
    Event.OUTCOME_RECORDED: "Situation après le parcours enregistrée",
    Event.TRANSFER_MOVED: "Transfert avancé",
    Event.SESSION_MOVED: "Séance avancée",
    Event.SESSION_CALLED: "Séance convoquée",
    Event.AGENDA_CHANGED: "Ordre du jour modifié",
    Event.RECUSAL_RECORDED: "Déport enregistré",
    Event.OPINION_RECORDED: "Avis enregistré",
    Event.MINUTES_SIGNED: "Procès-verbal signé",
    Event.MINUTES_READ: "Procès-verbal consulté",
    Event.SETTINGS_CHANGED: "Réglages modifiés",
    Event.GLASS_BROKEN: "Accès d’urgence au dossier",
    Event.GLASS_REVIEWED: "Accès d’urgence examiné",
    Event.SECOND_ASKED: "Seconde personne demandée",
    Event.SECOND_GIVEN: "Réponse de la seconde personne",
    Event.EXPORTED: "Dossier exporté",
    Event.ACCESS_REFUSED: "Accès refusé",
    Event.EXTRACT_GIVEN: "Relevé des consultations remis",
    Event.JOURNAL_READ: "Journal consulté",
    Event.DRAFT_DROPPED: "Brouillon supprimé",
    Event.PURGE_ANNOUNCED: "Purge annoncée",
    Event.FILE_PURGED: "Dossier purgé",
    Event.KEYS_ROTATED: "Clés renouvelées",
    Event.JOURNAL_SEALED: "Journal scellé",
    Event.JOURNAL_PURGED: "Journal purgé",
    Event.STATISTICS_RELEASED: "Statistiques publiées",
}

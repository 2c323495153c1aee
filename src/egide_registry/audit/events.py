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
    PERIOD_OPENED = "period_opened"
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

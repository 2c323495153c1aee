"""The departmental commission (cdlp): members, sessions, agenda, recusals, opinions, minutes."""

"""The exit path (psp): requests, decisions, periods, rights, appeals, outcomes."""

"""The demo: an invented department, and the command that serves it on this machine. Nothing real goes here."""

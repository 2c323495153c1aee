"""The keys that are not in the database: one interface (`service`), a file for the demo, OpenBao in production."""

"""The registry: exit paths, commissions and their safe keeping. A Django site; its rules are pure."""

"""What everything else stands on: who acts, what the database refuses, what is sealed and under whose key."""

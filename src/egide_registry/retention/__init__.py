"""What must go, when, and the proof that it went."""

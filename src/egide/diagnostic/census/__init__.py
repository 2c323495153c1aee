"""Online ads counted at the door: identifiers hashed, texts dropped, nobody searched."""

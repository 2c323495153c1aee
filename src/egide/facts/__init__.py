"""What was stated, by whom, as known when."""

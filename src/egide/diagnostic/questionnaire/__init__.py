"""What professionals are asked, and the answers they send back sealed."""

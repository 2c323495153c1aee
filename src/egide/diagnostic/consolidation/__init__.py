"""The same situation told by several professionals, counted once or kept as a doubt."""

"""How many ads to read, which ones, and what the sample says of all of them."""

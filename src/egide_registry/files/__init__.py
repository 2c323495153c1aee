"""Supporting documents and acts: bytes in, bytes out. Knows neither Django nor the database."""

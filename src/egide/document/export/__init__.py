"""The open data of a publication, one file per format. Pure: bytes out, the cli writes them."""

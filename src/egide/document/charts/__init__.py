"""Charts and maps as SVG, from released cells: forms, marks, palette. Vega-Lite draws; nothing here reads a file."""

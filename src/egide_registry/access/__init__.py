"""Looking further than usual, always with a trace: break-glass, four eyes, search, exports."""

"""Where, by zones large enough that nobody is shown."""

"""Settings: `base` for all, `demo` for `make serve`, `tests`, `production` from the environment."""

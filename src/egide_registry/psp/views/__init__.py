"""Pages of the exit path: they translate, and decide nothing."""

"""Pages of what looks further than usual: they translate, and decide nothing."""

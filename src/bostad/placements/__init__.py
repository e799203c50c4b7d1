"""One household's way into one home, from proposal to keys."""

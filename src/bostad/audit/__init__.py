"""Who did what: an append-only, hash-chained row for every change."""

"""Secrets of the case zone: sealed in their row with the household's own key, opened only where a keyring is."""

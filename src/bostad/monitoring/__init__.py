"""What the unit manager answers for: how long people wait, and where the time goes."""

"""The home zone: the homes that companies publish, and the registers they are checked against."""

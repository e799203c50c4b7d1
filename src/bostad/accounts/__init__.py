"""Who may knock: organisations, units, users, sign-in and sessions."""

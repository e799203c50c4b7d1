"""The roles that processes log in to PostgreSQL as."""

from enum import StrEnum


class Login(StrEnum):
    """The roles that processes log in as. The owner migrates and nothing else."""

    DOOR = "bostad_door"
    SOCIAL = "bostad_social"
    HOUSING = "bostad_housing"
    WORKER = "bostad_worker"
    REPORT = "bostad_report"
    BACKUP = "bostad_backup"


WEB_LOGINS = (Login.DOOR, Login.SOCIAL, Login.HOUSING, Login.REPORT)
"""What the process that serves the pages logs in as: each side's pages as the role of that side."""

KEEPER = "bostad_keeper"
"""Cannot log in; owns the functions that answer one question each about what their caller may not read."""

"""The roles that processes log in to PostgreSQL as."""

from collections.abc import Mapping
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
"""What the process that serves everybody's pages logs in as: each side's pages as the role of that side."""
SIDES: Mapping[str, tuple[Login, ...]] = {
    "both": WEB_LOGINS,
    "social": (Login.DOOR, Login.SOCIAL, Login.REPORT),
    "housing": (Login.DOOR, Login.HOUSING),
}
"""What a process logs in as that serves both sides, or one: the companies' needs no key and reads no case."""

KEEPER = "bostad_keeper"
"""Cannot log in; owns the functions that answer one question each about what their caller may not read."""

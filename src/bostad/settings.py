"""One frozen set of settings, read once from the environment; unsafe values refuse to start."""

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from bostad.zones.logins import SIDES, Login

SECRET_LENGTH = 32
OWNER = "BOSTAD_DATABASE_URL"
"""The owner's address: for `bostad migrate` and whoever sets the service up, never for the web or the worker."""


class UnsafeSettings(Exception):
    """The environment lacks a value or holds one that is not safe to start with."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What differs between one installation and another."""

    databases: Mapping[Login, str]
    redis_url: str
    secret: str
    hosts: tuple[str, ...]
    secure: bool
    port: int
    keys_file: str = ""
    key: str = field(default="", repr=False)
    anchor_file: str = ""
    """Where the log's head is written, outside the database; empty: the program's own log."""


def variable_of(login: Login) -> str:
    """Give the name of the variable that holds a login role's database address."""
    return f"BOSTAD_{login.name}_DATABASE_URL"


def read_logins(environment: Mapping[str, str] = os.environ) -> Mapping[Login, str]:
    """Give the database addresses of the login roles that are set."""
    return {login: environment[variable_of(login)] for login in Login if environment.get(variable_of(login))}


def read_owner(environment: Mapping[str, str] = os.environ) -> str:
    """Give the owner's database address."""
    if not environment.get(OWNER):
        raise UnsafeSettings(f"{OWNER} is not set")
    return environment[OWNER]


def read_keys(environment: Mapping[str, str] = os.environ) -> tuple[str, str]:
    """Give where the keys lie, and the keys themselves; one of the two is empty. `adapters/key_file.py` judges them."""
    return environment.get("BOSTAD_KEYS_FILE", ""), environment.get("BOSTAD_KEY", "")


def read_web_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read what serving the pages of BOSTAD_SIDE needs: both sides', or one side's."""
    side = environment.get("BOSTAD_SIDE", "both")
    if side not in SIDES:
        raise UnsafeSettings(f"BOSTAD_SIDE must be one of {', '.join(SIDES)}")
    return read_settings(environment, needs=SIDES[side])


def read_settings(environment: Mapping[str, str] = os.environ, *, needs: Collection[Login] = ()) -> Settings:
    """Read BOSTAD_* and name everything that is wrong with it at once; `needs` are the roles the process logs in as.

    Plain HTTP is accepted on the loopback address alone (`BOSTAD_INSECURE_LOOPBACK=yes`, set by the demo).
    """
    hosts = tuple(host for host in environment.get("BOSTAD_HOSTS", "").replace(",", " ").split() if host)
    insecure = environment.get("BOSTAD_INSECURE_LOOPBACK", "") == "yes"
    port = environment.get("BOSTAD_PORT", "8000")
    wanted = [*map(variable_of, needs), "BOSTAD_REDIS_URL"]
    faults = [f"{name} is not set" for name in wanted if not environment.get(name)]
    if len(environment.get("BOSTAD_SECRET", "")) < SECRET_LENGTH:
        faults.append(f"BOSTAD_SECRET must be at least {SECRET_LENGTH} random characters")
    if not hosts:
        faults.append("BOSTAD_HOSTS must list the host names that people reach the service by")
    if insecure and any(host.split(":")[0] not in {"127.0.0.1", "localhost"} for host in hosts):
        faults.append("BOSTAD_INSECURE_LOOPBACK goes with 127.0.0.1 and localhost in BOSTAD_HOSTS, and no other name")
    if not port.isdigit():
        faults.append("BOSTAD_PORT must be a whole number")
    if faults:
        raise UnsafeSettings("; ".join(faults))
    keys_file, key = read_keys(environment)
    return Settings(
        databases={login: environment[variable_of(login)] for login in needs},
        redis_url=environment["BOSTAD_REDIS_URL"],
        secret=environment["BOSTAD_SECRET"],
        hosts=hosts,
        secure=not insecure,
        port=int(port),
        anchor_file=environment.get("BOSTAD_ANCHOR_FILE", ""),
        keys_file=keys_file,
        key=key,
    )

"""One frozen set of settings, read once from the environment; unsafe values refuse to start."""

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from bostad.hops import database_fault, redis_fault
from bostad.zones.logins import SIDES, Login

SECRET_LENGTH = 32
LARGEST_PORT = 65_535
INSECURE, CODES_SUFFICE = "BOSTAD_INSECURE_LOOPBACK", "BOSTAD_CODES_SUFFICE"
CONTACTS, REACHED_BY = "BOSTAD_SECURITY_CONTACT", ("mailto:", "https://", "tel:")
YES = "yes"
LOOPBACK = {"127.0.0.1", "localhost"}
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
    security_contacts: tuple[str, ...] = ()
    """Whom a stranger tells of a fault she has found, as addresses that begin with mailto:, https: or tel:."""
    held: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The secrets and passwords that this process was given, by the name of their variable: their age is watched."""
    codes_suffice: bool = False
    """Whether a code is second factor enough for everybody. Only in a demo: elsewhere it opens no case (S18)."""


def variable_of(login: Login) -> str:
    """Give the name of the variable that holds a login role's database address."""
    return f"BOSTAD_{login.name}_DATABASE_URL"


SIGNING = "BOSTAD_SECRET"
SECRETS = (OWNER, SIGNING, "BOSTAD_REDIS_URL", *map(variable_of, Login))
"""What may lie in a file instead, as `NAME_FILE` says."""


def read_logins(environment: Mapping[str, str] = os.environ) -> Mapping[Login, str]:
    """Give the database addresses of the login roles that are set."""
    found = with_files(environment)
    logins = {login: found[variable_of(login)] for login in Login if found.get(variable_of(login))}
    _refuse([database_fault(variable_of(login), address, found) for login, address in logins.items()])
    return logins


def read_owner(environment: Mapping[str, str] = os.environ) -> str:
    """Give the owner's database address."""
    found = with_files(environment)
    if not found.get(OWNER):
        raise UnsafeSettings(f"{OWNER} is not set")
    _refuse([database_fault(OWNER, found[OWNER], found)])
    return found[OWNER]


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
    found = with_files(environment)
    _refuse([*_faults_on_the_way(found, needs), *_faults_at_the_door(found)])
    keys_file, key = read_keys(found)
    return Settings(
        databases={login: found[variable_of(login)] for login in needs},
        redis_url=found["BOSTAD_REDIS_URL"],
        secret=found["BOSTAD_SECRET"],
        hosts=_names_in(found),
        secure=found.get(INSECURE) != YES,
        port=int(found.get("BOSTAD_PORT", "8000")),
        anchor_file=found.get("BOSTAD_ANCHOR_FILE", ""),
        keys_file=keys_file,
        key=key,
        security_contacts=tuple(found.get(CONTACTS, "").split()),
        held=_held(found),
        codes_suffice=found.get(CODES_SUFFICE) == YES,
    )


def held_secrets(environment: Mapping[str, str] = os.environ) -> Mapping[str, str]:
    """Give the secrets that are set, by the name of their variable: of an address, its password if it has one."""
    return _held(with_files(environment))


def _held(found: Mapping[str, str]) -> Mapping[str, str]:
    given = {name: found[name] for name in SECRETS if found.get(name)}
    passwords = {name: urlsplit(value).password for name, value in given.items() if name != SIGNING}
    own = {SIGNING: given[SIGNING]} if SIGNING in given else {}
    return own | {name: password for name, password in passwords.items() if password}


def with_files(environment: Mapping[str, str]) -> Mapping[str, str]:
    """Give the environment with the secrets filled in that lie in files, as `NAME_FILE` says: a vault's way (E07)."""
    files = {name: environment[f"{name}_FILE"] for name in SECRETS if environment.get(f"{name}_FILE")}
    _refuse([f"set {name} or {name}_FILE, and not both" for name in files if environment.get(name)])
    return {**environment, **{name: _content(name, file) for name, file in files.items()}}


def _content(name: str, file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as wrong:
        raise UnsafeSettings(f"{name}_FILE leads to no file that can be read") from wrong


def _names_in(environment: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(host for host in environment.get("BOSTAD_HOSTS", "").replace(",", " ").split() if host)


def _faults_on_the_way(environment: Mapping[str, str], needs: Collection[Login]) -> list[str | None]:
    """Say what is wrong with the addresses of the two servers."""
    given = {name: environment.get(name, "") for name in (*map(variable_of, needs), "BOSTAD_REDIS_URL")}
    unset = [f"{name} is not set" for name, address in given.items() if not address]
    redis = given.pop("BOSTAD_REDIS_URL")
    unsafe = [database_fault(name, address, environment) for name, address in given.items() if address]
    return [*unset, *unsafe, redis_fault("BOSTAD_REDIS_URL", redis) if redis else None]


def _faults_at_the_door(environment: Mapping[str, str]) -> list[str]:
    """Say what is wrong with how people reach the service and prove who they are."""
    hosts, faults = _names_in(environment), []
    insecure, codes_suffice = (environment.get(name) == YES for name in (INSECURE, CODES_SUFFICE))
    if len(environment.get("BOSTAD_SECRET", "")) < SECRET_LENGTH:
        faults.append(f"BOSTAD_SECRET must be at least {SECRET_LENGTH} random characters")
    if not hosts or any("/" in host for host in hosts):
        faults.append(
            "BOSTAD_HOSTS must list the host names that people reach the service by, as homes.example or localhost:8000"
        )
    if insecure and any(host.split(":")[0] not in LOOPBACK for host in hosts):
        faults.append(f"{INSECURE} goes with 127.0.0.1 and localhost in BOSTAD_HOSTS, and no other name")
    if codes_suffice and not insecure:
        faults.append(
            "BOSTAD_CODES_SUFFICE goes with BOSTAD_INSECURE_LOOPBACK, in a demo: elsewhere passkeys are wanted"
        )
    if hosts and not codes_suffice and all(map(_is_number, hosts)):
        faults.append("BOSTAD_HOSTS must have a name and not only numbers: passkeys are bound to a name")
    if not all(contact.startswith(REACHED_BY) for contact in environment.get(CONTACTS, "").split()):
        faults.append(f"{CONTACTS} must be addresses that begin with mailto:, https:// or tel:")
    if not _is_port(environment.get("BOSTAD_PORT", "8000")):
        faults.append(f"BOSTAD_PORT must be a whole number from 1 to {LARGEST_PORT}")
    return faults


def _is_number(host: str) -> bool:
    try:
        ip_address(host.removeprefix("[").partition("]")[0] if host.startswith("[") else host.partition(":")[0])
    except ValueError:
        return False
    return True


def _is_port(written: str) -> bool:
    return written.isascii() and written.isdigit() and 0 < int(written) <= LARGEST_PORT


def _refuse(faults: Collection[str | None]) -> None:
    """Raise everything that is wrong, at once."""
    if any(faults):
        raise UnsafeSettings("; ".join(fault for fault in faults if fault))

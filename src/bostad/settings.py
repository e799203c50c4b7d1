"""One frozen set of settings, read once from the environment; unsafe values refuse to start."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

SECRET_LENGTH = 32


class UnsafeSettings(Exception):
    """The environment lacks a value or holds one that is not safe to start with."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What differs between one installation and another."""

    database_url: str
    redis_url: str
    secret: str
    hosts: tuple[str, ...]
    secure: bool
    port: int


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read BOSTAD_* and name everything that is wrong with it at once.

    Plain HTTP is accepted on the loopback address alone (`BOSTAD_INSECURE_LOOPBACK=yes`, set by the demo).
    """
    hosts = tuple(host for host in environment.get("BOSTAD_HOSTS", "").replace(",", " ").split() if host)
    insecure = environment.get("BOSTAD_INSECURE_LOOPBACK", "") == "yes"
    port = environment.get("BOSTAD_PORT", "8000")
    faults = [f"{name} is not set" for name in ("BOSTAD_DATABASE_URL", "BOSTAD_REDIS_URL") if not environment.get(name)]
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
    return Settings(
        database_url=environment["BOSTAD_DATABASE_URL"],
        redis_url=environment["BOSTAD_REDIS_URL"],
        secret=environment["BOSTAD_SECRET"],
        hosts=hosts,
        secure=not insecure,
        port=int(port),
    )

"""Whether what goes to PostgreSQL and Redis can be read or answered by somebody on the way (S47)."""

from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

STANDS_IN = ("PGHOST", "PGHOSTADDR", "PGSERVICE")
"""What says for libpq where the server is when the address does not."""
POSTGRESQL = {"postgresql", "postgresql+psycopg"}
VERIFIED = {"required", "CERT_REQUIRED"}
SOCKETS = ("unix", "redis+socket")


def database_fault(name: str, address: str, environment: Mapping[str, str]) -> str | None:
    """Say what is unsafe about a database's address; a server on this computer, or by a socket, needs no TLS."""
    parts = _split(address)
    if parts is None or parts.scheme not in POSTGRESQL:
        return f"{name} must be an address that begins with postgresql://"
    query = parse_qs(parts.query)
    asked = ",".join([*query.get("host", []), *query.get("hostaddr", [])])
    named = [*_hosts(parts), *(_bare(host) for host in asked.split(",") if host)]
    hosts = named or [environment[one] for one in STANDS_IN if environment.get(one)]
    if "service" not in query and all(map(_is_here, hosts)):
        return None
    if set(query.get("sslmode", [])) == {"verify-full"}:
        return None
    return f"{name} leads to another computer, so it must end in ?sslmode=verify-full (see docs/production.md)"


def redis_fault(name: str, address: str) -> str | None:
    """Say what is unsafe about the address of Redis."""
    parts = _split(address)
    if parts is None or parts.scheme not in {"redis", "rediss", *SOCKETS}:
        return f"{name} must be an address that begins with redis://, rediss:// or, for a socket, redis+socket://"
    if parts.scheme in SOCKETS or (parts.scheme == "redis" and all(map(_is_here, _hosts(parts)))):
        return None
    proved = set(parse_qs(parts.query).get("ssl_cert_reqs", []))
    if parts.scheme == "rediss" and proved and proved <= VERIFIED:
        return None
    where = "asks for TLS" if all(map(_is_here, _hosts(parts))) else "leads to another computer"
    return f"{name} {where}, so it must be rediss://...?ssl_cert_reqs=required (see docs/production.md)"


def _split(address: str) -> SplitResult | None:
    try:
        return urlsplit(address)
    except ValueError:
        return None


def _hosts(parts: SplitResult) -> Iterator[str]:
    """Give each host of an address; PostgreSQL takes several."""
    yield from (host for one in parts.netloc.rpartition("@")[2].split(",") if (host := _bare(unquote(one))))


def _bare(host: str) -> str:
    """Give a host without its port; the folder of a socket and a bare IPv6 number have none."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host if host.startswith("/") or host.count(":") > 1 else host.partition(":")[0]


def _is_here(host: str) -> bool:
    """Tell whether a host is this computer: a socket's folder, the name of it, or a loopback number."""
    if host.startswith(("/", "@")) or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False

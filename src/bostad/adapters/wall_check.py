"""Holding the database's own catalogues to the wall of `bostad.zones`: what is missing, and what is too much."""

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import Connection, text

from bostad.adapters.wall import NOT_OURS, SERVING, policies_of
from bostad.adapters.wall_functions import FUNCTIONS, KEPT
from bostad.zones.logins import KEEPER, Login
from bostad.zones.tables import TABLES
from bostad.zones.ways import EVERY, Way

VERBS = ("SELECT", "INSERT", "UPDATE", "DELETE")


class WallBroken(Exception):
    """The database lets somebody through whom it must not, or stops somebody whom it must let through."""


def faults_of(connection: Connection) -> list[str]:
    """List every difference between the database and the wall; an empty list is a wall that stands (S27-S34)."""
    return [
        *_roles(connection),
        *_tables(connection),
        *_policies(connection),
        *_grants(connection),
        *_functions(connection),
        *_views(connection),
    ]


def refuse_faults(connection: Connection) -> None:
    """Raise WallBroken, with every fault, unless the wall stands."""
    faults = faults_of(connection)
    if faults:
        raise WallBroken("The database's wall does not stand; run `bostad migrate`. " + "; ".join(faults))


def _roles(connection: Connection) -> Iterator[str]:
    query = "select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin from pg_roles"
    found = {row.rolname: row for row in connection.execute(text(f"{query} where rolname like 'bostad%'"))}
    for name in (*Login, KEEPER):
        role = found.get(name)
        if role is None:
            yield f"the role {name} is missing"
        elif role.rolsuper or role.rolcreaterole or role.rolcreatedb or (role.rolbypassrls and name != Login.BACKUP):
            yield f"the role {name} has powers that it must not have"
    if KEEPER in found and found[KEEPER].rolcanlogin:
        yield f"the role {KEEPER} can log in"
    owned = (
        "select c.relname, r.rolname from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname = any(:web)"
    )
    for table, owner in connection.execute(text(owned), {"web": [*Login, KEEPER]}):
        yield f"{owner} owns {table}"
    member = "select m.roleid::regrole::text, m.member::regrole::text from pg_auth_members m"
    for role_name, to in connection.execute(
        text(f"{member} where m.member::regrole::text = any(:web)"), {"web": [*SERVING]}
    ):
        yield f"{to} may act as {role_name}"


def _tables(connection: Connection) -> Iterator[str]:
    query = (
        "select relname, relrowsecurity, relforcerowsecurity from pg_class"
        " where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
    )
    found = {row.relname: row for row in connection.execute(text(query)) if row.relname not in NOT_OURS}
    yield from (f"the table {name} stands in no zone" for name in sorted(found.keys() - TABLES.keys()))
    yield from (f"the table {name} is missing" for name in sorted(TABLES.keys() - found.keys()))
    for name, row in sorted(found.items()):
        if not (row.relrowsecurity and row.relforcerowsecurity):
            yield f"row security is not forced on {name}"


def _policies(connection: Connection) -> Iterator[str]:
    """Compare names, commands, roles and kinds; the conditions themselves are written anew at each migration."""
    query = "select tablename, policyname, permissive, cmd, roles::text[] as roles from pg_policies"
    stand = {
        (row.tablename, row.policyname, row.permissive == "RESTRICTIVE", row.cmd, tuple(row.roles))
        for row in connection.execute(text(f"{query} where schemaname = 'public'"))
    }
    wanted = {
        (name, one.name, one.restrictive, one.command.upper(), (str(one.login),))
        for name in TABLES
        for one in policies_of(name)
    }
    yield from (f"{table} has a policy too many: {policy}" for table, policy, *_ in sorted(stand - wanted))
    yield from (f"{table} lacks the policy {policy}" for table, policy, *_ in sorted(wanted - stand))


def _grants(connection: Connection) -> Iterator[str]:
    query = text(
        "select c.relname, a.attname, r.rolname, v.verb,"
        " has_table_privilege(r.oid, c.oid, v.verb) or (v.verb <> 'DELETE'"
        "   and has_column_privilege(r.oid, c.oid, a.attnum, case v.verb when 'DELETE' then 'SELECT' else v.verb end))"
        "   as has"
        " from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped"
        " cross join pg_roles r cross join unnest(cast(:verbs as text[])) v(verb)"
        " where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and r.rolname = any(:web)"
    )
    for row in connection.execute(query, {"web": list(SERVING), "verbs": list(VERBS)}):
        if row.relname in TABLES and row.has != _may(TABLES[row.relname].ways, row.rolname, row.verb, row.attname):
            yield f"{row.rolname} {'may' if row.has else 'may not'} {row.verb} {row.relname}.{row.attname}"


def _may(ways: Mapping[Login, Way], role: str, verb: str, column: str) -> bool:
    way = ways.get(Login(role))
    if way is None:
        return False
    listed = {"SELECT": way.reads, "INSERT": way.adds, "UPDATE": way.changes}.get(verb)
    return way.deletes if listed is None else listed == EVERY or column in listed


def _functions(connection: Connection) -> Iterator[str]:
    """Find functions with more power than their caller that are not on the list, or whose search path is open (S33)."""
    query = (
        "select p.proname, r.rolname, p.proconfig from pg_proc p join pg_roles r on r.oid = p.proowner"
        " where p.pronamespace = 'public'::regnamespace and p.prosecdef"
    )
    allowed = _names((*FUNCTIONS, *KEPT))
    for name, owner, config in connection.execute(text(query)):
        if name not in allowed:
            yield f"the function {name} has its owner's power and is not on the list"
        elif owner != KEEPER or not any(one.startswith("search_path=pg_catalog") for one in config or ()):
            yield f"the function {name} belongs to {owner}, or its search path is open"


def _views(connection: Connection) -> Iterator[str]:
    query = (
        "select relname, relkind, coalesce(reloptions::text, '') as options from pg_class"
        " where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')"
    )
    for name, kind, options in connection.execute(text(query)):
        if kind == "m" or "security_invoker=true" not in options:
            yield f"the view {name} reads with its owner's power"


def _names(signatures: Iterable[str]) -> frozenset[str]:
    return frozenset(signature.partition("(")[0] for signature in signatures)
